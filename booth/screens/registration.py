"""What an officer meets while a case is registered."""

from collections.abc import Callable

from booth.case_book import Todo, corrected, todo
from booth.duties import fingers, second_officer, taking
from booth.duties import registration as duty
from booth.duties.queueing import QueueState
from booth.duties.registration import (
    AtCase,
    ChoiceAsked,
    Choosing,
    Closing,
    CorrectAsked,
    Correcting,
    ExcuseFingersAsked,
    Finished,
    HolderConfirmed,
    IdentifyAsked,
    Identifying,
    KeepingPortrait,
    NextAsked,
    ParticularsCorrected,
    PhotographApproved,
    PhotographAsked,
    Photographing,
    PreviewAsked,
    Previewing,
    Printing,
    Recording,
    RetakeAsked,
    SecondOfficerAsked,
    SetAsideAsked,
    Shot,
    ShotAsked,
    ShotChosen,
    ShotsDiscarded,
    SubmitAsked,
    Submitting,
    TakeFingersAsked,
    TakingShot,
    TwinAsked,
)
from booth.duties.second_officer import AskingSecondOfficer
from booth.duties.shared import BackAsked, Note, TryAgainAsked
from booth.screens import HERE, evidence, samples
from booth.screens import queueing as queue_screens
from booth.screens import taking as taking_screens
from booth.screens.values import (
    card_face,
    done_marks,
    form,
    hand_off_key,
    known_codes,
    label_key,
    lateness_key,
    noted,
    particulars,
    picture,
    reason,
    shots_shown,
    value_key,
)
from booth.screens.working import working
from common.ui.screen import Screen, Value
from common.wire.facts import new_id
from common.wire.shapes import CaseView

CHOICES = {
    "sex": ("M", "F"),
    "marital_status": ("single", "married", "divorced", "widowed"),
}


def screen_for(state: duty.State, place: str) -> Screen:
    """Return what the window shows in a state of the duty."""
    if isinstance(state, QueueState):
        return queue_screens.screen_for(state, place)
    match state:
        case AtCase(case, note):
            return _case(case, note)
        case Correcting(case, field):
            return _correct(case, field)
        case Identifying(case):
            return _reasoned("identify_holder", case, HolderConfirmed)
        case fingers.ExceptingFingers() | fingers.PhotographingHand() | fingers.TakingHand():
            return evidence.screen_for(state)
        case (
            taking.ChoosingFinger()
            | taking.TakingFinger()
            | taking.FingerTrouble()
            | taking.KeepingFinger()
        ):
            return taking_screens.screen_for(state)
        case AskingSecondOfficer():
            return evidence.second_officer(state)
        case second_officer.Confirming():
            return working("booth-busy-confirming", "lock")
        case Recording() | KeepingPortrait():
            return working("booth-busy-recording", "form")
        case Photographing(_, shots, note):
            return _photograph(shots, note, busy=False)
        case TakingShot(_, shots):
            return _photograph(shots, None, busy=True)
        case Choosing(_, shots, note):
            return Screen(
                HERE / "choose_photograph.qml",
                {"shots": shots_shown(shots), **noted(note)},
                {"choose": lambda value: ShotChosen(int(value)), "back": lambda _: BackAsked()},
            )
        case Previewing(case, _, note):
            return Screen(
                HERE / "preview_card.qml",
                {"face": card_face(case), **noted(note)},
                {"submit": lambda _: SubmitAsked(), "back": lambda _: BackAsked()},
            )
        case Submitting():
            return working("booth-busy-submitting", "letter")
        case Printing():
            return working("booth-busy-printing", "printer")
        case Finished(_, receipt, note):
            return Screen(
                HERE / "submitted.qml",
                {
                    "receipt": receipt.receipt_number,
                    "ready_on": receipt.ready_on.isoformat(),
                    **noted(note),
                },
                {"again": lambda _: TryAgainAsked(), "next": lambda _: NextAsked()},
            )
        case Closing():
            return working("booth-busy-closing")


