"""Chips as forgers make them, from the memory of a genuine one."""

from copy import deepcopy

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hardware.simulation.chip.keys import PrivateKey, private_key
from hardware.simulation.chip.memory import Memory


def cloned(memory: Memory) -> Memory:
    """Return a chip with all that can be read of a genuine one, its signature too.

    The private keys cannot be read, so the copy has others, of the same kind: it fails Chip
    Authentication, Active Authentication and the check of the mapping.
    """
    copy = deepcopy(memory)
    for entry in copy.get("agreement_keys", []):
        entry["key"] = _another(entry["key"])
    for name in ("mapping_key", "signing_key"):
        if copy.get(name):
            copy[name] = _another(copy[name])
    if numbers := copy.get("signing_numbers"):
        other = rsa.generate_private_key(65537, int(numbers["modulus"], 16).bit_length())
        numbers["exponent"] = _hexadecimal(other.private_numbers().d)
    return copy


def altered(memory: Memory, fid: int) -> Memory:
    """Return a chip of which one bit of a file of the application is another.

    It is the lowest of the last byte, so that the file still has its shape.

    Raises:
        KeyError: The chip has no such file.
    """
    copy = deepcopy(memory)
    content = bytearray.fromhex(copy["files"][f"{fid:04X}"])
    content[-1] ^= 1
    copy["files"][f"{fid:04X}"] = content.hex()
    return copy


def _another(pkcs8: str) -> str:
    genuine = private_key(bytes.fromhex(pkcs8))
    other: PrivateKey
    if isinstance(genuine, ec.EllipticCurvePrivateKey):
        other = ec.generate_private_key(genuine.curve)
    else:
        other = rsa.generate_private_key(65537, genuine.key_size)
    return other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).hex()


def _hexadecimal(number: int) -> str:
    return number.to_bytes((number.bit_length() + 7) // 8, "big").hex()
