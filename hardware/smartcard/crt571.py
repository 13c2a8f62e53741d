"""Driver for the motor card units Creator CRT-571 and CRT-591 and the F3 family."""

from collections.abc import Callable
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
from hardware.core.waiting import wait_for
from hardware.smartcard import crt571_codes as codes
from hardware.smartcard.crt571_frames import Reply, ReplyDecoder, Sign, command_frame
from hardware.smartcard.interface import CardPosition, UnitStatus

ACK_TIMEOUT_S = 0.3
RESPONSE_TIMEOUT_S = 20.0
GAP_S = 0.25
SLOWEST_BYTE_S = 10 / 9600
TRIES = 3
LOOK_EVERY_S = 0.2
MAX_COMMAND_APDU = 261


class Crt571:
    """One unit behind one line."""

    def __init__(
        self,
        transport_factory: Callable[[], Transport],
        response_timeout_s: float = RESPONSE_TIMEOUT_S,
    ) -> None:
        self._connect = transport_factory
        self._response_timeout_s = response_timeout_s
        self._line: Transport | None = None
        self._decoder = ReplyDecoder()

    def open(self) -> None:
        """Open the line and initialise the unit; a card in the channel stays where it is."""
        if self._line is not None:
            return
        self._line = self._connect()
        self._decoder.reset()
        try:
            self._ask(codes.INITIALISE_LEAVE_CARD)
        except DeviceTimeoutError as error:
            self.close()
            raise DeviceAbsentError(f"no card unit answers: {error}") from error
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask for the status and judge by the answer."""
        try:
            status = self.status()
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(
            DeviceState.ONLINE, f"feeder {status.feeder.value}, bin full {status.bin_full.value}"
        )

    def status(self) -> UnitStatus:
        """Ask the sensors. A unit that lost its power meanwhile is initialised again first."""
        try:
            reply = self._ask(codes.STATUS)
        except DeviceFaultError as error:
            if error.reason != "not_initialised":
                raise
            self._ask(codes.INITIALISE_LEAVE_CARD)
            reply = self._ask(codes.STATUS)
        return codes.unit_status(reply.status)

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Let a person's card in. A card that slips in as the gate shuts counts as accepted."""
        position = self.status().position
        if position is CardPosition.INSIDE:
            return
        if position is CardPosition.GATE:
            raise DeviceFaultError("refused", detail="a card lies at the gate")
        self._ask(codes.ALLOW_ENTRY)
        try:
            wait_for(self._card_inside, timeout_s, cancelled, LOOK_EVERY_S)
        except DeviceTimeoutError:
            self._ask(codes.FORBID_ENTRY)
            if not self._card_inside():
                raise
        except DeviceError:
            self._forbid_entry_if_it_answers()
            raise
        else:
            self._ask(codes.FORBID_ENTRY)

    def feed(self) -> None:
        """Draw one card from the stacker."""
        if self.status().position is not CardPosition.NONE:
            raise DeviceFaultError("refused", detail="the channel is not empty")
        self._ask(codes.TO_INSIDE, once=True)

    def draw_in(self) -> None:
        """Move the card at the gate inside."""
        if self._position_of_card() is not CardPosition.INSIDE:
            self._ask(codes.TO_INSIDE, once=True)

    def hold_at_gate(self) -> None:
        """Move the card to the gate and hold it there."""
        if self._position_of_card() is not CardPosition.GATE:
            self._ask(codes.HOLD_AT_GATE, once=True)

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Look until the channel is empty."""
        wait_for(self._channel_empty, timeout_s, cancelled, LOOK_EVERY_S)

    def capture(self) -> None:
        """Move the card in the channel into the bin; with an empty channel do nothing."""
        if self.status().position is not CardPosition.NONE:
            self._ask(codes.TO_BIN, once=True)

    def connect(self) -> bytes:
        """Move the card onto the contacts and power its chip at 5 V."""
        if self._position_of_card() is not CardPosition.INSIDE:
            raise DeviceFaultError("refused", detail="the card is not inside")
        self._ask(codes.TO_CONTACTS, once=True)
        try:
            protocol_and_atr = self._ask(codes.CHIP_ON, codes.VCC_5V_ISO, once=True).data
        except DeviceFaultError:
            self.disconnect()
            raise
        if len(protocol_and_atr) < 3:
            raise BadReplyError(f"no ATR in {protocol_and_atr.hex()}")
        return protocol_and_atr[1:]

    def disconnect(self) -> None:
        """Power the chip off."""
        try:
            self._ask(codes.CHIP_OFF)
        except DeviceFaultError as error:
            if error.code != codes.CHIP_NOT_POWERED:
                raise

    @property
    def takes_extended_length(self) -> bool:
        """The unit's frames hold short APDUs only (261 bytes)."""
        return False

    def transmit(self, command: bytes) -> bytes:
        """Send one short APDU; 61xx is passed through."""
        if not 4 <= len(command) <= MAX_COMMAND_APDU:
            raise ValueError(f"an APDU of {len(command)} bytes does not fit")
        response = self._ask(codes.CHIP_APDU, command, once=True).data
        if len(response) < 2:
            raise BadReplyError("an APDU answer without status word")
        return response

    def _card_inside(self) -> bool | None:
        return True if self.status().position is CardPosition.INSIDE else None

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
        try:
            self._ask(codes.FORBID_ENTRY)
        except DeviceError:
            # The first error is the one to tell; entry is forbidden again by the next open().
            return

    def _ask(self, request: bytes, data: bytes = b"", once: bool = False) -> Reply:
        """Send one command and return the unit's success.

        once marks what must not happen twice, motions and APDUs: sent again only after a NAK,
        which says that the unit did not take it. If the answer is lost, DeviceTimeoutError.
        """
        line = self._opened()
        line.flush_input()
        self._decoder.reset()
        self._send(line, command_frame(request, data), once)
        reply = self._response(line, request, once)
        if reply.error:
            raise DeviceFaultError(codes.REASONS.get(reply.error, "broken"), reply.error)
        return reply

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the card unit is not open")
        return self._line

    def _send(self, line: Transport, frame: bytes, once: bool) -> None:
        for _ in range(TRIES):
            line.write(frame)
            sign = self._next(line, ACK_TIMEOUT_S)
            while isinstance(sign, Reply) or sign is Sign.EOT:  # late words of an earlier exchange
                sign = self._next(line, ACK_TIMEOUT_S)
            if sign is Sign.ACK:
                return
            if once and sign is not Sign.NAK:
                raise DeviceTimeoutError("the unit did not confirm the command")
        raise DeviceAbsentError("the unit does not take commands")

    def _response(self, line: Transport, request: bytes, once: bool) -> Reply:
        deadline = monotonic() + self._response_timeout_s
        garbled = 0
        while garbled < TRIES:
            message = self._next(line, deadline - monotonic())
            if message is None:
                # Without this the unit would go on, and answer into the next exchange.
                line.write(bytes([Sign.EOT.value]))
                raise DeviceTimeoutError("the unit did not answer in time")
            if isinstance(message, Reply):
                line.write(bytes([Sign.ACK.value]))
                if message.request == request:
                    return message
            elif message is Sign.GARBLED:
                garbled += 1
                line.write(bytes([Sign.NAK.value]))
        if once:
            raise DeviceTimeoutError("the unit's answer cannot be read")
        raise BadReplyError("the unit's answer cannot be read")

    def _next(self, line: Transport, timeout_s: float) -> Sign | Reply | None:
        """The next thing the unit says, or None when it stays silent."""
        deadline = monotonic() + timeout_s
        while True:
            wanted = self._decoder.wanted
            inside = self._decoder.inside_frame
            wait_s = GAP_S + wanted * SLOWEST_BYTE_S if inside else deadline - monotonic()
            if wait_s <= 0:
                return None
            try:
                found = self._decoder.feed(line.read(wanted, wait_s))
            except DeviceTimeoutError:
                self._decoder.reset()
                return Sign.GARBLED if inside else None
            if found:
                return found[0]
