"""Waits for a code that somebody holds before the camera."""

import re
from collections.abc import Callable
from threading import Event
from time import monotonic

from hardware.camera.codes import read_codes
from hardware.camera.interface import Camera, Pixels
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper

OUT_OF_SIGHT_S = 1.0
FRAME_TIMEOUT_S = 3.0

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{4,200}")


def token_in(text: str) -> str | None:
    """Return the token that a code of ours carries, alone or at the end of an address, or None."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    return last if _TOKEN.fullmatch(last) else None


class CodeDesk:
    """One camera that people hold papers to."""

    def __init__(self, camera: Keeper[Camera], seconds: Callable[[], float] = monotonic) -> None:
        self._camera = camera
        self._seconds = seconds
        self._lying = ""
        self._last_seen = seconds()

    def wait_for_code(
        self,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None = None,
    ) -> str:
        """Return the text of the first code that is held before the camera.

        A text that was returned is returned again only after the camera did not see it for
        OUT_OF_SIGHT_S: a paper left lying there is one showing, and must not open its holder's
        form to the next person. show gets each frame, for a live picture.

        Raises:
            DeviceTimeoutError: No code came. RequestCancelledError: cancelled was set.
            DeviceAbsentError: The camera gives no pictures.
        """
        return self._camera.use(lambda camera: self._watch(camera, timeout_s, cancelled, show))

    def _watch(
        self,
        camera: Camera,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None,
    ) -> str:
        # What happened in front of the camera while nobody watched is not known, so a paper that
        # was there before counts as lying there still.
        self._last_seen = self._seconds()
        deadline = self._last_seen + timeout_s
        while not cancelled.is_set():
            left_s = deadline - self._seconds()
            if left_s <= 0:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            if show is not None:
                show(frame.pixels)
            found = self._new_among(tuple(code.text for code in read_codes(frame.pixels)))
            if found is not None:
                return found
        raise RequestCancelledError("the caller stopped waiting")

    def _new_among(self, texts: tuple[str, ...]) -> str | None:
        """Return the first text that does not still lie there from an earlier showing."""
        now = self._seconds()
        if self._lying in texts:
            self._last_seen = now
        elif now - self._last_seen >= OUT_OF_SIGHT_S:
            self._lying = ""
        for text in texts:
            if text != self._lying:
                self._lying, self._last_seen = text, now
                return text
        return None
