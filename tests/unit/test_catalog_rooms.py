"""The catalogue's rooms hold the drivers that it says, and stay shut until they are asked."""

import subprocess
import sys
from importlib import import_module

import pytest

from hardware.catalog import DRIVERS, ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_what_the_catalogue_says(room):
    assert tuple(import_module(f"hardware.catalog.{room}").DRIVERS) == ROOMS[room]


def test_every_driver_is_found():
    assert {name: DRIVERS[name].kind for name in DRIVERS}.keys() == set(DRIVERS)


def test_a_station_opens_the_rooms_of_its_own_devices_alone():
    code = (
        "import sys; from hardware.catalog import driver; driver('crt571');"
        "print(*[m for m in sys.modules if m.startswith('hardware.catalog.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {
        "hardware.catalog.card_machines",
        "hardware.catalog.entries",
    }
