"""Invented holders of identity chips, and chips in memory."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from PIL import Image

from hardware.simulation.chip import SimulatedChip, blank_chip, personalised_chip
from hardware.simulation.chip.objects import encode as object_of
from hardware.smartcard.lds import ChipContent, FingerRecord
from hardware.smartcard.mrz import Mrz

SERIAL = "0A0B0C0D01020304"
CAN = "123456"
INFORMATION = "L898902C<369080619406236"
"""Document number, birth and expiry with check digits (ICAO Doc 9303-11 appendix D)."""
ZONE = "I<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
GROUP_1 = object_of(0x61, object_of(0x5F1F, ZONE.encode()))

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def jpeg(width: int = 48, height: int = 64) -> bytes:
    """A small picture of nobody."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def minutiae(position: int, count: int = 3) -> bytes:
    """An ISO 19794-2:2005 record with a few invented minutiae."""
    body = bytes([0, 0]) + bytes([0x01, 0x40, 0x01, 0x90, 0, 197, 0, 197, 1, 0])
    body += bytes([position, 0, 90, count])
    for number in range(count):
        body += (0x4000 | 20 * number + 5).to_bytes(2, "big") + bytes([0, 30 + number, 17, 80])
    body += bytes(2)
    return b"FMR\x00 20\x00" + (12 + len(body)).to_bytes(4, "big") + body


def content(**changes: object) -> ChipContent:
    """The chip of an invented person."""
    values: dict[str, object] = {
        "mrz": Mrz(
            "Z6833655",
            "CHAN",
            "TAI MAN",
            "M",
            date(1961, 7, 1),
            date(2036, 6, 30),
            "CHN",
            "HKG",
        ),
        "portrait_jpeg": jpeg(),
        "fingers": (FingerRecord(1, minutiae(1)), FingerRecord(6, minutiae(6))),
        "chinese_name": "陳大文",
        "personal_number": "Z683365(5)",
        "place_of_birth": "香港",
        "address": "九龍某街一號",
    }
    return ChipContent(**(values | changes))  # type: ignore[arg-type] # a builder of test values


def chip_in_memory(serial: str = SERIAL) -> SimulatedChip:
    """A blank chip that nothing saves."""
    return SimulatedChip(blank_chip(serial), lambda: None)


def powered(memory: dict[str, Any]) -> SimulatedChip:
    """Give a chip power; nothing saves it."""
    return SimulatedChip(memory, lambda: None)


def security_infos(*infos: tuple[str, Sequence[bytes]]) -> bytes:
    """A SET of SecurityInfo: each its object identifier in hexadecimal, then its DER parts."""
    coded = (object_of(0x06, bytes.fromhex(oid)) + b"".join(parts) for oid, parts in infos)
    return object_of(0x31, b"".join(object_of(0x30, one) for one in coded))


def number(value: int) -> bytes:
    """A DER INTEGER."""
    return object_of(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def pace_info(kind: int, suite: int, parameters: int) -> tuple[str, Sequence[bytes]]:
    """A PACEInfo; kind 1 DH-GM, 2 ECDH-GM, 3 DH-IM, 4 ECDH-IM, 6 ECDH-CAM; suite 1 to 4."""
    return f"04007F00070202 04{kind:02X}{suite:02X}", [number(2), number(parameters)]


def pkcs8(key: Key) -> str:
    """A private key as a chip's memory holds it."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).hex()


def public_info(key: Key) -> bytes:
    """A SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def group_14(keys: Sequence[tuple[Key, int | None]], suites: Sequence[int]) -> bytes:
    """DG14 with keys for Chip Authentication, each offered with these suites, 1 to 4."""
    infos: list[tuple[str, Sequence[bytes]]] = []
    for key, number_of_key in keys:
        suffix = [] if number_of_key is None else [number(number_of_key)]
        infos.append(("04007F0007020201 02", [public_info(key), *suffix]))
        infos += [(f"04007F0007020203 02{suite:02X}", [number(1), *suffix]) for suite in suites]
    return object_of(0x6E, security_infos(*infos))


def issued_chip(
    *,
    files: Mapping[int, bytes] | None = None,
    pace: Sequence[tuple[int, int, int]] = ((2, 2, 12),),
    agreement: Sequence[tuple[ec.EllipticCurve, int | None]] = ((ec.SECP256R1(), None),),
    agreement_suites: Sequence[int] = (1, 2),
    signing_key: Key | None = None,
    mapping_key: ec.EllipticCurvePrivateKey | None = None,
    trust_points: Sequence[bytes] = (),
    **changes: Any,
) -> dict[str, Any]:
    """The memory of a locked chip, issued without the ceremony of personalisation.

    Args:
        files: The application's files; DG1 and DG14 are added.
        pace: PACEInfos of EF.CardAccess, as for pace_info.
        agreement: Curves and key numbers for Chip Authentication.
        agreement_suites: Suites that Chip Authentication is offered with.
        signing_key: The key for Active Authentication; DG15 is added.
        mapping_key: The chip's own key for the mapping of that name.
        trust_points: CV certificates.
        changes: Other values of the memory, such as passwords or date.
    """
    keys = [(ec.generate_private_key(curve), number_of_key) for curve, number_of_key in agreement]
    held = {0x0101: GROUP_1, 0x010E: group_14(keys, agreement_suites), **(files or {})}
    if signing_key is not None:
        held[0x010F] = object_of(0x6F, public_info(signing_key))
    access = security_infos(*(pace_info(*one) for one in pace))
    memory = blank_chip(SERIAL) | {
        "locked": True,
        "files": {f"{fid:04X}": data.hex() for fid, data in held.items()},
        "master_files": {"011C": access.hex()} if pace else {},
        "passwords": {"mrz": INFORMATION, "can": CAN},
        "agreement_keys": [{"id": name, "key": pkcs8(key)} for key, name in keys],
        "trust_points": [one.hex() for one in trust_points],
        "date": "260101",
    }
    if signing_key is not None:
        memory["signing_key"] = pkcs8(signing_key)
    if mapping_key is not None:
        memory["mapping_key"] = pkcs8(mapping_key)
    return memory | changes


__all__ = [
    "CAN",
    "GROUP_1",
    "INFORMATION",
    "SERIAL",
    "ZONE",
    "chip_in_memory",
    "content",
    "issued_chip",
    "jpeg",
    "minutiae",
    "personalised_chip",
    "powered",
]
