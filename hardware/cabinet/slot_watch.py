"""What happens at slots without an unlock: doors forced or held open, items that come or go."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from hardware.cabinet.interface import AlarmReason, Slot, SlotAlarm
from hardware.core.device import Seen

HELD_OPEN_S = 60.0
UNUSED_S = 30.0
"""So long an unlock excuses a slot that did not open: a sluggish lock may yet give way."""
GRACE_S = 2.0
"""So long after it is seen locked again, an unlock explains what the sensors show late."""


@dataclass(slots=True)
class _Watched:
    """One slot as it was last known."""

    locked: Seen
    item: Seen
    doubtful_item: Seen | None = None
    open_since: float | None = None
    locked_since: float = 0.0
    is_told: bool = False
    unlocked_at: float = 0.0
    is_permitted: bool = False
    is_used: bool = False


class SlotWatch:
    """Judges every look. A look that knows nothing of a slot changes nothing.

    A changed item is believed only when two looks in a row show it: a sensor may flicker.
    """

    def __init__(
        self, held_open_s: float = HELD_OPEN_S, now: Callable[[], float] = monotonic
    ) -> None:
        self._held_open_s = held_open_s
        self._now = now
        self._watched: dict[int, _Watched] = {}
        self._alarms: list[SlotAlarm] = []

    def unlocking(self, number: int) -> None:
        """Note that what follows at this slot, until it is locked again, is as it should be."""
        if watched := self._watched.get(number):
            watched.is_permitted, watched.is_used = True, False
            watched.unlocked_at = self._now()

    def look(self, slot: Slot) -> None:
        """Judge one slot as it is seen now."""
        watched = self._watched.get(slot.number)
        if watched is None:
            watched = self._watched[slot.number] = _Watched(slot.locked, slot.item)
        if not watched.is_used and self._now() - watched.unlocked_at >= UNUSED_S:
            watched.is_permitted = False
        if slot.locked is not Seen.UNKNOWN:
            self._look_at_door(watched, slot)
        if slot.item is not Seen.UNKNOWN:
            self._look_at_item(watched, slot)
        if watched.is_used and self._is_locked_for(watched, GRACE_S):
            watched.is_permitted = watched.is_used = False

    def told(self) -> tuple[SlotAlarm, ...]:
        """Return the alarms since the last call."""
        alarms, self._alarms = tuple(self._alarms), []
        return alarms

    def _look_at_door(self, watched: _Watched, slot: Slot) -> None:
        if slot.locked is Seen.YES:
            if watched.locked is not Seen.YES:
                watched.locked_since = self._now()
            watched.open_since, watched.is_told = None, False
        elif watched.open_since is None:
            if watched.locked is Seen.YES and not watched.is_permitted:
                self._alarms.append(SlotAlarm(slot, AlarmReason.FORCED))
            watched.open_since = self._now()
            watched.is_used = watched.is_permitted
        elif not watched.is_told and self._now() - watched.open_since >= self._held_open_s:
            watched.is_told = True
            self._alarms.append(SlotAlarm(slot, AlarmReason.HELD_OPEN))
        watched.locked = slot.locked

    def _look_at_item(self, watched: _Watched, slot: Slot) -> None:
        if slot.item is watched.item or watched.item is Seen.UNKNOWN:
            watched.item, watched.doubtful_item = slot.item, None
        elif watched.is_permitted:
            watched.item, watched.doubtful_item = slot.item, None
            if not watched.is_used:  # the gate of a magazine opened and shut between two looks
                watched.is_used, watched.locked_since = True, self._now()
        elif watched.doubtful_item is slot.item:
            watched.item, watched.doubtful_item = slot.item, None
            self._alarms.append(SlotAlarm(slot, AlarmReason.ITEM_CHANGED))
        else:
            watched.doubtful_item = slot.item

    def _is_locked_for(self, watched: _Watched, seconds: float) -> bool:
        return watched.locked is Seen.YES and self._now() - watched.locked_since >= seconds
