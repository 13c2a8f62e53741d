"""What a device showed at one look, and what changed since the look before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hardware.core.device import DeviceState


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at a device.

    Attributes:
        detail: What its health says beside the state.
        words: Its sensors in a few words.
        sensors: Every sensor by its name.
    """

    state: DeviceState
    detail: str = ""
    words: str = ""
    sensors: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.state.value, self.detail, self.words)))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    Attributes:
        when: Time of day, with its zone.
        seen: What is seen now.
        sensor: Which sensor changed; empty for the state of the device as a whole.
        was: What was seen before; empty at the first look.
        lasted_s: How long that had been so; None at the first look.
    """

    name: str
    when: datetime
    seen: str
    sensor: str = ""
    was: str = ""
    lasted_s: float | None = None

    def __str__(self) -> str:
        return f"{self.when.astimezone():%H:%M:%S}  {self.name}: {self.words}"

    @property
    def words(self) -> str:
        """What is seen now, and what was before and for how long."""
        if self.lasted_s is None:
            return self.seen
        return f"{self.seen} (was {self.was} for {duration(self.lasted_s)})"


class Memory:
    """What one device showed last, and since when."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last: Sight | None = None
        self._since: dict[str, datetime] = {}
        self.state_since: datetime | None = None

    def changes(self, sight: Sight, now: datetime) -> list[Change]:
        """Tell what sight shows that was otherwise before.

        A device that comes or goes is one change, whatever its sensors show: an absent one shows
        none, and why it is absent is worded differently from try to try.
        """
        last, self._last = self._last, sight
        if last is None or last.state is not sight.state:
            before, self.state_since = self.state_since, now
            self._since = dict.fromkeys(sight.sensors, now)
            if last is None or before is None:
                return [Change(self._name, now, str(sight))]
            lasted_s = (now - before).total_seconds()
            return [Change(self._name, now, str(sight), "", last.state.value, lasted_s)]
        return list(self._sensor_changes(last, sight, now)) or self._detail_change(last, sight, now)

    def _sensor_changes(self, last: Sight, sight: Sight, now: datetime) -> Iterator[Change]:
        for sensor, value in sight.sensors.items():
            before = last.sensors.get(sensor)
            if before == value:
                continue
            since, self._since[sensor] = self._since.get(sensor), now
            lasted_s = (now - since).total_seconds() if since and before is not None else None
            seen = f"{sensor} {value}".strip()
            yield Change(self._name, now, seen, sensor, before or "", lasted_s)

    def _detail_change(self, last: Sight, sight: Sight, now: datetime) -> list[Change]:
        """What only the device's own words tell; sensors that change tell it better."""
        if sight.state is DeviceState.NO_DEVICE or last.detail == sight.detail:
            return []
        return [Change(self._name, now, str(sight))]


def duration(seconds: float) -> str:
    """A length of time in words: 0.4 s, 12 s, 3 min 05 s, 2 h 10 min; whole seconds stay whole."""
    if seconds < 10 and not isinstance(seconds, int):
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
