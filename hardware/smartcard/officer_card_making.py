"""Makes an officer's card of a blank PIV card: PIN, key and certificate."""

from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.officer_card import OfficerCard, PinVerdict
from hardware.smartcard.pki.keys import KeyStoreError
from hardware.smartcard.pki.x509_profile import Period, officer_certificate

LIFE = timedelta(days=3 * 365)


class _CardKey:
    """The key in the card, as what signs certificates wants it."""

    def __init__(self, card: OfficerCard, public_key: ec.EllipticCurvePublicKey) -> None:
        self._card = card
        self.public_key = public_key

    def sign(self, data: bytes) -> bytes:
        """Sign with the card."""
        try:
            return self._card.sign(data)
        except ChipError as error:
            raise KeyStoreError(str(error)) from error


def make(
    card: OfficerCard, officer_id: str, *, manager_key: bytes, pin: str, begins: datetime
) -> bytes:
    """Give a blank card its PIN and key, and write the certificate that it signs itself.

    Args:
        card: A card as the factory made it; its PIN is the factory's.
        officer_id: The officer's id; no name goes onto the card.
        manager_key: The key of the card's manager, AES of 16, 24 or 32 bytes.
        pin: 6 to 8 digits that the officer chose.
        begins: From when on the certificate is valid.

    Returns:
        The certificate (DER), for a supervisor to bind to the officer.

    Raises:
        ChipError: The card refuses: another manager's key, or no blank card.
        ValueError: It is no PIN.
        KeyStoreError: The card does not sign.
    """
    card.open_manager(manager_key)
    if card.change_pin(pin).verdict is not PinVerdict.RIGHT:
        raise ChipError("refused", "no blank card: its PIN was changed")
    if card.verify(pin).verdict is not PinVerdict.RIGHT:
        raise ChipError("refused", "the new PIN")
    key = _CardKey(card, card.generate_key())
    certificate = officer_certificate(key, officer_id, Period.of(begins, LIFE, timedelta()))
    card.put_certificate(certificate)
    return certificate
