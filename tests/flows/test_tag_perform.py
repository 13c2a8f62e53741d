"""What the tag kiosk does for its flow, with simulated devices and a scripted backend."""

import base64
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import Service, Stage, TagRequestBy, TagStatus
from common.equipment.cards import CardDesk
from common.equipment.codes import CodeDesk
from common.equipment.slip_paper import code_picture
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.machine import Stay
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.shapes import TagAnswer, TagRequest, TagView
from hardware.camera.codes import read_codes
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from kiosk_tag import perform as tag_perform
from kiosk_tag.events import (
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    LetterShown,
    NoCardInside,
    ReadLongEnough,
    SlipMissing,
    SlipPrinted,
    TagGranted,
    TagRefused,
    WayBack,
    WayMissing,
)
from kiosk_tag.papers import next_key, next_values, tag_slip
from kiosk_tag.perform import TagDesk, lane
from kiosk_tag.states import ByCard, ByLetter, ByNumber, Reason, Way
from kiosk_tag.tasks import (
    AskForTag,
    AwaitCard,
    AwaitCardTaken,
    FreeCard,
    GiveCardBack,
    LookForCard,
    PrintSlip,
    ReadCard,
    ShowFor,
    WatchForLetter,
)
from tests.support.card_desks import KnownZones, trust
from tests.support.chips import SERIAL, content
from tests.support.hardware import line_to
from tests.support.issued_cards import Country, country
from tests.support.keepers import keeper_of

NUMBER = IdentityNumber.parse("A123456(3)")
NAME = "tag-1.card_unit"
AT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
TAG = TagView(
    tag_id=UUID(int=1),
    number="A001",
    token="VGhpcy1pcy1hLXRva2Vu",
    case_id=UUID(int=2),
    service=Service.APPOINTMENT,
    stage=Stage.FORM,
    status=TagStatus.WAITING,
    issued_at=AT,
    wait_low_min=5,
    wait_high_min=15,
)


class Backend:
    """Answers as scripted, and notes what it was asked."""

    def __init__(self, *answers: TagAnswer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[TagRequest, Any]] = []

    def tag(self, request: TagRequest, key: Any) -> TagAnswer:
        self.asked.append((request, key))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Slips:
    """Prints or does not."""

    def __init__(self, outcome: SlipOutcome) -> None:
        self.outcome = outcome
        self.pictures: list[Any] = []

    def print(self, picture: Any) -> SlipOutcome:
        self.pictures.append(picture)
        return self.outcome


