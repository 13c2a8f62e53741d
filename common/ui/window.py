"""The station's window: the shell around the screens, and the way of a touch to the flow."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMetaObject,
    QObject,
    Qt,
    QTimer,
    QUrl,
    Signal,
    Slot,
    qWarning,
)
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtQml import QQmlComponent
from PySide6.QtQuick import QQuickItem, QQuickView

from common.domain.language import OFFICE_LANGUAGES, OWN_NAMES, Language
from common.i18n.line_ends import kept_together
from common.i18n.steps import is_checked
from common.i18n.texts import texts
from common.ui.lasting_truth import keep_truth
from common.ui.live import LiveFrames, LiveProvider
from common.ui.lock_down import leads_out
from common.ui.pictures import Drawings
from common.ui.screen import Screen
from common.ui.wiping import wipe

keep_truth()

HERE = Path(__file__).parent
QML = HERE / "qml"
SCALES = (1.0, 1.25, 1.5, 2.0)
SETTLE_MS = 700
"""A second touch within this time is the same wish twice (EN 301 549, 5.8)."""
DOUBLE_MS = 350
"""Within this time after a touch that counted, the next screen takes none: the second half of a
double tap was never meant for it."""
WIPE_MS = 300
"""How soon after a welcome what the visit left is let go of: the screen before is gone by then."""
FORGOTTEN_MS = 60_000
"""A language chosen on a welcome screen is the wish of somebody who has walked on."""
LAYOUT_PASSES = 3
"""What is inside tells what is around it how large it wants to be, and is then told its place."""
TOUCHES = {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.KeyPress}


class Speech(Protocol):
    """What the screens are read by; timers ask it before they end anything."""

    @property
    def is_on(self) -> bool:
        """Whether somebody listens: that takes longer than reading."""
        ...

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said now."""
        ...


class Silence:
    """A window that nobody listens to."""

    is_on = False
    is_speaking = False


