"""What a played day leaves behind: pictures of screens and papers, steps with their times."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic


@dataclass
class Record:
    """The folder of one played day. Safe to use from several threads."""

    folder: Path
    steps: list[dict[str, str | float]] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
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
        """Measure one step at one station."""
        begun = monotonic()
        yield
        seconds = round(monotonic() - begun, 3)
        with self._lock:
            self.steps.append({"station": station, "step": step, "seconds": seconds})

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
        }
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        (self.folder / "summary.json").write_text(text + "\n", "utf-8")
        return summary

    def _keep(self, kind: str, listed: list[str], name: str, content: bytes) -> None:
        with self._lock:
            file = self.folder / kind / f"{len(listed) + 1:03d}-{name}"
            file.write_bytes(content)
            listed.append(str(file))
