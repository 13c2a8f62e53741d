"""The queue: who is called where, who came, who did not."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from backend.commands import line, stations, waiting
from backend.commands.leases import held_here
from backend.commands.line import rules_of
from backend.commands.said import open_said
from backend.commands.station import Station
from backend.commands.tag_rows import (
    ASIDE,
    change,
    end,
    latest_tag,
    note_service_time,
    record,
    set_aside,
    tag_row,
    wait_again,
)
from backend.commands.waiting import Told
from backend.tokens import Purpose, TokenError, make_token, open_token
from backend.transaction import Refusal, Transaction
from common.domain.queue import ParkReason, Service, Stage, TagStatus
from common.wire.shapes import CallAnswer, CallRequest, TagAction, TagView


def tag_view(transaction: Transaction, tag: Row[Any], told: Told | None = None) -> TagView:
    """Show a tag row to a station; told is its wait, where that was worked out just now."""
    ahead, low, high = 0, 0, 0
    if tag.status == TagStatus.WAITING:
        ahead, foretold = told or waiting.foretell(transaction, tag)
        low, high = foretold.minutes
    tag_id = UUID(tag.tag_id)
    day = date.fromisoformat(tag.day)
    said = open_said(transaction, tag)
    return TagView(
        tag_id=tag_id,
        number=tag.number,
        token=make_token(transaction.keys.tokens, Purpose.TAG, tag.office, tag_id, day),
        case_id=UUID(tag.case_id),
        service=Service(tag.service),
        stage=Stage(tag.stage),
        status=TagStatus(tag.status),
        place=tag.place,
        issued_at=tag.issued_at,
        people_ahead=ahead,
        wait_low_min=low,
        wait_high_min=high,
        group=None if tag.group_id is None else UUID(tag.group_id),
        for_place=tag.for_place,
        reason=tag.reason,
        errand=said.errand,
        needs=said.needs,
        interpreter=said.interpreter,
    )


def tag_by_token(transaction: Transaction, office: str, token: str) -> Row[Any]:
    """Find the tag that a QR code names.

    Raises:
        Refusal: The code is forged, of another office, or of another day.
    """
    try:
        opened = open_token(transaction.keys.tokens, Purpose.TAG, office, token)
    except TokenError as error:
        raise Refusal(404, "token_unknown", str(error)) from error
    if opened.day != transaction.today:
        raise Refusal(404, "token_other_day", "the tag is of another day")
    return tag_row(transaction, str(opened.id))


def call(transaction: Transaction, station: Station, request: CallRequest) -> CallAnswer:
    """Call the next tag to a place; a place that asks again before anybody came gets the same.

    A group is called as a whole: its first tag is the answer, and each call afterwards brings the
    next companion who was called here, until all have come.
    """
    stations.calls(transaction, station, request.stages)
    here = held_here(transaction, station.office, request.place)
    for tag in here:
        if tag.status == TagStatus.SERVING:
            _leave_place(transaction, tag)
    called = [tag for tag in here if tag.status == TagStatus.CALLED]
    if not called:
        patience = timedelta(minutes=rules_of(transaction, station.office).patience_minutes)
        chosen = line.next_tag(transaction, station.office, request.stages, request.place, patience)
        together = [] if chosen is None else line.group_of(transaction, chosen)
        called = [_call(transaction, station, tag, request.place, times=1) for tag in together]
        waiting.learn(transaction, station.office, request.stages)
    if not called:
        return CallAnswer(tag=None)
    first, *companions = (tag_view(transaction, tag) for tag in called)
    return CallAnswer(tag=first, companions=tuple(companions))


def arrive(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """The holder of a called tag is at the place. Saying so twice is once."""
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status not in (TagStatus.CALLED, TagStatus.SERVING):
        raise Refusal(409, "not_called")
    if tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    if tag.status == TagStatus.CALLED:
        tag = change(
            transaction,
            tag,
            status=TagStatus.SERVING,
            served_at=transaction.now,
            lease_until=stations.lease_until(transaction, tag.office),
        )
        record(transaction, "tag_arrived", station.name, tag)
    return tag_view(transaction, tag)


def recall(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """Call a tag once more; who had missed the call or stood aside may be called back."""
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status in (TagStatus.WAITING, TagStatus.DONE, TagStatus.VOID):
        raise Refusal(409, "not_called")
    if tag.status not in ASIDE and tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    tag = _call(transaction, station, tag, action.place, times=tag.times + 1)
    return tag_view(transaction, tag)


def miss(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """Nobody came, or the person walked away from the place: some places back, a few times.

    Then the tag waits for its holder to ask.
    """
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status not in (TagStatus.CALLED, TagStatus.SERVING):
        raise Refusal(409, "not_called")
    if tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    record(transaction, "tag_missed", station.name, tag)
    if tag.misses >= rules_of(transaction, station.office).misses:
        tag = set_aside(transaction, tag, TagStatus.MISSED, ParkReason.NOT_COME)
        tag = change(transaction, tag, misses=tag.misses + 1)
    else:
        tag = requeue(transaction, tag, misses=tag.misses + 1)
    return tag_view(transaction, tag)


def requeue(transaction: Transaction, tag: Row[Any], misses: int) -> Row[Any]:
    """Let a tag wait again, behind the next few."""
    places_back = rules_of(transaction, tag.office).places_back
    order_at = line.behind_the_next(transaction, tag, places_back)
    return wait_again(transaction, tag, order_at=order_at, misses=misses)


def move_on(transaction: Transaction, case_id: str, from_: tuple[Stage, ...], to: Stage) -> None:
    """Let the case's tag wait for its next stage, keeping its number and its turn."""
    tag = latest_tag(transaction, case_id)
    if tag is None or tag.stage not in from_:
        return
    note_service_time(transaction, tag)
    order_at = tag.turn_at - timedelta(seconds=tag.head_start_s)
    # Nobody is called to fill in a form, so a wish for a place is still one afterwards.
    for_place = tag.for_place if tag.stage == Stage.FORM else None
    moved = wait_again(
        transaction, tag, stage=to, order_at=order_at, misses=0, times=0, for_place=for_place
    )
    waiting.begin(transaction, moved)


