"""One applicant's day: what the person does at each station, screen by screen."""

import re
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from common.domain.case import OldDocument
from common.domain.language import Language
from common.domain.queue import TagRequestBy
from hardware.camera.codes import read_codes
from office.agent import Agent, StuckError
from office.applicant import Applicant, give_old_card
from office.bench_client import CannotError
from office.hall import Hall
from office.public_web import PublicWeb
from office.touch_client import Seen

LANGUAGE_BUTTONS = {
    Language.ENGLISH: "English",
    Language.TRADITIONAL: "繁體",
    Language.SIMPLIFIED: "简体",
}
TAG_NUMBER = re.compile(r"[A-Z]\d{3}")
STEP_S = 90.0


class Visitor:
    """Plays one applicant. Papers and cards are things in the applicant's hands."""

    def __init__(self, one: Applicant, hall: Hall) -> None:
        self.one = one
        self.hall = hall
        self.tag_number = ""
        self.slip = ""
        self._moment = one.seed * 10

    def book(self) -> None:
        """Book at home, and fill in the form if this person does that."""
        give_old_card(self.hall.bench, self.one)
        if self.one.books:
            with self.hall.record.step("web", "book and pre-fill" if self.one.prefills else "book"):
                PublicWeb(self.hall.backend_address).book(self.one)

    # The tag kiosk

    def take_tag(self) -> None:
        """Get a tag at the tag kiosk, by letter, card or number."""
        with self.hall.at("tag-1") as agent, self.hall.record.step("tag-1", "take tag"):
            table = {
                "welcome": lambda seen: self._ask_for_tag(agent, seen),
                "type_number": lambda seen: self._type_number(agent, seen),
                "type_year": lambda seen: self._type_year(agent, seen),
                "take_card": lambda _seen: self._take_card("tag-1", "card_unit"),
                "your_tag": lambda seen: self._take_slip(agent, seen),
                "go_to_reception": lambda seen: agent.tap(seen, "common-finish"),
            }
            agent.go(table, lambda _seen: bool(self.slip), STEP_S, "taking a tag")
            self._clear("tag-1", "camera")

    def _ask_for_tag(self, agent: Agent, seen: Seen) -> None:
        if not self._speak(agent, seen):
            return
        match self.one.tag_by:
            case TagRequestBy.LETTER:
                letter = PublicWeb(self.hall.backend_address).letter_png(self.one)
                self.hall.bench.act("tag-1", "camera", "show", png=letter)
            case TagRequestBy.CARD:
                self._insert_card("tag-1", "card_unit")
            case TagRequestBy.NUMBER:
                agent.tap(seen, "tag-welcome-number")

    def _type_number(self, agent: Agent, seen: Seen) -> None:
        agent.press(re.sub(r"[()]", "", self.one.who.identity_number))
        agent.tap(seen, "common-next")

    def _type_year(self, agent: Agent, seen: Seen) -> None:
        agent.press(str(self.one.who.date_of_birth.year))
        agent.tap(seen, "common-next")

    def _take_slip(self, agent: Agent, seen: Seen) -> None:
        self.tag_number = _tag_number(seen)
        taken = self.hall.bench.act("tag-1", "ticket_printer", "take", hand=self.one.hands)
        slip = str(taken["thing"])
        png = self.hall.bench.picture(slip)
        if not read_codes(Image.open(BytesIO(png)).convert("L")):
            raise StuckError("the code on the slip cannot be read")
        self.hall.record.paper(f"slip-{self.one.language}.png", png)
        self.slip = slip
        agent.tap(seen, "common-finish")

    # The form-filling bench

    def fill_in_form(self) -> None:
        """Fill in the form at the bench, unless it was filled in at home."""
        if self.one.prefills:
            return
        with self.hall.at("bench-1") as agent, self.hall.record.step("bench-1", "fill in form"):
            done: list[str] = []
            table = {
                "bench_welcome": lambda seen: self._show_slip(agent, seen, "bench-1"),
                "bench_page": lambda seen: self._fill_page(agent, seen),
                "bench_review": lambda seen: agent.tap(seen, "bench-review-right"),
                "bench_done": lambda seen: (done.append("done"), agent.tap(seen, "common-finish")),
            }
            agent.go(table, lambda _seen: bool(done), STEP_S, "filling in the form")
            self._clear("bench-1", "camera")

    def _fill_page(self, agent: Agent, seen: Seen) -> None:
        raise NotImplementedError

    # Shared by the stations

    def _speak(self, agent: Agent, seen: Seen) -> bool:
        """Choose the person's language; tell whether it was chosen already."""
        if seen.language == self.one.language:
            return True
        agent.tap_named(LANGUAGE_BUTTONS[self.one.language])
        return False

    def _show_slip(self, agent: Agent, seen: Seen, station: str) -> None:
        if self._speak(agent, seen):
            self.hall.bench.act(station, "camera", "show", thing=self.slip)

    def _held(self, label: str) -> str:
        for thing in self.hall.bench.things():
            if thing["place"] == f"hand.{self.one.hands}" and thing["data"].get("label") == label:
                return str(thing["id"])
        raise CannotError(f"no {label} in the hand")

    def _insert_card(self, station: str, device: str) -> None:
        self.hall.bench.act(station, device, "insert", thing=self._held("old card"))

    def _take_card(self, station: str, device: str) -> None:
        self.hall.bench.act(station, device, "take", hand=self.one.hands)

    def _clear(self, station: str, device: str) -> None:
        self.hall.bench.act(station, device, "clear")

    def _press(self, png: Callable[[int], str], station: str) -> None:
        """Press a finger on the glass: another press each time."""
        self._moment += 1
        self.hall.bench.act(station, "finger_scanner", "place", png=png(self._moment))


def _tag_number(seen: Seen) -> str:
    for control in seen.controls:
        if TAG_NUMBER.fullmatch(control["name"]):
            return str(control["name"])
    raise CannotError("no tag number on the screen")


__all__ = ["OldDocument", "Visitor"]
