"""Driver for KERONG KR-CU16 lock boards: up to sixteen boards of sixteen locks on one line."""

from collections.abc import Callable
from threading import Event

from hardware.cabinet.interface import Slot
from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import pause, wait_for

STX, ETX = 0x02, 0x03
STATUS, UNLOCK, STATUS_ANSWER = 0x30, 0x31, 0x35
LOCKS_ON_A_BOARD = 16
MOST_SLOTS = 16 * LOCKS_ON_A_BOARD
ANSWER_SIZE = 9
ANSWER_TIMEOUT_S = 0.3
TRIES = 3
SETTLE_S = 0.1
"""Some boards answer an unlock and some do not: rest so long, then drop what they said."""
JAMMED_AFTER_S = 1.5
"""The pulse of a lock (0.5 s from the factory) and a second."""
LOOK_EVERY_S = 0.1


def request_frame(board: int, lock: int, request: int) -> bytes:
    """Build a request; board and lock count from 0."""
    frame = bytes([STX, board << 4 | lock, request, ETX])
    return frame + bytes([sum(frame) & 0xFF])


def status_bits(frame: bytes, board: int) -> tuple[int, int] | None:
    """Read a status answer: hooks that are closed and items that are seen, lowest slot lowest.

    Returns:
        None for anything but a sound answer of this board.
    """
    sound = (
        len(frame) == ANSWER_SIZE
        and (frame[0], frame[1] >> 4, frame[2], frame[7]) == (STX, board, STATUS_ANSWER, ETX)
        and frame[8] == sum(frame[:8]) & 0xFF
    )
    if not sound:
        return None
    return int.from_bytes(frame[3:5], "little"), int.from_bytes(frame[5:7], "little")


class Cu16:
    """A cabinet of slot_count slots: slots 1 to 16 are on board 0, 17 to 32 on board 1, ..."""

    def __init__(
        self,
        transport_factory: Callable[[], Transport],
        slot_count: int,
        jammed_after_s: float = JAMMED_AFTER_S,
    ) -> None:
        if not 1 <= slot_count <= MOST_SLOTS:
            raise ValueError(f"a line of boards has 1 to {MOST_SLOTS} slots")
        self._connect = transport_factory
        self._slot_count = slot_count
        self._jammed_after_s = jammed_after_s
        self._line: Transport | None = None

    def open(self) -> None:
        """Open the line and see that every board answers."""
        if self._line is not None:
            return
        self._line = self._connect()
        try:
            self.slots()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask every board."""
        try:
            slots = self.slots()
        except DeviceAbsentError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        except DeviceError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        open_slots = sum(slot.locked is Seen.NO for slot in slots)
        return Health(DeviceState.ONLINE, f"{len(slots)} slots, {open_slots} open")

    def slots(self) -> tuple[Slot, ...]:
        """Ask each board once."""
        boards = range((self._slot_count - 1) // LOCKS_ON_A_BOARD + 1)
        seen = [slot for board in boards for slot in self._look(board)]
        return tuple(seen[: self._slot_count])

    def slot(self, number: int) -> Slot:
        """Ask the slot's board."""
        board, lock = self._place(number)
        return self._look(board)[lock]

    def unlock(self, number: int) -> None:
        """Pulse the lock, then believe the board's sensors alone.

        A slot that is open stays so, without a pulse. In a magazine the lock closes again after
        its pulse; that the item has fallen out proves then that it had opened.
        """
        board, lock = self._place(number)
        before = self._look(board)[lock]
        if before.locked is Seen.NO:
            return
        line = self._opened()
        line.flush_input()
        line.write(request_frame(board, lock, UNLOCK))
        pause(SETTLE_S)

        def opened() -> bool | None:
            now = self._look(board)[lock]
            fallen_out = before.item is Seen.YES and now.item is Seen.NO
            return True if now.locked is Seen.NO or fallen_out else None

        try:
            wait_for(opened, self._jammed_after_s, Event(), LOOK_EVERY_S)
        except DeviceTimeoutError as error:
            raise DeviceFaultError("jam", detail=f"slot {number} did not open") from error

    def _place(self, number: int) -> tuple[int, int]:
        if not 1 <= number <= self._slot_count:
            raise ValueError(f"there is no slot {number}")
        return divmod(number - 1, LOCKS_ON_A_BOARD)

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the cabinet is not open")
        return self._line

    def _look(self, board: int) -> list[Slot]:
        hooks, items = self._status(board)
        first = board * LOCKS_ON_A_BOARD + 1
        return [
            Slot(first + lock, _seen(hooks, lock), _seen(items, lock))
            for lock in range(LOCKS_ON_A_BOARD)
        ]

    def _status(self, board: int) -> tuple[int, int]:
        line = self._opened()
        said = False
        for _ in range(TRIES):
            line.flush_input()
            line.write(request_frame(board, 0, STATUS))
            try:
                frame = line.read(ANSWER_SIZE, ANSWER_TIMEOUT_S)
            except DeviceTimeoutError:
                continue
            said = True
            if (bits := status_bits(frame, board)) is not None:
                return bits
        if said:
            raise BadReplyError(f"board {board} answers what no lock board answers")
        raise DeviceAbsentError(f"board {board} does not answer")


def _seen(bits: int, lock: int) -> Seen:
    return Seen.YES if bits >> lock & 1 else Seen.NO
