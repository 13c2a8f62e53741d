"""Active Authentication: against the simulated chip, and signatures made by hand."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard import tlv
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.ec_signature import verify_plain
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import active_authentication, pace
from hardware.smartcard.protocols.active_authentication import EcKey, RsaKey, public_key, verify
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.plain_points import multiply
from hardware.smartcard.protocols.security_infos import parse
from tests.support.chips import CAN, Key, issued_chip, powered

CHALLENGE = bytes(range(8))
SMALL = 1280
RSA_KEY = rsa.generate_private_key(65537, SMALL)
RSA_NUMBERS = RSA_KEY.private_numbers()
PUBLIC = RsaKey(RSA_NUMBERS.public_numbers.n, RSA_NUMBERS.public_numbers.e)
HASH_NUMBERS = {"sha1": 0x33, "sha224": 0x38, "sha256": 0x34, "sha384": 0x36, "sha512": 0x35}


def opened(key: Key) -> tuple[CardLink, bytes]:
    memory = issued_chip(signing_key=key)
    chip = powered(memory)
    link = CardLink(chip, chip.atr)
    info = pace.choose(parse(link.read_file(0x011C)))
    assert info is not None
    pace.run(link, info, Password.can(CAN))
    link.select_application(bytes.fromhex("A0000002471001"))
    return link, link.read_file(0x010F)


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, SMALL),
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP224R1()),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.BrainpoolP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=lambda key: f"{type(key).__name__}-{key.key_size}",
)
def test_a_chip_proves_itself(key):
    link, group = opened(key)
    before = link.apdus
    active_authentication.run(link, group)
    assert link.apdus - before <= 2
    link.read_file(0x0101)


@pytest.mark.parametrize("make", [lambda: rsa.generate_private_key(65537, SMALL),
                                  lambda: ec.generate_private_key(ec.SECP256R1())])  # fmt: skip
def test_a_copy_does_not(make):
    link, _ = opened(make())
    _, other = opened(make())
    with pytest.raises(ChipError) as caught:
        active_authentication.run(link, other)
    assert caught.value.reason == "not_genuine"


def test_a_chip_without_the_key_does_not():
    _, group = opened(RSA_KEY)
    with pytest.raises(ChipError, match="Active Authentication refused"):
        active_authentication.run(CardLink(powered(issued_chip())), group)


def recoverable(first: bytes, name: str, trailer: bytes, head: bytes = b"\x6a") -> bytes:
    """Sign as ISO/IEC 9796-2 scheme 1 does, with an explicit first part of the message."""
    digest = hashlib.new(name, first + CHALLENGE).digest()
    return powers(head + first + digest + trailer)


def powers(block: bytes) -> bytes:
    number = pow(int.from_bytes(block, "big"), RSA_NUMBERS.d, PUBLIC.modulus)
    return number.to_bytes(PUBLIC.size, "big")


def room(name: str, trailer: bytes) -> int:
    return PUBLIC.size - 1 - hashlib.new(name).digest_size - len(trailer)


@pytest.mark.parametrize("name", HASH_NUMBERS)
def test_every_hash_with_its_trailer(name):
    trailer = bytes((HASH_NUMBERS[name], 0xCC))
    signature = recoverable(b"\x5a" * (room(name, trailer)), name, trailer)
    verify(PUBLIC, CHALLENGE, signature)
    with pytest.raises(ChipError, match="not_genuine"):
        verify(PUBLIC, bytes(8), signature)


def test_a_shorter_first_part_is_padded():
    head = b"\x6b" + b"\xbb" * 9 + b"\xba"
    first = b"\x5a" * (room("sha1", b"\xbc") - 10)
    verify(PUBLIC, CHALLENGE, recoverable(first, "sha1", b"\xbc", head))


def test_the_other_representative_is_taken():
    """ISO/IEC 9796-2, 7.1: a signer may give the smaller of s and n - s."""
    signature = recoverable(b"\x5a" * (room("sha1", b"\xbc")), "sha1", b"\xbc")
    other = PUBLIC.modulus - int.from_bytes(signature, "big")
    verify(PUBLIC, CHALLENGE, other.to_bytes(PUBLIC.size, "big"))


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(PUBLIC.size),
        b"\xff" * PUBLIC.size,
        powers(b"\x6a" + bytes(PUBLIC.size - 2) + b"\xbc"),
        powers(b"\x4a" + bytes(PUBLIC.size - 2) + b"\xbc"),
        powers(b"\x6b" + b"\xbb" * (PUBLIC.size - 2) + b"\xbc"),
        powers(b"\x6a" + bytes(PUBLIC.size - 3) + b"\x31\xcc"),
        powers(b"\x6a" + bytes(PUBLIC.size - 2) + b"\xcc"),
        recoverable(bytes(room("sha1", b"\xbc")), "sha1", b"\xbc")[1:],
        recoverable(bytes(room("sha1", b"\xbc")), "sha1", b"\xbc", b"\x4a"),
    ],
)
def test_signatures_that_are_none(signature):
    with pytest.raises(ChipError, match="not_genuine"):
        verify(PUBLIC, CHALLENGE, signature)


def signed(curve: Curve, private: int, name: str, message: bytes, nonce: int = 12345) -> bytes:
    """ECDSA by the book, with plain numbers and a nonce that everybody knows."""
    digest = hashlib.new(name, message).digest()
    bits = max(8 * len(digest) - curve.n.bit_length(), 0)
    number = int.from_bytes(digest, "big") >> bits
    point = multiply(curve, nonce, (curve.x, curve.y))
    assert point is not None
    r = point[0] % curve.n
    s = pow(nonce, -1, curve.n) * (number + r * private) % curve.n
    size = (curve.n.bit_length() + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
@pytest.mark.parametrize("name", ["sha1", "sha256", "sha512"])
def test_every_curve_with_every_hash(curve, name):
    private = 0x1234567
    public = EllipticGroup(curve).key_pair(private).public
    signature = signed(curve, private, name, CHALLENGE)
    assert verify_plain(curve, public, name, CHALLENGE, signature)
    assert not verify_plain(curve, public, name, bytes(8), signature)
    half = len(signature) // 2
    order = curve.n.to_bytes(half, "big")
    for wrong in (b"", signature[1:], signature + b"\0\0", bytes(2 * half),
                  order + signature[half:], signature[:half] + order,
                  signature[half:] + signature[:half]):  # fmt: skip
        assert not verify_plain(curve, public, name, CHALLENGE, wrong)


def test_the_hash_that_dg14_names_counts():
    curve = next(curve for curve in CURVES if curve.name == "brainpoolP224r1")
    key = EcKey(curve, EllipticGroup(curve).key_pair(99).public)
    signature = signed(curve, 99, "sha1", CHALLENGE)
    verify(key, CHALLENGE, signature, "0.4.0.127.0.7.1.1.4.1.1")
    with pytest.raises(ChipError, match="not_genuine"):
        verify(key, CHALLENGE, signature)
    for unknown in ("0.4.0.127.0.7.1.1.4.1.6", "1.2.840.10045.4.3.2"):
        with pytest.raises(ChipError, match="not_supported"):
            verify(key, CHALLENGE, signature, unknown)


def of_rsa(modulus: int, exponent: int) -> bytes:
    numbers = b"".join(
        tlv.build(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))
        for number in (modulus, exponent)
    )
    algorithm = tlv.build(6, bytes.fromhex("2A864886F70D010101")) + b"\x05\0"
    key = tlv.build(3, b"\0" + tlv.build(0x30, numbers))
    return tlv.build(0x6F, tlv.build(0x30, tlv.build(0x30, algorithm) + key))


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        (of_rsa(2**500 + 1, 3), "not_supported"),
        (of_rsa(2**9000 + 1, 3), "not_supported"),
        (of_rsa(PUBLIC.modulus, 1), "malformed"),
        (of_rsa(PUBLIC.modulus, PUBLIC.modulus + 2), "malformed"),
        (of_rsa(PUBLIC.modulus - 1, 3), "malformed"),
        (b"", "malformed"),
        (b"\x6f\x00", "malformed"),
        (b"\x6f\x02\x30\x00", "malformed"),
    ],
)
def test_keys_that_are_none(group, reason):
    with pytest.raises(ChipError) as caught:
        public_key(group)
    assert caught.value.reason == reason


GENUINE = tlv.build(
    0x6F, RSA_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)


@given(st.data())
def test_damaged_keys_end_in_a_chip_error(data):
    at = data.draw(st.integers(0, len(GENUINE) - 1))
    damaged = GENUINE[:at] + data.draw(st.binary(max_size=9)) + GENUINE[at + 3 :]
    try:
        verify(public_key(damaged), CHALLENGE, bytes(PUBLIC.size))
    except ChipError:
        return
