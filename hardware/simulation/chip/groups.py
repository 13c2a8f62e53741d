"""What PACE and Chip Authentication need of a group, and the standardised ones by number."""

from functools import cache
from typing import Protocol

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.finite_fields import PrimeField
from hardware.simulation.chip.randomness import Randomness

CURVES = {
    8: "secp192r1",
    10: "secp224r1",
    12: "secp256r1",
    13: "brainpoolP256r1",
    15: "secp384r1",
    16: "brainpoolP384r1",
    17: "brainpoolP512r1",
    18: "secp521r1",
}
"""Standardised domain parameters (ICAO Doc 9303-11 clause 9.5.1) that OpenSSL knows."""
FIELDS = (0, 1, 2)


class KeyPair(Protocol):
    """A private key with its public one."""

    @property
    def public(self) -> bytes:
        """The public key as it travels."""
        ...

    @property
    def number(self) -> int:
        """The private key."""
        ...

    def agree(self, peer: bytes) -> bytes:
        """Return the secret shared with the owner of peer; 6A80 if that is no public key."""
        ...

    def map_generic(self, nonce: int, peer: bytes) -> bytes:
        """Return the generator of the generic mapping."""
        ...


class Group(Protocol):
    """A cyclic group with its generator."""

    @property
    def public_tag(self) -> int:
        """The tag of a public key in an authentication token."""
        ...

    @property
    def order(self) -> int:
        """The order of the group."""
        ...

    def pair(self, random: Randomness, generator: bytes | None = None) -> KeyPair:
        """Make an ephemeral key pair, on another generator if one is given."""
        ...

    def map_integrated(self, octets: bytes) -> bytes:
        """Return the generator of the integrated mapping from R(s, t)."""
        ...

    @property
    def field_bits(self) -> int:
        """Size of the field's prime."""
        ...

    def compress(self, public: bytes) -> bytes:
        """Return the compressed public key (BSI TR-03110-3 A.2.2.3)."""
        ...


@cache
def standardised(number: int) -> Group:
    """Find a group by the number of its domain parameters; 6A80 if the chip has not got it."""
    if number in CURVES:
        return Curve.named(CURVES[number])
    if number in FIELDS:
        return PrimeField.standardised(number)
    raise Refusal(SW.WRONG_DATA)
