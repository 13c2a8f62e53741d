"""The tone of a kiosk: real samples at the loudspeaker's wire, never in the screen's way."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from common.station.config import ConfigError
from common.ui.loudspeaker import NOTES_HZ, RATE_HZ, Loudspeaker, open_loudspeaker, tone
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.outputs import output_at
from tests.support.qt import station_window


class Door:
    """An output whose sounds last until somebody lets them end; it may be away."""

    def __init__(self) -> None:
        self.began, self.may_end, self.is_away = Event(), Event(), False
        self.played = 0

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        assert rate_hz == RATE_HZ
        assert b"".join(samples) == tone()
        self.played += 1
        self.began.set()
        if self.is_away:
            raise DeviceAbsentError("the plug is out")
        while not self.may_end.wait(0.01):
            if cancelled.is_set():
                raise RequestCancelledError("cut off")


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def loudspeaker(door):
    found = Loudspeaker(door)
    yield found
    found.close()


def settled(loudspeaker: Loudspeaker) -> None:
    pause = Event()
    for _ in range(500):
        if not loudspeaker._due.is_set():
            return
        pause.wait(0.01)
    raise AssertionError("the tone does not end")


def test_the_two_notes_are_what_they_are_called():
    samples = np.frombuffer(tone(), "<i2").astype(float)
    for half, note_hz in zip(np.split(samples, 2), NOTES_HZ, strict=True):
        loudest = np.argmax(np.abs(np.fft.rfft(half))) * RATE_HZ / len(half)
        assert abs(loudest - note_hz) < RATE_HZ / len(half)
        assert abs(half[0]) + abs(half[-1]) < 100, "a note begins and ends without a click"
    assert 8000 < np.abs(samples).max() < 32767


def test_a_tone_reaches_the_loudspeaker_s_wire(tmp_path):
    card = SimulatedSoundCard("collection-1.loudspeaker", 0, World(tmp_path / "world"), {})
    card.start()
    loudspeaker = Loudspeaker(output_at(f"tcp://127.0.0.1:{card.port}"))
    assert loudspeaker.sound()
    settled(loudspeaker)
    loudspeaker.close()
    card.stop()
    assert [(one.samples, one.was_cut) for one in card.heard] == [(tone(), False)]


def test_nothing_waits_for_a_tone_and_two_at_once_are_one(door, loudspeaker):
    assert loudspeaker.sound()
    assert door.began.wait(5)
    assert loudspeaker.sound(), "it is still sounding, and this call came back"
    door.may_end.set()
    settled(loudspeaker)
    assert door.played == 1
    assert loudspeaker.sound()
    settled(loudspeaker)
    assert door.played == 2


def test_a_loudspeaker_that_is_away_is_told_and_tried_again(door, loudspeaker):
    door.is_away = True
    door.may_end.set()
    loudspeaker.sound()
    settled(loudspeaker)
    assert not loudspeaker.sound(), "now the display's bell has to sound"
    settled(loudspeaker)
    door.is_away = False
    loudspeaker.sound()
    settled(loudspeaker)
    assert loudspeaker.sound()


def test_a_close_that_comes_in_as_a_tone_ends_is_not_slept_through():
    class Closing(Door):
        """Its sound ends, whole, in the moment in which the loudspeaker is closed."""

        def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
            assert b"".join(samples) == tone()
            assert rate_hz == RATE_HZ
            closer.start()
            assert cancelled.wait(5)

    loudspeaker = Loudspeaker(Closing())
    closer = Thread(target=loudspeaker.close, daemon=True)
    loudspeaker.sound()
    loudspeaker._thread.join(5)
    assert not loudspeaker._thread.is_alive()


def test_an_address_that_is_none_is_told_at_the_start(qapp):
    with station_window((400, 300)) as window, pytest.raises(ConfigError, match="alsa:DEVICE"):
        open_loudspeaker(window, "http://here", Path("station.toml"))


@pytest.mark.parametrize("is_loud", [True, False])
def test_the_display_s_bell_sounds_only_without_a_loudspeaker(qapp, monkeypatch, is_loud):
    bells: list[None] = []
    monkeypatch.setattr("PySide6.QtWidgets.QApplication.beep", lambda: bells.append(None))
    with station_window((400, 300)) as window:
        window.tone = lambda: is_loud
        window.sound_tone()
    assert bool(bells) is not is_loud
