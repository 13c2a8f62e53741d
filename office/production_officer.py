"""The officer who makes cards, puts them into the cabinet and loads the collection kiosk."""

from collections.abc import Sequence
from typing import Any

from office.agent import Agent, Doing
from office.applicant import Applicant
from office.bench_client import CannotError
from office.hall import Hall
from office.officer_cards import officer_hand
from office.officers import DUTY_S, STAFF, Officer, number_on, open_first
from office.touch_client import Seen

STAFF_MENUS = ("tend_kiosk", "staff_menu", "staff_load")
STAFF_CORNER_S = 5.4
"""A little longer than a finger has to be held on the staff's corner."""
DG1 = "0101"


class ProductionOfficer(Officer):
    """Knows by the chip whose card it is that lies in the hand."""

    def __init__(self, station: str, hall: Hall, applicants: Sequence[Applicant]) -> None:
        super().__init__("ho", station, hall)
        self._applicants = applicants
        self._finished: list[tuple[Applicant, str]] = []

    # Production

    def produce(self) -> None:
        """Make every card that is ordered, and put the finished ones where they belong."""
        empty: list[str] = []
        table: dict[str, Doing] = {
            "production_work": lambda seen: self._store_or_open(seen, empty),
            "insert_finished_card": lambda _seen: self._insert_unplaced(),
            "working": self._take_given_out,
            "production_trouble": lambda seen: self.agent.tap(seen, "common-try-again"),
            "produce_card": self._make,
            "card_faulty": lambda seen: self.agent.tap(seen, "booth-make-another"),
            "take_finished_card": self._take_finished,
            "choose_place": self._choose_place,
            "put_into_slot": self._put_into_slot,
            "card_stored": self._stored,
        }
        with self.hall.record.step(self.station, "produce"):
            self.agent.go(
                self.table("production", table), lambda _seen: bool(empty), DUTY_S, "producing"
            )
            self.leave()

    def _make(self, seen: Seen) -> None:
        """Give the case's finished card out, or make it."""
        agent = self.agent
        if seen.can_tap(agent.words(seen, "booth-give-out")):
            agent.tap(seen, "booth-give-out")
        else:
            agent.tap(seen, "booth-produce")

    def _take_finished(self, seen: Seen) -> None:
        del seen
        self.hall.bench.act(self.station, "card_unit", "take", hand=STAFF)

    def _take_given_out(self, seen: Seen) -> None:
        if seen.has(self.agent.words(seen, "booth-busy-giving-out")):
            self._take_finished(seen)

    def _store_or_open(self, seen: Seen, empty: list[str]) -> None:
        """First what was cut off: a finished card in the hand, or one that lies in a slot."""
        for thing in self._new_cards():
            one = self._holder(thing)
            if one is not None and thing["place"].startswith(f"{self.station}.cabinet"):
                one.loaded.set()
        if self._unplaced():
            self.agent.tap(seen, "booth-store-finished")
        else:
            open_first(self.agent, seen, empty)

    def _insert_unplaced(self) -> None:
        card = self._unplaced()[0]
        self.hall.bench.act(self.station, "card_unit", "insert", thing=card)

    def _unplaced(self) -> list[str]:
        """The finished cards in the hand that have no place yet."""
        return [card for card, one in self._in_hand().items() if not one.loaded.is_set()]

    def _choose_place(self, seen: Seen) -> None:
        made = self._known()
        place = "booth-place-kiosk" if made.kept_in_kiosk else "booth-place-cabinet"
        self.agent.tap(seen, place)

    def _put_into_slot(self, seen: Seen) -> None:
        slot = number_on(seen)
        self.hall.bench.act(
            self.station, "cabinet", "put", thing=self._new_card_in_hand(), slot=slot
        )
        self.hall.bench.act(self.station, "cabinet", "close", slot=slot)

    def _stored(self, seen: Seen) -> None:
        if seen.has(self.agent.words(seen, "booth-card-stored-detail-kiosk")):
            made = self._known()
            self._finished.append((made, self._new_card_in_hand()))
        self.agent.tap(seen, "booth-next-card")

    def _known(self) -> Applicant:
        """Whose card is in the hand, as is printed on it."""
        return self._in_hand()[self._new_card_in_hand()]

    def _new_card_in_hand(self) -> str:
        cards = self._unplaced()
        if not cards:
            raise CannotError("no finished card in the hand")
        return cards[0]

    def _in_hand(self) -> dict[str, Applicant]:
        """The finished cards in the hand that are not on their way to the kiosk, and whose."""
        on_the_way = {thing for _, thing in self._finished}
        return {
            thing["id"]: one
            for thing in self._new_cards()
            if thing["place"] == f"hand.{STAFF}" and thing["id"] not in on_the_way
            if (one := self._holder(thing)) is not None
        }

    def _new_cards(self) -> list[dict[str, Any]]:
        """Every card that was made here and is finished."""
        return [
            thing
            for thing in self.hall.bench.things()
            if thing["data"].get("label") == "new card" and thing["data"]["chip"]["locked"]
        ]

    def _holder(self, card: dict[str, Any]) -> Applicant | None:
        """Read whose card it is."""
        zone = bytes.fromhex(card["data"]["chip"]["files"][DG1]).decode("ascii", "replace")
        return next((one for one in self._applicants if _plain_number(one) in zone), None)

    def card_of(self, one: Applicant) -> str:
        """Find a person's finished card in the hand.

        Raises:
            CannotError: It is not there.
        """
        for card, holder in self._in_hand().items():
            if holder is one:
                return card
        raise CannotError("the person's card is not in the hand")

    # Loading the collection kiosk

    def load(self) -> None:
        """Carry the finished cards to the collection kiosk and load them, as its screen says."""
        if not self._finished:
            return
        station = "collection-1"
        with self.hall.at(station) as agent, self.hall.record.step(station, "load cards"):
            left: list[str] = []

            def leave(seen: Seen) -> None:
                if self._finished:
                    agent.tap(seen, "collection-menu-load")
                    return
                agent.tap(seen, "collection-menu-leave")
                left.append(seen.name)

            table: dict[str, Doing] = {
                "welcome": lambda seen: agent.hold(seen, "staff-corner", STAFF_CORNER_S),
                "officer_card": lambda _: self._insert_officer_card(),
                "officer_pin": lambda seen: self._type_pin(agent, seen),
                "take_card": lambda _: self.hall.bench.act(
                    station, "intake", "take", hand=officer_hand(self.id)
                ),
                "tend_kiosk": lambda seen: self._go_to_cards(agent, seen, left),
                "staff_menu": leave,
                "staff_load": lambda seen: self._load_one(agent, seen),
            }
            # A touch may have come too soon after the one before: nobody goes before the menu has.
            agent.go(
                table,
                lambda seen: bool(left) and seen.name not in STAFF_MENUS,
                DUTY_S,
                "loading cards",
            )

    def _insert_officer_card(self) -> None:
        bench, hand = self.hall.bench, officer_hand(self.id)
        card = next(thing["id"] for thing in bench.things() if thing["place"] == f"hand.{hand}")
        bench.act("collection-1", "intake", "insert", thing=card)

    def _type_pin(self, agent: Agent, seen: Seen) -> None:
        agent.tap(seen, "common-key-clear")
        agent.press(self.hall.pin(self.id))
        agent.tap(seen, "common-confirm")

    def _go_to_cards(self, agent: Agent, seen: Seen, left: list[str]) -> None:
        if self._finished:
            agent.tap(seen, "collection-menu-title")
            return
        agent.tap(seen, "staff-menu-leave")
        left.append(seen.name)

    def _load_one(self, agent: Agent, seen: Seen) -> None:
        bench, station = self.hall.bench, "collection-1"
        pocket = next(
            (
                number
                for number in range(1, 200)
                if seen.has(agent.words(seen, "collection-load-pocket-title", pocket=number))
            ),
            None,
        )
        places = {thing["id"]: thing["place"] for thing in bench.things()}
        done = [
            (one, card)
            for one, card in self._finished
            if places[card].startswith(f"{station}.magazine")
        ]
        if pocket is None:
            for pair in done:
                pair[0].loaded.set()
                self._finished.remove(pair)
            if not self._finished:
                agent.tap(seen, "collection-load-end")
                return
            bench.act(station, "intake", "insert", thing=self._finished[0][1])
            return
        card = self._finished[0][1]
        if places[card] == f"{station}.intake.gate":
            bench.act(station, "intake", "take", hand=STAFF)
        bench.act(station, "magazine", "open_service_door")
        bench.act(station, "magazine", "put", thing=card, slot=pocket)
        bench.act(station, "magazine", "close_service_door")


def _plain_number(one: Applicant) -> str:
    """An identity number as the zone has it: without brackets and check character."""
    return one.who.identity_number.split("(")[0]
