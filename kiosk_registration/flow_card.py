"""The old card: inserted, read, and held against what the office knows of it."""

from dataclasses import replace

from common.domain.card_problem import MAY_TRY_AGAIN, CardProblem
from common.domain.queue import HandOffReason
from common.wire.facts import LatenessDeclared
from common.wire.old_card import CallUp, OldCardStanding, Standing
from common.wire.shapes import Particulars
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, enter, first
from kiosk_registration.flow_person import begin_fingers
from kiosk_registration.words import OldCard, OpenCase, WrongCard

CARD_TRIES = 3
AGAIN = MAY_TRY_AGAIN | {CardProblem.FOREIGN}
"""Another card by mistake, such as a bank's, is no officer's business before the last try."""

_OFFICERS = {Standing.LOST: HandOffReason.CARD_LOST, Standing.REPLACED: HandOffReason.CARD_REPLACED}


def next_step(state: s.State, event: e.Event) -> FlowStep | None:
    """Return what follows at the card slot; None where this is about something else."""
    match state, event:
        case s.InsertingCard(case), e.CannotGiveFingers():
            return enter(replace(state, case=replace(case, gives_no_fingers=True)))
        case s.InsertingCard(case, tries), e.CardInserted():
            return enter(s.ReadingCard(replace(case, card_inside=True), tries))

        case (
            s.ReadingCard(case, tries),
            e.CardRead(card),
        ) if card.identity_number != case.identity_number:
            # Those who come together may have swapped their cards, or their slips.
            again = _once_more(case, tries, WrongCard.OF_ANOTHER)
            return again or enter(s.HandingOff(case, HandOffReason.CARD_OF_ANOTHER))
        case s.ReadingCard(case), e.CardRead(card):
            filled = replace(case, particulars=_with_card(case.particulars, card))
            return enter(s.CheckingCard(filled, card))
        case s.ReadingCard(case), e.CardNotRead(CardProblem.NOT_VALID):
            return enter(s.HandingOff(case, HandOffReason.CARD_NOT_VALID))
        case s.ReadingCard(case, tries), e.CardNotRead(problem):
            again = _once_more(case, tries, problem) if problem in AGAIN else None
            is_unread = problem in MAY_TRY_AGAIN
            why = HandOffReason.CARD_UNREADABLE if is_unread else HandOffReason.CARD_DOUBTFUL
            return again or enter(s.HandingOff(case, why))

        case s.CheckingCard(case, card), e.CardStands(told):
            return _card_stands(case, card, told)
        case s.CheckingCard(case, card), e.EquipmentFailed():
            return _card_stands(case, card, OldCardStanding())
        case s.AskingExcuse(case, card), e.ExcuseGiven(why):
            declared = t.Record(case.case_id, LatenessDeclared(why=why))
            return first(declared, begin_fingers(case.with_done("late_declared"), card))
        case _:
            return None


def _once_more(case: OpenCase, tries: int, problem: CardProblem | WrongCard) -> FlowStep | None:
    """Give the card back and ask for it again; None after the last try."""
    if tries + 1 >= CARD_TRIES:
        return None
    without = replace(case, card_inside=False)
    return enter(s.ReturningCard(s.InsertingCard(without, tries + 1, problem)))


def _card_stands(case: OpenCase, card: OldCard, told: OldCardStanding) -> FlowStep:
    """A card that is lost or replaced is an officer's; who comes late says why and goes on."""
    if reason := _OFFICERS.get(told.card):
        return enter(s.HandingOff(case, reason))
    if told.call_up is CallUp.EARLY:
        return enter(s.HandingOff(case, HandOffReason.NOT_CALLED_UP))
    if told.call_up is CallUp.LATE and "late_declared" not in case.done:
        return enter(s.AskingExcuse(case, card))
    return begin_fingers(case, card)


def _with_card(form: Particulars, card: OldCard) -> Particulars:
    """Fill gaps of the form with what the card says. What a person wrote is left as it is."""
    known = {
        "surname": card.surname,
        "given_names": card.given_names,
        "chinese_name": card.chinese_name[:6],
        "sex": card.sex if card.sex in ("M", "F") else "",
        "date_of_birth": card.date_of_birth,
    }
    return form.model_copy(
        update={name: value for name, value in known.items() if not getattr(form, name)}
    )
