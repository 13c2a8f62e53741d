"""Keeping a device open: reopening, pauses, and faults said once."""

from collections.abc import Callable
from itertools import pairwise
from threading import Event, Thread

import pytest

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.keeper import Keeper
from hardware.core.rounds import Rounds


class Lamp:
    """A device that can be unplugged and broken at will."""

    def __init__(self) -> None:
        self.is_plugged = True
        self.is_broken = False
        self.opened = 0
        self.closed = 0

    def open(self) -> None:
        self.opened += 1
        if not self.is_plugged:
            raise DeviceAbsentError("no lamp")

    def close(self) -> None:
        self.closed += 1

    def health(self) -> Health:
        if not self.is_plugged:
            return Health(DeviceState.NO_DEVICE, "no lamp")
        return Health(DeviceState.HARDWARE_ERROR if self.is_broken else DeviceState.ONLINE)

    def shine(self) -> str:
        if not self.is_plugged:
            raise DeviceAbsentError("no lamp")
        if self.is_broken:
            raise DeviceFaultError("jam", "B1")
        return "light"


class Bench:
    def __init__(self) -> None:
        self.lamp = Lamp()
        self.said: list[str] = []
        self.now = 100.0
        self.keeper = Keeper("lamp", lambda: self.lamp, self.said.append, lambda: self.now)

    def shine(self) -> str:
        return self.keeper.use(lambda lamp: lamp.shine())

    def fails_to_shine(self) -> None:
        with pytest.raises(DeviceAbsentError):
            self.shine()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_device_is_opened_once_and_stays_open(bench: Bench) -> None:
    assert bench.lamp.opened == 0
    assert [bench.shine(), bench.shine()] == ["light", "light"]
    assert (bench.lamp.opened, bench.lamp.closed) == (1, 0)
    assert bench.said == []


def test_a_loss_closes_it_and_the_next_use_opens_it_at_once(bench: Bench) -> None:
    bench.shine()
    bench.lamp.is_plugged = False
    bench.fails_to_shine()
    assert bench.lamp.closed == 1
    bench.lamp.is_plugged = True
    assert bench.shine() == "light"
    assert bench.said == ["no lamp", "works again"]


def test_pauses_between_failed_openings_grow_to_a_bound(bench: Bench) -> None:
    bench.lamp.is_plugged = False
    tried_at = []
    for _ in range(40_000):
        before = bench.lamp.opened
        bench.fails_to_shine()
        if bench.lamp.opened > before:
            tried_at.append(bench.now)
        bench.now += 0.001
    gaps = [later - sooner for sooner, later in pairwise(tried_at)]
    assert gaps == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2] + [5.0] * (len(gaps) - 5), abs=0.002)
    assert len(gaps) > 8
    assert bench.said == ["no lamp"]


def test_success_makes_pauses_short_again(bench: Bench) -> None:
    bench.lamp.is_plugged = False
    for _ in range(5):
        bench.fails_to_shine()
        bench.now += 10
    bench.lamp.is_plugged = True
    bench.shine()
    bench.lamp.is_plugged = False
    bench.fails_to_shine()
    bench.fails_to_shine()
    opened = bench.lamp.opened
    bench.now += 0.41
    bench.fails_to_shine()
    assert bench.lamp.opened == opened + 1


def test_a_bad_reply_closes_it_too(bench: Bench) -> None:
    def garbled(lamp: Lamp) -> None:
        raise BadReplyError("noise")

    with pytest.raises(BadReplyError):
        bench.keeper.use(garbled)
    assert bench.lamp.closed == 1
    bench.shine()
    assert bench.said == ["noise", "works again"]


def test_a_device_that_opens_but_never_works_gets_pauses_too(bench: Bench) -> None:
    def garbled(lamp: Lamp) -> None:
        raise BadReplyError("noise")

    with pytest.raises(BadReplyError):
        bench.keeper.use(garbled)
    with pytest.raises(BadReplyError):
        bench.keeper.use(garbled)
    with pytest.raises(DeviceAbsentError, match="noise"):
        bench.keeper.use(garbled)


def test_a_fault_inside_is_said_once_and_gone_when_the_device_says_so(bench: Bench) -> None:
    bench.lamp.is_broken = True
    for _ in range(3):
        with pytest.raises(DeviceFaultError):
            bench.shine()
        bench.keeper.use(lambda lamp: lamp.is_plugged)  # a question that still gets its answer
    assert bench.said == ["jam B1"]
    assert bench.lamp.closed == 0
    bench.lamp.is_broken = False
    bench.shine()
    assert bench.said == ["jam B1", "works again"]


def test_what_a_person_did_not_do_is_no_fault(bench: Bench) -> None:
    def wait(lamp: Lamp) -> None:
        raise DeviceTimeoutError("nobody came")

    with pytest.raises(DeviceTimeoutError):
        bench.keeper.use(wait)
    assert (bench.said, bench.lamp.closed) == ([], 0)


def test_health_opens_notices_a_loss_and_a_return(bench: Bench) -> None:
    assert bench.keeper.health().state is DeviceState.ONLINE
    bench.lamp.is_plugged = False
    assert bench.keeper.health().state is DeviceState.NO_DEVICE
    assert bench.keeper.health().state is DeviceState.NO_DEVICE
    bench.lamp.is_plugged = True
    bench.now += 10
    assert bench.keeper.health().state is DeviceState.ONLINE
    assert bench.said == ["no lamp", "works again"]


def test_health_does_not_wait_for_a_use(bench: Bench) -> None:
    is_inside, may_end = Event(), Event()

    def stay(lamp: Lamp) -> None:
        is_inside.set()
        may_end.wait(10)

    thread = Thread(target=bench.keeper.use, args=(stay,))
    thread.start()
    assert is_inside.wait(10)
    assert bench.keeper.health().state is DeviceState.BUSY
    may_end.set()
    thread.join()


def test_closed_is_closed(bench: Bench) -> None:
    bench.shine()
    bench.keeper.close()
    bench.keeper.close()
    assert bench.lamp.closed == 1
    bench.fails_to_shine()


def test_closing_during_a_use_happens_at_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.core.keeper.CLOSE_S", 0.01)

    def close_within(lamp: Lamp) -> int:
        bench.keeper.close()
        return lamp.closed

    assert bench.keeper.use(close_within) == 0
    assert bench.lamp.closed == 1


def test_rounds_notice_a_loss_and_a_return_while_nobody_uses_the_device(bench: Bench) -> None:
    rounds = Rounds((bench.keeper,), every_s=0.01)
    rounds.start()
    assert until(lambda: bench.lamp.opened == 1)
    bench.lamp.is_plugged = False
    assert until(lambda: len(bench.said) == 1)
    bench.lamp.is_plugged = True
    bench.now += 60
    assert until(lambda: len(bench.said) == 2)
    assert bench.said[1] == "works again"
    rounds.stop()
    opened = bench.lamp.opened
    bench.keeper.close()
    assert bench.lamp.opened == opened


def test_rounds_that_never_began_can_be_stopped(bench: Bench) -> None:
    Rounds((bench.keeper,)).stop()
    assert bench.lamp.opened == 0


def until(done: Callable[[], bool]) -> bool:
    for _ in range(1000):
        if done():
            return True
        Event().wait(0.01)
    return False
