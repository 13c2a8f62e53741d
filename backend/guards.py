"""Slows down whoever tries too often."""

from collections import deque
from datetime import datetime, timedelta

from backend.transaction import Refusal

_PAUSE = timedelta(minutes=1)
_MOST_SOURCES = 10_000


class PostGuard:
    """Lets one source send so many forms a minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: dict[str, deque[datetime]] = {}

    def check(self, source: str, now: datetime) -> None:
        """Count a form.

        Raises:
            Refusal: The source sent too many within a minute.
        """
        if len(self._seen) > _MOST_SOURCES:
            self._seen = {who: at for who, at in self._seen.items() if at[-1] > now - _PAUSE}
        times = self._seen.setdefault(source, deque())
        while times and times[0] <= now - _PAUSE:
            times.popleft()
        if len(times) >= self._most:
            raise Refusal(429, "too_many_tries", "wait a minute")
        times.append(now)
