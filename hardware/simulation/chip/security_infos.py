"""What a chip says of its protocols, in EF.CardAccess and DG14 (ICAO Doc 9303-11 clause 9.2)."""

from dataclasses import dataclass

from hardware.simulation.chip.answers import Refusal
from hardware.simulation.chip.objects import decode, inside
from hardware.simulation.chip.symmetric import Suite

SET, SEQUENCE, IDENTIFIER, NUMBER = 0x31, 0x30, 0x06, 0x02
BSI = bytes.fromhex("04007F000702")
"""0.4.0.127.0.7.2, the root of BSI's protocols."""
PACE = BSI + bytes.fromhex("0204")
CHIP_AUTHENTICATION = BSI + bytes.fromhex("0203")
ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
"""2.23.136.1.1.5."""
ECDSA_HASHES = {
    bytes.fromhex(f"{'04007F00070101040'}{arc}"): bits
    for arc, bits in ((1, 160), (2, 224), (3, 256), (4, 384), (5, 512))
}
"""ecdsa-plain-SHA1, -SHA224 to -SHA512 (BSI TR-03111)."""
MAPPINGS = {
    1: ("DH", "GM"),
    2: ("ECDH", "GM"),
    3: ("DH", "IM"),
    4: ("ECDH", "IM"),
    6: ("ECDH", "CAM"),
}
AGREEMENTS = {1: "DH", 2: "ECDH"}


@dataclass(frozen=True, slots=True)
class PaceOffer:
    """One PACE protocol that the chip offers; parameters may be None if they are standard."""

    identifier: bytes
    agreement: str
    mapping: str
    suite: Suite
    parameters: int | None


@dataclass(frozen=True, slots=True)
class ChipAuthenticationOffer:
    """One Chip Authentication protocol that the chip offers, for a key or for any."""

    identifier: bytes
    suite: Suite
    key: int | None


def pace_offers(card_access: bytes) -> list[PaceOffer]:
    """List what an EF.CardAccess offers; what the chip cannot read it does not offer."""
    offers = []
    for identifier, required, optional in _infos(card_access):
        if len(identifier) != len(PACE) + 2 or not identifier.startswith(PACE):
            continue
        kind, arc = identifier[-2], identifier[-1]
        if kind not in MAPPINGS or arc not in (1, 2, 3, 4) or required != [b"\x02"]:
            continue
        parameters = int.from_bytes(optional[0], "big") if optional else None
        offers.append(PaceOffer(identifier, *MAPPINGS[kind], Suite.of_arc(arc), parameters))
    return offers


def chip_authentication_offers(group_14: bytes) -> list[ChipAuthenticationOffer]:
    """List the ChipAuthenticationInfos, version 1, of the content of DG14."""
    offers = []
    for identifier, required, optional in _infos(group_14):
        if len(identifier) != len(CHIP_AUTHENTICATION) + 2:
            continue
        if not identifier.startswith(CHIP_AUTHENTICATION) or identifier[-2] not in AGREEMENTS:
            continue
        if identifier[-1] in (1, 2, 3, 4) and required == [b"\x01"]:
            key = int.from_bytes(optional[0], "big") if optional else None
            suite = Suite.of_arc(identifier[-1])
            offers.append(ChipAuthenticationOffer(identifier, suite, key))
    return offers


def active_authentication_hash(group_14: bytes) -> int | None:
    """Return the bits of the hash that DG14 announces for ECDSA, if it does."""
    for identifier, _, optional in _infos(group_14):
        if identifier == ACTIVE_AUTHENTICATION and optional:
            return ECDSA_HASHES.get(optional[0])
    return None


def _infos(content: bytes) -> list[tuple[bytes, list[bytes], list[bytes]]]:
    """Cut SecurityInfos into identifier, required value and optional value of each."""
    try:
        infos = [decode(info.value) for info in decode(inside(content, SET))]
    except Refusal:
        return []
    return [
        (info[0].value, [part.value for part in info[1:2]], [part.value for part in info[2:3]])
        for info in infos
        if info and info[0].tag == IDENTIFIER
    ]
