"""What the tag kiosk knows of its office, and how the office's words become the visit's."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from common.domain.clock import OFFICE_ZONE, HandClock
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import (
    Arrival,
    Errand,
    Guardian,
    Interpreted,
    Need,
    Service,
    TagRequestBy,
    TagStatus,
)
from common.flow.machine import Stay
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.booking import ClosureReason, Offices, OfficeView, ShutTime
from common.wire.shapes import SlotAnswer, SlotTime, TagAnswer
from hardware.camera.codes import read_codes
from kiosk_tag import perform as tag_perform
from kiosk_tag.events import (
    DecisionNeeded,
    OfficeOpened,
    OfficeShut,
    SlotAnswered,
    TagGranted,
    TagRefused,
)
from kiosk_tag.house import House
from kiosk_tag.papers import appointment_slip, next_key, slots_slip
from kiosk_tag.perform import TagDesk
from kiosk_tag.questions import said, slot_request, tag_request
from kiosk_tag.screens.your_tag import SAMPLE
from kiosk_tag.states import (
    NOTHING_MORE,
    ByCard,
    ByLetter,
    ByNobody,
    ByNumber,
    Coming,
    Question,
    Reason,
    Wish,
)
from kiosk_tag.tasks import AskForTag, TakeSlot, WatchHours

NUMBER = IdentityNumber.parse("AB987654(3)")
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=OFFICE_ZONE)
EVENING = NINE.replace(hour=20)
BY_CARD = ByCard(NUMBER, 1980)


def view(**changed: Any) -> OfficeView:
    values: dict[str, Any] = {
        "code": "HQ",
        "name": dict.fromkeys(OFFICE_LANGUAGES, "Office"),
        "opens": NINE,
        "closes": EVENING,
        "next_opens": NINE,
        "fees": {"lost": 370},
        "is_open": True,
        "walk_ins_left": 3,
        "days": [],
        "closures": [],
    }
    return OfficeView.model_validate(values | changed)


class Client:
    """Answers with what the test says, or not at all."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), 0

    def offices(self) -> Offices:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Offices(offices=[answer])


def house_at(clock: HandClock, *answers: Any) -> House:
    house = House(Client(*answers), "HQ", clock)
    house.look()
    return house


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (NINE - timedelta(minutes=1), (True, NINE)),
        (NINE, (False, None)),
        (EVENING - timedelta(seconds=1), (False, None)),
        (EVENING, (True, NINE + timedelta(days=1))),
    ],
)
def test_the_hours_of_the_office_are_the_kiosk_s(moment, found):
    opens_next = NINE if moment < EVENING else NINE + timedelta(days=1)
    house = house_at(HandClock(moment), view(next_opens=opens_next))
    assert house.shut_until() == found


def test_a_closure_and_a_closed_day_shut_the_kiosk():
    tomorrow = NINE + timedelta(days=1)
    shut = ShutTime(starts_at=NINE, ends_at=EVENING, reason=ClosureReason.TYPHOON)
    closed = view(closures=[shut], next_opens=tomorrow)
    assert house_at(HandClock(NINE), closed).shut_until() == (True, tomorrow)
    sunday = view(opens=None, closes=None, next_opens=tomorrow)
    assert house_at(HandClock(NINE), sunday).shut_until() == (True, tomorrow)
    never = view(opens=None, closes=None, next_opens=None)
    assert house_at(HandClock(NINE), never).shut_until() == (True, None)


def test_without_a_connection_the_last_answer_holds_and_nothing_known_is_open():
    clock = HandClock(NINE)
    gone = BackendUnreachableError("gone")
    assert house_at(clock, gone).shut_until() == (False, None)
    assert house_at(clock, gone).fee(Errand.LOST) is None
    client = Client(view(), gone)
    house = House(client, "HQ", clock)
    house.look()
    house.look()
    assert client.asked == 1, "once a minute is enough"
    clock.moment = EVENING
    house.look()
    assert client.asked == 2
    assert house.shut_until() == (True, None)
    clock.moment = NINE + timedelta(days=1)
    assert house.shut_until() == (False, None), "shut for the night, open by day"
    assert house.fee(Errand.LOST) == 370


def desk(client: Any, house: House | None = None, give: Any = lambda _: None) -> TagDesk:
    return TagDesk(
        cards=None,
        codes=None,  # type: ignore[arg-type]
        slips=None,  # type: ignore[arg-type]
        client=client,
        office="HQ",
        clock=HandClock(NINE),
        language=lambda: Language.ENGLISH,
        house=house,
        give_offline=give,
    )


def test_the_kiosk_notices_by_itself_that_the_office_shuts_and_opens(monkeypatch):
    monkeypatch.setattr(tag_perform, "HOURS_S", 0.01)
    clock = HandClock(EVENING)
    house = house_at(clock, view(next_opens=NINE + timedelta(days=1)))
    working = desk(None, house)
    assert working.perform(WatchHours(is_open=True), Stay()) == OfficeShut(NINE + timedelta(days=1))
    stay, came = Stay(), list[Any]()
    stay.tell = lambda _event: None
    waiting = Thread(
        target=lambda: came.append(working.perform(WatchHours(is_open=False), stay)), daemon=True
    )
    waiting.start()
    clock.moment = NINE + timedelta(days=1)
    waiting.join(20)
    assert came == [OfficeOpened()]
    stay.left.set()
    assert working.perform(WatchHours(is_open=True), stay) is None
    assert desk(None).perform(WatchHours(is_open=True), Stay()) is None


