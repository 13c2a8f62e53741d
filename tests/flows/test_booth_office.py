"""Whole duties at a desk: real backend, journal, card unit and e-Cabinet; no window."""

import base64
import itertools
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from booth import desk
from booth.case_book import Todo, todo
from booth.duties import assessment, counter, fingers, production, registration, taking
from booth.duties import queueing as queue
from booth.duties.second_officer import AskingSecondOfficer, SecondOfficerGiven
from booth.duties.shared import (
    BackAsked,
    Duty,
    HomeAsked,
    Note,
    RowChosen,
    TryAgainAsked,
)
from common.domain.biometrics import FingerException, Hand
from common.domain.card import CardState
from common.domain.case import CaseState, Decision, SourceDocument
from common.domain.finger_ladder import FINGER_WORK_S
from common.domain.identity_number import IdentityNumber
from common.domain.proxy import ProxyDocument, ProxyPaper
from common.equipment.fingers import FingerCapture
from common.matching.finger_enrolment import capture
from common.matching.fingers import FingerPosition, FingerTemplate, extract
from common.wire.evidence import OfficersProof, Proxy
from common.wire.facts import new_id
from common.wire.shapes import CaseFind
from hardware.simulation.people import person
from hardware.simulation.world import ImpossibleError
from tests.support.backend_office import (
    PARTICULARS,
    PASSWORD,
    office_settings,
    running_office,
)
from tests.support.booth_desk import PORTRAIT, officers_desk
from tests.support.chips import minutiae

NUMBERS = itertools.count(200_001)


OFFICERS = ("all-round", "assessor", "counter", "reg-officer")


@pytest.fixture
def office(tmp_path):
    with running_office(office_settings(tmp_path, OFFICERS)) as found:
        yield found


@pytest.fixture
def booth(office, tmp_path):
    with officers_desk(tmp_path, office) as found:
        yield found


def a_number() -> str:
    return str(IdentityNumber("M", str(next(NUMBERS))))


def through_the_kiosk(office, *, hand_off: str | None = None) -> dict[str, Any]:
    """Bring a person as far as a booth's queue; return the tag."""
    tag = office.tag(a_number())
    case = tag["case_id"]
    office.fact("bench-1", case, {"kind": "form_filled", "particulars": PARTICULARS})
    if hand_off:
        office.fact("registration-1", case, {"kind": "handed_off", "reason": hand_off})
        return tag
    office.fact("registration-1", case, {"kind": "holder_identified", "by": "finger"})
    template = base64.b64encode(minutiae(1)).decode()
    fingers = [{"position": n, "quality": 60, "template": template} for n in (1, 6)]
    office.fact("registration-1", case, {"kind": "fingers_enrolled", "fingers": fingers})
    office.fact("registration-1", case, {"kind": "registration_finished"})
    return tag


def submitted(office) -> UUID:
    case = through_the_kiosk(office)["case_id"]
    portrait = base64.b64encode(PORTRAIT).decode()
    what = {"kind": "photograph_taken", "portrait": portrait}
    office.fact("booth-2", case, what, "reg-officer")
    office.good("booth-2", f"/v1/cases/{case}/submit", officer="reg-officer")
    return UUID(case)


def approved(office) -> UUID:
    case = submitted(office)
    decision = {"decision": "approve"}
    office.good("booth-2", f"/v1/cases/{case}/decide", decision, officer="assessor")
    return case


def case_of(booth, case_id):
    assert booth.station.exchange.flush(10)
    assert booth.station.journal.count_refused() == 0
    return booth.station.client.find_case(CaseFind(case_id=case_id))


def called(booth):
    booth.tell(desk.DutyChosen(Duty.REGISTRATION)).until(queue.Ready)
    booth.tell(queue.CallAsked())
    return booth.until(queue.Called).tag


def arrived(booth):
    booth.tell(queue.QueueActAsked(queue.QueueAct.ARRIVE))
    return booth.until(registration.AtCase).case


def photographed(booth):
    booth.tell(registration.PhotographAsked())
    for count in (1, 2):
        booth.until(registration.Photographing)
        booth.tell(registration.ShotAsked())
        booth.until(registration.Photographing, when=lambda s, n=count: len(s.shots) == n)
    booth.tell(registration.ChoiceAsked()).until(registration.Choosing)
    booth.tell(registration.ShotChosen(1))
    return booth.until(registration.AtCase).case


def made(booth, case_id):
    """Make the card of a case and take it from the gate."""
    booth.load_blanks()
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked()).until(production.AtGate)
    booth.take_from_gate()
    return booth.until(production.ChoosingPlace).case


def stored(booth, case_id, slot=1):
    made(booth, case_id)
    booth.tell(production.CabinetChosen())
    assert booth.until(production.PutIntoSlot).slot == slot
    booth.put(slot)
    booth.until(production.Stored)
    booth.shut(slot)
    booth.tell(production.NextAsked()).until(production.Work)
    booth.tell(HomeAsked()).until(desk.Home)


# Registration


