"""What a technician does with a station's devices: list them, test, watch, record."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Protocol

from hardware.catalog import Driver, driver, make
from hardware.core.device import Device, DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceError
from hardware.core.keeper import Keeper
from hardware.core.links import RecordingLinks
from hardware.core.transport import Exchange
from hardware.printer.proof import Occasion
from hardware.self_tests import SELF_TESTS, Say, SelfTestError, look

LOOK_EVERY_S = 1.0


class Configured(Protocol):
    """One device as the configuration names it."""

    @property
    def name(self) -> str:
        """The role that the station knows."""
        ...

    @property
    def driver(self) -> str:
        """A key of the catalogue."""
        ...

    @property
    def address(self) -> str:
        """Where the device is, as its driver reads it."""
        ...

    @property
    def options(self) -> dict[str, Any]:
        """What else the driver wants to know."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the test of one device ended.

    Attributes:
        was_reached: False where nothing was tested: the device is absent or wrongly configured.
    """

    name: str
    passed: bool
    detail: str
    was_reached: bool = True


def list_devices(devices: Sequence[Configured]) -> list[dict[str, str]]:
    """Open every device, ask how it is, close it; returns name, kind, driver, state, detail."""
    with ThreadPoolExecutor(max(1, min(8, len(devices)))) as pool:
        return list(pool.map(_listed, devices))


def self_test_devices(
    devices: Iterable[Configured], say: Say, cancelled: Event | None = None, when: str = ""
) -> list[Outcome]:
    """Say what each device will move, then move it; ends early when cancelled is set.

    What is printed bears the device's name and when, the caller's day and time in words.
    """
    outcomes = []
    for configured in devices:
        if cancelled is not None and cancelled.is_set():
            break
        outcome = _tested(
            configured, say, cancelled or Event(), make, Occasion(configured.name, when)
        )
        say(f"{configured.name}: {'pass' if outcome.passed else 'FAIL'}: {outcome.detail}")
        outcomes.append(outcome)
    return outcomes


def watch_devices(
    devices: Iterable[Configured], say: Say, cancelled: Event, every_s: float = LOOK_EVERY_S
) -> None:
    """Say every change that the devices' sensors show, until cancelled is set."""
    keepers = [(_kept(configured), driver(configured.driver)) for configured in devices]
    seen: dict[str, str] = {}
    try:
        while not cancelled.is_set():
            for keeper, known in keepers:
                now = _seen(keeper, known)
                if seen.get(keeper.name) != now:
                    seen[keeper.name] = now
                    say(f"{keeper.name}: {now}")
            cancelled.wait(every_s)
    finally:
        for keeper, _ in keepers:
            keeper.close()


def record_device(
    configured: Configured, file: Path, say: Say, cancelled: Event | None = None
) -> Outcome:
    """Test one device and write every byte of it down, for a ReplayTransport.

    Raises:
        ValueError: The driver's bytes do not pass where a recording can listen.
    """
    if not driver(configured.driver).is_recordable:
        raise ValueError(f"{configured.driver} cannot be recorded")
    say("the recording holds all that the device sees: use nobody's own card or finger for it")
    with file.open("w", encoding="ascii") as lines:

        def write(exchange: Exchange) -> None:
            lines.write(f"{exchange}\n")

        recorded = partial(make, links=RecordingLinks(write))
        outcome = _tested(configured, say, cancelled or Event(), recorded)
    say(f"{configured.name}: {'pass' if outcome.passed else 'FAIL'}: {outcome.detail}")
    return outcome


def _listed(configured: Configured) -> dict[str, str]:
    kind = ""
    try:
        kind = driver(configured.driver).kind
        health = _health(make(configured.driver, configured.address, configured.options))
    except ValueError as error:
        health = Health(DeviceState.USER_ERROR, str(error))
    return {
        "name": configured.name,
        "kind": str(kind),
        "driver": configured.driver,
        "state": health.state.value,
        "detail": health.detail,
    }


def _health(device: Device) -> Health:
    try:
        device.open()
    except DeviceError as error:
        return Health(DeviceState.NO_DEVICE, str(error))
    try:
        return device.health()
    finally:
        device.close()


def _tested(
    configured: Configured,
    say: Say,
    cancelled: Event,
    make_it: Callable[..., Device],
    occasion: Occasion | None = None,
) -> Outcome:
    """Run one self-test; a recorded one bears no name and no day, so that it can be replayed."""
    device: Device | None = None
    try:
        test = SELF_TESTS[driver(configured.driver).kind]
        device = make_it(configured.driver, configured.address, configured.options)
        say(f"{configured.name}: {test.announcement}")
        device.open()
        printed = (occasion,) if test.has_occasion and occasion is not None else ()
        detail = test.run(
            device, lambda line: say(f"{configured.name}: {line}"), cancelled, *printed
        )
        return Outcome(configured.name, True, detail)
    except (DeviceAbsentError, ValueError) as error:
        return Outcome(configured.name, False, str(error), was_reached=False)
    except (DeviceError, SelfTestError) as error:
        return Outcome(configured.name, False, str(error))
    finally:
        if device is not None:
            device.close()


def _kept(configured: Configured) -> Keeper[Device]:
    return Keeper(
        configured.name,
        partial(make, configured.driver, configured.address, configured.options),
        lambda _: None,  # its state is said anyway
    )


def _seen(keeper: Keeper[Device], known: Driver) -> str:
    health = keeper.health()
    words = [health.state.value, health.detail]
    if health.state is not DeviceState.NO_DEVICE:
        try:
            words.append(keeper.use(lambda device: look(known.kind, device)))
        except DeviceError as error:
            words.append(str(error))
    return ", ".join(word for word in words if word)
