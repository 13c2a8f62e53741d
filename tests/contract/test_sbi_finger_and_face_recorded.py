"""Sessions that were recorded, played to the SBI drivers again.

Each SBI capture has a number and a time of its own; a replay takes both from what was asked then.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.camera.sbi_face import SbiFace
from hardware.catalog import Kind
from hardware.core.errors import BadReplyError
from hardware.core.links import ReplayLinks, read_recording
from hardware.core.transport import Exchange
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.sbi.device import Settings
from hardware.sbi.refusals import AnswerRefusedError
from hardware.self_tests import SELF_TESTS

FOLDER = Path(__file__).parent / "recordings"
TAKEN = datetime.fromisoformat("2026-11-27T13:44:00Z")
"""When the face's session was recorded, about; the finger's tells it itself."""


def requests_in(recording: list[Exchange], verb: bytes) -> list[dict[str, Any]]:
    return [
        json.loads(one.data.partition(b"\n")[2])
        for one in recording
        if one.speaker == "host" and one.data.startswith(verb + b" ")
    ]


def session(folder: Path) -> tuple[list[Exchange], Settings]:
    """The recording, and settings as they were then."""
    recording = read_recording(folder / "self_test.txt")
    asked = requests_in(recording, b"RCAPTURE")
    numbers: Iterator[str] = iter([one["transactionId"] for one in asked])
    then = datetime.fromisoformat(asked[0]["captureTime"]) if asked else TAKEN
    settings = Settings(
        folder / "trust",
        "Developer",
        now=lambda: then,
        transaction=lambda: next(numbers),
    )
    return recording, settings


def test_an_sbi_scanner_plays_its_self_test_again() -> None:
    recording, settings = session(FOLDER / "sbi_finger")
    links = ReplayLinks(recording)
    scanner = SbiFinger("http://127.0.0.1:4501", links.http, settings)
    scanner.open()
    said = SELF_TESTS[Kind.FINGERPRINT_SCANNER].run(scanner, lambda _: None, Event())
    assert said == "320 x 400 at 500 dpi, contrast 57"
    assert links.finished()


def test_an_sbi_camera_plays_its_self_test_again() -> None:
    recording, settings = session(FOLDER / "sbi_face")
    links = ReplayLinks(recording)
    camera = SbiFace("http://127.0.0.1:4501", links.http, settings)
    camera.open()
    said = SELF_TESTS[Kind.CAMERA].run(camera, lambda _: None, Event())
    assert said.startswith("640 x 480, ")
    assert links.finished()


def test_a_played_stream_that_is_asked_otherwise_is_refused() -> None:
    recording, _ = session(FOLDER / "sbi_face")
    link = ReplayLinks(recording).http("http://127.0.0.1:4501")
    with pytest.raises(BadReplyError):
        link.stream("STREAM", "/stream")


Change = Callable[[Settings], Settings]


@pytest.mark.parametrize(
    ("settings_of", "reason"),
    [
        (lambda s: Settings(s.trust, "Production", now=s.now), "wrong_environment"),
        (lambda s: Settings(None, "Developer", now=s.now), "untrusted_device"),
        (lambda s: Settings(s.trust, "Developer", now=s.now), "other_transaction"),
    ],
)
def test_a_recording_is_believed_only_as_it_was_taken(settings_of: Change, reason: str) -> None:
    recording, settings = session(FOLDER / "sbi_finger")
    links = ReplayLinks(recording)
    scanner = SbiFinger("http://127.0.0.1:4501", links.http, settings_of(settings))

    def play() -> None:
        scanner.open()
        scanner.capture(5, Event())

    with pytest.raises(AnswerRefusedError, match=reason):
        play()
