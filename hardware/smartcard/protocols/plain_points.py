"""Points on a curve in plain integers: additions, mappings, and products where nothing is quicker.

The product is for curves that no library here offers. It does the same steps whatever the scalar
is, but Python's integers take time according to their size: use it for nothing but keys that
live for one session on a terminal.
"""

import secrets

from hardware.smartcard.protocols.curves import Curve

Point = tuple[int, int]
Projective = tuple[int, int, int]


def random_scalar(curve: Curve) -> int:
    """Return a private number, 1 to n - 1, from the system's random source."""
    return secrets.randbelow(curve.n - 1) + 1


def add(curve: Curve, one: Point, other: Point) -> Point:
    """Add two points whose x coordinates differ."""
    p = curve.p
    slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, p) % p
    x = (slope * slope - one[0] - other[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


def multiply(curve: Curve, scalar: int, point: Point) -> Point | None:
    """Return a point taken scalar times (0 to n - 1), by a ladder; None is infinity."""
    # With n or 2n added all scalars have one length, and the product stays the same.
    length = curve.n.bit_length() + 1
    scalar += curve.n
    if scalar.bit_length() < length:
        scalar += curve.n
    rungs: list[Projective] = [(0, 1, 0), (point[0], point[1], 1)]
    for at in range(length - 1, -1, -1):
        bit = scalar >> at & 1
        rungs[1 - bit] = _sum(curve, rungs[0], rungs[1])
        rungs[bit] = _sum(curve, rungs[bit], rungs[bit])
    x, y, z = rungs[0]
    if not z:
        return None
    inverse = pow(z, -1, curve.p)
    return x * inverse % curve.p, y * inverse % curve.p


def of_number(curve: Curve, t: int) -> Point | None:
    """Map a field element to a point of a curve whose p is 3 modulo 4 (9303-11, appendix B.2).

    The names are the appendix's own. None where the curve's order has no such point.
    """
    p, a, b = curve.p, curve.a, curve.b
    alpha = -t * t % p
    # Powers to p - 2 are inverses, and give zero for zero as the appendix wants it.
    x2 = -b * pow(a, p - 2, p) * (1 + pow(alpha + alpha * alpha, p - 2, p)) % p
    x3 = alpha * x2 % p
    h2 = (x2 * x2 * x2 + a * x2 + b) % p
    u = t * t * t * h2 % p
    root = pow(h2, p - 1 - (p + 1) // 4, p)
    if root * root * h2 % p == 1:
        return x2, root * h2 % p
    point = x3, root * u % p
    return point if (point[1] ** 2 - point[0] ** 3 - a * point[0] - b) % p == 0 else None


def _sum(curve: Curve, one: Projective, other: Projective) -> Projective:
    """Add any two points of a curve of odd order, without a case of its own for any of them.

    The complete law of Bosma and Lenstra, as Renes, Costello and Batina arrange it (Eurocrypt
    2016): x = X/Z, y = Y/Z, and infinity is (0 : 1 : 0).
    """
    p, a, triple_b = curve.p, curve.a, 3 * curve.b
    x1, y1, z1 = one
    x2, y2, z2 = other
    xx, yy, zz = x1 * x2 % p, y1 * y2 % p, z1 * z2 % p
    xy = ((x1 + y1) * (x2 + y2) - xx - yy) % p
    xz = ((x1 + z1) * (x2 + z2) - xx - zz) % p
    yz = ((y1 + z1) * (y2 + z2) - yy - zz) % p
    shift = (a * xz + triple_b * zz) % p
    low, high = yy - shift, yy + shift
    slope = 3 * xx + a * zz
    cross = (triple_b * xz + a * (xx - a * zz)) % p
    return (
        (xy * low - yz * cross) % p,
        (low * high + slope * cross) % p,
        (yz * high + xy * slope) % p,
    )
