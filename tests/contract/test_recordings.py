"""Every recorded self-test, played again to the driver that it was made with."""

from pathlib import Path

import pytest

from hardware.catalog import DRIVERS
from hardware.console import Entry, read_recorded, replay_device
from tests.contract.rigs import RIGS

FOLDER = Path(__file__).parent / "recordings"
NEEDS_ITS_NUMBERS = {"sbi_finger"}
"""The device seals its answer for a number that the driver drew; its own suite gives it that."""
ALL = sorted(FOLDER.glob("*/self_test.txt"))
FILES = [file for file in ALL if file.parent.name not in NEEDS_ITS_NUMBERS]
MOST_BYTES = 200_000


def entry(file: Path) -> Entry:
    """The device of a recording; the rig of its driver tells what the file's remarks do not."""
    name = file.parent.name
    recording = read_recorded(file)
    rig = next(rig for rig in RIGS if rig.driver == name)
    address = rig.address.format(port=1, folder=file.parent)
    if recording.driver:
        return Entry("device", name, recording.address or address, dict(recording.options))
    options = {
        key: value.format(folder=file.parent) if isinstance(value, str) else value
        for key, value in rig.options.items()
    }
    return Entry("device", name, address, options)


def test_every_driver_whose_bytes_can_be_heard_has_a_recorded_self_test() -> None:
    recordable = {name for name, driver in DRIVERS.items() if driver.is_recordable}
    assert {file.parent.name for file in ALL} == recordable


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_recorded_self_test_replays_to_its_end(file: Path) -> None:
    recording = read_recorded(file)
    assert recording.driver in {"", file.parent.name}
    replayed = replay_device(recording, entry(file), lambda _: None)
    assert (replayed.line, replayed.difference) == (None, "")
    assert replayed.outcome.passed, replayed.outcome


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.parent.name)
def test_a_recording_is_small(file: Path) -> None:
    assert file.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_recording_without_its_last_host_turn_is_left_there(file: Path, tmp_path: Path) -> None:
    lines = file.read_text("ascii").splitlines()
    hosts = [at for at, line in enumerate(lines) if line.startswith(">")]
    if len(hosts) < 2:
        pytest.skip("one question at most: nothing is left without it")
    shorter = tmp_path / "self_test.txt"
    shorter.write_text("\n".join(lines[: hosts[-1]]) + "\n", "ascii")
    replayed = replay_device(read_recorded(shorter), entry(file), lambda _: None)
    assert replayed.line is not None
    assert hosts[-2] + 1 < replayed.line <= hosts[-1] + 1
