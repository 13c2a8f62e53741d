"""The outbox: written with what it tells, sent once or at least once, erased with its subject."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.commands import bookings, changes, contacts, notices, party, slots
from backend.commands.bookings import Reason
from backend.commands.contacts import Consent
from backend.commands.erasure import erase_case
from backend.commands.holds import Choice
from backend.commands.party import Visitor, Wish
from backend.notices import outbox
from backend.notices import sender as sending
from backend.notices.outbox import MOST_TRIES, Failed, Later, Sent
from backend.notices.sender import Sender, Transports
from backend.notices.transport import NeverError, NotNowError, UnknownError
from backend.schema import notices_tables, tables
from backend.settings import NoticeSettings
from backend.transaction import Refusal
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.notice import Channel, NoticeStage, NoticeTopic
from tests.support.backend_office import office_settings, running_office

MAIL, NUMBER = "somebody@example.com", "+85291234567"
BOTH = Consent(MAIL, NUMBER, Language.ENGLISH, tuple(NoticeTopic))
ONLY_MAIL = Consent(MAIL, "", Language.TRADITIONAL, tuple(NoticeTopic))
ONLY_SMS = Consent("", NUMBER, Language.TRADITIONAL, tuple(NoticeTopic))
SETTINGS = NoticeSettings(
    public_address="https://card.example",
    sender="no-reply@card.example",
    folder=Path("mail"),
    per_minute=6000,
)
OFFICERS = ("reg-officer", "assessor", "maker")


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, OFFICERS, database=database)) as running:
        yield running


def do(office, command):
    return office.store.submit(command).result()


def book(office, number="A123456(3)", day=0):
    """Book the last slot of a day; return the booking's id."""
    settings, rules = office.service.settings.offices[0], office.service.settings.booking

    def run(transaction):
        days = slots.free_by_day(transaction, settings)
        free = slots.free_on(transaction, settings, list(days)[day])
        visitor = Visitor(IdentityNumber.parse(number), 1980)
        choice = Choice(settings, free[-1].starts_at)
        wish = Wish(choice, (visitor,), "2468", Reason.REPLACE)
        text = party.book(transaction, rules, "here", wish)
        assert text is not None
        return bookings.by_reference(transaction, text).booking_id

    return do(office, run)


def cancel(office, booking):
    settings = office.service.settings.offices[0]

    def run(transaction):
        row = bookings.by_id(transaction, booking)
        assert row is not None
        changes.cancel(transaction, settings, row)

    do(office, run)


def agree(office, subject, consent=BOTH, place="web"):
    def run(transaction):
        added = contacts.agree(transaction, subject, consent, place)
        notices.welcome(transaction, subject, added)
        return added

    return do(office, run)


def tell(office, subject, stage, occasion=""):
    do(office, lambda transaction: notices.tell(transaction, subject, stage, occasion))


def rows(office, **wanted):
    table = notices_tables.notices
    ask = select(table).order_by(table.c.made_at, table.c.notice_id)
    for name, value in wanted.items():
        ask = ask.where(table.c[name] == value)
    return office.store.ask(lambda transaction: transaction.connection.execute(ask).all())


def states(office, **wanted):
    return [(row.stage, row.channel, row.state, row.reason) for row in rows(office, **wanted)]


def take(office, channel=Channel.MAIL):
    return do(office, lambda transaction: outbox.take(transaction, channel))


def mark(office, taken, outcome):
    do(office, lambda transaction: outbox.mark(transaction, taken, outcome))


def ledger_of(office, subject):
    ledger = tables.ledger
    ask = select(ledger.c.kind, tables.payloads.c.sealed, ledger.c.fact_id).join(tables.payloads)
    ask = ask.where(ledger.c.case_id == subject).order_by(ledger.c.number)

    def run(transaction):
        return [
            (row.kind, transaction.unseal(subject, row.sealed, f"fact {row.fact_id}").decode())
            for row in transaction.connection.execute(ask)
        ]

    return office.store.ask(run)


def counts(office):
    return office.store.ask(outbox.counts)


def test_a_booking_with_a_consent_is_told_by_both_channels_and_sealed(office):
    booking = book(office)
    assert rows(office) == []  # nobody agreed to anything yet
    agree(office, booking)
    assert states(office) == [
        ("booked", "mail", "waiting", None),
        ("booked", "sms", "waiting", None),
    ]
    kept = repr(rows(office)) + repr(
        office.store.ask(lambda t: t.connection.execute(select(notices_tables.contacts)).all())
    )
    assert "somebody" not in kept
    assert "9123" not in kept
    lines = [line for line in ledger_of(office, booking) if line[0] == "notices_consented"]
    assert len(lines) == 2
    assert "somebody" not in repr(lines)
    assert "9123" not in repr(lines)
    assert take(office).address == MAIL
    assert take(office, Channel.SMS).address == NUMBER


