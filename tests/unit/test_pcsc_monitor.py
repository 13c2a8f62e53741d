"""The monitor of PC/SC readers, over a resource manager that follows a script."""

from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Event, current_thread

import pytest

from hardware.smartcard.pcsc_calls import ReaderState
from hardware.smartcard.pcsc_codes import PcscCode, PcscError
from hardware.smartcard.pcsc_monitor import Change, PcscMonitor

CHANGED, UNKNOWN, EMPTY, PRESENT, MUTE = 0x02, 0x04, 0x10, 0x20, 0x200
ATR = bytes.fromhex("3B00")
PATIENCE_S = 10.0


class Manager:
    """A service whose readers a test moves; each context of it dies with it."""

    def __init__(self) -> None:
        self.states: dict[str, ReaderState] = {}
        self.code: int = PcscCode.OK
        self.code_of_changes: int = PcscCode.OK
        self.contexts = 0
        self.released = 0

    def put(self, reader: str, flags: int, moved: int = 0, atr: bytes = b"") -> None:
        self.states = {**self.states, reader: ReaderState(moved << 16 | flags, atr)}

    def establish(self) -> "Manager":
        self._require_ok()
        self.contexts += 1
        return self

    def readers(self) -> list[str]:
        self._require_ok()
        return list(self.states)

    def changes(
        self, known: Mapping[str, ReaderState], timeout_s: float = 0.0
    ) -> dict[str, ReaderState]:
        Event().wait(min(timeout_s, 0.001))
        self._require_ok()
        if self.code_of_changes:
            raise PcscError(self.code_of_changes)
        states = self.states
        return {
            name: _seen(states[name], before) for name, before in known.items() if name in states
        }

    def release(self) -> None:
        self.released += 1

    def _require_ok(self) -> None:
        if self.code:
            raise PcscError(self.code)


def _seen(now: ReaderState, before: ReaderState) -> ReaderState:
    has_changed = now.flags != before.flags & ~CHANGED
    return ReaderState(now.flags | (CHANGED if has_changed else 0), now.atr)


class Told:
    """The changes that a monitor told, in turn."""

    def __init__(self) -> None:
        self._changes: SimpleQueue[Change] = SimpleQueue()

    def __call__(self, change: Change) -> None:
        self._changes.put(change)

    def next(self) -> tuple[str, str]:
        change = self._changes.get(timeout=PATIENCE_S)
        return change.kind.value, change.reader

    def next_atr(self) -> bytes:
        return self._changes.get(timeout=PATIENCE_S).atr

    def is_quiet(self, seconds: float = 0.05) -> bool:
        try:
            self._changes.get(timeout=seconds)
        except Empty:
            return True
        return False


@pytest.fixture
def manager():
    return Manager()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def monitor(manager, told):
    monitor = PcscMonitor(told, manager.establish, look_s=0.005)
    yield monitor
    monitor.stop()
    if monitor._thread.ident is not None:
        assert monitor.join(PATIENCE_S)
        assert manager.released == manager.contexts


def test_what_is_there_is_told_first(manager, monitor, told):
    manager.put("empty", EMPTY)
    manager.put("full", PRESENT, 1, ATR)
    monitor.start()
    assert [told.next() for _ in range(4)] == [
        ("service_up", ""),
        ("reader_found", "empty"),
        ("reader_found", "full"),
        ("card_out", "empty"),
    ]
    assert told.next_atr() == ATR
    assert told.is_quiet()


@pytest.fixture
def watched(manager, monitor, told):
    manager.put("r", EMPTY)
    monitor.start()
    assert [told.next()[0] for _ in range(3)] == ["service_up", "reader_found", "card_out"]
    return monitor


def test_cards_come_and_go_once(manager, watched, told):
    manager.put("r", PRESENT, 1, ATR)
    assert told.next() == ("card_in", "r")
    manager.put("r", PRESENT | 0x180, 1, ATR)  # now somebody uses it
    assert told.is_quiet()
    manager.put("r", EMPTY, 2)
    assert told.next() == ("card_out", "r")
    assert told.is_quiet()


