"""Driver for ESC/POS ticket printers: python-escpos builds the bytes, this module talks.

The library takes any answer for a status and blocks for a minute on none, so its own connections
are not used. Tried on the simulated printer only.
"""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from PIL.Image import Image

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import pause
from hardware.printer.escpos_answers import Answers
from hardware.printer.escpos_slip import CUT_OFF, WIDEST_PX, build_slip, width_of
from hardware.printer.escpos_status import Ask, Sensors
from hardware.printer.interface import PrinterStatus
from hardware.printer.reasons import HINDERS, Reason, fault, in_words

PIECE = 1024
"""A line of 9600 baud takes this much within the two seconds that a write may last."""

ANSWER_S = 1.0
NAME_S = 0.5
RECOVERED_S = 0.3
PRINTED_S = 12.0
"""A line of 9600 baud still holds up to four seconds of the slip when all of it is written."""

CONFIRMATIONS = 2

ASK_PAPER = b"\x1dr\x01"
ASK_NOW = b"\x10\x04"
ASK_MAKER, ASK_MODEL = b"\x1dIB", b"\x1dIC"
TELL_NOTHING_UNASKED, TELL_ALL_UNASKED = b"\x1da\x00", b"\x1da\xff"
RECOVER_EMPTY = b"\x10\x05\x02"
CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"

QUESTIONS = (Ask.PRINTER, Ask.OFFLINE_CAUSE, Ask.ERROR_CAUSE, Ask.PAPER)
PASSES_BY_ITSELF = frozenset({Reason.TOO_HOT})


