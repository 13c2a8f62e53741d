"""Door and desk in one window: signing in, locking behind an open case, signing out."""

import json

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from booth import desk, door
from booth.duties import registration
from booth.duties.production import Chosen
from booth.duties.shared import Duty
from booth.papers import paper_for
from booth.screens import PUBLIC, SIZE, production, samples
from booth.screens.desk_window import DeskWindow
from common.domain.case import OldDocument
from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import texts
from common.ui.pdf import render_pdf
from common.ui.touch_panel import controls
from common.ui.window import StationWindow
from tests.support.backend_office import PASSWORD, office_settings, running_office
from tests.support.booth_desk import OfficersDesk
from tests.support.qt import render


@pytest.fixture
def shown(qapp, tmp_path):
    with running_office(office_settings(tmp_path, ("all-round", "counter"))) as office:
        booth = OfficersDesk(tmp_path, office)
        booth.configure(str(office.http.base_url))
        booth.start(officer=None)
        window = StationWindow("booth-title", OFFICE_LANGUAGES, SIZE, PUBLIC)
        both = DeskWindow(booth.tools, window)
        window.open()
        both.start()
        yield booth, window, both
        both.stop()
        window.close()
        booth.stop()
        booth.close()


def sign_in(qtbot, window, officer="all-round", password=PASSWORD):
    window.act("sign_in", json.dumps({"officer": officer, "password": password}))


def named(window):
    return {control.name for control in controls(window)}


def english(key, **values):
    return texts(Language.ENGLISH).text(key, **values)


def test_an_officer_signs_in_and_sees_the_duties_of_the_roles(qtbot, shown):
    _, window, _ = shown
    assert window.current.name == "sign_in"
    sign_in(qtbot, window, password="wrong")
    qtbot.waitUntil(lambda: english("booth-note-wrong-sign-in") in named(window))
    qtbot.waitUntil(lambda: window._settled)
    sign_in(qtbot, window, officer="counter")
    qtbot.waitUntil(lambda: window.current.name == "home")
    assert english("booth-duty-counter") in named(window)
    assert english("booth-duty-production") not in named(window)
    qtbot.waitUntil(lambda: english("booth-line-online") in named(window))


def test_a_locked_desk_hides_an_open_case_and_gives_it_back(qtbot, shown):
    booth, window, both = shown
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: window.current.name == "home")
    both.desk.happened(desk.DutyChosen(Duty.REGISTRATION))
    qtbot.waitUntil(lambda: window.current.name == "call_next")
    both.desk.visit.happened(desk.Started())
    both.desk.visit.state = desk.AtDuty(Duty.REGISTRATION, registration.AtCase(samples.CASE))
    both.door.happened(door.OfficerIdle())
    assert window.current.name == "locked"
    assert "A123456(3)" not in " ".join(named(window))
    both.desk.happened(registration.PhotographAsked())  # what a device says goes on behind the lock
    assert window.current.name == "locked"
    window.act("unlock", PASSWORD)
    qtbot.waitUntil(lambda: window.current.name == "take_photograph")
    assert both.desk.visit.state.inner.case == samples.CASE
    assert booth.tools.officer.officer_id == "all-round"


def test_an_idle_officer_is_locked_out(qtbot, shown):
    _, window, both = shown
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: window.current.name == "home")
    both._idle.setInterval(1)
    window.touched.emit()
    qtbot.waitUntil(lambda: window.current.name == "locked")
    window.act("sign_out", "")
    qtbot.waitUntil(lambda: window.current.name == "sign_in")


def test_a_mouse_and_a_keyboard_are_enough(qtbot, shown):
    _, window, _ = shown

    def click(name):
        spot = next(c for c in controls(window) if c.name == name and c.touchable).centre
        QTest.mouseClick(
            window.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(spot)
        )

    def write(text):
        for letter in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                window.view,
                Qt.Key.Key_unknown,
                letter,
                Qt.KeyboardModifier.NoModifier,
            )

    click(english("booth-sign-in-officer"))
    write("all-round")
    click(english("booth-sign-in-password"))
    write(PASSWORD)
    click(english("booth-sign-in-do"))
    qtbot.waitUntil(lambda: window.current.name == "home")
    qtbot.waitUntil(lambda: english("booth-duty-oversight") not in named(window))


@pytest.mark.parametrize("kept", list(OldDocument))
def test_the_paper_becomes_one_page_with_a_code_that_a_camera_reads(qapp, kept):
    case = samples.submitted().model_copy(update={"old_document": kept})
    document = pypdfium2.PdfDocument(render_pdf(paper_for(case, samples.RECEIPT)))
    assert len(document) == 1
    picture = document[0].render(scale=150 / 72).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [samples.RECEIPT.receipt_token]
    corners = codes[0].position
    side_mm = (corners.top_right.x - corners.top_left.x) / 150 * 25.4
    assert side_mm >= 35
    document.close()


def test_who_looks_at_a_card_to_be_made_reads_its_number(qapp):
    with render(
        production.screen_for(Chosen(samples.approved())), size=SIZE, public=PUBLIC
    ) as page:
        assert "A123456(3)" in {control.name for control in page.controls}
