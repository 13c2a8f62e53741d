"""Driver for a form collector built around a Modbus board of outputs and inputs.

Our own wiring of the board:

    coil 0  mouth shutter open      input 0  paper at the mouth
    coil 1  draw-in motor           input 1  paper in escrow
    coil 2  return motor            input 2  bin full
    coil 3  drop flap

All coils off is the state of rest: shutter shut, motors still, flap closed. Paper that returns to
the mouth is held by its rollers, with the shutter open, until a person pulls it out.
"""

from collections.abc import Callable
from enum import IntEnum
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.modbus import ModbusLine
from hardware.core.waiting import wait_for
from hardware.form_collector.interface import FormPosition

INPUTS = 3
MOTION_TIMEOUT_S = 4.0
LOOK_EVERY_S = 0.1


class Coil(IntEnum):
    """The outputs."""

    SHUTTER = 0
    DRAW_IN = 1
    RETURN = 2
    FLAP = 3


class ModbusCollector:
    """One collector: one unit on a Modbus line, RTU or TCP."""

    def __init__(
        self,
        connect: Callable[[], ModbusLine],
        unit: int = 1,
        motion_timeout_s: float = MOTION_TIMEOUT_S,
    ) -> None:
        self._connect = connect
        self._unit = unit
        self._motion_timeout_s = motion_timeout_s
        self._line: ModbusLine | None = None

    def open(self) -> None:
        """Connect, and put the mechanism to rest whatever an earlier program left running."""
        if self._line is not None:
            return
        self._line = self._connect()
        try:
            for coil in Coil:
                if not (coil is Coil.SHUTTER and self.position() is FormPosition.MOUTH):
                    self._set(coil, on=False)
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask the inputs."""
        try:
            return Health(DeviceState.ONLINE, "bin full" if self.bin_full() else "")
        except DeviceAbsentError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        except DeviceError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))

    def position(self) -> FormPosition:
        """Ask the inputs. A form that both sensors see is on its way: unknown."""
        mouth, escrow, _ = self._inputs()
        if mouth and escrow:
            return FormPosition.UNKNOWN
        if escrow:
            return FormPosition.ESCROW
        return FormPosition.MOUTH if mouth else FormPosition.NONE

    def bin_full(self) -> bool:
        """Ask the inputs."""
        return self._inputs()[2]

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Open the shutter, wait for paper, draw it in, shut the shutter."""
        if self.position() is FormPosition.ESCROW:
            return
        self._set(Coil.SHUTTER, on=True)
        try:
            self._take_in(monotonic() + timeout_s, cancelled)
        except DeviceFaultError:
            raise  # jammed at the mouth: the shutter stays open, so that a hand can pull it out
        except DeviceError:
            self._shut_if_it_answers()
            raise
        self._set(Coil.SHUTTER, on=False)

    def keep(self) -> None:
        """Open the flap until the escrow is empty; with an empty escrow do nothing."""
        mouth, escrow, full = self._inputs()
        if not mouth and not escrow:
            return
        if not escrow:
            raise DeviceFaultError("refused", detail="the form is at the mouth")
        if full:
            raise DeviceFaultError("full")
        self._run(Coil.FLAP, FormPosition.NONE)

    def give_back(self) -> None:
        """Open the shutter and return the form; the shutter stays open until it is taken."""
        position = self.position()
        if position is FormPosition.NONE:
            raise DeviceFaultError("refused", detail="there is no form")
        self._set(Coil.SHUTTER, on=True)
        if position is not FormPosition.MOUTH:
            self._run(Coil.RETURN, FormPosition.MOUTH)

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until no paper is at the mouth, then shut the shutter."""
        wait_for(self._mouth_is_free, timeout_s, cancelled, LOOK_EVERY_S)
        self._set(Coil.SHUTTER, on=False)

    def _take_in(self, deadline: float, cancelled: Event) -> None:
        while self.position() is not FormPosition.ESCROW:
            wait_for(self._paper_at_mouth, deadline - monotonic(), cancelled, LOOK_EVERY_S)
            try:
                self._run(Coil.DRAW_IN, FormPosition.ESCROW)
            except DeviceFaultError:
                if self.position() is not FormPosition.NONE:
                    raise  # jammed; with nothing there, a hand pulled the paper out again

    def _paper_at_mouth(self) -> bool | None:
        return True if self._inputs()[0] else None

    def _mouth_is_free(self) -> bool | None:
        return None if self._inputs()[0] else True

    def _run(self, motor: Coil, until: FormPosition) -> None:
        """Hold one output on until the form is there. A coil is a level: setting it is safe."""
        self._set(motor, on=True)
        try:
            wait_for(
                lambda: True if self.position() is until else None,
                self._motion_timeout_s,
                Event(),
                LOOK_EVERY_S,
            )
        except DeviceTimeoutError as error:
            self._set(motor, on=False)
            raise DeviceFaultError("jam", detail=motor.name.lower()) from error
        self._set(motor, on=False)

    def _shut_if_it_answers(self) -> None:
        try:
            self._set(Coil.SHUTTER, on=False)
        except DeviceError:
            return  # the first error is the one to tell; open() shuts it later

    def _inputs(self) -> tuple[bool, ...]:
        return self._opened().inputs(self._unit, 0, INPUTS)

    def _set(self, coil: Coil, on: bool) -> None:
        self._opened().set_coil(self._unit, coil, on)

    def _opened(self) -> ModbusLine:
        if self._line is None:
            raise DeviceAbsentError("the form collector is not open")
        return self._line
