"""An audio keypad by its reports: simulated over the HID bridge, and byte by byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QWindow

from common.ui.speech.key_feed import KeyFeed, qt_key
from common.ui.speech.keys import Keymap, PadKey
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError
from hardware.core.links import RealLinks
from hardware.keypad.hid_keypad import HidKeypad, KeyChange, changes
from hardware.simulation.audio_keypad import SimulatedAudioKeypad
from hardware.simulation.world import ImpossibleError, World

NOTHING: frozenset[int] = frozenset()


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedAudioKeypad]:
    keypad = SimulatedAudioKeypad("tag-1.keypad", 0, World(tmp_path), {})
    keypad.start()
    yield keypad
    keypad.stop()


def driver(simulated: SimulatedAudioKeypad) -> HidKeypad:
    return HidKeypad(lambda: RealLinks().hid(f"hid+tcp://127.0.0.1:{simulated.port}"))


def test_a_report_tells_which_keys_changed() -> None:
    # The maker's manual: the top key has usage 72 (hexadecimal), third byte of the report.
    down, told = changes(NOTHING, bytes.fromhex("0000720000000000"))
    assert told == [KeyChange(0x72, is_down=True)]
    both, told = changes(down, bytes.fromhex("0000726a00000000"))
    assert told == [KeyChange(0x6A, is_down=True)]
    left, told = changes(both, bytes.fromhex("00006d0000000000"))
    assert told == [
        KeyChange(0x6A, is_down=False),
        KeyChange(0x72, is_down=False),
        KeyChange(0x6D, is_down=True),
    ]
    assert changes(left, bytes(8)) == (NOTHING, [KeyChange(0x6D, is_down=False)])


@pytest.mark.parametrize(
    "report", ["", "00", "0000720000", "0000010101010101", "000072000000000000"]
)
def test_a_report_that_is_none_changes_nothing(report: str) -> None:
    held = frozenset({0x72})
    assert changes(held, bytes.fromhex(report)) == (held, [])


def wait_connected(keypad: HidKeypad, simulated: SimulatedAudioKeypad) -> None:
    """A key that is struck before the host listens is lost, as on USB."""
    keypad.open()
    while not simulated._listeners:
        assert keypad.read(0.01) == []


def test_keys_come_through_the_bridge(simulated) -> None:
    keypad = driver(simulated)
    wait_connected(keypad, simulated)
    simulated.act("press", {"key": "up"})
    assert keypad.read(5.0) == [KeyChange(0x72, is_down=True)]
    assert keypad.read(5.0) == [KeyChange(0x72, is_down=False)]
    assert keypad.read(0.01) == []
    assert keypad.health().state is DeviceState.ONLINE
    simulated.act("plug", {})
    assert keypad.read(5.0) == [KeyChange(0x6A, is_down=True)]
    with pytest.raises(ImpossibleError):
        simulated.act("plug", {})
    with pytest.raises(LookupError):
        simulated.act("shout", {})
    keypad.close()
    keypad.close()
    assert keypad.health().state is DeviceState.NO_DEVICE


def test_a_keypad_that_is_pulled_out_is_told(simulated) -> None:
    keypad = driver(simulated)
    wait_connected(keypad, simulated)
    simulated.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        keypad.read(5.0)
    with pytest.raises(DeviceAbsentError, match="not opened"):
        keypad.read(0.1)


class Listening(QObject):
    """Takes down the keys that reach a window."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[tuple[PadKey | None, bool]] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent):
            is_down = event.type() == QEvent.Type.KeyPress
            self.keys.append((Keymap().find(event.key()), is_down))
        return False


def test_every_key_reaches_a_window_as_the_key_it_is(qapp, qtbot, simulated) -> None:
    window, listener = QWindow(), Listening()
    window.installEventFilter(listener)
    feed = KeyFeed(window, lambda: driver(simulated))
    try:
        qtbot.waitUntil(lambda: simulated._listeners > 0)
        simulated.act("plug", {})
        for key in ("up", "down", "left", "right", "select", "back", "help", "volume"):
            simulated.act("press", {"key": key})
        simulated.act("unplug", {})
        qtbot.waitUntil(lambda: len(listener.keys) == 20)
        pressed = [key for key, is_down in listener.keys if is_down]
        assert pressed == [
            PadKey.JACK_IN,
            *(PadKey.UP, PadKey.DOWN, PadKey.LEFT, PadKey.RIGHT),
            *(PadKey.SELECT, PadKey.BACK, PadKey.HELP, PadKey.VOLUME),
            PadKey.JACK_OUT,
        ]
        simulated.set_fault("stuck", on=True)
        simulated.act("press", {"key": "up"})
        qtbot.waitUntil(lambda: len(listener.keys) == 21)
        assert listener.keys[-1] == (PadKey.UP, True)
    finally:
        feed.close()
        window.removeEventFilter(listener)
    assert qt_key(0x04) is None


def test_a_keypad_that_is_away_is_told_once(qapp, qtbot, caplog, simulated, monkeypatch) -> None:
    monkeypatch.setattr("common.ui.speech.key_feed.AGAIN_S", 0.02)
    simulated.set_fault("unplugged", on=True)
    window = QWindow()
    feed = KeyFeed(window, lambda: driver(simulated))
    try:
        qtbot.wait(300)
        assert caplog.text.count("keypad:") == 1
        simulated.set_fault("unplugged", on=False)
        qtbot.waitUntil(lambda: simulated._listeners > 0)
    finally:
        feed.close()