def test_a_called_tag_becomes_a_submitted_case_with_its_paper(booth, office):
    tag = through_the_kiosk(office)
    assert called(booth).number == tag["number"]
    assert arrived(booth).missing == ()
    case = photographed(booth)
    assert case.portrait == PORTRAIT
    booth.tell(registration.PreviewAsked(new_id()))
    booth.tell(registration.SubmitAsked())
    finished = booth.until(registration.Finished)
    assert finished.note is None
    assert finished.receipt.receipt_number in booth.html[0]
    assert booth.printer.titles == ["receipt"]
    booth.tell(registration.NextAsked()).until(queue.Ready)
    view = case_of(booth, case.case_id)
    assert view.state is CaseState.SUBMITTED
    assert view.captured_by == "all-round"
    assert booth.station.journal.open_motions() == ()


def test_nobody_waits_and_a_missed_tag_waits_again(booth, office):
    booth.tell(desk.DutyChosen(Duty.REGISTRATION)).until(queue.Ready)
    booth.tell(queue.CallAsked())
    assert booth.until(queue.Ready).note is Note.NOBODY_WAITS
    tag = through_the_kiosk(office)
    booth.tell(queue.CallAsked()).until(queue.Called)
    booth.tell(queue.QueueActAsked(queue.QueueAct.RECALL))
    assert booth.until(queue.Called).note is Note.CALLED_AGAIN
    booth.tell(queue.QueueActAsked(queue.QueueAct.MISS))
    assert booth.until(queue.Ready).note is Note.MARKED_MISSED
    booth.tell(queue.CallAsked())
    assert booth.until(queue.Called).tag.number == tag["number"]
    booth.tell(queue.QueueActAsked(queue.QueueAct.MISS)).until(queue.Ready)
    booth.tell(queue.CallAsked()).until(queue.Called)
    booth.tell(queue.QueueActAsked(queue.QueueAct.MISS)).until(queue.Ready)


def excepting(booth, why, *positions, reason="said by the applicant", parent=""):
    """Mark fingers, photograph the hands that have to be, and record it."""
    booth.tell(registration.ExcuseFingersAsked()).tell(fingers.WhyChosen(why))
    for position in positions:
        booth.tell(fingers.FingerMarked(position))
    for hand in booth.state.draft.without_photograph():
        booth.tell(fingers.HandAsked(hand)).tell(fingers.HandShotAsked())
        booth.until(
            fingers.ExceptingFingers, when=lambda s, h=hand: h not in s.draft.without_photograph()
        )
    booth.tell(fingers.FingersExcused(reason, parent))
    return booth.until(AskingSecondOfficer)


def confirmed(booth, officer="counter"):
    booth.tell(SecondOfficerGiven(officer, PASSWORD))
    return booth.until(registration.AtCase).case


def test_a_person_without_fingerprints_is_identified_and_submitted(booth, office):
    through_the_kiosk(office, hand_off="finger_not_matched")
    called(booth)
    case = arrived(booth)
    assert case.hand_off == "finger_not_matched"
    booth.tell(registration.IdentifyAsked()).tell(registration.HolderConfirmed("passport"))
    booth.until(registration.AtCase)
    form = case.particulars.model_copy(update={"occupation": "TAILOR"})
    booth.tell(registration.CorrectAsked("occupation"))
    booth.tell(registration.ParticularsCorrected(form, "asked by the applicant"))
    assert booth.until(registration.AtCase).case.particulars.occupation == "TAILOR"
    excepting(booth, FingerException.WORN, 1, 6)
    seen = confirmed(booth)
    assert seen.exceptions_confirmed_by == "counter"
    assert len(seen.exceptions.photographs) == 2
    photographed(booth)
    booth.tell(registration.PreviewAsked(new_id())).tell(registration.SubmitAsked())
    booth.until(registration.Finished)
    view = case_of(booth, case.case_id)
    assert (view.identified_by, view.particulars.occupation) == ("officer", "TAILOR")


def at_exceptions(booth, office):
    through_the_kiosk(office, hand_off="no_fingerprints")
    called(booth)
    case = arrived(booth)
    assert todo(case) == (Todo.IDENTIFY, Todo.FINGERS, Todo.PHOTOGRAPH)
    booth.tell(registration.IdentifyAsked()).tell(registration.HolderConfirmed("passport"))
    booth.until(registration.AtCase)
    photographed(booth)
    return case


def test_who_recorded_the_exceptions_does_not_confirm_them(booth, office):
    case = at_exceptions(booth, office)
    excepting(booth, FingerException.REFUSED, 1, 6)
    for officer, password, note in (
        ("all-round", PASSWORD, Note.SAME_OFFICER),
        ("counter", "a guess", Note.WRONG_SIGN_IN),
        ("assessor", PASSWORD, Note.NOT_ALLOWED),
    ):
        booth.tell(SecondOfficerGiven(officer, password))
        asked = booth.until(AskingSecondOfficer, when=lambda s: s.note is not None)
        assert asked.note is note
    booth.tell(BackAsked())
    assert todo(booth.state.case) == (Todo.SECOND_OFFICER,)
    refused = office.send("booth-1", f"/v1/cases/{case.case_id}/submit", officer="all-round")
    assert refused.json() == {"problem": "not_complete", "detail": "second_officer"}
    booth.tell(registration.SecondOfficerAsked())
    assert todo(confirmed(booth)) == ()


