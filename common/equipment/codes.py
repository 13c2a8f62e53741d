"""Waits for a code that somebody holds before the camera."""

import re
from collections.abc import Callable
from threading import Event
from time import monotonic

from hardware.camera.codes import read_codes
from hardware.camera.interface import Camera, Pixels
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper

SAME_CODE_AFTER_S = 2.0
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
        self._last = ("", -SAME_CODE_AFTER_S)

    def wait_for_code(
        self,
        timeout_s: float,
        cancelled: Event,
        show: Callable[[Pixels], None] | None = None,
    ) -> str:
        """Return the text of the first code that is held before the camera.

        A text that was returned is not returned again within SAME_CODE_AFTER_S: a paper that
        still lies there is one showing, not several. show gets each frame, for a live picture.

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
        deadline = self._seconds() + timeout_s
        while not cancelled.is_set():
            left_s = deadline - self._seconds()
            if left_s <= 0:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            if show is not None:
                show(frame.pixels)
            for code in read_codes(frame.pixels):
                if self._is_new(code.text):
                    return code.text
        raise RequestCancelledError("the caller stopped waiting")

    def _is_new(self, text: str) -> bool:
        last_text, last_at = self._last
        now = self._seconds()
        if text == last_text and now - last_at < SAME_CODE_AFTER_S:
            return False
        self._last = (text, now)
        return True
