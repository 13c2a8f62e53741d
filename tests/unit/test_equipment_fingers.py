"""Fingers on the scanner: a real driver, a simulated glass, invented ridges."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Timer

import numpy as np
import pytest
from PIL import Image

from common.domain.finger_ladder import FINGER_WORK_S
from common.equipment import fingers
from common.equipment.fingers import FingerDesk
from common.matching.finger_records import fmr_2005
from common.matching.fingers import FingerAdvice, FingerTemplate, extract
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.fingerprint.r30x import R30x
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.people import person
from hardware.simulation.world import World
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of

WHO = person(7)


@pytest.fixture
def glass(tmp_path: Path) -> Iterator[SimulatedFingerprintScanner]:
    glass = SimulatedFingerprintScanner("kiosk-1.finger_scanner", 0, World(tmp_path), {})
    glass.start()
    yield glass
    glass.stop()


@pytest.fixture
def desk(glass: SimulatedFingerprintScanner) -> Iterator[FingerDesk]:
    keeper = keeper_of(R30x(line_to(glass)))
    yield FingerDesk(keeper)
    keeper.close()


@pytest.fixture(scope="module")
def enrolled() -> list[tuple[int, FingerTemplate]]:
    return [(position, extract(WHO.finger(position, 1), 500)) for position in (1, 6)]


def png(picture: np.ndarray) -> str:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def press(glass: SimulatedFingerprintScanner, position: int, moment: int = 2) -> None:
    glass.act("place", {"png": png(WHO.finger(position, moment))})


def soon(act: Callable[[], object]) -> Timer:
    timer = Timer(0.3, act)
    timer.start()
    return timer


def test_the_enrolled_finger_matches_and_its_template_is_kept(glass, desk, enrolled):
    press(glass, 1)
    found = desk.check(enrolled, 1, Event())
    assert found.matched
    assert found.template is not None
    assert found.template.position == 1
    assert fmr_2005.read_own(fmr_2005.write(found.template)).position == 1


def test_another_finger_does_not_match(glass, desk, enrolled):
    press(glass, 6)
    found = desk.check(enrolled, 1, Event())
    assert not found.matched
    assert found.template is not None


def test_a_finger_that_was_never_enrolled_matches_nothing(glass, desk):
    press(glass, 1)
    found = desk.check([], 1, Event())
    assert (found.matched, found.score) == (False, 0.0)


def test_the_finger_must_be_lifted_between_two_tries(glass, desk, enrolled, monkeypatch):
    monkeypatch.setattr(fingers, "FINGER_TIMEOUT_S", 0.4)
    press(glass, 6)
    assert desk.check(enrolled, 1, Event()).template is not None
    assert desk.check(enrolled, 1, Event()).template is None, "the same touch is no second try"
    monkeypatch.setattr(fingers, "FINGER_TIMEOUT_S", 5.0)
    glass.act("lift", {})
    timer = soon(lambda: press(glass, 1))
    assert desk.check(enrolled, 1, Event()).matched
    timer.join()


def test_nobody_puts_a_finger(desk, enrolled, monkeypatch):
    monkeypatch.setattr(fingers, "FINGER_TIMEOUT_S", 0.2)
    assert desk.take(1, [], None, Event()).capture is None
    found = desk.check(enrolled, 1, Event())
    assert (found.matched, found.advice, found.template) == (False, None, None)


def test_what_is_no_finger_is_said(glass, desk, enrolled):
    glass.act("place", {"png": png(np.full((288, 256), 120, np.uint8))})
    nothing = desk.take(1, [], None, Event())
    assert (nothing.capture, nothing.advice) == (None, FingerAdvice.NOT_A_FINGER)
    glass.act("lift", {})
    timer = soon(lambda: press(glass, 1))
    taken = desk.take(1, [], None, Event()).capture
    timer.join()
    assert taken is not None
    assert taken.template.position == 1
    assert len(taken.template.minutiae) > 10


def test_a_capture_is_compared_with_those_before_it_and_with_what_is_known(glass, desk, enrolled):
    press(glass, 1)
    known = [template for position, template in enrolled if position == 1]
    first = desk.take(1, [], known, Event()).capture
    assert first is not None
    assert first.is_proven
    glass.act("lift", {})
    timer = soon(lambda: press(glass, 6))
    other = desk.take(1, [first], known, Event()).capture
    timer.join()
    assert other is not None
    assert not other.is_proven, "another finger than the one that is known"
    assert other.likeness[0] < first.quality


def test_the_time_for_fingers_ends_every_wait(glass, enrolled):
    now = 0.0
    keeper = keeper_of(R30x(line_to(glass)))
    desk = FingerDesk(keeper, lambda: now)
    now = FINGER_WORK_S + 5
    found = desk.check(enrolled, 1, Event())
    assert (found.matched, found.template) == (False, None)
    assert found.used_s == FINGER_WORK_S + 5
    desk.begin()
    press(glass, 1)
    assert desk.check(enrolled, 1, Event()).matched
    keeper.close()


def test_the_caller_may_stop_waiting(desk):
    cancelled = Event()
    timer = soon(cancelled.set)
    with pytest.raises(RequestCancelledError):
        desk.take(1, [], None, cancelled)
    timer.join()


def test_an_absent_scanner_is_raised(glass, desk):
    glass.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        desk.take(1, [], None, Event())
