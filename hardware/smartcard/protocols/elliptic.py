"""Groups of points on a curve, with the scalar multiplication of the cryptography package.

That package multiplies in constant time, but gives no more of a product than its x coordinate.
Where the whole point is wanted, y comes from a second product, of a point that lies one base
point further: with dG = (u, v) known from the key pair, x1 = x(dQ) and x2 = x(d(Q+G)) = x(dQ + dG),

    2 v y1 = (a + u x1)(u + x1) + 2b - x2 (u - x1)^2

which is the addition law solved for y1 (after Okeya and Sakurai, CHES 2001). No square root is
taken and no further key is made. Curves that the package lacks are counted out in plain integers.
"""

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols import plain_points
from hardware.smartcard.protocols.curves import Curve
from hardware.smartcard.protocols.group_interface import KeyPair

Point = tuple[int, int]
_UNCOMPRESSED = b"\x04"
_NATIVE: dict[str, ec.EllipticCurve] = {
    "secp192r1": ec.SECP192R1(),
    "secp224r1": ec.SECP224R1(),
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}
_ECDH = ec.ECDH()


@dataclass(frozen=True, slots=True)
class EllipticGroup:
    """The points of a curve. See Group for what the methods promise.

    Attributes:
        curve: The curve and its own base point.
        generator: Another generator, which a mapping made; None for the curve's own.
    """

    curve: Curve
    generator: Point | None = None

    @property
    def size(self) -> int:
        """Bytes of a coordinate."""
        return self.curve.size

    @property
    def key_agreement(self) -> str:
        """ECDH."""
        return "ECDH"

    @property
    def modulus(self) -> int:
        """The prime of the field."""
        return self.curve.p

    def generate(self) -> KeyPair:
        """Make a fresh key pair."""
        native = _NATIVE.get(self.curve.name)
        if native is None:
            return self.key_pair(plain_points.random_scalar(self.curve))
        handle = ec.generate_private_key(native)
        return self._pair(handle.private_numbers().private_value, handle)

    def key_pair(self, private: int) -> KeyPair:
        """Make the key pair of a known private number, 1 to n - 1."""
        if not 0 < private < self.curve.n:
            raise ValueError("not a private key of this curve")
        return self._pair(private, self._handle(private))

    def check(self, public: bytes) -> None:
        """Check another side's public key."""
        self.decode(public)

    def encode(self, point: Point) -> bytes:
        """Spell a point uncompressed."""
        size = self.size
        return _UNCOMPRESSED + point[0].to_bytes(size, "big") + point[1].to_bytes(size, "big")

    def decode(self, public: bytes) -> Point:
        """Read an uncompressed point and check that it lies on the curve.

        All curves here have prime order, so that every point but infinity (which has no such
        spelling) generates the whole group.

        Raises:
            ChipError: It does not (malformed).
        """
        size, p = self.size, self.curve.p
        if len(public) != 1 + 2 * size or public[:1] != _UNCOMPRESSED:
            raise ChipError("malformed", "not an uncompressed point of the curve")
        x, y = (
            int.from_bytes(public[1 : 1 + size], "big"),
            int.from_bytes(public[1 + size :], "big"),
        )
        if x >= p or y >= p or (y * y - (x * x + self.curve.a) * x - self.curve.b) % p:
            raise ChipError("malformed", "a point beside the curve")
        return x, y

    def agree(self, private: int | KeyPair, peer: bytes) -> bytes:
        """Return the x coordinate of the peer's point taken private times."""
        point = self.decode(peer)
        if isinstance(private, KeyPair):
            number, handle = private.private, private.handle
        else:
            number, handle = private % self.curve.n, None
        if not number:
            raise ChipError("malformed", "a shared secret at infinity")
        if handle is None:
            handle = self._handle(number)
        if isinstance(handle, ec.EllipticCurvePrivateKey):
            return self._exchange(handle, point)
        product = plain_points.multiply(self.curve, number, point)
        if product is None:
            raise ChipError("malformed", "a shared secret at infinity")
        return product[0].to_bytes(self.size, "big")

    def compress(self, public: bytes) -> bytes:
        """Return the x coordinate."""
        return self.decode(public)[0].to_bytes(self.size, "big")

    def times(self, own: KeyPair, peer: bytes) -> bytes:
        """Return the peer's point taken own.private times."""
        handle = self._handle(own.private) if own.handle is None else own.handle
        return self.encode(self._multiply(own.private, handle, self.decode(peer)))

    def combine(self, number: int, element: bytes) -> bytes:
        """Return number times the curve's base point plus a point."""
        curve, point = self.curve, self.decode(element)
        number %= curve.n
        if number:
            handle = self._handle(number)
            if isinstance(handle, ec.EllipticCurvePrivateKey):
                multiple: Point | None = _public(handle)
            else:
                multiple = plain_points.multiply(curve, number, (curve.x, curve.y))
            point = self._sum(multiple, point)
        return self.encode(point)

    def of_number(self, number: int) -> bytes:
        """Map a field element to a point (9303-11, appendix B.2).

        There is no such mapping here where p is 1 modulo 4, which is P-224 alone; the standard
        does not offer integrated mapping on it.
        """
        if self.curve.p % 4 != 3:
            raise ChipError("not_supported", "integrated mapping on this curve")
        point = plain_points.of_number(self.curve, number)
        if point is None:
            raise ChipError("malformed", "a mapping that gives no point")
        return self.encode(point)

    def onto(self, generator: bytes) -> "EllipticGroup":
        """Return the same curve with another generator."""
        return EllipticGroup(self.curve, self.decode(generator))

    def _handle(self, private: int) -> ec.EllipticCurvePrivateKey | None:
        native = _NATIVE.get(self.curve.name)
        if native is None:
            return None
        try:
            return ec.derive_private_key(private, native)
        except UnsupportedAlgorithm:  # a libcrypto built without this curve
            return None

    def _pair(self, private: int, handle: ec.EllipticCurvePrivateKey | None) -> KeyPair:
        if self.generator is not None:
            point = self._multiply(private, handle, self.generator)
        elif handle is not None:
            point = _public(handle)
        else:
            point = self._multiply(private, None, (self.curve.x, self.curve.y))
        return KeyPair(private, self.encode(point), handle)

    def _multiply(self, private: int, handle: object, point: Point) -> Point:
        if not isinstance(handle, ec.EllipticCurvePrivateKey):
            product = plain_points.multiply(self.curve, private, point)
            if product is None:
                raise ChipError("malformed", "a product at infinity")
            return product
        curve, p = self.curve, self.curve.p
        further = self._sum(point, (curve.x, curve.y))
        u, v = _public(handle)
        x = int.from_bytes(self._exchange(handle, point), "big")
        x_further = int.from_bytes(self._exchange(handle, further), "big")
        told = (curve.a + u * x) * (u + x) + 2 * curve.b - x_further * (u - x) ** 2
        return x, told * pow(2 * v, -1, p) % p

    def _sum(self, one: Point | None, other: Point) -> Point:
        """Add two points that are neither equal nor opposite.

        Honest keys are never that; who sends such a key knows a discrete logarithm he should not.
        """
        if one is None or one[0] == other[0]:
            raise ChipError("malformed", "a key that is no fresh key")
        return plain_points.add(self.curve, one, other)

    def _exchange(self, handle: ec.EllipticCurvePrivateKey, point: Point) -> bytes:
        native = _NATIVE[self.curve.name]
        try:
            peer = ec.EllipticCurvePublicNumbers(point[0], point[1], native).public_key()
            return handle.exchange(_ECDH, peer)
        except ValueError:
            raise ChipError("malformed", "a key that gives no shared secret") from None


def _public(handle: ec.EllipticCurvePrivateKey) -> Point:
    numbers = handle.public_key().public_numbers()
    return numbers.x, numbers.y
