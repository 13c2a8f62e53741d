"""What changed between two looks at a device, told once and with how long it had lasted."""

from datetime import UTC, datetime, timedelta

import pytest

from hardware.console.sights import Memory, Sight, duration
from hardware.core.device import DeviceState
from hardware.self_tests import named_sensors

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ONLINE, GONE, FAULT = DeviceState.ONLINE, DeviceState.NO_DEVICE, DeviceState.HARDWARE_ERROR


def told(*sights: Sight) -> list[str]:
    """What is told of these looks, a second apart."""
    memory = Memory("d")
    return [
        change.words
        for at, sight in enumerate(sights)
        for change in memory.changes(sight, NOON + timedelta(seconds=at))
    ]


def test_each_sensor_has_a_time_of_its_own() -> None:
    assert told(
        Sight(ONLINE, "", "a 1, b 1", {"a": "1", "b": "1"}),
        Sight(ONLINE, "", "a 2, b 1", {"a": "2", "b": "1"}),
        Sight(ONLINE, "", "a 2, b 1", {"a": "2", "b": "1"}),
        Sight(ONLINE, "", "a 1, b 2", {"a": "1", "b": "2"}),
    ) == [
        "online, a 1, b 1",
        "a 2 (was 1 for 1.0 s)",
        "a 1 (was 2 for 2.0 s)",
        "b 2 (was 1 for 3.0 s)",
    ]


def test_an_absence_in_other_words_is_the_same_absence() -> None:
    assert told(
        Sight(ONLINE), Sight(GONE, "line lost"), Sight(GONE, "cannot open"), Sight(ONLINE)
    ) == [
        "online",
        "noDevice, line lost (was online for 1.0 s)",
        "online (was noDevice for 2.0 s)",
    ]


def test_another_fault_is_another_change() -> None:
    assert told(Sight(FAULT, "jam"), Sight(FAULT, "jam"), Sight(FAULT, "empty")) == [
        "hardwareError, jam",
        "hardwareError, empty",
    ]


def test_a_sensor_that_tells_it_makes_the_detail_superfluous() -> None:
    assert told(
        Sight(ONLINE, "1 open", "open 1", {"open": "1"}),
        Sight(ONLINE, "2 open", "open 2", {"open": "2"}),
        Sight(ONLINE, "2 open", "open 2", {"open": "2"}),
    ) == ["online, 1 open, open 1", "open 2 (was 1 for 1.0 s)"]


def test_a_sensor_that_appears_has_no_past() -> None:
    assert told(Sight(ONLINE), Sight(ONLINE, "", "a 1", {"a": "1"})) == ["online", "a 1"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (12.4, "12 s"), (59.6, "1 min 00 s"), (7384, "2 h 03 min")],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_sensors_are_named_by_all_but_their_last_word() -> None:
    assert named_sensors("card at gate, cover open no, not locked: [1, 2], alone") == {
        "card at": "gate",
        "cover open": "no",
        "not locked": "[1, 2]",
        "": "alone",
    }
    assert named_sensors("") == {}