class Kiosk:
    """The desk with everything around it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.unit = SimulatedCardUnit(NAME, 0, self.world, {})
        self.camera = SimulatedCamera("tag-1.camera", 0, self.world, {"width": 640, "height": 480})
        self.unit.start()
        self.camera.start()
        self.keepers = [
            keeper_of(Crt571(line_to(self.unit), response_timeout_s=0.4)),
            keeper_of(MjpegCamera(f"http://127.0.0.1:{self.camera.port}/stream")),
        ]
        self.told: list[Any] = []
        self.stay = Stay(self.told.append)

    def close(self) -> None:
        for keeper in self.keepers:
            keeper.close()
        self.unit.stop()
        self.camera.stop()

    def do(self, task: Any, backend: Any = None, slips: Any = None, cards: bool = True) -> Any:
        desk = TagDesk(
            cards=CardDesk(self.keepers[0], KnownZones(self.world, f"{NAME}.inside"), trust())
            if cards
            else None,
            codes=CodeDesk(self.keepers[1]),
            slips=slips or SlipDesk(self.keepers[0]),
            client=backend,
            office="HQ",
            clock=lambda: AT,
            language=lambda: Language.TRADITIONAL,
        )
        return desk.perform(task, self.stay)

    def lay(self, chip: Any = None, place: str = f"{NAME}.inside") -> None:
        chip = chip or country().card(holder=content(personal_number="A123456(3)"))
        self.world.add("card", place, {"label": "card", "chip": chip})

    def hold(self, text: str) -> None:
        png = io.BytesIO()
        code_picture(text).save(png, "PNG")
        self.camera.act("show", {"png": base64.b64encode(png.getvalue()).decode()})


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.stay.left.set()
    kiosk.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_perform, "RETRY_S", 0.02)
    monkeypatch.setattr(tag_perform, "CARD_TAKEN_S", 0.1)


def test_on_start_the_unit_says_where_a_card_is(kiosk):
    assert kiosk.do(LookForCard()) == NoCardInside()
    kiosk.lay()
    assert kiosk.do(LookForCard()) == CardFoundInside()


def test_an_absent_or_missing_card_unit_closes_one_way(kiosk):
    assert kiosk.do(LookForCard(), cards=False) == WayMissing(Way.CARD)
    kiosk.unit.set_fault("unplugged", True)
    assert kiosk.do(LookForCard()) == WayMissing(Way.CARD)
    assert kiosk.do(AwaitCard(), cards=False) is None


def test_a_card_is_read_given_back_and_taken(kiosk):
    kiosk.lay()
    assert kiosk.do(AwaitCard()) == CardInserted(), "it was drawn in while the visit moved on"
    assert kiosk.do(ReadCard()) == CardRead(NUMBER, 1961)
    assert kiosk.do(GiveCardBack()) == CardAtGate()
    assert kiosk.do(AwaitCardTaken()) == CardNotTaken()
    kiosk.unit.act("take", {"hand": "visitor"})
    assert kiosk.do(AwaitCardTaken()) == CardTaken()
    assert kiosk.do(GiveCardBack()) == CardTaken()


def test_a_jammed_unit_is_missing_until_its_gate_opens_again(kiosk, monkeypatch):
    monkeypatch.setattr(tag_perform, "PROVEN_S", 0.05)
    kiosk.unit.set_fault("jammed", True)

    def tell(event: Any) -> None:
        kiosk.told.append(event)
        if len(kiosk.told) == 3:
            kiosk.unit.set_fault("jammed", False)
        if event == WayBack(Way.CARD):
            kiosk.stay.left.set()

    kiosk.stay.tell = tell
    assert kiosk.do(AwaitCard()) is None
    assert kiosk.told[:3] == [WayMissing(Way.CARD)] * 3, "it does not come and go"
    assert kiosk.told[-1] == WayBack(Way.CARD)


def test_a_foreign_card_is_not_read(kiosk):
    kiosk.lay(blank_chip(SERIAL))
    assert kiosk.do(ReadCard()) == CardNotRead(CardProblem.ZONE_UNREADABLE)
    kiosk.unit.act("clear", {"hand": "visitor"})
    kiosk.lay(Country().card())
    assert kiosk.do(ReadCard()) == CardNotRead(CardProblem.FOREIGN)


def test_a_stuck_card_comes_out_when_the_jam_is_gone(kiosk, monkeypatch):
    kiosk.lay()
    kiosk.do(LookForCard())
    kiosk.unit.set_fault("jammed", True)
    tries = []

    def rest(seconds: float) -> bool:
        tries.append(seconds)
        if len(tries) == 3:
            kiosk.unit.set_fault("jammed", False)
        return False

    monkeypatch.setattr(kiosk.stay.left, "wait", rest)
    assert kiosk.do(FreeCard()) == CardAtGate()
    assert len(tries) == 3


def test_a_letter_is_read_and_other_codes_are_passed_over(kiosk):
    kiosk.hold("VGhpcy1pcy1hLWxldHRlcg")
    assert kiosk.do(WatchForLetter()) == LetterShown("VGhpcy1pcy1hLWxldHRlcg")
    kiosk.stay.left.set()
    assert kiosk.do(WatchForLetter()) is None


def test_a_missing_camera_is_told_and_its_return_too(kiosk):
    kiosk.camera.set_fault("unplugged", True)

    def tell(event: Any) -> None:
        kiosk.told.append(event)
        if kiosk.camera.state()["faults"]:
            kiosk.camera.set_fault("unplugged", False)
            kiosk.hold("letter-1")

    kiosk.stay.tell = tell
    assert kiosk.do(WatchForLetter()) == LetterShown("letter-1")
    assert kiosk.told[0] == WayMissing(Way.LETTER)
    assert kiosk.told[-1] == WayBack(Way.LETTER)


@pytest.mark.parametrize(
    ("asking", "request_"),
    [
        (ByLetter("letter-1"), TagRequest(by=TagRequestBy.LETTER, letter_token="letter-1")),
        (ByCard(NUMBER), TagRequest(by=TagRequestBy.CARD, identity_number="A123456(3)")),
        (
            ByNumber(NUMBER, 1980),
            TagRequest(by=TagRequestBy.NUMBER, identity_number="A123456(3)", year_of_birth=1980),
        ),
    ],
)
def test_the_office_is_asked_in_its_own_words(kiosk, asking, request_):
    backend = Backend(TagAnswer(outcome="issued", tag=TAG))
    assert kiosk.do(AskForTag(asking), backend) == TagGranted(TAG, reprinted=False)
    assert backend.asked[0][0] == request_


def test_a_lost_answer_is_asked_for_again_with_the_same_key(kiosk):
    backend = Backend(BackendUnreachableError("lost"), TagAnswer(outcome="reprinted", tag=TAG))
    assert kiosk.do(AskForTag(ByCard(NUMBER)), backend) == TagGranted(TAG, reprinted=True)
    assert backend.asked[0] == backend.asked[1]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([BackendUnreachableError("a"), BackendUnreachableError("b")], Reason.NO_CONNECTION),
        ([RefusedError(409, "day_full")], Reason.NO_TAGS_LEFT),
        ([RefusedError(403, "unknown_station")], Reason.NO_CONNECTION),
        ([TagAnswer(outcome="reception", reason="year_wrong")], Reason.YEAR_WRONG),
        ([TagAnswer(outcome="reception", reason="letter_unknown")], Reason.LETTER_UNKNOWN),
    ],
)
def test_without_a_tag_the_reason_is_told(kiosk, answers, reason):
    assert kiosk.do(AskForTag(ByLetter("letter-1")), Backend(*answers)) == TagRefused(reason)


@pytest.mark.parametrize(
    ("outcome", "event"),
    [
        (SlipOutcome.PRINTED, SlipPrinted()),
        (SlipOutcome.NO_PAPER, SlipMissing()),
        (SlipOutcome.NOT_PRINTED, SlipMissing()),
    ],
)
def test_a_slip_is_printed_or_missing(kiosk, outcome, event):
    slips = Slips(outcome)
    assert kiosk.do(PrintSlip(TAG), slips=slips) == event
    assert [code.text for code in read_codes(slips.pictures[0])] == [TAG.token]


def test_a_screen_is_left_when_its_time_or_its_visit_is_over(kiosk):
    assert kiosk.do(ShowFor(0.0)) == ReadLongEnough()
    kiosk.stay.left.set()
    kiosk.do(ShowFor(3600.0))


def test_every_task_has_its_lane():
    assert lane(AwaitCard()) == lane(GiveCardBack()) == lane(LookForCard()) == "card_unit"
    assert len({lane(t) for t in (WatchForLetter(), PrintSlip(TAG), ShowFor(1))}) == 3


@pytest.mark.parametrize("status", [TagStatus.CALLED, TagStatus.SERVING])
def test_a_slip_printed_again_sends_who_is_expected_to_the_place(status):
    expected = TAG.model_copy(update={"status": status, "place": "K1"})
    assert next_key(expected, unsent=False) == "tag-next-called"
    assert next_values(expected) == {"place": "K1"}
    assert next_values(TAG) == {}
    assert [code.text for code in read_codes(tag_slip(expected, "HQ", AT, Language.ENGLISH))]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_slips_code_can_be_read_in_every_language(language):
    picture = tag_slip(TAG, "HQ", AT, language)
    assert picture.width == 576
    assert [code.text for code in read_codes(picture)] == [TAG.token]
