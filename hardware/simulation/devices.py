"""The kinds of simulated devices that a bench file can name."""

from hardware.simulation.audio_keypad import SimulatedAudioKeypad
from hardware.simulation.bench import Maker
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.card_dispenser import SimulatedCardDispenser
from hardware.simulation.card_printer import SimulatedCardPrinter
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.code_scanner import SimulatedLineScanner
from hardware.simulation.document_reader import PROTOCOLS, simulated_document_reader
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.form_printer import SimulatedFormPrinter
from hardware.simulation.ipp_printer import SimulatedIppPrinter
from hardware.simulation.keyboard_scanner import SimulatedKeyboardScanner
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.locks_8a import SimulatedLocks8a
from hardware.simulation.modbus_locks import SimulatedModbusLocks
from hardware.simulation.modbus_signals import SimulatedSignals
from hardware.simulation.sbi_kinds import SimulatedSbiFace, SimulatedSbiFinger
from hardware.simulation.signature_pad import SimulatedSignaturePad
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.ticket_printer import SimulatedTicketPrinter

KINDS: dict[str, Maker] = {
    "audio_keypad": SimulatedAudioKeypad,
    "camera_reader": SimulatedCamera,
    "card_printer": SimulatedCardPrinter,
    "crt571": SimulatedCardUnit,
    "cu16": SimulatedLockBoards,
    "document_reader": simulated_document_reader,
    "elyctis": PROTOCOLS["elyctis"],
    "escpos": SimulatedTicketPrinter,
    "form_printer": SimulatedFormPrinter,
    "hid_reader": PROTOCOLS["hid"],
    "keyboard_scanner": SimulatedKeyboardScanner,
    "line_scanner": SimulatedLineScanner,
    "k720": SimulatedCardDispenser,
    "ipp_printer": SimulatedIppPrinter,
    "mjpeg": SimulatedCamera,
    "modbus_collector": SimulatedFormCollector,
    "ocr_imager": PROTOCOLS["ocr"],
    "locks_8a": SimulatedLocks8a,
    "modbus_locks": SimulatedModbusLocks,
    "modbus_signals": SimulatedSignals,
    "r30x": SimulatedFingerprintScanner,
    "sound_card": SimulatedSoundCard,
    "stu": SimulatedSignaturePad,
    "stx_reader": PROTOCOLS["stx"],
    "sbi_face": SimulatedSbiFace,
    "sbi_finger": SimulatedSbiFinger,
}
