"""Secure channel to a card's manager: the host side of SCP03 (GPCS Amendment D 1.1.2).

A card proves that it holds the keys, the host proves the same, and from then on each command
carries a MAC that chains to the one before it, and its data are encrypted. Mode S8, challenges
random or pseudo-random, AES-128, 192 and 256.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from typing import Protocol

from hardware.smartcard.apdu import SHORT_ANSWER, SHORT_DATA, SW, Command, Response
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.scp03_keys import (
    AES_BLOCK,
    CardManagerKeys,
    cmac,
    decrypt,
    derive,
    encrypt,
    put_key_data,
)

CARD_MANAGER = bytes.fromhex("A000000151000000")
"""The issuer security domain's name (GPCS appendix H)."""

PROTOCOL = 0x03
S16_MODE = 0x01
CHALLENGE, CRYPTOGRAM, MAC_SIZE = 8, 8, 8
DIVERSIFICATION, KEY_INFORMATION = 10, 3
ANSWER_SIZES = (29, 32)
"""Of INITIALIZE UPDATE: 10 + 3 + 8 + 8, and a sequence counter of 3 in pseudo-random mode."""

FOR_CARD_CRYPTOGRAM, FOR_HOST_CRYPTOGRAM = 0x00, 0x01
FOR_ENCRYPTION, FOR_MAC, FOR_RESPONSE_MAC = 0x04, 0x06, 0x07
SECURE = 0x04
"""The bit of CLA that says that a command is protected."""


class SecurityLevel(IntFlag):
    """What is protected (Amendment D, table 7-5). C_MAC is always there."""

    C_MAC = 0x01
    C_DECRYPTION = 0x02
    R_MAC = 0x10
    R_ENCRYPTION = 0x20


PERSONALISING = SecurityLevel.C_MAC | SecurityLevel.C_DECRYPTION


class Sender(Protocol):
    """What carries commands: a CardLink, or anything that sends like it."""

    def send(self, command: Command) -> Response:
        """Send one command and gather its whole answer."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """What a card answers to INITIALIZE UPDATE.

    Attributes:
        diversification: Ten bytes that tell this card from others.
        version: The version number of the keys that it takes. options: The i parameter.
        counter: The sequence counter, three bytes, empty with random challenges.
    """

    diversification: bytes
    version: int
    options: int
    challenge: bytes
    cryptogram: bytes
    counter: bytes

    @classmethod
    def parse(cls, data: bytes) -> "Offer":
        """Cut the answer apart.

        Raises:
            ChipError: malformed, or not_supported for another protocol than SCP03 in mode S8.
        """
        if len(data) not in ANSWER_SIZES:
            raise ChipError("malformed", "an answer to INITIALIZE UPDATE of another length")
        version, protocol, options = data[10:13]
        if protocol != PROTOCOL or options & S16_MODE:
            raise ChipError("not_supported", "another secure channel than SCP03 in mode S8")
        return cls(data[:10], version, options, data[13:21], data[21:29], data[29:])


class SecureSession:
    """Keys, counters and MAC chain of one opened channel: protects commands, opens answers."""

    def __init__(self, keys: CardManagerKeys, context: bytes, level: SecurityLevel) -> None:
        """Derive the session's keys; context is host challenge | card challenge."""
        if not level & SecurityLevel.C_MAC:
            raise ValueError("without a MAC on commands there is no channel")
        self.level = level
        self._context = context
        size = len(keys.encryption)
        self._encryption = _derive(keys.encryption, FOR_ENCRYPTION, size, context)
        self._mac = _derive(keys.mac, FOR_MAC, size, context)
        self._response_mac = _derive(keys.mac, FOR_RESPONSE_MAC, size, context)
        self._chain = bytes(AES_BLOCK)
        self._counter = 0

    def card_cryptogram(self) -> bytes:
        """Return what a card with these keys proves itself with."""
        return _derive(self._mac, FOR_CARD_CRYPTOGRAM, CRYPTOGRAM, self._context)

    def authentication(self) -> Command:
        """Return EXTERNAL AUTHENTICATE, which opens the channel: a MAC, no encryption."""
        proof = _derive(self._mac, FOR_HOST_CRYPTOGRAM, CRYPTOGRAM, self._context)
        return self._signed(Command(0x82, self.level, 0x00, proof, cla=0x80))

    def longest_data(self, limit: int = SHORT_DATA) -> int:
        """Return how many bytes a command can carry that has at most limit protected bytes."""
        room = limit - MAC_SIZE
        return room if not self.level & SecurityLevel.C_DECRYPTION else room // 16 * 16 - 1

    def protect(self, command: Command) -> Command:
        """Encrypt a command's data and add its MAC. Once for each command, in their order."""
        self._counter += 1
        data = command.data
        if data and self.level & SecurityLevel.C_DECRYPTION:
            padded = data + b"\x80" + bytes(-(len(data) + 1) % AES_BLOCK)
            data = encrypt(self._encryption, self._vector(0x00), padded)
        plain = Command(
            command.instruction, command.first, command.second, data, command.expected, command.cla
        )
        return self._signed(plain)

    def open(self, response: Response) -> Response:
        """Check and decrypt an answer. An error's status word comes without protection.

        Raises:
            ChipError: session_lost: the MAC is wrong or missing.
        """
        status = response.status_word.to_bytes(2, "big")
        if not self.level & SecurityLevel.R_MAC:
            return response
        if response.status_word != SW.OK and status[0] not in (0x62, 0x63):
            if response.data:
                raise ChipError("session_lost", "data with an error", response.status_word)
            return response
        data, mac = response.data[:-MAC_SIZE], response.data[-MAC_SIZE:]
        expected = cmac(self._response_mac, self._chain + data + status)[:MAC_SIZE]
        if not hmac.compare_digest(mac, expected):
            raise ChipError("session_lost", "an answer with a wrong MAC", response.status_word)
        if data and self.level & SecurityLevel.R_ENCRYPTION:
            data = self._decrypted(data)
        return Response(data, response.status_word)

    def _signed(self, command: Command) -> Command:
        data, cla = command.data, command.cla | SECURE
        size = len(data) + MAC_SIZE
        # The MAC covers Lc as it travels: three bytes in a command of extended length.
        fits_short = size <= SHORT_DATA and (command.expected or 0) <= SHORT_ANSWER
        length = bytes([size]) if fits_short else b"\x00" + size.to_bytes(2, "big")
        head = bytes([cla, command.instruction, command.first, command.second])
        self._chain = cmac(self._mac, self._chain + head + length + data)
        return Command(
            command.instruction,
            command.first,
            command.second,
            data + self._chain[:MAC_SIZE],
            command.expected,
            cla,
        )

    def _decrypted(self, data: bytes) -> bytes:
        if len(data) % AES_BLOCK:
            raise ChipError("session_lost", "an answer that is not whole blocks")
        padded = decrypt(self._encryption, self._vector(0x80), data)
        plain = padded.rstrip(b"\x00")
        if not plain.endswith(b"\x80") or len(padded) - len(plain) >= AES_BLOCK:
            raise ChipError("session_lost", "an answer with wrong padding")
        return plain[:-1]

    def _vector(self, first: int) -> bytes:
        block = bytes([first]) + self._counter.to_bytes(AES_BLOCK - 1, "big")
        return encrypt(self._encryption, bytes(AES_BLOCK), block)


