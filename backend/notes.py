"""Signed notes and checkpoints, as transparency logs and their witnesses exchange them.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backend.merkle import HASH_BYTES

_ED25519 = b"\x01"
"""The kind of signature in a key's id (signed-note, "Signature types")."""

_ID_BYTES = 4
_MARK = "— "
_LARGEST = 2**63 - 1


class NoteError(Exception):
    """A note, a key or a signature is malformed, or nobody we trust has signed it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key that signs notes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Write the key in the form that other programs take: NAME+ID+KEY."""
        return f"{self.name}+{self.id.hex()}+{_text(_ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Write the text that is signed."""
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Read the text that was signed.

        Raises:
            NoteError: It is no checkpoint, or one with extension lines.
        """
        lines = text.split("\n")
        if len(lines) == 4 and is_name(lines[0]) and lines[1].isascii() and lines[1].isdigit():
            found = cls(lines[0], int(lines[1]), _bytes(lines[2]))
            if str(found) == text and len(found.root) == HASH_BYTES and found.size <= _LARGEST:
                return found
        raise NoteError("this is not a checkpoint")


class LogKey:
    """The key that signs the ledger's checkpoints, under the ledger's name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the note: the text and the signature's line."""
        signature = self.verifier.id + self._private.sign(text.encode())
        return f"{text}\n{signature_line(self.verifier.name, signature)}"

    def open(self, note: str) -> Checkpoint:
        """Return the checkpoint in a note that this key signed, under whatever name it had then.

        Raises:
            NoteError: It is not a checkpoint, or not of this key.
        """
        text, lines = split(note)
        checkpoint = Checkpoint.read(text)
        key = VerifierKey(checkpoint.origin, self.verifier.public)
        if not any(name == key.name and signed_by(key, s, text) for name, s in lines):
            raise NoteError("the checkpoint does not carry this ledger's signature")
        return checkpoint


def is_name(text: str) -> bool:
    """Tell whether a text can be a key's name: no spaces, no plus, no control characters."""
    return text.isprintable() and bool(text) and "+" not in text and text.split() == [text]


def signature_line(name: str, signature: bytes) -> str:
    """Write a signature as a line of a note."""
    return f"{_MARK}{name} {_text(signature)}\n"


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Take a note apart: the text, and each signature with its key's name.

    Raises:
        NoteError: It has another form.
    """
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteError("this is not a signed note")
    return text + "\n", _read_lines(signatures)


def _read_lines(signatures: str) -> list[tuple[str, bytes]]:
    """Read the lines that hold signatures.

    Raises:
        NoteError: One has another form.
    """
    found = []
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_MARK).partition(" ")
        signature = _bytes(encoded)
        if not line.startswith(_MARK) or not is_name(name) or len(signature) <= _ID_BYTES:
            raise NoteError("this is not a signature's line")
        found.append((name, signature))
    return found


def signed_by(key: VerifierKey, signature: bytes, text: str) -> bool:
    """Tell whether a signature over a note's text is of this key."""
    id_, rest = signature[:_ID_BYTES], signature[_ID_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(rest, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return id_ == key.id


def _text(bytes_: bytes) -> str:
    return base64.b64encode(bytes_).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("this is not base64") from error
