"""The officers of a played day: at the booth, and in the back office between list and counter."""

import logging
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from common.matching.fingers import FingerPosition
from office.agent import Agent, Doing, StuckError
from office.applicant import Applicant, Outcome
from office.bench_client import CannotError
from office.hall import Hall
from office.layout import OFFICERS
from office.officer_cards import officer_hand
from office.touch_client import Seen
from office.visitor import Visitor

logger = logging.getLogger(__name__)

SHIFT_S = 3600.0
DUTY_S = 300.0
ROUND_EVERY_S = 20.0
STAFF = "staff"
STAFF_MENUS = ("tend_kiosk", "staff_menu", "staff_load")
STAFF_CORNER_S = 5.4
"""A little longer than a finger has to be held on the staff's corner."""
SECOND_OFFICER = "kwok"
THUMBS = (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB)
DG1 = "0101"
PROXY_PAPERS = (
    "booth-proxy-paper-form",
    "booth-proxy-document-identity-card",
    *(f"booth-proxy-check-{one}" for one in ("adult", "face", "signature")),
)
PROXY_WORDS = {
    "booth-proxy-name": "SAMPLE, PROXY",
    "booth-proxy-number": "Z683365(5)",
    "booth-compare-reason": "Brother, named in the form",
}
NO_CARD_HERE = ("booth-note-card-elsewhere", "booth-note-no-card-yet")


class Officer:
    """One officer at one desk: signs in, unlocks, and does one duty."""

    def __init__(self, officer_id: str, station: str, hall: Hall) -> None:
        self.id = officer_id
        self.name = next(plan.display_name for plan in OFFICERS if plan.id == officer_id)
        self.hall = hall
        self.station = station
        self.agent = hall.agent(station)

    def table(self, duty: str, screens: Mapping[str, Doing]) -> dict[str, Doing]:
        """What this officer does on the screens of every desk, and on those of the duty."""
        return {
            "sign_in": self._sign_in,
            "locked": self._unlock,
            "home": lambda seen: self._choose(seen, duty),
            **screens,
        }

    def leave(self) -> None:
        """Go back to the list of duties and sign out."""
        self.agent.go(
            {
                "home": lambda seen: self.agent.tap(seen, "booth-sign-out"),
                "locked": self._unlock,
                "assessment_work": self._back,
                "production_work": self._back,
                "call_next": self._back,
                "assess_case": self._back,
                "produce_card": self._back,
            },
            lambda seen: seen.name == "sign_in",
            DUTY_S,
            "signing out",
        )

    def _back(self, seen: Seen) -> None:
        self.agent.tap(seen, "common-back")

    def _choose(self, seen: Seen, duty: str) -> None:
        if not seen.has(self.name):
            # Somebody else's session is still open at this desk.
            self.agent.tap(seen, "booth-sign-out")
            return
        self.agent.tap(seen, f"booth-duty-{duty}")

    def _sign_in(self, seen: Seen) -> None:
        self.agent.tap(seen, "booth-sign-in-officer")
        self._retype(self.id)
        self.agent.key("Tab")
        self._retype(self.hall.password(self.id))
        self.agent.key("Return")

    def _unlock(self, seen: Seen) -> None:
        del seen
        self.agent.key("Tab")
        self._retype(self.hall.password(self.id))
        self.agent.key("Return")

    def _retype(self, text: str) -> None:
        self.agent.key("End")
        for _ in range(24):
            self.agent.key("Backspace")
        self.agent.type(text)