def test_a_card_swapped_between_two_looks_is_another(manager, watched, told):
    manager.put("r", PRESENT, 1, ATR)
    assert told.next() == ("card_in", "r")
    manager.put("r", PRESENT, 3, ATR)
    assert [told.next(), told.next()] == [("card_out", "r"), ("card_in", "r")]
    assert told.is_quiet()


def test_a_mute_card_is_a_card(manager, watched, told):
    manager.put("r", PRESENT | MUTE, 1)
    assert told.next() == ("card_in", "r")


def test_readers_come_and_go(manager, watched, told):
    manager.put("other", EMPTY)
    assert [told.next(), told.next()] == [("reader_found", "other"), ("card_out", "other")]
    manager.states = {}
    assert {told.next(), told.next()} == {("reader_gone", "r"), ("reader_gone", "other")}
    manager.put("r", PRESENT, 1, ATR)
    assert [told.next(), told.next()] == [("reader_found", "r"), ("card_in", "r")]


@pytest.mark.parametrize("code", [PcscCode.UNKNOWN_READER, PcscCode.READER_UNAVAILABLE])
def test_a_reader_that_goes_between_two_calls_is_no_end_of_the_service(
    manager, watched, told, code
):
    manager.code_of_changes = code
    assert told.is_quiet()
    manager.code_of_changes = PcscCode.OK
    manager.put("r", PRESENT, 1, ATR)
    assert told.next() == ("card_in", "r")
    assert manager.contexts == 1


def test_a_reader_that_nobody_knows_any_more_tells_nothing_of_its_card(manager, watched, told):
    manager.put("r", UNKNOWN)
    assert told.is_quiet()


@pytest.mark.parametrize(
    "code", [PcscCode.COMM_ERROR, PcscCode.NO_SERVICE, PcscCode.INVALID_HANDLE, 0x8010001F]
)
def test_a_service_that_ends_is_told_once_and_so_is_its_return(manager, watched, told, code):
    manager.put("r", PRESENT, 1, ATR)
    assert told.next() == ("card_in", "r")
    manager.code = code
    assert told.next() == ("service_down", "")
    assert told.is_quiet()
    manager.code = PcscCode.OK
    assert [told.next() for _ in range(3)] == [
        ("service_up", ""),
        ("reader_found", "r"),
        ("card_in", "r"),
    ]


def test_a_service_that_is_not_there_at_all_is_told(manager, monitor, told):
    manager.code = PcscCode.NO_SERVICE
    monitor.start()
    assert told.next() == ("service_down", "")
    assert told.is_quiet()


def test_after_the_end_nothing_is_told(manager, watched, told):
    watched.stop()
    watched.stop()
    manager.put("r", PRESENT, 1, ATR)
    assert watched.join()
    assert told.is_quiet()


def test_the_end_waits_for_what_is_being_told(manager, told):
    begun, ended = Event(), Event()

    def tell(_change: Change) -> None:
        begun.set()
        Event().wait(0.1)
        ended.set()

    with PcscMonitor(tell, manager.establish, look_s=0.005):
        assert begun.wait(PATIENCE_S)
    assert ended.is_set()


def test_whoever_is_told_may_end_it(manager):
    threads: list[str] = []
    stop: list[Callable[[], None]] = []

    def tell(_change: Change) -> None:
        threads.append(current_thread().name)
        stop[0]()

    manager.put("r", PRESENT, 1, ATR)
    monitor = PcscMonitor(tell, manager.establish, look_s=0.005)
    stop.append(monitor.stop)
    monitor.start()
    assert monitor.join(PATIENCE_S)
    assert threads == ["pcsc monitor"]


def test_a_service_that_hangs_does_not_hold_up_the_end(told):
    asked, let_go = Event(), Event()

    class Hanging(Manager):
        def readers(self) -> list[str]:
            asked.set()
            let_go.wait()
            return []

    monitor = PcscMonitor(told, Hanging().establish)
    monitor.start()
    assert asked.wait(PATIENCE_S)
    monitor.stop()
    assert not monitor.join(0.01)
    let_go.set()
    assert monitor.join(PATIENCE_S)
    assert told.is_quiet()
