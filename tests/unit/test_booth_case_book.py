"""What the desk knows of a case, what goes onto its card, and what it prints."""

import base64
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from booth.case_book import EDITABLE_FIELDS, Todo, after, corrected, todo
from booth.duties.shared import Note
from booth.papers import CODE_MM, code_png, paper_for
from booth.screens import samples
from booth.screens.values import noted
from booth.work.card_content import chip_content, zone_letters
from common.domain.card import CardState
from common.domain.case import OldDocument
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import HandOffReason
from common.i18n.texts import texts
from common.matching.faces import FaceEngine, check_portrait
from common.wire.evidence import EnrolledFinger
from common.wire.facts import (
    FingersExcepted,
    HandedOff,
    HolderIdentified,
    ParticularsConfirmed,
    PhotographTaken,
    TwinFlagged,
)
from hardware.simulation.people import person
from hardware.smartcard.lds import decode, encode
from tests.support.chips import minutiae


def test_a_registered_case_needs_only_its_photograph():
    assert todo(samples.CASE) == (Todo.PHOTOGRAPH,)
    assert todo(samples.photographed()) == ()


def test_a_case_without_fingers_needs_an_officer_who_identifies_and_excuses():
    case = samples.CASE.model_copy(update={"fingers": ()})
    assert todo(case) == (Todo.IDENTIFY, Todo.FINGERS, Todo.PHOTOGRAPH)
    case = after(case, HolderIdentified(by="officer", note="passport"))
    case = after(case, HandedOff(reason=HandOffReason.NO_FINGERPRINTS, note="bandage"))
    assert todo(case) == (Todo.FINGERS, Todo.PHOTOGRAPH), "a hand-over excuses nothing"
    taken = samples.excepted().exceptions
    assert taken is not None
    case = after(case, FingersExcepted(exceptions=taken))
    assert todo(case) == (Todo.SECOND_OFFICER, Todo.PHOTOGRAPH)
    case = case.model_copy(update={"exceptions_confirmed_by": "kwok"})
    assert todo(case) == (Todo.PHOTOGRAPH,)


def test_one_finger_needs_the_other_thumbs_exception():
    case = samples.CASE.model_copy(update={"fingers": samples.FINGERS[:1]})
    assert todo(case) == (Todo.FINGERS, Todo.PHOTOGRAPH)


def test_a_twin_is_flagged_and_unflagged():
    case = after(samples.CASE, TwinFlagged(twin=True))
    assert case.twin
    assert not after(case, TwinFlagged(twin=False)).twin


def test_what_was_recorded_here_shows_before_the_centre_tells_it():
    case = samples.handed_off()
    form = corrected(case.particulars, "telephone", " 2345 6789 ")
    case = after(case, ParticularsConfirmed(particulars=form))
    case = after(case, PhotographTaken(portrait=base64.b64encode(b"face")))
    assert (case.missing, case.portrait) == ((), b"face")
    assert case.done.count("particulars_confirmed") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("telephone", "no letters"), ("date_of_birth", "yesterday"), ("sex", "?"), ("shoe", "42")],
)
def test_what_a_field_cannot_hold_is_refused(field, value):
    with pytest.raises(ValueError, match=r"."):
        corrected(samples.FORM, field, value)


def test_a_field_can_be_emptied():
    assert corrected(samples.FORM, "date_of_birth", "").date_of_birth is None
    assert corrected(samples.FORM, "chinese_name", "").chinese_name == ""


def test_another_chinese_name_gets_its_codes_and_codes_are_one_a_character():
    form = corrected(samples.FORM, "chinese_name", "陳栢文")
    assert form.chinese_codes == "7115 0000 2429"
    form = corrected(form, "chinese_codes", "7115 26721 2429")
    assert form.chinese_codes == "7115 26721 2429"
    assert corrected(form, "chinese_codes", "").chinese_codes == ""
    for wrong in ("7115", "7115 267 2429", "7115 2672 2429 1129"):
        with pytest.raises(ValueError, match=r"code|pattern"):
            corrected(form, "chinese_codes", wrong)