def test_saying_it_again_tells_nothing_again_and_a_new_address_is_told(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)
    agree(office, booking, ONLY_MAIL)
    assert len(rows(office)) == 1
    first = take(office)
    agree(office, booking, Consent("other@example.com", "", Language.ENGLISH, BOTH.topics))
    second = take(office)
    assert (first.address, second.address) == (MAIL, "other@example.com")
    assert first.confirm_token != second.confirm_token


def test_the_database_itself_forbids_the_same_notice_twice(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)
    table = notices_tables.notices

    def double(transaction):
        row = transaction.connection.execute(select(table)).one()
        values = {**row._mapping, "notice_id": "another"}
        transaction.connection.execute(table.insert().values(**values))

    with pytest.raises(Refusal, match="conflict"):
        do(office, double)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"channel": "pigeon"},
        {"state": "sending"},
        {"state": "sent"},
    ],
)
def test_the_database_itself_forbids_states_that_make_no_sense(office, values):
    agree(office, book(office), ONLY_MAIL)
    with pytest.raises(Refusal, match="conflict"):
        do(
            office,
            lambda t: t.connection.execute(update(notices_tables.notices).values(**values)),
        )


def test_the_stages_of_a_case(office):
    tag = office.tag()
    case = tag["case_id"]
    agree(office, case)
    office.submitted()
    decision = {"decision": "approve"}
    view = office.good("booth-1", f"/v1/cases/{case}/decide", decision, officer="assessor")
    card = view["card"]["card_id"]
    for more in (
        {"move": "personalise", "chip_serial": "CHIP1"},
        {"move": "pass_quality"},
        {"move": "store", "location": "collection-1.magazine", "slot": 1},
    ):
        office.move("booth-1", case, card, officer="maker", **more)
    assert [row.stage for row in rows(office, channel="mail")] == ["submitted", "approved", "ready"]
    office.recognised(case)
    office.good("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": 4})
    for move in ("release_reservation", "reserve", "present", "issue"):
        office.move("collection-1", case, card, move=move)
    told = [(row.stage, row.state) for row in rows(office, channel="sms")]
    assert told[-1] == ("collected", "waiting")
    # It lay in its slot twice and is told once; and who has the card need not hear of it.
    assert told.count(("ready", "expired")) == 1
    assert len(told) == 4


def test_a_refused_application_is_told_without_its_reason(office):
    case = office.tag()["case_id"]
    agree(office, case, ONLY_MAIL)
    office.submitted()
    decision = {"decision": "refuse", "reason": "forged papers"}
    office.good("booth-1", f"/v1/cases/{case}/decide", decision, officer="assessor")
    assert [row.stage for row in rows(office)] == ["submitted", "refused"]


def test_only_what_a_person_wants_to_hear(office):
    case = office.tag()["case_id"]
    about_appointments = Consent(MAIL, "", Language.ENGLISH, (NoticeTopic.APPOINTMENT,))
    agree(office, case, about_appointments)
    tell(office, case, NoticeStage.READY, "card")
    assert rows(office) == []


def test_a_command_that_fails_tells_nothing(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)

    def fail(transaction):
        notices.tell(transaction, booking, NoticeStage.CHANGED, "one")
        raise Refusal(409, "no")

    with pytest.raises(Refusal):
        do(office, fail)
    assert [row.stage for row in rows(office)] == ["booked"]


def test_a_cancelled_booking_is_erased_and_its_last_notice_keeps_a_key_of_its_own(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)

    cancel(office, booking)
    assert states(office) == [
        ("booked", "mail", "expired", "overtaken"),
        ("cancelled", "mail", "waiting", None),
    ]
    taken = take(office)
    assert (taken.stage, taken.address, taken.stop_token) == (NoticeStage.CANCELLED, MAIL, "")
    key = f"notice {taken.notice_id}"
    assert key in data_keys(office)
    mark(office, taken, Sent())
    assert not {key, booking} & data_keys(office)
    assert office.store.ask(lambda t: contacts.every(t, booking)) == []


def data_keys(office):
    ask = select(tables.data_keys.c.subject)
    return set(office.store.ask(lambda t: t.connection.execute(ask).scalars().all()))


