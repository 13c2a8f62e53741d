"""What is on a window, part by part, as a screen reader finds it in the accessibility tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtQuick import QQuickItem

from common.i18n.line_ends import plain
from common.ui.window import StationWindow

DEEPEST = 40
TOUCHED_ROLES = {"Button", "RadioButton", "CheckBox", "EditableText", "ListItem", "Link"}


@dataclass(frozen=True, slots=True)
class Control:
    """One part on the screen, as a screen reader finds it. Lengths are window pixels."""

    role: str
    name: str
    x: int
    y: int
    width: int
    height: int
    enabled: bool
    value: str
    checked: bool
    scrolled: bool

    @property
    def touchable(self) -> bool:
        """Whether it is there to be touched, rather than read."""
        return self.role in TOUCHED_ROLES

    @property
    def centre(self) -> QPoint:
        """Where a finger would touch it."""
        return QPoint(self.x + self.width // 2, self.y + self.height // 2)


@dataclass(frozen=True, slots=True)
class Part:
    """A control together with the item that draws it."""

    control: Control
    item: QQuickItem | None


def controls(window: StationWindow) -> list[Control]:
    """Return what is in sight and has a name, in the order of the accessibility tree."""
    frame = QRect(QPoint(0, 0), window.view.size())
    found = [part.control for part in parts(window)]
    return [one for one in found if QRect(one.x, one.y, one.width, one.height).intersects(frame)]


def parts(window: StationWindow) -> list[Part]:
    """Return all that has a name, also what has been scrolled out of sight."""
    root = QAccessible.queryAccessibleInterface(window.view)
    return [] if root is None else list(_parts(root))


def _parts(root: QAccessibleInterface) -> Iterator[Part]:
    corner = root.rect().topLeft()
    for node in _nodes(root, 0):
        state = node.state()
        name = plain(node.text(QAccessible.Text.Name))
        if not name or getattr(state, "invisible"):  # noqa: B009 (mypy: bit field without a stub)
            continue
        box = node.rect().translated(-corner)
        thing = node.object()
        item = thing if isinstance(thing, QQuickItem) else None
        control = Control(
            role=node.role().name,
            name=name,
            x=box.x(),
            y=box.y(),
            width=box.width(),
            height=box.height(),
            enabled=not state.disabled,
            value=plain(
                node.text(QAccessible.Text.Value) or node.text(QAccessible.Text.Description)
            ),
            checked=bool(state.checked),
            scrolled=scroller(item) is not None,
        )
        yield Part(control, item)


def _nodes(node: QAccessibleInterface, depth: int) -> Iterator[QAccessibleInterface]:
    for number in range(node.childCount()):
        child = node.child(number)
        if child is None or not child.isValid() or depth > DEEPEST:
            continue
        yield child
        yield from _nodes(child, depth + 1)


def scroller(thing: QObject | None) -> QQuickItem | None:
    """Return what scrolls around a part; None where everything is seen at once."""
    item = thing.parentItem() if isinstance(thing, QQuickItem) else None
    while item is not None:
        if item.inherits("QQuickFlickable") and item.property("interactive"):
            return item
        item = item.parentItem()
    return None


def scroll_to(item: QQuickItem) -> float:
    """Scroll until the middle of a part is in sight; return by how much, in window pixels."""
    flick = scroller(item)
    if flick is None:
        return 0.0
    middle = item.mapRectToScene(item.boundingRect()).center()
    area = flick.mapRectToScene(flick.boundingRect())
    if area.contains(middle):
        return 0.0
    most = float(flick.property("contentHeight")) - flick.height()
    before = float(flick.property("contentY"))
    after = min(max(0.0, before + middle.y() - area.center().y()), most)
    flick.setProperty("contentY", after)
    return after - before
