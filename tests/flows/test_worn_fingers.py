"""People whose fingers do not read, at a real driver and a simulated glass: how long it takes."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event, Timer
from uuid import UUID

import pytest
from PIL import Image

from common.domain.finger_ladder import FINGER_WORK_S
from common.domain.identity_number import IdentityNumber
from common.equipment.fingers import FingerDesk
from common.matching.fingers import FingerPosition, extract
from common.wire.old_card import OldCardStanding
from common.wire.shapes import Particulars
from hardware.fingerprint.r30x import R30x
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.people import person
from hardware.simulation.ridges import Skin
from hardware.simulation.world import World
from kiosk_registration import flow
from kiosk_registration.events import (
    CardRead,
    CardStands,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
)
from kiosk_registration.states import (
    CheckingFace,
    CheckingFinger,
    EnrollingFinger,
    ReadingCard,
    SavingHolder,
)
from kiosk_registration.tasks import CaptureFinger, CheckFinger
from kiosk_registration.words import OldCard, OpenCase
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of

NUMBER = IdentityNumber.parse("A123456(3)")
CASE = OpenCase(UUID(int=1), "A001", NUMBER, Particulars())
WHO = person(7)
HUMAN_S = 6.0
"""Reading the screen, lifting the finger, placing it again."""


@dataclass
class Hands:
    """Somebody before the kiosk; time passes as a person needs it, not as the test does."""

    glass: SimulatedFingerprintScanner
    skin: Skin
    now: float = 0.0
    presses: int = 20

    def press(self, position: int) -> None:
        self.now += HUMAN_S
        self.presses += 1
        out = io.BytesIO()
        Image.fromarray(WHO.finger(position, self.presses, skin=self.skin)).save(out, "PNG")
        png = base64.b64encode(out.getvalue()).decode()
        self.glass.act("lift", {})
        Timer(0.3, lambda: self.glass.act("place", {"png": png})).start()


@pytest.fixture
def glass(tmp_path: Path) -> Iterator[SimulatedFingerprintScanner]:
    glass = SimulatedFingerprintScanner("kiosk-1.finger_scanner", 0, World(tmp_path), {})
    glass.start()
    yield glass
    glass.stop()


def old_card():
    fingers = tuple(
        (position, extract(WHO.finger(position, 1), 500, position=FingerPosition(position)))
        for position in (1, 6)
    )
    return OldCard(NUMBER, "", "", "", "M", date(1960, 1, 1), fingers, b"jpeg")


def give_fingers(glass, skin):
    """Let a person go through all that the kiosk asks of fingers; return state and seconds."""
    hands = Hands(glass, skin)
    keeper = keeper_of(R30x(line_to(glass)))
    desk = FingerDesk(keeper, lambda: hands.now)
    step = flow.next_step(ReadingCard(CASE), CardRead(old_card()))
    step = flow.next_step(step.state, CardStands(OldCardStanding()))
    while isinstance(step.state, CheckingFinger | EnrollingFinger):
        (task,) = step.tasks
        assert isinstance(task, CheckFinger | CaptureFinger)
        if isinstance(task, CheckFinger) and task.is_first:
            desk.begin()
        hands.press(task.position)
        step = flow.next_step(step.state, answer(desk, task))
    keeper.close()
    return step.state, hands.now


def answer(desk, task):
    if isinstance(task, CheckFinger):
        found = desk.check(task.fingers, task.position, Event())
        if found.matched:
            return FingerMatched(found.template, found.score, found.used_s)
        return FingerNotMatched(found.advice, found.quality, found.score, found.used_s)
    taken = desk.take(task.position, task.earlier, task.known, Event())
    if taken.capture is None:
        return FingerNotCaptured(taken.advice, taken.used_s)
    return FingerCaptured(taken.capture, taken.advice, taken.used_s)


def test_two_good_fingers_are_enrolled_with_two_impressions_each_in_time(glass):
    state, seconds = give_fingers(glass, Skin.NORMAL)
    assert isinstance(state, SavingHolder)
    assert [(one.position, len(one.kept)) for one in state.proof.taken] == [(1, 2), (6, 2)]
    assert seconds <= FINGER_WORK_S


@pytest.mark.parametrize("skin", [Skin.DRY, Skin.WET])
def test_whatever_the_skin_an_outcome_comes_within_ninety_seconds(glass, skin):
    state, seconds = give_fingers(glass, skin)
    assert isinstance(state, SavingHolder | CheckingFace)
    assert seconds <= FINGER_WORK_S