def test_what_is_asked_carries_all_that_was_said():
    wish = Wish(
        errand=Errand.LOST,
        guardian=Guardian.HERE,
        walk_in=True,
        at_counter=True,
        needs=(Need.INTERPRETER,),
        interpreter=Interpreted.THAI,
    )
    asked = tag_request(BY_CARD, wish)
    assert (asked.by, asked.year_of_birth) == (TagRequestBy.CARD, 1980)
    assert (asked.errand, asked.guardian, asked.walk_in) == (Errand.LOST, Guardian.HERE, True)
    assert (asked.service, asked.needs) == (Service.COLLECTION, (Need.INTERPRETER,))
    assert tag_request(ByNobody(Reason.RECEPTION), NOTHING_MORE).by is TagRequestBy.NOBODY
    slot = slot_request(ByNumber(NUMBER, 1980), Wish(Errand.COLLECT), NINE)
    assert (slot.identity_number, slot.errand, slot.starts_at) == (str(NUMBER), None, NINE)


def test_every_answer_of_the_office_means_something():
    early = TagAnswer(
        outcome="issued", tag=SAMPLE, arrival=Arrival.EARLY, slot=NINE, be_back_at=NINE
    )
    granted = said(early)
    assert granted == TagGranted(SAMPLE, False, coming=Coming(Arrival.EARLY, NINE, NINE))
    child = said(TagAnswer(outcome="issued", reason="child", tag=SAMPLE))
    assert child == TagGranted(SAMPLE, False, reception=Reason.CHILD)
    for question in Question:
        told = said(TagAnswer(outcome="choose", reason=question.value))
        assert isinstance(told, DecisionNeeded)
        assert told.offer.question is question
    for reason in ("letter_unknown", "year_wrong", "case_closed", "reception", "no_card"):
        answer = TagAnswer.model_validate({"outcome": "reception", "reason": reason})
        assert said(answer) == TagRefused(Reason(reason))
    closed = TagAnswer(outcome="reception", reason="closed", opens_at=NINE)
    assert said(closed) == OfficeShut(NINE)


class Counter:
    """A client that fails a few times before it answers."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.keys = list(answers), list[Any]()

    def take_slot(self, _request: Any, key: Any) -> Any:
        self.keys.append(key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def tag(self, _request: Any, key: Any) -> Any:
        return self.take_slot(_request, key)


def test_a_slot_is_asked_for_again_with_the_same_key():
    answer = SlotAnswer(outcome="waiting")
    client = Counter(BackendUnreachableError("lost"), answer)
    assert desk(client).perform(TakeSlot(BY_CARD, NOTHING_MORE, NINE), Stay()) == SlotAnswered(
        answer
    )
    assert client.keys[0] == client.keys[1]
    for trouble in (RefusedError(409, "not_cancellable"), BackendUnreachableError("gone")):
        refused = desk(Counter(trouble, trouble)).perform(
            TakeSlot(BY_CARD, NOTHING_MORE, None), Stay()
        )
        assert refused == TagRefused(Reason.NO_CONNECTION)


def test_no_leased_number_is_spent_on_nobody_or_on_needs_told_afterwards():
    given: list[Any] = []

    def give(request: Any) -> Any:
        given.append(request)
        return SAMPLE, False

    def ask(asking: Any, wish: Wish = NOTHING_MORE) -> Any:
        gone = BackendUnreachableError("gone")
        return desk(Counter(gone, gone), give=give).perform(AskForTag(asking, wish), Stay())

    refused = TagRefused(Reason.NO_CONNECTION)
    assert ask(ByNobody(Reason.RECEPTION)) == refused
    assert ask(ByLetter("token"), Wish(needs=(Need.PRIORITY,))) == refused
    assert not given
    assert ask(ByLetter("token"), Wish(Errand.LOST)) == TagGranted(SAMPLE, False, unsent=True)
    assert given[0].errand is Errand.LOST


@pytest.mark.parametrize("language", list(Language))
def test_papers_can_be_read_in_every_language_and_name_nobody(language):
    at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    booked = SlotAnswer(outcome="booked", slot=at, letter_token="A-letter", enquiry_code="2468")
    picture = appointment_slip(booked, "HQ", at, language)
    assert [code.text for code in read_codes(picture)] == ["A-letter"]
    waiting = appointment_slip(SlotAnswer(outcome="waiting"), "HQ", at, language)
    listed = slots_slip((SlotTime(office="HQ", starts_at=at),), "HQ", at, language)
    assert not read_codes(waiting)
    assert not read_codes(listed)


def test_who_has_a_tag_is_told_what_comes_next():
    def key(unsent: bool = False, **changed: Any) -> str:
        return next_key(SAMPLE.model_copy(update=changed), unsent=unsent)

    assert key() == "papers-next-form"
    assert key(unsent=True) == "papers-next-unsent"
    assert key(status=TagStatus.PARKED) == "tag-next-parent"
    assert key(service=Service.ASSISTED) == "tag-next-reception"
    assert key(service=Service.JUVENILE, stage="booth") == "tag-next-child"
