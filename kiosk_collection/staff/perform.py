"""Carries out staff's own work at the collection kiosk: loading, counting."""

import logging
from dataclasses import dataclass
from time import monotonic
from typing import assert_never
from uuid import UUID

from common.domain.card import CardMove, after
from common.domain.officer import Role
from common.equipment.cards import CardDesk, CardUnreadable
from common.equipment.magazine import Magazine
from common.flow.machine import Stay
from common.journal.journal import Motion
from common.station.station import Station
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.custody import CountRequest
from common.wire.facts import CardMoved
from common.wire.shapes import OfficerSession
from hardware.core.errors import DeviceError, RequestCancelledError
from hardware.smartcard.interface import CardPosition
from kiosk_collection.bins import BinBook
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.staff.words import (
    AwaitCard,
    CardHandedBack,
    CardPlaced,
    CardProblem,
    Count,
    Counted,
    EmptyBins,
    Event,
    Leave,
    LoadCard,
    NewCardInserted,
    NewCardKnown,
    NewCardUseless,
    NobodyInserted,
    NotPlaced,
    OfficerGone,
    PlaceCard,
    ReadCard,
    RecordStored,
    ReturnCard,
    SettleAsGone,
    SettleByHand,
    Stand,
    Task,
    WrongPocket,
)

logger = logging.getLogger(__name__)

LOAD = "load"
"""The kind of motion that is open while a new card may lie in the intake: such a card is never
given to a visitor, whatever happens to the power."""

MAY_LOAD = frozenset({Role.PRODUCTION, Role.COUNTER, Role.SUPERVISOR})
INSERT_S = 30.0
PLACE_S = 60.0
LOOK_EVERY_S = 0.2
SEND_S = 4.0