class EscposPrinter:
    """An 80 or 58 mm printer with cutter, on TCP, USB or a serial line; a TicketPrinter."""

    def __init__(
        self,
        open_line: Callable[[], Transport],
        width_px: int | None = None,
        *,
        has_presenter: bool = False,
        confirms: bool = True,
        tells_unasked: bool = False,
    ) -> None:
        """Remember how to reach the printer.

        Args:
            open_line: Opens its line.
            width_px: How many dots it prints across; None takes that of the model that it says it
                is, or 576.
            has_presenter: Whether a sensor sees the slip in its mouth, and DLE EOT 5 tells of it.
            confirms: Whether it answers GS r. One that does not is believed when it has been
                without a fault for a while.
            tells_unasked: Have it send its status by itself (GS a), so that a slip that stops
                halfway is known at once instead of after a second.

        Raises:
            ValueError: No known paper is that wide.
        """
        if width_px is not None and not 0 < width_px <= WIDEST_PX:
            raise ValueError(f"a ticket printer has up to {WIDEST_PX} dots, not {width_px}")
        self._open_line = open_line
        self._configured_width_px = width_px
        self._questions = (*QUESTIONS, Ask.PRESENTER) if has_presenter else QUESTIONS
        self._confirms = confirms
        self._tells_unasked = tells_unasked
        self._line: Transport | None = None
        self._answers: Answers | None = None
        self._is_clean = False
        self._is_printing = False
        self.model = ""

    @property
    def width_px(self) -> int:
        """How many dots fit across the paper."""
        return self._configured_width_px or width_of(self.model) or WIDEST_PX

    def open(self) -> None:
        """Connect, see that the printer answers a status question, and ask what it is."""
        if self._line is not None:
            return
        self._line = self._open_line()
        self._answers = Answers(self._line, self._hear)
        self._is_clean = False
        try:
            self._ask(Ask.PRINTER)
            self._line.write(TELL_ALL_UNASKED if self._tells_unasked else TELL_NOTHING_UNASKED)
            self.model = " ".join(filter(None, (self._name(ASK_MAKER), self._name(ASK_MODEL))))
        except BadReplyError as error:
            self.close()
            raise DeviceAbsentError(f"what answers is no such printer: {error}") from error
        except DeviceAbsentError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        line, self._line, self._answers = self._line, None, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask the sensors and put them into one word; the detail names the model."""
        try:
            reasons = self.sensors().reasons()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        state = DeviceState.HARDWARE_ERROR if reasons & HINDERS else DeviceState.ONLINE
        return Health(state, ", ".join(filter(None, (in_words(reasons), self.model))))

    def sensors(self) -> Sensors:
        """Ask every sensor.

        Raises:
            DeviceAbsentError: No answer. BadReplyError: A byte that cannot be one.
        """
        seen = Sensors()
        for question in self._questions:
            seen = seen.told(question, self._ask(question))
        return seen

    def status(self) -> PrinterStatus:
        """Ask the sensors; what an answer that is missing or impossible would say is unknown."""
        seen = Sensors()
        for question in self._questions:
            try:
                seen = seen.told(question, self._ask(question))
            except BadReplyError:
                continue
            except DeviceError:
                break
        return seen.status()

    def print_slip(self, picture: Image) -> None:
        """Print one slip and cut it, and wait until the printer says that it has done so."""
        data = build_slip(picture, self.width_px)
        self._ready_on_fresh_line()
        if not self._is_clean:
            self._drop()
            data = CUT_OFF + data
        self._is_clean = False
        try:
            self._print(data)
        except DeviceFaultError:
            self._drop_if_it_can()
            raise
        except DeviceError as error:
            reason = self._fault_or_none()
            self._drop_if_it_can()
            if reason is not None:
                raise reason from error
            raise DeviceTimeoutError(f"whether a slip came out is not known: {error}") from error
        self._is_clean = True

    def _print(self, data: bytes) -> None:
        self._is_printing = True
        try:
            self._send(data)
            self._wait_printed()
            self._refuse_faults(frozenset({Reason.CUTTER, Reason.MECHANISM}))
        finally:
            self._is_printing = False

    def _ready_on_fresh_line(self) -> None:
        """Look at the sensors first; printers hang up on idle lines, so one reconnection is fair.

        Nothing has been sent yet, so that no slip can come out twice.
        """
        try:
            self._ready()
        except DeviceAbsentError:
            self._opened()
            self.close()
            self.open()
            self._ready()

    def _ready(self) -> None:
        """Raise what the sensors say against printing.

        A cutter that a hand has freed stays in error until it is told to try again.
        """
        if Reason.CUTTER in self.sensors().reasons():
            self._opened().write(RECOVER_EMPTY)
            pause(RECOVERED_S)
        self._refuse_faults(HINDERS)

    def _refuse_faults(self, which: frozenset[Reason]) -> None:
        if (refusal := fault(self.sensors().reasons() & which)) is not None:
            raise refusal

    def _fault_or_none(self) -> DeviceFaultError | None:
        """Ask why the printer stopped; None where it says of no fault, or nothing."""
        try:
            return fault(self.sensors().reasons() - PASSES_BY_ITSELF)
        except DeviceError:
            return None

    def _send(self, data: bytes) -> None:
        line = self._opened()
        for start in range(0, len(data), PIECE):
            line.write(data[start : start + PIECE])

    def _wait_printed(self) -> None:
        """Wait for answers to questions that stand in the printer's queue behind the slip.

        Two are waited for: a single garbled byte must not pass for a slip that is out.

        Raises:
            DeviceTimeoutError: It did not come, although the printer says of no fault.
        """
        line, answers = self._opened(), self._heard()
        deadline = monotonic() + PRINTED_S
        while monotonic() < deadline:
            try:
                for _ in range(CONFIRMATIONS):
                    line.write(ASK_PAPER)
                    answers.wait("queued", ANSWER_S)
            except DeviceTimeoutError:
                # On a slow line this question too waits behind the slip: silence is no fault yet.
                if (refusal := self._fault_or_none()) is not None:
                    raise refusal from None
            else:
                return
        if self._confirms:
            raise DeviceTimeoutError(f"it did not say within {PRINTED_S:.0f} s that it was done")

    def _drop(self) -> None:
        """Drop what the printer still holds: it would come out before the next slip."""
        self._opened().write(CLEAR_BUFFER)
        self._ask(Ask.PRINTER)  # which it answers when it has heard
        self._heard().drain()

    def _drop_if_it_can(self) -> None:
        with suppress(DeviceError):
            self._drop()

    def _ask(self, what: Ask) -> int:
        """Ask one real-time question.

        Raises:
            DeviceAbsentError: No answer. BadReplyError: A byte that cannot be one.
        """
        line, answers = self._opened(), self._heard()
        answers.drain()
        line.write(ASK_NOW + bytes([what]))
        try:
            return answers.wait("real_time", ANSWER_S)[0]
        except DeviceTimeoutError as error:
            raise DeviceAbsentError("the printer does not answer") from error

    def _name(self, question: bytes) -> str:
        """Ask for the maker or the model; many printers know neither."""
        self._opened().write(question)
        try:
            name = self._heard().wait("name", NAME_S)
        except DeviceTimeoutError:
            return ""
        return name.decode("ascii", "ignore").strip() if name.isascii() else ""

    def _hear(self, block: bytes) -> None:
        """Stop waiting for a slip when the printer tells by itself why it will not come."""
        reasons = Sensors().told_automatically(block).reasons() - PASSES_BY_ITSELF
        if self._is_printing and (refusal := fault(reasons)) is not None:
            raise refusal

    def _heard(self) -> Answers:
        if self._answers is None:
            raise DeviceAbsentError("the printer is not opened")
        return self._answers

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the printer is not opened")
        return self._line
