"""Diffie-Hellman in a prime field (RFC 5114, ICAO Doc 9303-11 clause 9.5.1)."""

import hashlib
from functools import cache

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.field_numbers import FIELD_NUMBERS
from hardware.simulation.chip.randomness import Randomness


class FieldKeyPair:
    """A private exponent, and some generator raised to it."""

    def __init__(self, field: "PrimeField", number: int, public: bytes) -> None:
        self._field = field
        self.number = number
        self.public = public

    def agree(self, peer: bytes) -> bytes:
        """Return the shared secret; 6A80 if peer is no public key."""
        value = pow(self._field.value_of(peer), self.number, self._field.prime)
        return self._field.encode(value)

    def map_generic(self, nonce: int, peer: bytes) -> bytes:
        """Return g^s h, h being the element that both sides share."""
        field = self._field
        shared = int.from_bytes(self.agree(peer), "big")
        return field.encode(pow(field.generator, nonce, field.prime) * shared % field.prime)


class PrimeField:
    """The integers modulo a prime, with a generator of a subgroup."""

    public_tag = 0x84

    def __init__(self, prime: int, generator: int, order: int) -> None:
        self.prime, self.generator, self.order = prime, generator, order
        self._size = (prime.bit_length() + 7) // 8

    @classmethod
    @cache
    def standardised(cls, number: int) -> "PrimeField":
        """Return a group by the number of its domain parameters."""
        return cls(*(int(value, 16) for value in FIELD_NUMBERS[number]))

    @property
    def field_bits(self) -> int:
        """Size of the field's prime."""
        return self.prime.bit_length()

    def encode(self, value: int) -> bytes:
        """Write a shared secret in as many bytes as the prime has (PKCS #3 clause 8.3)."""
        return value.to_bytes(self._size, "big")

    def encode_public(self, value: int) -> bytes:
        """Write a public value in as few bytes as it needs (ICAO Doc 9303-11 clause 9.4.3)."""
        return value.to_bytes((value.bit_length() + 7) // 8, "big")

    def value_of(self, octets: bytes) -> int:
        """Read a public key: an element of the subgroup other than 1 (RFC 2631 2.1.5), or 6A80."""
        value = int.from_bytes(octets, "big")
        if not 2 <= value < self.prime - 1 or len(octets) > self._size:
            raise Refusal(SW.WRONG_DATA)
        if pow(value, self.order, self.prime) != 1:
            raise Refusal(SW.WRONG_DATA)
        return value

    def pair(self, random: Randomness, generator: bytes | None = None) -> FieldKeyPair:
        """Make an ephemeral key pair, on another generator if one is given."""
        base = self.generator if generator is None else int.from_bytes(generator, "big")
        number = random.scalar(self.order)
        return FieldKeyPair(self, number, self.encode_public(pow(base, number, self.prime)))

    def map_integrated(self, octets: bytes) -> bytes:
        """Raise a field element to the cofactor (ICAO Doc 9303-11 clause 4.4.3.3.2)."""
        number = int.from_bytes(octets, "big") % self.prime
        mapped = pow(number, (self.prime - 1) // self.order, self.prime)
        if mapped <= 1:
            raise Refusal(SW.NOT_AUTHENTICATED)
        return self.encode(mapped)

    def compress(self, public: bytes) -> bytes:
        """Return the SHA-1 of the public key."""
        return hashlib.sha1(public, usedforsecurity=False).digest()