def test_what_was_changed_after_it_was_shown_is_not_confirmed(booth, office):
    case = at_exceptions(booth, office)
    excepting(booth, FingerException.REFUSED, 1, 6)
    assert booth.station.exchange.flush(10)
    other = {"fingers": [{"position": 1, "why": "refused"}], "reason": "only one of them"}
    what = {"kind": "fingers_excepted", "exceptions": other}
    office.fact("booth-1", str(case.case_id), what, "all-round")
    booth.tell(SecondOfficerGiven("counter", PASSWORD))
    asked = booth.until(AskingSecondOfficer, when=lambda s: s.note is not None)
    assert asked.note is Note.NOT_CONFIRMED


@pytest.mark.parametrize(
    ("why", "positions", "parent", "missing"),
    [
        ("worn", (1, 6), "", "hand_photographs, second_officer"),
        ("refused", (1,), "", "fingers, second_officer"),
        ("child", (1, 6), "", "too_old_for_child, second_officer"),
    ],
)
def test_the_centre_names_what_an_exception_lacks(booth, office, why, positions, parent, missing):
    case = str(at_exceptions(booth, office).case_id)
    assert booth.station.exchange.flush(10)
    marked = [{"position": position, "why": why} for position in positions]
    body = {"fingers": marked, "reason": "said so", "parent": parent}
    what = {"kind": "fingers_excepted", "exceptions": body}
    office.fact("booth-1", case, what, "all-round")
    refused = office.send("booth-1", f"/v1/cases/{case}/submit", officer="all-round")
    assert refused.json() == {"problem": "not_complete", "detail": missing}


def test_a_person_under_eighteen_comes_with_a_parent(booth, office):
    case = at_exceptions(booth, office)
    form = case.particulars.model_copy(update={"date_of_birth": date(2012, 5, 6)})
    booth.tell(registration.CorrectAsked("date_of_birth"))
    booth.tell(registration.ParticularsCorrected(form, "seen on the birth certificate"))
    booth.until(registration.AtCase)
    excepting(booth, FingerException.BANDAGED, 1, 6)
    confirmed(booth)
    path = f"/v1/cases/{case.case_id}/submit"
    refused = office.send("booth-1", path, officer="all-round")
    assert refused.json()["detail"] == "parent"
    excepting(booth, FingerException.BANDAGED, parent="mother, identity card seen")
    confirmed(booth)
    assert office.good("booth-1", path, officer="all-round")["receipt_number"]


def test_a_twin_is_flagged_at_the_booth(booth, office):
    through_the_kiosk(office)
    called(booth)
    case = arrived(booth)
    booth.tell(registration.TwinAsked())
    assert booth.until(registration.AtCase).case.twin
    assert case_of(booth, case.case_id).twin


def test_nothing_is_recorded_before_a_finger_is_marked_and_its_hand_photographed(booth, office):
    at_exceptions(booth, office)
    booth.tell(registration.ExcuseFingersAsked()).tell(fingers.FingersExcused("because"))
    assert booth.until(fingers.ExceptingFingers).note is Note.NO_FINGER_MARKED
    booth.tell(fingers.ThumbsMarked()).tell(fingers.FingersExcused("because"))
    assert booth.until(fingers.ExceptingFingers).note is Note.HAND_NOT_PHOTOGRAPHED
    booth.camera.is_plugged = False
    booth.tell(fingers.HandAsked(Hand.LEFT))
    gone = booth.until(fingers.PhotographingHand, when=lambda s: s.note)
    assert gone.note is Note.DEVICE_ABSENT
    booth.tell(BackAsked()).tell(fingers.ThumbsMarked())
    assert booth.state.draft.positions == (1, 6), "marked thumbs stay marked"
    booth.tell(BackAsked())
    assert isinstance(booth.state, registration.AtCase)


class Scanner:
    """A desk's scanner that gives one prepared impression after another."""

    def __init__(self, *impressions: FingerTemplate | None) -> None:
        self.impressions = list(impressions)
        self.used_s = 0.0
        self.begun = 0

    def begin(self) -> None:
        self.begun += 1

    def take(self, _position, earlier, known, _cancelled):
        assert known is None, "an officer looks on"
        template = self.impressions.pop(0)
        if template is None:
            return FingerCapture(None, None, self.used_s)
        return FingerCapture(capture(template, earlier, known), None, self.used_s)


@cache
def pressed(position):
    return extract(person(3).finger(position, 1), 500, position=FingerPosition(position))


def impressions(position, *qualities):
    return [replace(pressed(position), quality=quality) for quality in qualities]


