"""How the screen words a device: a sign, a word and a colour for its state, never colour alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.text import Text

from hardware.catalog import DRIVERS
from hardware.console.entries import without_password
from hardware.console.sights import Change, duration
from hardware.console.watching import DeviceWatch
from hardware.core.device import DeviceState

MOST_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks.

    The colours are those of the old sixteen: a serial console has no others, if it has any, and
    one between them would come out as another.
    """

    sign: str
    word: str
    style: str


LOOKS = {
    DeviceState.ONLINE: Look("+", "OK", "bold #55ff55"),
    DeviceState.OFFLINE: Look("-", "OFF LINE", "bold #ffff55"),
    DeviceState.NO_DEVICE: Look("X", "NOT THERE", "bold #ff5555"),
    DeviceState.HARDWARE_ERROR: Look("!", "FAULT", "bold #ff5555"),
    DeviceState.USER_ERROR: Look("?", "WRONG SETTING", "bold #ffff55"),
    DeviceState.BUSY: Look("~", "IN USE", "bold #55ffff"),
    DeviceState.STARTING: Look(".", "LOOKING", "bold #ffffff"),
}


def row(watch: DeviceWatch, *, is_chosen: bool) -> Text:
    """A device in the list: two lines, an arrow at the chosen one."""
    look = LOOKS[watch.sight.state]
    arrow = ">" if is_chosen else " "
    name = Text(f"{arrow} {watch.configured.name}\n", "bold #ffffff" if is_chosen else "#ffffff")
    return name.append(f"  {look.sign} {look.word}", look.style)


def heading(watch: DeviceWatch, now: datetime) -> Text:
    """One device's name, and its state with the time that it has lasted."""
    look = LOOKS[watch.sight.state]
    text = Text().append(f"{watch.configured.name}\n", "bold #ffffff")
    text.append(f"{look.sign} {look.word}", look.style)
    if (since := watch.state_since) is not None:
        lasted = duration((now - since) // timedelta(seconds=1))
        text.append(f" since {_time(since)}, {lasted}", "#ffffff")
    return text


def details(watch: DeviceWatch) -> Text:
    """Everything else about one device."""
    entry, sight = watch.configured, watch.sight
    speaks = DRIVERS[entry.driver].speaks if entry.driver in DRIVERS else "unknown driver"
    text = Text().append(f"{entry.driver}: {speaks}\n", "#ffffff")
    text.append(f"{without_password(entry.address)}\n", "#ffffff")
    if sight.detail:
        text.append(f"{sight.detail}\n", "bold #ffffff")
    return text.append_text(_faults(watch)).append_text(_sensors(watch))


def event(change: Change) -> Text:
    """One line of the log."""
    look = LOOKS[_state(change)] if not change.sensor else None
    text = Text().append(f"{_time(change.when)} ", "#ffffff")
    text.append(f"{change.name} ", "bold #ffffff")
    if look is None:
        return text.append(change.words, "#ffffff")
    return text.append(f"{look.sign} {change.words}", look.style)


def _faults(watch: DeviceWatch) -> Text:
    faults = [change for change in list(watch.history) if _is_fault(change)]
    text = Text().append("\nLAST FAULTS\n", "bold #ffffff")
    for change in reversed(faults[-MOST_FAULTS:]):
        text.append(f"{_time(change.when)} {change.seen}\n", "#ffffff")
    return text if faults else text.append("none since this screen was opened\n", "#ffffff")


def _sensors(watch: DeviceWatch) -> Text:
    found = watch.sight.sensors
    if not found:
        return Text()
    width = max(map(len, found))
    text = Text().append("\nSENSORS NOW\n", "bold #ffffff")
    for name, value in found.items():
        text.append(f"{name:{width}}  ", "#ffffff").append(f"{value}\n", "bold #ffffff")
    return text


def _is_fault(change: Change) -> bool:
    return not change.sensor and _state(change) is not DeviceState.ONLINE


def _state(change: Change) -> DeviceState:
    return DeviceState(change.seen.partition(",")[0])


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"