@dataclass
class StaffDesk:
    """What staff's work at a collection kiosk needs."""

    station: Station
    intake: CardDesk
    magazine: Magazine
    release: ReleaseDesk
    bins: BinBook
    place_s: float = PLACE_S

    def perform(self, task: Task, stay: Stay) -> Event | None:
        """Do one task and say what came of it."""
        match task:
            case Count(officer):
                self._record_placed(officer)
                return Counted(self._stand())
            case EmptyBins(officer):
                logger.info("bins emptied by %s: %s", officer.officer_id, self.bins.counts())
                self.bins.emptied()
                return None
            case SettleByHand(officer):
                self.release.settle_by_hand(officer)
                self.station.exchange.poke()
                return None
            case SettleAsGone(officer):
                self.release.is_gone(officer)
                self.station.exchange.poke()
                return None
            case AwaitCard():
                return self._await_card(stay)
            case ReadCard(officer):
                return self._read_card(officer)
            case ReturnCard():
                return CardHandedBack() if self._hand_back(stay) else None
            case PlaceCard(card, wrong_pocket):
                return self._place(card, wrong_pocket, stay)
            case RecordStored(card, officer):
                self._record(card, officer)
                return None
            case Leave(officer):
                return self._leave(officer, stay)
            case _:
                assert_never(task)

    def _stand(self) -> Stand:
        stuck = self.release.stuck()
        bins = tuple(sorted(self.bins.counts().items()))
        try:
            count = self.magazine.count()
        except DeviceError as error:
            logger.warning("no pocket can be seen: %s", error)
            return Stand(bins=bins, stuck=stuck)
        if not count.silent:
            self._tell_count(count.filled)
        return Stand(count.filled, count.empty, count.silent, bins, stuck)

    def _tell_count(self, filled: tuple[int, ...]) -> None:
        """Let the centre compare the pockets with its book; without a line, the next count does."""
        request = CountRequest(place=f"{self.station.config.name}.magazine", slots=filled)
        try:
            self.station.client.count(request)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("the count was not sent: %s", error)

    def _await_card(self, stay: Stay) -> Event | None:
        if not self._loads():
            self.station.journal.intend(LOAD, {}, self.station.clock())
        try:
            came = self.intake.wait_for_card(INSERT_S, stay.left)
        except RequestCancelledError:
            return None
        return NewCardInserted() if came else NobodyInserted()

    def _read_card(self, officer: OfficerSession) -> Event:
        holder = self.intake.read_holder()
        if isinstance(holder, CardUnreadable):
            return NewCardUseless(CardProblem.UNREADABLE)
        try:
            card = self.station.client.card_by_serial(holder.chip_serial, officer.token)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("no card: %s", error)
            return NewCardUseless(CardProblem.NO_CONNECTION)
        if card is None:
            return NewCardUseless(CardProblem.UNKNOWN)
        if after(card.state, CardMove.STORE) is None:
            return NewCardUseless(CardProblem.NOT_PASSED)
        count = self.magazine.count()
        if not count.empty:
            return NewCardUseless(CardProblem.FULL)
        return NewCardKnown(
            LoadCard(card.card_id, card.case_id, holder.chip_serial, count.empty[0], count.filled)
        )

    def _hand_back(self, stay: Stay) -> bool:
        """Give the card at the intake back and stay until it is gone; False when cancelled."""
        try:
            while self.intake.position() is not CardPosition.NONE:
                self.intake.give_back()
                if self.intake.wait_taken(INSERT_S, stay.left):
                    break
        except RequestCancelledError:
            return False
        return True

    def _place(self, card: LoadCard, wrong_pocket: int, stay: Stay) -> Event | None:
        """Wait for the card in its pocket; a card in another pocket is told and waited for."""
        # On the disk before the card is in a hand: it may be in its pocket when the power fails.
        self._note(card)
        if not self._hand_back(stay):
            return None
        deadline = monotonic() + self.place_s
        while not stay.left.wait(LOOK_EVERY_S):
            new = [n for n in self.magazine.count().filled if n not in card.before]
            if new == [card.pocket]:
                return CardPlaced()
            if elsewhere := [n for n in new if n not in (card.pocket, wrong_pocket)]:
                return WrongPocket(elsewhere[0])
            if monotonic() > deadline:
                return NotPlaced()
        return None

    def _record(self, card: LoadCard, officer: OfficerSession) -> None:
        stored = CardMoved(
            card_id=card.card_id,
            move=CardMove.STORE,
            location=f"{self.station.config.name}.magazine",
            slot=card.pocket,
            chip_serial=card.chip_serial,
        )
        self.station.record(card.case_id, stored, officer=officer)
        self._note(None)

    def _record_placed(self, officer: OfficerSession) -> None:
        """Record a card that went into its pocket, and nobody waited until that was seen."""
        placing = next((m.body.get("placing") for m in self._loads()), None)
        if placing is None:
            return
        card = LoadCard(
            UUID(placing["card_id"]),
            UUID(placing["case_id"]),
            placing["chip_serial"],
            placing["pocket"],
            tuple(placing["before"]),
        )
        try:
            filled = self.magazine.count().filled
        except DeviceError as error:
            logger.warning("no pocket can be seen: %s", error)
            return
        if card.pocket in filled and card.pocket not in card.before:
            self._record(card, officer)

    def _note(self, card: LoadCard | None) -> None:
        body = (
            None
            if card is None
            else {
                "card_id": str(card.card_id),
                "case_id": str(card.case_id),
                "chip_serial": card.chip_serial,
                "pocket": card.pocket,
                "before": card.before,
            }
        )
        for motion in self._loads():
            self.station.journal.note(motion, placing=body)

    def _leave(self, officer: OfficerSession, stay: Stay) -> Event | None:
        self._record_placed(officer)
        if self._loads() and not self._hand_back(stay):
            return None
        for motion in self._loads():
            self.station.journal.ended(motion)
        self._sign_out(officer)
        return OfficerGone()

    def _sign_out(self, officer: OfficerSession) -> None:
        # What the officer loaded travels with the session, so it is sent before the session ends.
        self.station.exchange.flush(SEND_S)
        try:
            self.station.client.sign_out(officer.token)
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("not signed out: %s", error)

    def is_loading(self) -> bool:
        """Tell whether what lies in the intake may be a new card."""
        return bool(self._loads())

    def _loads(self) -> tuple[Motion, ...]:
        return tuple(m for m in self.station.journal.open_motions() if m.kind == LOAD)
