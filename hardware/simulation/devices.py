"""The kinds of simulated devices that a bench file can name."""

from hardware.simulation.bench import Maker
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.card_printer import SimulatedCardPrinter
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.form_printer import SimulatedFormPrinter
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.sbi_kinds import SimulatedSbiFace, SimulatedSbiFinger
from hardware.simulation.ticket_printer import SimulatedTicketPrinter

KINDS: dict[str, Maker] = {
    "card_printer": SimulatedCardPrinter,
    "crt571": SimulatedCardUnit,
    "cu16": SimulatedLockBoards,
    "escpos": SimulatedTicketPrinter,
    "form_printer": SimulatedFormPrinter,
    "mjpeg": SimulatedCamera,
    "modbus_collector": SimulatedFormCollector,
    "r30x": SimulatedFingerprintScanner,
    "sbi_face": SimulatedSbiFace,
    "sbi_finger": SimulatedSbiFinger,
}