class RegistrationOfficer(Officer):
    """Calls tags to the booth, photographs, submits, hands the paper over."""

    def __init__(self, hall: Hall) -> None:
        super().__init__("lam", "booth-1", hall)
        self._hand_taken = False

    def work(self) -> None:
        """Work until the day ends."""
        self.agent.go(
            self.table(
                "registration",
                {
                    "call_next": lambda seen: self.agent.tap(seen, "booth-call-next"),
                    "called": self._called,
                    "registration_case": self._case,
                    "identify_holder": lambda seen: self._give_reason(
                        seen, "booth-identify-holder-reason", "booth-identify-holder-confirm"
                    ),
                    "except_fingers": self._except_fingers,
                    "choose_finger": self._choose_finger,
                    "take_finger": self._take_finger,
                    "keep_finger": self._keep_finger,
                    "finger_trouble": lambda seen: self.agent.tap(seen, "common-try-again"),
                    "photograph_hand": self._photograph_hand,
                    "second_officer": self._ask_second_officer,
                    "take_photograph": self._photograph,
                    "choose_photograph": lambda seen: self.agent.tap(
                        seen, "booth-photo-choose", number=2
                    ),
                    "preview_card": lambda seen: self.agent.tap(seen, "booth-submit"),
                    "submitted": self._submitted,
                },
            ),
            lambda _seen: self.hall.ended.is_set(),
            SHIFT_S,
            "the registration officer's shift",
        )

    def _called(self, seen: Seen) -> None:
        if self.hall.sitting("B1") is not None:
            self.agent.tap(seen, "booth-arrived")

    def _case(self, seen: Seen) -> None:
        for key in ("booth-identify", "booth-second-officer", "booth-preview"):
            if seen.can_tap(self.agent.words(seen, key)):
                self.agent.tap(seen, key)
                return
        if not seen.has(self.agent.words(seen, "booth-done-photographed")):
            self.agent.tap(seen, "booth-photograph")
        elif self._fingers_to_take():
            self.agent.tap(seen, "booth-take-fingers")
        else:
            self.agent.tap(seen, "booth-excuse-fingers")

    def _fingers_to_take(self) -> list[FingerPosition]:
        """The thumbs that the person on the stool can give and has not given at this desk."""
        visitor = self.hall.sitting("B1")
        if visitor is None:
            return []
        return [
            thumb
            for thumb in THUMBS
            if thumb != visitor.one.bandaged and thumb not in visitor.given_at_booth
        ]

    def _choose_finger(self, seen: Seen) -> None:
        left = self._fingers_to_take()
        self.agent.tap(seen, f"common-finger-{left[0].value}" if left else "common-back")

    def _take_finger(self, seen: Seen) -> None:
        visitor, left = self.hall.sitting("B1"), self._fingers_to_take()
        if visitor is not None and left:
            visitor.give_finger("booth-1", left[0].value)
        else:
            self.agent.tap(seen, "common-back")

    def _keep_finger(self, seen: Seen) -> None:
        visitor, left = self.hall.sitting("B1"), self._fingers_to_take()
        if seen.can_tap(self.agent.words(seen, "booth-keep-finger-do")):
            self.agent.tap(seen, "booth-keep-finger-do")
        else:
            self._give_reason(seen, "booth-keep-finger-reason", "booth-keep-finger-do")
        if visitor is not None and left:
            visitor.given_at_booth.append(left[0])

    def _except_fingers(self, seen: Seen) -> None:
        """Mark the bandaged thumb, photograph the hand, say why: in the order of the screen."""
        photograph = self.agent.words(seen, "booth-hand-left-photograph")
        if not seen.can_tap(photograph):
            self._hand_taken = False
            self.agent.tap(seen, f"common-finger-{FingerPosition.LEFT_THUMB.value}")
        elif not self._hand_taken:
            self.agent.tap(seen, "booth-hand-left-photograph")
        else:
            self._give_reason(
                seen,
                "booth-excuse-fingers-reason",
                "booth-excuse-fingers-confirm",
                "The thumb is bandaged",
            )

    def _photograph_hand(self, seen: Seen) -> None:
        if seen.can_tap(self.agent.words(seen, "booth-photo-take")):
            self.agent.tap(seen, "booth-photo-take")
            self._hand_taken = True

    def _ask_second_officer(self, seen: Seen) -> None:
        second_officer(self.agent, seen, self.hall)

    def _give_reason(
        self, seen: Seen, field: str, confirm: str, words: str = "Known by card and portrait"
    ) -> None:
        self.agent.tap(seen, field)
        self._retype(words)
        self.agent.tap(seen, confirm)

    def _photograph(self, seen: Seen) -> None:
        if seen.can_tap(self.agent.words(seen, "booth-photo-show-choice")):
            self.agent.tap(seen, "booth-photo-show-choice")
        elif seen.can_tap(self.agent.words(seen, "booth-photo-take")):
            self.agent.tap(seen, "booth-photo-take")

    def _submitted(self, seen: Seen) -> None:
        visitor = self.hall.sitting("B1")
        if visitor is not None:
            if not visitor.paper:
                self._take_paper(seen, visitor)
            self.hall.stand_up("B1")
            self.hall.work_for("assessment")
        self.agent.tap(seen, "booth-next-person")

    def _take_paper(self, seen: Seen, visitor: Visitor) -> None:
        """Take the paper that was printed, or have it printed again."""
        try:
            visitor.take_paper("booth-1")
        except CannotError:
            if seen.can_tap(self.agent.words(seen, "booth-print-again")):
                self.agent.tap(seen, "booth-print-again")
            raise


