"""Stories of the collection kiosk, told without devices, network or screen."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.case import CaseState, OldDocument
from common.domain.finger_ladder import FACE_TRIES, FINGER_WORK_S, AskFinger, FingerLadder
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason
from common.flow.draw import dead_ends, draw
from common.flow.machine import Stay, Visit
from kiosk_collection import events as e
from kiosk_collection import tasks as k
from kiosk_collection import visit as v
from kiosk_collection.flow import next_step
from kiosk_collection.outcome import Fate, Outcome, Stuck
from kiosk_collection.screens.choice import screen_for
from kiosk_collection.screens.samples import NEW_CARD, OFFICE, OFFICER, case, visit
from kiosk_collection.staff import flow as staff_flow
from kiosk_collection.staff import words as staff

README = Path(__file__).parents[2] / "kiosk_collection" / "README.md"
CARD, FORM = OldDocument.OLD_CARD, OldDocument.ACKNOWLEDGEMENT
VISIT = visit()
CASE_ID = VISIT.case.case_id
ISSUED = Outcome(Fate.ISSUED, CASE_ID)
LADDER = FingerLadder.over((1, 6), face_may_do=False).face_seen(accepted=True)
UNKNOWN = Outcome(Fate.UNKNOWN, CASE_ID, HandOffReason.EQUIPMENT_FAILED, is_open=True)
TO_FINGER = (e.DocumentIn(CARD), e.CaseFound(VISIT), e.FaceAccepted())
TO_CARD = (*TO_FINGER, e.FingerMatched(20.0), e.NewCardReady(NEW_CARD))


def back(reason, recorded=True, is_open=False):
    return Outcome(Fate.BACK, CASE_ID, reason, is_open, recorded)


class Story:
    def __init__(self, start: v.State | None = None) -> None:
        self.tasks: list[Any] = []
        self.stays: list[Stay] = []
        self.visit: Visit[v.State, e.Event, k.Task] = Visit(
            start or v.Welcome(), next_step, self._run, lambda _: None
        )

    def _run(self, task, stay):
        self.tasks.append(task)
        self.stays.append(stay)

    def tell(self, *events):
        self.tasks.clear()
        self.stays.clear()
        for event in events:
            self.visit.happened(event)
        return self

    @property
    def state(self) -> Any:
        return self.visit.state


def test_a_person_collects_a_card():
    story = Story(v.StartingUp()).tell(e.SwitchedOn(), e.Settled())
    assert story.tasks == [k.Forget(), k.Settle(), k.Accept(CARD), k.Accept(FORM)]
    story.tell(*TO_FINGER)
    assert story.tasks == [k.Read(CARD), k.CheckFace(VISIT), k.CheckFinger(VISIT, 1, True)]
    story.tell(e.FingerMatched(20.0, 60, 4.0))
    recorded, fetched = story.tasks
    assert (recorded.case_id, recorded.position, recorded.score) == (CASE_ID, 1, 20.0)
    assert (recorded.attempts.face, recorded.attempts.fingers[0].tries) == ("accepted", 1)
    assert fetched == k.FetchCard(VISIT, 1)
    story.tell(e.NewCardReady(NEW_CARD), e.SaidRight(), e.CardPresented())
    assert story.tasks == [k.PresentCard(), k.AwaitNewCardTaken()]
    assert story.tell(e.NewCardGone()).state == v.Concluding(VISIT)
    assert story.tasks == [k.PutAway(CASE_ID, HandOffReason.NOT_TAKEN)]
    assert story.tell(e.ReleaseEnded(ISSUED)).state == v.Collected(CARD)
    assert story.tell(e.Finished()).state == v.StartingUp()
    assert story.tasks == [k.Forget(), k.Settle()]


def test_three_tries_then_the_other_finger_then_the_counter_with_what_was_tried():
    story = Story().tell(*TO_FINGER)
    story.tell(e.FingerNotMatched("too_dry", 20, 1.5, 5.0), e.FingerNotMatched())
    assert (story.state.asked, story.state.advice) == (AskFinger(1, 3), "too_dry")
    story.tell(e.FingerNotMatched())
    assert (story.state.asked, story.state.advice) == (AskFinger(6, 1), "")
    assert story.tasks == [k.CheckFinger(VISIT, 6)]
    story.tell(*[e.FingerNotMatched("nobody")] * 3)
    task = story.tasks[-1]
    assert (task.case_id, task.reason) == (CASE_ID, HandOffReason.FINGER_NOT_MATCHED)
    right, left = task.attempts.fingers
    assert (right.tries, right.best_quality, right.best_score) == (3, 20, 1.5)
    assert (left.tries, left.advice) == (3, ("nobody",) * 3)
    assert task.attempts.face == "accepted"
    story.tell(e.HandedOver("E004", slip=True))
    assert story.tasks == [k.GiveDocumentBack()]
    story.tell(e.DocumentOffered(CARD), e.DocumentTaken(), e.NoDocumentHeld())
    reason = HandOffReason.FINGER_NOT_MATCHED
    assert story.state == v.Ended(v.Ending(v.EndKind.COUNTER, reason, "E004", slip=True))


def test_choosing_another_finger_gives_no_new_tries():
    story = Story().tell(*TO_FINGER, e.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 1)
    story.tell(e.FingerNotMatched(), e.FingerNotMatched(), e.OtherFingerChosen())
    assert story.state.asked == AskFinger(1, 1)
    story.tell(e.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 3)
    story.tell(e.FingerNotMatched())
    assert story.state.asked == AskFinger(1, 1)
    story.tell(*[e.FingerNotMatched()] * 3)
    assert isinstance(story.state, v.HandingOff)


def test_the_impressions_of_a_finger_are_one_finger():
    twice = e.CaseFound(visit((1, 1, 6, 6)))
    story = Story().tell(e.DocumentIn(CARD), twice, e.FaceAccepted(), e.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 1)


def test_after_ninety_seconds_no_finger_is_asked_for():
    story = Story().tell(*TO_FINGER, e.FingerNotMatched("nobody", used_s=FINGER_WORK_S))
    assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED


def test_who_gives_no_fingers_shows_the_face_first_and_then_meets_an_officer():
    story = Story().tell(*TO_FINGER[:2], e.CannotGiveFingers())
    assert story.state == v.CheckingFace(VISIT, gives_no_fingers=True)
    story.tell(e.FaceNotAccepted("no_face"), e.FaceAccepted())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS
    assert (story.state.attempts.face, story.state.attempts.declined) == ("accepted", True)


def test_a_twin_needs_the_finger_as_everybody_does():
    twin = v.Visit(CARD, VISIT.case.model_copy(update={"twin": True}), v.Place.HERE)
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(twin), e.FaceAccepted())
    story.tell(*[e.FingerNotMatched()] * 6)
    assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED


def test_three_faces_that_are_not_accepted():
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(VISIT))
    story.tell(e.FaceNotAccepted("no_face"), e.FaceNotAccepted("unlike"))
    assert story.state == v.CheckingFace(VISIT, 3, "unlike")
    story.tell(e.FaceNotAccepted("unlike"))
    assert story.state.reason is HandOffReason.FACE_NOT_MATCHED
    assert story.state.attempts.face == "unlike"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (e.AskedForStaff(), HandOffReason.ASKED_FOR_STAFF),
        (e.EquipmentFailed(), HandOffReason.EQUIPMENT_FAILED),
    ],
)
@pytest.mark.parametrize("steps", [2, 3])
def test_leaving_the_checks_for_an_officer(event, reason, steps):
    story = Story().tell(*TO_FINGER[:steps], event)
    assert (story.state.case_id, story.state.reason) == (CASE_ID, reason)
    assert story.state.attempts.face == ("accepted" if steps == 3 else "")


def test_without_fingerprints_an_officer_is_the_second_proof():
    story = Story().tell(*TO_FINGER, e.CannotGiveFingers())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS


def test_a_case_without_fingers_goes_to_an_officer_after_the_face():
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(visit(())), e.FaceAccepted())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS
    assert story.state.attempts.face == "accepted"


def test_a_card_in_the_cabinet_is_handed_over_with_the_identification():
    there = visit(place=v.Place.COUNTER)
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(there), e.FaceAccepted())
    story.tell(e.FingerMatched(9.0))
    assert isinstance(story.tasks[0], k.RecordIdentified)
    assert story.tasks[1:] == [
        k.Forget(),
        k.HandOff(CASE_ID, HandOffReason.CARD_AT_COUNTER, recorded=False),
    ]


@pytest.mark.parametrize(
    "state", [CaseState.SUBMITTED, CaseState.APPROVED, CaseState.IN_PRODUCTION]
)
def test_a_card_that_is_not_ready(state):
    found = v.Visit(CARD, case(state), v.Place.COUNTER, ready_on=date(2026, 1, 15))
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(found))
    ending = v.Ending(v.EndKind.NOT_READY, ready_on=date(2026, 1, 15))
    assert story.state == v.ReturningDocument(ending)
    assert story.tasks == [k.Read(CARD), k.GiveDocumentBack()]


@pytest.mark.parametrize("state", [CaseState.COLLECTED, CaseState.REFUSED])
def test_the_counter_explains_a_case_that_is_over(state):
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(v.Visit(CARD, case(state), v.Place.HERE)))
    assert story.state == v.HandingOff(CASE_ID, HandOffReason.ASKED_FOR_STAFF)


def test_the_other_document_is_asked_for():
    story = Story().tell(e.DocumentIn(FORM), e.CaseFound(replace(VISIT, document=FORM)))
    assert story.state.ending == v.Ending(v.EndKind.WRONG_DOCUMENT, expects=CARD)


ELSEWHERE = (e.DocumentIn(CARD), e.CaseFound(visit(place=v.Place.OTHER_OFFICE, office=OFFICE)))


def test_a_card_at_another_office_is_fetched_there_with_the_document():
    story = Story().tell(*ELSEWHERE, e.DocumentWanted())
    assert story.state.ending == v.Ending(v.EndKind.OTHER_OFFICE, office=OFFICE)


def test_a_card_at_another_office_is_sent_here_by_the_counter():
    story = Story().tell(*ELSEWHERE, e.SendingWanted())
    assert story.state.reason is HandOffReason.CARD_ELSEWHERE


def test_a_card_in_another_kiosk_is_collected_there_and_not_at_the_counter():
    there = visit(place=v.Place.OTHER_KIOSK)
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(there))
    assert story.state.ending == v.Ending(v.EndKind.OTHER_KIOSK, kiosk="sck-1")
    assert story.tasks[-1] == k.GiveDocumentBack()
    typed = replace(there, document_read=False)
    story = Story(v.FindingByNumber(CARD)).tell(e.CaseFound(typed))
    assert isinstance(story.state, v.CheckingFace), "it ends at the counter in any case"


UNREAD = (e.DocumentIn(FORM), e.DocumentUseless(v.EndKind.UNREADABLE))
NUMBER = IdentityNumber.parse("A123456(3)")
TYPED = (e.TypingChosen(), e.NumberTyped(NUMBER), e.YearTyped(1980))


def test_a_document_that_cannot_be_read_may_be_tried_again():
    story = Story().tell(*UNREAD, e.DocumentWanted())
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.UNREADABLE))


def test_a_typed_number_leads_through_face_and_finger_to_the_counter():
    story = Story().tell(*UNREAD, *TYPED)
    assert story.tasks[-1] == k.FindByNumber(FORM, NUMBER, 1980)
    story.tell(e.CaseFound(replace(VISIT, document=FORM, document_read=False)))
    story.tell(e.FaceAccepted("live"), e.FingerMatched(20.0))
    recorded = story.tasks[1]
    assert (recorded.card_read, recorded.liveness) == (False, "live")
    assert story.state.reason is HandOffReason.CARD_UNREADABLE
    assert not [task for task in story.tasks if isinstance(task, k.FetchCard)]


def test_three_wrong_numbers_end_in_neutral_words():
    story = Story().tell(*UNREAD, *TYPED, e.NothingFound())
    assert story.state == v.TypingNumber(FORM, 1)
    story.tell(*TYPED[1:], e.NothingFound(), *TYPED[1:], e.NothingFound())
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.NUMBER_UNKNOWN))


def test_who_types_may_go_back_and_never_shows_the_number():
    story = Story().tell(*UNREAD, *TYPED[:2])
    assert "123456" not in repr(story.state)
    assert story.tell(e.WentBack(), e.WentBack()).state == v.Unread(FORM, v.EndKind.UNREADABLE)


def test_a_forged_card_cannot_be_replaced_by_a_typed_number():
    story = Story().tell(e.DocumentIn(CARD), e.DocumentUseless(v.EndKind.CARD_DOUBTFUL))
    assert isinstance(story.state, v.ReturningDocument)


@pytest.mark.parametrize(
    "events", [UNREAD, (*UNREAD, *TYPED[:1]), (*UNREAD, *TYPED[:2]), ELSEWHERE]
)
def test_who_walks_away_before_the_checks_leaves_nothing_inside(events):
    story = Story().tell(*events, e.PersonLeft())
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.LEFT))
    story = Story().tell(*events, e.AskedForStaff())
    assert isinstance(story.state, v.ReturningDocument | v.HandingOff)


def test_a_parent_collects_for_a_minor_at_the_counter():
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(replace(VISIT, is_minor=True)))
    assert story.state == v.HandingOff(CASE_ID, HandOffReason.MINOR)


def test_who_collects_for_somebody_else_goes_to_the_counter():
    story = Story().tell(*TO_FINGER[:2], e.CollectsForAnother())
    assert story.state.reason is HandOffReason.FOR_ANOTHER


INACTIVE = replace(VISIT, activates=True)


def test_a_card_that_a_proxy_collected_is_activated_by_its_holder():
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(INACTIVE), e.FaceAccepted())
    story.tell(e.FingerMatched(20.0))
    assert isinstance(story.tasks[0], k.RecordIdentified)
    assert story.tasks[1:] == [k.Activate(INACTIVE)]
    story.tell(e.Activated())
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.ACTIVATED))


@pytest.mark.parametrize("event", [e.NotActivated(), e.EquipmentFailed()])
def test_a_card_that_may_not_count_comes_back_and_an_officer_helps(event):
    story = Story(v.Activating(INACTIVE)).tell(event, e.HandedOver("E001"))
    assert story.state.ending.reason is HandOffReason.ASKED_FOR_STAFF
    assert story.tasks[-1] == k.GiveDocumentBack()


def test_a_face_that_moves_as_a_picture_does_is_for_an_officer():
    story = Story().tell(*TO_FINGER[:2], *[e.FaceNotAccepted("flat")] * 3)
    assert story.state.reason is HandOffReason.FACE_NOT_MATCHED
    assert story.state.attempts.face == "unlike"


def test_a_card_at_the_gate_is_not_taken_back_without_a_question():
    story = Story().tell(*TO_CARD, e.SaidRight(), e.CardPresented(), e.NewCardWaits())
    assert story.state == v.TakeNewCard(VISIT, asked=True)
    assert story.tasks[-1] == k.AwaitNewCardTaken(is_last=True)
    story.tell(e.MoreTimeWanted())
    assert story.state == v.TakeNewCard(VISIT)
    assert story.tasks == [k.AwaitNewCardTaken()]


@pytest.mark.parametrize(
    "kind", [v.EndKind.CARD_DOUBTFUL, v.EndKind.UNKNOWN_CASE, v.EndKind.NO_CONNECTION]
)
def test_a_document_that_leads_nowhere_comes_back(kind):
    story = Story().tell(e.DocumentIn(FORM), e.DocumentUseless(kind))
    assert story.tasks[-1] == k.GiveDocumentBack()
    story.tell(e.DocumentOffered(FORM), e.DocumentTaken(), e.NoDocumentHeld())
    assert story.state == v.Ended(v.Ending(kind))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (e.SaidWrong(), HandOffReason.PARTICULARS_WRONG),
        (e.AskedForStaff(), HandOffReason.ASKED_FOR_STAFF),
        (e.PersonLeft(), HandOffReason.NOT_TAKEN),
        (e.EquipmentFailed(), HandOffReason.EQUIPMENT_FAILED),
    ],
)
def test_a_card_that_is_not_wanted_is_put_away(event, reason):
    story = Story().tell(*TO_CARD, event)
    assert story.tasks[-1] == k.PutAway(CASE_ID, reason)
    story.tell(e.ReleaseEnded(back(reason)))
    assert story.tasks[-1] == k.HandOff(CASE_ID, reason, recorded=True)


def test_a_faulty_card_is_told_and_the_document_comes_back():
    story = Story().tell(*TO_FINGER, e.FingerMatched())
    story.tell(e.ReleaseEnded(back(HandOffReason.NEW_CARD_FAULTY)), e.HandedOver())
    assert story.state.ending.reason is HandOffReason.NEW_CARD_FAULTY
    assert story.tasks[-1] == k.GiveDocumentBack()


def test_a_card_not_taken_hands_over():
    story = Story().tell(*TO_CARD, e.SaidRight(), e.CardPresented(), e.NewCardLeft())
    assert story.tasks[-1] == k.PutAway(CASE_ID, HandOffReason.NOT_TAKEN)
    story.tell(e.ReleaseEnded(back(HandOffReason.NOT_TAKEN)))
    assert story.state == v.HandingOff(CASE_ID, HandOffReason.NOT_TAKEN, recorded=True)


def test_whoever_wants_time_too_late_is_not_taken_for_somebody_who_left():
    story = Story().tell(*TO_CARD, e.SaidRight(), e.CardPresented(), e.NewCardWaits())
    asked = story.stays[-1]
    story.tell(e.MoreTimeWanted())
    story.visit.answered(e.NewCardLeft(), asked)
    assert story.state == v.TakeNewCard(VISIT), "nothing was moved, and the time runs anew"


@pytest.mark.parametrize("state", [v.Concluding(VISIT), v.PuttingAway(VISIT, HandOffReason.MINOR)])
def test_who_takes_the_card_at_the_last_moment_has_it(state):
    assert Story(state).tell(e.ReleaseEnded(ISSUED)).state == v.Collected(CARD)


def test_while_the_new_card_may_be_out_the_document_stays():
    story = Story().tell(*TO_CARD, e.SaidRight(), e.CardPresented(), e.NewCardGone())
    story.tell(e.ReleaseEnded(UNKNOWN), e.HandedOver("E004"))
    assert story.state.ending.document_stays
    assert k.GiveDocumentBack() not in story.tasks
    story.tell(e.Finished(), e.Settled(UNKNOWN, held=True, cause=v.Cause.STUCK))
    assert story.state == v.OutOfService(v.Cause.STUCK)


@pytest.mark.parametrize("steps", [2, 3])
def test_who_walks_away_from_the_checks_gets_the_document_held_out(steps):
    story = Story().tell(*TO_FINGER[:steps], e.PersonLeft())
    assert story.tasks[-1] == k.GiveDocumentBack()
    story.tell(e.DocumentOffered(CARD), e.DocumentNotTaken(), e.PersonLeft())
    assert story.state == v.TakeDocument(v.Ending(v.EndKind.LEFT), CARD, late=True)
    story.tell(e.DocumentNotTaken())
    assert story.tasks == [k.AwaitDocumentTaken(CARD)], "it is never swallowed"
    assert story.tell(e.DocumentTaken(), e.NoDocumentHeld()).state == v.StartingUp()


def test_two_documents_both_come_back():
    story = Story().tell(*TO_FINGER, e.PersonLeft(), e.DocumentOffered(CARD), e.DocumentTaken())
    assert story.tasks[-1] == k.GiveDocumentBack()
    story.tell(e.DocumentOffered(FORM))
    assert story.state.document is FORM


@pytest.mark.parametrize(
    "state",
    [
        v.FetchingCard(VISIT, 1),
        v.PresentingCard(VISIT),
        v.TakeNewCard(VISIT),
        v.Concluding(VISIT),
    ],
)
def test_nobody_can_walk_away_from_a_card_in_motion(state):
    story = Story(state).tell(
        e.PersonLeft(), e.AskedForStaff(), e.Finished(), e.StaffLetIn(OFFICER)
    )
    assert story.state == state
    assert story.tasks == []


def test_after_a_power_cut_the_person_gets_slip_and_document():
    settled = e.Settled(back(HandOffReason.EQUIPMENT_FAILED), held=True)
    story = Story(v.StartingUp()).tell(e.SwitchedOn(), settled, e.HandedOver("E001", slip=True))
    assert story.tasks[2:] == [
        k.Forget(),
        k.HandOff(CASE_ID, HandOffReason.EQUIPMENT_FAILED, recorded=True),
        k.GiveDocumentBack(),
    ]


def test_after_a_power_cut_an_issued_card_needs_nothing_more():
    assert Story(v.StartingUp()).tell(e.Settled(ISSUED)).state == v.Welcome()


def test_a_document_found_inside_comes_back_and_may_be_inserted_again():
    story = Story(v.StartingUp()).tell(e.Settled(held=True))
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.INTERRUPTED))
    story.tell(e.DocumentOffered(CARD), e.DocumentTaken(), e.NoDocumentHeld())
    assert story.state == v.StartingUp()


def test_an_out_of_service_kiosk_looks_again_until_all_is_clear():
    story = Story(v.StartingUp()).tell(e.Settled(cause=v.Cause.DEVICES))
    assert story.tasks == [k.LookAgainLater()]
    story.tell(e.TimeToLookAgain(), e.Settled(cause=v.Cause.DEVICES))
    assert story.tasks == [k.Settle(), k.LookAgainLater()]
    assert story.tell(e.TimeToLookAgain(), e.Settled()).state == v.Welcome()


def test_a_mouth_that_fails_and_comes_back():
    story = Story().tell(e.WayMissing(FORM))
    assert story.state == v.Welcome(frozenset({FORM}))
    assert story.tell(e.WayMissing(FORM)).tasks == []
    assert story.tell(e.WayBack(FORM)).state == v.Welcome()


def test_a_late_answer_about_one_person_never_reaches_the_next():
    story = Story().tell(*TO_FINGER)
    asked = story.stays[-1]
    story.tell(e.PersonLeft(), e.DocumentOffered(CARD), e.DocumentTaken(), e.NoDocumentHeld())
    story.tell(e.Settled(), *TO_FINGER)
    story.visit.answered(e.FingerMatched(99.0), asked)
    assert story.state == v.CheckingFinger(VISIT, LADDER, AskFinger(1, 1))


@pytest.mark.parametrize(
    "state",
    [v.PuttingAway(VISIT, HandOffReason.NOT_TAKEN), v.ReturningDocument(v.Ending(v.EndKind.LEFT))],
)
def test_a_fault_never_leaves_a_state_without_way_out(state):
    assert Story(state).tell(e.EquipmentFailed()).state != state


# Staff

LOAD = staff.LoadCard(UUID(int=2), CASE_ID, "0011", 3, (1, 2))


def to_menu():
    return Story().tell(e.StaffLetIn(OFFICER), staff.Counted(staff.Stand()))


def test_staff_load_a_card():
    story = to_menu().tell(staff.LoadChosen(), staff.NewCardInserted(), staff.NewCardKnown(LOAD))
    assert story.tasks == [staff.AwaitCard(), staff.ReadCard(OFFICER), staff.PlaceCard(LOAD)]
    story.tell(staff.WrongPocket(9))
    assert story.tasks == [staff.PlaceCard(LOAD, 9)]
    assert story.state.at.wrong_pocket == 9
    story.tell(staff.NotPlaced(), staff.CardPlaced())
    assert story.tasks[-2:] == [staff.RecordStored(LOAD, OFFICER), staff.AwaitCard()]
    assert story.state.at == staff.AwaitingCard(OFFICER, 1, 3)
    story.tell(staff.MenuChosen(), staff.LeaveChosen(), staff.OfficerGone())
    assert story.state == v.StartingUp()


def test_a_card_that_cannot_be_loaded_comes_back():
    story = to_menu().tell(staff.LoadChosen(), staff.NewCardInserted())
    story.tell(staff.NewCardUseless(staff.CardProblem.UNKNOWN), staff.CardHandedBack())
    assert story.tasks == [staff.ReturnCard(), staff.AwaitCard()]
    assert story.state.at.problem is staff.CardProblem.UNKNOWN


def test_nothing_is_loaded_while_a_release_is_open():
    story = to_menu().tell(staff.BinsEmptied(), staff.Counted(staff.Stand(stuck=Stuck.UNSEEN)))
    assert story.tell(staff.LoadChosen()).tasks == []
    story.tell(staff.TakenOutByHand())
    assert story.tasks == [staff.SettleByHand(OFFICER), staff.Count(OFFICER)]
    story.tell(staff.NoCardInside())
    assert story.tasks == [staff.SettleAsGone(OFFICER), staff.Count(OFFICER)]


def test_while_staff_work_no_visitor_is_served():
    story = to_menu().tell(e.DocumentIn(CARD), e.AskedForStaff(), e.Settled())
    assert isinstance(story.state, v.Staff)
    assert story.tasks == []


def test_who_is_not_let_in_does_nothing():
    story = Story().tell(staff.LoadChosen(), staff.BinsEmptied())
    assert story.state == v.Welcome()
    assert story.tasks == []


def test_an_officer_who_walks_away_is_signed_out():
    assert to_menu().tell(e.PersonLeft()).tasks == [staff.Leave(OFFICER)]


def test_nobodys_number_or_name_shows_in_a_log():
    assert "A123456" not in repr(v.CheckingFace(VISIT))
    assert "CHAN" not in repr(v.IsThisRight(VISIT, NEW_CARD))


# The drawings

STATES: list[v.State] = [
    v.StartingUp(),
    v.OutOfService(v.Cause.STUCK),
    v.Welcome(),
    v.ReadingDocument(CARD),
    v.Unread(CARD, v.EndKind.UNREADABLE),
    v.TypingNumber(CARD),
    v.TypingYear(CARD, NUMBER),
    v.FindingByNumber(CARD),
    v.FindingByNumber(CARD, v.NUMBER_TRIES - 1),
    v.CardElsewhere(visit(place=v.Place.OTHER_OFFICE, office=OFFICE)),
    v.CheckingFace(VISIT),
    v.CheckingFace(VISIT, FACE_TRIES),
    v.CheckingFinger(VISIT, LADDER, AskFinger(1, 1)),
    v.CheckingFinger(VISIT, LADDER.at(FINGER_WORK_S), AskFinger(1, 3)),
    v.FetchingCard(VISIT, 1),
    v.Activating(INACTIVE),
    v.IsThisRight(VISIT, NEW_CARD),
    v.PresentingCard(VISIT),
    v.TakeNewCard(VISIT),
    v.TakeNewCard(VISIT, asked=True),
    v.Concluding(VISIT),
    v.PuttingAway(VISIT, HandOffReason.NOT_TAKEN),
    v.HandingOff(CASE_ID, HandOffReason.NOT_TAKEN),
    v.ReturningDocument(v.Ending(v.EndKind.COUNTER)),
    v.ReturningDocument(v.Ending(v.EndKind.LEFT)),
    v.TakeDocument(v.Ending(v.EndKind.LEFT), CARD),
    v.Ended(v.Ending(v.EndKind.COUNTER)),
    v.Collected(CARD),
    v.Staff(staff.Menu(OFFICER)),
    v.Staff(staff.Leaving(OFFICER)),
]
EVENTS: list[e.Event] = [
    e.SwitchedOn(),
    e.Settled(),
    e.Settled(held=True),
    e.Settled(cause=v.Cause.DEVICES),
    e.Settled(back(HandOffReason.EQUIPMENT_FAILED), held=True),
    e.TimeToLookAgain(),
    e.WayMissing(CARD),
    e.DocumentIn(CARD),
    e.DocumentFound(),
    e.CaseFound(VISIT),
    e.CaseFound(v.Visit(CARD, case(CaseState.APPROVED), v.Place.HERE)),
    e.CaseFound(v.Visit(CARD, case(CaseState.COLLECTED), v.Place.HERE)),
    ELSEWHERE[1],
    e.DocumentUseless(v.EndKind.UNREADABLE),
    e.DocumentUseless(v.EndKind.UNKNOWN_CASE),
    e.TypingChosen(),
    e.DocumentWanted(),
    e.NumberTyped(NUMBER),
    e.YearTyped(1980),
    e.WentBack(),
    e.NothingFound(),
    e.SendingWanted(),
    e.CollectsForAnother(),
    e.NewCardWaits(),
    e.NewCardLeft(),
    e.NewCardGone(),
    e.MoreTimeWanted(),
    e.FaceAccepted(),
    e.FaceNotAccepted("unlike"),
    e.FingerMatched(),
    e.FingerNotMatched(),
    e.OtherFingerChosen(),
    e.CannotGiveFingers(),
    e.AskedForStaff(),
    e.NewCardReady(NEW_CARD),
    e.Activated(),
    e.NotActivated(),
    e.SaidRight(),
    e.SaidWrong(),
    e.CardPresented(),
    e.ReleaseEnded(ISSUED),
    e.ReleaseEnded(back(HandOffReason.NOT_TAKEN)),
    e.HandedOver(),
    e.DocumentOffered(CARD),
    e.NoDocumentHeld(),
    e.DocumentTaken(),
    e.DocumentNotTaken(),
    e.Finished(),
    e.PersonLeft(),
    e.StaffLetIn(OFFICER),
    e.EquipmentFailed(),
    staff.OfficerGone(),
    staff.LeaveChosen(),
]
STAFF_STATES: list[staff.State] = [
    staff.Menu(OFFICER, staff.Stand()),
    staff.AwaitingCard(OFFICER),
    staff.ReadingCard(OFFICER),
    staff.ReturningCard(OFFICER, staff.CardProblem.UNKNOWN),
    staff.PlacingCard(OFFICER, LOAD),
    staff.Leaving(OFFICER),
]
STAFF_EVENTS: list[staff.Event] = [
    staff.LoadChosen(),
    staff.BinsEmptied(),
    staff.MenuChosen(),
    staff.NewCardInserted(),
    staff.NewCardKnown(LOAD),
    staff.NewCardUseless(staff.CardProblem.UNKNOWN),
    staff.CardHandedBack(),
    staff.CardPlaced(),
    staff.WrongPocket(9),
    staff.NotPlaced(),
    staff.LeaveChosen(),
    staff.OfficerGone(),
]


def without_loops(drawing):
    lines = drawing.splitlines()
    kept = [lines[0]]
    for line in lines[1:]:
        left, right = line.split(":")[0].split(" --> ")
        if left.strip() != right.strip():
            kept.append(line)
    return "\n".join(kept) + "\n"


def visits_drawing():
    return without_loops(draw(next_step, STATES, EVENTS))


def staffs_drawing():
    return without_loops(draw(staff_flow.next_step, STAFF_STATES, STAFF_EVENTS))


def test_every_state_has_a_way_out():
    assert not dead_ends(visits_drawing())
    assert dead_ends(staffs_drawing()) == {"Left"}


def test_every_kind_of_state_is_drawn_and_has_a_screen():
    assert {type(state) for state in STATES} == set(v.State.__args__)
    assert {type(state) for state in STAFF_STATES} | {staff.Left} == set(staff.State.__args__)
    for state in [*STATES, *(v.Staff(at) for at in STAFF_STATES)]:
        assert screen_for(state).qml.exists()


@pytest.mark.parametrize("drawing", [visits_drawing, staffs_drawing])
def test_the_readme_shows_the_flow_as_it_is(drawing):
    assert f"```mermaid\n{drawing()}```" in README.read_text("utf-8")


def test_whatever_happens_wherever_is_a_step():
    for state in STATES:
        for event in [*EVENTS, *STAFF_EVENTS]:
            next_step(state, event)


@given(
    st.sets(st.sampled_from((1, 2, 6, 7)), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.sampled_from(["no", "nobody", "other"]), st.sampled_from([4.0, 50.0])),
        min_size=60,
        max_size=60,
    ),
)
def test_from_the_first_finger_on_everybody_comes_to_the_counter_in_time(fingers, answers):
    enrolled = tuple(sorted(fingers)) * 2
    story = Story().tell(e.DocumentIn(CARD), e.CaseFound(visit(enrolled)), e.FaceAccepted())
    used_s, tries = 0.0, []
    for answer, seconds in answers:
        if not isinstance(story.state, v.CheckingFinger):
            break
        assert used_s < FINGER_WORK_S
        position = story.state.asked.position
        assert position in fingers
        if answer == "other":
            story.tell(e.OtherFingerChosen())
            continue
        used_s += seconds
        tries.append(position)
        story.tell(e.FingerNotMatched("" if answer == "no" else answer, used_s=used_s))
    assert all(tries.count(position) <= 3 for position in tries)
    if len(tries) == 3 * len(fingers) or used_s >= FINGER_WORK_S:
        assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED
