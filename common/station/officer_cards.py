"""Officers' cards at a station: read through its card unit, and told by the backend or a kept list.

Out of the backend's reach the station makes the challenge itself and checks what the card signed
against the list that the backend gave it last, which lies in the encrypted journal.
"""

import logging
import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate
from pydantic import ValidationError

from common.domain.clock import Clock
from common.domain.officer import Role
from common.flow.staff_words import (
    LetIn,
    Member,
    OfficerCardFound,
    PinWrong,
    Refused,
    TurnedAway,
)
from common.journal.journal import Journal
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.officer_cards import (
    CHALLENGE_BYTES,
    CardSignInRequest,
    OfficerCardRow,
    OfficerCards,
    OfficerChallenge,
    signed_by,
)
from common.wire.shapes import OfficerSession, SignInRequest
from hardware.core.errors import BadReplyError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.interface import CardUnit
from hardware.smartcard.officer_card import OfficerCard, PinAnswer, PinVerdict

logger = logging.getLogger(__name__)

T = TypeVar("T")

KEPT = "officer_cards"
"""The name of the list in the journal."""
KEPT_FOR = timedelta(hours=12)
"""How old the list may be: a card that was revoked is taken nowhere the next day."""
FETCHED_EVERY_S = 900.0
MAY_TEND = frozenset(
    {
        Role.RECEPTION,
        Role.REGISTRATION,
        Role.PRODUCTION,
        Role.COUNTER,
        Role.SUPERVISOR,
        Role.TECHNICIAN,
    }
)
"""Who may work at a public kiosk."""


class OfficerBackend(Protocol):
    """What of the backend officers' sign-in needs; BackendClient has it.

    Everything here raises BackendUnreachableError or RefusedError.
    """

    def challenge(self) -> OfficerChallenge:
        """Get what a card signs next."""
        ...

    def card_sign_in(self, request: CardSignInRequest) -> OfficerSession:
        """Sign an officer in with what the card signed."""
        ...

    def sign_in(self, request: SignInRequest) -> OfficerSession:
        """Sign an officer in with a password."""
        ...

    def sign_out(self, officer: str) -> None:
        """End a session."""
        ...

    def officer_cards(self) -> OfficerCards:
        """Fetch the cards that count now."""
        ...


