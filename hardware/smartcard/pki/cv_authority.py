"""Certificates of the authority over readers: CVCA, document verifier, terminals (TR-03110-3, C).

Cards hold the CVCA's certificate as their trust point; a terminal shows them the verifier's
certificate and its own, and the CVCA's links where a card was made before a roll-over.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import (
    READ_DG3,
    READ_DG4,
    Chat,
    CvCertificate,
    Role,
    build,
)
from hardware.smartcard.cv_key import CvPublicKey
from hardware.smartcard.pki.files import write_whole
from hardware.smartcard.pki.keys import KeyStore, KeyStoreError, SigningKey
from hardware.smartcard.pki.register import Issued
from hardware.smartcard.protocols.terminal_authentication import Terminal

CV_SUFFIX = ".cvcert"
MNEMONIC = re.compile(r"[A-Z0-9]{1,9}")
VERIFIER = "DV"
ALL_RIGHTS = READ_DG3 | READ_DG4
_LARGEST_SEQUENCE = 99_999
MOST_TRUST_POINTS = 2
"""So many authorities' keys a card holds (TR-03110-3, A.6.2.2)."""
_MOST_FILES, _LARGEST_FILE = 64, 4096


@dataclass(frozen=True, slots=True)
class CvLifetimes:
    """How long CV certificates are valid, in days."""

    authority: int = 3 * 365
    verifier: int = 92
    terminal: int = 31


def self_signed(reference: str, key: SigningKey, effective: date, days: int) -> CvCertificate:
    """A CVCA's own certificate: the trust point of cards."""
    return _authority(reference, reference, key, key, effective, days)


def link(
    old: str, old_key: SigningKey, new: str, key: SigningKey, effective: date, days: int
) -> CvCertificate:
    """The new key of a CVCA, signed with the old one, for cards that know only that."""
    return _authority(old, new, old_key, key, effective, days)


def subordinate(
    issuer: str,
    issuer_key: SigningKey,
    reference: str,
    public_key: CvPublicKey,
    chat: Chat,
    effective: date,
    expiry: date,
) -> CvCertificate:
    """A verifier's or a terminal's certificate."""
    return build(
        car=issuer,
        chr=reference,
        role_and_rights=chat,
        public_key=public_key,
        effective=effective,
        expiry=expiry,
        sign=issuer_key.sign,
    )


def reference(country: str, mnemonic: str, number: int) -> str:
    """A holder reference: country (2), mnemonic (1 to 9), sequence number (5 digits).

    Raises:
        ValueError: All numbers are used up.
    """
    if not 0 < number <= _LARGEST_SEQUENCE:
        raise ValueError("no holder reference is left: choose another mnemonic")
    return f"{country}{mnemonic}{number:05}"


def next_reference(country: str, mnemonic: str, issued: Iterable[Issued]) -> str:
    """The reference after all that were ever given out under this mnemonic."""
    start = country + mnemonic
    used = (
        int(one.reference[-5:])
        for one in issued
        if one.reference[:-5] == start and one.reference[-5:].isdecimal()
    )
    return reference(country, mnemonic, max(used, default=0) + 1)


def register_entry(kind: str, name: str, label: str, certificate: CvCertificate) -> Issued:
    """The certificate as the register keeps it; its days as the moments that they begin and end."""
    begins = datetime.combine(certificate.effective, time(), UTC)
    ends = datetime.combine(certificate.expiry, time(), UTC) + timedelta(days=1, seconds=-1)
    return Issued(kind, certificate.chr, name, label, begins, ends, ends, certificate.encode())


def write_chain(folder: Path, certificates: Sequence[CvCertificate]) -> None:
    """Write a terminal's certificates, its own last, so that a folder with it is complete."""
    for certificate in certificates:
        kind = "self" if certificate.is_self_signed else "by"
        name = f"{certificate.chr}-{kind}-{certificate.car}{CV_SUFFIX}"
        write_whole(folder / name, certificate.encode())


def load_terminal(folder: Path, keys: KeyStore) -> Terminal:
    """Read the folder that `Authority.issue_terminal` made, or a later one over it.

    Where several certificates of terminals lie there, the one that ends last counts.

    Raises:
        KeyStoreError: There is no terminal's certificate, or none of the keys is its own.
    """
    found = [_read(file) for file in sorted(folder.glob(f"*{CV_SUFFIX}"))[:_MOST_FILES]]
    own = [one for one in found if one.role is Role.INSPECTION_SYSTEM]
    if not own:
        raise KeyStoreError(f"there is no terminal's certificate in {folder.name}")
    newest = max(own, key=lambda one: (one.expiry, one.chr))
    key = keys.open(newest.chr)
    if not newest.public_key.is_key(key.public_key):
        raise KeyStoreError(f"the key {newest.chr} does not belong to its certificate")
    rest = (one for one in found if one.role is not Role.INSPECTION_SYSTEM)
    return Terminal((*(one for one in rest if not one.is_self_signed), newest), key)


def load_trust_points(folder: Path) -> tuple[bytes, ...]:
    """Read the authority's own certificates, which a card is to trust: the newest two at most.

    Raises:
        KeyStoreError: There is none, or one cannot be read.
    """
    found = [_read(file) for file in sorted(folder.glob(f"*{CV_SUFFIX}"))[:_MOST_FILES]]
    roots = [one for one in found if one.role is Role.AUTHORITY and one.is_self_signed]
    if not roots:
        raise KeyStoreError(f"{folder.name} holds no certificate of an authority (*{CV_SUFFIX})")
    roots.sort(key=lambda one: (one.effective, one.chr), reverse=True)
    return tuple(one.encode() for one in roots[:MOST_TRUST_POINTS])


def _read(file: Path) -> CvCertificate:
    try:
        with file.open("rb") as opened:
            return CvCertificate.parse(opened.read(_LARGEST_FILE))
    except (OSError, ChipError) as error:
        raise KeyStoreError(f"{file.name} is no CV certificate: {error}") from error


def _authority(
    issuer: str, holder: str, issuer_key: SigningKey, key: SigningKey, effective: date, days: int
) -> CvCertificate:
    return build(
        car=issuer,
        chr=holder,
        role_and_rights=Chat(Role.AUTHORITY, ALL_RIGHTS),
        public_key=CvPublicKey.of_key(key.public_key),
        effective=effective,
        expiry=effective + timedelta(days=days),
        sign=issuer_key.sign,
    )
