"""Takes paper forms into escrow, reads their code there, and keeps them or gives them back."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from common.equipment.codes import token_in
from hardware.camera.codes import read_codes
from hardware.camera.interface import Camera
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.form_collector.interface import FormCollector, FormPosition

READ_TIMEOUT_S = 6.0
FRAME_TIMEOUT_S = 3.0


class FormDesk:
    """One collector, and the camera that sees the form in its escrow.

    Motions are states to reach; after a lost answer the sensors decide. Everything here raises
    DeviceAbsentError or DeviceFaultError when the collector cannot.
    """

    def __init__(
        self,
        collector: Keeper[FormCollector],
        camera: Keeper[Camera],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._collector = collector
        self._camera = camera
        self._seconds = seconds

    def position(self) -> FormPosition:
        """Ask the sensors where a form is."""
        return self._collector.use(lambda collector: collector.position())

    def bin_takes_more(self) -> bool:
        """Tell whether the bin still takes a form."""
        return not self._collector.use(lambda collector: collector.bin_full())

    def wait_for_form(self, timeout_s: float, cancelled: Event) -> bool:
        """Open the mouth and wait for a form; tell whether one lies in escrow.

        Raises:
            RequestCancelledError: cancelled was set; the mouth is shut again.
        """
        return self._collector.use(lambda collector: _accept(collector, timeout_s, cancelled))

    def read_token(self, cancelled: Event) -> str | None:
        """Look for the code on the form in escrow; None where it shows none of ours.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: The camera is gone.
        """
        return self._camera.use(lambda camera: self._look(camera, cancelled))

    def give_back(self) -> None:
        """Move the form to the mouth. With no form in the collector this does nothing."""
        self._collector.use(lambda c: _move(c, c.give_back, FormPosition.MOUTH))

    def wait_taken(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until the form at the mouth is taken; tell whether it was.

        Raises:
            RequestCancelledError: cancelled was set.
        """
        return self._collector.use(lambda collector: _taken(collector, timeout_s, cancelled))

    def keep(self) -> None:
        """Drop the form into the bin. With no form in the collector this does nothing."""
        self._collector.use(lambda c: _move(c, c.keep, FormPosition.NONE))

    def _look(self, camera: Camera, cancelled: Event) -> str | None:
        deadline = self._seconds() + READ_TIMEOUT_S
        while self._seconds() < deadline:
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            try:
                frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            except DeviceTimeoutError:
                continue
            for code in read_codes(frame.pixels):
                if (token := token_in(code.text)) is not None:
                    return token
        return None


def _accept(collector: FormCollector, timeout_s: float, cancelled: Event) -> bool:
    try:
        collector.accept(timeout_s, cancelled)
    except DeviceTimeoutError:
        # The time-out may have met a form on its way in.
        return collector.position() is FormPosition.ESCROW
    return True


def _taken(collector: FormCollector, timeout_s: float, cancelled: Event) -> bool:
    try:
        collector.wait_taken(timeout_s, cancelled)
    except DeviceTimeoutError:
        return collector.position() is FormPosition.NONE
    return True


def _move(collector: FormCollector, motion: Callable[[], None], goal: FormPosition) -> None:
    """Make one motion, unless the sensors say that it is done or that there is nothing to move."""
    if collector.position() in (goal, FormPosition.NONE):
        return
    try:
        motion()
    except DeviceTimeoutError:
        if collector.position() is not goal:
            raise
