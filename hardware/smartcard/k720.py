"""Driver for the card dispensers TTCE K720 and K750 and D1801."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import pause, wait_for
from hardware.smartcard import k720_codes as codes
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.interface import CardPosition, UnitStatus
from hardware.smartcard.k720_codes import State
from hardware.smartcard.k720_line import K720Line

BAUD = 9600
MOTION_TIMEOUT_S = 20.0
BEGIN_S = 2.0
"""How long a motion may take to show in the state."""
LOOK_EVERY_S = 0.2
READER_S = 3.0


class K720:
    """One dispenser: stacker, gate, bin, and a place where a reader of its own reaches the card.

    It powers no chip itself (the commands for that are not public): a reader that is built in at
    its reading place does. Models without an entry say not_supported to accept.
    """

    def __init__(
        self,
        connect: Callable[[], Transport],
        *,
        address: int = 0,
        reader: CardReader | None = None,
        front_entry: bool = True,
        hold: bytes = codes.HOLD_AT_GATE,
        draw_in: bytes = codes.LET_IN,
        motion_timeout_s: float = MOTION_TIMEOUT_S,
    ) -> None:
        """Say where the dispenser is; nothing is opened yet.

        Args:
            connect: Opens the line.
            address: The dispenser's switches, 0 to 15.
            reader: Reads chips at the reading place; opened and closed with the dispenser's cards.
            front_entry: Whether the model draws in cards from its gate.
            hold: The command that holds a card at the gate: FC4, or FC0 where that is the one.
            draw_in: The command that takes the card at the gate back: FC8 cannot draw another
                one from the stacker, FC7 might.
            motion_timeout_s: How long a motion may take.
        """
        if not 0 <= address <= 15:
            raise ValueError(f"a dispenser's address is 0 to 15, not {address}")
        self._line = K720Line(connect, address)
        self._reader = reader
        self._front_entry = front_entry
        self._hold, self._draw_in = hold, draw_in
        self._motion_timeout_s = motion_timeout_s
        self._version: str | None = None

    def open(self) -> None:
        """Open the line and ask for the state; an entry that was left open is ended.

        A card in the channel stays where it is.
        """
        if self._line.is_open:
            return
        self._line.open()
        try:
            if self.status().position is CardPosition.NONE and self._front_entry:
                self._reset()
        except DeviceError as error:
            self.close()
            raise DeviceAbsentError(f"no card dispenser answers: {error}") from error

    def close(self) -> None:
        """Release the line, and the reader."""
        if self._reader is not None:
            self._reader.close()
        self._version = None
        self._line.close()

    def health(self) -> Health:
        """Ask for the state and judge by it; the detail tells the version."""
        try:
            state = self._state()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        if state & codes.BROKEN:
            return Health(DeviceState.HARDWARE_ERROR, str(_fault(state)))
        status = codes.unit_status(state)
        words = f"feeder {status.feeder.value}, bin full {status.bin_full.value}"
        return Health(DeviceState.ONLINE, f"{words}, {self._told_version()}".removesuffix(", "))

    def status(self) -> UnitStatus:
        """Ask the sensors."""
        return codes.unit_status(self._state())

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Let a person's card in; the entry is ended by a reset when none comes.

        Raises:
            DeviceFaultError: not_supported, where the model has no entry.
        """
        if not self._front_entry:
            raise DeviceFaultError("not_supported", detail="this dispenser takes no cards in")
        position = self.status().position
        if position is CardPosition.INSIDE:
            return
        if position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        before = self._state() & codes.FAILED
        self._line.start(codes.LET_IN)
        try:
            wait_for(lambda: self._card_accepted(before), timeout_s, cancelled, LOOK_EVERY_S)
        except DeviceError as error:
            if not self._ended_with_card() or not isinstance(error, DeviceTimeoutError):
                raise

    def feed(self) -> None:
        """Draw one card from the stacker to the reading place."""
        state = self._state()
        if codes.unit_status(state).position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        if state & State.EMPTY and not state & State.SENSOR_3:
            raise DeviceFaultError("empty", f"{state:04X}")
        self._move(codes.TO_READER, CardPosition.INSIDE)

    def draw_in(self) -> None:
        """Move the card at the gate inside."""
        if self._position_of_card() is not CardPosition.INSIDE:
            self._move(self._draw_in, CardPosition.INSIDE)

    def hold_at_gate(self) -> None:
        """Move the card to the gate and hold it there."""
        if self._position_of_card() is not CardPosition.GATE:
            self._move(self._hold, CardPosition.GATE)

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Look until the channel is empty."""
        wait_for(self._channel_empty, timeout_s, cancelled, LOOK_EVERY_S)

    def capture(self) -> None:
        """Move the card in the channel into the bin; with an empty channel do nothing."""
        if self.status().position is not CardPosition.NONE:
            self._move(codes.TO_BIN, CardPosition.NONE)

    def connect(self) -> bytes:
        """Have the reader at the reading place power the chip, and return the ATR.

        Raises:
            DeviceFaultError: not_supported, where there is no reader.
        """
        reader = self._reader_there()
        if self._position_of_card() is not CardPosition.INSIDE:
            raise DeviceFaultError("refused", detail="the card is not inside")
        reader.open()
        if not reader.wait_for_card(READER_S, Event()):
            raise DeviceFaultError("card_error", detail="the reader sees no card")
        return reader.connect()

    def disconnect(self) -> None:
        """Power the chip off."""
        if self._reader is not None:
            self._reader.disconnect()

    @property
    def takes_extended_length(self) -> bool:
        """As the reader does."""
        return self._reader is not None and self._reader.takes_extended_length

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU through the reader."""
        return self._reader_there().transmit(command)

    def _reader_there(self) -> CardReader:
        if self._reader is None:
            raise DeviceFaultError("not_supported", detail="no chip reader is built in")
        return self._reader

    def _state(self) -> State:
        return self._line.ask(codes.STATE, codes.state_of)

    def _told_version(self) -> str:
        if self._version is None:
            try:
                told = self._line.ask(codes.VERSION, bytes)
            except DeviceError:
                told = b""
            self._version = "".join(chr(byte) for byte in told if 0x20 < byte < 0x7F)
        return self._version

    def _move(self, motion: bytes, goal: CardPosition) -> None:
        """Make one motion and look until it has ended.

        What failed before says nothing of this motion until it has begun.
        """
        before = self._state() & codes.FAILED
        self._line.start(motion)
        began = monotonic()
        has_begun = False
        while monotonic() - began < self._motion_timeout_s:
            state = self._looked()
            has_begun = has_begun or bool(state & codes.BUSY) or monotonic() - began > BEGIN_S
            if not state & codes.MOVING:
                if codes.unit_status(state).position is goal:
                    return
                if state & codes.FAILED & ~(codes.NONE if has_begun else before):
                    raise _fault(state)
                if has_begun:
                    break
            pause(LOOK_EVERY_S / 2)
        raise DeviceTimeoutError(f"the card did not arrive: {goal.value}")

    def _looked(self) -> State:
        try:
            return self._state()
        except BadReplyError as error:
            raise DeviceTimeoutError(f"how the motion ended is not known: {error}") from error

    def _is_inside(self) -> bool | None:
        return True if self.status().position is CardPosition.INSIDE else None

    def _card_accepted(self, before: State) -> bool | None:
        state = self._state()
        if codes.unit_status(state).position is CardPosition.INSIDE:
            return True
        if state & codes.BROKEN & ~before:
            raise _fault(state)
        if state & State.REFUSED & ~before:
            raise DeviceFaultError("not_supported", f"{state:04X}", "the entry was refused")
        return None

    def _ended_with_card(self) -> bool:
        """End the entry; tell whether a card slipped in meanwhile. Nothing here is told anew."""
        with suppress(DeviceError):
            if self._is_inside() or self._slips_in():
                return True
            self._reset()
            return bool(self._is_inside())
        return False

    def _slips_in(self) -> bool:
        """A card that is between the fingers and the rollers is let in: a reset could eat it."""
        if self.status().position is not CardPosition.GATE:
            return False
        with suppress(DeviceTimeoutError):
            return wait_for(self._is_inside, BEGIN_S, Event(), LOOK_EVERY_S)
        return False

    def _reset(self) -> None:
        """End an entry. Nobody says what a reset does to a card: the channel is empty here."""
        self._line.start(codes.RESET)
        wait_for(self._idle, self._motion_timeout_s, Event(), LOOK_EVERY_S)

    def _idle(self) -> bool | None:
        return None if self._state() & codes.BUSY else True

    def _channel_empty(self) -> bool | None:
        position = self.status().position
        if position is CardPosition.INSIDE:
            raise DeviceFaultError("refused", detail="the card is inside, nobody can take it")
        return True if position is CardPosition.NONE else None

    def _position_of_card(self) -> CardPosition:
        """Where the card is. Moving with an empty channel would draw a card from the stacker."""
        position = self.status().position
        if position is CardPosition.NONE:
            raise DeviceFaultError("refused", detail="there is no card in the channel")
        if position is CardPosition.UNKNOWN:
            raise DeviceFaultError("refused", detail="the card is still moving")
        return position


def _fault(state: State) -> DeviceFaultError:
    words = [word for bit, word in codes.WORDS.items() if state & bit]
    return DeviceFaultError(codes.reason_of(state), f"{state:04X}", ", ".join(words))
