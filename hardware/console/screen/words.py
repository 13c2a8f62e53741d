"""How the screen words a device: a sign, a word and a colour for its state, never colour alone."""

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from hardware.catalog import DRIVERS
from hardware.console.entries import without_password
from hardware.console.sights import Change, duration
from hardware.console.watching import DeviceWatch
from hardware.core.device import DeviceState

MOST_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks. Sixteen colours are what a serial console has, if it has any."""

    sign: str
    word: str
    style: str


LOOKS = {
    DeviceState.ONLINE: Look("+", "OK", "bold bright_green"),
    DeviceState.OFFLINE: Look("-", "OFF LINE", "bold bright_yellow"),
    DeviceState.NO_DEVICE: Look("X", "NOT THERE", "bold bright_red"),
    DeviceState.HARDWARE_ERROR: Look("!", "FAULT", "bold bright_red"),
    DeviceState.USER_ERROR: Look("?", "WRONG SETTING", "bold bright_yellow"),
    DeviceState.BUSY: Look("~", "IN USE", "bold bright_cyan"),
    DeviceState.STARTING: Look(".", "LOOKING", "bold bright_white"),
}


def row(watch: DeviceWatch, *, is_chosen: bool) -> Text:
    """A device in the list: two lines, an arrow at the chosen one."""
    look = LOOKS[watch.sight.state]
    arrow = ">" if is_chosen else " "
    name = Text(
        f"{arrow} {watch.configured.name}\n", "bold bright_white" if is_chosen else "bright_white"
    )
    return name.append(f"  {look.sign} {look.word}", look.style)


def details(watch: DeviceWatch, now: datetime) -> Text:
    """Everything about one device."""
    entry, sight = watch.configured, watch.sight
    look = LOOKS[sight.state]
    speaks = DRIVERS[entry.driver].speaks if entry.driver in DRIVERS else "unknown driver"
    text = Text().append(f"{entry.name}\n", "bold bright_white")
    text.append(f"{look.sign} {look.word}", look.style)
    if watch.state_since is not None:
        text.append(f" since {_time(watch.state_since)}", "bright_white")
        text.append(f", {duration((now - watch.state_since).total_seconds())}", "bright_white")
    text.append(f"\n{entry.driver}: {speaks}\n{without_password(entry.address)}\n", "bright_white")
    if sight.detail:
        text.append(f"{sight.detail}\n", "bold bright_white")
    return text.append_text(_faults(watch)).append_text(_sensors(watch))


def event(change: Change) -> Text:
    """One line of the log."""
    look = LOOKS[_state(change)] if not change.sensor else None
    text = Text().append(f"{_time(change.when)} ", "bright_white")
    text.append(f"{change.name} ", "bold bright_white")
    if look is None:
        return text.append(change.words, "bright_white")
    return text.append(f"{look.sign} {change.words}", look.style)


def _faults(watch: DeviceWatch) -> Text:
    faults = [change for change in list(watch.history) if _is_fault(change)]
    text = Text().append("\nLAST FAULTS\n", "bold bright_white")
    for change in reversed(faults[-MOST_FAULTS:]):
        text.append(f"{_time(change.when)} {change.seen}\n", "bright_white")
    return text if faults else text.append("none since this screen was opened\n", "bright_white")


def _sensors(watch: DeviceWatch) -> Text:
    found = watch.sight.sensors
    if not found:
        return Text()
    width = max(map(len, found))
    text = Text().append("\nSENSORS NOW\n", "bold bright_white")
    for name, value in found.items():
        text.append(f"{name:{width}}  ", "bright_white").append(f"{value}\n", "bold bright_white")
    return text


def _is_fault(change: Change) -> bool:
    return not change.sensor and _state(change) is not DeviceState.ONLINE


def _state(change: Change) -> DeviceState:
    return DeviceState(change.seen.partition(",")[0])


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"
