"""What a card manager answers to a host that opens SCP03 and sends a command."""

from hardware.smartcard.apdu import Command, Response
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.scp03 import PERSONALISING, Offer, SecureSession, SecurityLevel
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS

LEVEL = PERSONALISING | SecurityLevel.R_MAC | SecurityLevel.R_ENCRYPTION


def seeds() -> list[bytes]:
    """Offers with and without counter, and an answer that is too short for its MAC."""
    offer = bytes(10) + bytes.fromhex("300370") + bytes(16)
    return [offer, offer + bytes(3), bytes.fromhex("0102039000"), b""]


def fuzz_one(data: bytes) -> None:
    """Take it for the offer, and for a protected answer."""
    try:
        Offer.parse(data)
    except ChipError as error:
        assert error.reason in ("malformed", "not_supported")  # noqa: PT017 (not a test function)
    session = SecureSession(FACTORY_TEST_KEYS, bytes(16), LEVEL)
    session.protect(Command(0xCA, 0x00, 0x66, expected=256, cla=0x80))
    status = int.from_bytes(data[-2:], "big")
    try:
        session.open(Response(data[:-2], status))
    except ChipError as error:
        assert error.reason == "session_lost"  # noqa: PT017 (not a test function)
