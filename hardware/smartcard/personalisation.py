"""Personalising a card: everything that goes onto it is made, signed, written and locked."""

from datetime import date

from hardware.smartcard.applet_profiles import STORE_DATA, AppletProfile
from hardware.smartcard.card_data import WrittenCard, prepare
from hardware.smartcard.card_verification import verify_personalised
from hardware.smartcard.card_writing import OwnKeys, write_card
from hardware.smartcard.interface import Chip
from hardware.smartcard.lds import ChipContent
from hardware.smartcard.pki.sod import DocumentSigner, build_card_security, build_sod
from hardware.smartcard.protocols.scp03_keys import CardManagerKeys

__all__ = ["WrittenCard", "personalise", "verify_personalised"]


def personalise(
    chip: Chip,
    content: ChipContent,
    password_can: str,
    signer: DocumentSigner,
    cvca: tuple[bytes, ...],
    card_keys: CardManagerKeys,
    profile: AppletProfile = STORE_DATA,
    *,
    today: date,
    own_keys: OwnKeys | None = None,
    atr: bytes = b"",
) -> WrittenCard:
    """Write a chip and lock it for ever. After a power cut on the way it can be begun again.

    Args:
        chip: A chip that was just given power.
        content: What it is to say.
        password_can: Six digits, printed on the card; empty for none.
        signer: Signs EF.SOD and EF.CardSecurity.
        cvca: One or two CV certificates whose terminals may read fingers; empty for none.
        card_keys: Keys of the card manager as the card came.
        profile: How its applet is written.
        today: The day, which the card needs to know expired terminals.
        own_keys: Makes the keys that replace card_keys; None leaves those.
        atr: The answer to reset, which may announce extended length.

    Returns:
        Digests of all files, which a journal may keep.

    Raises:
        ChipError: already_personalised; not_genuine: the card manager has other keys; refused.
        DeviceError: The reader or the contact failed.
        ValueError: The content cannot be written.
    """
    data = prepare(
        content,
        password_can,
        profile.options,
        lambda groups: build_sod(groups, signer),
        lambda infos: build_card_security(infos, signer),
        cvca,
        today,
    )
    return write_card(chip, data, card_keys, profile, own_keys, atr)
