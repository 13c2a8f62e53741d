"""Makes strokes out of the reports of a pen, and notices what is missing."""

from hardware.signature_pad.interface import InkPoint, Stroke
from hardware.signature_pad.stu_reports import TICK_S, Capability, PenReport

LEAP_MM = 30.0
"""No hand moves a pen so far between two reports (6 m/s at 200 reports a second)."""

WRAP = 0x10000


class Ink:
    """What was written since the screen was empty."""

    def __init__(self, capability: Capability) -> None:
        self._capability = capability
        self._firm = capability.max_pressure // 10
        self._strokes: list[list[InkPoint]] = []
        self._is_down = False
        self._leapt = False
        self._sequence: int | None = None
        self._ticks: int | None = None
        self._passed = 0
        self._begun_at: float | None = None
        self.lost = 0
        self.presses_afar = False
        """Whether the pen pressed while it was not near: then its flags are read wrongly."""

    def add(self, report: PenReport, now_s: float) -> None:
        """Take a report that came at now_s (any clock)."""
        self._count(report)
        if report.x > self._capability.max_x or report.y > self._capability.max_y:
            self.lost += 1
            return
        if not (report.is_near and report.is_touching):
            self._is_down = False
            self.presses_afar = self.presses_afar or report.pressure > self._firm
            return
        point = self._point(report, now_s)
        if not self._is_down:
            self._strokes.append([])
        elif self._is_leap(point):
            self.lost += 1
            if not self._leapt:  # one wild report; a second one there is where the pen is
                self._leapt = True
                return
            self._strokes.append([])
        self._is_down, self._leapt = True, False
        self._strokes[-1].append(point)

    def missed(self) -> None:
        """A report came that was none."""
        self.lost += 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self._strokes

    def strokes(self) -> tuple[Stroke, ...]:
        """Return what was written."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def _count(self, report: PenReport) -> None:
        """Notice missing reports while the pen writes; between words nobody minds."""
        before, self._sequence = self._sequence, report.sequence
        if before is not None and report.sequence is not None and self._is_down:
            self.lost += (report.sequence - before - 1) % WRAP

    def _point(self, report: PenReport, now_s: float) -> InkPoint:
        scale = self._capability.unit_mm
        pressure = min(report.pressure / self._capability.max_pressure, 1.0)
        return InkPoint(report.x * scale, report.y * scale, pressure, self._time(report, now_s))

    def _time(self, report: PenReport, now_s: float) -> float:
        """Seconds since the first point, by the pad's own clock where it has one."""
        if self._begun_at is None:
            self._begun_at = now_s
        if report.ticks is None:
            return now_s - self._begun_at
        if self._ticks is not None:
            self._passed += (report.ticks - self._ticks) % WRAP
        self._ticks = report.ticks
        return self._passed * TICK_S

    def _is_leap(self, point: InkPoint) -> bool:
        last = self._strokes[-1][-1]
        return max(abs(point.x_mm - last.x_mm), abs(point.y_mm - last.y_mm)) > LEAP_MM
