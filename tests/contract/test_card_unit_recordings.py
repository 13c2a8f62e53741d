"""Recorded sessions of card units, played through the drivers: the bytes stay what they were."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.catalog import driver, make
from hardware.core.links import ReplayLinks, read_recording
from hardware.self_tests import SELF_TESTS
from hardware.smartcard.interface import CardPosition

FOLDER = Path(__file__).parent / "recordings"
SELECT = bytes.fromhex("00A4040C07A0000002471001")


def played(name: str, file: str, options: dict[str, Any]) -> tuple[Any, ReplayLinks]:
    links = ReplayLinks(read_recording(FOLDER / name / file))
    return make(name, "socket://nowhere:1", options, links), links


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("crt571", "self_test.txt", {}),
        ("crt571", "self_test_contactless.txt", {"chip": "contactless"}),
        ("crt571_reader", "self_test.txt", {}),
        ("k720", "self_test.txt", {}),
    ],
)
def test_a_self_test_plays_as_it_was_recorded(
    name: str, file: str, options: dict[str, Any]
) -> None:
    device, links = played(name, file, options)
    device.open()
    SELF_TESTS[driver(name).kind].run(device, lambda _: None, Event())
    device.close()
    assert links.finished()


def test_the_session_of_the_crt571_manuals() -> None:
    unit, links = played("crt571", "manual.txt", {})
    unit.open()
    unit.feed()
    assert unit.connect()[:2] == b"\x3b\x85"
    assert unit.transmit(SELECT) == b"\x90\x00"
    unit.disconnect()
    unit.hold_at_gate()
    unit.capture()
    assert unit.status().position is CardPosition.NONE
    assert links.finished()


def test_the_session_of_the_k720_programs() -> None:
    unit, links = played("k720", "manual.txt", {})
    unit.open()
    unit.feed()
    unit.hold_at_gate()
    unit.capture()
    assert unit.status().position is CardPosition.NONE
    assert links.finished()
