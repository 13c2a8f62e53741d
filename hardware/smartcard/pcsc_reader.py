"""Driver for every card reader that PC/SC knows: contact or contactless, of whichever maker."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.waiting import pause, wait_for
from hardware.smartcard.apdu import SHORTEST_APDU
from hardware.smartcard.pcsc_calls import LONGEST_APDU
from hardware.smartcard.pcsc_codes import (
    READER_GONE,
    SERVICE_GONE,
    PcscCode,
    PcscError,
    device_error,
)
from hardware.smartcard.pcsc_monitor import Change, ChangeKind, PcscMonitor
from hardware.smartcard.pcsc_session import Session, StuckError

ANSWER_S = 5.0
CALCULATION_FACTOR = 4
"""A chip that calculates asks its reader for time, which PC/SC does not tell: it gets more at
once. Chips also answer late on purpose after a wrong password."""
CALCULATING = frozenset({0x22, 0x2A, 0x46, 0x47, 0x82, 0x84, 0x86, 0x87, 0x88})
"""MANAGE SECURITY ENVIRONMENT, PERFORM SECURITY OPERATION, GENERATE KEY PAIR, EXTERNAL
AUTHENTICATE, GET CHALLENGE, GENERAL AUTHENTICATE, INTERNAL AUTHENTICATE (ISO 7816-4, 7816-8)."""
BUSY_S = 1.0
"""Programs that look at every new card hold it that long at most."""
AGAIN_S = 0.05
SLOWEST_BYTES_S = 10_000
"""Bytes in a second at 106 kbit/s, the slowest that ISO 14443 knows."""

R = TypeVar("R")


def reader_names() -> list[str]:
    """Name the readers that this machine's PC/SC service knows; none where there is no service."""
    try:
        session = Session("")
    except (PcscError, StuckError, DeviceAbsentError):
        return []
    try:
        return session.readers()
    except (PcscError, StuckError):
        return []
    finally:
        session.end()


