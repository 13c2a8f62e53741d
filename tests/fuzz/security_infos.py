"""EF.CardAccess and DG14."""

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.security_infos import parse
from hardware.smartcard.security_info_data import (
    PACE_ECDH_CAM,
    PACE_ECDH_GM,
    Suite,
    active_authentication_info,
    chip_authentication_info,
    chip_authentication_key,
    pace_info,
    security_infos,
    terminal_authentication_info,
)
from hardware.smartcard.tlv import build


def seeds() -> list[bytes]:
    """What our cards say, bare and as DG14."""
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    infos = [
        pace_info(PACE_ECDH_GM, Suite.AES_128, 12),
        pace_info(PACE_ECDH_CAM, Suite.AES_256, 13),
        chip_authentication_info(Suite.AES_128),
        chip_authentication_key(key),
        terminal_authentication_info(),
        active_authentication_info(),
    ]
    return [security_infos(infos[:2]), build(0x6E, security_infos(infos)), security_infos([])]


def fuzz_one(data: bytes) -> None:
    """Read them, and ask for each of its parts."""
    try:
        infos = parse(data)
    except ChipError as error:
        assert error.reason in ("malformed", "not_supported")  # noqa: PT017 (not a test function)
        return
    assert all(info.mapping in ("GM", "IM", "CAM") for info in infos.pace)
    assert isinstance(infos.der, frozenset)
