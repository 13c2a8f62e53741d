"""What a station believes: a folder of CSCA certificates, link certificates, lists and CRLs."""

import logging
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki.certificate import (
    CRL_SIGN,
    KEY_CERT_SIGN,
    Certificate,
    Name,
    RevocationList,
    Signed,
)
from hardware.smartcard.pki.cms import SIGNED_DATA, SignerInfo
from hardware.smartcard.pki.der import INTEGER, SEQUENCE, Element, Fields, first, malformed, oid
from hardware.smartcard.pki.master_list import MasterList

log = logging.getLogger(__name__)

LARGEST_FILE = 32_000_000
MOST_FILES = 20_000
MOST_CANDIDATES = 16
MOST_LINKS = 32

_PEM_BEGIN, _PEM_END = b"-----BEGIN ", b"-----END "


class TrustStore:
    """The anchors and what leads to them. It does not change; load the folder anew for news.

    Self-signed CSCA certificates are anchors, because who put them there vouches for them; so are
    those of master lists, whose own signature must hold. A link certificate is believed only when
    an anchor signed it. Document signers may lie there too, for documents without theirs.

    Attributes:
        notes: What was skipped and why, and which master lists nobody here vouches for.
    """

    def __init__(
        self, certificates: Iterable[bytes] = (), revocation_lists: Iterable[bytes] = ()
    ) -> None:
        self.notes: list[str] = []
        self._seen: set[bytes] = set()
        self._by_subject: defaultdict[Name, list[Certificate]] = defaultdict(list)
        self._by_key_id: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        self._signers: list[Certificate] = []
        self._lists: defaultdict[Name, list[RevocationList]] = defaultdict(list)
        self._newest_list: dict[Name, RevocationList | None] = {}
        self._trusted: dict[bytes, bool] = {}
        for certificate in certificates:
            self._add_certificate(certificate, "a certificate")
        for content in revocation_lists:
            self._add_revocation_list(content, "a revocation list")

    @classmethod
    def from_folder(cls, folder: Path) -> "TrustStore":
        """Read every file of a folder and its folders: certificates, CRLs and master lists.

        What they are is told by their content (DER or PEM), not by their names; files that begin
        with a dot and CV certificates (.cvcert) are left alone. Nothing here fails: what cannot be
        read is logged once and noted.
        """
        store = cls()
        lists = []
        for file in _files(folder):
            for content in store._blocks(file):
                kind = _kind_of(content)
                if kind == "certificate":
                    store._add_certificate(content, file.name)
                elif kind == "crl":
                    store._add_revocation_list(content, file.name)
                elif kind == "master list":
                    lists.append((content, file.name))
                else:
                    store._skip(file.name, "neither certificate, CRL nor master list")
        # Last, so that the anchors that may vouch for a list's signer are all there.
        for content, name in lists:
            store._add_master_list(content, name)
        log.info(
            "trust store: %d authorities, %d CRLs, %d remarks",
            len(store), sum(map(len, store._lists.values())), len(store.notes),
        )  # fmt: skip
        return store

    def __len__(self) -> int:
        """How many CSCA and link certificates there are."""
        return sum(len(found) for found in self._by_subject.values())

    def __iter__(self) -> Iterator[Certificate]:
        """All CSCA and link certificates, trusted or not."""
        return (certificate for found in self._by_subject.values() for certificate in found)

    def issuers_of(self, certificate: Certificate) -> list[Certificate]:
        """The authorities that may have issued it, the likeliest first, of bounded number.

        By key identifier, and by name; whether they did is for its signature to say.
        """
        key_id = certificate.authority_key_id
        found = list(self._by_key_id.get(key_id, ())) if key_id is not None else []
        named = self._by_subject.get(certificate.issuer, ())
        found.extend(other for other in named if other not in found)
        return found[:MOST_CANDIDATES]

    def is_trusted(self, authority: Certificate) -> bool:
        """Whether it is an anchor, or a chain of link certificates leads from it to one."""
        known = self._trusted.get(authority.der)
        if known is None:
            known = self._trusted[authority.der] = self._leads_to_anchor(authority)
        return known

    def signers_of(self, signer: SignerInfo) -> list[Certificate]:
        """The document signers in the folder that a signature names, of bounded number."""
        found = [other for other in self._signers if signer.speaks_of(other)]
        return found[:MOST_CANDIDATES]

    def revocation_list(self, issuer: Name) -> RevocationList | None:
        """The newest CRL of this issuer that a trusted authority of that name signed."""
        if issuer not in self._newest_list and issuer in self._lists:
            newest_first = sorted(
                self._lists[issuer], key=lambda found: found.this_update, reverse=True
            )
            genuine = (found for found in newest_first if self._is_genuine(found))
            self._newest_list[issuer] = next(genuine, None)
        return self._newest_list.get(issuer)

    def _is_genuine(self, found: RevocationList) -> bool:
        return any(
            authority.may(CRL_SIGN) and _is_signed(found, authority) and self.is_trusted(authority)
            for authority in self._by_subject.get(found.issuer, ())[:MOST_CANDIDATES]
        )

    def _leads_to_anchor(self, authority: Certificate) -> bool:
        waiting, seen = [authority], {authority.der}
        for _ in range(MOST_LINKS):
            if not waiting:
                break
            one = waiting.pop()
            if one.is_self_issued and _is_signed(one, one):
                return True
            for issuer in self.issuers_of(one):
                if issuer.der not in seen and _is_signed(one, issuer):
                    seen.add(issuer.der)
                    waiting.append(issuer)
        return False

    def _blocks(self, file: Path) -> list[bytes]:
        try:
            if file.stat().st_size > LARGEST_FILE:
                raise malformed("too large")
            return _unwrapped(file.read_bytes())
        except (OSError, ChipError) as error:
            self._skip(file.name, str(error))
            return []

    def _add_certificate(self, content: bytes, source: str) -> Certificate | None:
        country = "?"
        try:
            found = Certificate(content)
            country = found.country or "?"
            if found.der in self._seen:
                return None
            if not found.is_authority:
                self._signers.append(found)
            else:
                if not found.may(KEY_CERT_SIGN):
                    raise malformed("an authority that may not sign certificates")
                self._by_subject[found.subject].append(found)
                if found.subject_key_id is not None:
                    self._by_key_id[found.subject_key_id].append(found)
        except ChipError as error:
            self._skip(source, f"{country}: {error}")
            return None
        self._seen.add(found.der)
        return found

    def _add_revocation_list(self, content: bytes, source: str) -> None:
        try:
            found = RevocationList(content)
        except ChipError as error:
            self._skip(source, str(error))
            return
        self._lists[found.issuer].append(found)

    def _add_master_list(self, content: bytes, source: str) -> None:
        try:
            found = MasterList.parse(content)
            signer = found.verified_signer()
        except ChipError as error:
            self._skip(source, str(error))
            return
        if not self._vouches_for(signer):
            self._note(f"{source}: nobody here vouches for this master list of {signer.country}")
        for certificate in found.certificates:
            self._add_certificate(certificate, source)

    def _vouches_for(self, signer: Certificate) -> bool:
        return any(
            _is_signed(signer, issuer) and self.is_trusted(issuer)
            for issuer in self.issuers_of(signer)
        )

    def _skip(self, source: str, why: str) -> None:
        self._note(f"{source} skipped: {why}")

    def _note(self, remark: str) -> None:
        remark = "".join(c if c.isprintable() else "?" for c in remark)
        log.warning("trust store: %s", remark)
        self.notes.append(remark)


