"""A few keys do what fingers do on the screen: up and down, left and right, select, back, help."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from common.ui.controls import Part, scroll_to
from common.ui.speech.keys import Keymap, PadKey
from common.ui.speech.narrator import Narrator
from common.ui.speech.stops import Stop, StopKind, identity, pointer
from common.ui.speech.wording import entered, key_name, option_pieces

DOUBLE_STRIKE_S = 0.2
"""The same key again within this time is one strike (EN 301 549, 5.8: up to half a second).
Keys that are held down do not repeat (5.7)."""
WAYS_BACK = ("back", "start_over", "no", "cancel")


class Keypad(QObject):
    """Takes the keypad's keys before the screen does. It works without earphones, too."""

    def __init__(
        self,
        narrator: Narrator,
        keymap: Keymap,
        double_strike_s: float = DOUBLE_STRIKE_S,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__()
        self._narrator = narrator
        self._window = narrator.window
        self._keymap = keymap
        self._double_strike_s = double_strike_s
        self._clock = clock
        self._at = 0
        """Which control has the keypad, by its item; 0 before the first."""
        self._struck: tuple[PadKey | None, float] = (None, 0.0)
        self._last: PadKey | None = None
        self._window.shown.connect(self._begin_anew)
        self._window.view.installEventFilter(self)

    def close(self) -> None:
        """Take no more keys."""
        self._window.view.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take a key of the keypad; leave all others to the screen."""
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
        ):
            key = self._keymap.find(event.key())
            if key is not None:
                if not event.isAutoRepeat():
                    self._take(key, event.type() == QEvent.Type.KeyPress)
                return True
        return super().eventFilter(watched, event)

    def _take(self, key: PadKey, is_down: bool) -> None:
        if key is PadKey.JACK_IN and not is_down:
            if self._keymap.plug_is_held:
                self._narrator.pull_out()
        elif is_down and not self._is_double(key):
            self._window.notice()
            self.press(key)

    def _is_double(self, key: PadKey) -> bool:
        now, (before, at) = self._clock(), self._struck
        self._struck = key, now
        return key is before and now - at < self._double_strike_s

    def press(self, key: PadKey) -> None:
        """Do what a key does."""
        if self._window.is_asking and key not in (PadKey.JACK_IN, PadKey.JACK_OUT):
            self._window.more_time()
            return
        match key:
            case PadKey.JACK_IN:
                self._narrator.plug_in()
            case PadKey.JACK_OUT:
                self._narrator.pull_out()
            case PadKey.UP:
                self._move(-1)
            case PadKey.DOWN:
                self._move(1)
            case PadKey.LEFT:
                self._move_within(-1)
            case PadKey.RIGHT:
                self._move_within(1)
            case PadKey.SELECT:
                self._select()
            case PadKey.BACK:
                self._go_back()
            case PadKey.HELP:
                self._help()
            case PadKey.VOLUME:
                self._narrator.next_volume()
            case PadKey.VOLUME_UP:
                self._narrator.change_volume(1)
            case PadKey.VOLUME_DOWN:
                self._narrator.change_volume(-1)
        self._last = key

    # Moving

    def _begin_anew(self, _screen: object, keeps: bool) -> None:
        if not keeps:
            self._at = 0

    def _where(self, found: list[Stop]) -> tuple[int, int]:
        """Return the stop and the part in it that have the keypad; -1 before the first stop."""
        if self._at == -1:
            return len(found) - 1, 0
        focused = pointer(self._window.view.activeFocusItem())
        for item in (self._at, focused) if self._at else ():
            for number, stop in enumerate(found):
                if (within := stop.index_of(item)) >= 0:
                    return number, within
        return -1, 0

    def _move(self, step: int) -> None:
        found = self._narrator.stops()
        if not found:
            return
        number, _ = self._where(found)
        number = (number + step) % len(found) if number >= 0 else (0 if step > 0 else -1)
        stop = found[number % len(found)]
        self._go_to(found, stop, self._entry(stop))

    def _entry(self, stop: Stop) -> int:
        """Come into a row of choices at the one that is chosen, and into a pad at its first key."""
        chosen = [at for at, part in enumerate(stop.parts) if part.control.checked]
        return chosen[0] if chosen else 0

    def _move_within(self, step: int) -> None:
        found = self._narrator.stops()
        number, within = self._where(found)
        stop = found[number] if number >= 0 else None
        if stop is None or stop.kind is StopKind.CONTROL:
            self._narrator.read_line(step)
        elif stop.kind is StopKind.SPEED:
            self._narrator.change_speed(step)
            self._narrator.read_stop(stop, 0, (number + 1, len(found)))
        else:
            within = (within + step) % len(stop.parts)
            self._focus(stop.parts[within])
            if stop.kind is StopKind.PAD:
                self._narrator.say(key_name(stop.parts[within], self._narrator.words), now=True)
            else:
                self._narrator.say(*option_pieces(stop, within, self._window.language), now=True)

    def _go_to(self, found: list[Stop], stop: Stop, within: int) -> None:
        if stop.kind is StopKind.SPEED:
            self._at = -1
        else:
            self._focus(stop.parts[within])
        self._narrator.read_stop(stop, within, (found.index(stop) + 1, len(found)))

    def _focus(self, part: Part) -> None:
        self._at = identity(part)
        if part.item is not None:
            scroll_to(part.item)
            if part.control.enabled:
                part.item.forceActiveFocus(Qt.FocusReason.TabFocusReason)

    # Doing

    def _select(self) -> None:
        found = self._narrator.stops()
        number, within = self._where(found)
        stop = found[number] if number >= 0 else None
        if stop is None or stop.kind is StopKind.SPEED:
            self._narrator.read_page()
            return
        part = stop.parts[within]
        if not part.control.enabled:
            said = self._narrator.words.text("common-speech-unavailable")
            self._narrator.say(part.control.name, said, now=True)
            return
        self._focus(part)
        # As the Return key of a keyboard would.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            nothing = Qt.KeyboardModifier.NoModifier
            stroke = QKeyEvent(kind, Qt.Key.Key_Return, nothing)
            QCoreApplication.sendEvent(self._window.view, stroke)
        self._tell_what_came_of_it(stop, identity(part))

    def _tell_what_came_of_it(self, stop: Stop, item: int) -> None:
        words = self._narrator.words
        if stop.kind is StopKind.PAD and stop.group is not None:
            count = len(str(stop.group.property("value")))
            self._narrator.say(entered(count, words), now=True)
        elif stop.kind is StopKind.CHOICE:
            for now in self._narrator.stops():
                if (within := now.index_of(item)) >= 0:
                    self._narrator.say(*option_pieces(now, within, self._window.language), now=True)

    def _go_back(self) -> None:
        screen = self._window.current
        ways = [] if screen is None else [way for way in WAYS_BACK if way in screen.actions]
        if ways:
            self._window.act(ways[0], "")
        else:
            self._narrator.say(self._narrator.words.text("common-speech-no-back"), now=True)

    def _help(self) -> None:
        if self._last is PadKey.HELP:
            self._narrator.say(self._narrator.words.text("common-speech-intro"), now=True)
            self._last = None
        else:
            self._narrator.read_page()
