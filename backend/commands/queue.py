"""The queue: who is called where, who came, who did not."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from backend.commands.effects import TagMoved
from backend.commands.station import Station
from backend.commands.waiting import people_ahead, wait_range
from backend.schema.tables import stage_times, tags
from backend.tokens import Purpose, TokenError, make_token, open_token
from backend.transaction import Refusal, Transaction
from common.domain.queue import Service, Stage, TagStatus
from common.wire.shapes import CallAnswer, CallRequest, TagAction, TagView

_MISSES_ALLOWED = 2
_PLACES_BEHIND = 3
_JUST_AFTER = timedelta(microseconds=1)


def tag_view(transaction: Transaction, tag: Row[Any]) -> TagView:
    """Show a tag row to a station."""
    ahead = people_ahead(transaction, tag)
    low, high = wait_range(transaction, tag, ahead)
    tag_id = UUID(tag.tag_id)
    day = date.fromisoformat(tag.day)
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
    return _tag(transaction, str(opened.id))


def latest_tag(transaction: Transaction, case_id: str) -> Row[Any] | None:
    """Return the newest tag of a case, live or done."""
    return transaction.connection.execute(
        select(tags)
        .where(tags.c.case_id == case_id)
        .order_by(tags.c.issued_at.desc(), tags.c.tag_id.desc())
        .limit(1)
    ).one_or_none()


def call(transaction: Transaction, station: Station, request: CallRequest) -> CallAnswer:
    """Call the next tag to a place; a place that asks again before anybody came gets the same."""
    here = _at_place(transaction, station.office, request.place)
    for tag in here:
        if tag.status == TagStatus.CALLED:
            return CallAnswer(tag=tag_view(transaction, tag))
    for tag in here:
        _leave_place(transaction, tag)
    chosen = transaction.connection.execute(
        select(tags)
        .where(
            tags.c.office == station.office,
            tags.c.day == transaction.today.isoformat(),
            tags.c.status == TagStatus.WAITING,
            tags.c.stage.in_(request.stages),
        )
        .order_by(tags.c.order_at, tags.c.tag_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if chosen is None:
        return CallAnswer(tag=None)
    tag = change(
        transaction,
        chosen,
        status=TagStatus.CALLED,
        place=request.place,
        called_at=transaction.now,
        times=1,
    )
    _record(transaction, "tag_called", station, tag)
    return CallAnswer(tag=tag_view(transaction, tag))


def arrive(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """The holder of a called tag is at the place. Saying so twice is once."""
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status not in (TagStatus.CALLED, TagStatus.SERVING):
        raise Refusal(409, "not_called")
    if tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    if tag.status == TagStatus.CALLED:
        tag = change(transaction, tag, status=TagStatus.SERVING, served_at=transaction.now)
        _record(transaction, "tag_arrived", station, tag)
    return tag_view(transaction, tag)


def recall(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """Call a tag once more; who had missed the call may be called back."""
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status in (TagStatus.WAITING, TagStatus.DONE):
        raise Refusal(409, "not_called")
    if tag.status != TagStatus.MISSED and tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    tag = change(
        transaction,
        tag,
        status=TagStatus.CALLED,
        place=action.place,
        called_at=transaction.now,
        times=tag.times + 1,
    )
    _record(transaction, "tag_called", station, tag)
    return tag_view(transaction, tag)


def miss(transaction: Transaction, station: Station, action: TagAction) -> TagView:
    """Nobody came: three places back, twice; then the tag waits for its holder to ask again."""
    tag = tag_by_token(transaction, station.office, action.tag_token)
    if tag.status != TagStatus.CALLED:
        raise Refusal(409, "not_called")
    if tag.place != action.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    _record(transaction, "tag_missed", station, tag)
    if tag.misses >= _MISSES_ALLOWED:
        tag = change(transaction, tag, status=TagStatus.MISSED, misses=tag.misses + 1, place=None)
    else:
        tag = requeue(transaction, tag, misses=tag.misses + 1)
    return tag_view(transaction, tag)


def requeue(transaction: Transaction, tag: Row[Any], misses: int) -> Row[Any]:
    """Let a tag wait again, behind the next three."""
    ahead = (
        transaction.connection.execute(
            select(tags.c.order_at)
            .where(
                tags.c.office == tag.office,
                tags.c.day == tag.day,
                tags.c.status == TagStatus.WAITING,
                tags.c.stage == tag.stage,
            )
            .order_by(tags.c.order_at, tags.c.tag_id)
            .limit(_PLACES_BEHIND)
        )
        .scalars()
        .all()
    )
    order_at = max(ahead[-1] + _JUST_AFTER, tag.order_at) if ahead else tag.order_at
    return change(
        transaction, tag, status=TagStatus.WAITING, place=None, order_at=order_at, misses=misses
    )


def move_on(transaction: Transaction, case_id: str, from_: tuple[Stage, ...], to: Stage) -> None:
    """Let the case's tag wait for its next stage, keeping its number and its time."""
    tag = latest_tag(transaction, case_id)
    if tag is None or tag.stage not in from_:
        return
    _note_service_time(transaction, tag)
    change(transaction, tag, stage=to, status=TagStatus.WAITING, place=None, misses=0, times=0)


