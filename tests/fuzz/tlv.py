"""BER-TLV: what is parsed is inside the data, and nested elements are parsed in turn."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import build, find, parse, read_head


def seeds() -> list[bytes]:
    """Elements with tags and lengths of every size."""
    nested = build(0x7F61, build(0x02, b"\x01") + build(0x7F60, build(0x5F2E, bytes(200))))
    return [
        b"",
        nested,
        build(0x75, nested),
        build(0x61, bytes(300)),
        bytes.fromhex("5F818101830000"),
    ]


def fuzz_one(data: bytes) -> None:
    """Parse, and parse what is inside, six levels deep at most."""
    _descend(data, 6)
    try:
        _, _, head = read_head(data)
    except ChipError:
        return
    assert 2 <= head <= len(data)


def _descend(data: bytes, levels: int) -> None:
    try:
        elements = parse(data)
    except ChipError as error:
        assert error.reason == "malformed"  # noqa: PT017 (not a test function)
        return
    assert sum(len(element.value) + 2 for element in elements) <= len(data)
    for element in elements[:8] if levels else []:
        assert find(elements, element.tag) is not None
        _descend(element.value, levels - 1)