def taken(booth, position, *given):
    booth.tools.fingers = Scanner(*given)
    booth.tell(taking.FingerChosen(position))
    return booth.until(taking.KeepingFinger, taking.ChoosingFinger)


def test_other_fingers_are_taken_at_the_booth_and_nothing_has_to_be_excused(booth, office):
    case = at_exceptions(booth, office)
    booth.tell(registration.TakeFingersAsked())
    kept = taken(booth, 2, *impressions(2, 70, 40, 60))
    assert [one.template.quality for one in kept.enrolment.kept] == [70, 60]
    assert booth.tools.fingers.begun == 1
    booth.tell(taking.FingerKept()).until(taking.ChoosingFinger)
    taken(booth, 7, None, *impressions(7, 50, 55))
    booth.tell(taking.FingerKept()).until(taking.ChoosingFinger)
    booth.tell(BackAsked())
    assert todo(booth.state.case) == ()
    view = case_of(booth, case.case_id)
    assert [one.position for one in view.fingers] == [2, 2, 7, 7]
    path = f"/v1/cases/{case.case_id}/submit"
    assert office.good("booth-1", path, officer="all-round")["receipt_number"]


def test_what_lies_below_the_gate_is_kept_with_a_reason_or_not_at_all(booth, office):
    case = at_exceptions(booth, office)
    booth.tell(registration.TakeFingersAsked())
    assert taken(booth, 2, *impressions(2, 9, 12, 5, 19, 3)).note is Note.FINGER_TOO_POOR
    taken(booth, 2, *impressions(2, 25, 22, 9, 24, 8))
    booth.tell(taking.FingerKept())
    assert isinstance(booth.state, taking.KeepingFinger), "not without a reason"
    booth.tell(taking.FingerKept("cleaner, all fingers are worn")).until(taking.ChoosingFinger)
    found = case_of(booth, case.case_id).fingers
    assert [(one.quality, one.overridden) for one in found] == [(25, True), (24, True)]


def test_a_desk_without_a_scanner_says_so_and_the_exception_remains(booth, office):
    at_exceptions(booth, office)
    booth.tell(registration.TakeFingersAsked()).tell(taking.FingerChosen(2))
    assert booth.until(taking.FingerTrouble).note is Note.NO_SCANNER
    booth.tell(BackAsked()).tell(BackAsked())
    excepting(booth, FingerException.NOT_TAKEN, 1, 6)
    assert todo(confirmed(booth)) == ()


def test_after_ninety_seconds_the_booth_takes_no_more_captures(booth, office):
    at_exceptions(booth, office)
    booth.tell(registration.TakeFingersAsked())
    booth.tools.fingers = Scanner(*impressions(2, 50))
    booth.tools.fingers.used_s = FINGER_WORK_S
    booth.tell(taking.FingerChosen(2))
    assert len(booth.until(taking.KeepingFinger).enrolment.kept) == 1


def test_an_unreachable_centre_loses_nothing_and_submits_once(booth, office, monkeypatch):
    through_the_kiosk(office)
    called(booth)
    case = arrived(booth)
    photographed(booth)
    assert booth.station.exchange.flush(10)
    address = booth.station.client._address
    monkeypatch.setattr(booth.station.client, "_address", "http://127.0.0.1:9")
    booth.tell(registration.PreviewAsked(new_id())).tell(registration.SubmitAsked())
    assert booth.until(registration.Previewing).note is Note.UNREACHABLE
    monkeypatch.setattr(booth.station.client, "_address", address)
    booth.tell(registration.SubmitAsked())
    assert booth.until(registration.Finished).receipt.receipt_number
    assert case_of(booth, case.case_id).state is CaseState.SUBMITTED


def test_facts_that_wait_keep_a_case_from_being_submitted(booth, office, monkeypatch):
    monkeypatch.setattr("booth.work.cases.FLUSH_S", 0.2)
    through_the_kiosk(office)
    called(booth)
    arrived(booth)
    address = booth.station.client._address
    monkeypatch.setattr(booth.station.client, "_address", "http://127.0.0.1:9")
    photographed(booth)
    booth.tell(registration.PreviewAsked(new_id())).tell(registration.SubmitAsked())
    assert booth.until(registration.Previewing).note is Note.NOT_SENT
    assert booth.station.journal.count_waiting() == 1
    monkeypatch.setattr(booth.station.client, "_address", address)
    monkeypatch.setattr("booth.work.cases.FLUSH_S", 15.0)
    booth.tell(registration.SubmitAsked()).until(registration.Finished)