def second_officer(agent: Agent, seen: Seen, hall: Hall) -> None:
    """Let the supervisor come, read what is on the screen, and sign it."""
    agent.tap(seen, "booth-second-officer-name")
    for text, key in ((SECOND_OFFICER, "Tab"), (hall.password(SECOND_OFFICER), "Return")):
        agent.key("End")
        for _ in range(24):
            agent.key("Backspace")
        agent.type(text)
        agent.key(key)


class BackOffice:
    """One desk where assessing, producing and counter officers take turns, as there is work."""

    STATION = "booth-2"

    def __init__(self, hall: Hall, applicants: Sequence[Applicant]) -> None:
        self.hall = hall
        self._applicants = applicants
        self._assessor = Officer("wong", self.STATION, hall)
        self._producer = Officer("ho", self.STATION, hall)
        self._counter = Officer("yip", self.STATION, hall)
        self._finished: list[tuple[Applicant, str]] = []

    def work(self) -> None:
        """Work until the day ends; look at every list now and then even if nobody said so."""
        last_round = monotonic()
        while not self.hall.ended.wait(0.2):
            everything = monotonic() - last_round > ROUND_EVERY_S
            if everything:
                last_round = monotonic()
            if self.hall.has_work_for("assessment") or everything:
                self._assess()
            if self.hall.has_work_for("production") or everything:
                self._produce()
                self._load()
            if self.hall.has_work_for("counter"):
                try:
                    self._serve()
                except StuckError:
                    self.hall.work_for("counter")
                    raise

    def _agent(self) -> Agent:
        return self._assessor.agent

    # Assessment

    def _assess(self) -> None:
        officer = self._assessor
        empty: list[str] = []
        table: dict[str, Doing] = {
            "assessment_work": lambda seen: self._open_first(seen, empty),
            "assess_case": self._approve,
        }
        with self.hall.record.step(self.STATION, "assess"):
            officer.agent.go(
                officer.table("assessment", table), lambda _seen: bool(empty), DUTY_S, "assessing"
            )
            officer.leave()

    def _approve(self, seen: Seen) -> None:
        self._agent().tap(seen, "booth-approve")
        self.hall.work_for("production")

    def _open_first(self, seen: Seen, empty: list[str]) -> None:
        rows = [c["name"] for c in seen.controls if c["name"].startswith("HQ-")]
        if rows:
            self._agent().tap_named(rows[0])
        elif seen.has(self._agent().words(seen, "booth-work-empty")):
            empty.append(seen.name)

    # Production

    def _produce(self) -> None:
        officer = self._producer
        empty: list[str] = []
        table: dict[str, Doing] = {
            "production_work": lambda seen: self._store_or_open(seen, empty),
            "insert_finished_card": lambda _seen: self._insert_unplaced(),
            "working": self._take_given_out,
            "production_trouble": lambda seen: officer.agent.tap(seen, "common-try-again"),
            "produce_card": self._make,
            "card_faulty": lambda seen: officer.agent.tap(seen, "booth-make-another"),
            "take_finished_card": self._take_finished,
            "choose_place": self._choose_place,
            "put_into_slot": self._put_into_slot,
            "card_stored": self._stored,
        }
        with self.hall.record.step(self.STATION, "produce"):
            officer.agent.go(
                officer.table("production", table), lambda _seen: bool(empty), DUTY_S, "producing"
            )
            officer.leave()

    def _make(self, seen: Seen) -> None:
        """Give the case's finished card out, or make it."""
        agent = self._agent()
        if seen.can_tap(agent.words(seen, "booth-give-out")):
            agent.tap(seen, "booth-give-out")
        else:
            agent.tap(seen, "booth-produce")

    def _take_finished(self, seen: Seen) -> None:
        del seen
        self.hall.bench.act(self.STATION, "card_unit", "take", hand=STAFF)

    def _take_given_out(self, seen: Seen) -> None:
        if seen.has(self._agent().words(seen, "booth-busy-giving-out")):
            self._take_finished(seen)

    def _store_or_open(self, seen: Seen, empty: list[str]) -> None:
        """First what was cut off: a finished card in the hand, or one that lies in a slot."""
        for thing in self._new_cards():
            one = self._holder(thing)
            if one is not None and thing["place"].startswith(f"{self.STATION}.cabinet"):
                one.loaded.set()
        if self._unplaced():
            self._agent().tap(seen, "booth-store-finished")
        else:
            self._open_first(seen, empty)

    def _insert_unplaced(self) -> None:
        card = self._unplaced()[0]
        self.hall.bench.act(self.STATION, "card_unit", "insert", thing=card)

    def _unplaced(self) -> list[str]:
        """The finished cards in the hand that have no place yet."""
        return [card for card, one in self._in_hand().items() if not one.loaded.is_set()]

    def _choose_place(self, seen: Seen) -> None:
        made = self._known()
        place = "booth-place-kiosk" if made.kept_in_kiosk else "booth-place-cabinet"
        self._agent().tap(seen, place)

    def _put_into_slot(self, seen: Seen) -> None:
        slot = _number(seen)
        self.hall.bench.act(
            self.STATION, "cabinet", "put", thing=self._new_card_in_hand(), slot=slot
        )
        self.hall.bench.act(self.STATION, "cabinet", "close", slot=slot)

    def _stored(self, seen: Seen) -> None:
        if seen.has(self._agent().words(seen, "booth-card-stored-detail-kiosk")):
            made = self._known()
            self._finished.append((made, self._new_card_in_hand()))
        self._agent().tap(seen, "booth-next-card")

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

    def _card_of(self, one: Applicant) -> str:
        for card, holder in self._in_hand().items():
            if holder is one:
                return card
        raise CannotError("the person's card is not in the hand")

    # Loading the collection kiosk

    def _load(self) -> None:
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
                    station, "intake", "take", hand=officer_hand(self._producer.id)
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
        bench, hand = self.hall.bench, officer_hand(self._producer.id)
        card = next(thing["id"] for thing in bench.things() if thing["place"] == f"hand.{hand}")
        bench.act("collection-1", "intake", "insert", thing=card)

    def _type_pin(self, agent: Agent, seen: Seen) -> None:
        agent.tap(seen, "common-key-clear")
        agent.press(self.hall.pin(self._producer.id))
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

    # The counter

    def _serve(self) -> None:
        officer = self._counter
        served: list[str] = []

        def case(seen: Seen) -> None:
            if any(seen.has(officer.agent.words(seen, key)) for key in NO_CARD_HERE):
                # It lies in the bin of a kiosk: the person comes again, with the tag.
                visitor = self.hall.sitting("C1")
                if isinstance(visitor, Visitor):
                    visitor.one.outcome = Outcome.HANDED_OFF
                    self.hall.stand_up("C1")
                officer.agent.tap(seen, "booth-set-aside")
                served.append(seen.name)
                return
            visitor = self.hall.sitting("C1")
            by_proxy = isinstance(visitor, Visitor) and visitor.one.sends_proxy
            who = "booth-proxy-comes" if by_proxy else "booth-compare-faces"
            for key in ("booth-second-officer", who, "booth-fetch-card"):
                if seen.can_tap(officer.agent.words(seen, key)):
                    officer.agent.tap(seen, key)
                    return

        def compare(seen: Seen) -> None:
            for key in ("booth-document-old-card", "booth-document-travel-document"):
                officer.agent.tap(seen, key)
            officer.agent.tap(seen, "booth-compare-reason")
            officer._retype("Portrait and old card")
            officer.agent.tap(seen, "booth-is-the-holder")

        def called(seen: Seen) -> None:
            if self.hall.sitting("C1") is not None:
                officer.agent.tap(seen, "booth-arrived")

        def over(seen: Seen) -> None:
            visitor = self.hall.sitting("C1")
            if isinstance(visitor, Visitor):
                self._hand_over(visitor)
                self.hall.stand_up("C1")
            officer.agent.tap(seen, "booth-next-person")
            served.append(seen.name)

        table: dict[str, Doing] = {
            "call_next": lambda seen: officer.agent.tap(seen, "booth-call-next"),
            "called": called,
            "counter_case": case,
            "compare_faces": compare,
            "check_proxy": self._check_proxy,
            "second_officer": lambda seen: second_officer(officer.agent, seen, self.hall),
            "take_from_slot": self._take_from_slot,
            "insert_card_to_check": self._check_card,
            "card_trouble": lambda seen: officer.agent.tap(seen, "booth-check-card"),
            "hand_over": self._hand_over_screen,
            "visit_over": over,
        }
        with self.hall.record.step(self.STATION, "counter"):
            officer.agent.go(
                officer.table("counter", table), lambda _seen: bool(served), DUTY_S, "the counter"
            )
            officer.leave()

    def _check_proxy(self, seen: Seen) -> None:
        """Look at the papers of who came for the person, and write down who that is."""
        officer = self._counter
        for key in PROXY_PAPERS:
            officer.agent.tap(seen, key)
        for field, words in PROXY_WORDS.items():
            officer.agent.tap(seen, field)
            officer._retype(words)
        officer.agent.tap(seen, "booth-proxy-confirm")

    def _take_from_slot(self, seen: Seen) -> None:
        slot = _number(seen)
        self.hall.bench.act(self.STATION, "cabinet", "take", slot=slot, hand=STAFF)
        self.hall.bench.act(self.STATION, "cabinet", "close", slot=slot)

    def _check_card(self, seen: Seen) -> None:
        del seen
        unit = self.hall.bench.device(self.STATION, "card_unit")
        if unit["gate"]:
            self.hall.bench.act(self.STATION, "card_unit", "take", hand=STAFF)
        else:
            visitor = self.hall.sitting("C1")
            if isinstance(visitor, Visitor):
                card = self._card_of(visitor.one)
                self.hall.bench.act(self.STATION, "card_unit", "insert", thing=card)

    def _hand_over_screen(self, seen: Seen) -> None:
        unit = self.hall.bench.device(self.STATION, "card_unit")
        if unit["gate"]:
            self.hall.bench.act(self.STATION, "card_unit", "take", hand=STAFF)
        visitor = self.hall.sitting("C1")
        agent = self._agent()
        if isinstance(visitor, Visitor) and seen.can_tap(agent.words(seen, "booth-old-kept")):
            try:
                visitor.give_old_card(STAFF)
            except CannotError:
                logger.debug("the old document was given already")
            agent.tap(seen, "booth-old-kept")
        agent.tap(seen, "booth-hand-over")

    def _hand_over(self, visitor: Visitor) -> None:
        self.hall.bench.hand_over(self._card_of(visitor.one), visitor.one.hands)
        visitor.collected()


def _plain_number(one: Applicant) -> str:
    """An identity number as the zone has it: without brackets and check character."""
    return one.who.identity_number.split("(")[0]


def _number(seen: Seen) -> int:
    """The number that the screen shows large: a slot's."""
    for control in seen.controls:
        if control["name"].isdigit():
            return int(control["name"])
    raise CannotError("no number on the screen")
