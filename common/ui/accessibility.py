"""Looks a painted screen over: can everybody read, reach, understand and touch what is on it?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QImage
from PySide6.QtQml import QQmlExpression
from PySide6.QtQuick import QQuickItem

from common.i18n.line_ends import plain
from common.ui.window import StationWindow

TOUCHED_ROLES = {"Button", "RadioButton", "CheckBox", "EditableText", "ListItem", "Link"}
LOW_PART = 0.6
"""In low mode nothing that is touched begins above this part of a tall screen."""
LONGEST_NAME = 90
"""Characters a person can listen to, or read, before touching."""
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
LARGE_PX = 48
"""On a kiosk's display, of letters as tall as the 24 px that WCAG 2.2, 1.4.3, calls large."""
LEAST_GAP = 8
"""Between two targets, in pixels of a tall screen: 2 mm."""
SLACK = 1
"""Qt rounds places to whole pixels."""

# Asked in JavaScript: PySide 6.12 frees an item that nextItemInFocusChain gives to Python.
FOCUS_CHAIN = """(() => {
    const first = nextItemInFocusChain(true);
    const found = [];
    let item = first;
    do {
        const place = item.mapToItem(null, 0, 0);
        found.push([place.x, place.y, item.width, item.height]);
        item = item.nextItemInFocusChain(true);
    } while (item !== first && found.length < 500);
    return JSON.stringify(found);
})()"""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """One node of the accessibility tree. Places are window pixels."""

    role: str
    name: str
    detail: str
    box: QRectF
    enabled: bool
    checked: bool
    scrolled: bool
    item: QQuickItem

    @property
    def touched(self) -> bool:
        """Whether it is there to be touched, rather than read."""
        return self.role in TOUCHED_ROLES

    def __str__(self) -> str:
        return repr(self.name or f"{self.role} without a name")


def faults(window: StationWindow, picture: QImage | None = None) -> list[str]:
    """Return what is wrong with the screen as it is laid out now; empty when nothing is.

    Args:
        window: Shows the screen; `lay_out()` has been called or a picture taken since it changed.
        picture: The window as it is painted: then the contrast of its letters is measured too.
    """
    parts = list(_parts(window))
    items = list(_items(window.root, scrolls=False))
    touched = [part for part in parts if part.touched]
    texts = [Letters(item, inside) for item, inside in items if item.inherits("QQuickText")]
    texts = [text for text in texts if text.words]
    found = [*_names(parts, touched), *_targets(window, touched), *_overlaps(parts)]
    found += _focus(window, touched)
    for text in texts:
        found += text.faults(QRectF(0, 0, *window.size))
    found += _texts_on_texts(texts)
    if not touched and not parts:
        found.append("nothing on the screen has a name")
    if picture is not None:
        found += _contrasts(texts, picture)
    return found


def touched_parts(window: StationWindow) -> list[Part]:
    """Return what can be touched, in the order of the accessibility tree."""
    return [part for part in _parts(window) if part.touched]


def places(window: StationWindow) -> list[QRectF]:
    """Return where everything that has a name is: to compare one look with another."""
    return [part.box for part in _parts(window) if part.name]


def scrolls(window: StationWindow) -> bool:
    """Tell whether somebody must scroll to see everything."""
    return any(_moves(item) for item, _ in _items(window.root, scrolls=False))


def focus_chain(window: StationWindow) -> list[QRectF]:
    """Return the places that Tab reaches, from the first in the chain until it comes back."""
    asked = QQmlExpression(window.view.rootContext(), window.root, FOCUS_CHAIN)
    return [QRectF(*place) for place in json.loads(str(asked.evaluate()[0]))]


def _parts(window: StationWindow) -> Iterator[Part]:
    root = QAccessible.queryAccessibleInterface(window.view)
    if root is None:
        return
    corner = root.rect().topLeft()
    frame = root.rect().translated(-corner)
    for node in _nodes(root, 0):
        state = node.state()
        box = node.rect().translated(-corner)
        if _bit(state, "invisible") or not box.intersects(frame):
            continue
        item = node.object()
        if not isinstance(item, QQuickItem):  # the window itself
            continue
        yield Part(
            node.role().name,
            plain(node.text(QAccessible.Text.Name)),
            plain(node.text(QAccessible.Text.Description) or node.text(QAccessible.Text.Value)),
            QRectF(box),
            not _bit(state, "disabled"),
            _bit(state, "checked"),
            _is_scrolled(item),
            item,
        )


def _bit(state: QAccessible.State, name: str) -> bool:
    return bool(getattr(state, name))  # a bit field, which mypy does not know


def _nodes(node: QAccessibleInterface, depth: int) -> Iterator[QAccessibleInterface]:
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid() and depth < 40:
            yield child
            yield from _nodes(child, depth + 1)


def _is_scrolled(item: QQuickItem) -> bool:
    around = item.parentItem()
    while around is not None:
        if _moves(around):
            return True
        around = around.parentItem()
    return False


def _moves(item: QQuickItem) -> bool:
    return item.inherits("QQuickFlickable") and bool(item.property("interactive"))