def test_a_restart_finds_the_open_case_and_then_its_receipt(booth, office):
    through_the_kiosk(office)
    called(booth)
    case = arrived(booth)
    booth.stop()
    booth.start()
    booth.tell(desk.DutyChosen(Duty.REGISTRATION))
    assert booth.until(registration.AtCase).case.case_id == case.case_id
    photographed(booth)
    booth.printer.is_plugged = False
    booth.tell(registration.PreviewAsked(new_id())).tell(registration.SubmitAsked())
    finished = booth.until(registration.Finished)
    assert finished.note is Note.DEVICE_ABSENT
    booth.stop()
    booth.printer.is_plugged = True
    booth.start()
    booth.tell(desk.DutyChosen(Duty.REGISTRATION))
    assert booth.until(registration.Finished).receipt == finished.receipt
    booth.tell(TryAgainAsked())
    booth.until(registration.Finished)
    assert booth.printer.titles == ["receipt"]
    booth.tell(registration.NextAsked()).until(queue.Ready)


def test_an_absent_camera_is_told_and_comes_back(booth, office):
    through_the_kiosk(office)
    called(booth)
    arrived(booth)
    booth.camera.is_plugged = False
    booth.tell(registration.PhotographAsked())
    assert booth.until(registration.Photographing, when=lambda s: s.note).note is Note.DEVICE_ABSENT
    booth.camera.is_plugged = True
    booth.tell(TryAgainAsked())
    booth.tell(registration.ShotAsked())
    assert booth.until(registration.Photographing, when=lambda s: s.shots).shots
    booth.tell(BackAsked()).tell(registration.SetAsideAsked())
    booth.until(queue.Ready)
    booth.tell(HomeAsked())
    assert isinstance(booth.state, desk.Home)


# Assessment


def test_who_captured_a_case_does_not_approve_it_and_another_officer_does(booth, office):
    case_id = submitted(office)
    booth.sign_in("all-round")
    through_the_kiosk(office)
    called(booth)
    own = arrived(booth)
    photographed(booth)
    booth.tell(registration.PreviewAsked(new_id())).tell(registration.SubmitAsked())
    booth.until(registration.Finished)
    booth.tell(registration.NextAsked()).until(queue.Ready)
    booth.tell(HomeAsked()).tell(desk.DutyChosen(Duty.ASSESSMENT)).until(assessment.Work)
    booth.tell(RowChosen(own.case_id)).until(assessment.Assessing)
    booth.tell(assessment.DecisionMade(Decision.APPROVE, "", new_id()))
    assert booth.until(assessment.Assessing, when=lambda s: s.note).note is Note.SAME_OFFICER
    booth.tell(BackAsked()).until(assessment.Work)
    booth.tell(RowChosen(case_id)).until(assessment.Assessing)
    booth.tell(assessment.DecisionMade(Decision.REFUSE, "not eligible", new_id()))
    assert booth.until(assessment.Work).note is Note.REFUSAL_RECORDED
    booth.sign_in("assessor")
    booth.tell(RowChosen(own.case_id)).until(assessment.Assessing)
    booth.tell(assessment.DecisionMade(Decision.APPROVE, "", new_id()))
    assert booth.until(assessment.Work).note is Note.APPROVED
    assert case_of(booth, own.case_id).card.state is CardState.ORDERED


# Production


def test_a_card_is_made_verified_and_stored(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    view = case_of(booth, case_id)
    assert view.state is CaseState.READY
    assert (view.card.location, view.card.slot) == ("booth-1.cabinet", 1)
    assert view.card.personalised_by == "all-round"
    assert booth.place_of_cards() == ["cabinet.slot.1", "card_unit.feeder"]
    assert booth.station.journal.open_motions() == ()


def test_a_card_for_a_kiosk_stays_with_the_officer_and_can_be_stored_later(booth, office):
    case_id = approved(office)
    made(booth, case_id)
    booth.tell(production.KioskChosen())
    assert booth.until(production.Stored).slot is None
    assert case_of(booth, case_id).card.state is CardState.QUALITY_PASSED
    booth.tell(production.NextAsked()).until(production.Work)
    booth.tell(production.StoreAsked())
    booth.insert()
    booth.until(production.AtGate)
    booth.take_from_gate()
    booth.until(production.ChoosingPlace)
    booth.tell(production.CabinetChosen()).until(production.PutIntoSlot)
    booth.put(1)
    booth.until(production.Stored)
    assert case_of(booth, case_id).card.state is CardState.STORED


def test_an_officer_who_turns_back_shuts_the_gate_again(booth):
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(production.StoreAsked())
    booth.tell(BackAsked()).until(production.Work)
    card = booth.world.add("card", "hand.officer", {"chip": {}})
    booth.tell(HomeAsked())
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    with pytest.raises(ImpossibleError):
        booth.unit.act("insert", {"thing": card.id})


def test_a_dead_chip_goes_into_the_bin_and_another_card_is_made(booth, office):
    case_id = approved(office)
    booth.load_blanks()
    booth.unit.set_fault("chip_dead", True)
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked())
    assert booth.until(production.Faulty).note is Note.CHIP_FAULTY
    assert booth.place_of_cards() == ["card_unit.bin", "card_unit.feeder"]
    booth.unit.set_fault("chip_dead", False)
    booth.tell(TryAgainAsked()).until(production.Chosen)
    booth.tell(production.ProduceAsked()).until(production.AtGate)
    assert case_of(booth, case_id).card.state is CardState.QUALITY_PASSED


