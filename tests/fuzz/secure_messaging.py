"""Answers under secure messaging, as they come and with a seal put right so that all is reached."""

from hardware.smartcard.apdu import Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import Cipher, mac, pad
from hardware.smartcard.protocols.secure_messaging import SecureMessaging

SEALED, TDES = 0x01, 0x02


def seeds() -> list[bytes]:
    """The first byte: 1 seal it, 2 3DES. Answers with data, with a status alone, and cut ones."""
    block = bytes(16)
    return [
        b"\x00",
        b"\x01" + bytes.fromhex("9902 9000"),
        b"\x01" + bytes.fromhex("8711 01") + block + bytes.fromhex("9902 9000"),
        b"\x01" + bytes.fromhex("8510") + block + bytes.fromhex("9902 9000"),
        b"\x03" + bytes.fromhex("8709 01") + bytes(8) + bytes.fromhex("9902 6282"),
        b"\x00" + bytes.fromhex("9902 9000 8E08 0000000000000000 9000"),
    ]


def fuzz_one(data: bytes) -> None:
    """Open one answer to one command."""
    mode, body = data[:1] or b"\0", data[1:]
    cipher = Cipher.TDES if mode[0] & TDES else Cipher.AES128
    key = bytes(range(1, cipher.key_bytes + 1))
    session = SecureMessaging(cipher, key, key)
    session.wrap(Command(0xB0, 0x00, 0x00, expected=256))
    if mode[0] & SEALED:
        count = (2).to_bytes(cipher.block, "big")
        body += b"\x8e\x08" + mac(cipher, key, count + pad(body, cipher.block)) + b"\x90\x00"
    try:
        session.unwrap(body)
    except ChipError as error:
        assert error.reason == "session_lost"  # noqa: PT017 (not a test function)
