"""The chip's end of secure messaging (ICAO Doc 9303-11 clause 9.8, ISO 7816-4 clause 10)."""

from dataclasses import replace
from hmac import compare_digest

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import EXTENDED_LIMIT, SHORT_LIMIT, Command
from hardware.simulation.chip.objects import DataObject, decode, encode
from hardware.simulation.chip.symmetric import (
    AUTHENTICATION,
    ENCRYPTION,
    BlockCipher,
    Suite,
    derive,
    mac_of,
    pad,
    unpad,
)

CRYPTOGRAM, BARE_CRYPTOGRAM, LENGTH, STATUS, CHECKSUM = 0x87, 0x85, 0x97, 0x99, 0x8E
PADDING_INDICATOR = b"\x01"
TRAILER = 14
"""Bytes of the status object and the checksum object of every answer."""


class SecureMessaging:
    """One session: its keys and its send sequence counter."""

    def __init__(
        self, suite: Suite, encryption_key: bytes, mac_key: bytes, counter: int = 0
    ) -> None:
        self._block = suite.block
        self._cipher = BlockCipher(suite, encryption_key)
        self._mac = mac_of(suite, mac_key)
        self._counter = counter
        self._chains_vector = suite is not Suite.TDES

    @classmethod
    def of_secret(cls, suite: Suite, secret: bytes, counter: int = 0) -> "SecureMessaging":
        """Derive both keys from a shared secret."""
        keys = derive(suite, secret, ENCRYPTION), derive(suite, secret, AUTHENTICATION)
        return cls(suite, *keys, counter)

    def unwrap(self, command: Command) -> Command:
        """Check and open a protected command.

        Raises:
            Refusal: 6987 (an object is missing) or 6988 (one is wrong); the session is over.
        """
        try:
            objects = decode(command.data)
        except Refusal:
            raise Refusal(SW.OBJECTS_INCORRECT) from None
        if not objects or objects[-1].tag != CHECKSUM:
            raise Refusal(SW.OBJECTS_MISSING)
        checksum = objects.pop()
        self._advance()
        covered = self._sequence() + pad(command.header, self._block)
        if objects:
            covered += pad(command.data[: checksum.start], self._block)
        if not compare_digest(self._mac.of(covered), checksum.value):
            raise Refusal(SW.OBJECTS_INCORRECT)
        data, expected = self._open(objects, CRYPTOGRAM if command.ins & 1 ^ 1 else BARE_CRYPTOGRAM)
        return replace(command, data=data, expected=expected)

    def wrap(self, ins: int, data: bytes, status_word: int) -> bytes:
        """Protect an answer, and return it with its status word behind."""
        self._advance()
        status = status_word.to_bytes(2, "big")
        body = b""
        if data:
            cryptogram = self._cipher.encrypt(pad(data, self._block), self._vector())
            if ins & 1:
                body = encode(BARE_CRYPTOGRAM, cryptogram)
            else:
                body = encode(CRYPTOGRAM, PADDING_INDICATOR + cryptogram)
        body += encode(STATUS, status)
        checksum = self._mac.of(self._sequence() + pad(body, self._block))
        return body + encode(CHECKSUM, checksum) + status

    def room(self, command: Command) -> int:
        """Return how many bytes of plain data fit into the answer to this protected command."""
        limit = EXTENDED_LIMIT if command.extended else SHORT_LIMIT
        head = 3 + (limit > SHORT_LIMIT) + (command.ins & 1 ^ 1)
        blocks = (limit - TRAILER - head) // self._block
        return blocks * self._block - 1

    def _open(self, objects: list[DataObject], cryptogram: int) -> tuple[bytes, int | None]:
        """Read the objects in their order: the cryptogram with this tag, then the length."""
        data = b""
        expected: int | None = None
        if objects and objects[0].tag == cryptogram:
            value = objects.pop(0).value
            if cryptogram == CRYPTOGRAM and value[:1] != PADDING_INDICATOR:
                raise Refusal(SW.OBJECTS_INCORRECT)
            data = self._decipher(value[1:] if cryptogram == CRYPTOGRAM else value)
        if objects and objects[0].tag == LENGTH and len(objects[0].value) in (1, 2):
            value = objects.pop(0).value
            full = SHORT_LIMIT if len(value) == 1 else EXTENDED_LIMIT
            expected = int.from_bytes(value, "big") or full
        if objects:
            raise Refusal(SW.OBJECTS_INCORRECT)
        return data, expected

    def _decipher(self, cryptogram: bytes) -> bytes:
        if not cryptogram or len(cryptogram) % self._block:
            raise Refusal(SW.OBJECTS_INCORRECT)
        return unpad(self._cipher.decrypt(cryptogram, self._vector()))

    def _advance(self) -> None:
        self._counter = (self._counter + 1) % (1 << 8 * self._block)

    def _sequence(self) -> bytes:
        return self._counter.to_bytes(self._block, "big")

    def _vector(self) -> bytes | None:
        return self._cipher.one_block(self._sequence()) if self._chains_vector else None