def test_an_empty_feeder_and_an_absent_unit_are_told(booth, office):
    case_id = approved(office)
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked())
    assert booth.until(production.Chosen, when=lambda s: s.note).note is Note.FEEDER_EMPTY
    assert booth.station.journal.open_motions() == ()
    booth.unit.set_fault("unplugged", True)
    booth.tell(production.ProduceAsked())
    assert booth.until(production.NotSettled).note is Note.DEVICE_ABSENT
    booth.tell(HomeAsked())
    assert isinstance(booth.state, desk.Home)


@pytest.mark.parametrize("cut_before", ["note_writing", "write", "note_written", "verify", "end"])
def test_production_cut_off_anywhere_makes_no_card_twice(booth, office, monkeypatch, cut_before):
    """A machine that stops at any step settles on its next start; a remake is another card."""
    case_id = approved(office)
    booth.load_blanks()
    cut = _Cut(monkeypatch, cut_before)
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked())
    with pytest.raises(PowerLostError):
        booth.until(production.AtGate)
    cut.heal()
    booth.stop()
    booth.start()
    booth.tell(desk.DutyChosen(Duty.PRODUCTION))
    found = booth.until(production.AtGate, production.Work)
    assert booth.station.journal.open_motions() == ()
    if isinstance(found, production.AtGate):
        assert cut_before in ("verify", "end")
        assert booth.place_of_cards()[-1] == "card_unit.inside" or "gate" in str(
            booth.place_of_cards()
        )
        assert case_of(booth, case_id).card.state is CardState.QUALITY_PASSED
        return
    assert booth.place_of_cards() == ["card_unit.bin", "card_unit.feeder"]
    view = case_of(booth, case_id)
    assert view.card.state is CardState.ORDERED
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked()).until(production.AtGate)
    assert case_of(booth, case_id).card.state is CardState.QUALITY_PASSED


def test_a_finished_card_that_nobody_took_before_the_restart_is_offered_again(booth, office):
    case_id = approved(office)
    booth.load_blanks()
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.Work)
    booth.tell(RowChosen(case_id)).until(production.Chosen)
    booth.tell(production.ProduceAsked()).until(production.AtGate)
    booth.stop()
    booth.start()
    booth.tell(desk.DutyChosen(Duty.PRODUCTION)).until(production.AtGate)
    booth.take_from_gate()
    assert booth.until(production.ChoosingPlace).case.case_id == case_id
    assert case_of(booth, case_id).card.state is CardState.QUALITY_PASSED


def test_a_store_cut_off_is_settled_by_the_slot_sensor(booth, office):
    case_id = approved(office)
    made(booth, case_id)
    booth.tell(production.CabinetChosen()).until(production.PutIntoSlot)
    booth.stop()
    booth.boards.act("put", {"thing": booth.in_hand()[0], "slot": 1})
    booth.start()
    booth.tell(desk.DutyChosen(Duty.PRODUCTION))
    assert booth.until(production.Work).note is Note.SETTLED
    assert case_of(booth, case_id).card.state is CardState.STORED


# Counter


def at_counter(booth, case_id, officer="counter"):
    booth.sign_in(officer)
    booth.tell(desk.DutyChosen(Duty.COUNTER)).until(queue.Ready)
    view = booth.station.client.find_case(CaseFind(case_id=case_id))
    booth.tell(counter.FindAsked(view.identity_number))
    return booth.until(counter.AtCase)


PROOF = OfficersProof(
    documents=(SourceDocument.OLD_CARD, SourceDocument.TRAVEL_DOCUMENT),
    photograph_compared=True,
    note="portrait and documents",
)


def proven(booth, second="reg-officer"):
    """Two documents and the photograph, and a second officer who confirms it."""
    booth.tell(counter.IdentifyAsked()).tell(counter.HolderProven(PROOF))
    booth.until(AskingSecondOfficer)
    booth.tell(SecondOfficerGiven(second, PASSWORD))
    return booth.until(counter.AtCase, when=lambda s: s.identified)


