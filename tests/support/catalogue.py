"""A driver more in the catalogue, for one test."""

import pytest

from hardware.catalog import DRIVERS, Driver, optics


def enter(monkeypatch: pytest.MonkeyPatch, name: str, driver: Driver) -> None:
    """Let the catalogue have this driver until the test ends."""
    monkeypatch.setitem(optics.DRIVERS, name, driver)
    monkeypatch.setitem(vars(DRIVERS)["_room_of"], name, "optics")
