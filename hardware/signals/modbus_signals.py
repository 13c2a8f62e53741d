"""Driver for contacts and lamps on a Modbus board of inputs and outputs, RTU or TCP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic

from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceError
from hardware.core.modbus import ModbusLine
from hardware.signals.interface import Colour, FlashRate, InputName, Lamp, LampName, Sensed

PERIODS_S = {FlashRate.SLOW: 2.0, FlashRate.MEDIUM: 1.0, FlashRate.QUICK: 0.5}
"""One on and one off; the quickest is twice a second, as more than three harm (WCAG 2.3.1)."""
DOORS = frozenset({InputName.OUTER_DOOR, InputName.SERVICE_DOOR, InputName.SAFE_DOOR})
ALARMS = frozenset({InputName.TAMPER, InputName.VIBRATION})


@dataclass(frozen=True, slots=True)
class Board:
    """Which input and which coil is what; both count from 0.

    Attributes:
        inputs: Number of each input that is wired. On means: door closed, tamper contact closed,
            somebody present.
        inverted: Inputs where on means the contrary.
        lamps: Coils of each lamp by colour; one coil under None for a lamp of one colour.
    """

    unit: int = 1
    inputs: Mapping[InputName, int] = field(default_factory=dict)
    inverted: frozenset[InputName] = frozenset()
    lamps: Mapping[LampName, Mapping[Colour | None, int]] = field(default_factory=dict)


class ModbusSignals:
    """One board."""

    def __init__(
        self,
        connect: Callable[[], ModbusLine],
        board: Board,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._connect = connect
        self._board = board
        self._now = now
        self._line: ModbusLine | None = None
        self._lamps = _unlit(board)
        self._levels: dict[int, bool] = {}
        """The coils as they were set last; what is not in it is not known."""

    def open(self) -> None:
        """Connect, see that the board answers, and switch all lamps off."""
        if self._line is not None:
            return
        self._line = self._connect()
        self._lamps, self._levels = _unlit(self._board), {}
        try:
            self.inputs()
            self._set_levels()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up; the lamps stay as they are."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask the inputs and tell the lamps again: a board that restarted has forgotten them.

        A contact that was tampered with is said, and is no fault of the board.
        """
        try:
            inputs = self.inputs()
            self._levels.clear()
            self._set_levels()
        except DeviceAbsentError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        except DeviceError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        tampered = sorted(name for name, seen in inputs.items() if seen is Sensed.TAMPERED)
        return Health(DeviceState.ONLINE, f"tampered: {', '.join(tampered)}" if tampered else "")

    def inputs(self) -> Mapping[InputName, Sensed]:
        """Ask all inputs in one request."""
        line = self._opened()
        numbers = self._board.inputs
        if not numbers:
            return {}
        first, last = min(numbers.values()), max(numbers.values())
        bits = line.inputs(self._board.unit, first, last - first + 1)
        return {
            name: _sensed(name, bits[number - first] is not (name in self._board.inverted))
            for name, number in numbers.items()
        }

    def lamps(self) -> tuple[Lamp, ...]:
        """Tell what the lamps were told."""
        return tuple(self._lamps.values())

    def light(self, name: LampName, rate: FlashRate, colour: Colour | None = None) -> None:
        """Tell a lamp how to shine; lamps of one rate flash in step."""
        lamp = self._lamps.get(name)
        if lamp is None:
            raise ValueError(f"there is no lamp {name}")
        if colour is not None and colour not in lamp.colours:
            raise ValueError(f"the lamp {name} has no {colour}")
        self._opened()
        shown = colour or (lamp.colours[0] if lamp.colours else None)
        self._lamps[name] = replace(
            lamp, rate=rate, colour=None if rate is FlashRate.OFF else shown
        )
        self._set_levels()

    def beat(self) -> float | None:
        """Switch what flashes; a coil that is right already is left alone."""
        self._set_levels()
        now = self._now()
        halves = [PERIODS_S[each.rate] / 2 for each in self.lamps() if each.rate in PERIODS_S]
        return min((half - now % half for half in halves), default=None)

    def _set_levels(self) -> None:
        line, now = self._opened(), self._now()
        for name, coils in self._board.lamps.items():
            lamp = self._lamps[name]
            is_lit = _is_lit(lamp.rate, now)
            for colour, coil in sorted(coils.items(), key=lambda each: each[1]):
                level = is_lit and lamp.colour == colour
                if self._levels.get(coil) is not level:
                    self._levels.pop(coil, None)  # unknown, should the answer be lost
                    line.set_coil(self._board.unit, coil, level)
                    self._levels[coil] = level

    def _opened(self) -> ModbusLine:
        if self._line is None:
            raise DeviceAbsentError("the board of contacts and lamps is not open")
        return self._line


def _unlit(board: Board) -> dict[LampName, Lamp]:
    return {
        name: Lamp(name, tuple(colour for colour in coils if colour is not None))
        for name, coils in board.lamps.items()
    }


def _is_lit(rate: FlashRate, now: float) -> bool:
    period_s = PERIODS_S.get(rate)
    if period_s is None:
        return rate is FlashRate.CONTINUOUS
    return now % period_s < period_s / 2


def _sensed(name: InputName, on: bool) -> Sensed:
    if name in DOORS:
        return Sensed.CLOSED if on else Sensed.OPEN
    if name in ALARMS:
        return Sensed.CLOSED if on else Sensed.TAMPERED
    return Sensed.PRESENT if on else Sensed.NOT_PRESENT