def test_the_counter_hands_a_card_over(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    assert not at_counter(booth, case_id).identified
    assert proven(booth).case.recipient.confirmed_by == "reg-officer"
    booth.tell(counter.FetchCardAsked())
    assert booth.until(counter.TakeFromSlot).slot == 1
    booth.take(1)
    booth.until(counter.CheckingCard)
    booth.shut(1)
    booth.insert()
    booth.take_from_gate()
    face = booth.until(counter.HandOver).face
    assert face.chinese_name == "陳大文"
    booth.tell(counter.HandedOver(kept_here=True))
    assert booth.until(counter.Done).issued
    booth.tell(counter.NextAsked()).until(queue.Ready)
    view = case_of(booth, case_id)
    assert view.state is CaseState.COLLECTED
    assert "old_document_captured" in view.done
    assert booth.station.journal.open_motions() == ()


def test_a_case_is_found_by_its_receipt_and_handed_over_from_the_queue(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    office.fact(
        "collection-1", str(case_id), {"kind": "holder_identified", "by": "face_and_finger"}
    )
    booth.sign_in("counter")
    receipt = booth.station.client.find_case(CaseFind(case_id=case_id)).receipt_number
    booth.tell(desk.DutyChosen(Duty.COUNTER)).until(queue.Ready)
    booth.tell(counter.FindAsked("nothing at all"))
    assert booth.until(queue.Ready).note is Note.NUMBER_WRONG
    booth.tell(counter.FindAsked(receipt.lower())).until(counter.AtCase)
    booth.tell(counter.NextAsked()).until(queue.Ready)
    office.fact("collection-1", str(case_id), {"kind": "handed_off", "reason": "equipment_failed"})
    booth.tell(queue.CallAsked()).until(queue.Called)
    booth.tell(queue.QueueActAsked(queue.QueueAct.ARRIVE))
    found = booth.until(counter.AtCase)
    assert found.case.hand_off == "equipment_failed"
    assert found.identified, "whom the kiosk identified today is not asked again"


def test_without_a_second_officer_no_slot_opens(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    at_counter(booth, case_id)
    booth.tell(counter.FetchCardAsked())
    assert isinstance(booth.state, counter.AtCase), "nobody has proven who this is"
    booth.tell(counter.IdentifyAsked()).tell(counter.HolderProven(PROOF)).until(AskingSecondOfficer)
    booth.tell(SecondOfficerGiven("counter", PASSWORD))
    asked = booth.until(AskingSecondOfficer, when=lambda s: s.note is not None)
    assert asked.note is Note.SAME_OFFICER
    booth.tell(BackAsked())
    assert not booth.state.identified
    card = case_of(booth, case_id).card
    refused = office.send(
        "booth-1",
        f"/v1/cards/{card.card_id}/reserve",
        {"expect_version": card.version},
        officer="counter",
    )
    assert (refused.status_code, refused.json()["problem"]) == (409, "second_officer_needed")
    booth.tell(registration.SecondOfficerAsked())
    booth.tell(SecondOfficerGiven("reg-officer", PASSWORD))
    assert booth.until(counter.AtCase, when=lambda s: s.identified)


def test_who_personalised_a_card_does_not_issue_it(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    at_counter(booth, case_id, officer="all-round")
    proven(booth)
    booth.tell(counter.FetchCardAsked())
    assert booth.until(counter.AtCase, when=lambda s: s.note is Note.SAME_OFFICER)
    assert booth.station.journal.open_motions()[0].kind == "case_at_desk"
    assert len(booth.station.journal.open_motions()) == 1


def proof_of(paper):
    proxy = Proxy(
        paper=paper,
        document=ProxyDocument.IDENTITY_CARD,
        name="LI, SIU MING",
        number="B765432(1)",
        adult=True,
        signature_agrees=True,
    )
    return OfficersProof(photograph_compared=True, note="brother, known by card", proxy=proxy)


def came_for_another(booth, paper=ProxyPaper.FORM):
    booth.tell(counter.ProxyAsked()).tell(counter.HolderProven(proof_of(paper)))


def handed_over(booth, *, power_cut=False):
    """From the confirmed record to the card in the person's hand."""
    booth.tell(SecondOfficerGiven("reg-officer", PASSWORD))
    booth.until(counter.AtCase, when=lambda s: s.identified)
    booth.tell(counter.FetchCardAsked()).until(counter.TakeFromSlot)
    booth.take(1)
    booth.until(counter.CheckingCard)
    booth.shut(1)
    if power_cut:
        booth.stop()
        booth.start()
        booth.sign_in("counter")
        booth.tell(desk.DutyChosen(Duty.COUNTER)).until(counter.CardTrouble)
        booth.tell(TryAgainAsked())
    booth.insert()
    booth.take_from_gate()
    booth.until(counter.HandOver)
    booth.tell(counter.HandedOver(kept_here=True)).until(counter.Done)


def state_of_card(booth, serial):
    assert booth.station.exchange.flush(10)
    assert booth.station.journal.count_refused() == 0
    return booth.station.client.card_by_serial(serial).state


def test_a_proxys_card_waits_for_its_holder_even_after_a_power_cut(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    serial = at_counter(booth, case_id).case.card.chip_serial
    came_for_another(booth)
    assert booth.until(AskingSecondOfficer).case.recipient.proof.proxy.name == "LI, SIU MING"
    booth.tell(BackAsked()).tell(counter.FetchCardAsked())
    assert isinstance(booth.state, counter.AtCase), "one officer alone gives nobody a card"
    booth.tell(registration.SecondOfficerAsked())
    handed_over(booth, power_cut=True)
    assert state_of_card(booth, serial) is CardState.ISSUED_NOT_ACTIVATED


def test_a_parent_collects_for_a_minor_and_the_card_counts_at_once(booth, office, monkeypatch):
    monkeypatch.setitem(PARTICULARS, "date_of_birth", "2012-05-17")
    case_id = approved(office)
    stored(booth, case_id)
    serial = at_counter(booth, case_id).case.card.chip_serial
    came_for_another(booth)
    assert booth.until(counter.AtCase, when=lambda s: s.note).note is Note.PARENT_NEEDED
    assert case_of(booth, case_id).recipient is None
    came_for_another(booth, ProxyPaper.BIRTH_CERTIFICATE)
    booth.until(AskingSecondOfficer)
    handed_over(booth)
    assert state_of_card(booth, serial) is CardState.ISSUED


def fetched(booth, case_id):
    at_counter(booth, case_id)
    proven(booth)
    booth.tell(counter.FetchCardAsked()).until(counter.TakeFromSlot)


def test_a_card_left_in_its_slot_is_told_and_taken_later(booth, office, monkeypatch):
    monkeypatch.setattr("booth.work.issuing.TAKE_S", 0.2)
    case_id = approved(office)
    stored(booth, case_id)
    fetched(booth, case_id)
    assert booth.until(counter.TakeFromSlot, when=lambda s: s.note).note is Note.STILL_THERE
    booth.boards.act("take", {"slot": 1, "hand": "officer"})
    booth.tell(TryAgainAsked()).until(counter.CheckingCard)


def test_a_card_from_another_slot_is_told(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    other = booth.world.add("card", "booth-1.cabinet.slot.2", {})
    fetched(booth, case_id)
    booth.world.move(other, "hand.officer")  # its lock gave way
    assert booth.until(counter.TakeFromSlot, when=lambda s: s.note).note is Note.WRONG_SLOT
    booth.world.move(other, "booth-1.cabinet.slot.2")
    booth.tell(TryAgainAsked()).until(counter.TakeFromSlot)
    booth.take(1)
    booth.until(counter.CheckingCard)


def test_another_persons_card_is_not_handed_over(booth, office):
    first, second = approved(office), approved(office)
    stored(booth, first)
    stored(booth, second, slot=2)
    fetched(booth, first)
    booth.take(1)
    booth.until(counter.CheckingCard)
    mine = booth.in_hand()[0]
    booth.boards.act("put", {"thing": mine, "slot": 1})
    booth.boards.act("close", {"slot": 1})
    booth.world.move(booth.world.at("booth-1.cabinet.slot.2")[0], "hand.officer")
    booth.insert()
    booth.take_from_gate()
    assert booth.until(counter.CardTrouble).note is Note.CARD_OF_ANOTHER


def test_a_card_taken_out_is_put_back_and_free_again(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    fetched(booth, case_id)
    booth.take(1)
    booth.until(counter.CheckingCard)
    booth.insert()
    booth.take_from_gate()
    booth.until(counter.HandOver)
    booth.tell(counter.PutBackAsked())
    booth.put(1)
    assert booth.until(counter.AtCase).note is Note.PUT_BACK
    assert case_of(booth, case_id).card.state is CardState.STORED


def test_a_restart_with_the_card_outside_asks_for_it(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    fetched(booth, case_id)
    booth.take(1)
    booth.until(counter.CheckingCard)
    booth.stop()
    booth.start("counter")
    booth.tell(desk.DutyChosen(Duty.COUNTER))
    trouble = booth.until(counter.CardTrouble)
    assert (trouble.case.case_id, trouble.slot) == (case_id, 1)
    booth.tell(counter.FaultyAsked())
    booth.insert()
    assert not booth.until(counter.Done).issued
    view = case_of(booth, case_id)
    assert view.card.state is CardState.ORDERED
    assert "card_unit.bin" in booth.place_of_cards()


def test_a_restart_with_the_card_in_its_slot_frees_it(booth, office):
    case_id = approved(office)
    stored(booth, case_id)
    fetched(booth, case_id)
    booth.stop()
    booth.start("counter")
    booth.tell(desk.DutyChosen(Duty.COUNTER)).until(counter.AtCase)
    assert case_of(booth, case_id).card.state is CardState.STORED


class PowerLostError(Exception):
    """The machine stops here."""


class _Cut:
    """Cuts the power just before one step of making a card."""

    def __init__(self, monkeypatch, before: str) -> None:
        self._monkeypatch = monkeypatch
        steps = {
            "note_writing": ("common.journal.journal.Journal.note", "writing"),
            "write": ("common.equipment.encoder.Encoder.write", None),
            "note_written": ("common.journal.journal.Journal.note", "written"),
            "verify": ("common.equipment.encoder.Encoder.verify", None),
            "end": ("common.journal.journal.Journal.ended", None),
        }
        name, step = steps[before]
        module, _, method = name.rpartition(".")
        owner = pytest.importorskip(module.rpartition(".")[0])
        real = getattr(getattr(owner, module.rpartition(".")[2]), method)

        def cut(*args, **kwargs):
            if step in (None, kwargs.get("step")):
                raise PowerLostError
            return real(*args, **kwargs)

        monkeypatch.setattr(name, cut)

    def heal(self) -> None:
        self._monkeypatch.undo()
