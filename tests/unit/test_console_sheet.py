"""The technician's sheet: every device, every step, room to sign, and nobody's name."""

from datetime import datetime, timedelta, timezone

import pypdfium2
import pytest

from hardware.console.entries import Outcome, Step, StepOutcome, without_password
from hardware.console.sheet_pdf import sheet_pdf
from hardware.console.sheets import Sheet, sheet_slip, sheet_text

WHEN = datetime(2026, 11, 27, 13, 5, tzinfo=timezone(timedelta(hours=8)))
DONE, FAILED, SKIPPED = StepOutcome.DONE, StepOutcome.FAILED, StepOutcome.SKIPPED
OUTCOMES = (
    Outcome(
        "card_unit",
        True,
        "card drawn in and given back",
        driver="crt571",
        address="/dev/serial/by-id/usb-X_Y_Z-if00-port0",
        says="online, CRT-571 firmware V1.0, number 0042",
        steps=(Step("opens the gate: put a test card in", DONE), Step("take the card", DONE)),
    ),
    Outcome(
        "camera",
        False,
        "640 x 480, but all is dark",
        driver="mjpeg",
        address="http://me:secret@127.0.0.1:1/stream",
        steps=(Step("moves nothing: looks at five frames", FAILED),),
    ),
    Outcome(
        "cabinet",
        False,
        "not wanted; nothing was moved",
        was_skipped=True,
        driver="cu16",
        address="COM3",
        steps=(Step("unlocks the first empty slot", SKIPPED),),
    ),
)


@pytest.fixture
def sheet() -> Sheet:
    return Sheet("tag-1", WHEN, OUTCOMES)


def test_the_text_tells_everything(sheet: Sheet) -> None:
    assert (
        sheet_text(sheet)
        == """\
Self-test of tag-1
2026-11-27 13:05 +0800
1 passed, 1 failed, 1 skipped

card_unit: pass
  Driver  crt571
  Address /dev/serial/by-id/usb-X_Y_Z-if00-port0
  Says    online, CRT-571 firmware V1.0, number 0042
  [x] opens the gate: put a test card in
  [x] take the card
  card drawn in and given back

camera: FAIL
  Driver  mjpeg
  Address http://127.0.0.1:1/stream
  [!] moves nothing: looks at five frames
  640 x 480, but all is dark

cabinet: skipped
  Driver  cu16
  Address COM3
  [ ] unlocks the first empty slot
  not wanted; nothing was moved

Name of the technician: ______________________________________________________

Signature: ___________________________________________________________________

Date: ________________________________________________________________________
"""
    )


def words_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
        return pages
    finally:
        document.close()


def test_the_pdf_tells_the_same(sheet: Sheet) -> None:
    (page,) = words_of(sheet_pdf(sheet))
    for words in (
        "Self-test of tag-1",
        "2026-11-27 13:05 +0800: 1 passed, 1 failed, 1 skipped",
        "number 0042",
        "camera: FAIL",
        "all is dark",
        "opens the gate: put a test card in",
        "[ ] skipped",
        "Name of the technician",
        "Signature",
    ):
        assert words in page
    assert "secret" not in page


def test_many_devices_take_more_pages_and_one_signature() -> None:
    pages = words_of(sheet_pdf(Sheet("tag-1", WHEN, OUTCOMES * 8)))
    assert len(pages) > 1
    assert ["Signature" in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_signs_of_other_scripts_and_of_markup_are_words_like_others() -> None:
    outcome = Outcome("灣仔", True, "<b>5 & 6</b>", driver="x")
    (page,) = words_of(sheet_pdf(Sheet("灣仔", WHEN, [outcome])))
    assert "灣仔: pass" in page
    assert "<b>5 & 6</b>" in page


def test_a_slip_is_as_wide_as_the_paper_and_as_long_as_the_text(sheet: Sheet) -> None:
    for width in (384, 576):
        slip = sheet_slip(sheet, width)
        assert (slip.width, slip.mode) == (width, "1")
        right, bottom = slip.convert("L").point(lambda level: 255 - level).getbbox()[2:]  # type: ignore[index]  # it is not empty
        assert right < width  # nothing is cut off
        assert bottom > slip.height - 80


def test_a_url_loses_its_password_only() -> None:
    assert without_password("rtsp://me:p@ss@10.0.0.1/x@y") == "rtsp://10.0.0.1/x@y"
    assert without_password("tcp://10.0.0.1:1") == "tcp://10.0.0.1:1"
    assert without_password("pcsc:Reader @ 1") == "pcsc:Reader @ 1"
