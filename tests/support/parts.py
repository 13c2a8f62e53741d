"""Small screens that show the parts to the tests of the window and the touch panel."""

from collections.abc import Callable, Mapping
from pathlib import Path

from common.ui.screen import Screen, Value

PARTS = Path(__file__).parents[1] / "screens" / "parts"


def part_screen(
    name: str,
    actions: Mapping[str, Callable[[str], object]] | None = None,
    values: Mapping[str, Value] | None = None,
    patience_s: float | None = None,
) -> Screen:
    """Return a screen from the folder of parts."""
    return Screen(PARTS / f"{name}.qml", values or {}, actions or {}, patience_s)
