"""Motor card units, dispensers and card readers."""

from functools import partial

from hardware.catalog.entries import Driver, Kind, Options, after, line_to, on_a_line
from hardware.core.device import Device, Found
from hardware.core.links import Links
from hardware.smartcard import crt571, k720
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.crt571_chip import ChipWay
from hardware.smartcard.k720 import K720
from hardware.smartcard.motor_reader import MotorReader

_CRT571_OPTIONS = frozenset({"baud", "address", "chip", "lamp"})


def _crt571(address: str, options: Options, links: Links) -> Crt571:
    speeds = crt571.SPEEDS if options.get("baud") == "auto" else (int(options.get("baud", 9600)),)
    first, *others = (partial(links.line, address, speed) for speed in speeds)
    return Crt571(
        first,
        other_speeds=others,
        address=int(options.get("address", 0)),
        chip=ChipWay(options.get("chip", ChipWay.CONTACT)),
        lamp=bool(options.get("lamp", False)),
    )


def _crt571_reader(address: str, options: Options, links: Links) -> Device:
    return MotorReader(_crt571(address, options, links))


def _k720(address: str, options: Options, links: Links) -> Device:
    return K720(
        line_to(address, options, links, k720.BAUD),
        address=int(options.get("address", 0)),
        reader=_reader_of(options, links),
        front_entry=bool(options.get("front_entry", True)),
        hold=_one_of(options, "hold", ("FC4", "FC0")),
        draw_in=_one_of(options, "draw_in", ("FC8", "FC7")),
    )


def _reader_of(options: Options, links: Links) -> CardReader | None:
    """Make the PC/SC reader that sits at a dispenser's reading place."""
    if "reader" not in options:
        return None
    return _pcsc(str(options["reader"]), {}, links)


def _one_of(options: Options, name: str, choices: tuple[str, ...]) -> bytes:
    chosen = str(options.get(name, choices[0]))
    if chosen not in choices:
        raise ValueError(f"{name} is {' or '.join(choices)}, not {chosen}")
    return chosen.encode()


def _pcsc(address: str, options: Options, links: Links) -> CardReader:
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (needs pyscard)

    del links
    return PcscReader(
        after("pcsc:", address), **{name: float(value) for name, value in options.items()}
    )


def _find_pcsc() -> list[Found]:
    from hardware.smartcard.pcsc_reader import reader_names  # noqa: PLC0415 (needs pyscard)

    return [Found(f"pcsc:{name}", name, is_certain=True) for name in reader_names()]


DRIVERS: dict[str, Driver] = {
    "crt571": on_a_line(Kind.CARD_UNIT, _crt571, "CRT-571, CRT-591, F3 family", _CRT571_OPTIONS),
    "crt571_reader": on_a_line(
        Kind.CARD_READER,
        _crt571_reader,
        "CRT-571, CRT-591, F3 family, as a reader that draws cards in",
        _CRT571_OPTIONS,
    ),
    "k720": on_a_line(
        Kind.CARD_UNIT,
        _k720,
        "K720, K750, D1801: dispensers with stacker and bin",
        frozenset({"baud", "address", "front_entry", "hold", "draw_in", "reader"}),
    ),
    "pcsc": Driver(Kind.CARD_READER, _pcsc, "PC/SC", frozenset({"answer_s"}), find=_find_pcsc),
}
