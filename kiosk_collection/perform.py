"""Carries out what the collection kiosk's flow asks for, with devices, journal and backend."""

import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from common.domain.age import years_old
from common.domain.biometrics import WITH_PARENT_UNDER
from common.domain.card import CardMove, CardState
from common.domain.card_problem import CardProblem
from common.domain.case import CaseState, OldDocument
from common.domain.clock import office_day
from common.domain.language import Language
from common.domain.queue import HandOffReason
from common.equipment.cards import CardHolder, CardUnreadable
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.machine import Stay
from common.matching.face_engine import FaceVerdict
from common.matching.finger_records import fmr_2005
from common.matching.fingers import (
    FingerAdvice,
    FingerTemplate,
    RecordError,
    verify,
)
from common.matching.liveness import LivenessHint
from common.station.station import Station
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.evidence import Attempts, EnrolledFinger
from common.wire.facts import BiometricsAttempted, CardMoved, HandedOff, HolderIdentified, What
from common.wire.shapes import CaseFind, CaseView, TagView
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.smartcard.interface import CardPosition, Supply
from kiosk_collection.documents import CardEscrow, FormEscrow, Where
from kiosk_collection.events import (
    Activated,
    CardPresented,
    CaseFound,
    DocumentFound,
    DocumentIn,
    DocumentNotTaken,
    DocumentOffered,
    DocumentTaken,
    DocumentUseless,
    Event,
    FaceAccepted,
    FaceNotAccepted,
    FingerMatched,
    FingerNotMatched,
    HandedOver,
    NewCardGone,
    NewCardLeft,
    NewCardReady,
    NewCardWaits,
    NoDocumentHeld,
    NotActivated,
    NothingFound,
    ReleaseEnded,
    Settled,
    TimeToLookAgain,
    WayBack,
    WayMissing,
)
from kiosk_collection.outcome import Fate, Outcome
from kiosk_collection.papers import hand_off_slip
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.release_book import Order
from kiosk_collection.staff import words as staff
from kiosk_collection.staff.perform import LOAD, StaffDesk
from kiosk_collection.tasks import (
    Accept,
    Activate,
    AwaitDocumentTaken,
    AwaitNewCardTaken,
    CheckFace,
    CheckFinger,
    FetchCard,
    FindByNumber,
    Forget,
    GiveDocumentBack,
    HandOff,
    LookAgainLater,
    PresentCard,
    PutAway,
    Read,
    RecordIdentified,
    Settle,
    Task,
)
from kiosk_collection.visit import Cause, EndKind, NewCard, OfficeName, Place, Visit

logger = logging.getLogger(__name__)

ACCEPT_S = 30.0
RETRY_S = 3.0
LOOK_AGAIN_S = 10.0
NEW_CARD_TAKEN_S = 15.0
"""After this the person is asked whether to wait longer; after twice this the card goes back."""
UNREAD_IN_A_ROW = 2
"""So many new cards that cannot be read speak against the reader, not against the cards."""
DOCUMENT_TAKEN_S = 30.0
SEND_S = 4.0
_ENDS = {
    CardProblem.ZONE_UNREADABLE: EndKind.ZONE_UNREADABLE,
    CardProblem.CHIP_SILENT: EndKind.UNREADABLE,
    CardProblem.DOUBTFUL: EndKind.CARD_DOUBTFUL,
    CardProblem.NOT_VALID: EndKind.CARD_NOT_VALID,
    CardProblem.FOREIGN: EndKind.CARD_FOREIGN,
}


def lane(task: Task) -> str:
    """Name the worker of a task: each mouth waits on its own, all else goes in order."""
    match task:
        case Accept(document):
            return f"accept_{document}"
        case LookAgainLater():
            return "time"
    return "visit"


