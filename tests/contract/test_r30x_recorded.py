"""Sessions with an EF-01 module: the manual's packets, and one that was recorded."""

from pathlib import Path
from threading import Event
from typing import Any

from hardware.catalog import Kind, make
from hardware.core.links import ReplayLinks, read_recording
from hardware.self_tests import SELF_TESTS

FOLDER = Path(__file__).parent / "recordings" / "r30x"


def test_a_module_plays_its_self_test_again() -> None:
    links = ReplayLinks(read_recording(FOLDER / "self_test.txt"))
    scanner = make("r30x", "socket://nowhere:1", {}, links)
    scanner.open()
    said = SELF_TESTS[Kind.FINGERPRINT_SCANNER].run(scanner, lambda _: None, Event())
    assert said == "256 x 288 at 500 dpi, contrast 75"
    assert links.finished()


def test_a_module_speaks_the_manuals_packets() -> None:
    links = ReplayLinks(read_recording(FOLDER / "manual.txt"))
    scanner: Any = make("r30x", "socket://nowhere:1", {}, links)
    scanner.open()
    assert scanner.capture(5, Event()).pixels == bytes([0x77]) * (256 * 288)
    assert links.finished()