class SecureChannel:
    """An opened channel to a card: sends commands protected, and gives back opened answers."""

    def __init__(self, link: Sender, session: SecureSession, offer: Offer) -> None:
        self._link = link
        self._session = session
        self.offer = offer

    def longest_data(self, limit: int = SHORT_DATA) -> int:
        """Return how many bytes a command can carry that has at most limit protected bytes."""
        return self._session.longest_data(limit)

    def send(self, command: Command) -> Response:
        """Send a command protected.

        Raises:
            ChipError: session_lost: the answer's MAC is wrong.
        """
        return self._session.open(self._link.send(self._session.protect(command)))

    def put_keys(self, new: CardManagerKeys, present: CardManagerKeys, replaced: int) -> None:
        """Give the card other keys; this channel goes on under the ones it was opened with.

        Args:
            new: The keys, with the version that they will have.
            present: The keys of this channel; their DEK protects the new ones on the way.
            replaced: The version that they replace, 0 to put them beside what is there.

        Raises:
            ChipError: refused, or mismatch: the card's check values are of other keys.
        """
        data, checks = put_key_data(new, present.data_encryption)
        sent = Command(0xD8, replaced, 0x81, data, expected=256, cla=0x80)
        if self.send(sent).require_ok("changing the card's keys") != checks:
            raise ChipError("mismatch", "the card took other keys")


def open_channel(
    link: Sender,
    keys: CardManagerKeys,
    level: SecurityLevel = PERSONALISING,
    host_challenge: bytes | None = None,
) -> SecureChannel:
    """Authenticate with the security domain that is selected, and open a channel to it.

    A wrong key shows in the card's own proof, before the card counts a failed attempt.

    Raises:
        ChipError: not_genuine: the card holds other keys; refused; not_supported; malformed.
    """
    return open_diversified(link, lambda _offer: keys, keys.version, level, host_challenge)


def open_diversified(
    link: Sender,
    keys_of: Callable[[Offer], CardManagerKeys],
    version: int = 0,
    level: SecurityLevel = PERSONALISING,
    host_challenge: bytes | None = None,
) -> SecureChannel:
    """Open a channel with keys that are chosen by what the card says of itself.

    Args:
        link: To the card, whose security domain is selected.
        keys_of: Finds or derives the card's keys.
        version: The version of the keys to use, 0 for the card's default.
        level: What is to be protected.
        host_challenge: Eight bytes, for tests; random by default.

    Raises:
        ChipError: As open_channel.
    """
    host = host_challenge or secrets.token_bytes(CHALLENGE)
    answer = link.send(Command(0x50, version, 0x00, host, expected=256, cla=0x80))
    offer = Offer.parse(answer.require_ok("opening the card manager"))
    session = SecureSession(keys_of(offer), host + offer.challenge, level)
    if not hmac.compare_digest(session.card_cryptogram(), offer.cryptogram):
        raise ChipError("not_genuine", "the card manager holds other keys")
    link.send(session.authentication()).require_ok("authenticating to the card manager")
    return SecureChannel(link, session, offer)


def _derive(key: bytes, purpose: int, size: int, context: bytes) -> bytes:
    """Amendment D 4.1.5: eleven 00 | purpose | 00 | L in bits (2) | counter (1) | context."""
    before = bytes(11) + bytes([purpose, 0x00]) + (size * 8).to_bytes(2, "big")
    return derive(key, before, context, size)