@dataclass
class CollectionDesk:
    """What a collection kiosk has to work with.

    The finger just given is kept in memory, until the new card's own template was compared with
    it or the visit is over; it is never written.
    """

    station: Station
    intake: CardEscrow
    forms: FormEscrow
    faces: FaceDesk
    fingers: FingerDesk
    magazine: Magazine
    presenter: PresenterDesk
    slips: SlipDesk
    release: ReleaseDesk
    staff: StaffDesk
    language: Callable[[], Language]
    clock: Callable[[], datetime]
    new_card_taken_s: float = NEW_CARD_TAKEN_S
    document_taken_s: float = DOCUMENT_TAKEN_S
    look_again_s: float = LOOK_AGAIN_S
    _probe: FingerTemplate | None = field(default=None, init=False, repr=False)
    _slip_for: UUID | None = field(default=None, init=False)
    _taken_in: OldDocument | None = field(default=None, init=False)
    _unread: int = field(default=0, init=False)
    """How many new cards in a row could not be read, since staff last looked."""

    def perform(self, task: Task, stay: Stay) -> Event | None:
        """Do one task and say what came of it."""
        match task:
            case Settle():
                return self._settle()
            case LookAgainLater():
                stay.left.wait(self.look_again_s)
                return TimeToLookAgain()
            case Accept(document):
                return self._accept(document, stay)
            case Read(document):
                return self._read(document, stay)
            case FindByNumber():
                return self._find_by_number(task)
            case CheckFace(visit):
                return self._check_face(visit, stay)
            case CheckFinger():
                return self._check_finger(task, stay)
            case RecordIdentified():
                self._record_identified(task)
                return None
            case FetchCard(visit, position):
                return self._fetch(visit, position)
            case Activate(visit):
                return self._activate(visit)
            case PresentCard():
                outcome = self.release.present()
                return CardPresented() if outcome is None else ReleaseEnded(outcome)
            case AwaitNewCardTaken(is_last):
                return self._await_new_card_taken(is_last, stay)
            case PutAway():
                return self._put_away(task)
            case HandOff():
                return self._hand_off(task)
            case GiveDocumentBack():
                return self._give_document_back()
            case AwaitDocumentTaken(document):
                return self._await_document_taken(document, stay)
            case Forget():
                self._probe = None
                return None
            case _ if isinstance(task, staff.Task):
                self._unread = 0
                return self.staff.perform(task, stay)
            case _:
                assert_never(task)

    @property
    def _escrows(self) -> Mapping[OldDocument, CardEscrow | FormEscrow]:
        return {OldDocument.OLD_CARD: self.intake, OldDocument.ACKNOWLEDGEMENT: self.forms}

    # Before the welcome

    def _settle(self) -> Event:
        outcome = self.release.settle()
        self.station.exchange.poke()
        if any(motion.kind == LOAD for motion in self.station.journal.open_motions()):
            return Settled(outcome, cause=Cause.LOADING)
        held = any(self._is_held(document) for document in OldDocument)
        cause = Cause.STUCK if outcome is not None and outcome.is_open else self._obstacle()
        return Settled(outcome, held, cause)

    def _is_held(self, document: OldDocument) -> bool:
        try:
            return self._escrows[document].where() in (Where.HELD, Where.OFFERED)
        except DeviceError as error:
            logger.warning("%s: %s", document, error)
            return False

    def _obstacle(self) -> Cause | None:
        """Without magazine and presenter nobody can be served; cards in the way are staff's."""
        if self._unread >= UNREAD_IN_A_ROW:
            logger.error("the presenter reads no card any more")
            return Cause.DEVICES
        try:
            self.magazine.count()
            is_clear = (
                self.presenter.position() is CardPosition.NONE
                and self.presenter.feeder() not in (Supply.LOW, Supply.OK)
            )
            has_room = self.presenter.bin_takes_more()
        except DeviceError as error:
            logger.warning("no new card can be released: %s", error)
            return Cause.DEVICES
        if not is_clear:
            return Cause.STUCK
        return None if has_room else Cause.FULL

    # The old document

    def _accept(self, document: OldDocument, stay: Stay) -> Event | None:
        escrow = self._escrows[document]
        wait = self.intake.wait_for_card
        if document is OldDocument.ACKNOWLEDGEMENT:
            wait = self.forms.wait_for_form
        while not stay.left.is_set():
            try:
                where = escrow.where()
                if where in (Where.HELD, Where.OFFERED):
                    return DocumentFound()
                if where is Where.UNKNOWN or not escrow.bin_takes_more():
                    stay.tell(WayMissing(document))
                    stay.left.wait(RETRY_S)
                    continue
                stay.tell(WayBack(document))
                if wait(ACCEPT_S, stay.left):
                    return DocumentIn(document)
            except RequestCancelledError:
                return None
            except DeviceError as error:
                logger.warning("%s cannot be accepted: %s", document, error)
                stay.tell(WayMissing(document))
                stay.left.wait(RETRY_S)
        return None

    def _read(self, document: OldDocument, stay: Stay) -> Event | None:
        self._taken_in = document
        try:
            by = self._find_by(document, stay)
        except RequestCancelledError:
            return None
        except DeviceError as error:
            logger.warning("%s was not read: %s", document, error)
            by = EndKind.UNREADABLE
        if isinstance(by, EndKind):
            return DocumentUseless(by)
        try:
            case = self.station.client.find_case(by)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no case: %s", error)
            return DocumentUseless(EndKind.NO_CONNECTION)
        if case is not None:
            return CaseFound(self._visit(document, case))
        return self._inactive_card() if document is OldDocument.OLD_CARD else _UNKNOWN

    def _inactive_card(self) -> Event:
        """Look whether the card inside is a new one that a proxy collected for its holder.

        Its holder is compared with what is in the card itself: that is what borders compare with.
        """
        try:
            chip = self.intake.read_holder()
            if isinstance(chip, CardUnreadable):
                return _UNKNOWN
            card = self.station.client.card_by_serial(chip.chip_serial)
            if card is None or card.state is not CardState.ISSUED_NOT_ACTIVATED:
                return _UNKNOWN
            case = self.station.client.find_case(CaseFind(case_id=card.case_id))
        except DeviceError as error:
            logger.warning("no card to activate: %s", error)
            return DocumentUseless(EndKind.UNREADABLE)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no card to activate: %s", error)
            return DocumentUseless(EndKind.NO_CONNECTION)
        if case is None or case.identity_number != str(chip.identity_number):
            return _UNKNOWN
        found = _as_in_the_chip(case, chip)
        return CaseFound(Visit(OldDocument.OLD_CARD, found, Place.HERE, activates=True))

    def _find_by_number(self, task: FindByNumber) -> Event:
        """Find a case by what its person knows. A wrong year tells no more than a wrong number."""
        try:
            case = self.station.client.find_case(CaseFind(identity_number=str(task.number)))
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no case: %s", error)
            return DocumentUseless(EndKind.NO_CONNECTION)
        born = None if case is None else case.particulars.date_of_birth
        if case is None or born is None or born.year != task.year:
            return NothingFound()
        return CaseFound(replace(self._visit(task.document, case), document_read=False))

    def _visit(self, document: OldDocument, case: CaseView) -> Visit:
        self._slip_for = None
        place = self._place(case)
        is_ready = case.state is CaseState.READY and place is not Place.OTHER_OFFICE
        born, today = case.particulars.date_of_birth, office_day(self.clock())
        is_promised = case.ready_on is not None and case.ready_on > today
        return Visit(
            document,
            case,
            place,
            is_minor=born is not None and years_old(born, today) < WITH_PARENT_UNDER,
            office=() if is_ready else self._office(case.collection_office),
            ready_on=case.ready_on if is_promised else None,
        )

    def _office(self, code: str) -> OfficeName:
        """Return an office's name as the public knows it; its code where nobody tells more."""
        try:
            names = {one.code: one.name for one in self.station.client.offices().offices}
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no names of offices: %s", error)
            names = {}
        return tuple(names[code].items()) if code in names else ((Language.ENGLISH, code),)

    def _find_by(self, document: OldDocument, stay: Stay) -> CaseFind | EndKind:
        if document is OldDocument.ACKNOWLEDGEMENT:
            token = self.forms.read_token(stay.left)
            return EndKind.UNREADABLE if token is None else CaseFind(receipt_token=token)
        number = self.intake.read_number()
        if isinstance(number, CardUnreadable):
            return _ENDS[number.problem]
        return CaseFind(identity_number=str(number))

    def _place(self, case: CaseView) -> Place:
        config, location = self.station.config, case.card.location if case.card else None
        if location == f"{config.name}.magazine":
            return Place.HERE
        if case.collection_office != config.office:
            return Place.OTHER_OFFICE
        is_in_another = location is not None and location.endswith(".magazine")
        return Place.OTHER_KIOSK if is_in_another else Place.COUNTER

    # The person

    def _check_face(self, visit: Visit, stay: Stay) -> Event | None:
        if visit.case.portrait is None:
            return FaceNotAccepted("unlike")
        try:
            found = self.faces.check(visit.case.portrait, stay.left)
        except RequestCancelledError:
            return None
        if found.verdict is FaceVerdict.ACCEPT and found.liveness is LivenessHint.FLAT_HINT:
            return FaceNotAccepted("flat")
        if found.verdict is FaceVerdict.ACCEPT:
            live = found.liveness is LivenessHint.LIVE_HINT
            return FaceAccepted("live" if live else "not_checked")
        return FaceNotAccepted("no_face" if found.verdict is FaceVerdict.NO_FACE else "unlike")

    def _check_finger(self, task: CheckFinger, stay: Stay) -> Event | None:
        if task.is_first:
            self.fingers.begin()
        try:
            enrolled = [
                (finger.position, fmr_2005.read_own(finger.template))
                for finger in task.visit.case.fingers
            ]
            found = self.fingers.check(enrolled, task.position, stay.left)
        except RequestCancelledError:
            return None
        except RecordError:
            logger.warning("an enrolled finger of the case cannot be read")
            return FingerNotMatched(used_s=self.fingers.used_s)
        if found.matched:
            self._probe = found.template
            return FingerMatched(found.score, found.quality, found.used_s)
        advice = "nobody" if found.advice is None else found.advice.value
        if found.advice is FingerAdvice.GOOD:
            advice = ""
        return FingerNotMatched(advice, found.quality, found.score, found.used_s)

    def _record_identified(self, task: RecordIdentified) -> None:
        what = HolderIdentified(
            by="face_and_finger",
            finger_position=task.position,
            score=round(task.score, 2),
            card="verified" if task.card_read else "not_read",
            liveness=task.liveness,
        )
        self.station.record(task.case_id, BiometricsAttempted(attempts=task.attempts), what)

    # The new card

    def _fetch(self, visit: Visit, position: int) -> Event:
        card, probe = visit.case.card, self._probe
        if card is None or card.slot is None:
            return ReleaseEnded(_untouched(visit, HandOffReason.CARD_AT_COUNTER))
        if not self._is_believed(visit.case.case_id):
            return ReleaseEnded(_untouched(visit, HandOffReason.ASKED_FOR_STAFF))
        order = Order(visit.case.case_id, card.card_id, card.version, card.slot, visit.document)
        if (outcome := self.release.fetch(order)) is not None:
            return ReleaseEnded(outcome)
        new_card = self._read_new_card(visit, position, probe)
        self._probe = None
        if isinstance(new_card, HandOffReason):
            return self._put_away(PutAway(visit.case.case_id, new_card))
        return NewCardReady(new_card)

    def _activate(self, visit: Visit) -> Event:
        card = visit.case.card
        if card is None or not self._is_believed(visit.case.case_id):
            return NotActivated()
        moved = CardMoved(card_id=card.card_id, move=CardMove.ACTIVATE)
        self.station.record(visit.case.case_id, moved)
        if not self.station.exchange.flush(SEND_S):
            # It is in the journal, and arrives; the holder need not come again.
            logger.info("an activation waits to be sent")
        return Activated()

    def _is_believed(self, case_id: UUID) -> bool:
        """Tell whether the backend will let the card go to whom was identified just now.

        It may refuse what a kiosk compared: too many tries on one day, a face that must be alive.
        Once the card is out it is too late to be told.
        """
        if not self.station.exchange.flush(SEND_S):
            return False
        try:
            case = self.station.client.find_case(CaseFind(case_id=case_id))
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("nobody says whether the holder is believed: %s", error)
            return False
        # What officers saw today may have been a proxy: here the holder's own two proofs count.
        recipient = None if case is None else case.recipient
        return recipient is not None and recipient.by == "face_and_finger"

    def _read_new_card(
        self, visit: Visit, position: int, probe: FingerTemplate | None
    ) -> NewCard | HandOffReason:
        """Check the new card inside the machine: its chip answers, and it is this person's."""
        try:
            chip = self.presenter.read_holder()
            if isinstance(chip, CardUnreadable):
                # Contacts that did not meet the first time may do so the second.
                chip = self.presenter.read_holder()
        except DeviceError as error:
            logger.warning("the new card was not read: %s", error)
            return HandOffReason.EQUIPMENT_FAILED
        if isinstance(chip, CardUnreadable):
            return self._unreadable(chip.problem)
        self._unread = 0
        if (doubt := _doubt_of(chip, visit, position, probe)) is not None:
            return doubt
        return NewCard(
            chip.identity_number.masked,
            chip.surname,
            chip.given_names,
            chip.chinese_name,
            chip.portrait_jpeg,
        )

    def _unreadable(self, problem: CardProblem) -> HandOffReason:
        """Judge a new card that says nothing: a remake is ordered for a faulty one alone.

        Where the camera sees no print, or the card before was silent too, it may be the machine;
        then the card is kept for an officer, who may hand it out the same day.
        """
        self._unread += 1
        logger.error("the new card cannot be read: %s, %s in a row", problem, self._unread)
        is_machine = problem is CardProblem.ZONE_UNREADABLE or self._unread >= UNREAD_IN_A_ROW
        return HandOffReason.EQUIPMENT_FAILED if is_machine else HandOffReason.NEW_CARD_FAULTY

    def _await_new_card_taken(self, is_last: bool, stay: Stay) -> Event:
        # Its answer counts only if nobody asked for more time meanwhile: so it moves nothing.
        self.release.wait_taken(self.new_card_taken_s, stay.left)
        if not self.release.card_waits():
            return NewCardGone()
        return NewCardLeft() if is_last else NewCardWaits()

    def _put_away(self, task: PutAway) -> Event:
        try:
            outcome = self.release.give_up(task.reason)
        except LookupError:
            outcome = Outcome(Fate.BACK, task.case_id, task.reason, recorded=False)
        self.station.exchange.poke()
        return ReleaseEnded(outcome)

    # The end

    def _hand_off(self, task: HandOff) -> Event:
        case_id, reason = task.case_id, task.reason
        if not task.recorded:
            self.station.record(case_id, *_attempted(task.attempts), HandedOff(reason=reason))
        tag = self._tag(case_id)
        number = tag.number if tag else None
        if self._slip_for == case_id:
            return HandedOver(number, slip=True)
        printed = self._print_slip(tag, reason)
        self._slip_for = case_id if printed else None
        return HandedOver(number, printed)

    def _print_slip(self, tag: TagView | None, reason: HandOffReason) -> bool:
        office = self.station.config.office
        picture = hand_off_slip(tag, office, reason, self.clock(), self.language())
        return self.slips.print(picture) is SlipOutcome.PRINTED

    def _tag(self, case_id: UUID) -> TagView | None:
        """Ask for the case's tag at the counter, once the hand-off has arrived there."""
        if not self.station.exchange.flush(SEND_S):
            return None
        try:
            case = self.station.client.find_case(CaseFind(case_id=case_id))
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no tag: %s", error)
            return None
        return case.tag if case else None

    def _give_document_back(self) -> Event:
        held = [document for document in OldDocument if self._is_held(document)]
        # Raises where the unit does not answer: it may well hold what was taken in.
        if not held and self._taken_in and self._escrows[self._taken_in].where() is not Where.NONE:
            held = [self._taken_in]
        if not held:
            self._taken_in = None
            return NoDocumentHeld()
        self._escrows[held[0]].give_back()
        return DocumentOffered(held[0])

    def _await_document_taken(self, document: OldDocument, stay: Stay) -> Event | None:
        try:
            taken = self._escrows[document].wait_taken(self.document_taken_s, stay.left)
        except RequestCancelledError:
            return None
        except DeviceTimeoutError:
            taken = False
        return DocumentTaken() if taken else DocumentNotTaken()


