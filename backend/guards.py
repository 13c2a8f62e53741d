"""Slows down whoever tries too often."""

from collections import deque
from datetime import datetime, timedelta

from backend.transaction import Refusal

_TRIES = 5
_PAUSE = timedelta(minutes=1)
_MOST_SOURCES = 10_000


class SignInGuard:
    """Counts wrong passwords, so that nobody tries them all."""

    def __init__(self) -> None:
        self._failures: dict[str, list[datetime]] = {}

    def check(self, officer_id: str, now: datetime) -> None:
        """Refuse further tries for a minute after five wrong ones.

        Raises:
            Refusal: Too many tries.
        """
        recent = [at for at in self._failures.get(officer_id, ()) if at > now - _PAUSE]
        if recent:
            self._failures[officer_id] = recent
        else:
            self._failures.pop(officer_id, None)
        if len(recent) >= _TRIES:
            raise Refusal(429, "too_many_tries", "wait a minute")

    def failed(self, officer_id: str, now: datetime) -> None:
        """Count a wrong password."""
        self._failures.setdefault(officer_id, []).append(now)

    def succeeded(self, officer_id: str) -> None:
        """Forget the wrong ones."""
        self._failures.pop(officer_id, None)


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