def finish(transaction: Transaction, case_id: str) -> None:
    """End the case's tag: the person may go home."""
    tag = latest_tag(transaction, case_id)
    if tag is None or tag.stage == Stage.DONE:
        return
    note_service_time(transaction, tag)
    end(transaction, tag, TagStatus.DONE)


def leave_waiting(transaction: Transaction, office: str, place: str) -> None:
    """A place was taken out of service: who was called there waits again, where he stood before."""
    for tag in held_here(transaction, office, place):
        record(transaction, "tag_given_back", "backend", tag)
        wait_again(transaction, tag, times=0)


def _leave_place(transaction: Transaction, tag: Row[Any]) -> None:
    """A place that calls the next person is done with the one before.

    A counter's service ends so. Elsewhere the visit was broken off: the tag is missed, and goes on
    as soon as the station's last facts arrive, or when its holder asks at a tag kiosk.
    """
    note_service_time(transaction, tag)
    if tag.stage == Stage.COUNTER:
        end(transaction, tag, TagStatus.DONE)
    else:
        set_aside(transaction, tag, TagStatus.MISSED, ParkReason.BROKEN_OFF)


def _call(
    transaction: Transaction, station: Station, tag: Row[Any], place: str, times: int
) -> Row[Any]:
    waiting.end(transaction, tag)
    called = change(
        transaction,
        tag,
        status=TagStatus.CALLED,
        place=place,
        called_at=transaction.now,
        times=times,
        reason=None,
        lease_until=stations.lease_until(transaction, tag.office),
        called_revision=transaction.panel_changed(tag.office),
    )
    record(transaction, "tag_called", station.name, called)
    return called