class KeptOfficerCards:
    """The cards that count, as the backend said last; fetched every quarter of an hour."""

    def __init__(self, journal: Journal, client: OfficerBackend, clock: Clock) -> None:
        self._journal, self._client, self._clock = journal, client, clock
        self._ended = Event()
        self._thread = Thread(target=self._run, name="officer-cards", daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def stop(self) -> None:
        """End; the list stays."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def fetch(self) -> None:
        """Fetch the list now.

        Raises:
            BackendUnreachableError, RefusedError: Not now.
        """
        self._journal.keep(KEPT, self._client.officer_cards().model_dump_json())

    def row_of(self, certificate: bytes) -> OfficerCardRow | None:
        """Return the card of this certificate, if the list has it and is fresh enough."""
        kept = self._journal.kept(KEPT)
        if not kept:
            return None
        try:
            found = OfficerCards.model_validate_json(kept)
        except ValidationError:
            return None
        age = self._clock() - found.at
        if not timedelta() <= age + timedelta(minutes=10) <= KEPT_FOR + timedelta(minutes=10):
            return None
        return next((row for row in found.cards if row.certificate == certificate), None)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.fetch()
            except (BackendUnreachableError, RefusedError) as error:
                logger.info("the list of officers' cards was not fetched: %s", error)
            self._ended.wait(FETCHED_EVERY_S)


class OfficerDoor:
    """Lets officers in at one station: by card and PIN, or by password where no slot is free."""

    def __init__(
        self, station: str, client: OfficerBackend, kept: KeptOfficerCards | None = None
    ) -> None:
        self._station, self._client, self._kept = station, client, kept

    def look(self, unit: Keeper[CardUnit]) -> OfficerCardFound | TurnedAway:
        """Ask the card inside whether it is an officer's, and how many tries it has left.

        Raises:
            DeviceError: The unit failed.
        """
        try:
            left = unit.use(lambda powered: _with_card(powered, lambda card: card.tries_left()))
        except (ChipError, BadReplyError, DeviceFaultError) as error:
            if isinstance(error, DeviceFaultError) and error.reason != "card_error":
                raise
            return TurnedAway(Refused.NOT_OFFICERS)
        return OfficerCardFound(left) if left else TurnedAway(Refused.BLOCKED)

    def check_pin(self, unit: Keeper[CardUnit], pin: str) -> LetIn | PinWrong | TurnedAway:
        """Let the card check the PIN and sign a challenge; say who it is.

        Raises:
            DeviceError: The unit failed.
        """
        try:
            challenge, is_online = self._client.challenge().challenge, True
        except (BackendUnreachableError, RefusedError) as error:
            logger.info("the station makes the challenge itself: %s", error)
            challenge, is_online = secrets.token_bytes(CHALLENGE_BYTES), False
        try:
            signed = unit.use(
                lambda powered: _with_card(powered, lambda card: self._sign(card, pin, challenge))
            )
        except (ChipError, ValueError) as error:
            logger.warning("an officer's card does not sign: %s", error)
            return TurnedAway(Refused.CARD_FAILED)
        if isinstance(signed, PinAnswer):
            is_blocked = signed.verdict is PinVerdict.BLOCKED
            return TurnedAway(Refused.BLOCKED) if is_blocked else PinWrong(signed.tries_left)
        certificate, signature = signed
        if is_online:
            return self._sign_in(certificate, challenge, signature)
        return self._let_in_offline(certificate, challenge, signature)

    def check_password(self, officer_id: str, password: str) -> LetIn | TurnedAway:
        """Ask the backend who this is."""
        try:
            request = SignInRequest(officer_id=officer_id, password=password)
            session = self._client.sign_in(request)
        except (RefusedError, ValueError):
            return TurnedAway(Refused.WRONG)
        except BackendUnreachableError:
            return TurnedAway(Refused.NO_CONNECTION)
        return self._let_in(session)

    def sign_out(self, member: Member) -> None:
        """End the session at the backend, as far as it can be told."""
        if member.is_offline:
            return
        try:
            self._client.sign_out(member.token)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("not signed out: %s", error)

    def _sign(
        self, card: OfficerCard, pin: str, challenge: bytes
    ) -> tuple[bytes, bytes] | PinAnswer:
        answer = card.verify(pin)
        if answer.verdict is not PinVerdict.RIGHT:
            return answer
        return card.certificate(), card.sign(signed_by(self._station, challenge))

    def _sign_in(
        self, certificate: bytes, challenge: bytes, signature: bytes
    ) -> LetIn | TurnedAway:
        request = CardSignInRequest(
            certificate=b64encode(certificate),
            challenge=b64encode(challenge),
            signature=b64encode(signature),
        )
        try:
            return self._let_in(self._client.card_sign_in(request))
        except RefusedError:
            return TurnedAway(Refused.UNKNOWN)
        except BackendUnreachableError:
            return TurnedAway(Refused.NO_CONNECTION)

    def _let_in(self, session: OfficerSession) -> LetIn | TurnedAway:
        member = Member(session.officer_id, session.display_name, session.roles, session.token)
        if MAY_TEND.isdisjoint(session.roles):
            self.sign_out(member)
            return TurnedAway(Refused.NOT_ALLOWED)
        return LetIn(member)

    def _let_in_offline(
        self, certificate: bytes, challenge: bytes, signature: bytes
    ) -> LetIn | TurnedAway:
        row = self._kept.row_of(certificate) if self._kept is not None else None
        if row is None:
            return TurnedAway(Refused.NO_CONNECTION)
        if not _is_signed(row.certificate, signed_by(self._station, challenge), signature):
            return TurnedAway(Refused.UNKNOWN)
        if MAY_TEND.isdisjoint(row.roles):
            return TurnedAway(Refused.NOT_ALLOWED)
        return LetIn(Member(row.officer_id, row.officer_id, row.roles))


def _with_card(unit: CardUnit, do: Callable[[OfficerCard], T]) -> T:
    """Power the card inside, do something with its application, and power it off."""
    try:
        return do(OfficerCard(unit, unit.connect()))
    finally:
        unit.disconnect()


def _is_signed(certificate: bytes, message: bytes, signature: bytes) -> bool:
    try:
        key = load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def prove(unit: Keeper[CardUnit], pin: str) -> bytes | PinAnswer:
    """Let the card inside check its holder's PIN and sign; return the certificate of that key.

    Raises:
        ValueError: It is no PIN; the card was not asked.
        ChipError: The card does not sign, or its certificate is of another key.
        DeviceError: The unit failed.
    """
    challenge = secrets.token_bytes(CHALLENGE_BYTES)

    def ask(card: OfficerCard) -> bytes | PinAnswer:
        answer = card.verify(pin)
        if answer.verdict is not PinVerdict.RIGHT:
            return answer
        certificate = card.certificate()
        if not _is_signed(certificate, challenge, card.sign(challenge)):
            raise ChipError("malformed", "the certificate is of another key")
        return certificate

    return unit.use(lambda powered: _with_card(powered, ask))