def test_what_has_become_untrue_is_not_sent(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)
    tell(office, booking, NoticeStage.CHANGED, "10:00")
    tell(office, booking, NoticeStage.CHANGED, "11:00")
    tell(office, booking, NoticeStage.CHANGED, "11:00")
    tell(office, booking, NoticeStage.CARRIED_OVER, "tomorrow")
    assert states(office, state="waiting") == [("carried_over", "mail", "waiting", None)]
    assert len(rows(office)) == 4


def test_a_change_that_was_told_twice_still_waits(office):
    booking = book(office)
    agree(office, booking, ONLY_MAIL)
    for _ in range(2):
        tell(office, booking, NoticeStage.CHANGED, "10:00")
    assert states(office, state="waiting") == [("changed", "mail", "waiting", None)]


def test_the_day_before_everybody_who_comes_is_reminded_once(office):
    tomorrow, later = book(office, day=1), book(office, "Z683365(A)", day=2)
    nobody_told = book(office, "G123456(A)", day=1)
    for booking in (tomorrow, later):
        agree(office, booking)
    assert do(office, notices.remind) == 0  # who booked today knows
    backdate(office)
    assert do(office, notices.remind) == 1
    assert do(office, notices.remind) == 0
    told = [(row.subject, row.channel) for row in rows(office, stage="reminder")]
    assert told == [(tomorrow, "mail"), (tomorrow, "sms")]
    assert nobody_told not in {row.subject for row in rows(office)}
    office.clock.advance(24 * 3600 - 3600)  # eight o'clock on the next morning: too early
    assert do(office, notices.remind) == 0
    office.clock.advance(3600)
    assert do(office, notices.remind) == 1
    assert rows(office, stage="reminder")[-1].subject == later


def backdate(office):
    earlier = office.clock() - timedelta(days=3)
    do(office, lambda t: t.connection.execute(update(tables.bookings).values(made_at=earlier)))


def test_who_cancelled_or_took_a_tag_is_not_reminded(office):
    booking = book(office, day=1)
    agree(office, booking, ONLY_MAIL)
    backdate(office)
    cancel(office, booking)
    assert do(office, notices.remind) == 0


def test_a_booking_erased_by_somebody_else_is_looked_for_no_more(office):
    booking = book(office, day=1)
    agree(office, booking, ONLY_MAIL)
    backdate(office)
    do(office, lambda t: t.erase(booking))
    assert do(office, notices.remind) == 1
    assert do(office, notices.remind) == 0
    assert rows(office, stage="reminder") == []


def test_a_case_takes_the_contacts_of_its_booking_along(office):
    booking = book(office)
    agree(office, booking)
    case = office.tag()["case_id"]
    assert office.store.ask(lambda t: contacts.every(t, booking)) == []
    tell(office, case, NoticeStage.READY, "card")
    assert [row.channel for row in rows(office, stage="ready")] == ["mail", "sms"]
    found = [take(office).address, take(office).address]
    assert found == [MAIL, MAIL]


def test_a_card_is_rather_told_to_a_confirmed_address(office):
    case = office.tag()["case_id"]
    agree(office, case)
    mail = office.store.ask(lambda t: contacts.of(t, case, Channel.MAIL))
    do(office, lambda t: contacts.confirm(t, mail, "web"))
    tell(office, case, NoticeStage.COLLECTED, "card")
    tell(office, case, NoticeStage.SUBMITTED)
    assert [row.channel for row in rows(office, stage="collected")] == ["mail"]
    assert [row.channel for row in rows(office, stage="submitted")] == ["mail", "sms"]
    for _ in range(2):
        mark(office, take(office), Sent())
    mark(office, take(office, Channel.SMS), Sent())
    evidence = [line[1] for line in ledger_of(office, case) if line[0] == "notice_sent"]
    assert [("true" in line, "mail" in line) for line in evidence] == [
        (True, True),
        (True, True),
        (False, False),
    ]


def test_an_erased_case_is_told_nothing(office):
    case = office.submitted()
    agree(office, case, ONLY_MAIL)
    office.good("booth-1", f"/v1/cases/{case}/decide", {"decision": "refuse"}, officer="assessor")
    do(office, lambda t: erase_case(t, UUID(case), "assessor"))
    assert take(office) is None
    assert states(office) == [("refused", "mail", "expired", "erased")]
    assert office.store.ask(lambda t: contacts.every(t, case)) == []
    assert case not in data_keys(office)


