"""What a kiosk knows of its own office: hours and fees, asked now and then and kept meanwhile."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Protocol

from common.domain.clock import office_day
from common.domain.queue import Errand
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.booking import Offices, OfficeView

logger = logging.getLogger(__name__)

ASKED_EVERY_S = 60.0


class TellsOffices(Protocol):
    """What of the backend's client is needed here."""

    def offices(self) -> Offices:
        """Ask what anybody may know of the offices."""


class House:
    """The kiosk's office. Before the first answer nothing is known, and it counts as open.

    What was answered last holds without a connection too: hours change at most from day to day.
    """

    def __init__(self, client: TellsOffices, office: str, clock: Callable[[], datetime]) -> None:
        self._client, self._office, self._clock = client, office, clock
        self._lock = Lock()
        self._view: OfficeView | None = None
        self._asked_at: datetime | None = None

    def look(self) -> None:
        """Ask the office again, if the last answer is a minute old."""
        with self._lock:
            before, now = self._asked_at, self._clock()
            if before is not None and 0 <= (now - before).total_seconds() < ASKED_EVERY_S:
                return
            self._asked_at = now
        try:
            found = self._client.offices().offices
        except (BackendUnreachableError, RefusedError) as error:
            logger.warning("the office's hours are not known anew: %s", error)
            return
        with self._lock:
            self._view = next((one for one in found if one.code == self._office), None)

    def fee(self, errand: Errand) -> int | None:
        """Return what an errand costs in Hong Kong dollars; None where that is not known."""
        with self._lock:
            return None if self._view is None else self._view.fees.get(errand)

    def shut_until(self) -> tuple[bool, datetime | None]:
        """Tell whether the office is closed now, and when it opens."""
        with self._lock:
            view, now = self._view, self._clock()
        if view is None:
            return False, None
        for shut in view.closures:
            if shut.starts_at <= now < shut.ends_at:
                return True, view.next_opens
        if view.opens is None or view.closes is None:
            return view.next_opens is None or now < view.next_opens, view.next_opens
        if now < view.opens:
            return True, view.opens
        if now < view.closes:
            return False, None
        if view.next_opens is not None and now < view.next_opens:
            return True, view.next_opens
        # Without connection since the last opening: shut for the night, open by day.
        return office_day(now) == office_day(view.closes), None
