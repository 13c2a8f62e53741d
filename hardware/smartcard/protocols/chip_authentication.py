"""Chip Authentication: the chip agrees on new session keys with a key that cannot be copied.

Sources: ICAO Doc 9303-11, 6.2; BSI TR-03110-1, 3.4 (version 1); TR-03110-2, 3.4 (version 2);
TR-03110-3, A.4 and B.2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest

from hardware.smartcard import tlv
from hardware.smartcard.apdu import SHORT_ANSWER, SW, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.ciphers import Cipher, derive_key, mac, pad
from hardware.smartcard.protocols.groups import Group, of_public_key_info
from hardware.smartcard.protocols.secure_messaging import SecureMessaging
from hardware.smartcard.protocols.security_infos import (
    ChipAuthenticationInfo,
    ChipKey,
    SecurityInfos,
)

ENCRYPTION, MAC = 1, 2
_DYNAMIC, _EPHEMERAL, _NONCE, _TOKEN = 0x7C, 0x80, 0x81, 0x82
_MECHANISM, _KEY_REFERENCE, _KEY_AGREEMENT_KEY = 0x80, 0x84, 0x91
_PUBLIC_KEY, _OBJECT_IDENTIFIER, _EC_POINT, _DH_VALUE = 0x7F49, 0x06, 0x86, 0x84
_NONCE_SIZES = range(8, 65)
_VERSIONS = (1, 2)
_OLD_MECHANISM = {
    "DH": bytes.fromhex("04007F00070202030101"),
    "ECDH": bytes.fromhex("04007F00070202030201"),
}
"""id-CA-DH-3DES-CBC-CBC and id-CA-ECDH-3DES-CBC-CBC."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A way of Chip Authentication that the chip offers, and the key that fits it.

    Attributes:
        info: Which way. reference: the data object that names the key, empty for the only one.
        group: The domain parameters of the key. public: the chip's static public key.
    """

    info: ChipAuthenticationInfo
    reference: bytes
    group: Group
    public: bytes


@dataclass(frozen=True, slots=True)
class ChipAuthenticationResult:
    """What Terminal Authentication needs to know afterwards.

    Attributes:
        info: What was agreed on.
        compressed: Comp() of the terminal's ephemeral public key.
    """

    info: ChipAuthenticationInfo
    compressed: bytes


def is_promised(infos: SecurityInfos) -> bool:
    """Tell whether the chip promises Chip Authentication: it names a key for it."""
    return bool(infos.chip_keys)


def choose(infos: SecurityInfos) -> Offer:
    """Choose the strongest of what the chip offers and is known here.

    Version 1 goes before version 2, which is made for chips that check the terminal first. A
    key without ChipAuthenticationInfo stands for version 1 with 3DES (9303-11, 9.2.5).

    Raises:
        ChipError: Nothing fits together (not_supported), or the only key makes no sense
            (malformed).
    """
    offers: list[Offer] = []
    problem = ChipError("not_supported", "no Chip Authentication that is known here")
    for key in infos.chip_keys:
        try:
            group, public = of_public_key_info(key.spki)
        except ChipError as error:
            problem = error
            continue
        reference = _key_reference(key, infos)
        offers += [
            Offer(info, reference, group, public)
            for info in _infos_for(key, group.key_agreement, infos)
        ]
    if not offers:
        raise problem
    return max(offers, key=_strength)


def run(link: CardLink, offer: Offer) -> ChipAuthenticationResult:
    """Agree on new keys; the link's session is then under them.

    That the next exchange verifies is half of the proof; the other half is that the signed list
    of hashes holds that of the file with the chip's key.

    Args:
        link: The chip, under the session of PACE or BAC.
        offer: What was chosen of DG14.

    Raises:
        ChipError: The chip refuses or its token is wrong (not_genuine), or it answers something
            that makes no sense (malformed).
    """
    info, group = offer.info, offer.group
    pair = group.generate()
    secret = group.agree(pair, offer.public)
    is_old = info.cipher is Cipher.TDES and info.version == 1
    if is_old and _agree_old(link, pair.public, offer.reference):
        nonce = b""
    else:
        nonce = _agree(link, offer, secret, pair.public)
    link.session = SecureMessaging(
        info.cipher,
        derive_key(info.cipher, secret, ENCRYPTION, nonce),
        derive_key(info.cipher, secret, MAC, nonce),
    )
    return ChipAuthenticationResult(info, group.compress(pair.public))


def _infos_for(
    key: ChipKey, agreement: str, infos: SecurityInfos
) -> Iterable[ChipAuthenticationInfo]:
    if not infos.chip_authentication:
        mechanism = _OLD_MECHANISM[agreement]
        return (ChipAuthenticationInfo(mechanism, 1, key.key_id, Cipher.TDES, agreement),)
    return (
        info
        for info in infos.chip_authentication
        if info.version in _VERSIONS
        and info.key_agreement == agreement
        and (info.key_id == key.key_id or None in (info.key_id, key.key_id))
    )


def _strength(offer: Offer) -> tuple[bool, int, bool, int]:
    info = offer.info
    is_curve = info.key_agreement == "ECDH"
    return info.version == 1, info.cipher.value, is_curve, offer.group.size


def _key_reference(key: ChipKey, infos: SecurityInfos) -> bytes:
    """Name the key where the chip has several (TR-03110-3, B.2: conditional)."""
    if key.key_id is None or len(infos.chip_keys) == 1:
        return b""
    size = (key.key_id.bit_length() + 7) // 8 or 1
    return tlv.build(_KEY_REFERENCE, key.key_id.to_bytes(size, "big"))


def _agree_old(link: CardLink, public: bytes, reference: bytes) -> bool:
    """MSE:Set KAT, the one command of version 1 with 3DES; tell whether the chip knows it.

    A chip may have the two commands of AES in its place (9303-11, 6.2.4).
    """
    data = tlv.build(_KEY_AGREEMENT_KEY, public) + reference
    return link.send(Command(0x22, 0x41, 0xA6, data)).status_word == SW.OK


def _agree(link: CardLink, offer: Offer, secret: bytes, public: bytes) -> bytes:
    """MSE:Set AT and GENERAL AUTHENTICATE; return the chip's nonce, empty in version 1."""
    info = offer.info
    chosen = tlv.build(_MECHANISM, info.oid) + offer.reference
    _require(link.send(Command(0x22, 0x41, 0xA4, chosen)).status_word)
    data = tlv.build(_DYNAMIC, tlv.build(_EPHEMERAL, public))
    answer = link.send(Command(0x86, 0x00, 0x00, data, SHORT_ANSWER))
    _require(answer.status_word)
    if info.version == 1:
        return b""
    elements = tlv.parse(tlv.parse_one(answer.data, _DYNAMIC))
    nonce = tlv.value_of(elements, _NONCE)
    if len(nonce) not in _NONCE_SIZES:
        raise ChipError("malformed", "a nonce of unusable size")
    mac_key = derive_key(info.cipher, secret, MAC, nonce)
    expected = token(info.cipher, mac_key, info.oid, public, info.key_agreement)
    if not compare_digest(expected, tlv.value_of(elements, _TOKEN)):
        raise ChipError("not_genuine", "Chip Authentication: the token is wrong")
    return nonce


def token(cipher: Cipher, key: bytes, oid: bytes, public: bytes, key_agreement: str) -> bytes:
    """Return the token of version 2: the MAC of the terminal's public key (TR-03110-3, A.2.4)."""
    tag = _EC_POINT if key_agreement == "ECDH" else _DH_VALUE
    value = tlv.build(_OBJECT_IDENTIFIER, oid) + tlv.build(tag, public)
    told = tlv.build(_PUBLIC_KEY, value)
    return mac(cipher, key, pad(told, cipher.block) if cipher is Cipher.TDES else told)


def _require(status_word: int) -> None:
    if status_word != SW.OK:
        raise ChipError("not_genuine", "Chip Authentication refused", status_word)
