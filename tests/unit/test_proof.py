"""The sheets that printers' self-tests print."""

import io

import numpy as np
import pypdfium2
import pytest

from hardware.camera.codes import read_codes
from hardware.printer.proof import Occasion, proof_page, proof_slip

OCCASION = Occasion("ticket_printer", "2026-11-27 09:30")


@pytest.mark.parametrize("width", [576, 512, 384])
def test_a_slip_fills_the_paper_and_its_code_says_what_stands_on_it(width: int) -> None:
    slip = proof_slip(width, OCCASION)
    assert (slip.mode, slip.width) == ("1", width)
    assert [code.text for code in read_codes(slip)] == ["TEST ticket_printer 2026-11-27 09:30"]
    dark = ~np.asarray(slip)
    assert dark[:, 0].all()
    assert dark[:, -1].all()
    assert dark[0].all()
    assert dark[-1].all()


def test_a_page_is_a4_and_can_be_read() -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(proof_page(OCCASION)))
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    picture = document[0].render(scale=110 / 72).to_pil()
    assert [code.text for code in read_codes(picture)] == ["TEST ticket_printer 2026-11-27 09:30"]
    document.close()


def test_a_sheet_without_a_name_or_a_clock_still_says_test() -> None:
    assert [code.text for code in read_codes(proof_slip(576, Occasion()))] == ["TEST"]
