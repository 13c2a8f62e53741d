"""The drawings in booth/README.md are what the flows do, and no state is a trap."""

from pathlib import Path
from typing import Any

import pytest

from booth import door
from booth.duties import (
    assessment,
    counter,
    fingers,
    officer_cards,
    oversight,
    production,
    registration,
    second_officer,
    shared,
    taking,
    watching,
)
from booth.duties import queueing as queue
from booth.duties.shared import Note
from booth.screens import samples
from common.domain.biometrics import FingerException, Hand
from common.domain.case import Decision
from common.domain.queue import Stage
from common.flow.draw import dead_ends, draw
from common.flow.machine import NextStep, Step
from common.matching.finger_enrolment import Capture, FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.wire.evidence import ExceptedFinger, Exceptions, HandPhotograph, OfficersProof
from common.wire.facts import FingersEnrolled, FingersExcepted, HolderIdentified
from common.wire.officer_cards import OfficerCardRow
from common.wire.shapes import Recipient

README = Path(__file__).parents[2] / "booth" / "README.md"
CASE, READY, HANDED = samples.photographed(), samples.ready(), samples.handed_off()
KEY, TAG, RECEIPT = samples.CASE_ID, samples.TAG, samples.RECEIPT
WHAT = HolderIdentified(by="officer")
REFUSED = ExceptedFinger(position=1, why=FingerException.REFUSED)
EXCEPTING = fingers.ExceptingFingers(CASE, Exceptions(fingers=(REFUSED,)))
UNCONFIRMED = READY.model_copy(update={"recipient": Recipient(by="officer")})
ENROLMENT = FingerEnrolment(1, (Capture(FingerTemplate((), 256, 288, 60)),))
SHOT = registration.Shot(b"one")
SHOTS = (SHOT, SHOT)
OFFICER_CARD = OfficerCardRow(key_id="a" * 64, officer_id="lam", roles=(), certificate=b"MAA=")
FACE = counter.CardFace("", "", "", "", "", b"")

QUEUE_STATES = [
    queue.Resuming(Stage.BOOTH),
    queue.Ready(Stage.BOOTH),
    queue.Calling(Stage.BOOTH),
    queue.Called(Stage.BOOTH, TAG),
    *(queue.TellingQueue(Stage.BOOTH, TAG, act) for act in queue.QueueAct),
]
QUEUE_EVENTS = [
    queue.NoCaseOpen(),
    queue.CallAsked(),
    queue.TagCalled(TAG),
    queue.NobodyWaits(),
    *(queue.QueueActAsked(act) for act in queue.QueueAct),
    queue.QueueTold(),
]
SHARED_EVENTS = [
    shared.HomeAsked(),
    shared.BackAsked(),
    shared.TryAgainAsked(),
    shared.Failed(Note.UNREACHABLE),
    shared.Recorded(),
]

