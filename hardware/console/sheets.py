"""The sheet that a technician signs: what was tested, step by step, and how it ended; in words."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont

from hardware.console.entries import Outcome, StepOutcome, without_password

WIDTH = 78
SLIP_FONT_PX = 22
SLIP_LINE_PX = 28
SIGNS = {StepOutcome.DONE: "[x]", StepOutcome.FAILED: "[!]", StepOutcome.SKIPPED: "[ ]"}
SIGNATURE = ("Name of the technician", "Signature", "Date")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the sheet; nobody's name: the technician writes that by hand.

    Attributes:
        station: The station's name.
        when: When the test ended, with its zone.
    """

    station: str
    when: datetime
    outcomes: Sequence[Outcome]

    @property
    def title(self) -> str:
        """The heading."""
        return f"Self-test of {self.station}"

    @property
    def date(self) -> str:
        """Day and time, with the zone."""
        return f"{self.when:%Y-%m-%d %H:%M %z}"

    @property
    def summary(self) -> str:
        """How many passed, failed, were skipped."""
        verdicts = [outcome.verdict for outcome in self.outcomes]
        return ", ".join(
            f"{verdicts.count(verdict)} {words}"
            for verdict, words in (("pass", "passed"), ("FAIL", "failed"), ("skipped", "skipped"))
            if verdict in verdicts
        )


def facts(outcome: Outcome) -> list[tuple[str, str]]:
    """What identifies a device: driver, address, and what it says of itself."""
    found = [("Driver", outcome.driver), ("Address", without_password(outcome.address))]
    return [*found, ("Says", outcome.says)] if outcome.says else found


def sheet_text(sheet: Sheet, width: int = WIDTH) -> str:
    """The sheet as plain text."""
    return "\n".join(_lines(sheet, width)) + "\n"


def sheet_slip(sheet: Sheet, width_px: int) -> Image.Image:
    """The sheet as a slip for a ticket printer, in two colours."""
    font = ImageFont.load_default(SLIP_FONT_PX)
    lines = sheet_text(sheet, max(20, width_px // (SLIP_FONT_PX // 2))).splitlines()
    slip = Image.new("1", (width_px, SLIP_LINE_PX * (len(lines) + 1)), 1)
    draw = ImageDraw.Draw(slip)
    for number, line in enumerate(lines):
        draw.text((0, number * SLIP_LINE_PX), line, fill=0, font=font)
    return slip


def _lines(sheet: Sheet, width: int) -> Iterator[str]:
    yield from (sheet.title, sheet.date, sheet.summary)
    for outcome in sheet.outcomes:
        yield ""
        yield from _wrapped(f"{outcome.name}: {outcome.verdict}", width)
        for name, value in facts(outcome):
            yield from _wrapped(f"  {name:8}{value}", width, "          ")
        for step in outcome.steps:
            yield from _wrapped(f"  {SIGNS[step.outcome]} {step.words}", width, "      ")
        yield from _wrapped(f"  {outcome.detail}", width, "  ")
    for words in SIGNATURE:
        yield from ("", f"{words}: ".ljust(width, "_"))


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
