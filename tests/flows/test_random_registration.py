"""Random applicants with random faults through the registration kiosk: none stuck, none swapped.

Real flow, journal, backend and drivers; the devices are simulated at the wire, and the people are
invented. SMARTICS_APPLICANTS says how many come (500 take about half an hour).
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from backend.schema.tables import refused_facts
from common.domain.case import LateReason
from common.domain.language import Language
from common.matching.faces import FaceEngine
from common.matching.fingers import extract
from common.wire.shapes import Particulars
from hardware.simulation.people import InventedPerson, person
from hardware.simulation.switches import UNPLUGGED
from kiosk_registration import entering, perform, program, queue_desk
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration.flow_ending import WITH_PERSON
from kiosk_registration.words import Change, Contact
from tests.support.backend_office import office_settings, running_office
from tests.support.bodies import live_face, pressed
from tests.support.registration_kiosk import Kiosk, registration_kiosk, slip
from tests.support.troubled_line import troubled_line

HOW_MANY = int(os.environ.get("SMARTICS_APPLICANTS", "3"))
SEED = int(os.environ.get("SMARTICS_SEED", "7"))
BODIES = (1,) if HOW_MANY < 50 else (1, 2, 4)
"""Whose fingers and faces all have: growing more would take longer than the visits."""
STRANGER = 3
LONGEST_REACTIONS = 120
ENDINGS = s.Registered | s.HandedOff | s.GoToStaff


class Trouble(StrEnum):
    """What goes wrong in a visit. The first few come in every run."""

    POWER_CUT = "power cut"
    IMPOSTOR = "impostor"
    WALK_AWAY = "walk away"
    NOTHING = "nothing"
    DEAD_CHIP = "dead chip"
    OTHERS_CARD = "other's card"
    SWAPPED_CARD = "swapped card"
    WORN = "worn fingers"
    TWIN = "twin"
    NO_FINGERS = "no fingers"
    SCANNER_GONE = "scanner unplugged"
    CAMERA_GONE = "camera unplugged"
    PRINTER_GONE = "printer unplugged"
    PAPER_OUT = "paper out"
    PAD_GONE = "pad unplugged"
    NETWORK_GONE = "network gone"
    NETWORK_SLOW = "network slow"
    NETWORK_TWICE = "network twice"
    DOUBLE_TAPS = "double taps"
    CALLS_STAFF = "calls staff"


NEVER_REGISTERED = {
    Trouble.DEAD_CHIP,
    Trouble.OTHERS_CARD,
    Trouble.IMPOSTOR,
    Trouble.TWIN,
    Trouble.CALLS_STAFF,
}
UNPLUGS = {
    Trouble.SCANNER_GONE: ("finger_scanner", UNPLUGGED),
    Trouble.CAMERA_GONE: ("camera", UNPLUGGED),
    Trouble.PRINTER_GONE: ("form_printer", UNPLUGGED),
    Trouble.PAPER_OUT: ("form_printer", "paper_out"),
    Trouble.PAD_GONE: ("signature_pad", UNPLUGGED),
}
FATES = {
    Trouble.NETWORK_GONE: "cut before",
    Trouble.NETWORK_SLOW: "late",
    Trouble.NETWORK_TWICE: "repeated",
}


TROUBLES = [one for one in Trouble if one in os.environ.get("SMARTICS_TROUBLES", one)]
"""Which come; each once before the dice choose."""


class Fate:
    """Decides about every request alike, as long as it is told to; in place of a line's dice."""

    def __init__(self) -> None:
        self.now = "passed"

    def choices(self, *_: Any) -> tuple[str]:
        return (self.now,)

    def uniform(self, *_: Any) -> float:
        return 0.1


