"""SecurityInfos: the protocols that a chip says it can do, in EF.CardAccess, DG14, EF.CardSecurity.

Sources: ICAO Doc 9303-11, 9.2; BSI TR-03110-3, A.1.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import Cipher
from hardware.smartcard.tlv import Tlv, build, parse_one
from hardware.smartcard.tlv import parse as parse_tlv

MOST_INFOS = 64
DG14 = 0x6E
SET, SEQUENCE, INTEGER, OBJECT_IDENTIFIER = 0x31, 0x30, 0x02, 0x06
_PROTOCOLS = bytes.fromhex("04007F00070202")
"""0.4.0.127.0.7.2.2: the protocols of the BSI."""
_CHIP_KEY, _TERMINAL_AUTHENTICATION, _CHIP_AUTHENTICATION, _PACE = 1, 2, 3, 4
_ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
"""2.23.136.1.1.5."""
_MAPPINGS = {
    1: ("GM", "DH"),
    2: ("GM", "ECDH"),
    3: ("IM", "DH"),
    4: ("IM", "ECDH"),
    6: ("CAM", "ECDH"),
}
_AGREEMENTS = {1: "DH", 2: "ECDH"}
_CIPHERS = {cipher.value: cipher for cipher in Cipher}


@dataclass(frozen=True, slots=True)
class PaceInfo:
    """One way in which the chip does PACE.

    Attributes:
        oid: The content octets of the object identifier.
        parameter_id: The number of the domain parameters.
        mapping: GM, IM or CAM.
        key_agreement: ECDH or DH.
        is_ambiguous: Whether the chip has other domain parameters for PACE too, so that the
            terminal must say which it means.
        algorithm: The AlgorithmIdentifier of domain parameters of the chip's own, DER.
    """

    oid: bytes
    version: int
    parameter_id: int | None
    mapping: str
    key_agreement: str
    cipher: Cipher
    is_ambiguous: bool = False
    algorithm: bytes | None = None


@dataclass(frozen=True, slots=True)
class ChipAuthenticationInfo:
    """One way in which the chip does Chip Authentication, with the key of this number if any."""

    oid: bytes
    version: int
    key_id: int | None
    cipher: Cipher
    key_agreement: str


@dataclass(frozen=True, slots=True)
class ChipKey:
    """A public key of the chip: SubjectPublicKeyInfo, DER."""

    spki: bytes
    key_id: int | None


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    """All that was understood. Protocols that we do not know are left out, but for der.

    Attributes:
        active_authentication: The signature algorithm of Active Authentication in dots, where
            the chip signs with ECDSA and so must tell.
        terminal_authentication: The version of Terminal Authentication.
        der: Every SecurityInfo as it stands, for comparing two files.
    """

    pace: tuple[PaceInfo, ...] = ()
    chip_authentication: tuple[ChipAuthenticationInfo, ...] = ()
    chip_keys: tuple[ChipKey, ...] = ()
    active_authentication: str | None = None
    terminal_authentication: int | None = None
    der: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class _Info:
    oid: bytes
    required: Tlv
    optional: Tlv | None


def dotted(oid: bytes) -> str:
    """Spell the content octets of an object identifier in dots.

    Raises:
        ChipError: They are cut short or far too long (malformed).
    """
    if not oid or oid[-1] & 0x80 or len(oid) > 32:
        raise _malformed()
    arcs, value = [], 0
    for octet in oid:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def parse(der: bytes) -> SecurityInfos:
    """Read a SET of SecurityInfo, or a whole DG14 around it.

    Raises:
        ChipError: It is not that (malformed).
    """
    if der[:1] == bytes((DG14,)):
        der = parse_one(der, DG14)
    elements = parse_tlv(parse_one(der, SET))
    if len(elements) > MOST_INFOS or any(element.tag != SEQUENCE for element in elements):
        raise _malformed()
    infos = [_info(element.value) for element in elements]
    ours = [info for info in infos if info.oid.startswith(_PROTOCOLS)]
    versions = [
        _number(info.required)
        for info in ours
        if info.oid[7:] == bytes((_TERMINAL_AUTHENTICATION,))
    ]
    return SecurityInfos(
        pace=_with_parameters(list(_pace(ours)), ours),
        chip_authentication=tuple(_chip_authentication(ours)),
        chip_keys=tuple(_chip_keys(ours)),
        active_authentication=_signature(infos),
        terminal_authentication=max(versions, default=None),
        der=frozenset(build(SEQUENCE, element.value) for element in elements),
    )


def _info(value: bytes) -> _Info:
    fields = parse_tlv(value)
    if not 2 <= len(fields) <= 3 or fields[0].tag != OBJECT_IDENTIFIER:
        raise _malformed()
    return _Info(fields[0].value, fields[1], fields[2] if len(fields) == 3 else None)


def _pace(infos: list[_Info]) -> Iterator[PaceInfo]:
    for info in infos:
        arcs = info.oid[7:]
        if len(arcs) == 3 and arcs[0] == _PACE and arcs[1] in _MAPPINGS and arcs[2] in _CIPHERS:
            mapping, agreement = _MAPPINGS[arcs[1]]
            number = None if info.optional is None else _number(info.optional)
            yield PaceInfo(
                info.oid, _number(info.required), number, mapping, agreement, _CIPHERS[arcs[2]]
            )


def _with_parameters(found: list[PaceInfo], infos: list[_Info]) -> tuple[PaceInfo, ...]:
    """Give each way of PACE its own domain parameters, and see whether there are several."""
    own: dict[tuple[int, int | None], bytes] = {}
    for info in infos:
        if len(info.oid) == 9 and info.oid[7] == _PACE and info.required.tag == SEQUENCE:
            number = None if info.optional is None else _number(info.optional)
            own[info.oid[8], number] = build(SEQUENCE, info.required.value)
    is_ambiguous = len({info.parameter_id for info in found}) > 1
    return tuple(
        replace(
            info,
            is_ambiguous=is_ambiguous,
            algorithm=own.get((info.oid[8], info.parameter_id)),
        )
        for info in found
    )


def _chip_authentication(infos: list[_Info]) -> Iterator[ChipAuthenticationInfo]:
    for info in infos:
        arcs = info.oid[7:]
        is_known = len(arcs) == 3 and arcs[0] == _CHIP_AUTHENTICATION
        if is_known and arcs[1] in _AGREEMENTS and arcs[2] in _CIPHERS:
            yield ChipAuthenticationInfo(
                info.oid,
                _number(info.required),
                None if info.optional is None else _number(info.optional),
                _CIPHERS[arcs[2]],
                _AGREEMENTS[arcs[1]],
            )


def _chip_keys(infos: list[_Info]) -> Iterator[ChipKey]:
    for info in infos:
        arcs = info.oid[7:]
        if len(arcs) == 2 and arcs[0] == _CHIP_KEY and arcs[1] in _AGREEMENTS:
            if info.required.tag != SEQUENCE:
                raise _malformed()
            key_id = None if info.optional is None else _number(info.optional)
            yield ChipKey(build(SEQUENCE, info.required.value), key_id)


def _signature(infos: list[_Info]) -> str | None:
    found = [info.optional for info in infos if info.oid == _ACTIVE_AUTHENTICATION]
    if not found:
        return None
    if len(found) != 1 or found[0] is None or found[0].tag != OBJECT_IDENTIFIER:
        raise _malformed()
    return dotted(found[0].value)


def _number(element: Tlv) -> int:
    if element.tag != INTEGER or not 1 <= len(element.value) <= 4 or element.value[0] & 0x80:
        raise _malformed()
    return int.from_bytes(element.value, "big")


def _malformed() -> ChipError:
    return ChipError("malformed", "not security information")
