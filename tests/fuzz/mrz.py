"""The zone: what is read is written again, but for names that were cut and unknown days."""

from hardware.core.zone_text import check_digit
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.mrz import COMPOSITE, LAYOUTS, Mrz


def seeds() -> list[bytes]:
    """One zone of each form, and one with a long number."""
    return [
        b"I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        b"I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<",
        b"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
        b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ]


def fuzz_one(data: bytes) -> None:
    """Read as it is, and with its check digits put right so that the fields are reached."""
    text = data.decode("latin-1")
    for zone in (text, _with_digits(text)):
        try:
            found = Mrz.parse(zone)
        except ChipError as error:
            assert error.reason == "malformed"  # noqa: PT017 (not a test function)
            continue
        again = Mrz.parse(found.text())
        assert again == found
        assert len(found.information()) >= 24


def _with_digits(text: str) -> str:
    form = next((name for name, it in LAYOUTS.items() if it.size == len(text)), None)
    if form is None or not all(
        c.isascii() and (c.isdigit() or c.isupper() or c == "<") for c in text
    ):
        return text
    layout, zone = LAYOUTS[form], list(text)
    for field in (layout.number, layout.birth, layout.expiry):
        zone[field.stop] = check_digit("".join(zone[field]))
    if layout.optional_digit:
        zone[layout.optional_digit] = check_digit("".join(zone[layout.optional]))
    together = "".join("".join(zone[part]) for part in layout.composite)
    zone[COMPOSITE[form]] = check_digit(together)
    return "".join(zone)