def finish(transaction: Transaction, case_id: str) -> None:
    """End the case's tag: the person may go home."""
    tag = latest_tag(transaction, case_id)
    if tag is None or tag.stage == Stage.DONE:
        return
    _note_service_time(transaction, tag)
    _end(transaction, tag)


def leave_waiting(transaction: Transaction, office: str, place: str) -> None:
    """A place was taken out of service: who was called there waits again, where he stood before."""
    for tag in _at_place(transaction, office, place):
        change(transaction, tag, status=TagStatus.WAITING, place=None, times=0)


def change(transaction: Transaction, tag: Row[Any], **values: Any) -> Row[Any]:
    """Write a tag, tell the panel, and return the row as it is now."""
    transaction.connection.execute(update(tags).where(tags.c.tag_id == tag.tag_id).values(**values))
    transaction.panel_changed(tag.office)
    return _tag(transaction, tag.tag_id)


def _at_place(transaction: Transaction, office: str, place: str) -> list[Row[Any]]:
    return list(
        transaction.connection.execute(
            select(tags).where(
                tags.c.office == office,
                tags.c.day == transaction.today.isoformat(),
                tags.c.place == place,
                tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
            )
        )
    )


def _leave_place(transaction: Transaction, tag: Row[Any]) -> None:
    """A place that calls the next person is done with the one before.

    A counter's service ends so. Elsewhere the visit was broken off: the tag is missed, and goes on
    as soon as the station's last facts arrive, or when its holder asks at a tag kiosk.
    """
    _note_service_time(transaction, tag)
    if tag.stage == Stage.COUNTER:
        _end(transaction, tag)
    else:
        change(transaction, tag, status=TagStatus.MISSED, place=None)


def _end(transaction: Transaction, tag: Row[Any]) -> None:
    change(transaction, tag, stage=Stage.DONE, status=TagStatus.DONE, place=None, live_person=None)


def _note_service_time(transaction: Transaction, tag: Row[Any]) -> None:
    if tag.status != TagStatus.SERVING or tag.served_at is None:
        return
    seconds = max(0, int((transaction.now - tag.served_at).total_seconds()))
    transaction.connection.execute(
        insert(stage_times).values(
            tag_id=tag.tag_id,
            office=tag.office,
            stage=tag.stage,
            ended_at=transaction.now,
            seconds=seconds,
        )
    )


def _record(transaction: Transaction, kind: str, station: Station, tag: Row[Any]) -> None:
    what = TagMoved(
        tag_id=UUID(tag.tag_id), number=tag.number, place=tag.place or "", times=tag.times
    )
    transaction.record(kind, tag.case_id, station.name, what=what)


def _tag(transaction: Transaction, tag_id: str) -> Row[Any]:
    tag = transaction.connection.execute(select(tags).where(tags.c.tag_id == tag_id)).one_or_none()
    if tag is None:
        raise Refusal(404, "token_unknown", "no such tag")
    return tag