FLOWS: dict[str, tuple[NextStep[Any, Any, Any], list[Any], list[Any]]] = {
    "door": (
        door.next_step,
        [
            door.SignedOut(),
            door.SigningIn(),
            door.In(samples.OFFICER),
            door.Locked(samples.OFFICER),
            door.Unlocking(samples.OFFICER),
        ],
        [
            door.SignInAsked("a", "b"),
            door.SignedIn(samples.OFFICER),
            door.SignInFailed(Note.WRONG_SIGN_IN),
            door.OfficerIdle(),
            door.UnlockAsked("b"),
            door.SignOutAsked(),
        ],
    ),
    "registration": (
        registration.next_step,
        [
            *QUEUE_STATES,
            registration.AtCase(HANDED.model_copy(update={"hand_off": None})),
            registration.AtCase(CASE),
            registration.Correcting(CASE, "telephone"),
            registration.Identifying(CASE),
            EXCEPTING,
            fingers.PhotographingHand(EXCEPTING, Hand.LEFT),
            fingers.TakingHand(EXCEPTING, Hand.LEFT),
            taking.ChoosingFinger(CASE),
            taking.TakingFinger(CASE, ENROLMENT),
            taking.FingerTrouble(CASE, ENROLMENT, Note.NO_SCANNER),
            taking.KeepingFinger(CASE, ENROLMENT),
            registration.Recording(CASE, FingersEnrolled(fingers=samples.FINGERS)),
            second_officer.AskingSecondOfficer(CASE, "exceptions"),
            second_officer.Confirming(CASE, "exceptions"),
            registration.Recording(CASE, WHAT),
            registration.Recording(CASE, FingersExcepted(exceptions=EXCEPTING.draft)),
            registration.AtCase(samples.excepted()),
            registration.Photographing(CASE, SHOTS),
            registration.TakingShot(CASE, SHOTS),
            registration.Choosing(CASE, SHOTS),
            registration.KeepingPortrait(CASE, SHOTS, 0),
            registration.Previewing(CASE, KEY),
            registration.Submitting(CASE, KEY),
            registration.Printing(CASE, RECEIPT),
            registration.Finished(CASE, RECEIPT),
            registration.Closing(CASE),
        ],
        [
            *QUEUE_EVENTS,
            *SHARED_EVENTS,
            shared.CaseOpened(CASE),
            registration.AlreadySubmitted(CASE, RECEIPT),
            registration.CorrectAsked("telephone"),
            registration.ParticularsCorrected(samples.FORM, "typing error"),
            registration.IdentifyAsked(),
            registration.HolderConfirmed("passport"),
            registration.ExcuseFingersAsked(),
            fingers.WhyChosen(FingerException.WORN),
            fingers.FingerMarked(1),
            fingers.ThumbsMarked(),
            fingers.HandAsked(Hand.LEFT),
            fingers.HandShotAsked(),
            fingers.HandTaken(HandPhotograph(hand=Hand.LEFT, picture=b"")),
            fingers.FingersExcused("bandage"),
            registration.TakeFingersAsked(),
            taking.FingerChosen(1),
            taking.FingerCaptured(None, None),
            taking.EnoughAsked(),
            taking.FingerKept(),
            registration.SecondOfficerAsked(),
            second_officer.SecondOfficerGiven("a", "b"),
            second_officer.SecondOfficerConfirmed(CASE),
            registration.TwinAsked(),
            registration.PhotographAsked(),
            registration.PhotographApproved(),
            registration.ShotAsked(),
            registration.RetakeAsked(0),
            registration.ShotTaken(SHOT),
            registration.ShotsDiscarded(),
            registration.ChoiceAsked(),
            registration.ShotChosen(1),
            registration.PortraitKept(WHAT),
            registration.PreviewAsked(KEY),
            registration.SubmitAsked(),
            registration.Submitted(RECEIPT),
            registration.PaperPrinted(),
            registration.NextAsked(),
            registration.SetAsideAsked(),
            registration.Closed(),
        ],
    ),
    "assessment": (
        assessment.next_step,
        [
            assessment.Listing(),
            assessment.Work(()),
            assessment.Opening(),
            assessment.Assessing(CASE),
            assessment.Deciding(CASE),
        ],
        [
            *SHARED_EVENTS,
            shared.WorkFetched(()),
            shared.RowChosen(KEY),
            shared.CaseOpened(CASE),
            assessment.DecisionMade(Decision.APPROVE, "", KEY),
            assessment.DecisionKept(Decision.APPROVE),
        ],
    ),
    "production": (
        production.next_step,
        [
            production.Settling(),
            production.NotSettled(Note.DEVICE_ABSENT),
            production.Listing(),
            production.Work(()),
            production.Opening(),
            production.Chosen(CASE, Note.CHANNEL_BLOCKED),
            production.GivingOut(CASE),
            production.Feeding(CASE),
            production.Personalising(CASE),
            production.Verifying(CASE),
            production.Binning(CASE, Note.CHIP_FAULTY),
            production.Faulty(CASE, Note.CHIP_FAULTY),
            production.AtGate(CASE, Note.CARD_NOT_TAKEN),
            production.ChoosingPlace(CASE),
            production.OpeningSlot(CASE),
            production.PutIntoSlot(CASE, 1),
            production.GivingUpSlot(CASE, 1),
            production.Stored(CASE, 1),
            production.AskingForCard(),
        ],
        [
            *SHARED_EVENTS,
            shared.Failed(Note.FEEDER_EMPTY),
            shared.WorkFetched(()),
            shared.RowChosen(KEY),
            shared.CaseOpened(samples.approved()),
            production.NothingToSettle(),
            production.FinishedCardFound(CASE),
            production.StoreAsked(),
            production.ProduceAsked(),
            production.GiveOutAsked(),
            production.BlankFed(),
            production.ChipWritten(),
            production.ChipVerified(),
            production.CardFaulty(Note.CHIP_FAULTY),
            production.CardBinned(),
            production.CardTaken(),
            production.CabinetChosen(),
            production.KioskChosen(),
            production.SlotOpened(1),
            production.CardPut(1),
            production.SlotGivenUp(),
            production.NextAsked(),
        ],
    ),
    "counter": (
        counter.next_step,
        [
            *QUEUE_STATES,
            counter.Finding(),
            counter.AtCase(READY, identified=False),
            counter.AtCase(READY, identified=True),
            counter.Identifying(READY),
            counter.CheckingProxy(READY),
            counter.Recording(READY, WHAT),
            second_officer.AskingSecondOfficer(READY, "recipient"),
            second_officer.Confirming(READY, "recipient"),
            counter.AtCase(UNCONFIRMED, identified=False),
            counter.Reserving(READY),
            counter.TakeFromSlot(READY, 1, Note.STILL_THERE),
            counter.CheckingCard(READY, 1),
            counter.CardTrouble(READY, 1, Note.CARD_OF_ANOTHER),
            counter.HandOver(READY, 1, FACE),
            counter.Issuing(READY, 1, FACE),
            counter.PuttingBack(READY, 1),
            counter.PutBackStuck(READY, 1, Note.NOT_PUT),
            counter.Binning(READY, 1),
            counter.Done(READY, issued=True),
            counter.Closing(READY),
        ],
        [
            *QUEUE_EVENTS,
            *SHARED_EVENTS,
            shared.CaseOpened(READY),
            counter.CardOut(READY, 1),
            counter.FindAsked("1234"),
            counter.IdentifyAsked(),
            counter.ProxyAsked(),
            counter.HolderProven(OfficersProof()),
            counter.HolderDenied(),
            registration.SecondOfficerAsked(),
            second_officer.SecondOfficerGiven("a", "b"),
            second_officer.SecondOfficerConfirmed(UNCONFIRMED),
            counter.FetchCardAsked(),
            counter.SlotOpened(1),
            counter.CardTakenOut(),
            counter.CardRead(FACE),
            counter.HandedOver(kept_here=True),
            counter.CardIssued(),
            counter.PutBackAsked(),
            counter.CardBack(),
            counter.FaultyAsked(),
            counter.CardBinned(),
            counter.NextAsked(),
            registration.Closed(),
        ],
    ),
    "oversight": (
        oversight.next_step,
        [oversight.Counting(), oversight.Overview(None)],
        [*SHARED_EVENTS, oversight.Counted(oversight.Counts(0, 0, 0, 0, 0))],
    ),
    "officer_cards": (
        officer_cards.next_step,
        [
            officer_cards.Clearing(),
            officer_cards.CardWaits(),
            officer_cards.Listing(),
            officer_cards.Cards((OFFICER_CARD,)),
            officer_cards.AskingRevoke(OFFICER_CARD),
            officer_cards.Revoking(),
            officer_cards.AwaitingCard(),
            officer_cards.Binding(3),
            officer_cards.Checking(3),
        ],
        [
            *SHARED_EVENTS,
            officer_cards.SlotEmpty(),
            officer_cards.CardAtGate(),
            officer_cards.CardsFetched((OFFICER_CARD,)),
            officer_cards.GiveAsked(),
            officer_cards.RevokeAsked(OFFICER_CARD.key_id),
            officer_cards.RevokeConfirmed(),
            officer_cards.CardRevoked(),
            officer_cards.CardSeen(3),
            officer_cards.BindAsked("a", "123456"),
            officer_cards.PinRefused(2),
            officer_cards.CardBound(),
        ],
    ),
    "watching": (
        watching.next_step,
        [watching.Asking(), watching.Telling()],
        [
            *SHARED_EVENTS,
            watching.WatchAsked("A123456(3)", is_watched=True),
            watching.Watched(is_watched=True),
        ],
    ),
}


def drawing(name: str) -> str:
    return draw(*FLOWS[name])


@pytest.mark.parametrize("name", FLOWS)
def test_the_drawing_is_current(name):
    assert drawing(name) in README.read_text("utf-8")


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_has_a_way_out(name):
    assert dead_ends(drawing(name)) <= {"Left"}


@pytest.mark.parametrize("name", FLOWS)
def test_an_unforeseen_fault_stops_no_state_that_waits_for_a_task(name):
    next_step, states, events = FLOWS[name]
    failed = door.SignInFailed if name == "door" else shared.Failed
    for state in states:
        ways = [e for e in events if next_step(state, e).state != state]
        by_hand = [
            event for event in ways if type(event).__name__.endswith(("Asked", "Chosen", "Over"))
        ]
        step = next_step(state, failed(Note.UNFORESEEN))
        assert isinstance(step, Step)
        assert by_hand or step.state != state, f"{type(state).__name__} can hang"
