"""The acts of the authority over readers: its key, its verifier, its terminals."""

from datetime import date, datetime, timedelta
from pathlib import Path

from hardware.smartcard.cv_certificate import READ_DG3, Chat, CvCertificate, Role
from hardware.smartcard.cv_key import CvPublicKey
from hardware.smartcard.pki import cv_authority
from hardware.smartcard.pki.cv_authority import MNEMONIC, VERIFIER, CvLifetimes, register_entry
from hardware.smartcard.pki.keys import KeyStore, SigningKey, new_key
from hardware.smartcard.pki.register import AuthorityError, Issued, Register


class ReaderAuthority:
    """A CVCA and its one document verifier, in the register of an `Authority`."""

    def __init__(self, register: Register, keys: KeyStore, lifetimes: CvLifetimes) -> None:
        self._register = register
        self._keys = keys
        self._lifetimes = lifetimes
        settings = register.settings()
        self._country, self._curve = settings["country"], settings["curve"]
        self._mnemonic = settings["mnemonic"]

    def certificates(self) -> tuple[bytes, ...]:
        """The CVCA's newest certificates, at most two, the newest first: a card's trust points."""
        newest = reversed(self._register.issued("cvca")[-2:])
        return tuple(issued.content for issued in newest)

    def roll_over(self, now: datetime) -> Issued:
        """Give the CVCA a new key, and a link certificate by the old one."""
        last = self._register.issued("cvca")[-1]
        old_key = self._keys.open(last.key_label)
        key, label = new_key(self._keys, "cvca", self._curve)
        holder = self._next_reference(self._mnemonic, "cvca")
        days = self._lifetimes.authority
        new = cv_authority.self_signed(holder, key, now.date(), days)
        bridge = cv_authority.link(last.reference, old_key, holder, key, now.date(), days)
        entry = register_entry("cvca", holder, label, new)
        self._register.add(entry, register_entry("cvca_link", holder, label, bridge))
        return entry

    def issue_terminal(
        self, name: str, folder: Path, keys: KeyStore, now: datetime, rights: int = READ_DG3
    ) -> Issued:
        """Certify a terminal; see `Authority.issue_terminal`."""
        if not MNEMONIC.fullmatch(name) or name in (VERIFIER, self._mnemonic):
            raise AuthorityError("a terminal's name is one to nine capitals and digits, its own")
        verifier = self._verifier(now)
        holder = self._next_reference(name, "terminal")
        # A power cut before the register's row leaves a key that nothing certifies: take that.
        is_left = holder in keys.labels()
        key = keys.open(holder) if is_left else keys.generate(holder, self._curve)
        expiry = min(now.date() + timedelta(self._lifetimes.terminal), verifier.ends.date())
        chat = Chat(Role.INSPECTION_SYSTEM, rights)
        certificate = self._certify(verifier, holder, key, chat, now.date(), expiry)
        issued = register_entry("terminal", name, holder, certificate)
        self._register.add(issued)
        above = [*self._register.issued("cvca_link"), verifier]
        parsed = (CvCertificate.parse(one.content) for one in above)
        cv_authority.write_chain(folder, [*parsed, certificate])
        return issued

    def _verifier(self, now: datetime) -> Issued:
        """The newest document verifier, made anew when a terminal under it would end early."""
        cvca = self._register.issued("cvca")[-1]
        if now > cvca.ends:
            raise AuthorityError("the CVCA's key may sign no more: roll it over first")
        wanted = now.date() + timedelta(self._lifetimes.terminal)
        for issued in reversed(self._register.issued("verifier")):
            made = CvCertificate.parse(issued.content)
            if made.car == cvca.reference and made.expiry >= min(wanted, cvca.ends.date()):
                return issued
        key, label = new_key(self._keys, "verifier", self._curve)
        holder = self._next_reference(VERIFIER, "verifier")
        expiry = min(now.date() + timedelta(self._lifetimes.verifier), cvca.ends.date())
        chat = Chat(Role.DOMESTIC_VERIFIER, cv_authority.ALL_RIGHTS)
        certificate = self._certify(cvca, holder, key, chat, now.date(), expiry)
        issued = register_entry("verifier", holder, label, certificate)
        self._register.add(issued)
        return issued

    def _certify(
        self, issuer: Issued, holder: str, key: SigningKey, chat: Chat, first: date, last: date
    ) -> CvCertificate:
        issuer_key = self._keys.open(issuer.key_label)
        public_key = CvPublicKey.of_key(key.public_key)
        return cv_authority.subordinate(
            issuer.reference, issuer_key, holder, public_key, chat, first, last
        )

    def _next_reference(self, mnemonic: str, kind: str) -> str:
        issued = self._register.issued(kind)
        return cv_authority.next_reference(self._country, mnemonic, issued)
