"""The transaction of a collection: the new card goes out, the old document stays in, or neither.

A card that has moved cannot be rolled back. So each step is noted in the journal before and after
its motion, and settle() brings any interrupted transaction to an end from the last note and the
sensors. A motion whose answer was lost is never repeated before the sensors were asked.

                     with the person: keep the old document, end with present, issue, captured
    the new card is  out of reach:    into the bin, end with retain; the old document may go back
                     not known:       the old document stays until the presenter answers
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event
from typing import Protocol
from uuid import UUID

from common.domain.card import CardMove
from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.journal.journal import Journal, Motion
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import Fact, What
from common.wire.shapes import CardView, OfficerSession, ReserveRequest
from hardware.core.device import Seen
from hardware.core.errors import DeviceError
from hardware.smartcard.interface import CardPosition, Supply
from kiosk_collection.bins import BinBook
from kiosk_collection.documents import Escrow, Where
from kiosk_collection.outcome import Fate, Outcome, Stuck
from kiosk_collection.release_book import (
    ABOVE_THE_FEEDER,
    BY_HAND,
    IS_OUT,
    MAY_BE_OUT,
    Order,
    ReleaseBook,
    Step,
    case_of,
    step_of,
)

logger = logging.getLogger(__name__)

RESERVE_TRIES = 2
IN_FEEDER = (Supply.LOW, Supply.OK)


class Reserves(Protocol):
    """The one command of the backend that a release needs."""

    def reserve(
        self,
        card_id: UUID,
        request: ReserveRequest,
        officer: str | None = None,
        key: UUID | None = None,
    ) -> CardView:
        """Reserve a stored card for this station."""
        ...


class StuckError(Exception):
    """The new card is out of reach, but not where it can be dealt with. Staff has to look."""


class ReleaseDesk:
    """Releases one card at a time. All state is in the journal and in the world.

    location is the presenter's, as "STATION.DEVICE".
    """

    def __init__(
        self,
        journal: Journal,
        backend: Reserves,
        magazine: Magazine,
        presenter: PresenterDesk,
        escrows: Mapping[OldDocument, Escrow],
        make_fact: Callable[[UUID, What, OfficerSession | None], Fact],
        clock: Callable[[], datetime],
        location: str,
    ) -> None:
        self._backend = backend
        self._magazine = magazine
        self._presenter = presenter
        self._escrows = escrows
        self._location = location
        self._book = ReleaseBook(journal, make_fact, clock)
        self._bins = BinBook(journal, clock)

    # Forwards

    def fetch(self, order: Order) -> Outcome | None:
        """Reserve the card and bring it inside the presenter; None when it lies there."""
        if (earlier := self.settle()) is not None and earlier.is_open:
            why = HandOffReason.EQUIPMENT_FAILED
            return Outcome(Fate.BACK, order.case_id, why, is_open=True, recorded=False)
        self._book.begin(order)
        if (refused := self._reserve()) is not None:
            return refused
        try:
            self._bring_inside(order)
        except (DeviceError, StuckError) as error:
            logger.warning("the new card did not come: %s", error)
            return self.give_up(HandOffReason.EQUIPMENT_FAILED)
        return None

    def present(self) -> Outcome | None:
        """Hold the card at the gate; None when it lies there."""
        try:
            _must(self._presenter.position() is CardPosition.INSIDE, "the card is not inside")
            self._book.note(Step.PRESENTING)
            self._presenter.give_back()
            self._book.note(Step.PRESENTED)
        except (DeviceError, StuckError) as error:
            logger.warning("the new card was not presented: %s", error)
            return self.give_up(HandOffReason.EQUIPMENT_FAILED)
        return None

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Give the person time to take the card. What came of it only settle() says."""
        try:
            self._presenter.wait_taken(timeout_s, cancelled)
        except DeviceError as error:
            logger.info("waiting for the card to be taken ended: %s", error)

    def card_waits(self) -> bool:
        """Tell whether the card is seen to lie at the gate still."""
        try:
            return self._presenter.position() is CardPosition.GATE
        except DeviceError:
            return False

    def give_up(self, why: HandOffReason) -> Outcome:
        """End the transaction without the card going out, unless it has gone out already."""
        motion = self._book.open()
        if motion is None:
            raise LookupError("no release is in work")
        self._book.note_why(why)
        outcome = self.settle()
        assert outcome is not None  # noqa: S101 (a motion was open a moment ago)
        return outcome

    # To an end

    def settle(self) -> Outcome | None:
        """Bring the open transaction as far to its end as it goes; None where none is open."""
        motion = self._book.open()
        if motion is None:
            return None
        if step_of(motion) is Step.RESERVING:
            return self._settle_reservation(motion)
        try:
            is_out = self._is_out(motion)
        except (DeviceError, StuckError) as error:
            logger.error("nobody knows where the new card is: %s", error)  # noqa: TRY400
            self._book.tell_hand_off()
            return self._book.outcome(Fate.UNKNOWN, is_open=True)
        return self._keep_document() if is_out else self._put_away()

    def is_at_rest(self) -> bool:
        """Tell whether no transaction is open."""
        return self._book.open() is None

    def stuck(self) -> Stuck | None:
        """Say what a hand has to look for; None where settle() needs none."""
        motion = self._book.open()
        if motion is None or step_of(motion) is Step.RESERVING:
            return None
        if step_of(motion) in IS_OUT:
            return Stuck.OLD_DOCUMENT
        return Stuck.UNSEEN if step_of(motion) in MAY_BE_OUT else Stuck.NEW_CARD

    def settle_by_hand(self, officer: OfficerSession) -> None:
        """End the open transaction: what lay in the machine is now in the officer's hands.

        That is the old document when the new card has gone out, else the new card.
        """
        stuck = self.stuck()
        if stuck is None:
            return
        motion = self._book.must_be_open()
        if stuck is Stuck.OLD_DOCUMENT:
            fact = self._book.captured(motion, BY_HAND, officer)
        else:
            fact = self._book.card_fact(motion, CardMove.RETAIN, BY_HAND, officer)
        self._book.end(motion, fact, officer=officer)

    def is_gone(self, officer: OfficerSession) -> None:
        """Let an officer say that no new card is in the machine: then its holder has it.

        Only where the presenter cannot tell; the old document is kept at once, or remains stuck.
        """
        if self.stuck() is Stuck.UNSEEN:
            logger.warning("the new card is out, as %s found", officer.officer_id)
            self._book.note(Step.TAKEN)
            self.settle()

    def _is_out(self, motion: Motion) -> bool:
        """Decide whether the person has the new card, and note it."""
        step = step_of(motion)
        if step in IS_OUT:
            return True
        if step not in MAY_BE_OUT and not self._lies_at_the_gate(step):
            return False
        where = self._presenter.position()
        was_presented = step is not Step.PRESENTING or where is CardPosition.GATE
        if where is CardPosition.GATE:
            self._book.note(Step.TAKING_BACK)
            self._presenter.draw_in()
            where = self._presenter.position()
        if where is CardPosition.NONE:
            self._book.note(Step.TAKEN)
            return True
        if where is CardPosition.INSIDE:
            self._book.note(Step.TAKEN_BACK, presented=was_presented)
            return False
        raise StuckError(f"the presenter says {where}")

    def _lies_at_the_gate(self, step: Step) -> bool:
        """Look for a card that a unit moved by itself, as some do when their power comes back."""
        if step in (Step.RESERVED, Step.DROPPING):
            return False
        try:
            return self._presenter.position() is CardPosition.GATE
        except DeviceError:
            return False

    def _keep_document(self) -> Outcome:
        motion = self._book.told(
            "present",
            lambda m: (
                self._book.card_fact(m, CardMove.PRESENT, self._location, fact_id="present"),
                self._book.card_fact(m, CardMove.ISSUE, ""),
            ),
        )
        escrow = self._escrow(motion)
        try:
            if step_of(motion) is Step.TAKEN:
                _must(escrow.where() is not Where.NONE, "the old document is not here")
                motion = self._book.note(Step.KEEPING)
            escrow.keep()
            _must(escrow.where() is Where.NONE, "the old document did not go into the bin")
        except (DeviceError, StuckError) as error:
            logger.error("the old document is not kept yet: %s", error)  # noqa: TRY400
            return self._book.outcome(Fate.ISSUED, is_open=True)
        self._bins.add(escrow.location, motion.id)
        self._book.end(motion, self._book.captured(motion, escrow.location))
        return Outcome(Fate.ISSUED, case_of(motion))

    def _put_away(self) -> Outcome:
        self._book.tell_hand_off()
        try:
            move = self._to_bin_or_pocket()
        except (DeviceError, StuckError) as error:
            logger.error("the new card is stuck: %s", error)  # noqa: TRY400
            return self._book.outcome(Fate.BACK, is_open=True)
        motion = self._book.must_be_open()
        outcome = self._book.outcome(Fate.BACK)
        location = "" if move is CardMove.RELEASE_RESERVATION else self._location
        if location:
            self._bins.add(location, motion.id)
        if motion.body.get("presented"):
            motion = self._book.told(
                "present",
                lambda m: (
                    self._book.card_fact(m, CardMove.PRESENT, self._location, fact_id="present"),
                ),
            )
        self._book.end(motion, self._book.card_fact(motion, move, location))
        return outcome

    def _to_bin_or_pocket(self) -> CardMove:
        motion = self._book.must_be_open()
        step, pocket = step_of(motion), int(motion.body["pocket"])
        if step is Step.RESERVED:
            return CardMove.RELEASE_RESERVATION
        if step is Step.DROPPING and not self._has_dropped(pocket):
            if self._magazine.holds(pocket) is Seen.YES:
                return CardMove.RELEASE_RESERVATION
            raise StuckError("the pocket's sensor is silent")
        if step in ABOVE_THE_FEEDER:
            self._feed()
        where = self._presenter.position()
        if step_of(self._book.must_be_open()) is not Step.BINNING:
            _must(where is CardPosition.INSIDE, f"the presenter says {where}")
            self._book.note(Step.BINNING)
        self._presenter.keep()
        _must(self._presenter.position() is CardPosition.NONE, "the card did not go into the bin")
        faulty = motion.body.get("why") == HandOffReason.NEW_CARD_FAULTY
        return CardMove.FAIL_QUALITY if faulty else CardMove.RETAIN

    def _has_dropped(self, pocket: int) -> bool:
        """Ask the pocket, and the feeder below it, which was empty before."""
        return self._magazine.has_dropped(pocket) or self._presenter.feeder() in IN_FEEDER

    def _settle_reservation(self, motion: Motion) -> Outcome:
        """Find out whether a reservation whose answer was lost was made, and take it back."""
        self._book.tell_hand_off()
        try:
            self._ask_reservation(motion)
        except BackendUnreachableError:
            return self._book.outcome(Fate.BACK, is_open=True)
        except RefusedError:
            outcome = self._book.outcome(Fate.BACK)
            self._book.end(self._book.must_be_open())
            return outcome
        self._book.note(Step.RESERVED)
        return self._put_away()

    # Motions

    def _reserve(self) -> Outcome | None:
        """Reserve the card; an outcome only where that did not go."""
        motion = self._book.must_be_open()
        for _ in range(RESERVE_TRIES):
            try:
                self._ask_reservation(motion)
            except BackendUnreachableError as error:
                logger.warning("no answer to a reservation: %s", error)
                continue
            except RefusedError as refusal:
                logger.warning("no reservation: %s", refusal)
                self._book.note_why(HandOffReason.CARD_AT_COUNTER)
                self._book.tell_hand_off()
                outcome = self._book.outcome(Fate.BACK)
                self._book.end(self._book.must_be_open())
                return outcome
            self._book.note(Step.RESERVED)
            return None
        self._book.tell_hand_off()
        return self._book.outcome(Fate.BACK, is_open=True)

    def _ask_reservation(self, motion: Motion) -> None:
        self._backend.reserve(
            UUID(motion.body["card_id"]),
            ReserveRequest(expect_version=motion.body["version"]),
            key=UUID(motion.body["reserve_key"]),
        )

    def _bring_inside(self, order: Order) -> None:
        _must(self._magazine.holds(order.pocket) is Seen.YES, "the pocket is empty")
        way_is_free = (
            self._presenter.position() is CardPosition.NONE
            and self._presenter.feeder() not in IN_FEEDER
            and self._presenter.bin_takes_more()
            and self._escrows[order.document].bin_takes_more()
        )
        _must(way_is_free, "another card is in the way, or a bin is full")
        self._book.note(Step.DROPPING)
        _must(self._magazine.drop(order.pocket), "the card did not drop")
        self._book.note(Step.DROPPED)
        self._feed()

    def _feed(self) -> None:
        """Draw the dropped card inside; what already lies there is not drawn again."""
        where = self._presenter.position()
        if where is CardPosition.NONE:
            _must(self._presenter.feeder() is not Supply.EMPTY, "the card is not in the feeder")
            self._book.note(Step.FEEDING)
            self._presenter.feed()
            where = self._presenter.position()
        _must(where is CardPosition.INSIDE, f"the presenter says {where}")
        self._book.note(Step.INSIDE)

    def _escrow(self, motion: Motion) -> Escrow:
        return self._escrows[OldDocument(motion.body["document"])]


def _must(so: bool, words: str) -> None:
    if not so:
        raise StuckError(words)
