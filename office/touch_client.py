"""A person's eyes and finger on a station's simulated touch screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

import requests

BETWEEN_S = 0.4
"""How long a person takes from one touch to the next."""


class NotThereError(Exception):
    """The screen shows no such control, or does not answer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a screen."""

    name: str
    language: str
    controls: tuple[dict[str, Any], ...]

    @property
    def says(self) -> str:
        """The screen with its headline and what is left to do: another text, another screen."""
        heads = [c["name"] for c in self.controls if c["role"] in {"Pane", "Heading"}]
        return " | ".join([self.name, self.language, *heads])

    def has(self, name: str) -> bool:
        """Tell whether a control or sentence of that name is on the screen."""
        return any(control["name"] == name for control in self.controls)

    def can_tap(self, name: str) -> bool:
        """Tell whether a control of that name is there and enabled."""
        return any(
            control["name"] == name and control["enabled"] and control["role"] != "StaticText"
            for control in self.controls
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out of a station's earphone jack: utterances, and how it goes on.

    Attributes:
        texts: What was said, from where one listened last.
        count: How much was said so far.
        language: The language of the last utterance.
        is_speaking: Whether it is still speaking.
        is_listening: Whether earphones are plugged in.
    """

    texts: tuple[str, ...]
    count: int
    language: str
    is_speaking: bool
    is_listening: bool


@dataclass(frozen=True, slots=True)
class TouchClient:
    """The touch screen at a port of this machine."""

    port: int
    _last: list[float] = field(default_factory=list, compare=False, repr=False)

    def healthy(self) -> bool:
        """Tell whether the station shows a screen."""
        try:
            return bool(self.look().name)
        except NotThereError:
            return False

    def look(self) -> Seen:
        """What the screen shows now."""
        found = self._ask("GET", "screen")
        return Seen(str(found["screen"] or ""), str(found["language"]), tuple(found["controls"]))

    def tap(
        self, name: str, role: str | None = None, index: int = 0, after_s: float = BETWEEN_S
    ) -> None:
        """Touch a control at its place."""
        body: dict[str, Any] = {"name": name, "index": index}
        if role is not None:
            body["role"] = role
        # A person's finger needs a moment too; a faster one would be taken for a double tap.
        begins = (self._last[-1] if self._last else 0.0) + after_s
        Event().wait(max(0.0, begins - monotonic()))
        self._ask("POST", "tap", body)
        self._last[:] = [monotonic()]

    def tap_at(self, x: int, y: int) -> None:
        """Touch a point at once, whatever is there."""
        self._ask("POST", "tap", {"x": x, "y": y})

    def painted_ms(self) -> list[float]:
        """How long each touch of a point took to the next picture, in milliseconds."""
        return list(self._ask("GET", "painted")["ms"])

    def hold(self, name: str, seconds: float, ended: Event) -> None:
        """Hold a finger on what bears this name."""
        found = next((c for c in self.look().controls if c["name"] == name), None)
        if found is None:
            raise NotThereError(f"no {name!r} on the screen")
        point = {
            "x": found["x"] + found["width"] // 2,
            "y": found["y"] + found["height"] // 2,
        }
        self._ask("POST", "press", point)
        ended.wait(seconds)
        self._ask("POST", "lift", point)

    def type(self, text: str) -> None:
        """Type on the keyboard into what has the focus."""
        self._ask("POST", "type", {"text": text})

    def key(self, key: str) -> None:
        """Press one key, such as Tab or Return."""
        self._ask("POST", "key", {"key": key})

    def hear(self, after: int) -> Heard:
        """What was spoken since the utterance of that number."""
        found = self._ask("GET", f"heard?after={after}")
        return Heard(
            tuple(str(one["text"]) for one in found["heard"]),
            int(found["count"]),
            str(found["heard"][-1]["language"]) if found["heard"] else "",
            bool(found["speaking"]),
            bool(found["listening"]),
        )

    def picture(self) -> bytes:
        """The screen as PNG."""
        try:
            response = requests.get(f"{self._address}/picture", timeout=10)
        except requests.RequestException as error:
            raise NotThereError("no picture") from error
        if response.status_code != 200:
            raise NotThereError(response.text)
        return response.content

    def wait(self, until: Callable[[Seen], bool], timeout_s: float, ended: Event) -> Seen:
        """Look until something is so.

        Raises:
            NotThereError: It was not so within timeout_s.
        """
        deadline = monotonic() + timeout_s
        last = "nothing"
        while monotonic() < deadline and not ended.is_set():
            try:
                seen = self.look()
            except NotThereError:
                pass
            else:
                if until(seen):
                    return seen
                last = seen.name
            ended.wait(0.15)
        raise NotThereError(f"still {last}")

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            response = requests.request(method, f"{self._address}/{path}", json=body, timeout=10)
        except requests.RequestException as error:
            raise NotThereError(type(error).__name__) from error
        if response.status_code != 200:
            raise NotThereError(f"{path}: {response.text}")
        return response.json()
