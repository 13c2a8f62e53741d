"""An officer's card: the PIV application, as far as signing in and making the card need it.

Sources: NIST SP 800-73-4 part 2 (commands, 3.1 to 3.3; external authentication, A.1) and part 1
(data objects, 4.3), SP 800-78-4 (algorithms 11 P-256, 08 / 0A / 0C AES).
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hardware.smartcard.apdu import SHORT_ANSWER, SW, TRIES_LEFT, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.interface import Chip
from hardware.smartcard.link import CardLink
from hardware.smartcard.tlv import build, find, parse, parse_one

APPLICATION = bytes.fromhex("A000000308000010000100")
PIN, AUTHENTICATION_KEY, MANAGER_KEY = 0x80, 0x9A, 0x9B
P256 = 0x11
CERTIFICATE = bytes.fromhex("5FC105")
"""The X.509 certificate of the key for PIV authentication."""
SHORTEST_PIN, LONGEST_PIN = 6, 8
_AES = {16: 0x08, 24: 0x0A, 32: 0x0C}
_FACTORY_PIN = "123456"
_TEMPLATE, _WITH_CERTIFICATE, _OBJECT = 0x7C, 0x70, 0x53
_CHALLENGE, _RESPONSE = 0x81, 0x82


class PinVerdict(StrEnum):
    """What a card said to a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """A verdict, and how many tries are left after a wrong one."""

    verdict: PinVerdict
    tries_left: int = 0


class OfficerCard:
    """One powered officer's card. It belongs to one thread, and is lost with the card's power."""

    def __init__(self, chip: Chip, atr: bytes = b"") -> None:
        """Select the application.

        Raises:
            ChipError: The card has none (no_file), or refuses.
            DeviceError: The reader or the contact failed.
        """
        self._link = CardLink(chip, atr)
        select = Command(0xA4, 0x04, 0x00, APPLICATION, SHORT_ANSWER)
        self._link.send(select).require_ok("an officer's card")

    def tries_left(self) -> int:
        """Ask how many PINs may still be tried; 0 where the card is blocked.

        Raises:
            ChipError: The answer makes no sense.
        """
        return self._pin_answer(self._link.send(Command(0x20, 0x00, PIN)).status_word).tries_left

    def verify(self, pin: str) -> PinAnswer:
        """Let the card check the PIN; it counts the wrong ones itself.

        Raises:
            ValueError: It is no PIN: 6 to 8 digits; the card was not asked.
            ChipError: The answer makes no sense.
        """
        sent = self._link.send(Command(0x20, 0x00, PIN, padded(pin)))
        return self._pin_answer(sent.status_word)

    def certificate(self) -> bytes:
        """Read the certificate (DER).

        Raises:
            ChipError: There is none (no_file), or it makes no sense.
        """
        get = Command(0xCB, 0x3F, 0xFF, build(0x5C, CERTIFICATE), SHORT_ANSWER)
        answer = self._link.send(get).require_ok("the officer's certificate")
        found = find(parse(parse_one(answer, _OBJECT)), _WITH_CERTIFICATE)
        if not found:
            raise ChipError("malformed", "an officer's card without certificate")
        return found

    def sign(self, message: bytes) -> bytes:
        """Sign a message with ECDSA and SHA-256; the PIN comes first.

        Returns:
            r | s, 32 bytes each.

        Raises:
            ChipError: refused (no PIN, no key), or malformed.
        """
        digest = hashlib.sha256(message).digest()
        wanted = build(_RESPONSE, b"") + build(_CHALLENGE, digest)
        answer = self._authenticate(P256, AUTHENTICATION_KEY, wanted)
        try:
            r, s = decode_dss_signature(answer)
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        except (ValueError, OverflowError):
            raise ChipError("malformed", "a signature that is none") from None

    # Making a card

    def open_manager(self, key: bytes) -> None:
        """Prove the card manager's key (AES), which writing needs.

        Raises:
            ChipError: refused.
        """
        algorithm = _AES[len(key)]
        challenge = self._authenticate(algorithm, MANAGER_KEY, build(_CHALLENGE, b""), _CHALLENGE)
        one_block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 (one block)
        proof = build(_RESPONSE, one_block.update(challenge) + one_block.finalize())
        command = Command(0x87, algorithm, MANAGER_KEY, build(_TEMPLATE, proof), SHORT_ANSWER)
        self._link.send(command).require_ok("the manager's key")

    def generate_key(self) -> ec.EllipticCurvePublicKey:
        """Let the card make its key, which never leaves it.

        Raises:
            ChipError: refused without the manager's key, or malformed.
        """
        wanted = build(0xAC, build(0x80, bytes([P256])))
        made = Command(0x47, 0x00, AUTHENTICATION_KEY, wanted, SHORT_ANSWER)
        answer = parse_one(self._link.send(made).require_ok("a new key"), 0x7F49)
        try:
            point = find(parse(answer), 0x86) or b""
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            raise ChipError("malformed", "a key that is none") from None

    def put_certificate(self, certificate: bytes) -> None:
        """Write the certificate (DER); the manager's key comes first."""
        content = build(_WITH_CERTIFICATE, certificate) + build(0x71, b"\0") + build(0xFE, b"")
        data = build(0x5C, CERTIFICATE) + build(_OBJECT, content)
        self._link.send(Command(0xDB, 0x3F, 0xFF, data)).require_ok("the certificate")

    def change_pin(self, new: str, old: str = _FACTORY_PIN) -> PinAnswer:
        """Change the PIN; the factory's is 123456."""
        both = padded(old) + padded(new)
        return self._pin_answer(self._link.send(Command(0x24, 0x00, PIN, both)).status_word)

    def _authenticate(
        self, algorithm: int, key: int, wanted: bytes, answer_tag: int = _RESPONSE
    ) -> bytes:
        command = Command(0x87, algorithm, key, build(_TEMPLATE, wanted), SHORT_ANSWER)
        answer = self._link.send(command).require_ok("a signature")
        found = find(parse(parse_one(answer, _TEMPLATE)), answer_tag)
        if found is None:
            raise ChipError("malformed", "an answer without its element")
        return found

    @staticmethod
    def _pin_answer(status_word: int) -> PinAnswer:
        if status_word == SW.OK:
            return PinAnswer(PinVerdict.RIGHT)
        if status_word in {SW.AUTHENTICATION_BLOCKED, TRIES_LEFT}:
            return PinAnswer(PinVerdict.BLOCKED)
        if status_word & 0xFFF0 == TRIES_LEFT:
            return PinAnswer(PinVerdict.WRONG, status_word & 0x0F)
        raise ChipError("refused", "the PIN", status_word)


def padded(pin: str) -> bytes:
    """Spell a PIN as the card wants it: digits, filled up with FF to eight bytes.

    Raises:
        ValueError: It is not 6 to 8 digits.
    """
    if not (SHORTEST_PIN <= len(pin) <= LONGEST_PIN and pin.isascii() and pin.isdigit()):
        raise ValueError("a PIN is 6 to 8 digits")
    return pin.encode().ljust(LONGEST_PIN, b"\xff")
