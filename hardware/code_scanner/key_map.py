"""Key codes of Linux and the characters that a US keyboard puts on them."""

from enum import IntEnum

from hardware.code_scanner.interface import Code
from hardware.code_scanner.scan_text import ScanRules


class Key(IntEnum):
    """Keys that are no characters (linux/input-event-codes.h)."""

    TAB = 15
    ENTER = 28
    LEFT_CTRL = 29
    LEFT_SHIFT = 42
    RIGHT_SHIFT = 54
    KEYPAD_ENTER = 96


SHIFTS = frozenset({Key.LEFT_SHIFT, Key.RIGHT_SHIFT})
ENDS = frozenset({Key.ENTER, Key.KEYPAD_ENTER, Key.TAB})

_KEYS = {
    2: "1!",
    3: "2@",
    4: "3#",
    5: "4$",
    6: "5%",
    7: "6^",
    8: "7&",
    9: "8*",
    10: "9(",
    11: "0)",
    12: "-_",
    13: "=+",
    16: "qQ",
    17: "wW",
    18: "eE",
    19: "rR",
    20: "tT",
    21: "yY",
    22: "uU",
    23: "iI",
    24: "oO",
    25: "pP",
    26: "[{",
    27: "]}",
    30: "aA",
    31: "sS",
    32: "dD",
    33: "fF",
    34: "gG",
    35: "hH",
    36: "jJ",
    37: "kK",
    38: "lL",
    39: ";:",
    40: "'\"",
    41: "`~",
    43: "\\|",
    44: "zZ",
    45: "xX",
    46: "cC",
    47: "vV",
    48: "bB",
    49: "nN",
    50: "mM",
    51: ",<",
    52: ".>",
    53: "/?",
    57: "  ",
    # The keypad, as with num lock on.
    55: "**",
    71: "77",
    72: "88",
    73: "99",
    74: "--",
    75: "44",
    76: "55",
    77: "66",
    78: "++",
    79: "11",
    80: "22",
    81: "33",
    82: "00",
    83: "..",
    98: "//",
}


def character(key: int, *, is_shifted: bool) -> str | None:
    """Return what a key writes; None for one that writes nothing we know."""
    written = _KEYS.get(key)
    return None if written is None else written[is_shifted]


class KeyReader:
    """Fed with keys that go down and up, it gives back what was typed up to an ending key."""

    def __init__(self, rules: ScanRules) -> None:
        self._rules = rules
        self._shifts: set[int] = set()
        self._typed = ""
        self._is_spoilt = False

    @property
    def is_within(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._typed) or self._is_spoilt

    def key(self, code: int, *, is_down: bool) -> Code | None:
        """Take one key; returns the code that it ended, if the rules allow it."""
        if code in SHIFTS:
            (self._shifts.add if is_down else self._shifts.discard)(code)
            return None
        if not is_down or code == Key.LEFT_CTRL:
            return None
        if code in ENDS:
            return self.ended()
        written = character(code, is_shifted=bool(self._shifts))
        if written is None or len(self._typed) > self._rules.most_bytes:
            self.spoil()
        else:
            self._typed += written
        return None

    def ended(self) -> Code | None:
        """Return what was typed since the last end: an ending key came, or a pause."""
        typed, was_spoilt = self._typed, self._is_spoilt
        self._typed, self._is_spoilt = "", False
        return self._rules.code(typed.encode()) if typed and not was_spoilt else None

    def spoil(self) -> None:
        """Drop what was typed and what still comes of it: some of it is missing or unknown."""
        self._typed, self._is_spoilt = "", True

    def forget(self) -> None:
        """Begin anew, with no key down."""
        self._shifts.clear()
        self._typed, self._is_spoilt = "", False
