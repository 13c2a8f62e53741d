"""Tests devices: says what will move, asks whether it may, moves it, and keeps every step."""

from collections.abc import Callable, Iterable
from threading import Event
from typing import TypeAlias

from hardware.catalog import driver, make
from hardware.console.entries import (
    Configured,
    Outcome,
    Step,
    StepOutcome,
    without_password,
)
from hardware.core.device import Device
from hardware.core.errors import DeviceAbsentError, DeviceError, RequestCancelledError
from hardware.printer.proof import Occasion
from hardware.self_tests import SELF_TESTS, Say, SelfTestError

ENDED = "ended by the technician"

Consent: TypeAlias = Callable[[str, str], bool]
"""Asks the technician by the device's name and what it will do; False skips that device."""


def self_test_devices(
    devices: Iterable[Configured],
    say: Say,
    cancelled: Event | None = None,
    consent: Consent | None = None,
    when: str = "",
) -> list[Outcome]:
    """Say what each device will move, then move it; ends early when cancelled is set.

    A device that cannot be tested, or whose test fails, does not keep the others from theirs.
    Without consent nobody is asked. What is printed bears the device's name and when, the
    caller's day and time in words.
    """
    outcomes = []
    for configured in devices:
        if cancelled is not None and cancelled.is_set():
            break
        outcome = run_self_test(
            configured,
            say,
            cancelled or Event(),
            consent,
            asks_health=True,
            occasion=Occasion(configured.name, when),
        )
        say(f"{configured.name}: {outcome.verdict}: {outcome.detail}")
        outcomes.append(outcome)
    return outcomes


def run_self_test(
    configured: Configured,
    say: Say,
    cancelled: Event,
    consent: Consent | None = None,
    make_it: Callable[..., Device] = make,
    *,
    asks_health: bool = False,
    occasion: Occasion | None = None,
) -> Outcome:
    """Test one device, made by make_it; never raises what a device or a configuration does.

    asks_health asks the device how it is before the test. Recordings do without, so that they
    hold the bytes of the self-test alone; nor does what they print bear an occasion, so that they
    can be replayed on another day.
    """
    device: Device | None = None
    steps = _Steps(configured)
    try:
        test = SELF_TESTS[driver(configured.driver).kind]
        device = make_it(configured.driver, configured.address, configured.options)
        say(f"{configured.name}: {test.announcement}")
        if consent is not None and not consent(configured.name, test.announcement):
            steps.begin(test.announcement)
            return steps.skipped()
        steps.begin("the device is opened")
        device.open()
        if asks_health:
            health = device.health()
            steps.says = ", ".join(filter(None, (health.state.value, health.detail)))
        steps.begin(test.announcement)

        def say_step(line: str) -> None:
            steps.begin(line)
            say(f"{configured.name}: {line}")

        printed = (occasion,) if test.has_occasion and occasion is not None else ()
        return steps.passed(test.run(device, say_step, cancelled, *printed))
    except RequestCancelledError:
        return steps.failed(ENDED)
    except (DeviceAbsentError, ValueError) as error:
        return steps.failed(str(error), was_reached=False)
    except (DeviceError, SelfTestError) as error:
        return steps.failed(str(error))
    finally:
        if device is not None:
            device.close()


class _Steps:
    """What was announced so far; whatever is begun next shows that the step before was done."""

    def __init__(self, configured: Configured) -> None:
        self._configured = configured
        self._begun: list[str] = []
        self.says = ""

    def begin(self, words: str) -> None:
        """Go on to the next step."""
        self._begun.append(words)

    def passed(self, detail: str) -> Outcome:
        """End with every step done."""
        return self._outcome(detail, StepOutcome.DONE)

    def failed(self, detail: str, *, was_reached: bool = True) -> Outcome:
        """End with the last step failed."""
        return self._outcome(detail, StepOutcome.FAILED, was_reached=was_reached)

    def skipped(self) -> Outcome:
        """End before anything moved."""
        return self._outcome("not wanted; nothing was moved", StepOutcome.SKIPPED)

    def _outcome(self, detail: str, last: StepOutcome, *, was_reached: bool = True) -> Outcome:
        outcomes = [StepOutcome.DONE] * (len(self._begun) - 1) + [last]
        return Outcome(
            self._configured.name,
            last is StepOutcome.DONE,
            detail,
            was_reached=was_reached,
            was_skipped=last is StepOutcome.SKIPPED,
            driver=self._configured.driver,
            address=without_password(self._configured.address),
            says=self.says,
            steps=tuple(map(Step, self._begun, outcomes)),
        )
