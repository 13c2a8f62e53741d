"""What an officer meets while fingers are taken at the booth."""

from booth.duties.shared import BackAsked, Note
from booth.duties.taking import (
    ChoosingFinger,
    EnoughAsked,
    FingerChosen,
    FingerKept,
    FingerTrouble,
    KeepingFinger,
    State,
    TakingFinger,
)
from booth.screens import HERE, samples
from booth.screens.evidence import finger_key
from booth.screens.values import noted, reason
from booth.screens.working import AGAIN, BACK, instruction
from common.domain.biometrics import ALL_FINGERS
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import CAPTURES, Capture, FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.ui.screen import Screen, Value


def screen_for(state: State) -> Screen:
    """Return what the window shows while fingers are taken."""
    match state:
        case ChoosingFinger():
            return _choose(state)
        case TakingFinger():
            return _take(state)
        case FingerTrouble(_, _, note):
            return instruction("finger_trouble", "finger", BACK, AGAIN, note=note)
        case KeepingFinger():
            return _keep(state)


def _choose(state: ChoosingFinger) -> Screen:
    best: dict[int, int] = {}
    for finger in state.case.fingers:
        best[finger.position] = max(finger.quality, best.get(finger.position, 0))
    shown: list[Value] = [
        {
            "position": position,
            "finger_key": finger_key(position),
            "quality": best.get(position, -1),
        }
        for position in sorted(ALL_FINGERS)
    ]
    return Screen(
        HERE / "choose_finger.qml",
        {"fingers": shown, **noted(state.note)},
        {"finger": lambda value: FingerChosen(int(value)), "back": lambda _: BackAsked()},
    )


def _take(state: TakingFinger) -> Screen:
    advice = "nobody" if state.nobody else state.advice.value if state.advice else ""
    told = "" if advice == FingerAdvice.GOOD.value else advice.replace("_", "-")
    return Screen(
        HERE / "take_finger.qml",
        {
            "position": state.enrolment.position,
            "finger_key": finger_key(state.enrolment.position),
            "number": min(state.enrolment.number, CAPTURES),
            "captures": CAPTURES,
            "qualities": [one.quality for one in state.enrolment.captures],
            "advice_key": f"booth-tried-{told}" if told else "",
            "keeps": True,
        },
        {"enough": lambda _: EnoughAsked(), "back": lambda _: BackAsked()},
    )


def _keep(state: KeepingFinger) -> Screen:
    needs = state.enrolment.needs_override
    return Screen(
        HERE / "keep_finger.qml",
        {
            "position": state.enrolment.position,
            "finger_key": finger_key(state.enrolment.position),
            "qualities": [one.template.quality for one in state.enrolment.kept],
            "override": needs,
        },
        {
            "keep": lambda typed: FingerKept(reason(typed) if needs else ""),
            "back": lambda _: BackAsked(),
        },
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    case = samples.CASE
    good = Capture(FingerTemplate((), 256, 288, 62))
    again = Capture(FingerTemplate((), 256, 288, 24), (9.0,))
    poor = FingerEnrolment(2, (again, again)).ended()
    states: dict[str, State] = {
        "choose": ChoosingFinger(case),
        "choose-poor": ChoosingFinger(case, Note.FINGER_TOO_POOR),
        "take": TakingFinger(case, FingerEnrolment(2)),
        "take-dry": TakingFinger(case, FingerEnrolment(7, (good, again)), FingerAdvice.TOO_DRY),
        "no-scanner": FingerTrouble(case, FingerEnrolment(2), Note.NO_SCANNER),
        "keep": KeepingFinger(case, FingerEnrolment(2, (good,))),
        "keep-override": KeepingFinger(case, poor),
    }
    return {name: screen_for(state) for name, state in states.items()}
