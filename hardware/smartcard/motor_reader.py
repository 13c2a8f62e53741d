"""A motor card unit used as a card reader: it draws the card in, and gives it back itself."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic

from hardware.core.device import Health, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.waiting import pause
from hardware.smartcard.interface import CardPosition, CardUnit

AGAIN_S = 0.2


class MotorReader:
    """Keeps the promises of CardReader with any card unit.

    wait_for_card opens the gate and draws the card in; wait_removed holds it at the gate until it
    is taken. A card that nobody takes stays at the gate, and the next wait draws it in again.
    """

    def __init__(self, unit: CardUnit) -> None:
        self._unit = unit
        self._is_open = False
        self._is_connected = False

    def open(self) -> None:
        """Open the unit."""
        self._unit.open()
        self._is_open = True

    def close(self) -> None:
        """Release the unit; a card inside stays there."""
        self._is_open, self._is_connected = False, False
        self._unit.close()

    def health(self) -> Health:
        """Ask the unit how it is."""
        return self._unit.health()

    def is_card_present(self) -> Seen:
        """Look for a card inside or at the gate."""
        try:
            position = self._position()
        except DeviceError:
            return Seen.UNKNOWN
        if position is CardPosition.UNKNOWN:
            return Seen.UNKNOWN
        return Seen.NO if position is CardPosition.NONE else Seen.YES

    def wait_for_card(self, timeout_s: float, cancelled: Event) -> bool:
        """Let a card in; False when none came."""
        return self._persist(self._accept, timeout_s, cancelled)

    def wait_removed(self, timeout_s: float, cancelled: Event) -> bool:
        """Hold the card at the gate until it is taken; False when it still lies there."""
        return self._persist(self._give_back, timeout_s, cancelled)

    def connect(self) -> bytes:
        """Power the chip of the card inside, and return its ATR."""
        position = self._position()
        if position is CardPosition.NONE:
            raise DeviceFaultError("card_error", detail="there is no card")
        if position is CardPosition.GATE:
            self._draw_in()
        self._is_connected = False
        answer_to_reset = self._unit.connect()
        self._is_connected = True
        return answer_to_reset

    def disconnect(self) -> None:
        """Cut the chip's power; the card stays inside."""
        self._is_connected = False
        if self._is_open:
            with suppress(DeviceError):
                self._unit.disconnect()

    @property
    def takes_extended_length(self) -> bool:
        """As the unit does."""
        return self._unit.takes_extended_length

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU; one that fails ends the connection."""
        self._check_open()
        if not self._is_connected:
            raise DeviceFaultError("card_error", detail="no card is connected")
        try:
            return self._unit.transmit(command)
        except DeviceError:
            self.disconnect()
            raise

    def _position(self) -> CardPosition:
        """Where the card is; a unit that a wait lost is opened again."""
        self._check_open()
        self._unit.open()
        return self._unit.status().position

    def _check_open(self) -> None:
        if not self._is_open:
            raise DeviceAbsentError("the card reader is not open")

    def _persist(
        self, act: Callable[[float, Event], None], timeout_s: float, cancelled: Event
    ) -> bool:
        """Act until it is done or the time is over, however often the unit comes and goes."""
        self._check_open()
        self.disconnect()
        deadline = monotonic() + timeout_s
        lost: DeviceError | None = None
        while True:
            try:
                self._unit.open()
                act(max(0.0, deadline - monotonic()), cancelled)
            except DeviceTimeoutError:
                lost = None
            except (DeviceAbsentError, BadReplyError) as error:
                lost = error
                self._unit.close()
            else:
                return True
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            if (left_s := deadline - monotonic()) <= 0:
                break
            pause(min(AGAIN_S, left_s), cancelled)
        if lost is not None:
            raise DeviceAbsentError(str(lost)) from lost
        return False

    def _accept(self, timeout_s: float, cancelled: Event) -> None:
        if self._unit.status().position is CardPosition.GATE:
            self._draw_in()
        else:
            self._unit.accept(timeout_s, cancelled)

    def _give_back(self, timeout_s: float, cancelled: Event) -> None:
        if self._unit.status().position is CardPosition.INSIDE:
            self._move(self._unit.hold_at_gate, CardPosition.GATE)
        self._unit.wait_taken(timeout_s, cancelled)

    def _draw_in(self) -> None:
        self._move(self._unit.draw_in, CardPosition.INSIDE)

    def _move(self, motion: Callable[[], None], goal: CardPosition) -> None:
        """Make one motion; where its answer is lost, the sensors say whether it was made."""
        try:
            motion()
        except DeviceTimeoutError:
            if self._unit.status().position is not goal:
                raise
