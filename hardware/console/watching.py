"""Watches devices: a thread for each, which looks again and again and tells what changed."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeAlias

from hardware.catalog import driver, make
from hardware.console.entries import Configured, Now, wall_clock
from hardware.console.sights import Change, Memory, Sight
from hardware.core.device import Device, DeviceState
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceError
from hardware.core.keeper import Keeper
from hardware.self_tests import look, sensors

LOOK_EVERY_S = 1.0
MOST_KEPT = 200
END_S = 3.0
"""How long an end waits for devices that are slow to answer; their threads end by themselves."""

Tell: TypeAlias = Callable[[Change], None]


def watch_devices(
    devices: Iterable[Configured],
    tell: Tell,
    cancelled: Event,
    every_s: float = LOOK_EVERY_S,
    now: Now = wall_clock,
) -> None:
    """Tell every change that the devices' sensors show, one at a time, until cancelled is set.

    Raises:
        ValueError: A device's driver, address or option does not exist.
    """
    lock = Lock()

    def tell_one(change: Change) -> None:
        with lock:
            if not cancelled.is_set():
                tell(change)

    watches = [DeviceWatch(configured, tell_one, now, every_s) for configured in devices]
    for watch in watches:
        make(watch.configured.driver, watch.configured.address, watch.configured.options)
    for watch in watches:
        watch.start()
    cancelled.wait()
    end_watches(watches)


def end_watches(watches: Iterable["DeviceWatch"]) -> None:
    """End all, and wait a little until their devices are closed."""
    watches = list(watches)
    for watch in watches:
        watch.ended.set()
    for watch in watches:
        watch.end()


class DeviceWatch(Thread):
    """One device on a thread of its own: looked at, and given up for jobs such as its test.

    Attributes:
        sight: What the last look showed; starting before the first one.
        history: Every change, the newest last; none older than the last 200.
        ended: Set to end the thread.
    """

    def __init__(
        self,
        configured: Configured,
        tell: Tell,
        now: Now = wall_clock,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        super().__init__(name=f"watch {configured.name}", daemon=True)
        self.configured = configured
        self.sight = Sight(DeviceState.STARTING)
        self.history: deque[Change] = deque(maxlen=MOST_KEPT)
        self.ended = Event()
        self._tell = tell
        self._now = now
        self._every_s = every_s
        self._memory = Memory(configured.name)
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._keeper = self._kept()

    @property
    def state_since(self) -> datetime | None:
        """Since when the device's state has been what it is; None before the first look."""
        return self._memory.state_since

    def do(self, job: Callable[[], None]) -> None:
        """Let the device go, run job on this thread, and watch again; job may open the device."""
        self._jobs.put(job)

    def end(self) -> None:
        """End the thread and close the device, or leave both to a call that does not return."""
        self.ended.set()
        self._jobs.put(None)
        if self.is_alive():
            self.join(END_S)
        self._keeper.close()

    def run(self) -> None:
        """Look, and do jobs, until ended is set."""
        while not self.ended.is_set():
            self._look()
            try:
                job = self._jobs.get(timeout=self._every_s)
            except Empty:
                continue
            if job is not None and not self.ended.is_set():
                self._keeper.close()
                job()
                self._keeper = self._kept()
        self._keeper.close()

    def _look(self) -> None:
        sight = self._seen()
        if sight.state is DeviceState.BUSY or self.ended.is_set():
            return
        self.sight = sight
        for change in self._memory.changes(sight, self._now()):
            self.history.append(change)
            self._tell(change)

    def _seen(self) -> Sight:
        try:
            kind = driver(self.configured.driver).kind
            health = self._keeper.health()
            if health.state in {DeviceState.NO_DEVICE, DeviceState.BUSY}:
                return Sight(health.state, health.detail)
            words, read = self._keeper.use(lambda d: (look(kind, d), sensors(kind, d)))
        except ValueError as error:
            return Sight(DeviceState.USER_ERROR, str(error))
        except (DeviceAbsentError, BadReplyError) as error:
            return Sight(DeviceState.NO_DEVICE, str(error))  # the keeper has let go of it
        except DeviceError as error:
            return Sight(DeviceState.HARDWARE_ERROR, str(error))
        return Sight(health.state, health.detail, words, read)

    def _kept(self) -> Keeper[Device]:
        entry = self.configured
        return Keeper(
            entry.name,
            partial(make, entry.driver, entry.address, entry.options),
            lambda _: None,  # its state is told anyway
        )
