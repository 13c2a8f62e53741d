"""The kinds of simulated devices that a bench file can name."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.form_printer import SimulatedFormPrinter
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.ticket_printer import SimulatedTicketPrinter
from hardware.simulation.world import World

Maker: TypeAlias = Callable[[str, int, World, Mapping[str, Any]], SimulatedDevice]
"""name ("station.device"), port on 127.0.0.1, world, options."""

KINDS: dict[str, Maker] = {
    "crt571": SimulatedCardUnit,
    "cu16": SimulatedLockBoards,
    "escpos": SimulatedTicketPrinter,
    "form_printer": SimulatedFormPrinter,
    "mjpeg": SimulatedCamera,
    "modbus_collector": SimulatedFormCollector,
    "r30x": SimulatedFingerprintScanner,
}
