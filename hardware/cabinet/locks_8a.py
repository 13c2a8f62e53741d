"""Driver for "8A" lock boards (SHUOMING, YPMCU and others): 2 to 24 locks, DIP addresses 1 to 32.

Every frame is head, address, lock, function, and the exclusive or of all before it. What a lock's
switch says depends on how it is wired: see Polarity. The family senses no items; a second board
whose 24 inputs are switches under the slots may do that.

Source: the vendor's paper on the 485 lock control board, 2024A1, as users of the boards cite it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hardware.cabinet.interface import Slot
from hardware.cabinet.lock_boards import JAMMED_AFTER_S, SILENT_TRIES, LockBoards, seen_bit
from hardware.cabinet.slot_watch import SlotWatch
from hardware.core.device import Seen
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.core.waiting import pause

OPEN, READ, REPORT = 0x8A, 0x80, 0x82
OPEN_CODE, READ_CODE = 0x11, 0x33
ALL_LOCKS = 0
SHUT, APART = 0x11, 0x00
"""What S says of the lock's switch."""
MOST_LOCKS, MOST_ADDRESS = 24, 32
FRAME_SIZE = 5
ANSWER_TIMEOUT_S = 0.3
SETTLE_S = 0.1
TURNAROUND_S = 0.02
MOST_REPORTS = 32
"""So many reports are read at once before a question, and no more: a board that babbles."""


