"""One self-test per device kind: what it will move, said beforehand, and the moving itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hardware.cabinet.interface import Cabinet
from hardware.camera.interface import Camera
from hardware.catalog import Kind
from hardware.code_scanner.interface import CodeScanner
from hardware.core.device import Seen
from hardware.core.errors import DeviceFaultError, RequestCancelledError
from hardware.document_reader.interface import DocumentReader
from hardware.fingerprint.interface import FingerprintScanner
from hardware.form_collector.interface import FormCollector, FormPosition
from hardware.printer.interface import FormPrinter, Paper, Printed, TicketPrinter
from hardware.printer.proof import NO_OCCASION, Occasion, proof_page, proof_slip
from hardware.signals.interface import FlashRate, Sensed, Signals
from hardware.signature_pad.interface import SignaturePad
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.interface import CardPosition, CardUnit

PERSON_S = 30.0
PRINTED_S = 60.0
LAMP_S = 0.5
FRAMES, FRAME_S = 5, 3.0
DARKEST = 20
FLATTEST = 10
SELECT_DEFAULT = bytes.fromhex("00A4040000")
"""SELECT without a name: every card has some answer to it."""

Say: TypeAlias = Callable[[str], None]


class SelfTestError(Exception):
    """The device answers, and yet what it does is not right."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A test of one kind of device.

    Attributes:
        announcement: What will move and what the technician shall do.
        run: Does it, given device, Say and an Event that cancels; says when it is the technician's
            turn, and returns what was seen, without times, so that a replay sees the same; raises
            DeviceError or SelfTestError.
        has_occasion: Whether run also takes the Occasion that it shall print.
    """

    announcement: str
    run: Callable[..., str]
    has_occasion: bool = False


def _card_unit(unit: CardUnit, say: Say, cancelled: Event) -> str:
    if unit.status().position is not CardPosition.NONE:
        raise SelfTestError("a card is in the unit; nothing was moved")
    came = _card_came(unit, cancelled)
    try:
        chip = _chip_answer(unit)
    finally:
        unit.hold_at_gate()
    say("take the card")
    unit.wait_taken(PERSON_S, cancelled)
    return f"card {came}, {chip}, card given back"


def _card_came(unit: CardUnit, cancelled: Event) -> str:
    """Let a card in; a machine without an entry gives one of its own."""
    try:
        unit.accept(PERSON_S, cancelled)
    except DeviceFaultError as fault:
        if fault.reason != "not_supported":
            raise
        unit.feed()
        return "drawn from the feeder"
    return "drawn in"


def _chip_answer(unit: CardUnit) -> str:
    try:
        answer_to_reset = unit.connect()
    except DeviceFaultError as fault:
        if fault.reason != "not_supported":
            raise
        return "no chip reader built in"
    unit.disconnect()
    return f"chip answered with {len(answer_to_reset)} bytes"


def _card_reader(reader: CardReader, say: Say, cancelled: Event) -> str:
    if not reader.wait_for_card(PERSON_S, cancelled):
        raise SelfTestError("no card came")
    answer_to_reset = reader.connect()
    try:
        reader.transmit(SELECT_DEFAULT)
    finally:
        reader.disconnect()
    say("take the card")
    if not reader.wait_removed(PERSON_S, cancelled):
        raise SelfTestError("the card is still there")
    return f"card seen, chip answered with {len(answer_to_reset)} bytes, card seen to go"


def _cabinet(cabinet: Cabinet, say: Say, cancelled: Event) -> str:
    del cancelled  # one pulse is over before anybody could cancel it
    slots = cabinet.slots()
    empty = [slot for slot in slots if slot.item is Seen.NO]
    if not empty and all(slot.item is Seen.UNKNOWN for slot in slots):
        say("nothing senses what is in the slots: leave in them what is there")
        empty = [slot for slot in slots if slot.locked is not Seen.UNKNOWN]
    if not empty:
        raise SelfTestError("no slot is surely empty; nothing was unlocked")
    cabinet.unlock(empty[0].number)
    if cabinet.slot(empty[0].number).locked is Seen.YES:
        raise SelfTestError(f"slot {empty[0].number} says that it is still locked")
    return f"slot {empty[0].number} unlocked"


def _signals(signals: Signals, say: Say, cancelled: Event) -> str:
    seen = signals.inputs()
    unknown = [name for name, sensed in seen.items() if sensed is Sensed.UNKNOWN]
    if unknown:
        raise SelfTestError(f"nothing is known of {', '.join(unknown)}")
    lit = 0
    for lamp in signals.lamps():
        for colour in lamp.colours or (None,):
            say(" ".join(word for word in ("look:", lamp.name, colour) if word))
            signals.light(lamp.name, FlashRate.CONTINUOUS, colour)
            cancelled.wait(LAMP_S)
            lit += 1
        signals.light(lamp.name, FlashRate.OFF)
        if cancelled.is_set():
            raise RequestCancelledError("the caller stopped looking")
    return ", ".join([f"{lit} lamps lit", *(f"{name} {sensed}" for name, sensed in seen.items())])


def _form_collector(collector: FormCollector, say: Say, cancelled: Event) -> str:
    if collector.position() is not FormPosition.NONE:
        raise SelfTestError("a form is in the collector; nothing was moved")
    collector.accept(PERSON_S, cancelled)
    if collector.position() is not FormPosition.ESCROW:
        raise SelfTestError("the sheet did not arrive in escrow")
    collector.give_back()
    say("take the sheet")
    collector.wait_taken(PERSON_S, cancelled)
    return "sheet drawn in and given back"


def _fingerprint_scanner(scanner: FingerprintScanner, say: Say, cancelled: Event) -> str:
    image = scanner.capture(PERSON_S, cancelled)
    spread = float(np.frombuffer(image.pixels, np.uint8).std())
    if spread < FLATTEST:
        raise SelfTestError("the image shows no ridges")
    say("lift the finger")
    scanner.wait_lifted(PERSON_S, cancelled)
    return f"{image.width} x {image.height} at {image.dots_per_inch} dpi, contrast {spread:.0f}"


def _camera(camera: Camera, say: Say, cancelled: Event) -> str:
    del say  # nobody has to do anything
    frames = [camera.next_frame(FRAME_S, cancelled) for _ in range(FRAMES)]
    height, width, _ = frames[-1].pixels.shape
    brightness = float(frames[-1].pixels.mean())
    if brightness < DARKEST:
        raise SelfTestError(f"{width} x {height}, but all is dark")
    return f"{width} x {height}, brightness {brightness:.0f}, {FRAMES} frames"


def _code_scanner(scanner: CodeScanner, say: Say, cancelled: Event) -> str:
    say("hold a printed code before it")
    code = scanner.wait_for_code(PERSON_S, cancelled)
    symbology = "a code" if code.symbology is None else code.symbology.value
    return f"{symbology} with {len(code.text)} characters read"


def _ticket_printer(
    printer: TicketPrinter, say: Say, cancelled: Event, occasion: Occasion = NO_OCCASION
) -> str:
    del cancelled  # a slip is out within seconds
    printer.print_slip(proof_slip(printer.width_px, occasion))
    say("read the slip: an edge all around, a ruler of millimetres, and a code for a telephone")
    status = printer.status()
    if status.paper is Paper.OUT:
        raise SelfTestError("printed, but now the paper is out")
    return f"slip printed and cut, paper {status.paper.value}"


def _form_printer(
    printer: FormPrinter, say: Say, cancelled: Event, occasion: Occasion = NO_OCCASION
) -> str:
    done = printer.print_document(proof_page(occasion), "test page", PRINTED_S, cancelled)
    say("read the page: an edge all around, a ruler of millimetres, and a code for a telephone")
    if done is Printed.PRINTED:
        return "the print system says that the page is printed"
    return "the print system took the page"


def _document_reader(reader: DocumentReader, say: Say, cancelled: Event) -> str:
    say("lay or swipe a specimen document")  # now that a swipe would be heard
    read = reader.wait_for_document(PERSON_S, cancelled)
    shape = " + ".join(str(len(line)) for line in read.lines)
    if not read.is_sound:
        raise SelfTestError(f"read {shape} characters, but wrong: {', '.join(read.flaws)}")
    say("take the document")
    gone = reader.wait_removed(PERSON_S, cancelled)
    return f"{shape} characters read, every check digit right, document gone {gone}"


def _signature_pad(pad: SignaturePad, say: Say, cancelled: Event) -> str:
    screen = pad.screen()
    page = Image.new("RGB", (screen.width_px, screen.height_px), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, screen.width_px - 1, screen.height_px - 1), outline="black", width=3)
    draw.text((20, 20), "TEST", fill="black", font=ImageFont.load_default(40))
    pad.begin(page)
    say("sign on the pad")
    try:
        signature = pad.wait_for_signature(PERSON_S, cancelled)
    finally:
        pad.clear()
    if signature.lost:
        raise SelfTestError(f"{signature.lost} reports of the pen are missing")
    points = sum(len(stroke) for stroke in signature.strokes)
    size = f"{signature.width_mm:.0f} x {signature.height_mm:.0f} mm"
    return f"{len(signature.strokes)} strokes of {points} points on {size}"


SELF_TESTS = {
    Kind.CARD_UNIT: SelfTest("opens the gate: put a test card in", _card_unit),
    Kind.CARD_READER: SelfTest(
        "a reader with a motor draws it in: lay a test card on the reader, or put it in",
        _card_reader,
    ),
    Kind.CABINET: SelfTest(
        "unlocks the first empty slot (the first, where none is sensed): shut it again afterwards",
        _cabinet,
    ),
    Kind.SIGNALS: SelfTest("moves nothing: lights each lamp in turn, look at them", _signals),
    Kind.FORM_COLLECTOR: SelfTest("opens the mouth: put a sheet in", _form_collector),
    Kind.FINGERPRINT_SCANNER: SelfTest(
        "moves nothing: lay a finger on the glass", _fingerprint_scanner
    ),
    Kind.CAMERA: SelfTest("moves nothing: looks at five frames", _camera),
    Kind.CODE_SCANNER: SelfTest("moves nothing: hold a code before the scanner", _code_scanner),
    Kind.TICKET_PRINTER: SelfTest(
        "prints one slip and cuts it off", _ticket_printer, has_occasion=True
    ),
    Kind.FORM_PRINTER: SelfTest("prints one page", _form_printer, has_occasion=True),
    Kind.DOCUMENT_READER: SelfTest("moves nothing: reads a document", _document_reader),
    Kind.SIGNATURE_PAD: SelfTest("moves nothing: shows a picture to sign on", _signature_pad),
}


def look(kind: Kind, device: Any) -> str:
    """Tell in a few words what a device's sensors see, beyond its health.

    Raises:
        DeviceError: It could not be asked.
    """
    match kind:
        case Kind.CARD_UNIT:
            status = device.status()
            return f"card {status.position}, feeder {status.feeder}, bin full {status.bin_full}"
        case Kind.CABINET:
            slots = device.slots()
            unlocked = [slot.number for slot in slots if slot.locked is not Seen.YES]
            full = sum(slot.item is Seen.YES for slot in slots)
            return f"{full} of {len(slots)} slots hold something, not locked: {unlocked or 'none'}"
        case Kind.CARD_READER:
            return f"card present {device.is_card_present()}"
        case Kind.SIGNALS:
            return ", ".join(f"{name} {sensed}" for name, sensed in device.inputs().items())
        case Kind.FORM_COLLECTOR:
            return f"form {device.position()}, bin full {'yes' if device.bin_full() else 'no'}"
        case Kind.TICKET_PRINTER | Kind.FORM_PRINTER:
            seen = device.status()
            return f"online {seen.online}, paper {seen.paper}, cover open {seen.cover_open}"
        case Kind.DOCUMENT_READER:
            return f"document present {device.present()}"
        case Kind.SIGNATURE_PAD:
            screen = device.screen()
            return f"screen: {screen.width_px} x {screen.height_px}"
        case Kind.FINGERPRINT_SCANNER | Kind.CAMERA | Kind.CODE_SCANNER:
            return ""


BETWEEN_SENSORS = re.compile(r", (?![^\[]*\])")


def sensors(kind: Kind, device: Any) -> dict[str, str]:
    """Tell every sensor by its name; of a kind not named here, those that look() tells.

    Raises:
        DeviceError: The device could not be asked.
    """
    if kind is Kind.CABINET:
        return {
            f"slot {slot.number} {sensor}": str(seen)
            for slot in device.slots()
            for sensor, seen in (("locked", slot.locked), ("item", slot.item))
        }
    return named_sensors(look(kind, device))


def named_sensors(words: str) -> dict[str, str]:
    """Take "card at gate, feeder low, not locked: [1, 2]" apart; a name ends before the last word.

    A colon ends a name too, and brackets hold a value together.
    """
    found = {}
    for piece in BETWEEN_SENSORS.split(words):
        name, colon, value = piece.partition(": ")
        if not colon:
            name, _, value = piece.rpartition(" ")
        if piece:
            found[name] = value
    return found
