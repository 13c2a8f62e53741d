"""A file sealed in chunks: nothing of it can be read, changed, reordered or cut off unnoticed.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM, as in
Tink's AES-GCM-HKDF streaming: each file has a key of its own, derived with a random salt; each
chunk's nonce holds its position and whether it is the last.

    MAGIC, salt of 32 bytes, then for each chunk: 1 byte (1: the last), 4 bytes of length, bytes
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.keys import KEY_BYTES, SealError

MAGIC = b"smartics backup 1\n"
CHUNK = 2**20

_SALT_BYTES = 32
_TAG_BYTES = 16
_FRAME_BYTES = 5


class Sealer:
    """Writes chunks into a file, sealed."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        self._file, self._header, self._position = file, MAGIC + salt, 0
        self._cipher = _cipher(key, salt)
        file.write(self._header)

    def write(self, chunk: bytes, *, last: bool = False) -> None:
        """Write one chunk of at most CHUNK bytes; nothing may follow the last."""
        sealed = self._cipher.encrypt(_nonce(self._position, last), chunk, self._header)
        self._position += 1
        self._file.write(bytes([last]) + len(sealed).to_bytes(4, "big") + sealed)


def unsealed(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the chunks of a sealed file. What was yielded is proved whole only at the end.

    Raises:
        SealError: It is not such a file, another key's, or was changed or cut off.
    """
    header = file.read(len(MAGIC) + _SALT_BYTES)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + _SALT_BYTES:
        raise SealError("this is not a backup")
    cipher = _cipher(key, header[len(MAGIC) :])
    position, last = 0, False
    while not last:
        frame = file.read(_FRAME_BYTES)
        length = int.from_bytes(frame[1:], "big")
        if len(frame) != _FRAME_BYTES or not _TAG_BYTES <= length <= CHUNK + _TAG_BYTES:
            raise SealError("the backup is cut off or damaged")
        last = frame[0] == 1
        try:
            yield cipher.decrypt(_nonce(position, last), file.read(length), header)
        except InvalidTag as error:
            raise SealError("the backup was changed, or is of another master key") from error
        position += 1
    if file.read(1):
        raise SealError("something was added to the backup")


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=salt, info=MAGIC).derive(key))


def _nonce(position: int, last: bool) -> bytes:
    return position.to_bytes(11, "big") + bytes([last])