class PcscReader:
    """One reader, by its name or a part of it that no other reader's name has.

    No call hangs: an APDU without an answer is given up after answer_s, CALCULATION_FACTOR times
    that where the chip has to calculate, and a little more where many bytes pass; all else after
    a second, or a few for the ATR and for a service that is only just starting.
    """

    def __init__(self, name: str, answer_s: float = ANSWER_S) -> None:
        self._wanted = name
        self._answer_s = answer_s
        self._session: Session | None = None
        self._is_open = False
        self._takes_extended = True

    def open(self) -> None:
        """Find the service and the reader; a card is not needed, and not touched."""
        if self._is_open:
            return
        self._is_open = True
        try:
            self._opened()
        except DeviceError:
            self._is_open = False
            raise

    def close(self) -> None:
        """Cut the card's power and let go of the service."""
        self._is_open = False
        self._end()

    def health(self) -> Health:
        """Ask the service for the reader."""
        try:
            state = self._asked(Session.state)
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        session = self._session
        if session is not None and Session.is_stuck_in(session.reader):
            return Health(DeviceState.HARDWARE_ERROR, "the reader still waits for a silent card")
        if not state.is_known:
            return Health(DeviceState.NO_DEVICE, "the reader is gone")
        return Health(DeviceState.ONLINE, "a card is there" if state.has_card else "no card")

    def is_card_present(self) -> Seen:
        """Look for a card."""
        try:
            state = self._asked(Session.state)
        except DeviceError:
            return Seen.UNKNOWN
        if not state.is_known:
            return Seen.UNKNOWN
        return Seen.YES if state.has_card else Seen.NO

    def wait_for_card(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until a card is there; False when none came."""
        return self._wait(Seen.YES, timeout_s, cancelled)

    def wait_removed(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until no card is there; False when it still is."""
        return self._wait(Seen.NO, timeout_s, cancelled)

    def connect(self) -> bytes:
        """Power the card for this program alone, and return its ATR."""
        deadline = monotonic() + BUSY_S
        while True:
            try:
                atr, self._takes_extended = self._asked(Session.connect)
            except DeviceBusyError:
                if monotonic() >= deadline:
                    raise self._why_busy() from None
            except DeviceFaultError as fault:
                # The service may still be busy with the power of a card that just came.
                is_late = fault.code == f"0x{PcscCode.UNPOWERED_CARD:08X}"
                if not is_late or monotonic() >= deadline:
                    raise
            else:
                return atr
            pause(AGAIN_S)

    def disconnect(self) -> None:
        """Cut the card's power."""
        if self._session is None:
            return
        try:
            self._session.disconnect()
        except StuckError:
            self._session = None

    @property
    def takes_extended_length(self) -> bool:
        """Whether this reader and the connected card's protocol carry extended APDUs."""
        return self._takes_extended

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU. After any error the connection is over, and connect() begins anew."""
        if not SHORTEST_APDU <= len(command) <= LONGEST_APDU:
            raise ValueError(f"an APDU of {len(command)} bytes does not fit")
        if not self._is_open:
            raise DeviceAbsentError("the reader is not open")
        session = self._session
        if session is None or not session.has_card:
            raise DeviceFaultError("card_error", detail="no card is connected")
        try:
            answer = session.transmit(command, _patience_s(command, self._answer_s))
        except StuckError as error:
            raise self._silent(error) from error
        except PcscError as error:
            raise self._card_or_reader(device_error(error)) from error
        if len(answer) < 2:
            raise self._card_or_reader(
                DeviceFaultError("card_error", detail="an answer without status word")
            )
        return answer

    def _asked(self, ask: Callable[[Session], R]) -> R:
        """Ask something of the service, in a new session where the one there was is over."""
        is_fresh = self._session is None
        try:
            return ask(self._opened())
        except StuckError as error:
            raise self._silent(error) from error
        except PcscError as error:
            if error.code not in SERVICE_GONE | READER_GONE:
                raise device_error(error) from error
            self._end()
            if is_fresh:
                raise device_error(error) from error
        return self._asked(ask)

    def _opened(self) -> Session:
        """Give the session there is, or begin one.

        Raises:
            DeviceAbsentError: The service or the reader is not there.
        """
        if not self._is_open:
            raise DeviceAbsentError("the reader is not open")
        if self._session is not None:
            return self._session
        try:
            session = Session(self._wanted)
            try:
                session.reader = _the_one(self._wanted, session.readers())
            except (PcscError, DeviceAbsentError):
                session.end()
                raise
        except StuckError as error:
            raise DeviceAbsentError(f"the PC/SC service is silent: {error}") from error
        except PcscError as error:
            raise DeviceAbsentError(f"the PC/SC service does not serve: {error}") from error
        self._session = session
        return session

    def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def _silent(self, error: StuckError) -> DeviceError:
        self._session = None
        return self._card_or_reader(DeviceFaultError("card_error", detail=f"silent: {error}"))

    def _card_or_reader(self, error: DeviceError) -> DeviceError:
        """Tell whose fault a failed APDU was, in a new session; the next connect() has it ready."""
        self._end()
        if isinstance(error, DeviceAbsentError):
            return error
        try:
            self._opened()
        except DeviceAbsentError as absent:
            return absent
        return error

    def _why_busy(self) -> DeviceError:
        if self._session is not None and Session.is_stuck_in(self._session.reader):
            return DeviceFaultError("card_error", detail="the reader still waits for a silent card")
        return DeviceBusyError("another program holds the card")

    def _wait(self, wanted: Seen, timeout_s: float, cancelled: Event) -> bool:
        """Watch until the reader shows what is wanted."""
        if not self._is_open:
            raise DeviceAbsentError("the reader is not open")
        watched = _Watched(self._wanted)
        with PcscMonitor(watched.note):
            try:
                wait_for(lambda: watched.seen is wanted or None, timeout_s, cancelled)
            except DeviceTimeoutError:
                if watched.seen is Seen.UNKNOWN:
                    raise DeviceAbsentError(f"no reader {self._wanted!r}") from None
                return False
            return True


class _Watched:
    """What a monitor has told of one reader."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._readers: dict[str, Seen] = {}

    @property
    def seen(self) -> Seen:
        """Whether a card is there; unknown while the reader is not, or not alone of that name."""
        readers = dict(self._readers)
        try:
            return readers[_the_one(self._wanted, list(readers))]
        except DeviceAbsentError:
            return Seen.UNKNOWN

    def note(self, change: Change) -> None:
        """Take one change in; called from the monitor's thread."""
        match change.kind:
            case ChangeKind.SERVICE_DOWN:
                self._readers = {}
            case ChangeKind.READER_GONE:
                self._readers = {
                    name: seen for name, seen in self._readers.items() if name != change.reader
                }
            case ChangeKind.READER_FOUND:
                self._readers = {**self._readers, change.reader: Seen.UNKNOWN}
            case ChangeKind.CARD_IN:
                self._readers = {**self._readers, change.reader: Seen.YES}
            case ChangeKind.CARD_OUT:
                self._readers = {**self._readers, change.reader: Seen.NO}
            case ChangeKind.SERVICE_UP:
                pass


def _patience_s(command: bytes, answer_s: float) -> float:
    """How long the answer to an APDU may take."""
    is_extended = len(command) > SHORTEST_APDU + 2 and command[4] == 0
    awaited = int.from_bytes(command[-2:], "big") or 0x10000 if is_extended else 0
    factor = CALCULATION_FACTOR if command[1] in CALCULATING else 1
    return answer_s * factor + (len(command) + awaited) / SLOWEST_BYTES_S


def _the_one(wanted: str, readers: list[str]) -> str:
    """Find the reader of that name, or the only one with that in its name.

    Raises:
        DeviceAbsentError: There is none, or there are several.
    """
    if wanted in readers:
        return wanted
    found = [name for name in readers if wanted.casefold() in name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise DeviceAbsentError(f"{wanted!r} is in the names of {', '.join(sorted(found))}")
    raise DeviceAbsentError(f"no reader {wanted!r}; there are {', '.join(readers) or 'none'}")
