"""What every group of a key agreement offers, be it of points on a curve or of numbers."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class KeyPair:
    """A private number and the public key that it makes. It has no repr.

    Attributes:
        private: The number.
        public: The public key as it is sent.
        handle: What the group keeps of it for speed; not for others.
    """

    private: int
    public: bytes
    handle: object = field(default=None, compare=False)


class Group(Protocol):
    """Domain parameters with a generator. Public keys are bytes as they travel.

    Curves: 04 | x | y. Numbers: big-endian, as short as they are (TR-03110-3, D.2 and D.3).
    Every public key of another side is checked to be in the group before it is used.
    """

    @property
    def size(self) -> int:
        """Bytes of a field element, and so of a shared secret."""
        ...

    @property
    def key_agreement(self) -> str:
        """ECDH or DH."""
        ...

    @property
    def modulus(self) -> int:
        """The prime of the field."""
        ...

    def generate(self) -> KeyPair:
        """Make a fresh key pair."""
        ...

    def key_pair(self, private: int) -> KeyPair:
        """Make the key pair of a known private number."""
        ...

    def check(self, public: bytes) -> None:
        """Check another side's public key.

        Raises:
            ChipError: It is no element of the group, or a weak one (malformed).
        """
        ...

    def agree(self, private: int | KeyPair, peer: bytes) -> bytes:
        """Return the shared secret: the x coordinate, or the number; always size bytes.

        A key pair is quicker than its bare number.

        Raises:
            ChipError: The peer's key is no element of the group (malformed).
        """
        ...

    def compress(self, public: bytes) -> bytes:
        """Comp() of TR-03110-3, A.2.2.3: the x coordinate, or the SHA-1 of the number."""
        ...

    def times(self, own: KeyPair, peer: bytes) -> bytes:
        """Return the peer's element taken own.private times, as a public key.

        Raises:
            ChipError: The peer's key is no element of the group (malformed).
        """
        ...

    def combine(self, number: int, element: bytes) -> bytes:
        """Return the generator taken number times, combined with an element."""
        ...

    def of_number(self, number: int) -> bytes:
        """Map a field element into the group (9303-11, appendix B).

        Raises:
            ChipError: There is no such mapping for this group (not_supported).
        """
        ...

    def onto(self, generator: bytes) -> "Group":
        """Return the same group with another generator."""
        ...