def _attempted(attempts: Attempts | None) -> tuple[What, ...]:
    return () if attempts is None else (BiometricsAttempted(attempts=attempts),)


def _as_in_the_chip(case: CaseView, chip: CardHolder) -> CaseView:
    """Return the case with the biometrics that are in the card."""
    fingers = tuple(
        EnrolledFinger(position=position, quality=0, template=b64encode(fmr_2005.write(template)))
        for position, template in chip.fingers
    )
    return case.model_copy(update={"portrait": chip.portrait_jpeg, "fingers": fingers})


def _untouched(visit: Visit, why: HandOffReason) -> Outcome:
    return Outcome(Fate.BACK, visit.case.case_id, why, recorded=False)


def _doubt_of(
    chip: CardHolder, visit: Visit, position: int, probe: FingerTemplate | None
) -> HandOffReason | None:
    """Say why the card inside may not go to this person; None where it may.

    A good card that lay in a wrong pocket is not replaced, nor one whose fingers this station may
    not read: an officer looks at it.
    """
    card = visit.case.card
    is_another = card is not None and card.chip_serial and chip.chip_serial != card.chip_serial
    if is_another or str(chip.identity_number) != visit.case.identity_number:
        logger.error("the pocket held another card")
        return HandOffReason.EQUIPMENT_FAILED
    templates = [template for where, template in chip.fingers if where == position]
    if probe is None or not templates:
        logger.error("the new card shows no such finger")
        return HandOffReason.EQUIPMENT_FAILED
    if not verify(probe, templates).matched:
        logger.error("the finger does not match the new card's own template")
        return HandOffReason.NEW_CARD_FAULTY
    return None


_UNKNOWN = DocumentUseless(EndKind.UNKNOWN_CASE)