def test_a_case_erased_while_its_notice_is_sent_gets_no_new_key(office):
    case = office.submitted()
    agree(office, case, ONLY_MAIL)
    office.good("booth-1", f"/v1/cases/{case}/decide", {"decision": "refuse"}, officer="assessor")
    tell(office, case, NoticeStage.COLLECTED)
    taken = [take(office), take(office)]
    do(office, lambda t: erase_case(t, UUID(case), "assessor"))
    for one in taken:
        mark(office, one, Sent())
    assert {row.state for row in rows(office)} == {"sent"}
    assert case not in data_keys(office)


def test_the_letter_is_mailed_once_to_an_address_and_not_to_the_whole_town(office):
    booking = book(office)

    def queue(address):
        def run(transaction):
            row = bookings.by_id(transaction, booking)
            assert row is not None
            notices.queue_letter(transaction, row, address, Language.ENGLISH)

        do(office, run)

    for _ in range(2):
        queue(MAIL)
    assert len(rows(office, stage="letter")) == 1
    assert take(office).about.letter_token
    for number in range(4):
        queue(f"a{number}@example.com")
    with pytest.raises(Refusal, match="too_many_tries"):
        queue("one.more@example.com")


def test_tries_come_with_growing_pauses_and_end(office):
    agree(office, book(office, day=2), ONLY_MAIL)
    pauses = []
    while (taken := take(office)) is not None:
        mark(office, taken, Later("smtp_450", after_s=90.0))
        row = rows(office)[0]
        pauses.append((row.due_at - office.clock()).total_seconds() / 60)
        assert take(office) is None
        if row.state == "waiting":
            office.clock.moment = row.due_at
    assert pauses[:-1] == [1.5, 5, 15, 60, 180, 360, 720]  # the peer asked for ninety seconds
    assert len(pauses) == MOST_TRIES
    assert states(office) == [("booked", "mail", "failed", "smtp_450")]
    assert counts(office) == {"waiting": 0, "sent": 0, "failed": 1, "expired": 0}


def test_what_comes_too_late_is_not_sent(office):
    agree(office, book(office), BOTH)
    office.clock.advance(16 * 3600)  # the appointment is past
    assert take(office) is None
    assert states(office, channel="mail") == [("booked", "mail", "expired", "too_late")]
    do(office, outbox.tidy)  # by a channel that nobody serves
    assert states(office, channel="sms") == [("booked", "sms", "expired", "too_late")]
    office.clock.advance(91 * 24 * 3600)
    do(office, outbox.tidy)
    assert rows(office) == []


def test_a_sender_that_died_a_mail_goes_again_and_a_text_does_not(office):
    agree(office, book(office, day=2))
    mail, text = take(office), take(office, Channel.SMS)
    assert take(office) is None  # leased
    office.clock.advance(outbox.LEASE.total_seconds())
    again = take(office)
    assert (again.notice_id, again.tries) == (mail.notice_id, 2)
    assert take(office, Channel.SMS) is None
    assert states(office, channel="sms") == [("booked", "sms", "failed", "lease_lost")]
    # Who wakes up late has lost the lease and changes nothing.
    mark(office, mail, Failed("late"))
    mark(office, text, Sent())
    assert rows(office, channel="mail")[0].state == "sending"
    assert rows(office, channel="sms")[0].state == "failed"
    mark(office, again, Sent())
    assert rows(office, channel="mail")[0].state == "sent"


def test_the_provider_knows_better_what_became_of_a_text(office):
    agree(office, book(office, day=2), ONLY_SMS)
    taken = take(office, Channel.SMS)
    deliver = lambda error=None: do(  # noqa: E731 (said four times)
        office, lambda t: outbox.delivered(t, taken.notice_id, error)
    )
    office.clock.advance(outbox.LEASE.total_seconds())
    assert take(office, Channel.SMS) is None
    deliver()  # the sender had died after sending
    row = rows(office)[0]
    assert (row.state, row.delivered_at) == ("sent", office.clock())
    deliver("sms_30003")  # out of order: it is on the phone already
    assert rows(office)[0].state == "sent"


def test_a_text_that_never_reached_the_phone_has_failed(office):
    agree(office, book(office, day=2), ONLY_SMS)
    taken = take(office, Channel.SMS)
    mark(office, taken, Sent("SM1"))
    do(office, lambda t: outbox.delivered(t, taken.notice_id, "sms_30003"))
    do(office, lambda t: outbox.delivered(t, "unknown", None))
    assert states(office) == [("booked", "sms", "failed", "sms_30003")]