def _is_signed(signed: Signed, issuer: Certificate) -> bool:
    """Whether the issuer's key signed it; a key that cannot be judged signed nothing."""
    try:
        return signed.is_signed_by(issuer.public_key)
    except ChipError:
        return False


def _files(folder: Path) -> list[Path]:
    found = (
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".") and file.suffix != ".cvcert"
    )
    return [file for file, _ in zip(found, range(MOST_FILES), strict=False)]


def _unwrapped(content: bytes) -> list[bytes]:
    """The DER blocks of a file: itself, or what lies between its PEM lines."""
    if _PEM_BEGIN not in content:
        return [content]
    found = []
    for part in content.split(_PEM_BEGIN)[1:]:
        body = part.partition(_PEM_END)[0].partition(b"-----")[2]
        try:
            found.append(b64decode(body))
        except ValueError:
            raise malformed("PEM that is none") from None
    return found


def _kind_of(content: bytes) -> str:
    """What a DER block is, by its shape."""
    try:
        parts = Fields(first(content, SEQUENCE))
        head = parts.take()
        if head.raw == oid(SIGNED_DATA):
            return "master list"
        return _kind_of_signed(head)
    except ChipError:
        return ""


def _kind_of_signed(head: Element) -> str:
    fields = Fields(head)
    if fields.maybe(0xA0) is not None:
        return "certificate"
    fields.maybe(INTEGER)
    # A CRL goes on with algorithm and issuer, then a time; a version 1 certificate with a sequence.
    fields.take(SEQUENCE)
    fields.take(SEQUENCE)
    return "certificate" if fields.maybe(SEQUENCE) else "crl"