def test_the_chip_says_what_the_case_says():
    finger = EnrolledFinger(position=1, quality=60, template=base64.b64encode(minutiae(1)))
    case = samples.photographed().model_copy(update={"fingers": (finger,)})
    content = decode(encode(chip_content(case, date(2024, 2, 29))))
    assert content.personal_number == "A123456(3)"
    assert content.chinese_name == "陳大文"
    assert content.mrz.document_number == "A1234563"
    assert (content.mrz.surname, content.mrz.given_names) == ("CHAN", "TAI MAN")
    assert content.mrz.expiry == date(2034, 2, 28)
    assert content.fingers[0].record == minutiae(1)
    assert content.portrait_jpeg == samples.portrait()


def test_every_impression_of_a_finger_goes_onto_the_chip_and_comes_back():
    fingers = tuple(
        EnrolledFinger(position=position, quality=60, template=base64.b64encode(minutiae(press)))
        for position, press in ((1, 1), (1, 2), (6, 3), (6, 4))
    )
    case = samples.photographed().model_copy(update={"fingers": fingers})
    content = decode(encode(chip_content(case, date(2024, 2, 29))))
    assert [(one.position, one.record) for one in content.fingers] == [
        (finger.position, finger.template) for finger in fingers
    ]


def test_names_are_spelled_as_the_zone_can():
    assert zone_letters("O'Connor-Lee") == "OCONNOR LEE"
    assert zone_letters("Núñez  da Silva") == "NUNEZ DA SILVA"


def test_a_case_that_lacks_a_birthday_gets_no_card():
    form = samples.FORM.model_copy(update={"date_of_birth": None})
    with pytest.raises(ValueError, match="date of birth"):
        chip_content(samples.photographed().model_copy(update={"particulars": form}), date.today())  # noqa: DTZ011 (any day)


@pytest.mark.parametrize("kept", list(OldDocument))
def test_a_paper_says_number_day_and_office_in_two_languages(kept):
    case = samples.submitted().model_copy(update={"old_document": kept})
    paper = paper_for(case, samples.RECEIPT)
    for said in ("HQ-2026-000123", "2026-03-09", "HQ"):
        assert said in paper
    titles = {
        OldDocument.OLD_CARD: "booth-paper-notice-title",
        OldDocument.ACKNOWLEDGEMENT: "booth-paper-form-title",
    }
    for language in (Language.ENGLISH, Language.TRADITIONAL):
        assert texts(language).text(titles[kept]) in paper
        assert texts(language).text("booth-paper-received", receipt="HQ-2026-000123") in paper
    assert "template" not in paper


def test_the_notice_names_nobody():
    paper = paper_for(samples.submitted(), samples.RECEIPT)
    assert "CHAN" not in paper
    assert "A123456" not in paper


def test_names_on_the_form_cannot_write_its_html():
    form = samples.FORM.model_copy(update={"surname": "<b>CHAN"})
    update = {"particulars": form, "old_document": OldDocument.ACKNOWLEDGEMENT}
    assert "<b>" not in paper_for(samples.submitted().model_copy(update=update), samples.RECEIPT)


def test_the_code_is_large_enough_for_a_camera_and_readable(tmp_path):
    file = tmp_path / "code.png"
    file.write_bytes(code_png(samples.RECEIPT.receipt_token))
    assert CODE_MM >= 35
    found = zxingcpp.read_barcodes(Image.open(file))
    assert [code.text for code in found] == [samples.RECEIPT.receipt_token]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_word_of_the_desk_has_a_sentence(language):
    findings = check_portrait(FaceEngine(), person(3).face(1, 720, 960)).findings
    said = {
        *(noted(note)["note_key"] for note in Note),
        *(f"booth-hand-off-{reason.replace('_', '-')}" for reason in HandOffReason),
        *(f"booth-card-{state.replace('_', '-')}" for state in CardState),
        *(f"booth-advice-{finding.rule.replace('_', '-')}" for finding in findings),
        *(f"booth-field-{field.replace('_', '-')}" for field in EDITABLE_FIELDS),
        *(f"booth-old-{kept.replace('_', '-')}" for kept in OldDocument),
    }
    for key in said:
        assert texts(language).text(str(key))
