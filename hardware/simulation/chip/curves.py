"""Elliptic curves with whole points, on top of a library that gives x coordinates only.

ECDH as OpenSSL does it returns x(dQ). Okeya and Sakurai (CHES 2001) recover y(dQ) from x(dQ) and
x((d + 1)Q), so that every multiplication by a secret stays in the library's constant-time code.
"""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.curve_numbers import CURVE_NUMBERS
from hardware.simulation.chip.randomness import Randomness

Point = tuple[int, int]

LIBRARY_CURVES: dict[str, ec.EllipticCurve] = {
    curve.name: curve
    for curve in (
        ec.SECP192R1(),
        ec.SECP224R1(),
        ec.SECP256R1(),
        ec.SECP384R1(),
        ec.SECP521R1(),
        ec.BrainpoolP256R1(),
        ec.BrainpoolP384R1(),
        ec.BrainpoolP512R1(),
    )
}
_DIFFIE_HELLMAN = ec.ECDH()


class CurveKeyPair:
    """A private number, and its multiple of some generator."""

    def __init__(self, curve: "Curve", key: ec.EllipticCurvePrivateKey, public: bytes) -> None:
        self._curve = curve
        self._key = key
        self.public = public

    @property
    def number(self) -> int:
        """The private number."""
        return self._key.private_numbers().private_value

    def agree(self, peer: bytes) -> bytes:
        """Return the x coordinate of the shared point; 6A80 if peer is no point of the curve."""
        return self._key.exchange(_DIFFIE_HELLMAN, self._curve.key_of(peer))

    def map_generic(self, nonce: int, peer: bytes) -> bytes:
        """Return sG + H, H being the point that both sides share."""
        curve = self._curve
        shared = curve.multiply(self._key, self.number, peer)
        scalar = nonce % curve.order
        if not scalar:
            return curve.encode(shared)
        key = ec.derive_private_key(scalar, curve.library)
        return curve.encode(curve.add(curve.decode(curve.public_of(key)), shared))


class Curve:
    """A curve of prime order, y^2 = x^3 + ax + b, with its base point."""

    public_tag = 0x86

    def __init__(self, name: str) -> None:
        numbers = [int(number, 16) for number in CURVE_NUMBERS[name]]
        self.prime, self.a, self.b, base_x, base_y, self.order = numbers
        self.base = base_x, base_y
        self.library = LIBRARY_CURVES[name]
        self.size = (self.prime.bit_length() + 7) // 8
        self.order_size = (self.order.bit_length() + 7) // 8

    @classmethod
    @cache
    def named(cls, name: str) -> "Curve":
        """Return a curve by OpenSSL's name for it; 6A80 if there is none."""
        if name not in CURVE_NUMBERS:
            raise Refusal(SW.WRONG_DATA)
        return cls(name)

    @property
    def field_bits(self) -> int:
        """Size of the field's prime."""
        return self.prime.bit_length()

    def encode(self, point: Point) -> bytes:
        """Write a point, uncompressed."""
        return b"\x04" + point[0].to_bytes(self.size, "big") + point[1].to_bytes(self.size, "big")

    def decode(self, octets: bytes) -> Point:
        """Read an uncompressed point; whoever uses it checks that it lies on the curve."""
        if len(octets) != 1 + 2 * self.size or octets[0] != 4:
            raise Refusal(SW.WRONG_DATA)
        half = 1 + self.size
        return int.from_bytes(octets[1:half], "big"), int.from_bytes(octets[half:], "big")

    def key_of(self, octets: bytes) -> ec.EllipticCurvePublicKey:
        """Read a public key; 6A80 if it is no point of the curve."""
        if len(octets) != 1 + 2 * self.size or octets[0] != 4:
            raise Refusal(SW.WRONG_DATA)
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(self.library, octets)
        except ValueError:
            raise Refusal(SW.WRONG_DATA) from None

    def pair(self, random: Randomness, generator: bytes | None = None) -> CurveKeyPair:
        """Make an ephemeral key pair, on another generator if one is given."""
        number = random.scalar(self.order)
        key = ec.derive_private_key(number, self.library)
        if generator is None:
            return CurveKeyPair(self, key, self.public_of(key))
        return CurveKeyPair(self, key, self.encode(self.multiply(key, number, generator)))

    def multiply(self, key: ec.EllipticCurvePrivateKey, number: int, peer: bytes) -> Point:
        """Return number times peer as a whole point; key holds the same number."""
        other = self.key_of(peer)
        x_q, y_q = self.decode(peer)
        if number == self.order - 1:
            return x_q, self.prime - y_q
        x = int.from_bytes(key.exchange(_DIFFIE_HELLMAN, other), "big")
        next_key = ec.derive_private_key(number + 1, self.library)
        x_next = int.from_bytes(next_key.exchange(_DIFFIE_HELLMAN, other), "big")
        above = (x + x_q) * (x * x_q + self.a) + 2 * self.b - x_next * (x - x_q) ** 2
        return x, above * pow(2 * y_q, -1, self.prime) % self.prime

    def map_integrated(self, octets: bytes) -> bytes:
        """Return the point encoding f_G of Brier et al. (ICAO Doc 9303-11 appendix B.2).

        It needs a prime that is 3 modulo 4; the chip offers it on no other curve.
        """
        p = self.prime
        if p % 4 != 3:
            raise Refusal(SW.WRONG_DATA)
        t = int.from_bytes(octets, "big") % p
        alpha = -t * t % p
        spread = (alpha + alpha * alpha) % p
        if not spread:
            raise Refusal(SW.NOT_AUTHENTICATED)
        x2 = -self.b * pow(self.a, -1, p) * (1 + pow(spread, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (pow(x2, 3, p) + self.a * x2 + self.b) % p
        u = pow(t, 3, p) * h2 % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        if root * root % p * h2 % p == 1:
            return self.encode((x2, root * h2 % p))
        return self.encode((x3, root * u % p))

    def compress(self, public: bytes) -> bytes:
        """Return the x coordinate."""
        return public[1 : 1 + self.size]

    def public_of(self, key: ec.EllipticCurvePrivateKey) -> bytes:
        """Return the public key of a private one."""
        numbers = key.public_key().public_numbers()
        return self.encode((numbers.x, numbers.y))

    def add(self, one: Point, other: Point) -> Point:
        """Add two points; their sum must not be the point at infinity."""
        (x1, y1), (x2, y2), p = one, other, self.prime
        if x1 != x2:
            slope = (y2 - y1) * pow(x2 - x1, -1, p) % p
        elif (y1 + y2) % p:
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, p) % p
        else:
            raise Refusal(SW.NOT_AUTHENTICATED)
        x = (slope * slope - x1 - x2) % p
        return x, (slope * (x1 - x) - y1) % p