def _case(case: CaseView, note: Note | None) -> Screen:
    missing = todo(case)
    return Screen(
        HERE / "registration_case.qml",
        {
            "tag": case.tag.number if case.tag else "",
            "number": case.identity_number,
            "hand_off_key": hand_off_key(case),
            "form": particulars(case),
            "done": done_marks(case),
            "portrait": picture(case.portrait),
            "needs_approval": Todo.PHOTOGRAPH in missing and case.portrait is not None,
            "signature": picture(case.signature, "png"),
            "lateness_key": lateness_key(case),
            "needs_identity": Todo.IDENTIFY in missing,
            "needs_fingers": Todo.FINGERS in missing,
            "needs_second": Todo.SECOND_OFFICER in missing,
            "twin": case.twin,
            "excepted": evidence.excepted_lines(case.exceptions),
            **evidence.attempts_shown(case),
            "next": str(missing[0]) if missing else "",
            **noted(note),
        },
        {
            "correct": CorrectAsked,
            "identify": lambda _: IdentifyAsked(),
            "excuse_fingers": lambda _: ExcuseFingersAsked(),
            "take_fingers": lambda _: TakeFingersAsked(),
            "second_officer": lambda _: SecondOfficerAsked(),
            "twin": lambda _: TwinAsked(),
            "photograph": lambda _: PhotographAsked(),
            "approve_photograph": lambda _: PhotographApproved(),
            # One key for all tries to submit what is shown now.
            "preview": lambda _: PreviewAsked(new_id()),
            "set_aside": lambda _: SetAsideAsked(),
        },
    )


HINTS = {"date_of_birth": "booth-hint-date", "chinese_codes": "booth-hint-codes"}


def _correct(case: CaseView, field: str) -> Screen:
    options: list[Value] = [
        {"value": value, "text_key": value_key(field, value)} for value in CHOICES.get(field, ())
    ]

    def save(value: str) -> ParticularsCorrected:
        said = form(value)
        changed = corrected(case.particulars, field, said["value"])
        return ParticularsCorrected(changed, reason(said["reason"]))

    present = case.particulars.model_dump(mode="json")[field]
    return Screen(
        HERE / "correct_field.qml",
        {
            "label_key": label_key(field),
            "value": present or "",
            "options": options,
            "hint_key": HINTS.get(field, ""),
            "known": known_codes(case) if field == "chinese_codes" else "",
        },
        {"save": save, "back": lambda _: BackAsked()},
    )


def _reasoned(name: str, case: CaseView, make: Callable[[str], object]) -> Screen:
    key = f"booth-{name.replace('_', '-')}"
    return Screen(
        HERE / f"{name}.qml",
        {
            "title_key": f"{key}-title",
            "detail_key": f"{key}-detail",
            "reason_key": f"{key}-reason",
            "confirm_key": f"{key}-confirm",
            "form": particulars(case),
            "done": done_marks(case),
            "portrait": picture(case.portrait),
        },
        {"confirm": lambda typed: make(reason(typed)), "back": lambda _: BackAsked()},
    )


def _photograph(shots: tuple[Shot, ...], note: Note | None, *, busy: bool) -> Screen:
    return Screen(
        HERE / "take_photograph.qml",
        {
            "shots": shots_shown(shots),
            "can_choose": len(shots) >= duty.FEWEST_SHOTS and not busy,
            "can_take": len(shots) < duty.MOST_SHOTS and not busy,
            "busy": busy,
            "keeps": True,
            **noted(note),
        },
        {
            "take": lambda _: ShotAsked(),
            "retake": lambda value: RetakeAsked(int(value)),
            "discard": lambda _: ShotsDiscarded(),
            "show_choice": lambda _: ChoiceAsked(),
            "again": lambda _: TryAgainAsked(),
            "back": lambda _: BackAsked(),
        },
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    case, handed, key = samples.CASE, samples.handed_off(), samples.CASE_ID
    shots = (Shot(samples.portrait()), Shot(samples.portrait(), samples.BROKEN))
    states: dict[str, duty.State] = {
        "case": AtCase(case),
        "case-handed-off": AtCase(handed, Note.NOT_COMPLETE),
        "correct": Correcting(case, "telephone"),
        "correct-choice": Correcting(case, "marital_status"),
        "correct-codes": Correcting(case, "chinese_codes"),
        "case-from-kiosk": AtCase(samples.from_kiosk()),
        "identify": Identifying(handed),
        "case-tried": AtCase(samples.excepted()),
        "photograph": Photographing(case),
        "photograph-advice": Photographing(case, shots, Note.NO_FACE),
        "photograph-choose": Choosing(case, shots),
        "photograph-choose-of-six": Choosing(case, 3 * shots),
        "preview": Previewing(samples.photographed(), key),
        "preview-not-sent": Previewing(samples.photographed(), key, Note.NOT_SENT),
        "finished": Finished(samples.submitted(), samples.RECEIPT),
        "finished-no-paper": Finished(samples.submitted(), samples.RECEIPT, Note.DEVICE_ABSENT),
    }
    return {name: screen_for(state, "B1") for name, state in states.items()}
