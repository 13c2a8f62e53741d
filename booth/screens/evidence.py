"""What an officer meets where a finger is not given, and where a second officer confirms."""

from booth.duties.fingers import (
    ExceptingFingers,
    FingerMarked,
    FingersExcused,
    HandAsked,
    HandShotAsked,
    PhotographingHand,
    State,
    TakingHand,
    ThumbsMarked,
    WhyChosen,
)
from booth.duties.second_officer import AskingSecondOfficer, SecondOfficerGiven
from booth.duties.shared import BackAsked, Note, TryAgainAsked
from booth.screens import HERE, proxy, samples
from booth.screens.values import form, noted, picture, reason
from common.domain.biometrics import (
    ALL_FINGERS,
    FingerException,
    Hand,
    hand_of,
    hands_to_photograph,
)
from common.ui.screen import Screen, Value
from common.wire.evidence import Attempts, ExceptedFinger, Exceptions
from common.wire.shapes import CaseView


def finger_key(position: int) -> str:
    """The text that names a finger."""
    return f"common-finger-{position}"


def why_key(why: FingerException) -> str:
    """The text of an exception."""
    return f"booth-exception-{why.replace('_', '-')}"


def attempt_lines(case: CaseView) -> list[Value]:
    """What a kiosk tried, finger by finger, so that nobody repeats it."""
    attempts = case.attempts or Attempts()
    return [
        {
            "finger_key": finger_key(tried.position),
            "tries": tried.tries,
            "quality": tried.best_quality,
            "matched": tried.matched,
            "excepted": tried.excepted,
            "advice_keys": [
                f"booth-tried-{why.replace('_', '-')}" for why in _causes(tried.advice)
            ],
        }
        for tried in attempts.fingers
    ]


def _causes(advice: tuple[str, ...]) -> list[str]:
    """Each cause once; a good impression that did not match is no cause of its own."""
    return [why for why in dict.fromkeys(advice) if why != "good"]


def attempts_shown(case: CaseView) -> dict[str, Value]:
    """All of that, with the face and with what the person said."""
    attempts = case.attempts
    face = attempts.face if attempts else ""
    return {
        "tried": attempt_lines(case),
        "face_key": f"booth-tried-face-{face.replace('_', '-')}" if face else "",
        "declined": bool(attempts and attempts.declined),
    }


def excepted_lines(exceptions: Exceptions | None) -> list[Value]:
    """The fingers that are not given, and why."""
    fingers = exceptions.fingers if exceptions else ()
    return [
        {"finger_key": finger_key(one.position), "why_key": why_key(one.why)} for one in fingers
    ]


def screen_for(state: State) -> Screen:
    """Return what the window shows while exceptions are recorded."""
    match state:
        case ExceptingFingers():
            return _except_fingers(state)
        case PhotographingHand(_, hand, note):
            return _photograph_hand(hand, note, busy=False)
        case TakingHand(_, hand):
            return _photograph_hand(hand, None, busy=True)


def _except_fingers(state: ExceptingFingers) -> Screen:
    marks = {finger.position: finger.why for finger in state.draft.fingers}
    enrolled = {finger.position for finger in state.case.fingers}
    shown: list[Value] = [
        {
            "position": position,
            "finger_key": finger_key(position),
            "state_key": why_key(marks[position])
            if position in marks
            else ("booth-finger-enrolled" if position in enrolled else ""),
            "left": hand_of(position) is Hand.LEFT,
        }
        for position in sorted(ALL_FINGERS)
    ]
    whys: list[Value] = [{"value": why.value, "text_key": why_key(why)} for why in FingerException]
    return Screen(
        HERE / "except_fingers.qml",
        {
            "fingers": shown,
            "whys": whys,
            "why": state.why.value,
            "photographs": _photographs(state.draft),
            "reason": state.draft.reason,
            "parent": state.draft.parent,
            **noted(state.note),
        },
        {
            "why": lambda value: WhyChosen(FingerException(value)),
            "mark": lambda value: FingerMarked(int(value)),
            "thumbs": lambda _: ThumbsMarked(),
            "hand": lambda value: HandAsked(Hand(value)),
            "confirm": _excused,
            "back": lambda _: BackAsked(),
        },
    )


def _excused(value: str) -> FingersExcused:
    said = form(value)
    return FingersExcused(reason(said["reason"]), said["parent"].strip()[:200])


