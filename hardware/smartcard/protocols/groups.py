"""The groups of key agreements: by standard number, or as a public key carries them itself.

Sources: ICAO Doc 9303-11, 9.5; BSI TR-03110-3, A.2.1 and A.4; RFC 3279, 2.3.3; RFC 5480; TR-03111.
"""

from functools import cache

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.group_interface import Group, KeyPair
from hardware.smartcard.protocols.modp import STANDARDIZED, of_parameters
from hardware.smartcard.tlv import Tlv, parse, parse_one

__all__ = ["Group", "KeyPair", "of_algorithm", "of_public_key_info", "standardized"]

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
EC_KEYS = (bytes.fromhex("2A8648CE3D0201"), bytes.fromhex("2B8104010C"))
"""ecPublicKey (ANSI X9.62) and ecDH (SEC 1)."""
PRIME_FIELD = bytes.fromhex("2A8648CE3D0101")
DH_X942 = bytes.fromhex("2A8648CE3E0201")
DH_PKCS3 = bytes.fromhex("2A864886F70D010301")
BY_NUMBER = bytes.fromhex("04007F00070102")
"""standardizedDomainParameters (TR-03110-3, A.2.1.1): the parameter is a number of 9303-11."""
LONGEST_NUMBER = 513


@cache
def standardized(parameter_id: int) -> Group:
    """Return one of the standardized domain parameters (9303-11, 9.5.1).

    Raises:
        ChipError: The number is reserved (not_supported).
    """
    if parameter_id in STANDARDIZED:
        return STANDARDIZED[parameter_id]
    for curve in CURVES:
        if curve.parameter_id == parameter_id:
            return EllipticGroup(curve)
    raise ChipError("not_supported", "domain parameters of a reserved number")


def of_public_key_info(der: bytes) -> tuple[Group, bytes]:
    """Take a SubjectPublicKeyInfo apart into its group and its public key.

    Curves may be named, or spelt out: then they must be one of those we know. The key is checked.

    Raises:
        ChipError: malformed, or not_supported for a group of another kind.
    """
    algorithm, key = _two(parse_one(der, SEQUENCE))
    if algorithm.tag != SEQUENCE or key.tag != BIT_STRING or key.value[:1] != b"\0":
        raise _malformed()
    group = _of_algorithm(algorithm.value)
    public = key.value[1:]
    if isinstance(group, EllipticGroup):
        group.check(public)
        return group, public
    public = parse_one(public, INTEGER).lstrip(b"\0")
    group.check(public)
    return group, public


def of_algorithm(der: bytes) -> Group:
    """Take an AlgorithmIdentifier that names domain parameters.

    Raises:
        ChipError: malformed, or not_supported for a group of another kind.
    """
    return _of_algorithm(parse_one(der, SEQUENCE))


def _of_algorithm(value: bytes) -> Group:
    identifier, parameters = _two(value)
    if identifier.tag != OBJECT_IDENTIFIER:
        raise _malformed()
    if identifier.value == BY_NUMBER:
        return standardized(_integer(parameters))
    if identifier.value in EC_KEYS:
        return EllipticGroup(_curve(parameters))
    if identifier.value in (DH_X942, DH_PKCS3) and parameters.tag == SEQUENCE:
        numbers = parse(parameters.value)
        has_order = identifier.value == DH_X942
        if len(numbers) < (3 if has_order else 2):
            raise _malformed()
        order = _integer(numbers[2]) if has_order else None
        return of_parameters(_integer(numbers[0]), _integer(numbers[1]), order)
    raise ChipError("not_supported", "a public key of another kind")


def _curve(parameters: Tlv) -> Curve:
    if parameters.tag == OBJECT_IDENTIFIER:
        for curve in CURVES:
            if curve.oid == parameters.value:
                return curve
        raise ChipError("not_supported", "a curve of another name")
    if parameters.tag != SEQUENCE:
        raise _malformed()
    return _spelt_out(parse(parameters.value))


def _spelt_out(fields: list[Tlv]) -> Curve:
    """Recognise the curve of explicit parameters by every number that makes it."""
    if len(fields) < 5 or [field.tag for field in fields[1:4]] != [
        SEQUENCE,
        SEQUENCE,
        OCTET_STRING,
    ]:
        raise _malformed()
    kind, prime = _two(fields[1].value)
    coefficients = parse(fields[2].value)
    if len(coefficients) < 2 or kind.value != PRIME_FIELD:
        raise ChipError("not_supported", "a curve over another field")
    a, b = (int.from_bytes(number.value, "big") for number in coefficients[:2])
    told = (_integer(prime), a, b, _integer(fields[4]))
    for curve in CURVES:
        if told == (curve.p, curve.a, curve.b, curve.n) and _is_base(fields[3].value, curve):
            return curve
    raise ChipError("not_supported", "a curve that nobody named")


def _is_base(point: bytes, curve: Curve) -> bool:
    x, y = curve.x.to_bytes(curve.size, "big"), curve.y.to_bytes(curve.size, "big")
    return point in (b"\x04" + x + y, bytes((2 + (curve.y & 1),)) + x)


def _two(value: bytes) -> tuple[Tlv, Tlv]:
    found = parse(value)
    if len(found) != 2:
        raise _malformed()
    return found[0], found[1]


def _integer(element: Tlv) -> int:
    value = element.value
    if element.tag != INTEGER or not 1 <= len(value) <= LONGEST_NUMBER or value[0] & 0x80:
        raise _malformed()
    return int.from_bytes(value, "big")


def _malformed() -> ChipError:
    return ChipError("malformed", "not a public key")
