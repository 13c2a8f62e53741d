"""One issuing authority in a folder: CSCA, document signers, CRLs, CVCA, verifier and terminals.

The folder holds `register.sqlite`; private keys lie in the key store that is given. Acts are safe
against a power cut: a key without a certificate may be left in the store, never the reverse.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import randbits

from hardware.smartcard.cv_certificate import READ_DG3
from hardware.smartcard.pki import cv_authority, x509_profile
from hardware.smartcard.pki.cv_authority import (
    CV_SUFFIX,
    MNEMONIC,
    VERIFIER,
    CvLifetimes,
    register_entry,
)
from hardware.smartcard.pki.document_signers import load_document_signer
from hardware.smartcard.pki.files import write_whole
from hardware.smartcard.pki.keys import P384, KeyStore, SigningKey, new_key
from hardware.smartcard.pki.reader_authority import ReaderAuthority
from hardware.smartcard.pki.register import (
    AuthorityError,
    Issued,
    Register,
    RegisterError,
    Revoked,
)
from hardware.smartcard.pki.sod import DocumentSigner
from hardware.smartcard.pki.x509_profile import Issuer, Period, authority_name

__all__ = ["REASONS", "Authority", "AuthorityError", "Lifetimes", "load_document_signer"]

REASONS = ("key_compromise", "superseded", "cessation", "affiliation_changed", "unspecified")
_REGISTER = "register.sqlite"
_COUNTRY = re.compile(r"[A-Z]{2}")
_STATE = re.compile(r"[A-Z]{1,3}")
_CRL_ADDRESS = "https://pkddownload1.icao.int/CRLs/{state}.crl"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long keys sign and documents live (ICAO 9303-12, 5.1), in days.

    A certificate outlives the last document that was signed under it.
    """

    csca_key: int = 5 * 365
    signer_key: int = 90
    document: int = 10 * 366
    crl: int = 90
    cv: CvLifetimes = field(default_factory=CvLifetimes)


