"""What would lead out of a public station: such keys and gestures are without effect there.

The rule names what is let through, not what is not: letters and digits, the keys of a pad and of
an accessible keypad (arrows, Enter, Escape, Tab, F13 and above), and never with Ctrl, Alt or Meta.
The compositor and the system shut the ways that a program never sees (installers/kiosk).
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

LEADS_OUT = frozenset(
    {
        QEvent.Type.Close,
        QEvent.Type.ContextMenu,
        QEvent.Type.DragEnter,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
        QEvent.Type.NativeGesture,
        QEvent.Type.WhatsThisClicked,
    }
)
KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
LET_THROUGH = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Shift,
    }
)
HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def leads_out(event: QEvent) -> bool:
    """Tell whether an event could lead out of the station's own screens."""
    if event.type() in LEADS_OUT:
        return True
    return isinstance(event, QKeyEvent) and event.type() in KEYS and not _is_ours(event)


def _is_ours(event: QKeyEvent) -> bool:
    if event.modifiers() & ~HARMLESS:
        return False
    key = event.key()
    if key in LET_THROUGH or Qt.Key.Key_F13 <= key <= Qt.Key.Key_F35:
        return True
    return event.text().isprintable() and event.text() != ""
