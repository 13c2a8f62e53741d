"""Driver for the card dispensers TTCE K720 and K750 and D1801."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import wait_for
from hardware.smartcard import k720_codes as codes
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.interface import CardPosition, UnitStatus
from hardware.smartcard.k720_channel import BEGIN_S, K720Channel, fault_of
from hardware.smartcard.k720_codes import State

BAUD = 9600
MOTION_TIMEOUT_S = 20.0
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
        self._channel = K720Channel(connect, address, motion_timeout_s)
        self._reader = reader
        self._front_entry = front_entry
        self._hold, self._draw_in = hold, draw_in
        self._version: str | None = None

    def open(self) -> None:
        """Open the line and ask for the state; an entry that was left open is ended.

        A card in the channel stays where it is.
        """
        if self._channel.is_open:
            return
        self._channel.open()
        try:
            if self._channel.position() is CardPosition.NONE and self._front_entry:
                self._channel.reset()
        except DeviceError as error:
            self.close()
            raise DeviceAbsentError(f"no card dispenser answers: {error}") from error

    def close(self) -> None:
        """Release the line, and the reader."""
        if self._reader is not None:
            self._reader.close()
        self._version = None
        self._channel.close()

    def health(self) -> Health:
        """Ask for the state and judge by it; the detail tells the version."""
        try:
            state = self._channel.state()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        if state & codes.BROKEN:
            return Health(DeviceState.HARDWARE_ERROR, str(fault_of(state)))
        status = codes.unit_status(state)
        words = f"feeder {status.feeder.value}, bin full {status.bin_full.value}"
        return Health(DeviceState.ONLINE, f"{words}, {self._told_version()}".removesuffix(", "))

    def status(self) -> UnitStatus:
        """Ask the sensors."""
        return codes.unit_status(self._channel.state())

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Let a person's card in; the entry is ended by a reset when none comes.

        Raises:
            DeviceFaultError: not_supported, where the model has no entry.
        """
        if not self._front_entry:
            raise DeviceFaultError("not_supported", detail="this dispenser takes no cards in")
        position = self._channel.position()
        if position is CardPosition.INSIDE:
            return
        if position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        before = self._channel.state() & codes.FAILED
        self._channel.start(codes.LET_IN)
        try:
            wait_for(lambda: self._card_accepted(before), timeout_s, cancelled, LOOK_EVERY_S)
        except DeviceError as error:
            if not self._ended_with_card() or not isinstance(error, DeviceTimeoutError):
                raise

    def feed(self) -> None:
        """Draw one card from the stacker to the reading place."""
        state = self._channel.state()
        if codes.unit_status(state).position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        if state & State.EMPTY and not state & State.SENSOR_3:
            raise DeviceFaultError("empty", f"{state:04X}")
        self._channel.move(codes.TO_READER, CardPosition.INSIDE)

    def draw_in(self) -> None:
        """Move the card at the gate inside."""
        if self._position_of_card() is not CardPosition.INSIDE:
            self._channel.move(self._draw_in, CardPosition.INSIDE)

    def hold_at_gate(self) -> None:
        """Move the card to the gate and hold it there."""
        if self._position_of_card() is not CardPosition.GATE:
            self._channel.move(self._hold, CardPosition.GATE)

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Look until the channel is empty."""
        wait_for(self._channel_empty, timeout_s, cancelled, LOOK_EVERY_S)

    def capture(self) -> None:
        """Move the card in the channel into the bin; with an empty channel do nothing."""
        if self._channel.position() is not CardPosition.NONE:
            self._channel.move(codes.TO_BIN, CardPosition.NONE)

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

    def _told_version(self) -> str:
        if self._version is None:
            try:
                told = self._channel.ask(codes.VERSION, bytes)
            except DeviceError:
                told = b""
            self._version = "".join(chr(byte) for byte in told if 0x20 < byte < 0x7F)
        return self._version

    def _is_inside(self) -> bool | None:
        return True if self._channel.position() is CardPosition.INSIDE else None

    def _card_accepted(self, before: State) -> bool | None:
        state = self._channel.state()
        if codes.unit_status(state).position is CardPosition.INSIDE:
            return True
        if state & codes.BROKEN & ~before:
            raise fault_of(state)
        if state & State.REFUSED & ~before:
            raise DeviceFaultError("not_supported", f"{state:04X}", "the entry was refused")
        return None

    def _ended_with_card(self) -> bool:
        """End the entry; tell whether a card slipped in meanwhile. Nothing here is told anew."""
        with suppress(DeviceError):
            if self._is_inside() or self._slips_in():
                return True
            if self._channel.position() is CardPosition.NONE:
                self._channel.reset()
            return bool(self._is_inside())
        return False

    def _slips_in(self) -> bool:
        """A card that is between the fingers and the rollers is let in: a reset could eat it."""
        if self._channel.position() is not CardPosition.GATE:
            return False
        with suppress(DeviceTimeoutError):
            return wait_for(self._is_inside, BEGIN_S, Event(), LOOK_EVERY_S)
        return False

    def _channel_empty(self) -> bool | None:
        position = self._channel.position()
        if position is CardPosition.INSIDE:
            raise DeviceFaultError("refused", detail="the card is inside, nobody can take it")
        return True if position is CardPosition.NONE else None

    def _position_of_card(self) -> CardPosition:
        """Where the card is. Moving with an empty channel would draw a card from the stacker."""
        position = self._channel.position()
        if position is CardPosition.NONE:
            raise DeviceFaultError("refused", detail="there is no card in the channel")
        if position is CardPosition.UNKNOWN:
            raise DeviceFaultError("refused", detail="the card is still moving")
        return position
