"""The desk between list and counter: assessing, producing and counter officers take turns."""

import logging
from collections.abc import Sequence
from time import monotonic

from office.agent import Doing, StuckError
from office.applicant import Applicant, Outcome
from office.bench_client import CannotError
from office.hall import Hall
from office.officers import DUTY_S, STAFF, Officer, number_on, open_first, second_officer
from office.production_officer import ProductionOfficer
from office.touch_client import Seen
from office.visitor import Visitor

logger = logging.getLogger(__name__)

ROUND_EVERY_S = 20.0
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


class BackOffice:
    """One desk where assessing, producing and counter officers take turns, as there is work."""

    STATION = "booth-2"

    def __init__(self, hall: Hall, applicants: Sequence[Applicant]) -> None:
        self.hall = hall
        self._assessor = Officer("wong", self.STATION, hall)
        self._producer = ProductionOfficer(self.STATION, hall, applicants)
        self._counter = Officer("yip", self.STATION, hall)

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
                self._producer.produce()
                self._producer.load()
            if self.hall.has_work_for("counter"):
                try:
                    self._serve()
                except StuckError:
                    self.hall.work_for("counter")
                    raise

    # Assessment

    def _assess(self) -> None:
        officer = self._assessor
        empty: list[str] = []
        table: dict[str, Doing] = {
            "assessment_work": lambda seen: open_first(officer.agent, seen, empty),
            "assess_case": self._approve,
        }
        with self.hall.record.step(self.STATION, "assess"):
            officer.agent.go(
                officer.table("assessment", table), lambda _seen: bool(empty), DUTY_S, "assessing"
            )
            officer.leave()

    def _approve(self, seen: Seen) -> None:
        self._assessor.agent.tap(seen, "booth-approve")
        self.hall.work_for("production")

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
            officer.retype("Portrait and old card")
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
            officer.retype(words)
        officer.agent.tap(seen, "booth-proxy-confirm")

    def _take_from_slot(self, seen: Seen) -> None:
        slot = number_on(seen)
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
                card = self._producer.card_of(visitor.one)
                self.hall.bench.act(self.STATION, "card_unit", "insert", thing=card)

    def _hand_over_screen(self, seen: Seen) -> None:
        unit = self.hall.bench.device(self.STATION, "card_unit")
        if unit["gate"]:
            self.hall.bench.act(self.STATION, "card_unit", "take", hand=STAFF)
        visitor = self.hall.sitting("C1")
        agent = self._assessor.agent
        if isinstance(visitor, Visitor) and seen.can_tap(agent.words(seen, "booth-old-kept")):
            try:
                visitor.give_old_card(STAFF)
            except CannotError:
                logger.debug("the old document was given already")
            agent.tap(seen, "booth-old-kept")
        agent.tap(seen, "booth-hand-over")

    def _hand_over(self, visitor: Visitor) -> None:
        self.hall.bench.hand_over(self._producer.card_of(visitor.one), visitor.one.hands)
        visitor.collected()
