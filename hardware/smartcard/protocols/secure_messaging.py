"""Secure messaging: every command and answer of a session encrypted, counted and sealed.

Sources: ICAO Doc 9303-11, 9.8; ISO 7816-4, 10.
"""

from hmac import compare_digest

from hardware.smartcard.apdu import SHORT_ANSWER, SHORT_DATA, Command, Response, split
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import MAC_SIZE, Authenticator, Chain, Cipher, pad, unpad

PROTECTED = 0x0C
PADDED_CRYPTOGRAM = 0x87
"""Data under an even instruction: a byte that names the padding, then the cryptogram."""
CRYPTOGRAM = 0x85
"""Data under an odd instruction: the cryptogram alone."""
EXPECTED = 0x97
STATUS = 0x99
SEAL = 0x8E
_STATUS_HEAD = b"\x99\x02"
_SEAL_HEAD = b"\x8e\x08"
_SEALED = 4 + 2 + MAC_SIZE
"""Bytes of the status and the seal that end every answer."""
_LENGTH_SIZES = ((1, 7), (2, 8), (3, 16), (4, 24))
"""How many bytes a length takes, and how many bits it can then hold."""


class SecureMessaging:
    """One session's keys and its send sequence counter. It ends with the first thing wrong."""

    def __init__(
        self, cipher: Cipher, encryption_key: bytes, mac_key: bytes, counter: int = 0
    ) -> None:
        """Begin a session.

        Args:
            cipher: The session's block cipher.
            encryption_key: KS_enc.
            mac_key: KS_mac.
            counter: The send sequence counter before the first command.
        """
        self._cipher = cipher
        self._block = cipher.block
        self._chain = Chain(cipher, encryption_key)
        self._seal = Authenticator(cipher, mac_key)
        self._counter = counter
        self._modulus = 1 << 8 * self._block
        self._zero = bytes(self._block)
        self._is_over = False

    def longest_answer(self, limit: int = SHORT_ANSWER) -> int:
        """Return how many bytes of data an answer of at most limit protected bytes can hold."""
        room = limit - _SEALED
        hidden = max(min(room - 1 - size, (1 << bits) - 1) for size, bits in _LENGTH_SIZES)
        return max((hidden - 1) // self._block * self._block - 1, 0)

    def longest_data(self, limit: int = SHORT_DATA) -> int:
        """Return how many bytes of data a command of at most limit protected bytes can hold."""
        # Expected length and seal take no more room than status and seal take in an answer.
        return self.longest_answer(limit)

    def wrap(self, command: Command, extended: bool = False) -> bytes:
        """Spell a command protected.

        Args:
            command: The bare command.
            extended: Whether length fields of two bytes are used.

        Raises:
            ValueError: It does not fit short length fields, and extended is False.
            ChipError: The session is over (session_lost).
        """
        count = self._next()
        header = bytes(
            (command.cla | PROTECTED, command.instruction, command.first, command.second)
        )
        body = self._command_objects(command, count)
        sealed = count + pad(header, self._block) + (pad(body, self._block) if body else b"")
        body += _SEAL_HEAD + self._seal.mac(sealed)
        if extended:
            return header + b"\0" + len(body).to_bytes(2, "big") + body + b"\0\0"
        if len(body) > SHORT_DATA:
            self._is_over = True
            raise ValueError("the protected command does not fit short length fields")
        return header + bytes((len(body),)) + body + b"\0"

    def unwrap(self, answer: bytes) -> Response:
        """Open a protected answer.

        Raises:
            ChipError: The answer is not sealed, not in order, or its seal is wrong
                (session_lost); the session is over then.
        """
        try:
            return self._unwrap(answer)
        except ChipError as error:
            self._is_over = True
            if error.reason == "session_lost":
                raise
            raise ChipError("session_lost", "an answer that makes no sense") from error

    def _unwrap(self, answer: bytes) -> Response:
        bare = split(answer)
        count = self._next()
        if len(bare.data) < _SEALED:
            raise ChipError("session_lost", "an answer without protection", bare.status_word)
        objects, status, seal = bare.data[:-_SEALED], bare.data[-14:-10], bare.data[-10:]
        if status[:2] != _STATUS_HEAD or seal[:2] != _SEAL_HEAD:
            raise ChipError("session_lost", "an answer without seal", bare.status_word)
        cryptogram = self._cryptogram(objects)
        expected = self._seal.mac(count + pad(bare.data[:-10], self._block))
        if not compare_digest(expected, seal[2:]):
            raise ChipError("session_lost", "the seal is wrong", bare.status_word)
        if int.from_bytes(status[2:], "big") != bare.status_word:
            raise ChipError("session_lost", "two status words", bare.status_word)
        if not cryptogram:
            return Response(b"", bare.status_word)
        return Response(
            unpad(self._chain.decrypt(cryptogram, self._vector(count))), bare.status_word
        )

    def _command_objects(self, command: Command, count: bytes) -> bytes:
        body = b""
        if command.data:
            hidden = self._chain.encrypt(pad(command.data, self._block), self._vector(count))
            if command.instruction & 1:
                body = bytes((CRYPTOGRAM,)) + _length(len(hidden)) + hidden
            else:
                body = bytes((PADDED_CRYPTOGRAM,)) + _length(len(hidden) + 1) + b"\x01" + hidden
        if command.expected is None:
            return body
        if command.expected <= SHORT_ANSWER:
            return body + bytes((EXPECTED, 1, command.expected & 0xFF))
        return body + bytes((EXPECTED, 2)) + (command.expected & 0xFFFF).to_bytes(2, "big")

    def _cryptogram(self, objects: bytes) -> bytes:
        """Return the cryptogram of the one data object, or nothing where there is none.

        The lengths are read as they stand: nothing is searched for, since any bytes can occur
        inside a cryptogram.
        """
        if not objects:
            return b""
        tag, first = objects[0], objects[1] if len(objects) > 1 else 0
        count = 0 if first < 0x80 else first & 0x7F
        at = 2 + count
        length = first if not count else int.from_bytes(objects[2:at], "big")
        if first == 0x80 or count > 3 or at + length != len(objects):
            raise ChipError("session_lost", "an answer out of order")
        if tag == PADDED_CRYPTOGRAM and objects[at : at + 1] == b"\x01":
            return objects[at + 1 :]
        if tag == CRYPTOGRAM:
            return objects[at:]
        raise ChipError("session_lost", "an answer out of order")

    def _next(self) -> bytes:
        """Count one message and return the counter as a block."""
        if self._is_over:
            raise ChipError("session_lost", "the session is over")
        self._counter = (self._counter + 1) % self._modulus
        return self._counter.to_bytes(self._block, "big")

    def _vector(self, count: bytes) -> bytes:
        """The initial vector: zero for 3DES, the encrypted counter for AES (9303-11, 9.8.6)."""
        if self._cipher is Cipher.TDES:
            return self._zero
        return self._chain.encrypt(count, self._zero)


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    if size <= 0xFF:
        return bytes((0x81, size))
    return (
        b"\x82" + size.to_bytes(2, "big") if size <= 0xFFFF else b"\x83" + size.to_bytes(3, "big")
    )
