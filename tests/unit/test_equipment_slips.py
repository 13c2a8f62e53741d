"""Slips: what a printer makes of them, and what stands on them."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from common.domain.language import OFFICE_LANGUAGES, Language
from common.equipment.slip_paper import SLIP_WIDTH, SlipPaper, code_picture
from common.equipment.slips import SlipDesk, SlipOutcome
from hardware.camera.codes import read_codes
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError
from tests.support.keepers import keeper_of


class Printer:
    """A printer that does what a test says."""

    width_px = SLIP_WIDTH

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.printed: list[Any] = []

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    def print_slip(self, picture: Image.Image) -> None:
        if self.fault:
            raise self.fault
        self.printed.append(picture)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, SlipOutcome.PRINTED),
        (DeviceFaultError("empty"), SlipOutcome.NO_PAPER),
        (DeviceFaultError("jam"), SlipOutcome.NOT_PRINTED),
        (DeviceAbsentError("gone"), SlipOutcome.NOT_PRINTED),
        (DeviceTimeoutError("no answer"), SlipOutcome.NOT_PRINTED),
    ],
)
def test_what_is_not_known_to_be_printed_is_not_printed(fault, outcome):
    printer = Printer(fault)
    assert SlipDesk(keeper_of(printer)).print(Image.new("L", (8, 8))) is outcome
    assert len(printer.printed) == (outcome is SlipOutcome.PRINTED)


@pytest.mark.parametrize("width_px", [576, 512, 384])
def test_a_slip_is_made_to_fit_narrower_paper_and_its_code_can_be_read(width_px: int):
    printer = Printer()
    printer.width_px = width_px
    paper = SlipPaper(Language.ENGLISH)
    paper.line("A042")
    paper.code("TAG:K7Q2-0042")
    assert SlipDesk(keeper_of(printer)).print(paper.picture()) is SlipOutcome.PRINTED
    (printed,) = printer.printed
    assert printed.width == width_px
    assert set(np.unique(np.asarray(printed))) == {0, 255}
    assert [code.text for code in read_codes(printed)] == ["TAG:K7Q2-0042"]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_a_slip_is_as_wide_as_the_paper_and_its_code_can_be_read(language):
    paper = SlipPaper(language)
    paper.line("您的籌號 · Your tag number", 28)
    paper.line("A001", 168, bold=True)
    paper.code("VGhpcy1pcy1hLXRva2Vu" * 3)
    paper.rule()
    picture = paper.picture()
    assert picture.width == SLIP_WIDTH
    assert set(np.unique(np.asarray(picture))) == {0, 255}
    assert [code.text for code in read_codes(picture)] == ["VGhpcy1pcy1hLXRva2Vu" * 3]


def test_a_long_line_is_broken_inside_the_paper():
    paper = SlipPaper(Language.ENGLISH)
    paper.line("please wait until your number is called " * 4, 28)
    paper.line("請稍候我們會叫喚您的籌號到自助登記服務站" * 3, 28)
    ink = np.asarray(paper.picture()) == 0
    assert ink[:, 40:-40].any()
    assert not ink[:, :8].any()
    assert not ink[:, -8:].any()


def test_a_code_has_its_quiet_zone():
    picture = np.asarray(code_picture("A001", 7))
    assert (picture[: 4 * 7] == 255).all()
    assert (picture[:, -4 * 7 :] == 255).all()
