"""Terminal Authentication version 1, the chip's side (ICAO Doc 9303-11 clause 7.1)."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.cv_certificates import (
    CVCA,
    DOMESTIC,
    FOREIGN,
    TERMINAL,
    CvCertificate,
    PublicKey,
)
from hardware.simulation.chip.objects import by_tag
from hardware.simulation.chip.session import Access, Session
from hardware.simulation.chip.trust_points import add_trust_point, trust_points

REFERENCE = 0x83
NONCE = 8
EARLIEST = "000101"


@dataclass(frozen=True, slots=True, repr=False)
class Imported:
    """A key that the chip has verified, with what it may do."""

    holder: bytes
    key: PublicKey
    role: int
    rights: int
    curve: ec.EllipticCurve | None
    expiry: str


class TerminalAuthentication:
    """The protocol's state between commands; keys of certificates are lost with the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.forget()

    def forget(self) -> None:
        """Forget the keys and the challenge."""
        self._imported: Imported | None = None
        self._authority: Imported | None = None
        self._terminal: Imported | None = None
        self._nonce = b""

    def set_verification_key(self, command: Command) -> bytes:
        """MSE:Set DST: choose the key that the next certificate was signed with."""
        self._require_session()
        self._authority = None
        self._authority = self._find(_reference(command))
        return b""

    def verify_certificate(self, command: Command) -> bytes:
        """PSO:Verify Certificate: check a certificate and take its key in."""
        self._require_session()
        issuer, self._authority = self._authority, None
        if issuer is None:
            raise Refusal(SW.NOT_NOW)
        certificate = CvCertificate.parse(command.data)
        _require_lawful(certificate, issuer)
        today = self._session.store.memory.get("date", EARLIEST)
        # A trust point that has expired still verifies the link to its successor.
        is_expired = certificate.role != CVCA and min(certificate.expiry, issuer.expiry) < today
        authentic = issuer.key.verify(certificate.signature, certificate.body)
        if certificate.authority != issuer.holder or is_expired or not authentic:
            raise Refusal(SW.NOT_AUTHENTICATED)
        self._take_in(certificate, issuer)
        return b""

    def _take_in(self, certificate: CvCertificate, issuer: Imported) -> None:
        key = certificate.public_key(issuer.curve)
        store = self._session.store
        accurate = certificate.role != TERMINAL or issuer.role == DOMESTIC
        if accurate and certificate.effective > store.memory.get("date", EARLIEST):
            store.memory["date"] = certificate.effective
        if certificate.role == CVCA:
            add_trust_point(store, certificate)
        else:
            self._imported = Imported(
                certificate.holder,
                key,
                certificate.role,
                certificate.rights & issuer.rights,
                _curve_of(key),
                certificate.expiry,
            )
        store.saved()

    def set_terminal_key(self, command: Command) -> bytes:
        """MSE:Set AT for external authentication: choose the terminal's key."""
        self._require_session()
        self._terminal, self._nonce = None, b""
        found = self._find(_reference(command))
        if found.role != TERMINAL:
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        self._terminal = found
        return b""

    def get_challenge(self) -> bytes:
        """Give r_IC."""
        if self._terminal is None:
            raise Refusal(SW.NOT_NOW)
        self._nonce = self._session.random.octets(NONCE)
        return self._nonce

    def authenticate(self, command: Command) -> bytes:
        """EXTERNAL AUTHENTICATE: check the terminal's signature and grant its rights."""
        terminal, nonce = self._terminal, self._nonce
        self._terminal, self._nonce = None, b""
        access = self._require_session()
        if terminal is None or not nonce:
            raise Refusal(SW.NOT_NOW)
        if access.terminal_key is None or access.terminal_tried:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        access.terminal_tried = True
        if not terminal.key.verify(command.data, access.identity + nonce + access.terminal_key):
            raise Refusal(SW.NOT_AUTHENTICATED)
        access.rights = terminal.rights & access.allowed
        return b""

    def _require_session(self) -> Access:
        """Return the session's access; certificates need none but secure messaging."""
        access = self._session.access
        if self._session.messaging is None or access is None:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        return access

    def _find(self, holder: bytes) -> Imported:
        if self._imported is not None and self._imported.holder == holder:
            return self._imported
        for point in trust_points(self._session.store):
            if point.holder == holder:
                key = point.public_key()
                return Imported(holder, key, CVCA, point.rights, _curve_of(key), point.expiry)
        raise Refusal(SW.REFERENCE_NOT_FOUND)


def _require_lawful(certificate: CvCertificate, issuer: Imported) -> None:
    """A CVCA certifies CVCAs and document verifiers, a document verifier certifies terminals."""
    allowed = {CVCA: (CVCA, DOMESTIC, FOREIGN), DOMESTIC: (TERMINAL,), FOREIGN: (TERMINAL,)}
    if certificate.role not in allowed.get(issuer.role, ()):
        raise Refusal(SW.NOT_AUTHENTICATED)


def _reference(command: Command) -> bytes:
    wanted = by_tag(command.data)
    if not wanted.get(REFERENCE):
        raise Refusal(SW.WRONG_DATA)
    return wanted[REFERENCE]


def _curve_of(key: PublicKey) -> ec.EllipticCurve | None:
    return key.key.curve if isinstance(key.key, ec.EllipticCurvePublicKey) else None
