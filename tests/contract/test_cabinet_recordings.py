"""The recordings of lock boards and Modbus boards that are no self-test of the first rig."""

import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.catalog import driver, make
from hardware.core.device import Seen
from hardware.core.links import ReplayLinks, read_recording
from hardware.self_tests import SELF_TESTS

FOLDER = Path(__file__).parent / "recordings"


def replayed(file: Path) -> tuple[Any, ReplayLinks]:
    """Make the driver that a recording was made with, on the recording."""
    remarks = dict(
        line[2:].split(": ", 1)
        for line in file.read_text("ascii").splitlines()
        if line.startswith(("# driver: ", "# address: ", "# options: "))
    )
    links = ReplayLinks(read_recording(file))
    device = make(remarks["driver"], remarks["address"], json.loads(remarks["options"]), links)
    return device, links


@pytest.mark.parametrize(
    ("name", "slots"), [("cu16", (1, 16, 35)), ("locks_8a", (1,)), ("modbus_locks", (1,))]
)
def test_the_frames_of_the_manual(name: str, slots: tuple[int, ...]) -> None:
    device, links = replayed(FOLDER / name / "manual.txt")
    device.open()
    for number in slots:
        device.unlock(number)
    assert links.finished()


def test_the_items_of_the_manual() -> None:
    device, _ = replayed(FOLDER / "cu16" / "manual.txt")
    device.open()
    slot = device.slot(16)
    assert (slot.locked, slot.item) == (Seen.YES, Seen.YES)


@pytest.mark.parametrize("name", ["modbus_locks", "modbus_collector", "modbus_signals"])
@pytest.mark.parametrize("framing", ["self_test", "self_test_tcp"])
def test_the_self_test_over_either_framing(name: str, framing: str) -> None:
    device, links = replayed(FOLDER / name / f"{framing}.txt")
    device.open()
    assert SELF_TESTS[driver(name).kind].run(device, lambda _: None, Event())
    assert links.finished()
