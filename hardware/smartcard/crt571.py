"""Driver for the motor card units Creator CRT-571 and CRT-591 and the F3 family."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import wait_for
from hardware.smartcard import crt571_codes as codes
from hardware.smartcard.crt571_chip import MAX_COMMAND_APDU, ChipWay, Way, ways_of
from hardware.smartcard.crt571_line import RESPONSE_TIMEOUT_S, Care, Crt571Line
from hardware.smartcard.crt571_particulars import Particulars
from hardware.smartcard.interface import CardPosition, UnitStatus

LOOK_EVERY_S = 0.2
SPEEDS = (9600, 38400, 19200, 57600)
"""Those that the family knows, the usual ones first."""


class Crt571:
    """One unit behind one line."""

    def __init__(
        self,
        transport_factory: Callable[[], Transport],
        response_timeout_s: float = RESPONSE_TIMEOUT_S,
        *,
        other_speeds: Sequence[Callable[[], Transport]] = (),
        address: int = 0,
        chip: ChipWay = ChipWay.CONTACT,
        lamp: bool = False,
    ) -> None:
        """Say where the unit is; nothing is opened yet.

        Args:
            transport_factory: Opens the line.
            response_timeout_s: How long the mechanism may take before it is told to stop.
            other_speeds: Open the line at other speeds, tried where the first brings no answer.
            address: The unit's switches, 0 to 15.
            chip: Whether chips are reached by contacts or antenna.
            lamp: Whether the bezel has a lamp, to flash while a person is expected to act.
        """
        if not 0 <= address <= 15:
            raise ValueError(f"a unit's address is 0 to 15, not {address}")
        speeds = (transport_factory, *other_speeds)
        self._line = Crt571Line(speeds, address, response_timeout_s)
        self._ways = ways_of(chip, self._line)
        self._way = self._ways[0]
        self._has_lamp = lamp
        self._was_restarted = False
        self._particulars = Particulars(self._line)

    def open(self) -> None:
        """Open the line and initialise the unit; a card in the channel stays where it is."""
        if not self._line.is_open:
            self._particulars = Particulars(self._line, firmware=self._line.open())

    def close(self) -> None:
        """Release the line."""
        self._line.close()

    def health(self) -> Health:
        """Ask for the status and judge by the answer; the detail tells what the unit is."""
        try:
            status = self.status()
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        words = [f"feeder {status.feeder.value}", f"bin full {status.bin_full.value}"]
        words += [f"{name} {value}" for name, value in self.particulars().items()]
        return Health(DeviceState.ONLINE, ", ".join(words))

    def status(self) -> UnitStatus:
        """Ask the sensors. A unit that lost its power meanwhile is initialised again first."""
        try:
            reply = self._line.ask(codes.STATUS)
        except DeviceFaultError as error:
            if error.reason != "not_initialised":
                raise
            self._line.ask(codes.INITIALISE_LEAVE_CARD)
            self._was_restarted = True
            reply = self._line.ask(codes.STATUS)
        return codes.unit_status(reply.status)

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Let a person's card in. A card that slips in as the gate shuts counts as accepted."""
        position = self.status().position
        if position is CardPosition.INSIDE:
            return
        if position is CardPosition.GATE:
            raise DeviceFaultError("refused", detail="a card lies at the gate")
        self._line.ask(codes.ALLOW_ENTRY)
        self._was_restarted = False
        self._flash(True)
        try:
            wait_for(self._card_accepted, timeout_s, cancelled, LOOK_EVERY_S)
        except DeviceTimeoutError:
            self._line.ask(codes.FORBID_ENTRY)
            if not self._card_inside():
                raise
        except DeviceError:
            self._forbid_entry_if_it_answers()
            raise
        else:
            self._line.ask(codes.FORBID_ENTRY)
        finally:
            self._flash(False)

    def feed(self) -> None:
        """Draw one card from the stacker."""
        if self.status().position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        self._move(codes.TO_INSIDE)

    def draw_in(self) -> None:
        """Move the card at the gate inside."""
        if self._position_of_card() is not CardPosition.INSIDE:
            self._move(codes.TO_INSIDE)

    def hold_at_gate(self) -> None:
        """Move the card to the gate and hold it there."""
        if self._position_of_card() is not CardPosition.GATE:
            self._move(codes.HOLD_AT_GATE)

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Look until the channel is empty."""
        self._flash(True)
        try:
            wait_for(self._channel_empty, timeout_s, cancelled, LOOK_EVERY_S)
        finally:
            self._flash(False)

    def capture(self) -> None:
        """Move the card in the channel into the bin; with an empty channel do nothing."""
        if self.status().position is not CardPosition.NONE:
            self._move(codes.TO_BIN)

    def connect(self) -> bytes:
        """Power the chip of the card inside, by the first of the ways that it answers."""
        if self._position_of_card() is not CardPosition.INSIDE:
            raise DeviceFaultError("refused", detail="the card is not inside")
        first, *others = self._ways
        try:
            return self._connected(first)
        except DeviceFaultError as fault:
            if not others or not (fault.reason == "card_error" or fault.code in codes.NO_CONTACTS):
                raise
        return self._connected(others[0])

    def disconnect(self) -> None:
        """Power the chip off, whichever way it has its power."""
        for way in self._ways:
            way.power_off()

    @property
    def takes_extended_length(self) -> bool:
        """The unit's frames hold short APDUs only (261 bytes)."""
        return False

    def transmit(self, command: bytes) -> bytes:
        """Send one short APDU; 61xx is passed through."""
        if not 4 <= len(command) <= MAX_COMMAND_APDU:
            raise ValueError(f"an APDU of {len(command)} bytes does not fit")
        response = self._way.transmit(command)
        if len(response) < 2:
            raise BadReplyError("an APDU answer without status word")
        return response

    def particulars(self) -> dict[str, str]:
        """Tell what the unit says of itself, for a technician; by name."""
        return self._particulars.told()

    def preset_bin_counter(self, count: int = 0) -> None:
        """Tell the unit how many cards lie in its bin; at 999 it takes no more (error 50).

        Raises:
            ValueError: The counter has three digits.
        """
        self._particulars.preset_bin_counter(count)

    def _move(self, motion: bytes) -> None:
        self._line.ask(motion, care=Care.MOTION)

    def _connected(self, way: Way) -> bytes:
        self._way = way
        try:
            return way.power_on()
        except DeviceFaultError:
            way.power_off()
            raise

    def _card_inside(self) -> bool | None:
        return True if self.status().position is CardPosition.INSIDE else None

    def _card_accepted(self) -> bool | None:
        """Look for the card; a unit that lost its power has forgotten that it may come."""
        is_inside = self._card_inside()
        if self._was_restarted and not is_inside:
            self._line.ask(codes.ALLOW_ENTRY)
            self._was_restarted = False
        return is_inside

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
        return position

    def _forbid_entry_if_it_answers(self) -> None:
        """The first error is the one to tell; entry is forbidden again by the next open()."""
        with suppress(DeviceError):
            self._line.ask(codes.FORBID_ENTRY)

    def _flash(self, on: bool) -> None:
        """Light the lamp at the gate; a card is not kept back because a lamp fails."""
        if not self._has_lamp:
            return
        lamp = codes.Lamp.FLASH_FOR_EVER if on else codes.Lamp.OFF
        with suppress(DeviceError):
            self._line.ask(codes.LAMP, bytes([lamp]))
