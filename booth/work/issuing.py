"""The counter's physical transaction: a card out of the e-Cabinet into a person's hand.

The journal holds a motion "issue" from the reservation until the card is issued, back in its slot
or in the bin; on start the slot's sensor says which.
"""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from booth.case_book import needs_activation
from booth.duties.counter import (
    AwaitTakenOut,
    BinFaultyCard,
    CardBack,
    CardBinned,
    CardFace,
    CardIssued,
    CardRead,
    CardTakenOut,
    CheckCard,
    IssueCard,
    PutBack,
    ReserveCard,
    SlotOpened,
)
from booth.duties.shared import Failed, Note
from booth.work.tools import REFRESH_S, Tools, note_of_card
from common.domain.card import CardMove, CardState
from common.domain.identity_number import IdentityNumber
from common.equipment.cabinet import SlotOutcome
from common.equipment.cards import CardHolder, CardUnreadable
from common.flow.machine import Stay
from common.journal.journal import Motion
from common.sync.client import RefusedError
from common.wire.facts import CardMoved, OldDocumentCaptured, What
from common.wire.shapes import CardView, CaseFind, CaseView, ReserveRequest
from hardware.core.device import Seen
from hardware.smartcard.interface import CardPosition

ISSUE = "issue"
TAKE_S = 60.0
INSERT_S = 60.0

IssuingTask = ReserveCard | AwaitTakenOut | CheckCard | IssueCard | PutBack | BinFaultyCard


@dataclass(frozen=True, slots=True)
class CardOutside:
    """A card that was out of its slot when the desk stopped."""

    case_id: UUID
    slot: int


def perform(tools: Tools, task: IssuingTask, stay: Stay) -> object:
    """Do one task and say what came of it; errors of line and devices travel on."""
    match task:
        case ReserveCard(case):
            return _reserve(tools, case)
        case AwaitTakenOut(case, slot):
            return _await_taken(tools, case, slot, stay)
        case CheckCard(case):
            return _check_card(tools, case, stay)
        case IssueCard(case, kept_here):
            return _issue(tools, case, kept_here)
        case PutBack(case, slot):
            return _put_back(tools, case, slot, stay)
        case BinFaultyCard(case):
            return _bin(tools, case, stay)
        case _:
            assert_never(task)


def settle_issue(tools: Tools) -> CardOutside | None:
    """Settle hand-overs that were cut off; return one whose card is not in its slot."""
    for motion in _motions(tools):
        slot = int(motion.body["slot"])
        if tools.cabinet.holds(slot) is not Seen.YES:
            return CardOutside(UUID(motion.body["case_id"]), slot)
        if not motion.body.get("reserved"):
            # The answer to the reservation may have been lost; the centre knows.
            case = _fetch(tools, UUID(motion.body["case_id"]))
            card = case.card if case is not None else None
            if card is None or card.state is not CardState.RESERVED:
                tools.station.journal.ended(motion)
                continue
        _end(tools, motion, _moved(motion, CardMove.RELEASE_RESERVATION))
    return None


def _reserve(tools: Tools, case: CaseView) -> object:
    fresh = _fetch(tools, case.case_id)
    card = fresh.card if fresh is not None else None
    if card is None or card.state not in (CardState.STORED, CardState.RESERVED):
        return Failed(Note.NO_CARD_YET)
    if card.location != tools.cabinet_location() or card.slot is None:
        return Failed(Note.CARD_ELSEWHERE)
    motion = _motion_of(tools, card)
    if motion is None and tools.cabinet.holds(card.slot) is Seen.NO:
        return Failed(Note.SLOT_EMPTY)
    if motion is None:
        # Seen before any door opens: what lies elsewhere must stay there until this card is out.
        body = _body(case, card, card.slot) | {"filled": sorted(tools.cabinet.filled())}
        motion = tools.station.journal.intend(ISSUE, body, tools.station.clock())
    try:
        # After a lost answer the motion stays: the station that holds a card may ask again.
        request = ReserveRequest(expect_version=card.version)
        tools.station.client.reserve(card.card_id, request, tools.signed_in.token)
    except RefusedError:
        tools.station.journal.ended(motion)
        raise
    tools.station.journal.note(motion, reserved=True)
    tools.cabinet.open(card.slot)
    return SlotOpened(card.slot)


def _await_taken(tools: Tools, case: CaseView, slot: int, stay: Stay) -> object:
    before = frozenset(_motion_of_case(tools, case).body["filled"])
    hand = tools.cabinet.wait_taken(slot, before, TAKE_S, stay.left)
    match hand.outcome:
        case SlotOutcome.DONE:
            return CardTakenOut()
        case SlotOutcome.OTHER_SLOT:
            return Failed(Note.WRONG_SLOT)
        case SlotOutcome.NOTHING:
            return Failed(Note.STILL_THERE)


