"""Driver for KERONG KR-CU16 lock boards: up to sixteen boards of sixteen locks on one line.

The frames of KERONG's paper for CU12 and CU16: 02, board and lock, request, data, 03, sum of all.
"""

from collections.abc import Callable
from typing import TypeVar

from hardware.cabinet.lock_boards import JAMMED_AFTER_S, LockBoards, seen_bit
from hardware.cabinet.slot_watch import SlotWatch
from hardware.core.device import Seen
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.core.waiting import pause

STX, ETX = 0x02, 0x03
STATUS, UNLOCK, STATUS_ANSWER = 0x30, 0x31, 0x35
PULSE_TIME, PULSE_TIME_ANSWER = 0x37, 0x38
VERSION_STX, VERSION, VERSION_ETX = 0xF5, 0xB6, 0x5F
LOCKS_ON_A_BOARD = 16
MOST_SLOTS = 16 * LOCKS_ON_A_BOARD
ANSWER_SIZE, PULSE_TIME_ANSWER_SIZE, VERSION_ANSWER_SIZE = 9, 7, 8
ANSWER_TIMEOUT_S = 0.3
TRIES = 3
SETTLE_S = 0.1
"""Some boards answer an unlock and some do not: rest so long, then drop what they said."""
PULSE_UNIT_S = 0.01
LONGEST_PULSE_S = 60.0
ROOM_S = 1.0
"""So long after its pulse a lock must have moved."""

Answer = TypeVar("Answer")


def request_frame(board: int, lock: int, request: int, data: bytes = b"") -> bytes:
    """Build a request; board and lock count from 0."""
    frame = bytes([STX, board << 4 | lock, request]) + data + bytes([ETX])
    return frame + bytes([sum(frame) & 0xFF])


def version_frame(board: int) -> bytes:
    """Build the question for the versions, which has a frame of its own."""
    frame = bytes([VERSION_STX, VERSION, board << 4, 0, VERSION_ETX])
    return frame + bytes([sum(frame) & 0xFF])


def answer_data(frame: bytes, board: int, code: int) -> bytes | None:
    """Return what is between the code and the end of a sound answer of this board; else None."""
    sound = (
        len(frame) > 5
        and (frame[0], frame[1] >> 4, frame[2], frame[-2]) == (STX, board, code, ETX)
        and frame[-1] == sum(frame[:-1]) & 0xFF
    )
    return frame[3:-2] if sound else None


def status_bits(frame: bytes, board: int) -> tuple[int, int] | None:
    """Read a status answer: hooks that are closed and items that are seen, lowest slot lowest.

    Returns:
        None for anything but a sound answer of this board.
    """
    data = answer_data(frame, board, STATUS_ANSWER)
    if data is None or len(frame) != ANSWER_SIZE:
        return None
    return int.from_bytes(data[:2], "little"), int.from_bytes(data[2:], "little")


class Cu16(LockBoards[Transport]):
    """A cabinet of slot_count slots: slots 1 to 16 are on board 0, 17 to 32 on board 1, ..."""

    def __init__(
        self,
        transport_factory: Callable[[], Transport],
        slot_count: int,
        jammed_after_s: float = JAMMED_AFTER_S,
        pulse_s: float | None = None,
        watch: SlotWatch | None = None,
    ) -> None:
        """Describe the cabinet; pulse_s, 0.01 to 60, is set on every board when it is opened."""
        if not 1 <= slot_count <= MOST_SLOTS:
            raise ValueError(f"a line of boards has 1 to {MOST_SLOTS} slots")
        if pulse_s is not None:
            if not PULSE_UNIT_S <= pulse_s <= LONGEST_PULSE_S:
                raise ValueError(f"a pulse takes {PULSE_UNIT_S} to {LONGEST_PULSE_S} s")
            jammed_after_s = max(jammed_after_s, pulse_s + ROOM_S)
        super().__init__(transport_factory, slot_count, LOCKS_ON_A_BOARD, jammed_after_s, watch)
        self._pulse_s = pulse_s

    def pulse_time_s(self, board: int) -> float:
        """Ask a board, counted from 0, how long it pulses a lock.

        Raises:
            DeviceAbsentError: It is silent, or does not know the question.
        """
        data = self._ask(
            request_frame(board, 0, PULSE_TIME),
            PULSE_TIME_ANSWER_SIZE,
            lambda frame: answer_data(frame, board, PULSE_TIME_ANSWER),
            board,
        )
        return int.from_bytes(data, "big") * PULSE_UNIT_S

    def set_pulse_time(self, board: int, seconds: float) -> None:
        """Have a board pulse its locks so long; it keeps that without power.

        Raises:
            BadReplyError: It still tells another time.
        """
        units = round(seconds / PULSE_UNIT_S)
        line = self._opened()
        line.flush_input()
        line.write(request_frame(board, 0, PULSE_TIME, units.to_bytes(2, "big")))
        pause(SETTLE_S)
        if round(self.pulse_time_s(board) / PULSE_UNIT_S) != units:
            raise BadReplyError(f"board {board} does not take a pulse of {seconds} s")

    def firmware(self, board: int) -> tuple[int, int]:
        """Ask a board for its versions: software, hardware.

        Raises:
            DeviceAbsentError: It is silent, or does not know the question.
        """
        head = bytes([VERSION_STX, VERSION, board << 4])
        answer = self._ask(
            version_frame(board),
            VERSION_ANSWER_SIZE,
            lambda frame: frame if frame[:3] == head else None,
            board,
        )
        return answer[6], answer[7]

    def _prepare(self) -> None:
        if self._pulse_s is None:
            return
        for board in sorted(set(self._boards) - self._silent):
            try:
                if round(self.pulse_time_s(board) / PULSE_UNIT_S) != round(
                    self._pulse_s / PULSE_UNIT_S
                ):
                    self.set_pulse_time(board, self._pulse_s)
            except DeviceAbsentError as error:
                if not self._answers(board):
                    raise
                raise BadReplyError(f"board {board} knows no pulse time: pulse_s") from error

    def _pulse(self, board: int, lock: int) -> None:
        line = self._opened()
        line.flush_input()
        line.write(request_frame(board, lock, UNLOCK))
        pause(SETTLE_S)

    def _wake(self, board: int) -> None:
        """Ask something else: some boards stay busy after an unlock until another command."""
        self._opened().write(request_frame(board, 0, PULSE_TIME))
        pause(SETTLE_S)

    def _ask_board(self, board: int, tries: int) -> list[tuple[Seen, Seen]]:
        hooks, items = self._ask(
            request_frame(board, 0, STATUS),
            ANSWER_SIZE,
            lambda frame: status_bits(frame, board),
            board,
            tries,
        )
        return [(seen_bit(hooks, lock), seen_bit(items, lock)) for lock in range(LOCKS_ON_A_BOARD)]

    def _ask(
        self,
        request: bytes,
        size: int,
        read: Callable[[bytes], Answer | None],
        board: int,
        tries: int = TRIES,
    ) -> Answer:
        """Ask until the answer is sound. All that is asked so may be asked again."""
        line = self._opened()
        said = False
        for _ in range(tries):
            line.flush_input()
            line.write(request)
            try:
                frame = line.read(size, ANSWER_TIMEOUT_S)
            except DeviceTimeoutError:
                continue
            said = True
            if (answer := read(frame)) is not None:
                return answer
        if said:
            raise BadReplyError(f"board {board} answers what no lock board answers")
        raise DeviceAbsentError(f"board {board} does not answer")
