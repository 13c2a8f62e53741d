"""How many codes are read from spoilt pictures, by which decoder, and what a picture costs.

Each condition is tried on pictures of its own: payloads as letters and slips carry them, places,
sizes and light by fixed seeds. A text that is given out and was not printed would be the worst;
none may be. Run with -s to see the table.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from statistics import mean
from time import process_time
from typing import TypeAlias

import cv2
import numpy as np
import pytest
import zxingcpp
from pyzbar import pyzbar

from hardware.camera.codes import read_codes
from hardware.camera.interface import Pixels
from tests.support.code_scenes import CONDITIONS, as_seen, empty, payload

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]

PICTURES = 12
SIZES = ((640, 480), (1280, 720))
Decoder: TypeAlias = Callable[[Pixels], Set[str]]


def by_zxing(picture: Pixels) -> Set[str]:
    """zxing-cpp as it comes."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.QRCodeModel2))
    return {code.text for code in found if code.valid}


def by_zbar(picture: Pixels) -> Set[str]:
    """ZBar, which wants grey."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    found = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return {code.data.decode("utf-8", "replace") for code in found}


def by_us(picture: Pixels) -> Set[str]:
    """What the stations do."""
    return {code.text for code in read_codes(picture)}


DECODERS: dict[str, Decoder] = {"zxing-cpp": by_zxing, "ZBar": by_zbar, "shipped": by_us}


@dataclass
class Column:
    """What came of one decoder at one size."""

    read: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    spent_ms: list[float] = field(default_factory=list)
    spent_on_nothing_ms: list[float] = field(default_factory=list)

    def rate(self) -> float:
        return mean(self.read.values()) / PICTURES


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Processor time is that of one core."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


def timed(decode: Decoder, picture: Pixels) -> tuple[Set[str], float]:
    start = process_time()
    found = decode(picture)
    return found, 1000 * (process_time() - start)


def measured(size: tuple[int, int]) -> dict[str, Column]:
    """Read the same pictures with every decoder."""
    columns = {name: Column() for name in DECODERS}
    for seed, (condition, spoil) in enumerate(CONDITIONS.items()):
        for at in range(PICTURES):
            text = payload(at)
            picture = as_seen(spoil(text, size, np.random.default_rng((seed, at, size[0]))))
            for name, decode in DECODERS.items():
                found, spent_ms = timed(decode, picture)
                column = columns[name]
                column.read[condition] = column.read.get(condition, 0) + (text in found)
                column.wrong += bool(found - {text})
                column.spent_ms.append(spent_ms)
    for at in range(PICTURES):
        nothing = empty(size, np.random.default_rng(at))
        for name, decode in DECODERS.items():
            found, spent_ms = timed(decode, nothing)
            columns[name].wrong += bool(found)
            columns[name].spent_on_nothing_ms.append(spent_ms)
    return columns


def show(tables: dict[tuple[int, int], dict[str, Column]]) -> None:
    """Print the rates in percent, and the mean CPU time of a picture."""
    print(f"\n{'':22}" + "".join(f"{f'{w} x {h}':>33}" for w, h in tables))
    print(f"{'':22}" + "".join(f"{name:>11}" for _ in tables for name in DECODERS))
    for condition in CONDITIONS:
        cells = (
            f"{100 * column.read[condition] / PICTURES:>9.0f} %"
            for columns in tables.values()
            for column in columns.values()
        )
        print(f"{condition:22}" + "".join(cells))
    for title, cell in (
        ("all", lambda column: f"{100 * column.rate():.1f} %"),
        ("wrong texts", lambda column: f"{column.wrong}"),
        ("ms a picture", lambda column: f"{mean(column.spent_ms):.1f}"),
        ("ms, no code", lambda column: f"{mean(column.spent_on_nothing_ms):.1f}"),
    ):
        print(
            f"{title:22}" + "".join(f"{cell(c):>11}" for t in tables.values() for c in t.values())
        )


def test_codes_in_all_conditions():
    tables = {size: measured(size) for size in SIZES}
    show(tables)
    for columns in tables.values():
        shipped, plain = columns["shipped"], columns["zxing-cpp"]
        assert all(shipped.read[name] >= count for name, count in plain.read.items())
        assert shipped.rate() > plain.rate()
        assert shipped.wrong == 0
        assert shipped.read["plain"] == PICTURES
