"""The document signer of a station that writes chips: a folder with its certificates."""

from datetime import datetime
from pathlib import Path

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki.certificate import Certificate
from hardware.smartcard.pki.keys import KeyStore, KeyStoreError
from hardware.smartcard.pki.sod import DocumentSigner


def load_document_signer(folder: Path, keys: KeyStore, now: datetime) -> DocumentSigner:
    """The document signer of a station: the newest certificate of a folder that may sign now.

    Its key lies in keys under the certificate's file name, as `issue_document_signer` names both.

    Raises:
        KeyStoreError: There is none, or its key does not belong to it.
    """
    usable: list[tuple[datetime, Path, Certificate]] = []
    for file in sorted(folder.glob("*.cer")):
        try:
            found = Certificate(file.read_bytes())
            begins, ends = found.private_key_period
        except (OSError, ChipError) as error:
            raise KeyStoreError(f"{file.name} is no certificate: {error}") from error
        if (begins is None or begins <= now) and (ends is None or now <= ends):
            usable.append((found.validity[0], file, found))
    if not usable:
        raise KeyStoreError(f"no document signer in {folder.name} may sign now")
    _, file, found = max(usable, key=lambda one: one[:2])
    try:
        return DocumentSigner(found.der, keys.open(file.stem))
    except ValueError as error:
        raise KeyStoreError(f"{file.name}: {error}") from error
