"""The files that smartics chip is given: a terminal's folder and what a card is to say."""

from pathlib import Path

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import CvCertificate, Role
from hardware.smartcard.pki.keys import FolderKeyStore, KeyStoreError, SigningKey, secret_from
from hardware.smartcard.protocols.terminal_authentication import Terminal
from office.commands.answers import CouldNotError

CERTIFICATES = "*.cvcert"
LARGEST = 4096


def load_terminal(folder: Path, secret: str) -> Terminal:
    """Read an inspection system: CV certificates (*.cvcert, DER), and its key (*.key.pem).

    Args:
        folder: Where they lie.
        secret: Where the key's passphrase is: file:PATH (relative to folder) or
            keyring:SERVICE/NAME.

    Raises:
        CouldNotError: Something is missing or does not fit.
    """
    certificates = tuple(_certificate(file) for file in sorted(folder.glob(CERTIFICATES)))
    own = [one for one in certificates if one.role is Role.INSPECTION_SYSTEM]
    if not own:
        raise CouldNotError(f"{folder} holds no terminal's certificate ({CERTIFICATES})")
    try:
        store = FolderKeyStore(folder, secret_from(secret, folder))
        keys = [store.open(label) for label in store.labels()]
    except KeyStoreError as error:
        raise CouldNotError(f"the terminal's key: {error}") from error
    return Terminal(certificates, _own_key(keys, own, folder))


def _certificate(file: Path) -> CvCertificate:
    try:
        with file.open("rb") as opened:
            return CvCertificate.parse(opened.read(LARGEST + 1))
    except OSError as error:
        raise CouldNotError(f"{file} cannot be read ({error.strerror})") from error
    except ChipError as error:
        raise CouldNotError(f"{file} is no CV certificate: {error}") from error


def _own_key(keys: list[SigningKey], own: list[CvCertificate], folder: Path) -> SigningKey:
    for key in keys:
        if any(one.public_key.is_key(key.public_key) for one in own):
            return key
    raise CouldNotError(f"{folder} holds no key (*.key.pem) that its certificate speaks of")
