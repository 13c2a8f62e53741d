"""An applicant who cannot see: the day of a visitor, by keypad and earphones at every kiosk."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from threading import Thread

from PIL import Image

from common.domain.case import OldDocument
from common.domain.language import OFFICE_LANGUAGES, office_language
from common.i18n.texts import texts
from hardware.camera.codes import read_codes
from kiosk_registration.form import PAGE_NAMES, PAGES, Field, Pad, text_of
from office.agent import StuckError
from office.applicant import Outcome
from office.ear_agent import EarAgent, StuckEarError
from office.hall import Hall
from office.touch_client import NotThereError
from office.visitor import ALL_FINGERS, STEP_S, TAG_NUMBER, Visitor

logger = logging.getLogger(__name__)


KIOSKS = ("tag-1", "bench-1", "registration-1", "collection-1")
STATIONS = ("tag", "bench", "registration", "collection")
LOOK_EVERY_S = 0.4


class EarVisitor(Visitor):
    """Hears and presses keys. What hands feel and hold is as for everybody: cards, paper, glass."""

    @contextmanager
    def _at(self, station: str) -> Iterator[EarAgent]:
        """Stand before a station with the earphones in."""
        with self.hall.occupied(station):
            agent = EarAgent(station, self.hall.ears(station), self.one.language, self.hall.ended)
            self._insist_on(lambda: agent.plug_in(self._greetings()))
            try:
                yield agent
            except StuckEarError as error:
                raise StuckError(str(error)) from error
            finally:
                agent.pull_out()

    def _insist_on(self, do: Callable[[], None]) -> None:
        def tried() -> bool:
            try:
                do()
            except NotThereError as error:
                logger.debug("by ear: %s", error)
                return False
            return True

        self._wait(tried, "a voice")

    def _greetings(self) -> set[str]:
        """What a station says when it is there for this person, in whatever language."""
        found = set()
        for one in OFFICE_LANGUAGES:
            words = texts(one)
            found |= {words.text(f"{station}-welcome-title") for station in STATIONS}
            found.add(words.text("registration-calling-title", number=self.tag_number))
        return found

    def _called_to(self) -> str | None:
        """Listen to the hall: where this person's tag was called to last."""
        if not self.tag_number:
            return None
        return self.hall.ear.place_called(self.tag_number, office_language(self.one.language))

    # The tag kiosk

    def take_tag(self) -> None:
        """Get a tag by typing the number of the identity card."""
        number = re.sub(r"[()]", "", self.one.who.identity_number)
        year = str(self.one.who.date_of_birth.year)
        with self._at("tag-1") as agent, self.hall.record.step("tag-1", "take tag by ear"):
            table = {
                agent.words("tag-welcome-title"): lambda: agent.choose("tag-welcome-number"),
                agent.words("common-number-title"): lambda: self._type(agent, number),
                agent.words("common-year-title"): lambda: self._type(agent, year),
                agent.words("tag-issued-title"): lambda: self._take_slip_by_ear(agent),
                agent.words("tag-issued-again-title"): lambda: self._take_slip_by_ear(agent),
                agent.words("tag-reception-title"): lambda: agent.choose("common-finish"),
            }
            agent.go(table, lambda: bool(self.slip), STEP_S, "taking a tag")

    def _type(self, agent: EarAgent, text: str) -> None:
        agent.type(text)
        agent.choose("common-next")

    def _take_slip_by_ear(self, agent: EarAgent) -> None:
        """Wait until the voice says that the slip is there; the number was told before."""
        told = _numbers(agent, "tag-issued-number")
        if agent.words("tag-issued-printed") not in agent.last or not told:
            return
        self.tag_number = told[-1]
        slip = self._take("tag-1", "ticket_printer")
        png = self.hall.bench.picture(slip)
        if not read_codes(Image.open(BytesIO(png)).convert("L")):
            raise StuckError("the code on the slip cannot be read")
        agent.choose("common-finish")
        self.slip = slip

    # The bench

    def fill_in_form(self) -> None:
        """Fill in the form at the bench, unless it was filled in at home."""
        if self.one.prefills:
            return
        with self._at("bench-1") as agent, self.hall.record.step("bench-1", "fill in form by ear"):
            done: list[bool] = []

            def finish() -> None:
                agent.choose("common-finish")
                done.append(True)

            table: dict[str, Callable[[], object]] = {
                agent.words("bench-welcome-title"): lambda: self._hold_out(
                    "bench-1", thing=self.slip
                ),
                agent.words("bench-chinese-title"): lambda: agent.choose("bench-chinese-none"),
                agent.words("bench-review-title"): lambda: agent.choose("bench-review-confirm"),
                agent.words("bench-declare-title"): lambda: agent.choose("bench-declare-yes"),
                agent.words("bench-done-title-whole"): finish,
            }
            for name, fields in zip(PAGE_NAMES, PAGES, strict=True):
                page = agent.words(f"bench-page-{name}")
                table[page] = partial(self._fill_page_by_ear, agent, fields)
            agent.go(table, lambda: bool(done), 3 * STEP_S, "filling in the form")
            self._clear("bench-1", "camera")

    def _fill_page_by_ear(self, agent: EarAgent, fields: tuple[Field, ...]) -> None:
        for field in fields:
            key = f"papers-form-{field.name}"
            text = text_of(self.one.particulars(), field.name)
            if field.pad is Pad.DISTRICT:
                continue  # the address is typed whole
            if field.pad is Pad.CHOICE:
                agent.choose_option(agent.words(key), agent.words(f"{key}-{text}"))
                continue
            if field.pad is not Pad.LETTERS:
                text = re.sub(r"\D", "", text)
            agent.choose(key)
            agent.type(text.upper())
        agent.choose("common-next")

    # The registration kiosk

    def register(self) -> None:
        """Register at the kiosk: card, thumbs, particulars, form."""
        station = "registration-1"
        with self._at(station) as agent, self.hall.record.step(station, "register by ear"):
            done: list[bool] = []

            def finish() -> None:
                self._clear(station, "camera")
                if agent.words("registration-done-form-printed") in agent.last:
                    self._take_form(station, "application")
                agent.choose("common-finish")
                done.append(True)

            table: dict[str, Callable[[], object]] = {
                agent.words("registration-consent-title"): lambda: agent.choose(
                    "registration-consent-agree"
                ),
                agent.words("registration-insert-title"): lambda: self._insert_card(
                    station, "card_unit"
                ),
                agent.words("registration-face-title"): lambda: self._show_face(station),
                agent.words("registration-check-title"): lambda: agent.choose(
                    "registration-check-yes"
                ),
                agent.words("registration-mobile-title"): lambda: agent.choose(
                    "registration-mobile-skip"
                ),
                agent.words("registration-paper-title"): lambda: agent.choose(
                    "registration-paper-print"
                ),
                agent.words("common-take-card-title"): lambda: self._take(station, "card_unit"),
                agent.words("registration-done-title"): finish,
                agent.words("registration-handoff-title"): finish,
            }
            for greeting in (
                agent.words("registration-welcome-title"),
                agent.words("registration-calling-title", number=self.tag_number),
            ):
                table[greeting] = lambda: self._hold_out(station, thing=self.slip)
            for finger in ALL_FINGERS:
                for kind in ("finger", "again"):
                    page = agent.words(f"registration-{kind}-{finger}")
                    table[page] = partial(self._give_by_ear, agent, finger)
            agent.go(
                table,
                lambda: bool(done) or (self.tag_number != "" and self._is_called_on()),
                STEP_S,
                "registering",
            )
            self._step_away(station)

    def _give_by_ear(self, agent: EarAgent, finger: int) -> None:
        """Give the finger that was called by its name, unless it is the bandaged one."""
        if finger == self.one.bandaged:
            agent.choose("registration-not-this-finger")
        else:
            self.give_finger(agent.station, finger)

    # The collection kiosk

    def collect(self) -> None:
        """Collect the new card at the kiosk."""
        station = "collection-1"
        with self._at(station) as agent, self.hall.record.step(station, "collect by ear"):
            ended: list[bool] = []

            def end() -> None:
                agent.choose("common-finish")
                ended.append(True)

            def end_at_counter() -> None:
                told = _numbers(agent, "common-counter-tag")
                if not told:
                    return
                self.tag_number = told[-1]
                self._take_counter_slip(station)
                end()

            table: dict[str, Callable[[], object]] = {
                agent.words("collection-welcome-title"): lambda: self._give_document(station),
                agent.words("collection-face-title"): lambda: self._show_face(station),
                agent.words("collection-right-title"): lambda: agent.choose("collection-right-yes"),
                agent.words("collection-take-new-title"): lambda: self._take(station, "presenter"),
                agent.words("collection-collected-title"): end,
                agent.words("common-counter-title"): end_at_counter,
                agent.words("collection-take-old_card"): lambda: self._take_document(station),
                agent.words("collection-take-acknowledgement"): lambda: self._take_document(
                    station
                ),
            }
            for finger in ALL_FINGERS:
                name = agent.words(f"common-finger-{finger}")
                page = agent.words("collection-finger-title", finger=name)
                table[page] = partial(self._press_by_ear, station, finger)
            agent.go(table, lambda: self._is_done(ended), STEP_S, "collecting")
            self._step_away(station)
        if self._insist(lambda: self._holds("new card"), "a look at the card"):
            self.one.outcome = Outcome.COLLECTED

    def _give_document(self, station: str) -> None:
        if self.one.surrenders is OldDocument.OLD_CARD:
            self._insert_card(station, "intake")
        else:
            self.hall.bench.act(station, "form_collector", "insert", thing=self.paper)

    def _press_by_ear(self, station: str, finger: int) -> None:
        if self.one.finger_fails:
            self.hall.bench.act(station, "finger_scanner", "lift")
            self.hall.ended.wait(0.4)
            self._press(station, self.one.stranger_finger_png)
        else:
            self.give_finger(station, finger)

    def _is_done(self, ended: list[bool]) -> bool:
        """Nobody goes without the new card or the old document in the hand."""
        return bool(ended) and (self._holds("new card") or self._holds_document())


def _numbers(agent: EarAgent, key: str) -> list[str]:
    """The tag numbers that were told by this name, such as "Your tag number: A023"."""
    name = agent.words(key) + ": "
    told = [text.removeprefix(name) for text in agent.last if text.startswith(name)]
    return [number for number in told if TAG_NUMBER.fullmatch(number)]


class Witness:
    """Somebody who sees, and only takes pictures: of each page that has a caption, one."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._thread = Thread(target=self._watch, name="witness", daemon=True)

    def start(self) -> None:
        """Begin to watch the kiosks."""
        self._thread.start()

    def _watch(self) -> None:
        while not self._hall.ended.wait(LOOK_EVERY_S):
            for station in KIOSKS:
                try:
                    if self._hall.ears(station).hear(0).is_listening:
                        self._hall.agent(station).look()
                except NotThereError as error:
                    logger.debug("witness: %s", error)
