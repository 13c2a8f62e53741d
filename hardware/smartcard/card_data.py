"""Everything that is put on one card: its files, its keys and its passwords, made from content.

The keys are made here for one card and live as long as the personalisation; nobody keeps them.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hardware.smartcard.lds import (
    CARD_ACCESS,
    CARD_SECURITY,
    DG1,
    DG14,
    DG15,
    EF_COM,
    EF_SOD,
    ChipContent,
    common_file,
    encode,
)
from hardware.smartcard.security_info_data import (
    P256,
    PACE_ECDH_CAM,
    PACE_ECDH_GM,
    Suite,
    active_authentication_info,
    chip_authentication_info,
    chip_authentication_key,
    pace_info,
    public_key_info,
    security_infos,
    terminal_authentication_info,
)
from hardware.smartcard.tlv import build

GroupSigner = Callable[[Mapping[int, bytes]], bytes]
"""Makes EF.SOD of groups by their number, 1 to 16."""
InfoSigner = Callable[[bytes], bytes]
"""Makes EF.CardSecurity of SecurityInfos in DER."""


@dataclass(frozen=True, slots=True)
class CardOptions:
    """What a card is to speak.

    Attributes:
        pace: Generic mapping, ECDH on P-256, AES-128. Without it the card knows BAC alone.
        mapping_proof: Chip authentication mapping beside it, which proves the chip on the way.
        suite: Of the session after Chip Authentication.
        active_authentication: ECDSA; off, as Chip Authentication proves the same and no
            signature is left behind that tells where a card was.
    """

    pace: bool = True
    mapping_proof: bool = True
    suite: Suite = Suite.AES_128
    active_authentication: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ChipKeys:
    """Private keys of one card, on P-256. They have no repr."""

    agreement: ec.EllipticCurvePrivateKey
    mapping: ec.EllipticCurvePrivateKey | None
    active: ec.EllipticCurvePrivateKey | None

    @classmethod
    def fresh(cls, options: CardOptions) -> "ChipKeys":
        """Make the keys that a card with these options needs."""
        return cls(
            _fresh(),
            _fresh() if options.pace and options.mapping_proof else None,
            _fresh() if options.active_authentication else None,
        )


@dataclass(frozen=True, slots=True, repr=False)
class PersonalisationData:
    """What a profile writes. It has no repr.

    Attributes:
        files: Of the application, in the order to write. master_files: Of the master file.
        mrz_password: What of the zone opens the chip. can: Six digits, empty for none.
        trust_points: One or two CV certificates of the authority whose terminals may read DG3.
    """

    content: ChipContent
    files: Mapping[int, bytes]
    master_files: Mapping[int, bytes]
    mrz_password: str
    can: str
    keys: ChipKeys
    trust_points: tuple[bytes, ...]
    today: date


@dataclass(frozen=True, slots=True)
class WrittenCard:
    """What a card was given, as digests that a journal may keep: SHA-256 in hexadecimal.

    Attributes:
        files: By file identifier in the application. master_files: In the master file.
        manager_keys: The version of the card manager's keys, 0 if they were left alone.
    """

    files: Mapping[int, str]
    master_files: Mapping[int, str]
    manager_keys: int = 0


def prepare(
    content: ChipContent,
    can: str,
    options: CardOptions,
    sign_groups: GroupSigner,
    sign_infos: InfoSigner | None,
    trust_points: tuple[bytes, ...],
    today: date,
) -> PersonalisationData:
    """Make everything that goes onto one card, with keys of its own.

    Raises:
        ValueError: The CAN is not six digits, the portrait is none, there are more than two
            trust points, or the mapping proof has nobody to sign it.
    """
    if can and not (len(can) == 6 and can.isascii() and can.isdigit()):
        raise ValueError("a card access number has six digits")
    if options.pace and options.mapping_proof and sign_infos is None:
        raise ValueError("without a signature nobody believes the mapping's key")
    if len(trust_points) > 2:
        raise ValueError("a card keeps two trust points")
    keys = ChipKeys.fresh(options)
    files = _files(content, keys, options, bool(trust_points))
    files[EF_SOD] = sign_groups(
        {fid - DG1 + 1: data for fid, data in files.items() if fid < EF_SOD}
    )
    return PersonalisationData(
        content,
        files,
        _master_files(keys, options, sign_infos),
        content.mrz.information(),
        can if options.pace else "",
        keys,
        trust_points,
        today,
    )


def digests(files: Mapping[int, bytes]) -> dict[int, str]:
    """Return the SHA-256 of each file, in hexadecimal."""
    return {identifier: hashlib.sha256(data).hexdigest() for identifier, data in files.items()}


def private_key_info(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PKCS#8 in DER, as the card takes it inside its secure channel."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _files(
    content: ChipContent, keys: ChipKeys, options: CardOptions, terminals: bool
) -> dict[int, bytes]:
    groups = {fid: data for fid, data in encode(content).items() if fid != EF_COM}
    infos = [*_pace_infos(options), chip_authentication_info(options.suite)]
    infos.append(chip_authentication_key(keys.agreement.public_key()))
    if terminals:
        infos.append(terminal_authentication_info())
    if keys.active is not None:
        infos.append(active_authentication_info())
        groups[DG15] = build(0x6F, public_key_info(keys.active.public_key()))
    groups[DG14] = build(0x6E, security_infos(infos))
    groups = dict(sorted(groups.items()))
    return {EF_COM: common_file(tuple(groups)), **groups}


def _master_files(
    keys: ChipKeys, options: CardOptions, sign_infos: InfoSigner | None
) -> dict[int, bytes]:
    if not options.pace:
        return {}
    pace = _pace_infos(options)
    files = {CARD_ACCESS: security_infos(pace)}
    if keys.mapping is not None and sign_infos is not None:
        signed = [*pace, chip_authentication_key(keys.mapping.public_key())]
        files[CARD_SECURITY] = sign_infos(security_infos(signed))
    return files


def _pace_infos(options: CardOptions) -> list[bytes]:
    if not options.pace:
        return []
    infos = [pace_info(PACE_ECDH_GM, Suite.AES_128, P256)]
    if options.mapping_proof:
        infos.append(pace_info(PACE_ECDH_CAM, Suite.AES_128, P256))
    return infos


def _fresh() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