def _check_card(tools: Tools, case: CaseView, stay: Stay) -> object:
    if not _take_in(tools, stay):
        return Failed(Note.NO_CARD_CAME)
    holder = tools.encoder.read_holder()
    tools.encoder.give_back()
    tools.encoder.wait_taken(INSERT_S, stay.left)
    if isinstance(holder, CardUnreadable):
        return Failed(note_of_card(holder))
    if not _fits(holder, case):
        return Failed(Note.CARD_OF_ANOTHER)
    return CardRead(_face(holder))


def _fits(holder: CardHolder, case: CaseView) -> bool:
    known = IdentityNumber.parse(case.identity_number)
    serial = case.card.chip_serial if case.card is not None else None
    return holder.identity_number == known and serial in (None, holder.chip_serial)


def _face(holder: CardHolder) -> CardFace:
    return CardFace(
        identity_number=str(holder.identity_number),
        name=f"{holder.surname}, {holder.given_names}",
        chinese_name=holder.chinese_name,
        date_of_birth=holder.date_of_birth.isoformat(),
        sex=holder.sex,
        portrait=holder.portrait_jpeg,
    )


def _issue(tools: Tools, case: CaseView, kept_here: bool) -> object:
    motion = _motion_of_case(tools, case)
    whats: list[What] = []
    if kept_here:
        counter = f"{tools.station.config.name}.counter"
        whats.append(OldDocumentCaptured(document=case.old_document, location=counter))
    issue = CardMove.ISSUE_TO_PROXY if needs_activation(case) else CardMove.ISSUE
    whats += [_moved(motion, CardMove.PRESENT), _moved(motion, issue)]
    _end(tools, motion, *whats)
    return CardIssued()


def _put_back(tools: Tools, case: CaseView, slot: int, stay: Stay) -> object:
    motion = _motion_of_case(tools, case)
    if tools.cabinet.holds(slot) is not Seen.YES:
        tools.cabinet.open(slot)
        hand = tools.cabinet.wait_put(slot, tools.cabinet.filled(), TAKE_S, stay.left)
        if hand.outcome is not SlotOutcome.DONE:
            other = hand.outcome is SlotOutcome.OTHER_SLOT
            return Failed(Note.WRONG_SLOT if other else Note.NOT_PUT)
    _end(tools, motion, _moved(motion, CardMove.RELEASE_RESERVATION))
    return CardBack()


def _bin(tools: Tools, case: CaseView, stay: Stay) -> object:
    motion = _motion_of_case(tools, case)
    if not _take_in(tools, stay):
        return Failed(Note.NO_CARD_CAME)
    tools.encoder.keep()
    _end(tools, motion, _moved(motion, CardMove.FAIL_QUALITY))
    return CardBinned()


def _take_in(tools: Tools, stay: Stay) -> bool:
    position = tools.encoder.position()
    if position is CardPosition.GATE:
        tools.encoder.draw_in()
        return True
    return position is CardPosition.INSIDE or tools.encoder.wait_for_card(INSERT_S, stay.left)


def _body(case: CaseView, card: CardView, slot: int) -> dict[str, object]:
    return {"case_id": str(case.case_id), "card_id": str(card.card_id), "slot": slot}


def _motions(tools: Tools) -> list[Motion]:
    return [m for m in tools.station.journal.open_motions() if m.kind == ISSUE]


def _motion_of(tools: Tools, card: CardView) -> Motion | None:
    found = [m for m in _motions(tools) if m.body["card_id"] == str(card.card_id)]
    return found[0] if found else None


def _motion_of_case(tools: Tools, case: CaseView) -> Motion:
    return next(m for m in _motions(tools) if m.body["case_id"] == str(case.case_id))


def _moved(motion: Motion, move: CardMove) -> CardMoved:
    return CardMoved(card_id=UUID(motion.body["card_id"]), move=move)


def _end(tools: Tools, motion: Motion, *whats: What) -> None:
    officer, case_id = tools.signed_in, UUID(motion.body["case_id"])
    facts = [tools.station.fact(case_id, what, officer) for what in whats]
    tools.station.journal.ended(motion, *facts, officer_token=officer.token)
    tools.station.exchange.poke()


def _fetch(tools: Tools, case_id: UUID) -> CaseView | None:
    tools.station.exchange.flush(REFRESH_S)
    return tools.station.client.find_case(CaseFind(case_id=case_id))
