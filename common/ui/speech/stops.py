"""Where the keypad stops on a screen: controls one by one, pads and rows of choices as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from PySide6.QtQuick import QQuickItem
from shiboken6 import Shiboken

from common.ui.controls import Part


class StopKind(StrEnum):
    """What left, right and select do at a stop. Values are the QML property `keypad`."""

    CONTROL = ""
    PAD = "pad"
    CHOICE = "choice"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of up and down.

    Attributes:
        parts: The control, or the keys of a pad, or the choices of a row; none for the speed.
        label: What a group is called.
    """

    kind: StopKind
    parts: tuple[Part, ...] = ()
    label: str = ""
    group: QQuickItem | None = None

    def index_of(self, item: int) -> int:
        """Return which of its parts has this identity; -1 where none has."""
        return next((at for at, part in enumerate(self.parts) if identity(part) == item), -1)


def identity(part: Part) -> int:
    """Tell one item from another, as long as the screen stands."""
    return pointer(part.item)


def pointer(item: QQuickItem | None) -> int:
    """Return the address of an item; 0 for none."""
    return 0 if item is None else int(Shiboken.getCppPointer(item)[0])


def stops(parts: Sequence[Part]) -> list[Stop]:
    """Return the stops among these parts, in reading order."""
    touchable = [part for part in parts if part.control.touchable and part.item is not None]
    found = []
    for _, together in groupby(touchable, lambda part: pointer(_group(part)) or identity(part)):
        members = tuple(together)
        group = _group(members[0])
        if group is None:
            found.append(Stop(StopKind.CONTROL, members))
            continue
        kind = StopKind(str(group.property("keypad")))
        if kind is StopKind.PAD:
            members = tuple(part for _, part in sorted(enumerate(members), key=_pad_order))
        label = str(group.property("keypadLabel") or "")
        found.append(Stop(kind, members, label, group))
    # The languages stand above the page, but are wanted once in a visit.
    return sorted(found, key=lambda stop: bool(stop.group and stop.group.property("keypadLast")))


def _group(part: Part) -> QQuickItem | None:
    item = part.item.parentItem() if part.item is not None else None
    while item is not None:
        if item.property("keypad"):
            return item
        item = item.parentItem()
    return None


def _pad_order(numbered: tuple[int, Part]) -> tuple[int, str, int]:
    """Letters from A to Z, then digits, then signs, then words: found without seeing the pad.

    Of the words the first comes last: Delete is one step left of A.
    """
    at, part = numbered
    name = part.control.name
    if len(name) > 1:
        return 3, "", -at
    return (0 if name.isalpha() else 1 if name.isdigit() else 2), name, at
