"""The channel of a K720 dispenser: one motion at a time, and what the state says of it."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from hardware.core.errors import BadReplyError, DeviceFaultError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.core.waiting import pause, wait_for
from hardware.smartcard import k720_codes as codes
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.k720_codes import State
from hardware.smartcard.k720_line import K720Line

BEGIN_S = 2.0
"""How long a motion may take to show in the state."""
LOOK_EVERY_S = 0.1


class K720Channel(K720Line):
    """A line to a dispenser, with the motions that its channel can make."""

    def __init__(
        self, connect: Callable[[], Transport], address: int, motion_timeout_s: float
    ) -> None:
        super().__init__(connect, address)
        self._motion_timeout_s = motion_timeout_s

    def state(self) -> State:
        """Ask for the state."""
        return self.ask(codes.STATE, codes.state_of)

    def position(self) -> CardPosition:
        """Ask where the card is."""
        return codes.unit_status(self.state()).position

    def move(self, motion: bytes, goal: CardPosition) -> None:
        """Make one motion and look until it has ended.

        What failed before says nothing of this motion until it has begun.

        Raises:
            DeviceFaultError: The state says what failed.
            DeviceTimeoutError: The card did not arrive, or how it ended is not known.
        """
        before = self.state() & codes.FAILED
        self.start(motion)
        began = monotonic()
        has_begun = False
        while monotonic() - began < self._motion_timeout_s:
            state = self._looked()
            has_begun = has_begun or bool(state & codes.BUSY) or monotonic() - began > BEGIN_S
            if not state & codes.MOVING:
                if codes.unit_status(state).position is goal:
                    return
                if state & codes.FAILED & ~(codes.NONE if has_begun else before):
                    raise fault_of(state)
                if has_begun:
                    break
            pause(LOOK_EVERY_S)
        raise DeviceTimeoutError(f"the card did not arrive: {goal.value}")

    def _looked(self) -> State:
        try:
            return self.state()
        except BadReplyError as error:
            raise DeviceTimeoutError(f"how the motion ended is not known: {error}") from error

    def reset(self) -> None:
        """End an entry. Nobody says what a reset does to a card: the channel is empty here."""
        self.start(codes.RESET)
        wait_for(self._idle, self._motion_timeout_s, Event(), LOOK_EVERY_S)

    def _idle(self) -> bool | None:
        return None if self.state() & codes.BUSY else True


def fault_of(state: State) -> DeviceFaultError:
    """Say in words what the state shows to have failed."""
    words = [word for bit, word in codes.WORDS.items() if state & bit]
    return DeviceFaultError(codes.reason_of(state), f"{state:04X}", ", ".join(words))
