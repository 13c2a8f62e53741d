"""Frames of printers altered on their way: the drivers tell the truth, or raise, and send once."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from PIL import Image

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceError, DeviceTimeoutError
from hardware.core.http_link import HttpAnswer
from hardware.core.http_stream import HttpStream
from hardware.core.transport import Exchange
from hardware.printer import escpos_answers, escpos_printer, ipp_printer
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.interface import Paper, Printed, PrinterStatus
from hardware.printer.ipp_printer import IppPrinter
from hardware.printer.ipp_queue import QueueAddress
from hardware.printer.proof import Occasion, proof_page
from hardware.printer.reasons import Reason
from hardware.simulation.http_line import HttpRequest
from hardware.simulation.ipp_printer import PATH, SimulatedIppPrinter
from hardware.simulation.ticket_printer import SimulatedTicketPrinter
from hardware.simulation.world import World
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated

# Questions and answers as the manuals print them; GS I as a TM-T88V answers.
ESCPOS = """
> 100401
< 12
> 100402
< 12
> 100403
< 12
> 100404
< 1e
> 1d61ff
< 10000300
> 1d4942
< 5f4550534f4e00
> 1d4943
< 5f544d2d5438385600
> 1d7201
< 03
> 1014080103140106 0208
>  1b32
"""


class TimedLine(MutatedLine):
    """A line on which waiting in vain takes the clock's time."""

    def __init__(self, clock: QuickClock, dice: Random) -> None:
        recording = [Exchange.parse(line.strip()) for line in ESCPOS.split("\n") if line.strip()]
        super().__init__(recording, dice)
        self._clock = clock
        self.is_repaired = False

    def write(self, data: bytes) -> None:
        """Alter one answer in four, so that a slip gets further than its first question."""
        self.is_sound = self.is_repaired or self._dice.random() < 0.75
        super().write(data)

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return what came."""
        try:
            return super().read(count, timeout_s)
        except DeviceTimeoutError:
            self._clock.pause(timeout_s)
            raise


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    clock = QuickClock()
    monkeypatch.setattr(escpos_answers, "monotonic", clock.monotonic)
    for module in (escpos_printer, ipp_printer):
        monkeypatch.setattr(module, "monotonic", clock.monotonic)
        monkeypatch.setattr(module, "pause", clock.pause)
    return clock


def test_a_ticket_printers_answers(clock: QuickClock) -> None:
    dice = Random(5)
    line = TimedLine(clock, dice)
    printer = EscposPrinter(lambda: line, tells_unasked=True)
    line.is_repaired = True
    printer.open()
    line.is_repaired = False
    slip = Image.new("1", (16, 8), 0)
    outcomes = {"told": 0, "raised": 0, "printed": 0}
    frames = 0
    while frames < FRAMES:
        line.said.clear()
        try:
            match dice.randrange(4):
                case 0:
                    seen = printer.status()
                    assert isinstance(seen, PrinterStatus)
                    assert isinstance(seen.online, Seen)
                    assert seen.reasons <= set(Reason)
                case 1:
                    assert isinstance(printer.health().state, DeviceState)
                case 2:
                    printer.sensors()
                case _:
                    printer.print_slip(slip)
                    outcomes["printed"] += 1
            outcomes["told"] += 1
        except DeviceError:
            outcomes["raised"] += 1
        frames += len(line.said)
        assert sum(b"\x1dv0" in said for said in line.said) <= 1
        if printer._line is None:  # it could not be opened again
            line.is_repaired = True
            printer.open()
            line.is_repaired = False
    line.is_repaired = True
    printer.close()
    printer.open()
    assert printer.status() == PrinterStatus(
        Seen.YES, Paper.LOW, Seen.NO, frozenset({Reason.PAPER_LOW})
    )
    printer.print_slip(slip)
    print(f"\nESC/POS: {frames} frames: {outcomes}")
    assert min(outcomes.values()) > 0


class MutatedHttp:
    """An HttpLink to a simulated printer in this thread, whose answers are altered."""

    def __init__(self, printer: SimulatedIppPrinter, dice: Random) -> None:
        self.frames = 0
        self.is_sound = False
        self.codes: list[int] = []
        self._printer = printer
        self._dice = dice

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        cancelled: Event | None = None,
    ) -> HttpAnswer:
        """Answer as the printer does, or not quite."""
        del headers, timeout_s, cancelled
        self.frames += 1
        self.codes.append(body[3])
        said = self._printer._answered(HttpRequest(method, path, {}, body))
        for job in list(self._printer._jobs.values()):
            if job.state == 3:
                job.state = 5
                self._printer._print(job)
        assert said is not None
        if not self.is_sound and self._dice.random() < 0.02:
            raise DeviceTimeoutError("the answer was lost")
        return HttpAnswer(200, "application/ipp", said if self.is_sound else self._altered(said))

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpStream:
        """No printer is asked for a stream."""
        raise AssertionError((method, path, body, headers))

    def _altered(self, said: bytes) -> bytes:
        # Every byte of a good answer is altered often enough with half of them left alone, and
        # a document gets further than its first question.
        return said if self._dice.random() < 0.5 else mutated(said, self._dice)

    def close(self) -> None:
        """Nothing to release."""


def test_an_ipp_printers_answers(clock: QuickClock, tmp_path: Path) -> None:
    dice = Random(6)
    simulated = SimulatedIppPrinter("x.printer", 0, World(tmp_path), {})
    simulated.faults.add("lying")  # no page has to be painted for this
    http = MutatedHttp(simulated, dice)
    printer = IppPrinter(http, QueueAddress.parse("ipp://127.0.0.1/ipp/print"))
    http.is_sound = True
    printer.open()
    http.is_sound = False
    small = b"%PDF- no document: it is given up"
    page = proof_page(Occasion())
    outcomes = {"told": 0, "raised": 0, "printed": 0}
    for turn in range(10**9):
        if http.frames >= FRAMES:
            break
        http.codes.clear()
        before = simulated._last
        try:
            match dice.randrange(3):
                case 0:
                    seen = printer.status()
                    assert isinstance(seen.online, Seen)
                    assert seen.reasons <= set(Reason)
                case 1:
                    assert isinstance(printer.health().state, DeviceState)
                case _:
                    document = page if turn % 50 == 0 else small
                    done = printer.print_document(document, "form", 5.0)
                    assert isinstance(done, Printed)
                    outcomes["printed"] += 1
            outcomes["told"] += 1
        except DeviceError:
            outcomes["raised"] += 1
        assert http.codes.count(2) <= 1, "a document was handed over twice"
        assert simulated._last - before <= 1
    http.is_sound = True
    assert printer.status() == PrinterStatus(Seen.YES, Paper.UNKNOWN, Seen.UNKNOWN)
    assert printer.print_document(page, "form") is Printed.PRINTED
    print(f"\nIPP: {http.frames} frames: {outcomes}")
    assert min(outcomes.values()) > 0


class Ear:
    """A connection that keeps what the simulated device says."""

    def __init__(self) -> None:
        self.heard = b""

    def recv(self, bufsize: int, /) -> bytes:
        """Nothing comes from here."""
        del bufsize
        return b""

    def sendall(self, data: bytes, /) -> None:
        """Keep it."""
        self.heard += data

    def settimeout(self, value: float | None, /) -> None:
        """Nothing waits here."""


def test_the_simulated_ticket_printer_bears_any_bytes(tmp_path: Path) -> None:
    dice = Random(7)
    device = SimulatedTicketPrinter("x.printer", 0, World(tmp_path), {"roll": 10**9})
    frames = [bytes.fromhex(line[1:]) for line in ESCPOS.split("\n") if line.startswith(">")]
    frames += [
        b"\x1b@\x1dv0\x00\x02\x00\x03\x00" + bytes(6) + b"\x1bd\x06\x1dV\x00",
        b"\x10\x05\x02",
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06",
        b"TEXT\n",
    ]
    ear = Ear()
    for _ in range(FRAMES):
        for command in device._parser.feed(mutated(dice.choice(frames), dice)):
            device._take(command, ear, device._powered)
        if len(device._parser._waiting) > 4000:  # a length that was altered into a long one
            device.power_lost()
    device.power_lost()
    ear.heard = b""
    for command in device._parser.feed(b"\x10\x04\x01\x1dr\x01"):
        device._take(command, ear, device._powered)
    assert ear.heard == b"\x12\x00"
    print(f"\nESC/POS into the simulated printer: {FRAMES} frames")


def test_the_simulated_ipp_printer_bears_any_bytes(tmp_path: Path) -> None:
    dice = Random(8)
    simulated = SimulatedIppPrinter("x.printer", 0, World(tmp_path), {})
    kept: list[bytes] = []
    http = MutatedHttp(simulated, dice)
    http.is_sound = True
    take = http.ask

    def keep(method: str, path: str, body: bytes = b"", **rest: Any) -> HttpAnswer:
        kept.append(body)
        return take(method, path, body)

    http.ask = lambda method, path, body=b"", *_: keep(method, path, body)  # type: ignore[method-assign]
    printer = IppPrinter(http, QueueAddress.parse("ipp://127.0.0.1/ipp/print"))
    printer.open()
    with pytest.raises(DeviceError):
        printer.print_document(b"%PDF- none", "form")
    printer._queue.job_named("nobody's")
    printer._queue.cancel(1)
    for _ in range(FRAMES):
        body = mutated(dice.choice(kept), dice)
        said = simulated._answered(HttpRequest("POST", PATH, {}, body))
        assert said is not None
        assert said[:2] == b"\x01\x01"
        simulated._jobs.clear()
    http.ask = take  # type: ignore[method-assign]
    assert printer.health().state is DeviceState.ONLINE
    print(f"\nIPP into the simulated printer: {FRAMES} frames")
