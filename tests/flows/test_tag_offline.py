"""The tag kiosk without the office: a number of its lease, told later, twice is once."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from common.domain.clock import HandClock
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import TagRequestBy
from common.i18n.texts import texts
from common.journal.journal import Journal
from common.sync.client import (
    BackendClient,
    BackendUnreachableError,
    OutOfServiceError,
    RefusedError,
)
from common.sync.tag_series import BLOCK, TagSeries
from common.wire.series import SeriesKind
from common.wire.shapes import TagRequest
from kiosk_tag.events import SlipMissing, SlipPrinted, TagGranted, TagRefused
from kiosk_tag.flow import next_step
from kiosk_tag.papers import tag_slip
from kiosk_tag.perform import TagDesk
from kiosk_tag.screens.your_tag import your_tag
from kiosk_tag.states import ByCard, GettingTag, GoToReception, Reason, Slip, TagIssued
from kiosk_tag.tasks import AskForTag, PrintSlip
from tests.support.backend_office import KEYS, MORNING, office_settings, running_office
from tests.support.identities import signer_of

NUMBER = IdentityNumber.parse("A123456(3)")
ASKED = TagRequest(by=TagRequestBy.CARD, identity_number=str(NUMBER))
KEY = bytes(range(32))


class Wire:
    """The way to the backend; cut while it is down."""

    def __init__(self, client: BackendClient) -> None:
        self.client, self.down = client, False

    def __getattr__(self, name):
        def call(*args):
            if self.down:
                raise BackendUnreachableError("cut")
            return getattr(self.client, name)(*args)

        return call


class Kiosk:
    """The journal, the series and the wire of one tag kiosk."""

    def __init__(self, office, folder: Path) -> None:
        self.office, self.folder = office, folder
        address = str(office.http.base_url)
        self.wire = Wire(BackendClient(address, signer_of(KEYS["tag-1"], office.clock)))
        self.journal = Journal(folder / "journal.db", KEY)
        self.series = TagSeries(self.journal, self.wire, "tag-1", office.clock)

    def restarted(self) -> "Kiosk":
        self.journal.close()
        return Kiosk(self.office, self.folder)

    def deliver(self):
        waiting = self.journal.waiting()
        receipts = self.wire.facts(tuple(one.fact for one in waiting)).receipts
        for receipt in receipts:
            self.journal.settled(receipt.id)
        return [receipt.outcome for receipt in receipts]

    def account(self):
        self.office.forget_sessions()
        rows = self.office.ask("booth-1", "/v1/work/numbers", "supervisor").json()
        return [
            tuple(one[what] for what in ("leased", "overdue", "spent", "returned", "whole"))
            for one in rows["series"]
        ]


@pytest.fixture
def kiosk(tmp_path):
    with running_kiosk(tmp_path) as made:
        yield made


@contextmanager
def running_kiosk(folder):
    home = folder / "office"
    home.mkdir()
    with running_office(office_settings(home, ("supervisor",))) as office:
        made = Kiosk(office, folder)
        yield made
        made.journal.close()


def test_numbers_are_fetched_while_there_is_a_connection_and_spent_without(kiosk):
    kiosk.series.renew()
    kiosk.series.renew()
    assert kiosk.account() == [(BLOCK, 0, 0, 0, True)]
    kiosk.wire.down = True
    given = kiosk.series.give(ASKED)
    assert given is not None
    tag, again = given
    assert (tag.number, again) == ("B001", False)
    assert kiosk.series.give(ASKED) == (tag, True)
    other = ASKED.model_copy(update={"identity_number": "AB987654(3)"})
    assert kiosk.series.give(other)[0].number == "B002"
    # A power cut: what was given stays given, and what waits still waits.
    kiosk = kiosk.restarted()
    assert kiosk.series.give(ASKED) == (tag, True)
    assert kiosk.journal.count_waiting() == 2
    assert kiosk.deliver() == ["accepted", "accepted"]
    assert kiosk.account() == [(BLOCK - 2, 0, 2, 0, True)]
    kiosk.series.renew()
    assert kiosk.journal.count_numbers(SeriesKind.TAG, kiosk.office.clock()) == BLOCK - 2
    called = kiosk.office.good("bench-1", "/v1/queue/call", {"place": "B1", "stages": ["form"]})
    assert (called["tag"]["number"], called["tag"]["token"]) == ("B001", tag.token)


def test_a_lease_whose_answer_got_lost_is_taken_up_and_not_leased_anew(kiosk):
    kiosk.office.good("tag-1", "/v1/leases", {"kind": "tag", "count": BLOCK})
    kiosk.series.renew()
    assert kiosk.account() == [(BLOCK, 0, 0, 0, True)]
    assert kiosk.series.give(ASKED)[0].number == "B001"


def test_a_spent_number_is_not_taken_up_again_before_its_fact_arrived(kiosk):
    kiosk.series.renew()
    first, _ = kiosk.series.give(ASKED)
    kiosk.series.renew()  # the backend still shows the number as leased
    other = ASKED.model_copy(update={"identity_number": "AB987654(3)"})
    assert kiosk.series.give(other)[0].number != first.number


def test_yesterday_s_numbers_go_back_and_are_never_given_today(kiosk):
    kiosk.series.renew()
    kiosk.series.give(ASKED)
    kiosk.wire.down = True
    kiosk.office.clock.advance(24 * 3600)
    assert kiosk.series.give(ASKED.model_copy(update={"identity_number": "E364912(5)"})) is None
    kiosk.wire.down = False
    kiosk.series.renew()
    assert kiosk.deliver() == ["accepted"]
    assert kiosk.account() == [(0, 0, 1, BLOCK - 1, True), (BLOCK, 0, 0, 0, True)]
    kiosk.journal.forget_spent(kiosk.office.clock() + timedelta(days=40))
    assert kiosk.journal.ended_leases(kiosk.office.clock()) == {}


def test_without_a_number_left_nothing_is_given(tmp_path):
    journal = Journal(tmp_path / "journal.db", KEY)
    series = TagSeries(journal, object(), "tag-1", HandClock(MORNING))  # type: ignore[arg-type]
    assert series.give(ASKED) is None
    assert journal.count_waiting() == 0
    journal.close()


def granted(kiosk):
    kiosk.series.renew()
    kiosk.wire.down = True
    tag, again = kiosk.series.give(ASKED)
    return TagGranted(tag, reprinted=again, unsent=True)


def test_the_visit_goes_on_with_a_slip_that_promises_no_more_than_is_known(kiosk):
    event = granted(kiosk)
    step = next_step(GettingTag(ByCard(NUMBER)), event)
    assert step.tasks == (PrintSlip(event.tag, unsent=True),)
    printed = next_step(step.state, SlipPrinted()).state
    missing = next_step(step.state, SlipMissing()).state
    assert printed == TagIssued(event.tag, False, Slip.PRINTED, unsent=True)
    assert missing == TagIssued(event.tag, False, Slip.MISSING, unsent=True)
    assert your_tag(printed).values["next"] == "papers-next-unsent"
    for language in OFFICE_LANGUAGES:
        for key in ("papers-slip-unsent", "papers-next-unsent"):
            assert texts(language).text(key)
        sent = tag_slip(event.tag, "HQ", kiosk.office.clock(), language)
        unsent = tag_slip(event.tag, "HQ", kiosk.office.clock(), language, unsent=True)
        assert sent.tobytes() != unsent.tobytes()


class Office:
    """A backend that answers as it is told to."""

    def __init__(self, answer: Exception) -> None:
        self.answer, self.asked = answer, 0

    def tag(self, *_):
        self.asked += 1
        raise self.answer


def desk(office, give):
    return TagDesk(
        cards=None,
        codes=None,  # type: ignore[arg-type]
        slips=SimpleNamespace(),  # type: ignore[arg-type]
        client=office,
        office="HQ",
        clock=HandClock(MORNING),
        language=lambda: Language.ENGLISH,
        give_offline=give,
    )


def test_only_silence_lets_the_kiosk_give_a_number_of_its_own(kiosk):
    given = granted(kiosk)
    silent = Office(BackendUnreachableError("gone"))
    asked = []

    def give(request):
        asked.append(request)
        return given.tag, False

    event = desk(silent, give).perform(AskForTag(ByCard(NUMBER)), None)
    assert (event, silent.asked, asked) == (given, 2, [ASKED])
    # An office that says no is there; a kiosk that was revoked gives nothing.
    revoked = OutOfServiceError(RefusedError(401, "station_revoked"))
    refused = desk(Office(revoked), give)
    assert refused.perform(AskForTag(ByCard(NUMBER)), None) == TagRefused(Reason.NO_CONNECTION)
    empty = desk(silent, lambda _request: None)
    event = empty.perform(AskForTag(ByCard(NUMBER)), None)
    assert next_step(GettingTag(ByCard(NUMBER)), event).state == GoToReception(Reason.NO_CONNECTION)
    assert len(asked) == 1
