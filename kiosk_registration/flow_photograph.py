"""The portrait, where this kiosk takes it, and the signature.

Up to six photographs with a live hint; the person chooses among at least two that keep every rule,
and an officer approves the one. Whoever would rather have an officer's help gets it at the booth.
"""

from base64 import b64encode
from dataclasses import replace

from common.wire.facts import PhotographTaken, SignatureGiven
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, enter, first
from kiosk_registration.flow_form import go_on
from kiosk_registration.words import OpenCase, Shot

FEWEST_SHOTS = 2
MOST_SHOTS = 6


def good_ones(shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """Return the photographs that keep every rule."""
    return tuple(shot for shot in shots if not shot.broken)


def next_step(state: s.State, event: e.Event) -> FlowStep | None:
    """Return where camera and pad lead; None where this is about something else."""
    match state, event:
        case (
            s.PreparingPhotograph(case)
            | s.Photographing(case)
            | s.TakingShot(case)
            | s.ChoosingShot(case)
            | s.NoGoodPhotograph(case),
            e.PhotographAtBooth() | e.EquipmentFailed(),
        ):
            return go_on(case.with_done("photograph_at_booth"))
        case s.PreparingPhotograph(case), e.GoneOn():
            return enter(s.Photographing(case))
        case s.Photographing(), e.FaceHint(rule):
            return enter(replace(state, hint=rule, is_seen=True))
        case s.Photographing(case, shots), e.ShotAsked():
            return enter(s.TakingShot(case, shots))
        case s.Photographing(case, shots), e.ChoiceAsked() if len(good_ones(shots)) >= FEWEST_SHOTS:
            return enter(s.ChoosingShot(case, good_ones(shots)))
        case s.TakingShot(case, shots), e.ShotTaken(shot):
            return _after_shot(case, (*shots, shot))
        case s.TakingShot(case, shots), e.ShotMissed():
            return enter(s.Photographing(case, shots))
        case s.ChoosingShot(case, shots), e.ShotChosen(index) if 0 <= index < len(shots):
            what = PhotographTaken(portrait=b64encode(shots[index].jpeg))
            return first(t.Record(case.case_id, what), go_on(case.with_done("self_photographed")))
        case s.NoGoodPhotograph(case), e.ReadLongEnough() | e.GoneOn():
            return go_on(case.with_done("photograph_at_booth"))
        case _:
            return _sign(state, event)


def _after_shot(case: OpenCase, shots: tuple[Shot, ...]) -> FlowStep:
    if len(shots) < MOST_SHOTS:
        return enter(s.Photographing(case, shots))
    good = good_ones(shots)
    if len(good) >= FEWEST_SHOTS:
        return enter(s.ChoosingShot(case, good))
    return enter(s.NoGoodPhotograph(case.with_done("photograph_at_booth")))


def _sign(state: s.State, event: e.Event) -> FlowStep | None:
    match state, event:
        case s.Signing(case, attempt), e.SignatureTaken(png):
            return enter(s.ShowingSignature(case, png, attempt))
        case (
            s.Signing(case, attempt) | s.ShowingSignature(case, attempt=attempt),
            e.SignatureAgain(),
        ):
            return enter(s.Signing(case, attempt + 1))
        case s.ShowingSignature(case, png), e.SignatureKept():
            what = SignatureGiven(picture=b64encode(png))
            return first(t.Record(case.case_id, what), go_on(case.with_done("signed")))
        case s.Signing(case) | s.ShowingSignature(case), e.SignAtBooth():
            step = go_on(case.with_done("signs_at_booth"))
            return first(t.Record(case.case_id, SignatureGiven()), step)
        case s.Signing(case), e.EquipmentFailed():
            return go_on(case.with_done("signs_at_booth"))
        case _:
            return None
