"""Writes SecurityInfos: what a card says in EF.CardAccess and DG14 of the protocols it speaks.

ICAO Doc 9303-11, 9.2; BSI TR-03110-3, A.1. A SET OF in DER: its elements sorted by their bytes.
"""

from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardware.smartcard.face_39794 import integer
from hardware.smartcard.tlv import build

SEQUENCE, SET, INTEGER, OBJECT_IDENTIFIER = 0x30, 0x31, 0x02, 0x06
BSI = bytes.fromhex("04007F000702")
"""0.4.0.127.0.7.2"""
PUBLIC_KEY_ECDH = BSI + bytes.fromhex("020102")
TERMINAL_AUTHENTICATION = BSI + bytes.fromhex("0202")
CHIP_AUTHENTICATION_ECDH = BSI + bytes.fromhex("020302")
PACE_ECDH_GM, PACE_ECDH_CAM = BSI + bytes.fromhex("020402"), BSI + bytes.fromhex("020406")
ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
"""2.23.136.1.1.5"""
ECDSA_PLAIN_SHA256 = bytes.fromhex("04007F00070101040103")
"""0.4.0.127.0.7.1.1.4.1.3"""
P256 = 12
"""The number of NIST P-256 among the standardised domain parameters."""


class Suite(IntEnum):
    """The last arc of an identifier: cipher and MAC of the session that the protocol begins."""

    TDES = 1
    AES_128 = 2
    AES_192 = 3
    AES_256 = 4


def security_infos(infos: list[bytes]) -> bytes:
    """Return the SET of these SecurityInfos."""
    return build(SET, b"".join(sorted(infos)))


def pace_info(protocol: bytes, suite: Suite, parameters: int) -> bytes:
    """Return a PACEInfo, version 2; protocol is PACE_ECDH_GM or PACE_ECDH_CAM."""
    return _info(protocol + bytes([suite]), _integer(2) + _integer(parameters))


def chip_authentication_info(suite: Suite) -> bytes:
    """Return a ChipAuthenticationInfo for ECDH, version 1."""
    return _info(CHIP_AUTHENTICATION_ECDH + bytes([suite]), _integer(1))


def chip_authentication_key(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a ChipAuthenticationPublicKeyInfo."""
    return _info(PUBLIC_KEY_ECDH, public_key_info(key))


def active_authentication_info() -> bytes:
    """Return the ActiveAuthenticationInfo of an ECDSA key that signs with SHA-256."""
    return _info(ACTIVE_AUTHENTICATION, _integer(1) + build(OBJECT_IDENTIFIER, ECDSA_PLAIN_SHA256))


def terminal_authentication_info() -> bytes:
    """Return a TerminalAuthenticationInfo, version 1."""
    return _info(TERMINAL_AUTHENTICATION, _integer(1))


def public_key_info(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a SubjectPublicKeyInfo with a named curve."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _info(protocol: bytes, rest: bytes) -> bytes:
    return build(SEQUENCE, build(OBJECT_IDENTIFIER, protocol) + rest)


def _integer(value: int) -> bytes:
    return build(INTEGER, integer(value))