def test_one_booking_floods_no_strangers(office):
    booking = book(office)
    for number in range(5):
        consent = Consent(f"a{number}@example.com", "", Language.ENGLISH, tuple(NoticeTopic))
        agree(office, booking, consent)
    with pytest.raises(Refusal, match="too_many_tries"):
        agree(office, booking, ONLY_MAIL)
    kept = office.store.ask(lambda t: contacts.of(t, booking, Channel.MAIL))
    assert office.store.ask(lambda t: contacts.address_of(t, kept)) == "a4@example.com"


class Peer:
    """Takes mails and texts, and fails as told."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.taken = []

    def send(self, *what):
        if self.errors:
            error = self.errors.pop(0)
            if error is not None:
                raise error
        self.taken.append(what)
        return "id"


def send(office, channel, peer):
    async def run():
        ways = Transports(mail=peer, sms=peer)
        sender = Sender(office.store, office.service.settings, SETTINGS, ways, office.clock)
        return await sender.send_due(channel)

    return asyncio.run(run())


def test_the_sender_sends_what_waits_and_marks_it(office):
    for number, day in (("A123456(3)", 1), ("Z683365(A)", 2)):
        agree(office, book(office, number, day))
    peer = Peer()
    assert send(office, Channel.MAIL, peer) == 2
    assert send(office, Channel.SMS, peer) == 2
    assert send(office, Channel.MAIL, peer) == 0
    assert {row.state for row in rows(office)} == {"sent"}
    assert counts(office) == {"waiting": 0, "sent": 4, "failed": 0, "expired": 0}
    number, text, notice_id = peer.taken[2]
    assert number == NUMBER
    assert text.startswith("Identity card service:")
    assert notice_id == rows(office, channel="sms")[0].notice_id


@pytest.mark.parametrize(
    ("error", "mail", "sms"),
    [
        (NotNowError("busy"), ("waiting", "busy"), ("waiting", "busy")),
        (NeverError("gone"), ("failed", "gone"), ("failed", "gone")),
        (UnknownError("silence"), ("waiting", "silence"), ("failed", "silence")),
        (KeyError("no text"), ("failed", "not_made_KeyError"), ("failed", "not_made_KeyError")),
    ],
)
def test_what_a_peers_answer_means(office, error, mail, sms):
    agree(office, book(office, day=2))
    for channel in Channel:
        assert send(office, channel, Peer(error)) == 1
    assert [(row.state, row.reason) for row in rows(office)] == [mail, sms]


def test_who_told_the_provider_to_stop_is_withdrawn(office):
    booking = book(office, day=2)
    agree(office, booking)
    send(office, Channel.SMS, Peer(NeverError("sms_21610", wants_none=True)))
    left = office.store.ask(lambda t: contacts.every(t, booking))
    assert [row.channel for row in left] == ["mail"]
    assert ledger_of(office, booking)[-1][0] == "notices_withdrawn"


def test_a_peer_that_never_ends_holds_no_lane(office, monkeypatch):
    monkeypatch.setattr(sending, "_SENDING_AT_MOST_S", 0.2)
    agree(office, book(office, day=2))
    ended = threading.Event()

    class Endless:
        def send(self, *_):
            ended.wait(20)

    try:
        for channel in Channel:
            assert send(office, channel, Endless()) == 1
    finally:
        ended.set()
    assert [(row.state, row.reason) for row in rows(office)] == [
        ("waiting", "endless"),
        ("failed", "endless"),
    ]


def test_a_notice_of_an_office_that_is_gone_is_given_up(office):
    agree(office, book(office, day=2), ONLY_MAIL)
    do(office, lambda t: t.connection.execute(update(tables.bookings).values(office="OLD")))
    send(office, Channel.MAIL, Peer())
    assert states(office) == [("booked", "mail", "failed", "office_gone")]


def test_a_lane_goes_on_after_an_error_of_the_store_and_ends_when_told(office, monkeypatch, caplog):
    agree(office, book(office, day=2), ONLY_MAIL)
    monkeypatch.setattr(sending, "_LOOK_EVERY_S", 0.01)
    is_due, asked = outbox.is_due, []

    def fail_first(transaction, channel):
        asked.append(channel)
        if len(asked) < 3:
            raise RuntimeError("somebody@example.com")
        return is_due(transaction, channel)

    monkeypatch.setattr(outbox, "is_due", fail_first)
    peer = Peer()

    async def run():
        ways = Transports(mail=peer, sms=peer)
        sender = Sender(office.store, office.service.settings, SETTINGS, ways, office.clock)
        sender.start()
        while not rows(office, state="sent"):
            await asyncio.sleep(0.01)
        await sender.close()

    asyncio.run(run())
    assert len(peer.taken) == 1
    assert "notices by mail: RuntimeError" in caplog.text
    assert "somebody" not in caplog.text
