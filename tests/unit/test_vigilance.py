"""What a station's log says of doors and slots that nobody uses."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from common.station.vigilance import Vigilance
from hardware.catalog import Kind
from hardware.core.keeper import Keeper
from hardware.simulation.bench import SimulatedDevice
from tests.contract.rigs import RIGS
from tests.support.rigs import RunningRig

KINDS = {"cabinet": Kind.CABINET, "doors": Kind.SIGNALS, "camera": Kind.CAMERA}


def running(driver: str, folder: Path) -> Iterator[RunningRig]:
    rig = next(rig for rig in RIGS if rig.driver == driver)
    with rig.running(folder) as started:
        yield started


@pytest.fixture
def cabinet(tmp_path: Path) -> Iterator[RunningRig]:
    yield from running("cu16", tmp_path)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[RunningRig]:
    yield from running("modbus_signals", tmp_path)


def kept(name: str, rig: RunningRig) -> Keeper[Any]:
    return Keeper(name, rig.make, lambda _: None)


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(one.levelno, one.getMessage()) for one in caplog.records]


def test_a_forced_slot_is_told_once(cabinet: RunningRig, caplog) -> None:
    caplog.set_level(logging.INFO)
    vigilance, keeper = Vigilance(KINDS), kept("cabinet", cabinet)
    vigilance.look(keeper)
    assert told(caplog) == []
    cabinet.simulated.act("force", {"slot": 3})
    vigilance.look(keeper)
    vigilance.look(keeper)
    assert told(caplog) == [(logging.WARNING, "cabinet: slot 3 forced")]
    keeper.close()


def test_a_door_that_opens_is_told(doors: RunningRig, caplog) -> None:
    vigilance, keeper = Vigilance(KINDS), kept("doors", doors)
    name = next(iter(_inputs(doors.simulated)))
    vigilance.look(keeper)
    assert told(caplog) == []
    doors.simulated.act("open", {"input": name})
    vigilance.look(keeper)
    vigilance.look(keeper)
    assert [level for level, _ in told(caplog)] == [logging.WARNING]
    assert f"doors: {name} " in told(caplog)[0][1]
    keeper.close()


def _inputs(simulated: SimulatedDevice) -> dict[str, object]:
    found: dict[str, object] = simulated.state()["inputs"]
    return found


def test_an_absent_cabinet_is_left_to_its_keeper(cabinet: RunningRig, caplog) -> None:
    cabinet.simulated.set_fault("unplugged", on=True)
    vigilance, keeper = Vigilance(KINDS), kept("cabinet", cabinet)
    vigilance.look(keeper)
    assert told(caplog) == []


def test_a_cabinet_in_use_is_passed_by(cabinet: RunningRig, caplog) -> None:
    vigilance, keeper = Vigilance(KINDS), kept("cabinet", cabinet)
    vigilance.look(keeper)
    begun, ended = Event(), Event()

    def hold(_: object) -> None:
        begun.set()
        ended.wait(30)

    using = Thread(target=keeper.use, args=(hold,))
    using.start()
    assert begun.wait(10)
    cabinet.simulated.act("force", {"slot": 3})
    vigilance.look(keeper)
    assert told(caplog) == []
    assert keeper.use_if_free(lambda _: "free") is None
    ended.set()
    using.join()
    vigilance.look(keeper)
    assert told(caplog) == [(logging.WARNING, "cabinet: slot 3 forced")]
    keeper.close()
