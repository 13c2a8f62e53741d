"""The live picture with one hint at a time, the shutter, and the photographs taken so far."""

from base64 import b64encode

from common.domain.portrait import PortraitRule
from common.ui.screen import Screen, Value
from kiosk_registration.events import (
    AskedForStaff,
    ChoiceAsked,
    PhotographAtBooth,
    ShotAsked,
)
from kiosk_registration.flow_photograph import FEWEST_SHOTS, MOST_SHOTS, good_ones
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, PORTRAIT_JPEG
from kiosk_registration.states import Photographing, TakingShot
from kiosk_registration.words import Shot

PATIENCE_S = 90.0


def take_photograph(state: Photographing | TakingShot) -> Screen:
    """Return the screen; hints come and go while it stays."""
    is_taking = isinstance(state, TakingShot)
    hint = state.hint if isinstance(state, Photographing) else None
    is_seen = isinstance(state, Photographing) and state.is_seen
    return Screen(
        HERE / "take_photograph.qml",
        {
            "keeps": True,
            "taking": is_taking,
            "hint": str(hint or ""),
            "good": is_seen and hint is None,
            "number": len(state.shots),
            "most": MOST_SHOTS,
            "shots": [shot_value(shot) for shot in state.shots],
            "enough": len(good_ones(state.shots)) >= FEWEST_SHOTS,
        },
        {
            "take": lambda _: ShotAsked(),
            "choose": lambda _: ChoiceAsked(),
            "booth": lambda _: PhotographAtBooth(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def shot_value(shot: Shot) -> Value:
    """Return a photograph and what is wrong with it first, for the screen."""
    return {
        "picture": "data:image/jpeg;base64," + b64encode(shot.jpeg).decode(),
        "fault": str(shot.broken[0]) if shot.broken else "",
    }


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    good, bad = Shot(PORTRAIT_JPEG), Shot(PORTRAIT_JPEG, (PortraitRule.EYES_OPEN,))
    samples: dict[str, Photographing | TakingShot] = {
        "first": Photographing(CASE),
        "hint": Photographing(CASE, (), PortraitRule.EYE_DISTANCE, is_seen=True),
        "good": Photographing(CASE, (bad,), None, is_seen=True),
        "enough": Photographing(CASE, (bad, good, good), None, is_seen=True),
        "taking": TakingShot(CASE, (good,)),
    }
    return {name: take_photograph(state) for name, state in samples.items()}
