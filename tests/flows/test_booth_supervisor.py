"""A supervisor's own duties at a desk: real backend, card unit and officers' cards; no window."""

from base64 import b64encode
from threading import Event

import pytest

from backend.commands import officer_book
from booth import desk
from booth.duties import officer_cards, watching
from booth.duties.shared import BackAsked, Duty, HomeAsked, Note
from common.domain.officer import Role
from common.flow.staff_words import LetIn
from common.station.officer_cards import OfficerDoor
from tests.support.backend_office import office_settings, running_office
from tests.support.booth_desk import officers_desk
from tests.support.officer_cards import PIN, made_card

HOLDER, SUPERVISOR = "reg-officer", "all-round"
NUMBER = "A123456(3)"


@pytest.fixture
def office(tmp_path):
    def promote(transaction):
        roles = [Role.SUPERVISOR, Role.PRODUCTION]
        officer_book.change(transaction, SUPERVISOR, roles, enabled=True, at="backend", by=None)

    with running_office(office_settings(tmp_path, (HOLDER, SUPERVISOR))) as found:
        found.store.submit(promote).result(10)
        yield found


@pytest.fixture
def booth(office, tmp_path):
    with officers_desk(tmp_path, office) as found:
        yield found


def card_in_hand(booth, serial="0F" * 8):
    memory, _ = made_card(HOLDER, serial)
    return booth.world.add("card", "hand.officer", {"label": "officer card", "chip": memory})


def inserted(booth, thing):
    booth.tell(officer_cards.GiveAsked())
    booth.hand(lambda: booth.unit.act("insert", {"thing": thing.id}))


def taken(booth):
    booth.until(officer_cards.CardWaits)
    booth.take_from_gate()
    return booth.until(officer_cards.Cards)


def listed(booth):
    booth.tell(desk.DutyChosen(Duty.OFFICER_CARDS))
    return booth.until(officer_cards.Cards)


def test_a_card_is_given_to_its_holder_who_types_the_pin_and_is_ended_again(booth):
    assert listed(booth).rows == ()
    thing = card_in_hand(booth)
    inserted(booth, thing)
    assert booth.until(officer_cards.Binding).tries == 3
    booth.tell(officer_cards.BindAsked(SUPERVISOR, PIN)).until(officer_cards.Binding)
    assert booth.state.note is Note.NOT_YOUR_OWN_CARD
    booth.tell(officer_cards.BindAsked("nobody-here", PIN))
    booth.until(officer_cards.Binding, when=lambda s: s.note is Note.NO_SUCH_OFFICER)
    booth.tell(officer_cards.BindAsked(HOLDER, "999999"))
    wrong = booth.until(officer_cards.Binding, when=lambda s: s.note is Note.PIN_WRONG)
    assert wrong.tries == 2
    booth.tell(officer_cards.BindAsked(HOLDER, PIN))
    given = taken(booth)
    assert given.note is Note.CARD_GIVEN
    assert [row.officer_id for row in given.rows] == [HOLDER]

    # The card now opens the door of a kiosk; and no more once it is ended.
    unit, door = booth.station.device("card_unit"), OfficerDoor("booth-1", booth.station.client)
    booth.hand(lambda: booth.unit.act("insert", {"thing": thing.id}))
    assert booth.tools.encoder.wait_for_card(10, Event())
    let_in = door.check_pin(unit, PIN)
    assert isinstance(let_in, LetIn)
    assert let_in.member.officer_id == HOLDER
    booth.tell(officer_cards.RevokeAsked(given.rows[0].key_id))
    booth.tell(officer_cards.RevokeConfirmed())
    ended = booth.until(officer_cards.Cards, when=lambda s: s.note is Note.CARD_ENDED)
    assert ended.rows == ()
    assert not isinstance(door.check_pin(unit, PIN), LetIn)
    booth.tell(HomeAsked())

    # What lies inside comes back before anything else, and an ended card is given to nobody.
    booth.tell(desk.DutyChosen(Duty.OFFICER_CARDS))
    assert taken(booth).note is None
    inserted(booth, thing)
    booth.until(officer_cards.Binding)
    booth.tell(officer_cards.BindAsked(HOLDER, PIN))
    assert taken(booth).note is Note.CARD_KNOWN


def test_what_is_no_officers_card_comes_back_and_a_new_card_in_work_is_left_alone(booth):
    listed(booth)
    booth.load_blanks(1)
    blank = booth.world.at("booth-1.card_unit.feeder")[0]
    booth.world.move(blank, "hand.officer")
    inserted(booth, blank)
    assert taken(booth).note is Note.NOT_OFFICERS_CARD
    booth.tell(officer_cards.GiveAsked()).tell(BackAsked())
    booth.until(officer_cards.Cards)
    motion = booth.station.journal.intend("personalise", {}, booth.clock())
    booth.tell(officer_cards.GiveAsked())
    assert booth.until(officer_cards.Cards, when=lambda s: s.note).note is Note.CARD_WORK_OPEN
    booth.station.journal.ended(motion)


def test_who_is_no_supervisor_gives_no_card(office, booth):
    _, certificate = made_card(HOLDER, "0E" * 8)
    body = {"certificate": b64encode(certificate).decode()}
    refused = office.send("booth-1", f"/v1/officers/{SUPERVISOR}/cards", body, officer=HOLDER)
    assert refused.status_code == 403
    assert Duty.OFFICER_CARDS not in desk.allowed((Role.REGISTRATION, Role.COUNTER))


def test_a_number_is_led_to_reception_and_no_longer(office, booth):
    booth.tell(desk.DutyChosen(Duty.WATCHING)).until(watching.Asking)
    booth.tell(watching.WatchAsked(NUMBER, is_watched=True))
    assert booth.until(watching.Asking).note is Note.WATCHED
    asked = {"by": "card", "identity_number": NUMBER}
    assert office.good("tag-1", "/v1/tags", asked)["outcome"] == "reception"
    booth.tell(watching.WatchAsked(NUMBER, is_watched=False))
    booth.until(watching.Asking, when=lambda s: s.note is Note.NOT_WATCHED)
    for clock in (office.clock, booth.clock):
        clock.advance(3600)
    booth.tell(watching.WatchAsked(NUMBER, is_watched=True))
    late = booth.until(watching.Asking, when=lambda s: s.note is not Note.NOT_WATCHED)
    assert late.note in (Note.CONFIRM_AGAIN, Note.SESSION_ENDED), "the password is asked once more"