class Polarity(StrEnum):
    """What S = 11, or a bit that is 1, means."""

    CLOSED_11 = "closed_11"
    """The switch is shut while the lock is closed. A failed unlock then repeats the request."""
    CLOSED_00 = "closed_00"
    """The switch is shut while the lock is open."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """How the boards of one cabinet are made and joined.

    Attributes:
        locks: On each board: 2, 8, 12, 18 or 24; any number to 24 is believed.
        first_address: DIP address of the first board; the others follow.
        sensor_address: DIP address of the board whose inputs sense the items of the first board;
            those of the others follow. None: items are unknown.
        item_polarity: CLOSED_11 where a thing in the slot shuts its switch.
    """

    locks: int = MOST_LOCKS
    first_address: int = 1
    sensor_address: int | None = None
    polarity: Polarity = Polarity.CLOSED_11
    item_polarity: Polarity = Polarity.CLOSED_11


def frame(head: int, address: int, lock: int, function: int) -> bytes:
    """Build a frame."""
    body = bytes([head, address, lock, function])
    return body + bytes([_check(body)])


def _check(body: bytes) -> int:
    check = 0
    for byte in body:
        check ^= byte
    return check


class Locks8a(LockBoards[Transport]):
    """A cabinet of boards of equal size; slot 1 is lock 1 of the board at first_address."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        slot_count: int,
        wiring: Wiring,
        jammed_after_s: float = JAMMED_AFTER_S,
        watch: SlotWatch | None = None,
    ) -> None:
        if not 1 <= wiring.locks <= MOST_LOCKS:
            raise ValueError(f"a board has 1 to {MOST_LOCKS} locks")
        super().__init__(connect, slot_count, wiring.locks, jammed_after_s, watch)
        self._wiring = wiring
        self._senses_items = wiring.sensor_address is not None
        self._blind: set[int] = set()
        """Boards whose sensor board did not answer the last time."""
        first = {wiring.first_address, wiring.sensor_address or wiring.first_address}
        if min(first) < 1 or max(first) + len(self._boards) - 1 > MOST_ADDRESS:
            raise ValueError(f"boards have the addresses 1 to {MOST_ADDRESS}")
        if wiring.sensor_address is not None:
            apart = abs(wiring.sensor_address - wiring.first_address)
            if apart < len(self._boards):
                raise ValueError("boards of locks and of sensors have different addresses")

    def _ask_board(self, board: int, tries: int) -> list[tuple[Seen, Seen]]:
        line = self._opened()
        locks = range(self._wiring.locks)
        closed = self._bits(line, self._wiring.first_address + board, tries)
        if self._wiring.polarity is Polarity.CLOSED_00:
            closed = ~closed
        if self._wiring.sensor_address is None:
            return [(seen_bit(closed, lock), Seen.UNKNOWN) for lock in locks]
        try:
            tries = SILENT_TRIES if board in self._blind else tries
            items = self._bits(line, self._wiring.sensor_address + board, tries)
        except (DeviceAbsentError, BadReplyError):
            self._blind.add(board)
            return [(seen_bit(closed, lock), Seen.UNKNOWN) for lock in locks]
        self._blind.discard(board)
        if self._wiring.item_polarity is Polarity.CLOSED_00:
            items = ~items
        return [(seen_bit(closed, lock), seen_bit(items, lock)) for lock in locks]

    def _missing(self) -> list[str]:
        sensors = [f"the sensors of board {board}" for board in sorted(self._blind)]
        return super()._missing() + sensors

    def _pulse(self, board: int, lock: int) -> None:
        line = self._opened()
        self._hear_reports(line)
        line.write(frame(OPEN, self._wiring.first_address + board, lock + 1, OPEN_CODE))
        pause(SETTLE_S)
        line.flush_input()  # its answer may be the request itself, and proves nothing

    def _bits(self, line: Transport, address: int, tries: int) -> int:
        """Ask a board for all its switches; returns bits, lock 1 the lowest."""
        said = False
        for _ in range(tries):
            pause(TURNAROUND_S)
            self._hear_reports(line)
            line.write(frame(READ, address, ALL_LOCKS, READ_CODE))
            try:
                if (bits := self._answer(line, address)) is not None:
                    return bits
            except DeviceTimeoutError:
                continue
            said = True
        if said:
            raise BadReplyError(f"board {address} answers what no lock board answers")
        raise DeviceAbsentError(f"board {address} does not answer")

    def _answer(self, line: Transport, address: int) -> int | None:
        """Read 80 ADDRESS b3 b2 b1 33 CHECK; reports may come first. None for anything else."""
        size = (self._wiring.locks + 7) // 8
        for _ in range(MOST_REPORTS):
            head = line.read(1, ANSWER_TIMEOUT_S)
            if head[0] == REPORT:
                self._hear(head + line.read(FRAME_SIZE - 1, ANSWER_TIMEOUT_S))
                continue
            body = head + line.read(size + 3, ANSWER_TIMEOUT_S)
            sound = (body[0], body[1], body[-2]) == (READ, address, READ_CODE)
            if sound and body[-1] == _check(body[:-1]):
                return int.from_bytes(body[2:-2], "big")
            return None
        return None

    def _hear_reports(self, line: Transport) -> None:
        """Read what the boards said unasked, then throw away what is no report."""
        for _ in range(MOST_REPORTS):
            try:
                head = line.read(1, 0.0)
                if head[0] != REPORT:
                    break
                self._hear(head + line.read(FRAME_SIZE - 1, ANSWER_TIMEOUT_S))
            except DeviceTimeoutError:
                break
        line.flush_input()

    def _hear(self, report: bytes) -> None:
        """Take a report of a changed lock for the alarms: it may tell what no look would see."""
        board = report[1] - self._wiring.first_address
        lock = report[2] - 1
        is_known = board in self._boards and 0 <= lock < self._wiring.locks
        if not is_known or report[-1] != _check(report[:-1]) or report[3] not in (SHUT, APART):
            return
        number = self._number(board, lock)
        shut_means = Seen.YES if self._wiring.polarity is Polarity.CLOSED_11 else Seen.NO
        apart_means = Seen.NO if shut_means is Seen.YES else Seen.YES
        locked = shut_means if report[3] == SHUT else apart_means
        if number <= self._slot_count:
            self._watch.look(Slot(number, locked, Seen.UNKNOWN))
