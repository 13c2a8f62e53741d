"""How long a kiosk takes to answer a touch while all its devices are slow, silent or gone.

Run with -s to see the table. The floor is the same touch in the same run with sound devices: a
screen whose answer waits for a device would be slower by the device's seconds, not by a factor.
"""

from collections.abc import Iterator
from statistics import quantiles
from time import perf_counter

import pytest

from common.domain.language import Language
from hardware.simulation.line import LineFault
from office.layout import STATIONS
from office.opening import opened
from office.record import Record
from office.visitor import LANGUAGE_BUTTONS

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

TOUCHES = 20
KIOSKS = ("tag-1", "registration-1", "collection-1")
MISFORTUNES = ("sound", LineFault.SLOW, LineFault.MUTE, "unplugged")
PATIENCE_S = 3.0
MOST = 10.0
"""Slower than this many floors, a screen has waited for a device."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    folder = tmp_path_factory.mktemp("office")
    with opened(folder, Record(tmp_path_factory.mktemp("out"))) as (office, hall):
        yield office, hall


def test_a_touch_is_answered_whatever_the_devices_do(office, capsys) -> None:
    programs, hall = office
    rows: list[tuple[str, str, float, float, float, int]] = []
    for kiosk in KIOSKS:
        devices = [device for plan in STATIONS if plan.name == kiosk for device in plan.devices]
        floor = 0.0
        for misfortune in MISFORTUNES:
            for device in devices:
                if misfortune != "sound" and device.kind != "form_printer":
                    hall.bench.fault(kiosk, device.role, misfortune, on=True)
            hall.ended.wait(2.0)  # so that the devices are asked while they are so
            median_ms, late_ms, again = _touches(programs.touch[kiosk])
            floor = floor or median_ms
            rows.append((kiosk, misfortune, median_ms, late_ms, median_ms / floor, again))
            for device in devices:
                if misfortune != "sound" and device.kind != "form_printer":
                    hall.bench.fault(kiosk, device.role, misfortune, on=False)
    with capsys.disabled():
        print("\nkiosk           devices    median ms   95 % ms    ratio  again")
        for kiosk, misfortune, median_ms, late_ms, ratio, again in rows:
            print(
                f"{kiosk:15} {misfortune:10} {median_ms:9.1f} {late_ms:9.1f} {ratio:9.2f} {again:6}"
            )
    assert all(ratio < MOST for *_, ratio, _ in rows)


def _touches(touch) -> tuple[float, float, int]:
    """Touch language buttons in turn: until the screen speaks it; median and 95 % in ms.

    A kiosk that goes out of service, or comes back, at that moment greets in its first language
    again: then the person touches once more, and those times are counted by themselves.
    """
    took: list[float] = []
    again = 0
    languages = (Language.ENGLISH, Language.TRADITIONAL)
    while len(took) < TOUCHES:
        wanted = languages[len(took) % 2]
        began = perf_counter()
        touch.tap(LANGUAGE_BUTTONS[wanted])
        while touch.look().language != wanted and perf_counter() - began < PATIENCE_S:
            pass
        if perf_counter() - began < PATIENCE_S:
            took.append((perf_counter() - began) * 1000)
        else:
            again += 1
            assert again < TOUCHES, "no touch is answered"
    cuts = quantiles(took, n=20)
    return cuts[9], cuts[18], again
