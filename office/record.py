"""What a played day leaves behind: pictures of screens and papers, steps with their times."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Lock
from time import monotonic


@dataclass
class Record:
    """The folder of one played day. Safe to use from several threads.

    Attributes:
        touches: How often each station was touched so far.
        processor_s: The processor time in seconds that a station's program has used so far.
        calls: What was called aloud in the hall, in its order: tag, place and language.
    """

    folder: Path
    steps: list[dict[str, str | float]] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    calls: list[dict[str, str]] = field(default_factory=list)
    touches: Counter[str] = field(default_factory=Counter)
    processor_s: Callable[[str], float] = lambda _station: 0.0
    _seen: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for name in ("screens", "papers"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def is_new(self, what: str) -> bool:
        """Tell, once, that nothing of that name was kept before."""
        with self._lock:
            if what in self._seen:
                return False
            self._seen.add(what)
            return True

    def screen(self, name: str, png: bytes) -> None:
        """Keep the picture of a screen."""
        self._keep("screens", self.screens, f"{name}.png", png)

    def paper(self, name: str, content: bytes) -> None:
        """Keep a printed paper; name has its ending."""
        self._keep("papers", self.papers, name, content)

    @contextmanager
    def step(self, station: str, step: str) -> Iterator[None]:
        """Measure one step at one station: seconds, touches, its program's processor time."""
        begun, touched, used = monotonic(), self.touches[station], self.processor_s(station)
        yield
        measured: dict[str, str | float] = {
            "station": station,
            "step": step,
            "seconds": round(monotonic() - begun, 3),
            "touches": self.touches[station] - touched,
            "processor_s": round(self.processor_s(station) - used, 3),
        }
        with self._lock:
            self.steps.append(measured)

    def touched(self, station: str) -> None:
        """Count a touch at a station."""
        with self._lock:
            self.touches[station] += 1

    def table(self) -> str:
        """Return a line for each kind of step: how often, median touches and seconds."""
        kinds: dict[tuple[str, str], list[dict[str, str | float]]] = {}
        for step in self.steps:
            kinds.setdefault((str(step["station"]), str(step["step"])), []).append(step)
        lines = [f"{'station':16}{'step':22}{'times':>6}{'touches':>9}{'s':>8}{'processor s':>13}"]
        for (station, name), steps in sorted(kinds.items()):
            middle = [
                median(float(step[what]) for step in steps)
                for what in ("touches", "seconds", "processor_s")
            ]
            lines.append(
                f"{station:16}{name:22}{len(steps):6}"
                f"{middle[0]:9.0f}{middle[1]:8.1f}{middle[2]:13.2f}"
            )
        return "\n".join(lines)

    def summarise(self, applicants: int, collected: int, handed_off: int) -> dict[str, object]:
        """Write summary.json and return what is in it."""
        summary: dict[str, object] = {
            "applicants": applicants,
            "collected": collected,
            "handed_off": handed_off,
            "lost": applicants - collected - handed_off,
            "steps": self.steps,
            "screens": self.screens,
            "papers": self.papers,
            "calls": self.calls,
        }
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        (self.folder / "summary.json").write_text(text + "\n", "utf-8")
        return summary

    def _keep(self, kind: str, listed: list[str], name: str, content: bytes) -> None:
        with self._lock:
            file = self.folder / kind / f"{len(listed) + 1:03d}-{name}"
            file.write_bytes(content)
            listed.append(str(file))
