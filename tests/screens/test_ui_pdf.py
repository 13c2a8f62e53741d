"""Papers as PDF, read back by another library."""

import base64
from threading import Thread

import cv2
import numpy as np
import pypdfium2

from common.ui.pdf import render_pdf

PAGE = """<h1>Application</h1><p style="font-size:11pt">Surname CHAN</p>
<p style="font-family:'Noto Sans CJK HK'">請到櫃位</p>"""


def read(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_the_text_can_be_found(qapp):
    (page,) = read(render_pdf(PAGE))
    assert "Surname CHAN" in page
    assert "請到櫃位" in page


def test_fonts_go_with_the_paper(qapp):
    assert b"/FontFile" in render_pdf(PAGE)


def test_pages_are_a4_and_break_where_told(qapp):
    data = render_pdf(PAGE + '<p style="page-break-before:always">Second</p>')
    assert len(read(data)) == 2
    page = pypdfium2.PdfDocument(data)[0]
    assert [round(side) for side in page.get_size()] == [595, 842]


def test_long_text_flows_over_pages(qapp):
    assert len(read(render_pdf("<p>line</p>" * 120))) >= 2


def test_points_are_true_to_paper(qapp):
    page = pypdfium2.PdfDocument(render_pdf('<p style="font-size:20pt">H</p>'))[0]
    left, bottom, right, top = page.get_textpage().get_charbox(0)
    assert 12 <= top - bottom <= 16, "a capital of 20 points is some 14 points high"
    assert right - left <= 16
    assert 40 <= left <= 46, "15 mm of margin"


def test_pictures_come_as_data(qapp):
    ok, png = cv2.imencode(".png", np.full((40, 40, 3), (0, 0, 255), np.uint8))
    assert ok
    source = "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()
    page = pypdfium2.PdfDocument(render_pdf(f'<img src="{source}" width="200">'))[0]
    pixels = page.render(scale=1).to_numpy()
    assert ((pixels[:, :, 2] > 200) & (pixels[:, :, 1] < 60)).sum() > 500


def test_a_worker_thread_can_make_one(qapp):
    made: list[bytes] = []
    work = Thread(target=lambda: made.append(render_pdf(PAGE)))
    work.start()
    work.join()
    assert "CHAN" in read(made[0])[0]
