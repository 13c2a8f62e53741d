"""What the window shows for one state of a visit. No Qt: a test holds it in its hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Value = str | int | float | bool | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Screen:
    """One QML file with what fills it and what comes of touching it.

    Attributes:
        qml: The absolute path of the file; its root is a part of the QML module Smartics and
            declares `required property var model`.
        values: Becomes `model` in QML. Sentences are not here: QML asks Station.t(key, values).
            "spoken" lists keys of sentences that are only spoken, such as what a slip says besides.
        actions: By the name that QML passes to Station.act(name, value): makes the event for the
            flow out of value (the text typed, the choice made). A ValueError means "not a
            sensible value": the screen stays and shows its error.
        patience_s: After so many seconds without a touch the person is asked whether more time is
            needed, and if nobody answers the flow hears that the person left. None: never asked
            (welcome, busy and staff screens).
        calls_staff: Whether it calls staff when it comes. Where they were told, `staff_told` of
            its values is True (common/ui/staff_calls.py).
    """

    qml: Path
    values: Mapping[str, Value] = field(default_factory=dict)
    actions: Mapping[str, Callable[[str], object]] = field(default_factory=dict)
    patience_s: float | None = None
    calls_staff: bool = False

    @property
    def name(self) -> str:
        """The screen's name: its file's, without the ending."""
        return self.qml.stem
