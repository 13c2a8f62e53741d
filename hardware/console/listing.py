"""Asks every configured device how it is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from hardware.catalog import driver, make
from hardware.console.entries import Configured
from hardware.core.device import Device, DeviceState, Health
from hardware.core.errors import DeviceError

AT_ONCE = 8


def list_devices(devices: Sequence[Configured]) -> list[dict[str, str]]:
    """Open every device, ask how it is, close it; returns name, kind, driver, state, detail."""
    with ThreadPoolExecutor(max(1, min(AT_ONCE, len(devices)))) as pool:
        return list(pool.map(_listed, devices))


def _listed(configured: Configured) -> dict[str, str]:
    kind = ""
    try:
        kind = driver(configured.driver).kind
        health = _health(make(configured.driver, configured.address, configured.options))
    except ValueError as error:
        health = Health(DeviceState.USER_ERROR, str(error))
    return {
        "name": configured.name,
        "kind": str(kind),
        "driver": configured.driver,
        "state": health.state.value,
        "detail": health.detail,
    }


def _health(device: Device) -> Health:
    try:
        device.open()
    except DeviceError as error:
        return Health(DeviceState.NO_DEVICE, str(error))
    try:
        return device.health()
    finally:
        device.close()
