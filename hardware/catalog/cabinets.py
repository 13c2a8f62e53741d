"""Cabinets, magazines, form collectors, doors and lamps: locks and boards."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from hardware.cabinet.cu16 import LOCKS_ON_A_BOARD, Cu16
from hardware.cabinet.locks_8a import Locks8a, Polarity, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.cabinet.slot_watch import HELD_OPEN_S, SlotWatch
from hardware.catalog.entries import Driver, Kind, Options, line_to, on_a_line
from hardware.core.device import Device
from hardware.core.links import Links
from hardware.core.modbus import ANSWER_TIMEOUT_S, Framing, ModbusLine
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.signals.interface import Colour, InputName, LampName
from hardware.signals.modbus_signals import Board, ModbusSignals

_MODBUS_LINE = frozenset({"baud", "parity", "answer_s"})


def _modbus_line(address: str, options: Options, links: Links) -> Callable[[], ModbusLine]:
    """tcp://host:port is Modbus TCP; any other line carries Modbus RTU."""
    framing = Framing.RTU
    if address.startswith("tcp://"):
        framing = Framing.TCP
        place = urlsplit(address)
        if not place.hostname:
            raise ValueError(f"the address is written tcp://host:port, not {address!r}")
        address = f"tcp://{place.hostname}:{place.port or 502}"
    baud, parity = int(options.get("baud", 9600)), str(options.get("parity", "N"))
    answer_s = float(options.get("answer_s", ANSWER_TIMEOUT_S))
    return lambda: ModbusLine(links.line(address, baud, parity), framing, answer_s)


def _watch(options: Options) -> SlotWatch:
    return SlotWatch(float(options.get("held_open_s", HELD_OPEN_S)))


def _slot_count(options: Options, locks_on_a_board: int) -> int:
    return int(options.get("slots", int(options.get("boards", 1)) * locks_on_a_board))


def _cu16(address: str, options: Options, links: Links) -> Device:
    return Cu16(
        line_to(address, options, links, 19200),
        _slot_count(options, LOCKS_ON_A_BOARD),
        pulse_s=float(options["pulse_s"]) if "pulse_s" in options else None,
        watch=_watch(options),
    )


def _locks_8a(address: str, options: Options, links: Links) -> Device:
    sensor, usual = options.get("sensor_board"), Wiring()
    wiring = Wiring(
        locks=int(options.get("locks", usual.locks)),
        first_address=int(options.get("first_address", usual.first_address)),
        sensor_address=None if sensor is None else int(sensor),
        polarity=Polarity(options.get("polarity", usual.polarity)),
        item_polarity=Polarity(options.get("item_polarity", usual.item_polarity)),
    )
    slots = _slot_count(options, wiring.locks)
    return Locks8a(line_to(address, options, links, 9600), slots, wiring, watch=_watch(options))


def _modbus_locks(address: str, options: Options, links: Links) -> Device:
    known = {field.name for field in fields(RelayWiring)}
    wiring = RelayWiring(**{name: value for name, value in options.items() if name in known})
    slots = _slot_count(options, wiring.locks)
    line = _modbus_line(address, options, links)
    return ModbusLocks(line, slots, wiring, watch=_watch(options))


def _modbus_collector(address: str, options: Options, links: Links) -> Device:
    return ModbusCollector(_modbus_line(address, options, links), int(options.get("unit", 1)))


def _modbus_signals(address: str, options: Options, links: Links) -> Device:
    board = Board(
        unit=int(options.get("unit", 1)),
        inputs={InputName(name): int(at) for name, at in options.get("inputs", {}).items()},
        inverted=frozenset(InputName(name) for name in options.get("inverted", ())),
        lamps={LampName(name): _lamp(coils) for name, coils in options.get("lamps", {}).items()},
    )
    return ModbusSignals(_modbus_line(address, options, links), board)


def _lamp(coils: int | Options) -> dict[Colour | None, int]:
    if isinstance(coils, Mapping):
        return {Colour(colour): int(coil) for colour, coil in coils.items()}
    return {None: int(coils)}


DRIVERS: dict[str, Driver] = {
    "cu16": on_a_line(
        Kind.CABINET,
        _cu16,
        "KERONG KR-CU16",
        frozenset({"baud", "boards", "slots", "pulse_s", "held_open_s"}),
    ),
    "locks_8a": on_a_line(
        Kind.CABINET,
        _locks_8a,
        "8A lock boards: SHUOMING, YPMCU",
        frozenset({"baud", "boards", "slots", "locks", "first_address", "held_open_s"})
        | {"polarity", "sensor_board", "item_polarity"},
    ),
    "modbus_locks": on_a_line(
        Kind.CABINET,
        _modbus_locks,
        "Modbus RTU or TCP: relays and inputs",
        _MODBUS_LINE
        | {"boards", "slots", "held_open_s"}
        | {field.name for field in fields(RelayWiring)},
    ),
    "modbus_signals": on_a_line(
        Kind.SIGNALS,
        _modbus_signals,
        "Modbus RTU or TCP: contacts and lamps",
        _MODBUS_LINE | {"unit", "inputs", "inverted", "lamps"},
    ),
    "modbus_collector": on_a_line(
        Kind.FORM_COLLECTOR,
        _modbus_collector,
        "Modbus RTU or TCP, our own wiring",
        _MODBUS_LINE | {"unit"},
    ),
}
