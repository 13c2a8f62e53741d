"""What a supervisor does at a desk: officers' cards in the card unit, and numbers for reception."""

from typing import TypeAlias, assert_never

from booth.duties.officer_cards import (
    AwaitCardTaken,
    AwaitOfficerCard,
    BindCard,
    CardAtGate,
    CardBound,
    CardRevoked,
    CardSeen,
    CardsFetched,
    GiveCardBack,
    ListCards,
    PinRefused,
    RevokeCard,
    SlotEmpty,
)
from booth.duties.shared import Failed, Note
from booth.duties.watching import Watch, Watched
from booth.work.issuing import ISSUE
from booth.work.making import PERSONALISE
from booth.work.tools import Tools
from common.domain.identity_number import IdentityNumber
from common.flow.machine import Stay
from common.flow.staff_words import Refused, TurnedAway
from common.station.officer_cards import OfficerDoor, prove
from common.sync.client import RefusedError
from common.wire.shapes import WatchRequest
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.officer_card import PinAnswer, PinVerdict

INSERT_S = 45.0
TAKEN_S = 60.0

SupervisingTask: TypeAlias = (
    GiveCardBack | AwaitCardTaken | ListCards | RevokeCard | AwaitOfficerCard | BindCard | Watch
)
_WHY = {
    "same_officer": Note.NOT_YOUR_OWN_CARD,
    "not_found": Note.NO_SUCH_OFFICER,
    "card_known": Note.CARD_KNOWN,
    "card_wrong": Note.NOT_OFFICERS_CARD,
}


def perform(tools: Tools, task: SupervisingTask, stay: Stay) -> object:
    """Do one task and say what came of it; errors of line and devices travel on."""
    client = tools.station.client
    match task:
        case GiveCardBack():
            return _give_back(tools)
        case AwaitCardTaken():
            taken = tools.encoder.wait_taken(TAKEN_S, stay.left)
            return SlotEmpty() if taken else Failed(Note.CARD_NOT_TAKEN)
        case ListCards():
            return CardsFetched(client.officer_cards().cards)
        case RevokeCard(key_id):
            client.revoke_officer_card(key_id, tools.signed_in.token)
            return CardRevoked()
        case AwaitOfficerCard():
            return _await_card(tools, stay)
        case BindCard(officer_id, pin):
            return _bind(tools, officer_id, pin)
        case Watch(number, is_watched):
            plain = str(IdentityNumber.parse(number))
            request = WatchRequest(identity_number=plain, is_watched=is_watched)
            client.watch(request, tools.signed_in.token)
            return Watched(is_watched)
        case _:
            assert_never(task)


def _holds_a_work_piece(tools: Tools) -> bool:
    """Whether the card in the unit belongs to a card transaction that was cut off."""
    return any(m.kind in (PERSONALISE, ISSUE) for m in tools.station.journal.open_motions())


def _give_back(tools: Tools) -> object:
    if _holds_a_work_piece(tools) or tools.encoder.position() is CardPosition.NONE:
        return SlotEmpty()
    tools.encoder.give_back()
    return CardAtGate()


def _await_card(tools: Tools, stay: Stay) -> object:
    if _holds_a_work_piece(tools):
        return Failed(Note.CARD_WORK_OPEN)
    position = tools.encoder.position()
    if position is CardPosition.GATE:
        tools.encoder.draw_in()
    elif position is CardPosition.NONE and not tools.encoder.wait_for_card(INSERT_S, stay.left):
        return Failed(Note.NO_CARD_CAME)
    door = OfficerDoor(tools.station.config.name, tools.station.client)
    found = door.look(tools.station.device("card_unit"))
    if isinstance(found, TurnedAway):
        is_blocked = found.why is Refused.BLOCKED
        return Failed(Note.CARD_BLOCKED if is_blocked else Note.NOT_OFFICERS_CARD)
    return CardSeen(found.tries_left)


def _bind(tools: Tools, officer_id: str, pin: str) -> object:
    if officer_id == tools.signed_in.officer_id:
        return Failed(Note.NOT_YOUR_OWN_CARD)
    try:
        proven = prove(tools.station.device("card_unit"), pin)
    except ChipError:
        return Failed(Note.NOT_OFFICERS_CARD)
    if isinstance(proven, PinAnswer):
        is_blocked = proven.verdict is PinVerdict.BLOCKED
        return Failed(Note.CARD_BLOCKED) if is_blocked else PinRefused(proven.tries_left)
    try:
        tools.station.client.give_officer_card(officer_id, proven, tools.signed_in.token)
    except RefusedError as refusal:
        if refusal.problem in _WHY:
            return Failed(_WHY[refusal.problem])
        raise
    return CardBound()