def _items(item: QQuickItem, scrolls: bool) -> Iterator[tuple[QQuickItem, bool]]:
    waiting = [(item, scrolls)]
    while waiting:
        item, scrolls = waiting.pop()
        if item.isVisible():
            yield item, scrolls
            inside = scrolls or _moves(item)
            waiting += [(child, inside) for child in reversed(item.childItems())]


def _names(parts: Sequence[Part], touched: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.touched and not part.name.strip():
            yield f"{part} at {_place(part.box)}"
        if part.touched and len(part.name) > LONGEST_NAME:
            yield f"{part} has a name of {len(part.name)} letters"
    known: set[tuple[str, str]] = set()
    for part in touched:
        if (part.name, part.detail) in known:
            yield f"two controls are called {part}"
        known.add((part.name, part.detail))


def _targets(window: StationWindow, touched: Sequence[Part]) -> Iterator[str]:
    theme = window.theme
    least = window.least_target - SLACK
    low_top = LOW_PART * window.size[1] if theme.property("low") else 0
    fields = [part for part in touched if part.role == "EditableText" or _is_field(part.item)]
    for part in touched:
        if min(part.box.width(), part.box.height()) < least:
            yield f"{part} is only {part.box.width():.0f} x {part.box.height():.0f}"
        lone = fields == [part]  # it is typed into already: nobody has to touch it
        if part.box.y() < low_top - SLACK and not part.scrolled and not lone:
            yield f"{part} is too high at {part.box.y():.0f} while controls are to lie low"
    gap = LEAST_GAP * float(theme.property("unit")) - SLACK
    for one, other, distance in _near([part.box for part in touched], gap):
        if touched[one].scrolled == touched[other].scrolled and distance >= 0:
            yield f"{touched[one]} is only {distance:.0f} from {touched[other]}"


def _is_field(item: QQuickItem) -> bool:
    """Tell whether a control shows what a pad types."""
    around = item.parentItem()
    return around is not None and around.property("visibleValue") is not None


def _near(boxes: Sequence[QRectF], less_than: float) -> Iterator[tuple[int, int, float]]:
    """Return each two that are nearer than this, by number; negative: they lie on one another."""
    if len(boxes) < 2:
        return
    sides = np.array([(b.left(), b.top(), b.right(), b.bottom()) for b in boxes])
    starts, ends = sides[:, None, :2], sides[:, None, 2:]
    gaps = np.maximum(starts, starts.swapaxes(0, 1)) - np.minimum(ends, ends.swapaxes(0, 1))
    distances = gaps.max(axis=2)
    for one, other in np.argwhere(np.triu(distances < less_than, 1)):
        yield int(one), int(other), float(distances[one, other])


def _overlaps(parts: Sequence[Part]) -> Iterator[str]:
    standing = [part for part in parts if part.name and not part.scrolled]
    heard = [part for part in standing if part.touched or part.role in ("StaticText", "Heading")]
    for one, other, _ in _near([part.box for part in heard], -SLACK):
        if heard[one].touched or heard[other].touched:
            yield f"{heard[one]} lies on {heard[other]}"


def _focus(window: StationWindow, touched: Sequence[Part]) -> Iterator[str]:
    """Tab reaches each control once and nothing else, and goes the way one reads."""
    boxes = focus_chain(window)
    frame = QRectF(0, 0, *window.size)
    met = [
        (box, next((part for part in touched if _same(part.box, box)), None))
        for box in boxes
        if box.intersects(frame)
    ]
    for part in touched:
        times = sum(found is part for _, found in met)
        if times != part.enabled:
            yield f"Tab reaches {part} {times} times"
    for box, found in met:
        if found is None:
            yield f"Tab reaches something without a role at {_place(box)}"
    standing = [
        (box, _from_right(found.item)) for box, found in met if found and not found.scrolled
    ]
    yield from _order(window, standing)


def _from_right(item: QQuickItem) -> bool:
    """Tell whether a control's row is read from the right: Urdu's are, the keys of pads never."""
    around = item.parentItem()
    return around is not None and bool(around.property("fromRight"))


def _same(one: QRectF, other: QRectF) -> bool:
    """Tell whether two boxes are one, but for rounding."""
    return (
        abs(one.x() - other.x()) <= SLACK
        and abs(one.y() - other.y()) <= SLACK
        and abs(one.width() - other.width()) <= 2 * SLACK
        and abs(one.height() - other.height()) <= 2 * SLACK
    )


def _order(window: StationWindow, met: Sequence[tuple[QRectF, bool]]) -> Iterator[str]:
    """Down the page, and along a row as one reads. What scrolls lies elsewhere each time."""
    aside = float(window.theme.property("asideWidth")) if window.theme.property("aside") else 0
    edge = window.size[0] - aside if window.language.is_right_to_left else aside
    rises = 0
    for (one, mirrored), (other, turned) in pairwise(met):
        same_column = (one.center().x() < edge) == (other.center().x() < edge)
        if not same_column:
            continue
        beside = other.right() <= one.left() if mirrored else other.left() >= one.right()
        if other.bottom() <= one.top() + SLACK:
            if beside and not window.public:
                continue  # an officer's page has columns
            rises += 1
            if rises > 1:  # one is the way from the bar at the top into a page that is low
                yield f"Tab goes up from {_place(one)} to {_place(other)}"
        elif min(one.bottom(), other.bottom()) - max(one.top(), other.top()) > one.height() / 2:
            back = other.left() >= one.right() if mirrored else other.right() <= one.left()
            if back and mirrored == turned:
                yield f"Tab goes back in a row from {_place(one)} to {_place(other)}"


def _place(box: QRectF) -> str:
    return f"{box.x():.0f}, {box.y():.0f}"


def _area(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


class Letters:
    """A Text with its place, and what may be wrong with it."""

    def __init__(self, item: QQuickItem, scrolled: bool) -> None:
        self.item = item
        self.words = str(item.property("text"))
        self.scrolled = scrolled
        self.turned = any("\u0600" <= letter <= "\u06ff" for letter in self.words)
        self.box = _area(item)

    def faults(self, frame: QRectF) -> Iterator[str]:
        """Tell whether it is cut, or lies outside."""
        item, words = self.item, self.words
        if item.property("truncated"):
            yield f"cut short: {words!r}"
        # Qt counts the space that a line from the right ends with; nobody sees it.
        space = 0.3 * item.height() / max(1, int(item.property("lineCount"))) if self.turned else 0
        if float(item.property("contentWidth")) > item.width() + SLACK + space:
            yield f"wider than its place: {words!r}"
        if float(item.property("contentHeight")) > item.height() + SLACK:
            yield f"taller than its place: {words!r}"
        if not self.scrolled and not frame.adjusted(-1, -1, 1, 1).contains(self.box):
            yield f"outside the window: {words!r}"
        button = self._button()
        if button is not None and not _area(button).adjusted(-1, -1, 1, 1).contains(self.inked):
            yield f"outside its button: {words!r}"

    @cached_property
    def inked(self) -> QRectF:
        """Where its lines are, without what it keeps free and the font's room for accents."""
        size = self.item.property("contentWidth"), self.item.property("contentHeight")
        wide, tall = min(size[0], self.box.width()), min(size[1], self.box.height())
        middle = self.box.center()
        left = {1: self.box.left(), 2: self.box.right() - wide}.get(
            self.item.property("along"), middle.x() - wide / 2
        )
        top = {32: self.box.top(), 64: self.box.bottom() - tall}.get(
            self.item.property("across"), middle.y() - tall / 2
        )
        room = 0.2 * int(self.item.property("font").pixelSize())
        return QRectF(left, top + room, wide, max(1.0, tall - 2 * room))

    def _button(self) -> QQuickItem | None:
        around = self.item.parentItem()
        while around is not None:
            if around.property("touched") is True and around.property("checkable") is not None:
                return around
            around = around.parentItem()
        return None


def _texts_on_texts(texts: Sequence[Letters]) -> Iterator[str]:
    standing = [text for text in texts if not text.scrolled]
    for one, other, _ in _near([text.inked for text in standing], -SLACK):
        yield f"the text {standing[one].words!r} lies on {standing[other].words!r}"


def _contrasts(texts: Sequence[Letters], picture: QImage) -> Iterator[str]:
    pixels = _pixels(picture)
    for text in texts:
        box = text.inked.toAlignedRect().intersected(picture.rect())
        if text.scrolled or box.width() < 2 or box.height() < 2:
            continue
        large = int(text.item.property("font").pixelSize()) >= LARGE_PX
        least = LEAST_CONTRAST_LARGE if large else LEAST_CONTRAST
        crop = pixels[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        ratio = painted_contrast(crop, QColor(text.item.property("color")))
        if ratio < least:
            yield f"contrast of only {ratio:.1f}: {text.words!r}"


def painted_contrast(crop: Pixels, ink: QColor) -> float:
    """Return the contrast between letters and the ground that is painted around them.

    The letters' colour is the one nearest to the colour asked for that was painted: smoothing, or
    something over the letters, leaves less of it. The ground is the mean of what is as far from
    the letters as most dots are; it may shade from one colour into another.
    """
    dots = crop[::2, ::3].reshape(-1, 3).astype(np.int16)
    wanted = np.array((ink.blue(), ink.green(), ink.red()), np.int16)
    nearest = dots[np.abs(dots - wanted).sum(axis=1).argmin()]
    far = np.abs(dots - nearest).sum(axis=1)
    ground = dots[far >= 0.7 * far.max()].mean(axis=0)
    light, dark = sorted((luminance(nearest[::-1]), luminance(ground[::-1])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Sequence[float] | npt.NDArray[Any]) -> float:
    """Return the relative luminance of red, green, blue (WCAG 2.2)."""
    parts = [float(part) / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pixels(picture: QImage) -> Pixels:
    """Return rows of blue, green, red without copying what Qt has painted."""
    image = picture
    if picture.depth() != 32:
        image = picture.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, :3]
