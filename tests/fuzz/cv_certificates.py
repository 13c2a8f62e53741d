"""Card-verifiable certificates."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import CvCertificate
from hardware.smartcard.tlv import build

KEY = build(0x06, bytes.fromhex("04007F00070202020203")) + build(0x86, b"\x04" + bytes(64))
BODY = (
    build(0x5F29, b"\x00")
    + build(0x42, b"UTCVCA00001")
    + build(0x7F49, KEY)
    + build(0x5F20, b"UTDV00000001")
    + build(0x7F4C, build(0x06, bytes.fromhex("04007F000703010201")) + build(0x53, b"\x83"))
    + build(0x5F25, bytes.fromhex("020600010001"))
    + build(0x5F24, bytes.fromhex("030600010001"))
)


def seeds() -> list[bytes]:
    """A certificate whose signature is nobody's, and its body alone."""
    return [build(0x7F21, build(0x7F4E, BODY) + build(0x5F37, bytes(64))), build(0x7F4E, BODY)]


def fuzz_one(data: bytes) -> None:
    """Read it."""
    try:
        found = CvCertificate.parse(data)
    except ChipError as error:
        assert error.reason in ("malformed", "not_supported")  # noqa: PT017 (not a test function)
        return
    assert found.car
    assert found.chr
