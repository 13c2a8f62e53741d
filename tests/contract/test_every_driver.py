"""What every driver promises, whatever its kind: the same questions to each of them."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

import pytest

from hardware.catalog import DRIVERS
from hardware.core.device import DeviceState
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.keeper import Keeper
from hardware.simulation.line import LineFault
from tests.contract.rigs import RIGS
from tests.support.rigs import Rig, RunningRig

NOT_SIMULATED = {"pcsc", "windows", "libfprint"}
"""Drivers of a service of the system; their own suites run that service, or play its part."""

on_every_rig = pytest.mark.parametrize("rig", RIGS, ids=lambda rig: rig.driver)
on_every_wait = pytest.mark.parametrize(
    "rig", [rig for rig in RIGS if rig.wait is not None], ids=lambda rig: rig.driver
)
on_every_line = pytest.mark.parametrize(
    "rig",
    [rig for rig in RIGS if rig.driver != "spool_folder"],
    ids=lambda rig: rig.driver,
)
on_every_serial_port = pytest.mark.parametrize(
    "rig", [rig for rig in RIGS if rig.is_serial], ids=lambda rig: rig.driver
)


@pytest.fixture
def running(rig: Rig, tmp_path: Path) -> Iterator[RunningRig]:
    with rig.running(tmp_path) as started:
        yield started


def test_every_driver_has_a_rig() -> None:
    assert {rig.driver for rig in RIGS} | NOT_SIMULATED == set(DRIVERS)


@on_every_rig
def test_opening_and_closing_twice_does_no_harm(running: RunningRig) -> None:
    device = running.make()
    assert device.health().state is DeviceState.NO_DEVICE
    device.open()
    device.open()
    assert device.health().state is DeviceState.ONLINE
    running.rig.ask(device)
    device.close()
    device.close()
    assert device.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceError):
        running.rig.ask(device)


@on_every_rig
def test_an_unplugged_device_is_absent_and_comes_back_ten_times(running: RunningRig) -> None:
    device = running.opened()
    before = running.rig.ask(device)
    for _ in range(10):
        running.simulated.set_fault("unplugged", on=True)
        with pytest.raises(DeviceError):
            running.rig.ask(device)
        assert device.health().state is DeviceState.NO_DEVICE
        device.close()
        with pytest.raises(DeviceAbsentError):
            device.open()
        running.simulated.set_fault("unplugged", on=False)
        device.close()
        device.open()
        assert running.rig.ask(device) == before


@on_every_rig
def test_a_keeper_says_a_loss_once_and_its_end_once(running: RunningRig) -> None:
    said: list[str] = []
    keeper = Keeper("device", running.make, said.append)
    before = keeper.use(running.rig.ask)
    running.simulated.set_fault("unplugged", on=True)
    for _ in range(5):
        with pytest.raises(DeviceError):
            keeper.use(running.rig.ask)
    assert len(said) == 1
    running.simulated.set_fault("unplugged", on=False)
    assert _at_last(keeper, running.rig) == before
    assert len(said) == 2
    keeper.close()


def _at_last(keeper: Keeper[Any], rig: Rig) -> object:
    """Ask until the keeper has opened the device again; its longest pause is five seconds."""
    for _ in range(200):
        try:
            return keeper.use(rig.ask)
        except DeviceError:
            Event().wait(0.1)
    return pytest.fail("the keeper did not open the device again")


@on_every_wait
def test_a_wait_ends_when_it_is_cancelled(running: RunningRig) -> None:
    device = running.opened()
    cancelled = Event()
    Timer(0.3, cancelled.set).start()
    began = monotonic()
    with pytest.raises(RequestCancelledError):
        running.rig.waits(device, 60.0, cancelled)
    assert monotonic() - began < 30  # it did not sit out its time
    running.rig.ask(device)


@on_every_wait
def test_a_wait_has_an_end(running: RunningRig) -> None:
    device = running.opened()
    with pytest.raises(DeviceTimeoutError):
        running.rig.waits(device, 0.3, Event())
    running.rig.ask(device)


@on_every_wait
def test_a_plug_that_is_pulled_ends_a_wait(running: RunningRig) -> None:
    device = running.opened()
    Timer(0.3, lambda: running.simulated.set_fault("unplugged", on=True)).start()
    began = monotonic()
    with pytest.raises(DeviceError):
        running.rig.waits(device, 60.0, Event())
    assert monotonic() - began < 45


@on_every_line
@pytest.mark.parametrize("fault", list(LineFault))
def test_a_bad_line_gives_the_truth_or_a_device_error_and_passes(
    running: RunningRig, fault: LineFault
) -> None:
    device = running.opened()
    before = running.rig.ask(device)
    running.simulated.set_fault(fault, on=True)
    outcomes: list[object] = []

    def ask() -> None:
        for _ in range(3):
            try:
                outcomes.append(running.rig.ask(device))
            except DeviceError as error:
                outcomes.append(error)
                return

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(running.rig.question_s)
    assert not asking.is_alive(), "a bad line made the driver hang"
    assert outcomes
    can_be_altered = fault in (LineFault.GARBLED, LineFault.CUT) and not running.rig.is_checked
    if not can_be_altered:
        assert all(each == before or isinstance(each, DeviceError) for each in outcomes)
    running.simulated.set_fault(fault, on=False)
    device.close()
    device.open()
    assert running.rig.ask(device) == before


@on_every_serial_port
def test_a_serial_port_carries_the_same_bytes(rig: Rig, tmp_path: Path) -> None:
    with rig.running(tmp_path, port_link=tmp_path / "ports" / "device") as running:
        device = running.opened()
        before = rig.ask(device)
        running.simulated.set_fault("unplugged", on=True)
        with pytest.raises(DeviceError):
            rig.ask(device)
        device.close()
        running.simulated.set_fault("unplugged", on=False)
        device.open()
        assert rig.ask(device) == before
