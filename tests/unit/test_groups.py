"""Groups agree with plain textbook arithmetic, and refuse what is no honest key."""

import hashlib

import pytest
from asn1crypto import algos, core, keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols import plain_points
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.group_interface import Group
from hardware.smartcard.protocols.groups import of_algorithm, of_public_key_info, standardized
from hardware.smartcard.protocols.modp import NumberGroup, of_parameters
from hardware.smartcard.tlv import build, parse

Point = tuple[int, int] | None
ALL = (0, 1, 2, *range(8, 19))
BY_ID = {curve.parameter_id: curve for curve in CURVES}


def add(curve: Curve, one: Point, other: Point) -> Point:
    """The schoolbook's addition, with all its cases."""
    if one is None or other is None:
        return other if one is None else one
    p = curve.p
    if one[0] == other[0]:
        if (one[1] + other[1]) % p == 0:
            return None
        slope = (3 * one[0] ** 2 + curve.a) * pow(2 * one[1], -1, p) % p
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, p) % p
    x = (slope**2 - one[0] - other[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


def multiply(curve: Curve, scalar: int, point: Point) -> Point:
    """The schoolbook's double and add."""
    found: Point = None
    while scalar:
        if scalar & 1:
            found = add(curve, found, point)
        point = add(curve, point, point)
        scalar >>= 1
    return found


def element(group: Group, scalar: int) -> bytes:
    return group.key_pair(scalar).public


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_the_numbers_of_a_curve_are_a_curves(curve):
    base = (curve.x, curve.y)
    assert (curve.y**2 - curve.x**3 - curve.a * curve.x - curve.b) % curve.p == 0
    assert multiply(curve, curve.n, base) is None
    assert (4 * curve.a**3 + 27 * curve.b**2) % curve.p
    assert pow(2, curve.p - 1, curve.p) == 1 == pow(2, curve.n - 1, curve.n)


@pytest.mark.parametrize("parameter_id", range(3))
def test_the_numbers_of_a_number_group_are_one(parameter_id):
    group = standardized(parameter_id)
    assert isinstance(group, NumberGroup)
    assert group.q is not None
    assert (group.p - 1) % group.q == 0
    assert pow(group.g, group.q, group.p) == 1 != group.g
    assert (group.p.bit_length(), group.q.bit_length()) == (
        (1024, 160),
        (2048, 224),
        (2048, 256),
    )[parameter_id]


@pytest.mark.parametrize("parameter_id", [3, 7, 19, 31, 32, 255])
def test_reserved_numbers_are_not_supported(parameter_id):
    with pytest.raises(ChipError, match="not_supported"):
        standardized(parameter_id)


@pytest.mark.parametrize("parameter_id", ALL)
def test_two_sides_agree(parameter_id):
    group = standardized(parameter_id)
    ours, theirs = group.generate(), group.generate()
    secret = group.agree(ours, theirs.public)
    assert secret == group.agree(theirs.private, ours.public)
    assert len(secret) == group.size
    assert group.compress(group.times(ours, theirs.public)) in (
        secret,
        group.compress(group.times(theirs, ours.public)),
    )
    assert group.times(ours, theirs.public) == group.times(theirs, ours.public)
    assert group.key_pair(ours.private).public == ours.public
    assert "private" not in repr(ours)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_products_are_the_schoolbooks(curve, data):
    group = EllipticGroup(curve)
    scalars = st.integers(3, curve.n - 3)
    own, peer, nonce = data.draw(scalars), data.draw(scalars), data.draw(st.integers(1, 2**128))
    base = (curve.x, curve.y)
    pair = group.key_pair(own)
    assert group.decode(pair.public) == multiply(curve, own, base)
    other = group.key_pair(peer).public
    shared = multiply(curve, own * peer % curve.n, base)
    assert group.decode(group.times(pair, other)) == shared
    mapped = group.combine(nonce, group.times(pair, other))
    assert group.decode(mapped) == add(curve, multiply(curve, nonce, base), shared)
    onto = group.onto(mapped)
    assert onto.decode(onto.key_pair(own).public) == multiply(curve, own, group.decode(mapped))


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_plain_products_at_the_edges(curve):
    base = (curve.x, curve.y)
    assert plain_points.multiply(curve, 0, base) is None
    assert plain_points.multiply(curve, 1, base) == base
    assert plain_points.multiply(curve, 2, base) == add(curve, base, base)
    assert plain_points.multiply(curve, curve.n - 1, base) == (curve.x, curve.p - curve.y)


@pytest.mark.parametrize("parameter_id", [12, 13, 14])
def test_infinity_is_refused(parameter_id):
    group, curve = standardized(parameter_id), BY_ID[parameter_id]
    peer = element(group, 12345)
    for number in (0, curve.n):
        with pytest.raises(ChipError, match="malformed"):
            group.agree(number, peer)
    for number in (0, curve.n, -1):
        with pytest.raises(ValueError, match="private"):
            group.key_pair(number)
    with pytest.raises(ChipError, match="malformed"):  # 3 G + (-3 G)
        group.combine(3, element(group, curve.n - 3))
    assert group.combine(0, peer) == peer


@pytest.mark.parametrize("parameter_id", [12, 13, 16])
def test_the_base_point_is_no_fresh_key(parameter_id):
    group, curve = standardized(parameter_id), BY_ID[parameter_id]
    for scalar in (1, curve.n - 1):
        with pytest.raises(ChipError, match="malformed"):
            group.times(group.generate(), element(group, scalar))


@pytest.mark.parametrize("parameter_id", range(8, 19))
def test_points_beside_the_curve_are_refused(parameter_id):
    group, curve = standardized(parameter_id), BY_ID[parameter_id]
    good = element(group, 7)
    size = curve.size
    wrong = (
        b"",
        b"\0",
        good[:-1],
        good + b"\0",
        b"\2" + good[1 : 1 + size],
        b"\6" + good[1:],
        b"\4" + bytes(2 * size),
        good[:-1] + bytes((good[-1] ^ 1,)),
        b"\4" + (int.from_bytes(good[1 : 1 + size], "big") + curve.p).to_bytes(size + 1, "big"),
        b"\4" + b"\xff" * (2 * size),
    )
    for public in wrong:
        with pytest.raises(ChipError, match="malformed"):
            group.check(public)
        with pytest.raises(ChipError, match="malformed"):
            group.agree(5, public)
        with pytest.raises(ChipError, match="malformed"):
            group.compress(public)


@pytest.mark.parametrize("parameter_id", range(3))
def test_numbers_outside_the_group_are_refused(parameter_id):
    group = standardized(parameter_id)
    assert isinstance(group, NumberGroup)
    outside = next(x for x in range(2, 99) if pow(x, group.q or 0, group.p) != 1)
    for number in (0, 1, group.p - 1, group.p, group.p + group.g, outside, 1 << 5000):
        public = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
        with pytest.raises(ChipError, match="malformed"):
            group.agree(5, public)
        with pytest.raises(ChipError, match="malformed"):
            group.check(public)


def test_comp_of_a_number_is_its_sha1():
    group = standardized(0)
    public = element(group, 9)
    assert group.compress(public) == hashlib.sha1(public, usedforsecurity=False).digest()


@pytest.mark.parametrize("parameter_id", [0, 12, 13, 14, 15, 17, 18])
@settings(max_examples=10, deadline=None)
@given(number=st.integers(0, 2**700))
def test_any_number_maps_into_the_group(parameter_id, number):
    group = standardized(parameter_id)
    number %= group.modulus
    if 1 < number < group.modulus - 1:  # the three others have no image on most curves
        group.check(group.of_number(number))


def test_integrated_mapping_is_not_for_p224():
    with pytest.raises(ChipError, match="not_supported"):
        standardized(10).of_number(5)


NAMED: tuple[ec.EllipticCurve, ...] = (
    ec.SECP192R1(),
    ec.SECP224R1(),
    ec.SECP256R1(),
    ec.SECP384R1(),
    ec.SECP521R1(),
    ec.BrainpoolP256R1(),
    ec.BrainpoolP384R1(),
    ec.BrainpoolP512R1(),
)


@pytest.mark.parametrize("curve", NAMED, ids=lambda curve: curve.name)
def test_a_named_curve_is_read(curve):
    key = ec.generate_private_key(curve).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    group, public = of_public_key_info(der)
    assert isinstance(group, EllipticGroup)
    assert group.curve.name == curve.name
    assert public == key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def spelt_out(curve: Curve, changes: dict[str, object] | None = None) -> bytes:
    """A key with explicit parameters, as older documents carry it."""
    size = curve.size
    base = b"\4" + curve.x.to_bytes(size, "big") + curve.y.to_bytes(size, "big")
    fields: dict[str, object] = {
        "version": "ecdpVer1",
        "field_id": {"field_type": "prime_field", "parameters": curve.p},
        "curve": {"a": curve.a.to_bytes(size, "big"), "b": curve.b.to_bytes(size, "big")},
        "base": keys.ECPoint(base),
        "order": curve.n,
        "cofactor": 1,
    }
    domain = keys.SpecifiedECDomain(fields | (changes or {}))
    return keys.PublicKeyInfo(
        {
            "algorithm": {
                "algorithm": "ec",
                "parameters": keys.ECDomainParameters("specified", domain),
            },
            "public_key": keys.ECPointBitString(element(EllipticGroup(curve), 77)),
        }
    ).dump()


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_explicit_parameters_are_recognised(curve):
    group, public = of_public_key_info(spelt_out(curve))
    assert group == standardized(curve.parameter_id)
    assert public == element(group, 77)


def test_explicit_parameters_with_one_other_number_are_no_known_curve():
    curve = BY_ID[13]
    other_base = EllipticGroup(curve).key_pair(2).public
    wrong: tuple[dict[str, object], ...] = (
        {"field_id": {"field_type": "prime_field", "parameters": curve.p + 2}},
        {"curve": {"a": bytes(32), "b": curve.b.to_bytes(32, "big")}},
        {"curve": {"a": curve.a.to_bytes(32, "big"), "b": bytes(32)}},
        {"base": keys.ECPoint(other_base)},
        {"order": curve.n - 2},
    )
    for changes in wrong:
        with pytest.raises(ChipError, match="not_supported"):
            of_public_key_info(spelt_out(curve, changes))


class _Numbers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.Integer


@pytest.mark.parametrize("identifier", ["2A8648CE3E0201", "2A864886F70D010301"])
def test_a_number_key_is_read(identifier):
    known = standardized(2)
    assert isinstance(known, NumberGroup)
    has_order = identifier == "2A8648CE3E0201"
    numbers = [known.p, known.g, *([known.q] if has_order else [])]
    algorithm = build(0x30, build(6, bytes.fromhex(identifier)) + _Numbers(numbers).dump())
    public = element(known, 99)
    key = build(3, b"\0" + core.Integer(int.from_bytes(public, "big")).dump())
    group, found = of_public_key_info(build(0x30, algorithm + key))
    assert found == public
    assert group == NumberGroup(known.p, known.g, known.q if has_order else None)
    ours = group.generate()
    assert group.agree(ours, public) == known.agree(99, ours.public)


def test_parameters_that_make_no_group_are_refused():
    known = standardized(0)
    assert isinstance(known, NumberGroup)
    p, g, q = known.p, known.g, known.q
    for numbers in ((p + 1, g, q), (p, 1, q), (p, p, q), (p, g, 3), (p, g, p), (23, 5, None)):
        with pytest.raises(ChipError, match="malformed"):
            of_parameters(*numbers)
    with pytest.raises(ChipError, match="malformed"):
        of_parameters((1 << 9000) + 1, 3, None)


def test_standardized_parameters_by_number():
    told = build(0x30, build(6, bytes.fromhex("04007F00070102")) + build(2, b"\x0d"))
    assert of_algorithm(told) == standardized(13)


def test_other_keys_are_not_supported():
    rsa = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}).dump()
    with pytest.raises(ChipError, match="not_supported"):
        of_algorithm(rsa)
    named = build(
        0x30, build(6, bytes.fromhex("2A8648CE3D0201")) + build(6, b"\x2b\x81\x04\x00\x0a")
    )
    with pytest.raises(ChipError, match="not_supported"):
        of_algorithm(named)


@given(st.binary(max_size=120))
def test_noise_is_no_key(noise):
    with pytest.raises(ChipError):
        of_public_key_info(noise)


@settings(deadline=None)
@given(at=st.integers(0, 300), value=st.integers(0, 255))
def test_a_key_with_one_other_byte_is_read_or_refused(at, value):
    der = bytearray(spelt_out(BY_ID[12]))
    der[at % len(der)] = value
    try:
        group, public = of_public_key_info(bytes(der))
        group.check(public)
    except ChipError:
        return
    assert parse(bytes(der))