@dataclass
class Applicant:
    """Somebody with a tag, a card, and one trouble at the moment-th thing to do."""

    kiosk: Kiosk
    who: InventedPerson
    trouble: Trouble
    dice: Random
    fate: Fate
    moment: int = 0
    reactions: int = 0
    has_come_back: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    presses: int = 10
    waits: int = 0

    def __post_init__(self) -> None:
        self.body = self.dice.choice(BODIES)
        self.moment = self.dice.randrange(2, 14)
        self.tag = self.kiosk.arrive(self.who)
        owner = person(self.who.seed + 5000) if self.trouble is Trouble.OTHERS_CARD else self.who
        is_dead = self.trouble is Trouble.DEAD_CHIP
        self.card = self.kiosk.card_of(owner, self.body, is_dead=is_dead)
        if self.trouble is Trouble.TWIN:
            flag = {"kind": "twin_flagged", "twin": True}
            self.kiosk.office.fact("booth-1", self.tag["case_id"], flag, "reg-officer")
        self.hand = self.body
        if self.trouble in (Trouble.IMPOSTOR, Trouble.TWIN):
            self.hand = STRANGER

    # One visit

    def visit(self) -> Any:
        """Do all that is asked until it ends; return the state in which it did."""
        kiosk, seen = self.kiosk, None
        while not isinstance(kiosk.state, ENDINGS):
            assert self.reactions < LONGEST_REACTIONS, f"led in circles: {self.asked}"
            if kiosk.visit.stay is not seen:
                seen = kiosk.visit.stay
                self.react(kiosk.state)
                continue
            if not kiosk.take_in(3.0):
                self.try_again(kiosk.state)
        return kiosk.state

    def try_again(self, state: Any) -> None:
        """Do what a person does to whom nothing happens: show the slip anew, sign once more."""
        self.waits += 1
        assert self.waits < 30, f"stuck in {state!r:.200} with {self.trouble}"
        match state:
            case s.Welcome() | s.Calling():
                # A slip that lies there was read already.
                self.kiosk.show("")
                Event().wait(1.2)
                self.kiosk.show(slip(self.tag["token"]))
            case s.Signing() if self.trouble is not Trouble.PAD_GONE:
                self.kiosk.sign()
            case _:
                pass

    def react(self, state: Any) -> None:
        """Do what a person does there, or what goes wrong at this moment."""
        self.kiosk.office.clock.advance(1)
        if isinstance(state, s.AskingConsent | s.InsertingCard) or self.reactions:
            self.reactions += 1
        if self.reactions == self.moment and self.go_wrong(state):
            return
        self.asked[type(state).__name__] += 1
        answer = self.do(state)
        if answer is not None:
            times = 2 if self.trouble is Trouble.DOUBLE_TAPS else 1
            self.kiosk.tell(*[answer] * times)

    def go_wrong(self, state: Any) -> bool:
        """Let it go wrong; tell whether the person does nothing else now."""
        match self.trouble:
            case Trouble.WALK_AWAY if isinstance(state, WITH_PERSON):
                self.has_come_back = True
                self.kiosk.tell(e.PersonLeft())
                return True
            case Trouble.POWER_CUT:
                self.has_come_back = True
                self.kiosk.stop()
                self.kiosk.start()
                return True
            case Trouble.CALLS_STAFF if isinstance(state, WITH_PERSON):
                self.kiosk.tell(e.AskedForStaff())
                return True
            case Trouble.WALK_AWAY | Trouble.CALLS_STAFF:
                self.moment += 1  # at the next moment, then
            case trouble if trouble in UNPLUGS:
                role, fault = UNPLUGS[trouble]
                self.kiosk.devices[role].set_fault(fault, True)
            case trouble if trouble in FATES:
                self.fate.now = FATES[trouble]
            case _:
                pass
        return False

    def heal(self) -> None:
        """Put right what went wrong, as staff would."""
        self.fate.now = "passed"
        for role, fault in UNPLUGS.values():
            self.kiosk.devices[role].set_fault(fault, False)

    def do(self, state: Any) -> e.Event | None:
        """Act with the hands, or return what is touched on the screen."""
        kiosk, dice = self.kiosk, self.dice
        match state:
            case s.Calling(camera=False):
                return e.TagShown(self.tag["token"])
            case s.Welcome() | s.Calling():
                kiosk.show(slip(self.tag["token"]))
            case s.NotYourTurn():
                self.heal()
                return e.Finished()
            case s.OutOfService():
                self.heal()
            case s.AskingConsent():
                kiosk.show("")
                return e.CannotGiveFingers() if self.gives_none else e.Consented()
            case s.InsertingCard():
                kiosk.show("")
                kiosk.act("card_unit", "insert", thing=self.next_card().id)
            case s.CheckingFinger() if self.gives_none:
                return e.CannotGiveFingers()
            case s.CheckingFinger(asked=asked):
                self.press(asked.position)
            case s.EnrollingFinger():
                self.press(state.enrolment.position)
            case s.CheckingFace() if self.has_camera:
                kiosk.show(live_face(self.hand if self.trouble is Trouble.IMPOSTOR else self.body))
            case s.FillingGap(case):
                if not state.is_change and dice.random() < 0.3:
                    return e.GapLeft()
                form = case.particulars.model_copy(update={"address": "2 OTHER STREET"})
                return e.PageFilled(Particulars.model_validate(form))
            case s.ReturningCard() | s.TakeCard():
                self.take(state)
            case _:
                return self.touch(state, dice)
        return None

    def touch(self, state: Any, dice: Random) -> e.Event | None:
        """Return what is touched where only the screen asks."""
        declined = e.MobileDeclined(Language.ENGLISH)
        answers: dict[type, tuple[e.Event, ...]] = {
            s.AskingExcuse: (e.ExcuseGiven(LateReason.ILL),),
            s.CheckingParticulars: (*[e.ParticularsRight()] * 3, e.ParticularsWrong()),
            s.ChoosingChange: (
                e.ChangeChosen(Change.ADDRESS),
                e.ChangeChosen(Change.OCCUPATION),
                e.WentBack(),
            ),
            s.NeedsAlteration: (e.KeptAsItIs(),),
            s.ChoosingOffice: (e.OfficeChosen("HQ"),),
            s.AskingMobile: (declined, e.MobileGiven(Contact("+85291234567", Language.ENGLISH))),
            s.TypingCode: (e.CodeTyped("000000"), declined),
            s.CodeSkipped: (e.GoneOn(),),
            s.PreparingPhotograph: (e.GoneOn(), e.PhotographAtBooth()),
            s.Photographing: (e.ShotAsked(), e.PhotographAtBooth()),
            s.ChoosingShot: (e.ShotChosen(0),),
            s.NoGoodPhotograph: (e.GoneOn(),),
            s.ShowingSignature: (e.SignatureKept(), e.SignatureAgain()),
            s.ChoosingPaper: (e.PaperChosen(on_paper=True), e.PaperChosen(on_paper=False)),
        }
        if isinstance(state, s.Signing):
            if dice.random() < 0.3:
                return e.SignAtBooth()
            if self.trouble is not Trouble.PAD_GONE:
                self.kiosk.sign()
            return None
        return dice.choice(answers[type(state)]) if type(state) in answers else None

    def next_card(self) -> Any:
        """Return the card to insert: who comes with somebody may have taken theirs by mistake."""
        if self.trouble is Trouble.SWAPPED_CARD and self.asked["InsertingCard"] == 1:
            return self.kiosk.card_of(person(self.who.seed + 6000), self.body)
        return self.card

    @property
    def gives_none(self) -> bool:
        return self.trouble is Trouble.NO_FINGERS

    @property
    def has_camera(self) -> bool:
        return not (self.trouble is Trouble.CAMERA_GONE and self.reactions >= self.moment)

    def press(self, position: int) -> None:
        """Put a finger on the glass, if there is one; worn ones read like somebody else's."""
        if self.trouble is Trouble.SCANNER_GONE and self.reactions >= self.moment:
            return
        self.presses = 10 + (self.presses - 9) % 4
        if self.trouble is Trouble.WORN:
            self.kiosk.press(pressed(self.body, 5, self.presses))
        else:
            self.kiosk.press(pressed(self.hand, position, self.presses))

    def take(self, state: Any) -> None:
        """Take the card as soon as it can be taken."""
        if isinstance(state, s.TakeCard):
            self.kiosk.act("card_unit", "take", hand="person")


