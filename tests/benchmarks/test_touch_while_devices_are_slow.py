"""How long a kiosk takes to answer a touch while all its devices are slow, silent or gone.

Timed in the kiosk's own process: from the touch's arrival, before its window has heard of it, to
the next picture that is painted. The floor is the same touch with sound devices just before: a
screen whose answer waits for a device would be slower by the device's seconds, not by a factor.
Run with -s to see the table; SMARTICS_TOUCHES says how many touches each row has.
"""

import os
from dataclasses import dataclass
from statistics import quantiles
from threading import Event
from time import monotonic

import pytest

from common.domain.language import OWN_NAMES, Language
from hardware.simulation.line import LineFault
from office.layout import STATIONS
from office.office import Office
from office.touch_client import TouchClient
from tests.benchmarks.conftest import KIOSKS

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

TOUCHES = int(os.environ.get("SMARTICS_TOUCHES", "12"))
MISFORTUNES = (LineFault.SLOW, LineFault.MUTE, "unplugged")
SETTLED_S = 2.0
PATIENCE_S = 3.0
BETWEEN_S = 0.15
"""Between two touches, so that they meet the kiosk at whatever it does."""
MOST = 10.0
"""Slower than this many floors, a screen has waited for a device."""
MOST_LOST = TOUCHES // 4
"""A kiosk that greets anew at that moment may have nothing to paint: it speaks that language."""


def test_a_touch_is_answered_whatever_the_devices_do(kiosks: Office, capsys) -> None:
    rows: list[Row] = []
    for kiosk in KIOSKS:
        devices = [device for plan in STATIONS if plan.name == kiosk for device in plan.devices]
        on_lines = [device.role for device in devices if device.kind != "form_printer"]
        for misfortune in MISFORTUNES:
            Event().wait(SETTLED_S)
            floor = _touches(kiosks.touch[kiosk])
            for role in on_lines:
                kiosks.bench.fault(kiosk, role, misfortune, on=True)
            Event().wait(SETTLED_S)  # so that the devices are asked while they are so
            rows.append(Row(kiosk, misfortune, floor, _touches(kiosks.touch[kiosk])))
            for role in on_lines:
                kiosks.bench.fault(kiosk, role, misfortune, on=False)
    with capsys.disabled():
        print("\ntouch to painted answer, ms       spoilt                  sound")
        print("kiosk           devices    median     95 %   most   median     95 %    ratio  lost")
        for row in rows:
            print(row)
    told = "\n".join(str(row) for row in rows)
    assert all(row.ratio < MOST for row in rows), told
    assert all(row.spoilt.lost <= MOST_LOST for row in rows), told


@dataclass(frozen=True)
class Touches:
    """How long touches took, in milliseconds, and how many of them nothing came of."""

    median_ms: float
    late_ms: float
    most_ms: float
    lost: int


@dataclass(frozen=True)
class Row:
    """Touches while the devices were spoilt, and those just before."""

    kiosk: str
    misfortune: str
    sound: Touches
    spoilt: Touches

    @property
    def ratio(self) -> float:
        return self.spoilt.median_ms / self.sound.median_ms

    def __str__(self) -> str:
        return (
            f"{self.kiosk:15} {self.misfortune:9} {self.spoilt.median_ms:7.1f} "
            f"{self.spoilt.late_ms:8.1f} {self.spoilt.most_ms:6.1f} {self.sound.median_ms:8.1f} "
            f"{self.sound.late_ms:8.1f} {self.ratio:8.2f} {self.spoilt.lost:5}"
        )


def _touches(touch: TouchClient) -> Touches:
    """Touch the buttons of two languages in turn."""
    where = {one["name"]: one for one in touch.look().controls}
    took: list[float] = []
    for number in range(TOUCHES):
        language = (Language.TRADITIONAL, Language.ENGLISH)[number % 2]
        took += _touch(touch, where[OWN_NAMES[language]])
        Event().wait(BETWEEN_S)
    cuts = quantiles(took, n=20, method="inclusive")
    return Touches(cuts[9], cuts[18], max(took), TOUCHES - len(took))


def _touch(touch: TouchClient, button: dict[str, int]) -> list[float]:
    """Touch a button; return how long its answer took, or nothing where none came."""
    before = len(touch.painted_ms())
    touch.tap_at(button["x"] + button["width"] // 2, button["y"] + button["height"] // 2)
    deadline = monotonic() + PATIENCE_S
    while monotonic() < deadline:
        if found := touch.painted_ms()[before:]:
            return found
        Event().wait(0.01)
    return []
