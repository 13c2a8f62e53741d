"""Plays a recorded self-test to a driver, and says where the driver leaves it."""

from dataclasses import dataclass
from functools import partial
from threading import Event

from hardware.catalog import driver, make
from hardware.console.entries import Configured, Outcome
from hardware.console.recording import Recording, result_of
from hardware.console.self_testing import run_self_test
from hardware.core.links import ReplayLinks
from hardware.self_tests import Say


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a driver went through a recording.

    Attributes:
        outcome: What the self-test saw this time.
        line: The line of the file at which the driver differs; None where it nowhere does.
        difference: How it differs; empty where it does not.
    """

    outcome: Outcome
    line: int | None
    difference: str

    @property
    def is_the_same(self) -> bool:
        """Whether the driver said every byte of the recording, and saw the same in it."""
        return self.line is None


def replay_device(
    recording: Recording, entry: Configured, say: Say, cancelled: Event | None = None
) -> Replayed:
    """Run the self-test of entry's driver on a recording instead of the device; moves nothing.

    Raises:
        ValueError: There is no such driver, its bytes pass no links, or the recording is empty.
    """
    if not driver(entry.driver).is_recordable:
        raise ValueError(f"{entry.driver} cannot be replayed")
    if not recording.lines:
        raise ValueError(f"{recording.file} holds no exchange")
    links = ReplayLinks(recording.exchanges)
    ended = _Ended(links, cancelled or Event())
    outcome = run_self_test(entry, say, ended, make_it=partial(make, links=links))
    line, difference = _difference(recording, links, outcome)
    return Replayed(outcome, line, difference)


class _Ended(Event):
    """Set with the technician's, and once the driver differs: no answer comes any more."""

    def __init__(self, links: ReplayLinks, cancelled: Event) -> None:
        super().__init__()
        self._links, self._cancelled = links, cancelled

    def is_set(self) -> bool:
        return self._links.difference is not None or self._cancelled.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set() or self._cancelled.wait(timeout)


def _difference(
    recording: Recording, links: ReplayLinks, outcome: Outcome
) -> tuple[int | None, str]:
    if links.difference is not None:
        return recording.line(links.difference.at), links.difference.words
    if not links.finished():
        return recording.line(links.played), f"the driver ended here: {outcome.detail}"
    if recording.result and recording.result != result_of(outcome):
        words = f"recorded {recording.result}, seen {result_of(outcome)}"
        return recording.line(len(recording.lines)), words
    return None, ""
