"""Listens to what the centre says about the panel, and comes back when the line was lost."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from threading import Event, Thread

import requests
from pydantic import ValidationError

from common.wire.shapes import DisplayState

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 2.0
SILENCE_S = 35.0
"""The centre says something every 15 seconds; more than two silences are a lost line."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


def states_in(lines: Iterable[str]) -> Iterator[DisplayState]:
    """Read server-sent events: the data of each, a full state of the panel.

    Raises:
        ValidationError: It is no such state.
    """
    data: list[str] = []
    for line in lines:
        if line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif line == "" and data:
            yield DisplayState.model_validate_json("\n".join(data))
            data = []


class DisplayFeed:
    """One thread that follows an office's panel.

    Args:
        told: Called from that thread with a new state, or with None when the line is lost.
        after: The revision of the last state of before, None where there was none: the centre tells
            which calls came since.
    """

    def __init__(
        self,
        address: str,
        office: str,
        told: Callable[[DisplayState | None], None],
        after: int | None = None,
        silence_s: float = SILENCE_S,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._url = f"{address.rstrip('/')}/v1/display/{office}/events"
        self._told = told
        self._after = after
        self._silence_s = silence_s
        self._first_pause_s = first_pause_s
        self._ended = Event()
        self._response: requests.Response | None = None
        self._thread = Thread(target=self._run, name="display-feed", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more. A read in progress ends with the process at the latest."""
        self._ended.set()
        response = self._response
        if response is not None:
            with suppress(OSError, RuntimeError, ValueError):
                response.raw.shutdown()
        if self._thread.is_alive():
            self._thread.join(0.5)

    def _run(self) -> None:
        pause_s = self._first_pause_s
        lost = False
        while not self._ended.is_set():
            try:
                for state in self._listen():
                    self._after = state.revision
                    self._told(state)
                    pause_s, lost = self._first_pause_s, False
                    if self._ended.is_set():
                        return
            except (requests.RequestException, OSError, ValidationError) as error:
                if not lost:
                    logger.warning("the panel's line is lost: %s", type(error).__name__)
            if self._ended.is_set():
                return
            if not lost:
                self._told(None)
            lost = True
            self._ended.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _listen(self) -> Iterator[DisplayState]:
        with requests.get(
            self._url,
            params={} if self._after is None else {"after": self._after},
            stream=True,
            timeout=(CONNECT_TIMEOUT_S, self._silence_s),
        ) as response:
            self._response = response
            response.raise_for_status()
            response.encoding = "utf-8"
            # One character at a time: an event must not wait for the next to fill a block.
            lines = response.iter_lines(chunk_size=1, decode_unicode=True)
            yield from states_in(str(line) for line in lines)
