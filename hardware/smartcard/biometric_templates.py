"""The frame around biometric records in DG2 and DG3: templates with headers (CBEFF, ISO 7816-11).

    7F61 { 02 count, 7F60 { A1 { 80 version, 81 type, 82 subtype, 87 owner, 88 format },
                            5F2E record or 7F2E { record in BER } }, ... }

ICAO Doc 9303-10, 4.7.2. Chips of many makers are read, so the header's fields may be absent.
"""

from dataclasses import dataclass

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import Tlv, build, find, parse, parse_one, value_of

GROUP_TEMPLATE, TEMPLATE, HEADER = 0x7F61, 0x7F60, 0xA1
RECORD, CONSTRUCTED_RECORD = 0x5F2E, 0x7F2E
VERSION = b"\x01\x01"
FORMAT_OWNER_SC37 = b"\x01\x01"
"""ISO/IEC JTC 1/SC 37, in the register of CBEFF format owners."""
TYPE_FACE, TYPE_FINGER = b"\x02", b"\x08"


@dataclass(frozen=True, slots=True, repr=False)
class Template:
    """One biometric record in its frame.

    Attributes:
        subtype: Which finger or eye (ISO 7816-11), 0 where it is not told.
        form: Two bytes that name the record's format, empty where they are not told.
        record: The record itself. is_constructed: Whether it is BER-TLV (7F2E).
    """

    subtype: int
    form: bytes
    record: bytes
    is_constructed: bool = False


def encode_templates(kind: bytes, templates: list[Template]) -> bytes:
    """Return the group template 7F61 with all of them; kind is TYPE_FACE or TYPE_FINGER."""
    framed = b"".join(_frame(kind, template) for template in templates)
    return build(GROUP_TEMPLATE, build(0x02, bytes([len(templates)])) + framed)


def decode_templates(group: bytes, tag: int) -> list[Template]:
    """Cut a group into its templates; the group may also hold other elements.

    Raises:
        ChipError: The frame is broken, or the count is not that of the templates (malformed).
    """
    elements = parse(value_of(parse(parse_one(group, tag)), GROUP_TEMPLATE))
    templates = [parse(element.value) for element in elements if element.tag == TEMPLATE]
    if value_of(elements, 0x02) != bytes([len(templates)]):
        raise ChipError("malformed", "a wrong count of biometric templates")
    return [_unframed(template) for template in templates]


def _frame(kind: bytes, template: Template) -> bytes:
    header = build(0x80, VERSION) + build(0x81, kind) + build(0x82, bytes([template.subtype]))
    header += build(0x87, FORMAT_OWNER_SC37) + build(0x88, template.form)
    tag = CONSTRUCTED_RECORD if template.is_constructed else RECORD
    return build(TEMPLATE, build(HEADER, header) + build(tag, template.record))


def _unframed(template: list[Tlv]) -> Template:
    header = parse(find(template, HEADER) or b"")
    subtype = find(header, 0x82) or b"\x00"
    if len(subtype) != 1:
        raise ChipError("malformed", "a biometric subtype of more than one byte")
    record = find(template, CONSTRUCTED_RECORD)
    is_constructed = record is not None
    if record is None:
        record = value_of(template, RECORD)
    return Template(subtype[0], find(header, 0x88) or b"", record, is_constructed)
