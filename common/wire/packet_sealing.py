"""Seals, proves and opens packets. Sealing and opening go chunk by chunk, without copies.

Whoever changes a word of the header, swaps, repeats, cuts or moves a chunk, or signs the same
ciphertext anew as another station, makes a packet that does not open:

* the content key is wrapped for the header as it was before sealing (HPKE info);
* every chunk is bound to the header's hash, its index, and whether it is the last (GCM AAD);
* the station signs the header, and the header holds the Merkle root of the chunks.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.wire.packet_keys import KEY_BYTES, PacketPrivateKey, PacketPublicKey
from common.wire.packets import (
    CHUNK,
    MOST_CHUNKS,
    PacketAbout,
    PacketError,
    PacketHeader,
    leaf,
    read_header,
    root,
    write_header,
)

Sign = Callable[[bytes], bytes]
"""Signs with the station's P-256 key: ECDSA with SHA-256, DER (FIPS 186-5, SEC 1 C.5)."""

_MAGIC = b"SMPK1"
_PURPOSE = b"smartics packet header\0"
_LONGEST_HEADER, _LONGEST_SIGNATURE = 8_000, 200


class Sealing:
    """One packet being sealed: take the chunks one after another, then the header."""

    def __init__(self, about: PacketAbout, recipient: PacketPublicKey) -> None:
        self._about = about
        self._key = secrets.token_bytes(KEY_BYTES)
        before = write_header(about)
        self._wrapped = recipient.seal(self._key, _info(before))
        self._bound = _binding(before, self._wrapped)
        self._leaves: list[bytes] = []

    def chunks(self, plain: bytes | memoryview) -> Iterator[bytes]:
        """Yield the ciphertext chunks of plain, whose length the packet's `size` must be."""
        if len(plain) != self._about.size:
            raise ValueError("size is not the length of what is sealed")
        view, count, cipher = memoryview(plain), self._about.chunks, AESGCM(self._key)
        for index in range(count):
            part = view[index * CHUNK : (index + 1) * CHUNK]
            chunk = cipher.encrypt(_nonce(index), part, _aad(self._bound, index, count))
            self._leaves.append(leaf(chunk))
            yield chunk

    @property
    def leaves(self) -> tuple[bytes, ...]:
        """The hashes of the chunks so far."""
        return tuple(self._leaves)

    def header(self) -> bytes:
        """Return the header, once every chunk was taken."""
        if len(self._leaves) != self._about.chunks:
            raise ValueError("the header commits to every chunk: take them all first")
        words = {name: getattr(self._about, name) for name in PacketAbout.model_fields}
        header = PacketHeader.model_construct(
            **words, wrapped_key=self._wrapped, root=root(self._leaves)
        )
        return write_header(header)


def signer_id(key: EllipticCurvePublicKey) -> str:
    """Return a key's name: SHA-256 over its SubjectPublicKeyInfo, base64url without padding."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(spki).digest()).rstrip(b"=").decode()


def signed_bytes(header: bytes) -> bytes:
    """Return what a station signs of a header: never anything that could be something else."""
    return _PURPOSE + header


def verify(
    header: bytes, signature: bytes, leaves: Sequence[bytes], station: EllipticCurvePublicKey
) -> PacketHeader:
    """Prove without any decryption key that a station sealed exactly these chunks.

    Raises:
        PacketError: The header, the signature, or a chunk's hash is another one.
    """
    found = read_header(header)
    try:
        station.verify(signature, signed_bytes(header), ECDSA(SHA256()))
    except InvalidSignature:
        raise PacketError("the signature is not this station's") from None
    if len(leaves) != found.chunks or root(leaves) != found.root:
        raise PacketError("the chunks are not those of the header")
    return found


def open_chunks(
    header: PacketHeader, chunks: Iterable[bytes], key: PacketPrivateKey
) -> Iterator[bytes]:
    """Yield the plain parts of a packet whose header was verified.

    Nothing may be believed before the last part came: only then is the packet whole.

    Raises:
        PacketError: It was sealed to another key, for another packet, or a chunk was changed.
    """
    before = write_header(_about(header))
    cipher = AESGCM(key.open(header.wrapped_key, _info(before)))
    bound, count, taken = _binding(before, header.wrapped_key), header.chunks, 0
    try:
        for taken, chunk in enumerate(chunks, start=1):
            yield cipher.decrypt(_nonce(taken - 1), chunk, _aad(bound, taken - 1, count))
    except InvalidTag:
        raise PacketError(f"chunk {taken - 1} does not open") from None
    if taken != count:
        raise PacketError("chunks are missing")


def pack(header: bytes, signature: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a packet as one file, to be carried on a stick where there is no network."""
    yield _MAGIC
    for part in (header, signature, *chunks):
        yield struct.pack(">I", len(part))
        yield part


def unpack(file: bytes | memoryview) -> tuple[bytes, bytes, tuple[memoryview, ...]]:
    """Take a packet's file apart into header, signature and chunks; nothing is proven by that.

    Raises:
        PacketError: It is no such file, is cut, or holds more than a packet may.
    """
    view = memoryview(file)
    if bytes(view[: len(_MAGIC)]) != _MAGIC:
        raise PacketError("this is no packet")
    parts: list[memoryview] = []
    at = len(_MAGIC)
    while at < len(view):
        if at + 4 > len(view) or len(parts) == MOST_CHUNKS + 2:
            raise PacketError("the file is cut or too long")
        (length,) = struct.unpack_from(">I", view, at)
        at += 4
        if at + length > len(view):
            raise PacketError("the file is cut")
        parts.append(view[at : at + length])
        at += length
    if len(parts) < 3 or len(parts[0]) > _LONGEST_HEADER or len(parts[1]) > _LONGEST_SIGNATURE:
        raise PacketError("the file is no whole packet")
    return bytes(parts[0]), bytes(parts[1]), tuple(parts[2:])


def _about(header: PacketHeader) -> PacketAbout:
    return PacketAbout.model_construct(
        **{name: getattr(header, name) for name in PacketAbout.model_fields}
    )


def _info(before: bytes) -> bytes:
    return b"smartics packet key\0" + hashlib.sha256(before).digest()


def _binding(before: bytes, wrapped: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(before).digest() + wrapped).digest()


def _nonce(index: int) -> bytes:
    # Each packet has a key of its own, so the index never repeats under one key.
    return struct.pack(">4xQ", index)


def _aad(bound: bytes, index: int, count: int) -> bytes:
    return bound + struct.pack(">Q?", index, index == count - 1)
