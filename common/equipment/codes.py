"""Waits for a code that somebody holds before the camera, or before a code scanner."""

import re
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Protocol

from hardware.camera.codes import read_codes
from hardware.camera.interface import Camera, Pixels
from hardware.code_scanner.interface import CodeScanner
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper

OUT_OF_SIGHT_S = 1.0
UNREAD_S = 2.0
"""A scanner with a trigger reads what lies before it again within a second: what it did not read
for so long was taken away. Hands that scan the same paper twice are slower."""

FRAME_TIMEOUT_S = 3.0

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{4,200}")


def token_in(text: str) -> str | None:
    """Return the token that a code of ours carries, alone or at the end of an address, or None."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    return last if _TOKEN.fullmatch(last) else None


class ReadsCodes(Protocol):
    """What people hold papers to."""

    def wait_for_code(
        self,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None = None,
        works: Callable[[], None] | None = None,
    ) -> str:
        """Return the text of the first code that is held there.

        A text that was returned is returned again only after it was out of sight for
        OUT_OF_SIGHT_S: a paper left lying there is one showing, and must not open its holder's
        form to the next person. show gets each frame of a camera, for a live picture; works is
        called as soon as it is seen that the device works, and perhaps again.

        Raises:
            DeviceTimeoutError: No code came. RequestCancelledError: cancelled was set.
            DeviceAbsentError: The device is gone.
        """
        ...


class _Showings:
    """Tells a new showing from a paper that still lies there."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lying = ""
        self._last_seen = seconds()

    def begin(self) -> None:
        """Begin to watch.

        What happened in front of the device while nobody watched is not known, so a paper that was
        there before counts as lying there still.
        """
        self._last_seen = self._seconds()

    def out_of_sight_s(self) -> float:
        """Tell how long ago the last paper was seen."""
        return self._seconds() - self._last_seen

    def forget(self) -> None:
        """The last paper was taken away."""
        self._lying = ""

    def new_among(self, texts: tuple[str, ...]) -> str | None:
        """Return the first text that does not still lie there from an earlier showing."""
        if self._lying in texts:
            self._last_seen = self._seconds()
        for text in texts:
            if text != self._lying:
                self._lying, self._last_seen = text, self._seconds()
                return text
        return None


class CodeDesk:
    """One camera that people hold papers to; keeps the promise of ReadsCodes."""

    def __init__(self, camera: Keeper[Camera], seconds: Callable[[], float] = monotonic) -> None:
        self._camera = camera
        self._seconds = seconds
        self._showings = _Showings(seconds)

    def wait_for_code(
        self,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None = None,
        works: Callable[[], None] | None = None,
    ) -> str:
        """Return the text of the first code that is held before the camera."""

        def seen(pixels: Pixels) -> None:
            if works is not None:
                works()
            if show is not None:
                show(pixels)

        return self._camera.use(lambda camera: self._watch(camera, timeout_s, cancelled, seen))

    def _watch(
        self,
        camera: Camera,
        timeout_s: float,
        cancelled: Event,
        seen: Callable[[Pixels], None],
    ) -> str:
        self._showings.begin()
        deadline = self._seconds() + timeout_s
        while not cancelled.is_set():
            left_s = deadline - self._seconds()
            if left_s <= 0:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            seen(frame.pixels)
            texts = tuple(code.text for code in read_codes(frame.pixels))
            if cancelled.is_set():
                break  # nobody would hear of this showing, so it must not count as seen
            found = self._showings.new_among(texts)
            if found is not None:
                return found
            if self._showings.out_of_sight_s() >= OUT_OF_SIGHT_S:
                self._showings.forget()
        raise RequestCancelledError("the caller stopped waiting")


class ScannerDesk:
    """One code scanner that people hold papers to; keeps the promise of ReadsCodes."""

    def __init__(
        self, scanner: Keeper[CodeScanner], seconds: Callable[[], float] = monotonic
    ) -> None:
        self._scanner = scanner
        self._seconds = seconds
        self._showings = _Showings(seconds)

    def wait_for_code(
        self,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None = None,
        works: Callable[[], None] | None = None,
    ) -> str:
        """Return the text of the first code that the scanner reads; it has no pictures to show."""
        del show

        def wait(scanner: CodeScanner) -> str:
            if works is not None:
                works()
            return self._wait(scanner, timeout_s, cancelled)

        return self._scanner.use(wait)

    def _wait(self, scanner: CodeScanner, timeout_s: float, cancelled: Event) -> str:
        self._showings.begin()
        deadline = self._seconds() + timeout_s
        while True:
            code = scanner.wait_for_code(max(deadline - self._seconds(), 0.0), cancelled)
            if self._showings.out_of_sight_s() >= UNREAD_S:
                self._showings.forget()
            found = self._showings.new_among((code.text,))
            if found is not None:
                return found
