"""The few keys beside the earphone jack, and which keys of a keyboard they are.

An audio keypad (Storm AudioNav is one) is a USB keyboard whose keys send function keys. What Qt
calls them depends on the system: the keyboard maps of Linux give F13 to F23 the meanings of
laptop keys (XKB's inet(evdev)), and Qt follows; so each key here has both names. A table in
station.toml says others.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import Qt


class PadKey(StrEnum):
    """A key of the audio keypad; the plug of the earphones is one, too."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    SELECT = "select"
    BACK = "back"
    HELP = "help"
    VOLUME = "volume"
    VOLUME_UP = "volume_up"
    VOLUME_DOWN = "volume_down"
    JACK_IN = "jack_in"
    JACK_OUT = "jack_out"


USUAL: Mapping[PadKey, Sequence[str]] = {
    PadKey.UP: ("F23", "TouchpadOff"),
    PadKey.DOWN: ("F22", "TouchpadOn"),
    PadKey.LEFT: ("F21", "TouchpadToggle"),
    PadKey.RIGHT: ("F20", "MicMute"),
    PadKey.SELECT: ("F18", "LaunchB"),
    PadKey.BACK: ("F17", "LaunchA"),
    PadKey.HELP: ("F14", "Launch7"),
    PadKey.VOLUME: ("F13", "Tools"),
    PadKey.VOLUME_UP: ("VolumeUp",),
    PadKey.VOLUME_DOWN: ("VolumeDown",),
    PadKey.JACK_IN: ("F15", "Launch8"),
    PadKey.JACK_OUT: ("F16", "Launch9"),
}
"""The top key is F23 (usage 0x72) in the maker's default table; its tool sets the others so."""


class Keymap:
    """Which keypad key a key of Qt is.

    A keypad that reports its plug as one key that stays down has jack_out = []: then the
    release of jack_in is the plug pulled.
    """

    def __init__(self, changes: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take the usual table with changes: keypad key -> names of Qt.Key without Key_.

        Raises:
            ValueError: There is no such key; the message names it.
        """
        table = dict(USUAL)
        for name, keys in (changes or {}).items():
            table[_known(name)] = tuple(keys)
        self._keys = {_qt_key(key): pad for pad, keys in table.items() for key in keys}
        self.plug_is_held = not table[PadKey.JACK_OUT]

    def find(self, qt_key: int) -> PadKey | None:
        """Return the keypad key; None for any other key."""
        return self._keys.get(qt_key)


def _known(name: str) -> PadKey:
    try:
        return PadKey(name)
    except ValueError:
        raise ValueError(f"a keypad has no key {name!r}; it has {', '.join(PadKey)}") from None


def _qt_key(name: str) -> int:
    try:
        return Qt.Key[f"Key_{name}"].value
    except KeyError:
        raise ValueError(f"there is no Qt.Key.Key_{name}") from None
