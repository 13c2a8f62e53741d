"""Tells a flow what happened, without devices, network or screen."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common.flow.machine import Stay, Step, Visit


class Story:
    """One visit: what was asked for, and what was shown."""

    def __init__(
        self, start: Any, next_step: Callable[[Any, Any], Step[Any, Any]], started: Any
    ) -> None:
        self.tasks: list[Any] = []
        self.shown: list[Any] = []
        self.stays: list[Stay] = []
        self.visit: Visit[Any, Any, Any] = Visit(start, next_step, self._ask, self.shown.append)
        self.tell(started)

    def _ask(self, task: Any, stay: Stay) -> None:
        self.tasks.append(task)
        self.stays.append(stay)

    def tell(self, *events: Any) -> "Story":
        """Let things happen one after the other."""
        for event in events:
            self.visit.happened(event)
        return self

    def answer_late(self, event: Any, task: type) -> "Story":
        """Let the first task of that kind answer only now."""
        asked = next(n for n, one in enumerate(self.tasks) if isinstance(one, task))
        self.visit.answered(event, self.stays[asked])
        return self

    @property
    def state(self) -> Any:
        """Where the visit is."""
        return self.visit.state

    def asked(self, task: type) -> list[Any]:
        """Return the tasks of a kind that were asked for."""
        return [one for one in self.tasks if isinstance(one, task)]


def check_drawing(readme: Path, drawing: str, number: int = 0) -> None:
    """Compare a README's drawing with the flow; SMARTICS_DRAW=1 draws it anew."""
    text = readme.read_text("utf-8")
    found = list(re.finditer(r"```mermaid\n(.*?)```", text, re.DOTALL))[number]
    if os.environ.get("SMARTICS_DRAW") == "1":
        readme.write_text(text[: found.start(1)] + drawing + text[found.end(1) :], "utf-8")
        return
    assert found[1] == drawing, "the flow has changed: draw it anew with SMARTICS_DRAW=1"
