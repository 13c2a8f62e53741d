"""One applicant's day: what the person does at each station, screen by screen."""

import logging
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image

from common.domain.case import OldDocument
from common.domain.language import OWN_NAMES
from common.domain.queue import TagRequestBy
from common.equipment.codes import OUT_OF_SIGHT_S
from hardware.camera.codes import read_codes
from kiosk_registration.form import PAGES, Field, Pad, text_of
from office.agent import Agent, StuckError
from office.applicant import Applicant, Outcome
from office.bench_client import CannotError
from office.hall import Hall
from office.public_web import PublicWeb, WebError
from office.touch_client import Seen

logger = logging.getLogger(__name__)

T = TypeVar("T")

TAG_NUMBER = re.compile(r"[A-Z]\d{3}")
PAPER_NAMES = {OldDocument.OLD_CARD: "notice", OldDocument.ACKNOWLEDGEMENT: "acknowledgement"}
GREETINGS = {"welcome", "calling", "bench_welcome"}
READ_S = 0.6
STEP_S = 300.0
WAIT_S = 900.0
ALL_FINGERS = range(1, 11)


class Visitor:
    """Plays one applicant. Papers and cards are things in the applicant's hands."""

    def __init__(self, one: Applicant, hall: Hall) -> None:
        self.one = one
        self.hall = hall
        self.tag_number = ""
        self.slip = ""
        self.paper = ""
        self.given_at_booth: list[int] = []
        self._moment = one.seed * 10

    def live_the_day(self) -> None:
        """Go through the whole office, from booking to the card in hand.

        Raises:
            StuckError: The person got nowhere.
        """
        self.book()
        self.take_tag()
        self.fill_in_form()
        while not self._is_called_to_booth():
            self.register()
        self.be_photographed()
        self._wait(self.one.loaded.is_set, "the new card")
        self.collect()
        if self.one.outcome is None:
            self.go_to_counter()
        if self.one.sends_proxy:
            self.activate()

    # At home

    def book(self) -> None:
        """Book at home, and fill in the form if this person does that."""
        self.hall.give_old_card(self.one)
        if self.one.books:
            with self.hall.record.step("web", "book and pre-fill" if self.one.prefills else "book"):
                self._insist(lambda: PublicWeb(self.hall.backend_address).book(self.one), "booking")

    # The tag kiosk

    def take_tag(self) -> None:
        """Get a tag at the tag kiosk, by letter, card or number."""
        with self.hall.at("tag-1") as agent, self.hall.record.step("tag-1", "take tag"):
            table = {
                "welcome": lambda seen: self._ask_for_tag(agent, seen),
                "type_number": lambda seen: self._type_number(agent, seen),
                "type_year": lambda seen: self._type_year(agent, seen),
                "take_card": lambda _seen: self._take("tag-1", "card_unit"),
                "your_tag": lambda seen: self._take_slip(agent, seen),
                "go_to_reception": lambda seen: self._finish(agent, seen),
            }
            self._step_up(agent)
            agent.go(table, lambda _seen: bool(self.slip), STEP_S, "taking a tag")
            self._clear("tag-1", "camera")

    def _ask_for_tag(self, agent: Agent, seen: Seen) -> None:
        if not self._speak(agent, seen):
            return
        match self.one.tag_by:
            case TagRequestBy.LETTER:
                letter = PublicWeb(self.hall.backend_address).letter_png(self.one)
                self._hold_out("tag-1", png=letter)
            case TagRequestBy.CARD:
                self._insert_card("tag-1", "card_unit")
            case TagRequestBy.NUMBER:
                agent.tap(seen, "tag-welcome-number")

    def _type_number(self, agent: Agent, seen: Seen) -> None:
        agent.tap(seen, "common-key-clear")
        agent.press(re.sub(r"[()]", "", self.one.who.identity_number))
        agent.tap(seen, "common-next")

    def _type_year(self, agent: Agent, seen: Seen) -> None:
        agent.tap(seen, "common-key-clear")
        agent.press(str(self.one.who.date_of_birth.year))
        agent.tap(seen, "common-next")

    def _take_slip(self, agent: Agent, seen: Seen) -> None:
        self.tag_number = _tag_number(seen)
        slip = self._take("tag-1", "ticket_printer")
        png = self.hall.bench.picture(slip)
        if not read_codes(Image.open(BytesIO(png)).convert("L")):
            raise StuckError("the code on the slip cannot be read")
        self.hall.record.paper(f"slip-{self.one.language}.png", png)
        self.slip = slip
        self._finish(agent, seen)

    # The form-filling bench

    def fill_in_form(self) -> None:
        """Fill in the form at the bench, unless it was filled in at home."""
        if self.one.prefills:
            return
        with self.hall.at("bench-1") as agent, self.hall.record.step("bench-1", "fill in form"):
            done: list[str] = []

            def finish(seen: Seen) -> None:
                self._clear("bench-1", "camera")
                self._finish(agent, seen)
                done.append(seen.name)

            table = {
                "bench_welcome": lambda seen: self._show_slip(agent, seen),
                "form_page": lambda seen: self._fill_page(agent, seen),
                "bench_chinese": lambda seen: self._leave_chinese_name(agent, seen),
                "bench_review": lambda seen: agent.tap(seen, "bench-review-confirm"),
                "bench_declare": lambda seen: agent.tap(seen, "bench-declare-yes"),
                "bench_done": finish,
                "bench_notice": lambda seen: self._finish(agent, seen),
            }
            self._step_up(agent)
            agent.go(table, lambda _seen: bool(done), STEP_S, "filling in the form")
            self._clear("bench-1", "camera")

    def _fill_page(self, agent: Agent, seen: Seen) -> None:
        """Fill in what is on the screen: with large letters the fields come one by one."""
        for field in (one for page in PAGES for one in page):
            if seen.has(agent.words(seen, f"papers-form-{field.name}")):
                self._fill_field(agent, seen, field)
        agent.tap(seen, "common-next")

    def _leave_chinese_name(self, agent: Agent, seen: Seen) -> None:
        has_none = seen.has(agent.words(seen, "bench-chinese-none"))
        agent.tap(seen, "bench-chinese-none" if has_none else "common-next")

    def _fill_field(self, agent: Agent, seen: Seen, field: Field) -> None:
        key = f"papers-form-{field.name}"
        text = text_of(self.one.particulars(), field.name)
        if field.pad is Pad.DISTRICT:
            return  # the address is typed whole
        if field.pad is Pad.CHOICE:
            agent.tap(seen, f"{key}-{text}")
            return
        agent.tap(seen, key)
        agent.tap(seen, "common-key-clear")
        if field.pad is not Pad.LETTERS:
            text = re.sub(r"\D", "", text)
        for letter in text.upper():
            if letter == " ":
                agent.tap(seen, "common-key-space")
            else:
                agent.press(letter)

    # The registration kiosk

    def _is_called_to_booth(self) -> bool:
        """Wait for a call: to the kiosk, the first time or once more, or on to the booth."""
        self._wait(lambda: self._called_to() in {"K1", "B1"}, "a call")
        return self._called_to() == "B1"

    def _called_to(self) -> str | None:
        """Look at the panel: where this person's tag is called to."""
        return self.hall.place_of(self.tag_number)

    def register(self) -> None:
        """Register at the kiosk: card, thumbs, particulars, form."""
        station = "registration-1"
        with self.hall.at(station) as agent, self.hall.record.step(station, "register"):
            done: list[str] = []

            def finish(seen: Seen) -> None:
                self._clear(station, "camera")
                if seen.name == "registered":
                    self._take_form(station, "application")
                self._finish(agent, seen)
                done.append(seen.name)

            table = {
                "calling": lambda seen: self._show_slip(agent, seen),
                "welcome": lambda seen: self._show_slip(agent, seen),
                "not_your_turn": lambda seen: self._be_sent_away(agent, seen, done),
                "consent": lambda seen: agent.tap(seen, "registration-consent-agree"),
                "insert_card": lambda _seen: self._insert_card(station, "card_unit"),
                "give_finger": lambda seen: self._give_or_not(agent, seen),
                "give_finger_again": lambda seen: self.give_finger(
                    station, _asked_finger(agent, seen, "registration-again-")
                ),
                "show_face": lambda _seen: self._show_face(station),
                "form_page": lambda seen: self._fill_page(agent, seen),
                "check_particulars": lambda seen: agent.tap(seen, "registration-check-yes"),
                "ask_mobile": lambda seen: agent.tap(seen, "registration-mobile-skip"),
                "choose_paper": lambda seen: agent.tap(seen, "registration-paper-print"),
                "take_card": lambda _seen: self._take(station, "card_unit"),
                "registered": finish,
                "handed_off": finish,
            }
            self._step_up(agent)
            agent.go(
                table,
                lambda seen: bool(done) or (seen.name in GREETINGS and self._is_called_on()),
                STEP_S,
                "registering",
            )
            self._step_away(station)

    def _be_sent_away(self, agent: Agent, seen: Seen, done: list[str]) -> None:
        """Go on when the kiosk has no more use for this tag, as after a fault midway."""
        if self._called_to() != "K1" and self._holds("old card"):
            self._clear(agent.station, "camera")
            done.append(seen.name)
        self._finish(agent, seen)

    def _is_called_on(self) -> bool:
        """The panel knows better than a kiosk that was started again; nobody leaves a card."""
        return self._called_to() == "B1" and self._holds("old card")

    def _give_or_not(self, agent: Agent, seen: Seen) -> None:
        """Give the finger that is asked for, unless it is the bandaged one."""
        asked = _asked_finger(agent, seen, "registration-finger-")
        if asked == self.one.bandaged:
            agent.tap(seen, "registration-not-this-finger")
        else:
            self.give_finger(agent.station, asked)

    def give_finger(self, station: str, position: int) -> None:
        """Lift what lies on the glass, then press the finger that is asked for."""
        self.hall.bench.act(station, "finger_scanner", "lift")
        self.hall.ended.wait(0.4)
        self._press(station, lambda moment: self.one.finger_png(moment, position))

    # The booth

    def be_photographed(self) -> None:
        """Sit down before the camera, and go with the paper."""
        face = self.one.face_png(self._next_moment(), 720, 720)
        chair = self.hall.sit_down("B1", self)

        def is_dismissed() -> bool:
            """Sit still until then: a camera that was started anew sees the person again."""
            try:
                if not self.hall.bench.device("booth-1", "camera")["sees_something"]:
                    self.hall.bench.act("booth-1", "camera", "show", png=face)
            except CannotError as error:
                logger.debug("applicant %d on the stool: %s", self.one.number, error)
            return chair.is_set()

        with self.hall.record.step("booth-1", "be photographed"):
            self._wait(is_dismissed, "the officer")
        self._clear("booth-1", "camera")

    # The collection kiosk

    def collect(self) -> None:
        """Collect the new card at the kiosk; some are sent on to the counter."""
        station = "collection-1"
        with self.hall.at(station) as agent, self.hall.record.step(station, "collect"):
            ended: list[str] = []

            def end(seen: Seen) -> None:
                if seen.name == "collected":
                    ended.append(seen.name)
                elif number := _number_on(seen):
                    self.tag_number = number
                    self._take_counter_slip(station)
                    ended.append(seen.name)
                # An end without a tag leads nowhere: the person tries once more.
                self._finish(agent, seen)

            table = {
                "welcome": lambda seen: self._surrender(agent, seen),
                "check_face": lambda seen: self._face_or_proxy(agent, seen),
                "check_finger": lambda seen: self._check_finger(agent, seen),
                "is_this_right": lambda seen: agent.tap(seen, "collection-right-yes"),
                "take_new_card": lambda _seen: self._take(station, "presenter"),
                "take_document": lambda _seen: self._take_document(station),
                "collected": end,
                "ended": end,
            }
            self._step_up(agent)
            agent.go(
                table,
                lambda seen: self._is_done_collecting(seen, ended),
                STEP_S,
                "collecting",
            )
            self._step_away(station)
        if self._insist(lambda: self._holds("new card"), "a look at the card"):
            self.one.outcome = Outcome.COLLECTED

    def _face_or_proxy(self, agent: Agent, seen: Seen) -> None:
        if self.one.sends_proxy:
            agent.tap(seen, "collection-for-another")
        else:
            self._show_face(agent.station)

    def activate(self) -> None:
        """Bring the card that somebody else collected to the kiosk, which compares it with me."""
        station = "collection-1"
        with self.hall.at(station) as agent, self.hall.record.step(station, "activate"):
            activated: list[str] = []

            def insert(seen: Seen) -> None:
                if self._speak(agent, seen):
                    thing = self._held("new card")
                    self.hall.bench.act(station, "intake", "insert", thing=thing)

            def end(seen: Seen) -> None:
                if seen.has(agent.words(seen, "collection-end-activated-title")):
                    activated.append(seen.name)
                self._finish(agent, seen)

            table = {
                "welcome": insert,
                "check_face": lambda _seen: self._show_face(station),
                "check_finger": lambda seen: self._check_finger(agent, seen),
                "take_document": lambda _seen: self._take(station, "intake"),
                "ended": end,
            }
            self._step_up(agent)
            agent.go(
                table,
                lambda _seen: bool(activated) and self._holds("new card"),
                STEP_S,
                "activating the card",
            )
            self._step_away(station)

    def _is_done_collecting(self, seen: Seen, ended: list[str]) -> bool:
        """Nobody goes without the new card or the old document, whatever the kiosk says."""
        if "collected" in ended or (seen.name == "welcome" and self._holds("new card")):
            return True
        return bool(ended) and self._holds_document()

    def _holds_document(self) -> bool:
        if self.one.surrenders is OldDocument.OLD_CARD:
            return self._holds("old card")
        places = {thing["id"]: thing["place"] for thing in self.hall.bench.things()}
        return bool(places[self.paper] == f"hand.{self.one.hands}")

    def _take_counter_slip(self, station: str) -> None:
        try:
            slip = self._take(station, "ticket_printer")
        except CannotError:
            logger.debug("no slip came out; the number is on the screen")
            return
        self.hall.record.paper(
            f"slip-counter-{self.one.language}.png", self.hall.bench.picture(slip)
        )

    def _surrender(self, agent: Agent, seen: Seen) -> None:
        if not self._speak(agent, seen):
            return
        if self.one.surrenders is OldDocument.OLD_CARD:
            self._insert_card("collection-1", "intake")
        else:
            self.hall.bench.act("collection-1", "form_collector", "insert", thing=self.paper)

    def _show_face(self, station: str) -> None:
        face = self.one.face_png(self._next_moment(), 720, 720)
        self.hall.bench.act(station, "camera", "show", png=face)

    def _check_finger(self, agent: Agent, seen: Seen) -> None:
        station = "collection-1"
        if self.one.finger_fails:
            self.hall.bench.act(station, "finger_scanner", "lift")
            self.hall.ended.wait(0.4)
            self._press(station, self.one.stranger_finger_png)
            return
        asked = next(
            position
            for position in ALL_FINGERS
            if seen.has(
                agent.words(
                    seen,
                    "collection-finger-title",
                    finger=agent.words(seen, f"common-finger-{position}"),
                )
            )
        )
        self.give_finger(station, asked)

    def _take_document(self, station: str) -> None:
        device = "intake" if self.one.surrenders is OldDocument.OLD_CARD else "form_collector"
        self._take(station, device)

    # The counter

    def go_to_counter(self) -> None:
        """Wait for the call to the counter; the officer there does the rest."""
        self.hall.work_for("counter")
        self._wait(lambda: self._called_to() == "C1", "the counter's call")
        chair = self.hall.sit_down("C1", self)
        self._wait(chair.is_set, "the counter")

    def collected(self) -> None:
        """Hold the new card in the hand."""
        self.one.outcome = Outcome.COLLECTED

    # Shared by the stations

    def take_paper(self, station: str) -> None:
        """Take the paper that an officer printed."""
        self.paper = self._take_form(station, PAPER_NAMES[self.one.surrenders])

    def give_old_card(self, hands: str) -> None:
        """Give the old document to an officer, who keeps it."""
        held = self.paper if self.one.surrenders is OldDocument.ACKNOWLEDGEMENT else None
        self.hall.bench.hand_over(held or self._held("old card"), hands)

    def _step_up(self, agent: Agent) -> None:
        """Wait until the one before is done here and the station greets the next."""
        agent.go({}, lambda seen: seen.name in GREETINGS, STEP_S, "waiting behind another person")

    def _speak(self, agent: Agent, seen: Seen) -> bool:
        """Choose the person's language and size; tell whether they were chosen already."""
        if seen.language != self.one.language:
            agent.tap_named(OWN_NAMES[self.one.language])
            return False
        if self.one.large_text and seen.has(agent.words(seen, "common-larger-text")):
            agent.tap(seen, "common-larger-text")
            return False
        return True

    def _finish(self, agent: Agent, seen: Seen) -> None:
        """Touch finish as who has read the page: sooner it would be taken for a double tap."""
        self.hall.ended.wait(READ_S)
        agent.tap(seen, "common-finish")

    def _show_slip(self, agent: Agent, seen: Seen) -> None:
        if not self._speak(agent, seen):
            return
        self._hold_out(agent.station, thing=self.slip)

    def _hold_out(self, station: str, **what: str) -> None:
        """Hold a code before the camera; one that was there already, for nothing, once more."""
        if self.hall.bench.device(station, "camera")["sees_something"]:
            self.hall.bench.act(station, "camera", "clear")
            self.hall.ended.wait(OUT_OF_SIGHT_S + 0.5)
        self.hall.bench.act(station, "camera", "show", **what)

    def _held(self, label: str) -> str:
        for thing in self.hall.bench.things():
            if thing["place"] == f"hand.{self.one.hands}" and thing["data"].get("label") == label:
                return str(thing["id"])
        raise CannotError(f"no {label} in the hand")

    def _insert_card(self, station: str, device: str) -> None:
        self.hall.bench.act(station, device, "insert", thing=self._held("old card"))

    def _take(self, station: str, device: str) -> str:
        return str(self.hall.bench.act(station, device, "take", hand=self.one.hands)["thing"])

    def _take_form(self, station: str, name: str) -> str:
        thing = self._take_newest(station)
        self.hall.record.paper(f"{name}-{self.one.language}.png", self.hall.bench.picture(thing))
        pdf = next(t["data"]["pdf"] for t in self.hall.bench.things() if t["id"] == thing)
        document = self._insist(lambda: _read(Path(pdf)), "the printed document")
        self.hall.record.paper(f"{name}-{self.one.language}.pdf", document)
        return thing

    def _take_newest(self, station: str) -> str:
        """Take what lies in the tray; of several papers the last one printed is this person's.

        A printer that lost its plug may print once more what it had printed already.
        """
        newest = self._take(station, "form_printer")
        while self.hall.bench.device(station, "form_printer")["tray"]:
            self.hall.bench.hand_over(newest, "shredder")
            newest = self._take(station, "form_printer")
        return newest

    def _clear(self, station: str, device: str) -> None:
        self._insist(lambda: self.hall.bench.act(station, device, "clear"), "stepping away")

    def _step_away(self, station: str) -> None:
        """Leave neither a face before the camera nor a finger on the glass."""
        self._clear(station, "camera")
        self._insist(
            lambda: self.hall.bench.act(station, "finger_scanner", "lift"), "stepping away"
        )

    def _holds(self, label: str) -> bool:
        return any(
            thing["place"] == f"hand.{self.one.hands}" and thing["data"].get("label") == label
            for thing in self.hall.bench.things()
        )

    def _insist(self, do: Callable[[], T], what: str) -> T:
        """Do it, again and again while it cannot be done: what was restarted comes back."""
        done: list[T] = []

        def tried() -> bool:
            try:
                done.append(do())
            except (CannotError, WebError) as error:
                logger.debug("applicant %d, %s: %s", self.one.number, what, error)
            return bool(done)

        self._wait(tried, what)
        return done[0]

    def _next_moment(self) -> int:
        self._moment += 1
        return self._moment

    def _press(self, station: str, png: Callable[[int], str]) -> None:
        """Press a finger on the glass: another press each time."""
        self.hall.bench.act(station, "finger_scanner", "place", png=png(self._next_moment()))

    def _wait(self, until: Callable[[], bool], what: str) -> None:
        if not self.hall.wait(until, WAIT_S):
            raise StuckError(f"applicant {self.one.number} waited in vain for {what}")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise CannotError("the printer's folder is away: its plug is out") from None


def _tag_number(seen: Seen) -> str:
    if number := _number_on(seen):
        return number
    raise CannotError("no tag number on the screen")


def _number_on(seen: Seen) -> str:
    names = [str(control["name"]) for control in seen.controls]
    return next((name for name in names if TAG_NUMBER.fullmatch(name)), "")


def _asked_finger(agent: Agent, seen: Seen, prefix: str) -> int:
    for position in ALL_FINGERS:
        if seen.has(agent.words(seen, f"{prefix}{position}")):
            return position
    raise CannotError("the screen names no finger")