# The world


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("office")
    with running_office(office_settings(folder, ("reg-officer",))) as found:
        yield found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """People who read at once, and work on a picture that was seen before done only once."""
    for module, name, value in (
        (entering, "TELL_S", 0.05),
        (entering, "DONE_S", 0.05),
        (entering, "REST_S", 0.05),
        (queue_desk, "CALL_EVERY_S", 0.02),
        (queue_desk, "LONGEST_PAUSE_S", 0.05),
        (queue_desk, "RETRY_S", 0.05),
        (queue_desk, "FLUSH_S", 1.0),
        (perform, "RETRY_S", 0.05),
        (perform, "SENT_S", 0.5),
        (perform, "CARD_TAKEN_S", 2.0),
        (perform, "JUDGE_EVERY_S", 5.0),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("common.equipment.fingers.extract", _once(extract))
    engine = _engine()
    monkeypatch.setattr(program, "FaceEngine", lambda: engine)


def _once(work: Callable[..., Any]) -> Callable[..., Any]:
    """Remember what came of a picture; the answer is the same each time, only slow."""
    known: dict[Any, Any] = {}

    def do(pixels: Any, *arguments: Any, **more: Any) -> Any:
        key = (pixels.tobytes(), arguments, tuple(sorted(more.items())))
        if key not in known:
            known[key] = work(pixels, *arguments, **more)
        return known[key]

    return do


@cache
def _engine() -> FaceEngine:
    return FaceEngine()


def test_every_applicant_is_registered_or_handed_over_and_nobody_as_somebody_else(
    office: Any, tmp_path: Path
) -> None:
    dice, fate = Random(SEED), Fate()
    ended: Counter[str] = Counter()
    begun = monotonic()
    port = int(str(office.http.base_url).rpartition(":")[2].strip("/"))
    with troubled_line(port, SEED) as line:
        line._dice = fate  # type: ignore[assignment] # in place of dice: one fate for all
        address = f"http://127.0.0.1:{line.port}"
        with registration_kiosk(tmp_path, office, address) as kiosk:
            for number in range(HOW_MANY):
                trouble = TROUBLES[number % len(TROUBLES)]
                if number >= len(TROUBLES):
                    trouble = dice.choice(TROUBLES)
                ended[serve(kiosk, number, trouble, dice, fate)] += 1
    told = ", ".join(f"{count} {how}" for how, count in sorted(ended.items()))
    print(f"\n{HOW_MANY} applicants in {monotonic() - begun:.0f} s: {told}")


def refused(office: Any, case_id: str) -> list[tuple[str, str]]:
    """What of a case the office would not have, and why."""

    def ask(transaction: Any) -> list[tuple[str, str]]:
        columns = select(refused_facts.c.kind, refused_facts.c.reason)
        rows = transaction.connection.execute(columns.where(refused_facts.c.case_id == case_id))
        return [tuple(row) for row in rows]

    return office.store.submit(ask).result()


def serve(kiosk: Kiosk, number: int, trouble: Trouble, dice: Random, fate: Fate) -> str:
    """Serve one applicant; return how it ended, once all that must hold was seen to hold."""
    office = kiosk.office
    office.clock.advance(30)
    who = replace(person(1), identity_number=person(2000 + number).identity_number, seed=number)
    one = Applicant(kiosk, who, trouble, dice, fate)
    ending = one.visit()
    one.heal()
    kiosk.until(s.Welcome)
    assert kiosk.place_of(one.card) == "hand.person", f"{trouble}: the card was kept"
    assert kiosk.station.exchange.flush(20), f"{trouble}: not everything is sent"
    assert not refused(office, one.tag["case_id"]), trouble
    case = office.find(one.tag["case_id"])
    if isinstance(ending, s.Registered):
        assert trouble not in NEVER_REGISTERED
        assert {"identified", "particulars_confirmed", "registered"} <= set(case["done"])
        assert case["identified_by"] in ("finger", "face")
        assert case["tag"]["stage"] == "booth"
        office.send(
            "booth-1",
            "/v1/queue/void",
            {"tag_token": one.tag["token"], "reason": "left"},
            officer="reg-officer",
        )
        return "registered"
    assert isinstance(ending, s.HandedOff)
    assert case["hand_off"] == str(ending.reason)
    if trouble in (Trouble.OTHERS_CARD, Trouble.IMPOSTOR, Trouble.TWIN, Trouble.DEAD_CHIP):
        assert "identified" not in case["done"], trouble
    if one.asked["CheckingFinger"] or one.asked["CheckingFace"]:
        assert case["attempts"] is not None or "identified" in case["done"], trouble
    return "handed over"