class Authority:
    """An authority that exists. One program at a time should act; several may look."""

    def __init__(self, folder: Path, keys: KeyStore, lifetimes: Lifetimes | None = None) -> None:
        self._register = Register.open(folder / _REGISTER)
        self._keys = keys
        self._lifetimes = lifetimes or Lifetimes()
        self._settings = self._register.settings()
        self._readers = ReaderAuthority(self._register, keys, self._lifetimes.cv)

    @classmethod
    def create(
        cls,
        folder: Path,
        country: str,
        keys: KeyStore,
        now: datetime,
        *,
        state: str = "",
        organisation: str = "",
        mnemonic: str = "CVCA",
        curve: str = P384,
        lifetimes: Lifetimes | None = None,
    ) -> "Authority":
        """Found an authority: a CSCA and a CVCA, each with a key and a certificate.

        Args:
            folder: Where its register will lie.
            country: Two letters (ISO 3166-1), for names and references.
            keys: Where its private keys are made and stay.
            now: From when its certificates are valid.
            state: What the machine-readable zone calls the state, where it is not country.
            organisation: Told in the CSCA's name.
            mnemonic: Of the CVCA's holder references, up to nine capitals and digits.
            curve: secp384r1 or secp256r1, for all its keys.
            lifetimes: How long keys sign and certificates hold.

        Raises:
            AuthorityError: A name is malformed.
            RegisterError: There is an authority in this folder already.
            KeyStoreError: The key store cannot.
        """
        state = state or country
        if not (
            _COUNTRY.fullmatch(country)
            and _STATE.fullmatch(state)
            and MNEMONIC.fullmatch(mnemonic)
            and mnemonic != VERIFIER
        ):
            raise AuthorityError(
                "a country is two capitals, a state up to three, a mnemonic up to nine"
            )
        if Register.is_made(folder / _REGISTER):
            raise RegisterError("there is an authority in this folder already")
        settings = {
            "country": country,
            "state": state,
            "organisation": organisation,
            "mnemonic": mnemonic,
            "curve": curve,
        }
        life = lifetimes or Lifetimes()
        csca_key, csca_label = new_key(keys, "csca", curve)
        cvca_key, cvca_label = new_key(keys, "cvca", curve)
        issuer = _issuer(settings, csca_key)
        certificate = _csca(issuer, csca_key, csca_label, now, life, "csca")
        holder = cv_authority.reference(country, mnemonic, 1)
        cvca = cv_authority.self_signed(holder, cvca_key, now.date(), life.cv.authority)
        first = [certificate, register_entry("cvca", holder, cvca_label, cvca)]
        Register.create(folder / _REGISTER, settings, first)
        return cls(folder, keys, lifetimes)

    @property
    def settings(self) -> Mapping[str, str]:
        """country, state, organisation, mnemonic, curve."""
        return self._settings

    def issued(self, *kinds: str) -> list[Issued]:
        """What was ever issued, the oldest first; see `Issued` for the kinds."""
        return self._register.issued(*kinds)

    def revoked(self) -> list[Revoked]:
        """What was revoked."""
        return self._register.revoked()

    def roll_over_csca(self, now: datetime) -> Issued:
        """Give the CSCA a new key, and a link certificate that the old key signs for it."""
        old = self._csca_issuer()
        key, label = new_key(self._keys, "csca", self._settings["curve"])
        new = _csca(_issuer(self._settings, key), key, label, now, self._lifetimes, "csca")
        bridge = _csca(old, key, label, now, self._lifetimes, "csca_link")
        self._register.add(new, bridge)
        return new

    def roll_over_cvca(self, now: datetime) -> Issued:
        """Give the CVCA a new key and a link certificate; older cards learn it from terminals."""
        return self._readers.roll_over(now)

    def issue_document_signer(
        self,
        now: datetime,
        keys: KeyStore | None = None,
        folder: Path | None = None,
        document_types: tuple[str, ...] = ("ID",),
    ) -> Issued:
        """Make a document signer: a key, and a certificate by the CSCA.

        Args:
            now: From when it is valid.
            keys: Where its key is made; the authority's own store by default.
            folder: Where its certificate is written for the station that will sign.
            document_types: As the machine-readable zone begins: ID, AC, P ...

        Raises:
            AuthorityError: The CSCA's key may sign no more: roll over first.
            KeyStoreError: A key store cannot.
        """
        if now > self._register.issued("csca")[-1].key_ends:
            raise AuthorityError("the CSCA's key may sign no more: roll it over first")
        key, label = new_key(keys or self._keys, "signer", self._settings["curve"])
        life = self._lifetimes
        serial = _new_serial()
        period = Period.of(now, timedelta(life.signer_key), timedelta(life.document))
        name = f"Document Signer {serial:X}"[:32]
        subject = authority_name(self._settings["country"], self._settings["organisation"], name)
        issuer = self._csca_issuer()
        content = x509_profile.document_signer(issuer, subject, key, serial, period, document_types)
        issued = _entry("document_signer", serial, name, label, period, content)
        self._register.add(issued)
        if folder is not None:
            write_whole(folder / f"{label}.cer", content)
        return issued

    def document_signer(self, now: datetime) -> DocumentSigner:
        """The newest document signer of the authority's own store that may sign now.

        Raises:
            AuthorityError: There is none: issue one.
        """
        gone = {revoked.serial for revoked in self.revoked()}
        labels = set(self._keys.labels())
        for issued in reversed(self._register.issued("document_signer")):
            is_usable = issued.begins <= now <= issued.key_ends and issued.key_label in labels
            if is_usable and int(issued.reference, 16) not in gone:
                return DocumentSigner(issued.content, self._keys.open(issued.key_label))
        raise AuthorityError("no document signer may sign now: issue one")

    def revoke(self, serial: int, reason: str, now: datetime) -> bool:
        """Revoke a document signer or an old CSCA certificate; publish afterwards.

        Returns:
            False where it was revoked before; then the first time and reason stay.

        Raises:
            AuthorityError: No such reason.
            RegisterError: No certificate has this number.
        """
        if reason not in REASONS:
            raise AuthorityError(f"a reason is one of {', '.join(REASONS)}")
        return self._register.revoke(Revoked(serial, now, reason))

    def publish(self, folder: Path, now: datetime) -> list[str]:
        """Write what stations read: CSCA and link certificates, a new CRL, the CVCA's certificates.

        Returns:
            The names of the files.
        """
        names = []
        for issued in self._register.issued("csca", "csca_link"):
            names.append(f"{issued.kind}-{issued.reference}.cer")
            write_whole(folder / names[-1], issued.content)
        for issued in self._register.issued("cvca", "cvca_link"):
            names.append(f"{issued.kind}-{issued.reference}{CV_SUFFIX}")
            write_whole(folder / names[-1], issued.content)
        names.append(f"{self._settings['country']}.crl")
        write_whole(folder / names[-1], self._new_crl(now))
        return names

    def cvca_certificates(self) -> tuple[bytes, ...]:
        """The CVCA's newest certificates, at most two, the newest first: a card's trust points."""
        return self._readers.certificates()

    def issue_terminal(
        self, name: str, folder: Path, keys: KeyStore, now: datetime, rights: int = READ_DG3
    ) -> Issued:
        """Let a terminal read fingerprints: a key in its own store, and the chain to the CVCA.

        Args:
            name: Up to nine capitals and digits, the mnemonic of its holder reference.
            folder: Gets the certificates, its own last; `cv_authority.load_terminal` reads them.
            keys: The terminal's own key store.
            now: The first day.
            rights: READ_DG3, READ_DG4 or both.

        Raises:
            AuthorityError: The name is malformed, or the CVCA is over: roll over first.
            KeyStoreError: A key store cannot.
        """
        return self._readers.issue_terminal(name, folder, keys, now, rights)

    def _csca_issuer(self) -> Issuer:
        newest = self._register.issued("csca")[-1]
        return _issuer(self._settings, self._keys.open(newest.key_label))

    def _new_crl(self, now: datetime) -> bytes:
        number = self._register.next_list_number()
        revoked = [(one.serial, one.at) for one in self._register.revoked()]
        due = now + timedelta(self._lifetimes.crl)
        content = x509_profile.revocation_list(self._csca_issuer(), number, revoked, now, due)
        self._register.add_list(number, now, content)
        return content


def _issuer(settings: Mapping[str, str], key: SigningKey) -> Issuer:
    country, state = settings["country"], settings["state"]
    name = authority_name(country, settings["organisation"], f"CSCA {state}")
    return Issuer(name, key, state, _CRL_ADDRESS.format(state=state))


def _csca(
    issuer: Issuer, key: SigningKey, label: str, now: datetime, life: Lifetimes, kind: str
) -> Issued:
    further = timedelta(life.signer_key + life.document)
    period = Period.of(now, timedelta(life.csca_key), further)
    serial = _new_serial()
    content = x509_profile.csca(issuer, key, serial, period)
    return _entry(kind, serial, f"CSCA {issuer.state}", label, period, content)


def _entry(kind: str, serial: int, name: str, label: str, period: Period, content: bytes) -> Issued:
    number = f"{serial:X}"
    return Issued(kind, number, name, label, period.begins, period.key_ends, period.ends, content)


def _new_serial() -> int:
    """A positive number of 64 random bits below a leading one, so that all are equally long.

    Random, so that nobody can foretell a certificate's bytes; the register refuses one used before.
    """
    return 1 << 70 | randbits(64)
