"""Stories of the collection kiosk, told without devices, network or screen."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.case import CaseState, OldDocument
from common.domain.finger_ladder import FACE_TRIES, FINGER_WORK_S, AskFinger, FingerLadder
from common.domain.queue import HandOffReason
from common.flow.draw import dead_ends, draw
from common.flow.machine import Stay, Visit
from kiosk_collection import visit as v
from kiosk_collection.flow import next_step
from kiosk_collection.outcome import Fate, Outcome
from kiosk_collection.screens.choice import screen_for
from kiosk_collection.screens.samples import NEW_CARD, OFFICER, case, visit
from kiosk_collection.staff import flow as staff_flow
from kiosk_collection.staff import words as staff

README = Path(__file__).parents[2] / "kiosk_collection" / "README.md"
CARD, FORM = OldDocument.OLD_CARD, OldDocument.ACKNOWLEDGEMENT
VISIT = visit()
CASE_ID = VISIT.case.case_id
ISSUED = Outcome(Fate.ISSUED, CASE_ID)
LADDER = FingerLadder.over((1, 6), face_may_do=False).face_seen(accepted=True)
UNKNOWN = Outcome(Fate.UNKNOWN, CASE_ID, HandOffReason.EQUIPMENT_FAILED, is_open=True)
TO_FINGER = (v.DocumentIn(CARD), v.CaseFound(VISIT), v.FaceAccepted())
TO_CARD = (*TO_FINGER, v.FingerMatched(20.0), v.NewCardReady(NEW_CARD))


def back(reason, recorded=True, is_open=False):
    return Outcome(Fate.BACK, CASE_ID, reason, is_open, recorded)


class Story:
    def __init__(self, start: v.State | None = None) -> None:
        self.tasks: list[Any] = []
        self.stays: list[Stay] = []
        self.visit: Visit[v.State, v.Event, v.Task] = Visit(
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
    story = Story(v.StartingUp()).tell(v.SwitchedOn(), v.Settled())
    assert story.tasks == [v.Forget(), v.Settle(), v.Accept(CARD), v.Accept(FORM)]
    story.tell(*TO_FINGER)
    assert story.tasks == [v.Read(CARD), v.CheckFace(VISIT), v.CheckFinger(VISIT, 1, True)]
    story.tell(v.FingerMatched(20.0, 60, 4.0))
    recorded, fetched = story.tasks
    assert (recorded.case_id, recorded.position, recorded.score) == (CASE_ID, 1, 20.0)
    assert (recorded.attempts.face, recorded.attempts.fingers[0].tries) == ("accepted", 1)
    assert fetched == v.FetchCard(VISIT, 1)
    story.tell(v.NewCardReady(NEW_CARD), v.SaidRight(), v.CardPresented())
    assert story.tasks == [v.PresentCard(), v.AwaitNewCardTaken()]
    assert story.tell(v.ReleaseEnded(ISSUED)).state == v.Collected()
    assert story.tell(v.Finished()).state == v.StartingUp()
    assert story.tasks == [v.Forget(), v.Settle()]


def test_three_tries_then_the_other_finger_then_the_counter_with_what_was_tried():
    story = Story().tell(*TO_FINGER)
    story.tell(v.FingerNotMatched("too_dry", 20, 1.5, 5.0), v.FingerNotMatched())
    assert (story.state.asked, story.state.advice) == (AskFinger(1, 3), "too_dry")
    story.tell(v.FingerNotMatched())
    assert (story.state.asked, story.state.advice) == (AskFinger(6, 1), "")
    assert story.tasks == [v.CheckFinger(VISIT, 6)]
    story.tell(*[v.FingerNotMatched("nobody")] * 3)
    task = story.tasks[-1]
    assert (task.case_id, task.reason) == (CASE_ID, HandOffReason.FINGER_NOT_MATCHED)
    right, left = task.attempts.fingers
    assert (right.tries, right.best_quality, right.best_score) == (3, 20, 1.5)
    assert (left.tries, left.advice) == (3, ("nobody",) * 3)
    assert task.attempts.face == "accepted"
    story.tell(v.HandedOver("E004", slip=True))
    assert story.tasks == [v.GiveDocumentBack()]
    story.tell(v.DocumentOffered(CARD), v.DocumentTaken(), v.NoDocumentHeld())
    reason = HandOffReason.FINGER_NOT_MATCHED
    assert story.state == v.Ended(v.Ending(v.EndKind.COUNTER, reason, "E004", slip=True))


def test_choosing_another_finger_gives_no_new_tries():
    story = Story().tell(*TO_FINGER, v.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 1)
    story.tell(v.FingerNotMatched(), v.FingerNotMatched(), v.OtherFingerChosen())
    assert story.state.asked == AskFinger(1, 1)
    story.tell(v.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 3)
    story.tell(v.FingerNotMatched())
    assert story.state.asked == AskFinger(1, 1)
    story.tell(*[v.FingerNotMatched()] * 3)
    assert isinstance(story.state, v.HandingOff)


def test_the_impressions_of_a_finger_are_one_finger():
    twice = v.CaseFound(visit((1, 1, 6, 6)))
    story = Story().tell(v.DocumentIn(CARD), twice, v.FaceAccepted(), v.OtherFingerChosen())
    assert story.state.asked == AskFinger(6, 1)


def test_after_ninety_seconds_no_finger_is_asked_for():
    story = Story().tell(*TO_FINGER, v.FingerNotMatched("nobody", used_s=FINGER_WORK_S))
    assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED


def test_who_gives_no_fingers_shows_the_face_first_and_then_meets_an_officer():
    story = Story().tell(*TO_FINGER[:2], v.CannotGiveFingers())
    assert story.state == v.CheckingFace(VISIT, gives_no_fingers=True)
    story.tell(v.FaceNotAccepted("no_face"), v.FaceAccepted())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS
    assert (story.state.attempts.face, story.state.attempts.declined) == ("accepted", True)


def test_a_twin_needs_the_finger_as_everybody_does():
    twin = v.Visit(CARD, VISIT.case.model_copy(update={"twin": True}), v.Place.HERE)
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(twin), v.FaceAccepted())
    story.tell(*[v.FingerNotMatched()] * 6)
    assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED


def test_three_faces_that_are_not_accepted():
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(VISIT))
    story.tell(v.FaceNotAccepted("no_face"), v.FaceNotAccepted("unlike"))
    assert story.state == v.CheckingFace(VISIT, 3, "unlike")
    story.tell(v.FaceNotAccepted("unlike"))
    assert story.state.reason is HandOffReason.FACE_NOT_MATCHED
    assert story.state.attempts.face == "unlike"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (v.AskedForStaff(), HandOffReason.ASKED_FOR_STAFF),
        (v.EquipmentFailed(), HandOffReason.EQUIPMENT_FAILED),
    ],
)
@pytest.mark.parametrize("steps", [2, 3])
def test_leaving_the_checks_for_an_officer(event, reason, steps):
    story = Story().tell(*TO_FINGER[:steps], event)
    assert (story.state.case_id, story.state.reason) == (CASE_ID, reason)
    assert story.state.attempts.face == ("accepted" if steps == 3 else "")


def test_without_fingerprints_an_officer_is_the_second_proof():
    story = Story().tell(*TO_FINGER, v.CannotGiveFingers())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS


def test_a_case_without_fingers_goes_to_an_officer_after_the_face():
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(visit(())), v.FaceAccepted())
    assert story.state.reason is HandOffReason.NO_FINGERPRINTS
    assert story.state.attempts.face == "accepted"


def test_a_card_in_the_cabinet_is_handed_over_with_the_identification():
    there = visit(place=v.Place.COUNTER)
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(there), v.FaceAccepted())
    story.tell(v.FingerMatched(9.0))
    assert isinstance(story.tasks[0], v.RecordIdentified)
    assert story.tasks[1:] == [
        v.Forget(),
        v.HandOff(CASE_ID, HandOffReason.CARD_AT_COUNTER, recorded=False),
    ]


@pytest.mark.parametrize(
    "state", [CaseState.SUBMITTED, CaseState.APPROVED, CaseState.IN_PRODUCTION]
)
def test_a_card_that_is_not_ready(state):
    found = v.Visit(CARD, case(state), v.Place.COUNTER)
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(found))
    ending = v.Ending(v.EndKind.NOT_READY, ready_on=found.case.ready_on)
    assert story.state == v.ReturningDocument(ending)
    assert story.tasks == [v.Read(CARD), v.GiveDocumentBack()]


@pytest.mark.parametrize("state", [CaseState.COLLECTED, CaseState.REFUSED])
def test_the_counter_explains_a_case_that_is_over(state):
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(v.Visit(CARD, case(state), v.Place.HERE)))
    assert story.state == v.HandingOff(CASE_ID, HandOffReason.ASKED_FOR_STAFF)


def test_the_other_document_is_asked_for():
    story = Story().tell(v.DocumentIn(FORM), v.CaseFound(replace(VISIT, document=FORM)))
    assert story.state.ending == v.Ending(v.EndKind.WRONG_DOCUMENT, expects=CARD)


def test_a_card_at_another_office():
    found = visit(place=v.Place.OTHER_OFFICE)
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(found))
    assert story.state.ending.kind is v.EndKind.OTHER_OFFICE


@pytest.mark.parametrize(
    "kind", [v.EndKind.UNREADABLE, v.EndKind.UNKNOWN_CASE, v.EndKind.NO_CONNECTION]
)
def test_a_document_that_leads_nowhere_comes_back(kind):
    story = Story().tell(v.DocumentIn(FORM), v.DocumentUseless(kind))
    assert story.tasks[-1] == v.GiveDocumentBack()
    story.tell(v.DocumentOffered(FORM), v.DocumentTaken(), v.NoDocumentHeld())
    assert story.state == v.Ended(v.Ending(kind))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (v.SaidWrong(), HandOffReason.PARTICULARS_WRONG),
        (v.AskedForStaff(), HandOffReason.ASKED_FOR_STAFF),
        (v.PersonLeft(), HandOffReason.NOT_TAKEN),
        (v.EquipmentFailed(), HandOffReason.EQUIPMENT_FAILED),
    ],
)
def test_a_card_that_is_not_wanted_is_put_away(event, reason):
    story = Story().tell(*TO_CARD, event)
    assert story.tasks[-1] == v.PutAway(CASE_ID, reason)
    story.tell(v.ReleaseEnded(back(reason)))
    assert story.tasks[-1] == v.HandOff(CASE_ID, reason, recorded=True)


def test_a_faulty_card_is_told_and_the_document_comes_back():
    story = Story().tell(*TO_FINGER, v.FingerMatched())
    story.tell(v.ReleaseEnded(back(HandOffReason.NEW_CARD_FAULTY)), v.HandedOver())
    assert story.state.ending.reason is HandOffReason.NEW_CARD_FAULTY
    assert story.tasks[-1] == v.GiveDocumentBack()


def test_a_card_not_taken_hands_over():
    story = Story().tell(*TO_CARD, v.SaidRight(), v.CardPresented())
    story.tell(v.ReleaseEnded(back(HandOffReason.NOT_TAKEN)))
    assert story.state == v.HandingOff(CASE_ID, HandOffReason.NOT_TAKEN, recorded=True)


def test_while_the_new_card_may_be_out_the_document_stays():
    story = Story().tell(*TO_CARD, v.SaidRight(), v.CardPresented(), v.ReleaseEnded(UNKNOWN))
    story.tell(v.HandedOver("E004"))
    assert story.state.ending.document_stays
    assert v.GiveDocumentBack() not in story.tasks
    story.tell(v.Finished(), v.Settled(UNKNOWN, held=True, cause=v.Cause.STUCK))
    assert story.state == v.OutOfService(v.Cause.STUCK)


@pytest.mark.parametrize("steps", [2, 3])
def test_who_walks_away_from_the_checks_gets_the_document_held_out(steps):
    story = Story().tell(*TO_FINGER[:steps], v.PersonLeft())
    assert story.tasks[-1] == v.GiveDocumentBack()
    story.tell(v.DocumentOffered(CARD), v.DocumentNotTaken(), v.PersonLeft())
    assert story.state == v.TakeDocument(v.Ending(v.EndKind.LEFT), CARD, late=True)
    story.tell(v.DocumentNotTaken())
    assert story.tasks == [v.AwaitDocumentTaken(CARD)], "it is never swallowed"
    assert story.tell(v.DocumentTaken(), v.NoDocumentHeld()).state == v.StartingUp()


def test_two_documents_both_come_back():
    story = Story().tell(*TO_FINGER, v.PersonLeft(), v.DocumentOffered(CARD), v.DocumentTaken())
    assert story.tasks[-1] == v.GiveDocumentBack()
    story.tell(v.DocumentOffered(FORM))
    assert story.state.document is FORM


@pytest.mark.parametrize(
    "state", [v.FetchingCard(VISIT, 1), v.PresentingCard(VISIT), v.TakeNewCard(VISIT)]
)
def test_nobody_can_walk_away_from_a_card_in_motion(state):
    story = Story(state).tell(
        v.PersonLeft(), v.AskedForStaff(), v.Finished(), v.StaffLetIn(OFFICER)
    )
    assert story.state == state
    assert story.tasks == []


def test_after_a_power_cut_the_person_gets_slip_and_document():
    settled = v.Settled(back(HandOffReason.EQUIPMENT_FAILED), held=True)
    story = Story(v.StartingUp()).tell(v.SwitchedOn(), settled, v.HandedOver("E001", slip=True))
    assert story.tasks[2:] == [
        v.Forget(),
        v.HandOff(CASE_ID, HandOffReason.EQUIPMENT_FAILED, recorded=True),
        v.GiveDocumentBack(),
    ]


def test_after_a_power_cut_an_issued_card_needs_nothing_more():
    assert Story(v.StartingUp()).tell(v.Settled(ISSUED)).state == v.Welcome()


def test_a_document_found_inside_comes_back_without_a_word():
    story = Story(v.StartingUp()).tell(v.Settled(held=True))
    assert story.state == v.ReturningDocument(v.Ending(v.EndKind.LEFT))


def test_an_out_of_service_kiosk_looks_again_until_all_is_clear():
    story = Story(v.StartingUp()).tell(v.Settled(cause=v.Cause.DEVICES))
    assert story.tasks == [v.LookAgainLater()]
    story.tell(v.TimeToLookAgain(), v.Settled(cause=v.Cause.DEVICES))
    assert story.tasks == [v.Settle(), v.LookAgainLater()]
    assert story.tell(v.TimeToLookAgain(), v.Settled()).state == v.Welcome()


def test_a_mouth_that_fails_and_comes_back():
    story = Story().tell(v.WayMissing(FORM))
    assert story.state == v.Welcome(frozenset({FORM}))
    assert story.tell(v.WayMissing(FORM)).tasks == []
    assert story.tell(v.WayBack(FORM)).state == v.Welcome()


def test_a_late_answer_about_one_person_never_reaches_the_next():
    story = Story().tell(*TO_FINGER)
    asked = story.stays[-1]
    story.tell(v.PersonLeft(), v.DocumentOffered(CARD), v.DocumentTaken(), v.NoDocumentHeld())
    story.tell(v.Settled(), *TO_FINGER)
    story.visit.answered(v.FingerMatched(99.0), asked)
    assert story.state == v.CheckingFinger(VISIT, LADDER, AskFinger(1, 1))


@pytest.mark.parametrize(
    "state",
    [v.PuttingAway(VISIT, HandOffReason.NOT_TAKEN), v.ReturningDocument(v.Ending(v.EndKind.LEFT))],
)
def test_a_fault_never_leaves_a_state_without_way_out(state):
    assert Story(state).tell(v.EquipmentFailed()).state != state


# Staff

LOAD = staff.LoadCard(UUID(int=2), CASE_ID, "0011", 3, (1, 2))


def to_menu():
    return Story().tell(v.StaffLetIn(OFFICER), staff.Counted(staff.Stand()))


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
    story = to_menu().tell(staff.BinsEmptied(), staff.Counted(staff.Stand(stuck=True)))
    assert story.tell(staff.LoadChosen()).tasks == []
    story.tell(staff.TakenOutByHand())
    assert story.tasks == [staff.SettleByHand(OFFICER), staff.Count()]


def test_while_staff_work_no_visitor_is_served():
    story = to_menu().tell(v.DocumentIn(CARD), v.AskedForStaff(), v.Settled())
    assert isinstance(story.state, v.Staff)
    assert story.tasks == []


def test_who_is_not_let_in_does_nothing():
    story = Story().tell(staff.LoadChosen(), staff.BinsEmptied())
    assert story.state == v.Welcome()
    assert story.tasks == []


def test_an_officer_who_walks_away_is_signed_out():
    assert to_menu().tell(v.PersonLeft()).tasks == [staff.Leave(OFFICER)]


def test_nobodys_number_or_name_shows_in_a_log():
    assert "A123456" not in repr(v.CheckingFace(VISIT))
    assert "CHAN" not in repr(v.IsThisRight(VISIT, NEW_CARD))


# The drawings

STATES: list[v.State] = [
    v.StartingUp(),
    v.OutOfService(v.Cause.STUCK),
    v.Welcome(),
    v.ReadingDocument(CARD),
    v.CheckingFace(VISIT),
    v.CheckingFace(VISIT, FACE_TRIES),
    v.CheckingFinger(VISIT, LADDER, AskFinger(1, 1)),
    v.CheckingFinger(VISIT, LADDER.at(FINGER_WORK_S), AskFinger(1, 3)),
    v.FetchingCard(VISIT, 1),
    v.IsThisRight(VISIT, NEW_CARD),
    v.PresentingCard(VISIT),
    v.TakeNewCard(VISIT),
    v.PuttingAway(VISIT, HandOffReason.NOT_TAKEN),
    v.HandingOff(CASE_ID, HandOffReason.NOT_TAKEN),
    v.ReturningDocument(v.Ending(v.EndKind.COUNTER)),
    v.ReturningDocument(v.Ending(v.EndKind.LEFT)),
    v.TakeDocument(v.Ending(v.EndKind.LEFT), CARD),
    v.Ended(v.Ending(v.EndKind.COUNTER)),
    v.Collected(),
    v.Staff(staff.Menu(OFFICER)),
    v.Staff(staff.Leaving(OFFICER)),
]
EVENTS: list[v.Event] = [
    v.SwitchedOn(),
    v.Settled(),
    v.Settled(held=True),
    v.Settled(cause=v.Cause.DEVICES),
    v.Settled(back(HandOffReason.EQUIPMENT_FAILED), held=True),
    v.TimeToLookAgain(),
    v.WayMissing(CARD),
    v.DocumentIn(CARD),
    v.CaseFound(VISIT),
    v.CaseFound(v.Visit(CARD, case(CaseState.APPROVED), v.Place.HERE)),
    v.CaseFound(v.Visit(CARD, case(CaseState.COLLECTED), v.Place.HERE)),
    v.DocumentUseless(v.EndKind.UNREADABLE),
    v.FaceAccepted(),
    v.FaceNotAccepted("unlike"),
    v.FingerMatched(),
    v.FingerNotMatched(),
    v.OtherFingerChosen(),
    v.CannotGiveFingers(),
    v.AskedForStaff(),
    v.NewCardReady(NEW_CARD),
    v.SaidRight(),
    v.SaidWrong(),
    v.CardPresented(),
    v.ReleaseEnded(ISSUED),
    v.ReleaseEnded(back(HandOffReason.NOT_TAKEN)),
    v.HandedOver(),
    v.DocumentOffered(CARD),
    v.NoDocumentHeld(),
    v.DocumentTaken(),
    v.DocumentNotTaken(),
    v.Finished(),
    v.PersonLeft(),
    v.StaffLetIn(OFFICER),
    v.EquipmentFailed(),
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
    story = Story().tell(v.DocumentIn(CARD), v.CaseFound(visit(enrolled)), v.FaceAccepted())
    used_s, tries = 0.0, []
    for answer, seconds in answers:
        if not isinstance(story.state, v.CheckingFinger):
            break
        assert used_s < FINGER_WORK_S
        position = story.state.asked.position
        assert position in fingers
        if answer == "other":
            story.tell(v.OtherFingerChosen())
            continue
        used_s += seconds
        tries.append(position)
        story.tell(v.FingerNotMatched("" if answer == "no" else answer, used_s=used_s))
    assert all(tries.count(position) <= 3 for position in tries)
    if len(tries) == 3 * len(fingers) or used_s >= FINGER_WORK_S:
        assert story.state.reason is HandOffReason.FINGER_NOT_MATCHED