def _photographs(exceptions: Exceptions) -> list[Value]:
    """The hands that need a photograph or have one, right before left."""
    taken = {one.hand: one.picture for one in exceptions.photographs}
    needed = hands_to_photograph([(one.position, one.why) for one in exceptions.fingers])
    return [
        {
            "hand": hand.value,
            "text_key": f"booth-hand-{hand}",
            "take_key": f"booth-hand-{hand}-photograph",
            "picture": picture(taken.get(hand)),
        }
        for hand in Hand
        if hand in needed or hand in taken
    ]


def _photograph_hand(hand: Hand, note: Note | None, *, busy: bool) -> Screen:
    return Screen(
        HERE / "photograph_hand.qml",
        {"title_key": f"booth-hand-{hand}-photograph", "busy": busy, "keeps": True, **noted(note)},
        {
            "take": lambda _: HandShotAsked(),
            "again": lambda _: TryAgainAsked(),
            "back": lambda _: BackAsked(),
        },
    )


def second_officer(state: AskingSecondOfficer) -> Screen:
    """Return the record as the second officer reads and signs it."""
    case = state.case
    return Screen(
        HERE / "second_officer.qml",
        {
            "title_key": f"booth-second-{_matter(state)}-title",
            "number": case.identity_number,
            "lines": _record(state),
            "reason": _words(state),
            "parent": case.exceptions.parent if case.exceptions else "",
            "photographs": _pictures(state),
            **noted(state.note),
        },
        {"confirm": _given, "back": lambda _: BackAsked()},
    )


def _matter(state: AskingSecondOfficer) -> str:
    came = state.case.recipient
    is_proxy = came is not None and came.proof is not None and came.proof.proxy is not None
    return "proxy" if state.of == "recipient" and is_proxy else state.of


def _record(state: AskingSecondOfficer) -> list[Value]:
    case = state.case
    if state.of == "exceptions":
        return excepted_lines(case.exceptions)
    proof = case.recipient.proof if case.recipient else None
    if proof is not None and proof.proxy is not None:
        return proxy.lines(proof.proxy)
    documents = proof.documents if proof else ()
    return [
        {"finger_key": f"booth-document-{one.replace('_', '-')}", "why_key": "booth-document-seen"}
        for one in documents
    ]


def _words(state: AskingSecondOfficer) -> str:
    case = state.case
    if state.of == "exceptions":
        return case.exceptions.reason if case.exceptions else ""
    proof = case.recipient.proof if case.recipient else None
    return proof.note if proof else ""


def _pictures(state: AskingSecondOfficer) -> list[Value]:
    case = state.case
    if state.of == "exceptions":
        return _photographs(case.exceptions or Exceptions())
    shown: list[Value] = [{"text_key": "booth-portrait", "picture": picture(case.portrait)}]
    if case.signature:
        signed = picture(case.signature, "png")
        shown.append({"text_key": "booth-proxy-specimen", "picture": signed})
    return shown


def _given(value: str) -> SecondOfficerGiven:
    said = form(value)
    if not said["officer"].strip() or not said["password"]:
        raise ValueError("officer and password are both needed")
    return SecondOfficerGiven(said["officer"].strip(), said["password"])


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    case, taken = samples.excepted(), samples.excepted().exceptions or Exceptions()
    worn = Exceptions(
        fingers=(
            ExceptedFinger(position=1, why=FingerException.WORN),
            ExceptedFinger(position=6, why=FingerException.REFUSED),
        )
    )
    begun = ExceptingFingers(case.model_copy(update={"exceptions": None}), Exceptions())
    marked = ExceptingFingers(case, worn, FingerException.WORN, Note.HAND_NOT_PHOTOGRAPHED)
    states: dict[str, State] = {
        "begin": begun,
        "marked": marked,
        "ready": ExceptingFingers(case, taken),
        "hand": PhotographingHand(begun, Hand.RIGHT),
        "hand-no-picture": PhotographingHand(begun, Hand.LEFT, Note.NO_PICTURE),
        "hand-taking": TakingHand(begun, Hand.LEFT),
    }
    shown = {name: screen_for(state) for name, state in states.items()}
    shown["second"] = second_officer(AskingSecondOfficer(case, "exceptions"))
    same = AskingSecondOfficer(case, "exceptions", Note.SAME_OFFICER)
    shown["second-same"] = second_officer(same)
    return shown
