"""Drivers of simulated devices, kept open as a station keeps them."""

from typing import Any

from hardware.core.keeper import Keeper


def keeper_of(driver: Any, name: str = "device") -> Keeper[Any]:
    """Keep one driver open."""
    return Keeper(name, lambda: driver, lambda _message: None)