class StationWindow(QObject):
    """Shows screens, in the visitor's language, and says what came of touching them.

    Signals:
        acted: An event for the flow, made by the screen's action.
        touched: Somebody is there: a touch or a key.
        left: A visit is over, and a welcome comes; what it left in memory is to be let go of.
        answered: The person asked whether more time is needed has said yes.
        shown: A screen came; True where it kept what was there.
        spoken_anew: The language is another.
        asked: How many seconds are left to answer; 0 when the question goes away.
        answered_call: An officer goes where somebody asks for staff; which call, as `calls` has it.
    """

    acted = Signal(object)
    touched = Signal()
    left = Signal()
    answered = Signal()
    shown = Signal(object, bool)
    spoken_anew = Signal()
    asked = Signal(int)
    answered_call = Signal(str)

    def __init__(
        self,
        title_key: str,
        languages: Sequence[Language],
        size: tuple[int, int] = (1080, 1920),
        public: bool = True,
    ) -> None:
        super().__init__()
        self.title_key = title_key
        self.languages = tuple(languages)
        self.language = self.languages[0]
        self.size = size
        self.public = public
        self.live = LiveFrames()
        self.speech: Speech = Silence()
        self.tone: Callable[[], bool] = lambda: False
        self.current: Screen | None = None
        self._wanted: Screen | None = None
        self._instead: Screen | None = None
        self._settled = True
        self._settling = self._timer(SETTLE_MS, self._settle)
        self._doubling = self._timer(DOUBLE_MS, self._settle_on_next)
        self._is_next = False
        self._wiping = self._timer(WIPE_MS, self._wipe)
        self._forgetting = self._timer(FORGOTTEN_MS, self._forget)
        QAccessible.setActive(True)
        self.view = QQuickView()
        self.view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.view.installEventFilter(self)
        engine = self.view.engine()
        engine.addImportPath(str(QML))
        engine.addImageProvider("pictogram", Drawings("pictograms"))
        engine.addImageProvider("guide", Drawings("guides"))
        engine.addImageProvider("live", LiveProvider(self.live))
        self._station = _singleton(self.view, "Station")
        tokens = json.loads((HERE / "tokens.json").read_text("utf-8"))
        self.theme = _singleton(self.view, "Theme")
        self.theme.setProperty("tokens", tokens)
        self._set(
            bridge=self,
            languages=[str(one) for one in self.languages if one in OFFICE_LANGUAGES],
            moreLanguages=[
                {"language": str(one), "name": OWN_NAMES[one], "draft": not is_checked(one)}
                for one in self.languages
                if one not in OFFICE_LANGUAGES
            ],
            open=public,
            width=size[0],
            height=size[1],
            still=os.environ.get("SMARTICS_STILL") == "1",
        )
        self.set_language(self.language)
        self.view.resize(*_fitting(size))
        shell = QUrl.fromLocalFile(str(QML / "Smartics" / "Shell.qml"))
        QQmlComponent(engine, shell)  # reads all parts without keeping Python's lock, see show
        self.view.setSource(shell)
        if self.view.status() != QQuickView.Status.Ready:
            raise RuntimeError("the window's shell cannot be read")

    def open(self, full_screen: bool = False) -> None:
        """Put the window on the display."""
        if full_screen:
            self.view.showFullScreen()
        else:
            self.view.show()

    def close(self) -> None:
        """Take the window down. Nothing may be shown afterwards."""
        self._settling.stop()
        self._doubling.stop()
        self._wiping.stop()
        self._forgetting.stop()
        self.view.removeEventFilter(self)
        self._set(bridge=None)
        self.view.close()
        self.view.deleteLater()

    def show(self, screen: Screen) -> None:
        """Show a screen in place of the one before.

        Four values are the window's own: `calls` (who asks for staff, see show_calls), `resets` (a
        welcome screen: after a visit language and looks go back to the first), `stays` (beside it:
        the same person went back, and language and looks wait for a minute without a touch) and
        `keeps` (the same file again, with other values: the screen stays as it is, with what was
        typed, and only its `model` changes).
        """
        self._wanted = screen
        if self._instead is not None and screen.values.get("resets"):
            screen = self._instead
        # A welcome after a welcome tells that a device went or came: whoever stands there stays.
        visit_ended = self.current is not None and not self.current.values.get("resets")
        same = self.current is not None and self.current.qml == screen.qml
        keeps = same and bool(screen.values.get("keeps"))
        self.current = screen
        self._is_next = True
        if not self._doubling.isActive():
            self._settle()
        if not keeps:
            self.live.clear()
        if screen.values.get("resets") and visit_ended:
            if screen.values.get("stays"):
                self._forgetting.start()
            else:
                self.reset()
            self._wiping.start()
            self.left.emit()
        self._set(
            error=False,
            canCallStaff="call_staff" in screen.actions,
            canEnterStaff="staff" in screen.actions,
            calls=_plain(screen.values.get("calls", {})),
            source=QUrl.fromLocalFile(str(screen.qml)).toString(),
            model=_plain(screen.values),
            keeps=keeps,
        )
        # Not by setting a property: that keeps Python's lock while another thread reads the
        # file, and a warning from there would wait for the lock for ever.
        QMetaObject.invokeMethod(self.root, "present", Qt.ConnectionType.DirectConnection)
        if self.view.rootObject().property("broken"):
            raise RuntimeError(f"the screen {screen.name} cannot be read")
        if self._doubling.isActive():
            # The time counts from when the screen is there: a touch may have waited for that.
            self._doubling.start()
        self.shown.emit(screen, keeps)

    def take_out(self, instead: Screen | None) -> None:
        """Show this screen in place of each welcome from now on; None lets people in again.

        A visit that is under way comes to its end: what was put into a machine is given back.
        """
        self._instead = instead
        if self._wanted is not None and self._wanted.values.get("resets"):
            self.show(self._wanted)

    def reset(self) -> None:
        """Go back to the first language and the usual looks."""
        self._forgetting.stop()
        self._set(listsLanguages=False)
        self.set_looks(SCALES[0], contrast=False)
        self.set_language(self.languages[0])

    def set_language(self, language: Language) -> None:
        """Speak another language from now on."""
        self.language = language
        words = texts(language)
        title = words.text(self.title_key)
        self._set(language=str(language), title=title, mirrored=language.is_right_to_left)
        self._set(revision=int(self._station.property("revision")) + 1)
        self.view.setTitle(title)
        self.spoken_anew.emit()

    def set_looks(self, scale: float, contrast: bool, low: bool = False) -> None:
        """Choose the text size, whether contrast is high and whether controls lie low."""
        self._set(scale=scale, contrast=contrast, low=low)

    def ask_for_more_time(self, seconds: int) -> None:
        """Ask whether more time is needed, with the seconds left; 0 takes the question away."""
        self._set(countdown=seconds)
        self.asked.emit(seconds)

    @property
    def is_asking(self) -> bool:
        """Whether the question for more time is on the screen."""
        return int(self._station.property("countdown")) > 0

    def show_calls(self, calls: Mapping[str, Any]) -> None:
        """Say on an officer's screen who asks for staff (CallBar.qml); {} where nobody does.

        What is under way on the screen stays; the next screen brings its own `calls`.
        """
        self._set(calls=_plain(calls))

    def show_captions(self, visible: bool) -> None:
        """Make room for captions of what is spoken, or take it away."""
        self._set(captions=visible, caption="")

    def show_caption(self, text: str) -> None:
        """Write what is spoken now."""
        self._set(caption=text)

    def picture(self) -> QImage:
        """Return the window as it is painted now."""
        return self.view.grabWindow()

    def lay_out(self) -> None:
        """Lay out now what Qt would lay out before it paints the next picture."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        shown: list[QQuickItem] = []
        while len(shown) != len(shown := _shown(self.root)):
            for item in shown * LAYOUT_PASSES:
                item.ensurePolished()

    @property
    def root(self) -> QQuickItem:
        """The shell's item, for tests."""
        return self.view.rootObject()

    @property
    def least_target(self) -> int:
        """The least side in pixels of what a person has to touch here."""
        return int(self.theme.property("target"))

    @Slot(str, "QVariantMap", result=str)
    def text(self, key: str, values: dict[str, Any]) -> str:
        """Return a text in the present language, to be painted."""
        try:
            filled = {name: _whole(v) for name, v in values.items()}
            return kept_together(texts(self.language).text(key, **filled), self.language)
        except KeyError as missing:
            qWarning(str(missing.args[0]))
            return key

    @Slot(str, str)
    def act(self, name: str, value: str) -> None:
        """Take a touch: the present screen's action makes the event."""
        if self.current is None or not self._settled:
            return
        action = self.current.actions.get(name)
        if action is None:
            qWarning(f"the screen {self.current.name} has no action {name}")
            return
        try:
            event = action(value)
        except ValueError:
            self._set(error=True)
            return
        self._set(error=False)
        self._settled = self._is_next = False
        self._settling.start()
        self._doubling.start()
        self.acted.emit(event)

    @Slot(str, str)
    def note(self, name: str, value: str) -> None:
        """Take what was typed so far. It is no touch: it neither waits nor makes one wait."""
        action = self.current.actions.get(name) if self.current is not None else None
        if action is None:
            return
        try:
            event = action(value)
        except ValueError:
            return
        self.acted.emit(event)

    @Slot(str, result=str)
    def own_name(self, language: str) -> str:
        """Return a language's name as its readers write it."""
        return OWN_NAMES[Language(language)]

    @Slot(str)
    def choose_language(self, name: str) -> None:
        """Take the touch of a language's button."""
        self.set_language(Language(name))

    @Slot()
    def next_scale(self) -> None:
        """Make text one size larger; after the largest comes the usual one."""
        scale = float(self._station.property("scale"))
        larger = [size for size in SCALES if size > scale + 0.01]
        self._set(scale=larger[0] if larger else SCALES[0])

    @Slot()
    def switch_contrast(self) -> None:
        """Turn high contrast on or off."""
        self._set(contrast=not self._station.property("contrast"))

    @Slot()
    def switch_low(self) -> None:
        """Move what is touched into the lower part of a tall screen, or back."""
        self._set(low=not self._station.property("low"))

    @Slot(str)
    def answer_call(self, which: str) -> None:
        """Take the touch of an officer who goes to somebody; twice is as good as once."""
        self.answered_call.emit(which)

    @Slot()
    def more_time(self) -> None:
        """Take the touch that asks for more time."""
        self.ask_for_more_time(0)
        self.answered.emit()

    @Slot()
    def sound_tone(self) -> None:
        """Sound one tone at the loudspeaker, or where there is none through the display's bell."""
        if self.tone():
            return
        # Not above: only a kiosk that gives something out pays for reading QtWidgets.
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        QApplication.beep()

    @Slot(result=int)
    def frame(self) -> int:
        """Return the number of the newest camera picture."""
        return self.live.number

    def notice(self) -> None:
        """Take note that somebody is there."""
        if self.current is not None and self.current.values.get("resets"):
            self._forgetting.start()
        self.touched.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Notice that somebody is there, and let nothing through that leaves a public station."""
        if event.type() in TOUCHES:
            self.notice()
        if self.public and leads_out(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _timer(self, milliseconds: int, call: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    def _settle_on_next(self) -> None:
        if self._is_next:
            self._settle()

    def _settle(self) -> None:
        self._settling.stop()
        self._doubling.stop()
        self._settled = True

    def _wipe(self) -> None:
        wipe(self.view.engine())

    def _forget(self) -> None:
        if self.speech.is_speaking:
            self._forgetting.start()
        elif self.current is not None and self.current.values.get("resets"):
            self.reset()

    def _set(self, **properties: Any) -> None:
        for name, value in properties.items():
            self._station.setProperty(name, value)


def _singleton(view: QQuickView, name: str) -> QObject:
    found = view.engine().singletonInstance("Smartics", name)
    if not isinstance(found, QObject):
        raise TypeError(f"the QML singleton {name} cannot be read")
    return found


def _shown(root: QQuickItem) -> list[QQuickItem]:
    found = [root]
    for item in found:  # grows meanwhile
        found += [child for child in item.childItems() if child.isVisible()]
    return found


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Make a window smaller that would not fit on the display; the offscreen one is endless.

    SMARTICS_ZOOM makes it smaller still, so that several stations share a desktop.
    """
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return size
    free = QGuiApplication.primaryScreen().availableGeometry()
    zoom = float(os.environ.get("SMARTICS_ZOOM", "1"))
    by = min(zoom, free.width() / size[0], free.height() / size[1])
    return round(size[0] * by), round(size[1] * by)


def _plain(value: Any) -> Any:
    """Turn values into what QML knows; an entry that is None is left out (undefined there)."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value if part is not None]
    if isinstance(value, bool | int | float):
        return value
    return str(value)


def _whole(value: Any) -> str | int | float:
    """Undo JavaScript's habit of making every number a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float) else str(value)
