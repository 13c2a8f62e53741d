"""Whole visits to the collection kiosk: real backend, journal and drivers; no window."""

import itertools
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from common.domain.card import CardState
from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.wire.evidence import OfficersProof
from common.wire.shapes import SignInRequest
from hardware.simulation.chip import altered, cloned
from hardware.simulation.people import person
from hardware.smartcard.lds import DG11
from hardware.smartcard.mrz import Mrz
from kiosk_collection import events as e
from kiosk_collection import visit as v
from kiosk_collection.staff import words as staff
from tests.support import card_desks
from tests.support.backend_office import MORNING, PASSWORD, office_settings, running_office
from tests.support.chips import content
from tests.support.collection_kiosk import NAME, collection_kiosk
from tests.support.issued_cards import Country, country

SEEDS = itertools.count(1)
POCKETS = iter(range(2, 17))
"""The office is one for all tests, and knows what lies in each pocket of each of them."""
UNMOVED = itertools.count(17)
"""Pockets beyond this kiosk's, of cards that nothing moves."""
OFFICERS = ("reg-officer", "assessor", "maker", "counter", "all-round")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    with running_office(office_settings(folder, OFFICERS)) as found:
        yield found


@pytest.fixture
def kiosk(office, tmp_path):
    with collection_kiosk(tmp_path, office) as found:
        found.until(v.Welcome)
        yield found


@pytest.fixture
def who():
    """Somebody new for each test, with the one face and fingers that take time to make."""
    return replace(person(1), identity_number=person(next(SEEDS)).identity_number)


def begin(kiosk, who, faulty=False, pockets=POCKETS):
    """Prepare a case and its card, and insert the old card."""
    new = kiosk.card_of(who, fingers_of=39 if faulty else who.seed)
    case = kiosk.ready_case(who, new, next(pockets))
    old = kiosk.card_of(who, who.seed)
    kiosk.act("intake", "insert", thing=old.id)
    return case, old, new


def identify(kiosk, who):
    kiosk.stand_before(who)
    kiosk.place_finger(who, 1)


def take_old_card(kiosk):
    kiosk.until(v.TakeDocument)
    kiosk.act("intake", "take", hand="person")


def take_back(kiosk, state):
    kiosk.until(state)
    kiosk.tell(e.PersonLeft())
    take_old_card(kiosk)
    kiosk.until(v.Welcome)


def sent(kiosk):
    assert kiosk.station.exchange.flush(10)
    assert kiosk.station.journal.count_refused() == 0


def test_a_person_collects_the_new_card(kiosk, who):
    case, old, new = begin(kiosk, who)
    identify(kiosk, who)
    shown = kiosk.until(v.IsThisRight).card
    assert who.identity_number not in repr(shown.number)
    assert shown.number.endswith("***(*)")
    kiosk.tell(e.SaidRight()).until(v.TakeNewCard)
    kiosk.act("presenter", "take", hand="person")
    kiosk.until(v.Collected)
    assert (kiosk.place_of(new), kiosk.place_of(old)) == ("hand.person", "intake.bin")
    sent(kiosk)
    view = kiosk.office.find(case)
    assert view["state"] == "collected"
    assert view["card"]["state"] == "issued"
    kiosk.tell(e.Finished()).until(v.Welcome)


def test_three_wrong_fingers_lead_to_the_counter_with_a_tag(kiosk, who):
    case, old, _ = begin(kiosk, who)
    kiosk.stand_before(who)
    asked: list[tuple[int, int]] = []
    for press in range(1, 7):
        state = kiosk.until(
            v.CheckingFinger, when=lambda s: [(s.asked.position, s.asked.attempt)] != asked[-1:]
        )
        asked.append((state.asked.position, state.asked.attempt))
        kiosk.lift_finger()
        kiosk.place_finger(who, 5, press)
    assert asked == [(1, 1), (1, 2), (1, 3), (6, 1), (6, 2), (6, 3)]
    take_old_card(kiosk)
    ending = kiosk.until(v.Ended).ending
    assert ending.reason is HandOffReason.FINGER_NOT_MATCHED
    assert ending.tag_number is not None
    assert ending.slip
    assert kiosk.place_of(old) == "hand.person"
    view = kiosk.office.find(case)
    assert view["hand_off"] == "finger_not_matched"
    assert view["attempts"]["face"] == "accepted"
    assert view["attempts"]["fingers"][0]["tries"] == 3
    assert view["tag"]["number"] == ending.tag_number
    assert view["tag"]["stage"] == "counter"


def test_a_card_with_another_persons_finger_never_comes_out(kiosk, who):
    case, old, new = begin(kiosk, who, faulty=True)
    identify(kiosk, who)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.reason is HandOffReason.NEW_CARD_FAULTY
    assert (kiosk.place_of(new), kiosk.place_of(old)) == ("presenter.bin", "hand.person")
    sent(kiosk)
    assert kiosk.office.find(case)["state"] == "approved", "another card is ordered"


def test_a_card_not_taken_goes_back(kiosk, who):
    case, old, new = begin(kiosk, who)
    identify(kiosk, who)
    kiosk.until(v.IsThisRight)
    kiosk.tell(e.SaidRight())
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.reason is HandOffReason.NOT_TAKEN
    assert (kiosk.place_of(new), kiosk.place_of(old)) == ("presenter.bin", "hand.person")
    sent(kiosk)
    assert kiosk.office.find(case)["card"]["state"] == "retained"


@pytest.mark.parametrize("takes", [True, False])
def test_a_power_cut_with_the_card_at_the_gate(kiosk, who, takes):
    case, old, new = begin(kiosk, who)
    identify(kiosk, who)
    kiosk.until(v.IsThisRight)
    kiosk.tell(e.SaidRight()).until(v.TakeNewCard)
    kiosk.stop()
    if takes:
        kiosk.act("presenter", "take", hand="person")
    kiosk.start()
    if takes:
        kiosk.until(v.Welcome)
        expected, places = "issued", ("hand.person", "intake.bin")
    else:
        take_old_card(kiosk)
        assert kiosk.until(v.Ended).ending.reason is HandOffReason.EQUIPMENT_FAILED
        expected, places = "retained", ("presenter.bin", "hand.person")
    assert (kiosk.place_of(new), kiosk.place_of(old)) == places
    sent(kiosk)
    assert kiosk.office.find(case)["card"]["state"] == expected


def test_a_jam_on_the_way_to_the_person(kiosk, who):
    case, old, new = begin(kiosk, who)
    identify(kiosk, who)
    kiosk.until(v.IsThisRight)
    kiosk.devices["presenter"].set_fault("jammed", True)
    kiosk.tell(e.SaidRight())
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.reason is HandOffReason.EQUIPMENT_FAILED
    assert kiosk.place_of(old) == "hand.person"
    kiosk.tell(e.Finished()).until(v.OutOfService)
    kiosk.devices["presenter"].set_fault("jammed", False)
    kiosk.until(v.Welcome)
    assert kiosk.place_of(new) == "presenter.bin"
    sent(kiosk)
    assert kiosk.office.find(case)["card"]["state"] == "retained"


def test_a_card_that_is_not_ready(kiosk, who):
    kiosk.ready_case(who, None)
    old = kiosk.card_of(who, who.seed)
    kiosk.act("intake", "insert", thing=old.id)
    take_old_card(kiosk)
    ending = kiosk.until(v.Ended).ending
    assert ending.kind is v.EndKind.NOT_READY
    assert ending.ready_on is not None


def test_no_day_is_promised_that_has_passed(kiosk, who):
    kiosk.ready_case(who, None)
    kiosk.desk.clock = lambda: MORNING + timedelta(days=60)
    old = kiosk.card_of(who, who.seed)
    kiosk.act("intake", "insert", thing=old.id)
    take_old_card(kiosk)
    ending = kiosk.until(v.Ended).ending
    assert (ending.kind, ending.ready_on) == (v.EndKind.NOT_READY, None)


def test_a_card_that_lies_in_another_kiosk_is_not_asked_for_at_the_counter(kiosk, who):
    case, old, new = begin(kiosk, who)
    take_back(kiosk, v.CheckingFace)
    card = kiosk.office.find(case)["card"]
    there = {"move": "store", "location": "collection-2.magazine", "slot": card["slot"]}
    assert kiosk.office.move("booth-1", case, card["card_id"], "maker", **there)["outcome"] == (
        "accepted"
    )
    kiosk.act("intake", "insert", thing=old.id)
    take_old_card(kiosk)
    ending = kiosk.until(v.Ended).ending
    assert ending == v.Ending(v.EndKind.OTHER_KIOSK, kiosk="collection-2")
    assert kiosk.place_of(new).startswith("magazine")


def test_a_good_card_in_a_wrong_pocket_is_kept_for_an_officer(kiosk, who):
    other = kiosk.card_of(replace(who, identity_number=person(next(SEEDS)).identity_number), 1)
    case, old, new = begin(kiosk, who)
    pocket = kiosk.office.find(case)["card"]["slot"]
    kiosk.world.move(kiosk.world.get(new.id), "hand.staff")
    kiosk.world.move(kiosk.world.get(other.id), f"{NAME}.magazine.slot.{pocket}")
    identify(kiosk, who)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.reason is HandOffReason.EQUIPMENT_FAILED
    assert (kiosk.place_of(other), kiosk.place_of(old)) == ("presenter.bin", "hand.person")
    sent(kiosk)
    assert kiosk.office.find(case)["card"]["state"] == "retained", "no other card is ordered"


def test_a_presenter_that_reads_no_card_orders_no_remakes(kiosk, who):
    for number in (who.identity_number, person(next(SEEDS)).identity_number):
        somebody = replace(who, identity_number=number)
        case, _, new = begin(kiosk, somebody)
        kiosk.world.get(new.id).data["zone"] = ""
        kiosk.stand_before(somebody)
        kiosk.until(v.CheckingFinger)
        kiosk.lift_finger()
        kiosk.place_finger(somebody, 1)
        take_old_card(kiosk)
        assert kiosk.until(v.Ended).ending.reason is HandOffReason.EQUIPMENT_FAILED
        sent(kiosk)
        assert kiosk.office.find(case)["card"]["state"] == "retained"
        kiosk.tell(e.Finished()).until(v.Welcome, v.OutOfService)
    assert kiosk.state.cause is v.Cause.DEVICES, "a third card is not tried"
    signed_in(kiosk)
    kiosk.tell(staff.LeaveChosen()).until(v.Welcome)


def test_before_the_bin_of_cards_not_taken_is_full_nobody_is_asked_for_a_face(kiosk):
    kiosk.devices["presenter"].set_fault("bin_full", True)
    kiosk.tell(e.AskedForStaff()).tell(e.Finished())
    assert kiosk.until(v.OutOfService).cause is v.Cause.FULL
    kiosk.devices["presenter"].set_fault("bin_full", False)
    kiosk.until(v.Welcome)


def test_a_form_leads_to_the_same_case(kiosk, who):
    case = kiosk.ready_case(who, kiosk.card_of(who, who.seed), next(UNMOVED))
    token = kiosk.office.find(case)["receipt_token"]
    form = kiosk.form_with(token)
    kiosk.act("form_collector", "insert", thing=form.id)
    kiosk.until(v.TakeDocument)
    kiosk.act("form_collector", "take", hand="person")
    ending = kiosk.until(v.Ended).ending
    assert ending == v.Ending(v.EndKind.WRONG_DOCUMENT, expects=OldDocument.OLD_CARD)
    assert kiosk.place_of(form) == "hand.person"


def test_a_document_in_a_unit_that_does_not_answer_is_not_taken_for_returned(kiosk, who):
    _, old, _ = begin(kiosk, who)
    kiosk.until(v.CheckingFace)
    kiosk.devices["intake"].set_fault("unplugged", True)
    kiosk.tell(e.AskedForStaff())
    assert kiosk.until(v.Ended).ending.document_stays
    assert kiosk.place_of(old) == "intake.inside"
    kiosk.devices["intake"].set_fault("unplugged", False)
    kiosk.tell(e.Finished())
    # Found while settling, or taken in once more: it is not forgotten.
    kiosk.until(v.TakeDocument, v.CheckingFace)


def test_a_lost_line_gives_the_card_back(kiosk, who, monkeypatch):
    old = kiosk.card_of(who, who.seed)
    monkeypatch.setattr(kiosk.station.client, "_address", "http://127.0.0.1:9")
    kiosk.act("intake", "insert", thing=old.id)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.kind is v.EndKind.NO_CONNECTION


def test_a_card_that_nobody_knows_comes_back(kiosk, who):
    old = kiosk.card_of(who, who.seed)
    kiosk.act("intake", "insert", thing=old.id)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.kind is v.EndKind.UNKNOWN_CASE


def test_a_dead_chip_is_told_and_the_card_comes_back(kiosk, who):
    old = kiosk.card_of(who, who.seed)
    kiosk.devices["intake"].set_fault("chip_dead", True)
    kiosk.act("intake", "insert", thing=old.id)
    kiosk.until(v.Unread)
    kiosk.tell(e.DocumentWanted())
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.kind is v.EndKind.UNREADABLE


def forged(kiosk, who, change):
    """Insert an old card that is not as it should be; return what the person is told."""
    old = kiosk.card_of(who, who.seed)
    change(kiosk.world.get(old.id).data)
    kiosk.act("intake", "insert", thing=old.id)
    if isinstance(kiosk.until(v.TakeDocument, v.Unread), v.Unread):
        kiosk.tell(e.DocumentWanted())
    take_old_card(kiosk)
    ending = kiosk.until(v.Ended).ending
    assert kiosk.place_of(old) == "hand.person"
    return ending.kind


def put_chip(make):
    def change(data):
        data["chip"] = make(data["chip"])

    return change


def issued_elsewhere(chip):
    file = bytes.fromhex(chip["files"]["0101"])
    held = content(mrz=Mrz.parse(file[-90:].decode()))
    return Country().card(holder=held) | {"serial": chip["serial"]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put_chip(cloned), v.EndKind.CARD_DOUBTFUL),
        (put_chip(lambda chip: altered(chip, DG11)), v.EndKind.CARD_DOUBTFUL),
        (put_chip(issued_elsewhere), v.EndKind.CARD_FOREIGN),
        (lambda data: data.update(zone=""), v.EndKind.ZONE_UNREADABLE),
        (lambda data: data.update(zone=content().mrz.text()), v.EndKind.CARD_DOUBTFUL),
    ],
    ids=["cloned", "altered", "foreign", "smeared", "another's chip"],
)
def test_an_old_card_that_is_not_believed_opens_no_case(kiosk, who, change, told):
    kiosk.ready_case(who, kiosk.card_of(who, who.seed))
    assert forged(kiosk, who, change) is told


def test_an_old_card_whose_signer_was_revoked_opens_no_case(kiosk, who):
    kiosk.ready_case(who, kiosk.card_of(who, who.seed), next(UNMOVED))
    revoked = replace(card_desks.trust(), authorities=lambda: country().without_signer)
    kiosk.desk.intake._trust = revoked
    assert forged(kiosk, who, lambda _data: None) is v.EndKind.CARD_NOT_VALID


def test_a_new_card_that_cannot_prove_itself_is_not_handed_out(kiosk, who):
    _, old, new = begin(kiosk, who)
    data = kiosk.world.get(new.id).data
    data["chip"] = cloned(data["chip"])
    identify(kiosk, who)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.reason is HandOffReason.NEW_CARD_FAULTY
    assert (kiosk.place_of(new), kiosk.place_of(old)) == ("presenter.bin", "hand.person")


def test_without_a_collector_cards_are_still_taken(kiosk):
    kiosk.devices["form_collector"].set_fault("unplugged", True)
    kiosk.tell(e.AskedForStaff()).tell(e.Finished())
    missing = frozenset({OldDocument.ACKNOWLEDGEMENT})
    kiosk.until(v.Welcome, when=lambda s: s.missing == missing)
    kiosk.devices["form_collector"].set_fault("unplugged", False)
    kiosk.until(v.Welcome, when=lambda s: not s.missing)


def test_without_a_presenter_the_kiosk_is_closed_until_it_is_back(kiosk):
    kiosk.devices["presenter"].set_fault("unplugged", True)
    kiosk.tell(e.AskedForStaff()).tell(e.Finished())
    assert kiosk.until(v.OutOfService).cause is v.Cause.DEVICES
    kiosk.devices["presenter"].set_fault("unplugged", False)
    kiosk.until(v.Welcome)


def given_to_a_proxy(kiosk, who):
    """Let two officers hand the new card to somebody for its holder; return case and card."""
    new = kiosk.card_of(who, who.seed)
    case = kiosk.ready_case(who, new, next(UNMOVED))
    office, view = kiosk.office, kiosk.office.find(case)
    card = view["card"]["card_id"]
    a_proxy_is_seen(office, case)
    body = {"expect_version": view["card"]["version"]}
    office.good("booth-1", f"/v1/cards/{card}/reserve", body, officer="counter")
    for move in ("present", "issue_to_proxy"):
        told = office.move("booth-1", case, card, "counter", move=move)
        assert told["outcome"] == "accepted", told
    kiosk.world.move(new, "hand.person")
    return case, card, new


def a_proxy_is_seen(office, case):
    """Let two officers see the papers of somebody who collects for the holder."""
    seen_of_proxy = {"adult": True, "signature_agrees": True}
    papers = {"paper": "form", "document": "identity_card", "name": "LI, SIU MING", "number": "B1"}
    proxy = papers | seen_of_proxy
    proof = {"photograph_compared": True, "note": "brother", "proxy": proxy}
    seen = OfficersProof.model_validate(proof).digest(UUID(case))
    known = {"kind": "holder_identified", "by": "officer", "proof": proof}
    assert office.fact("booth-1", case, known, "counter")["outcome"] == "accepted"
    witness = {"kind": "witnessed", "of": "recipient", "seen": seen}
    assert office.fact("booth-1", case, witness, "all-round")["outcome"] == "accepted"


def card_state(kiosk, new):
    serial = kiosk.world.get(new.id).data["chip"]["serial"]
    return kiosk.station.client.card_by_serial(serial).state


def test_the_holder_activates_a_card_that_a_proxy_collected(kiosk, who):
    _, _, new = given_to_a_proxy(kiosk, who)
    assert card_state(kiosk, new) is CardState.ISSUED_NOT_ACTIVATED
    kiosk.act("intake", "insert", thing=new.id)
    identify(kiosk, who)
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.kind is v.EndKind.ACTIVATED
    assert kiosk.place_of(new) == "hand.person"
    sent(kiosk)
    assert card_state(kiosk, new) is CardState.ISSUED


def test_what_officers_saw_of_a_proxy_releases_no_card_at_a_kiosk(kiosk, who):
    case, _, _ = begin(kiosk, who, pockets=UNMOVED)
    take_back(kiosk, v.CheckingFace)
    a_proxy_is_seen(kiosk.office, case)
    assert kiosk.office.find(case)["recipient"]["confirmed_by"]
    assert not kiosk.desk._is_believed(UUID(case))


def test_a_proxy_cannot_activate_the_card(kiosk, who):
    _, _, new = given_to_a_proxy(kiosk, who)
    kiosk.act("intake", "insert", thing=new.id)
    kiosk.stand_before(who)
    kiosk.until(v.CheckingFinger)
    kiosk.tell(e.CannotGiveFingers())
    take_old_card(kiosk)
    assert kiosk.until(v.Ended).ending.kind is v.EndKind.COUNTER
    sent(kiosk)
    assert card_state(kiosk, new) is CardState.ISSUED_NOT_ACTIVATED


# Staff


def signed_in(kiosk):
    session = kiosk.station.client.sign_in(SignInRequest(officer_id="maker", password=PASSWORD))
    kiosk.tell(e.StaffLetIn(session))
    return kiosk.until(v.Staff, when=lambda s: getattr(s.at, "stand", None) is not None).at


def at(kind, when=lambda _: True):
    return lambda state: isinstance(state.at, kind) and when(state.at)


def test_staff_load_a_card_that_is_then_ready(kiosk, who):
    new = kiosk.card_of(who, who.seed, hand="staff")
    case = kiosk.ready_case(who, new)
    menu = signed_in(kiosk)
    assert len(menu.stand.empty) == 16
    kiosk.tell(staff.LoadChosen())
    kiosk.act("intake", "insert", thing=new.id)
    pocket = kiosk.until(v.Staff, when=at(staff.PlacingCard)).at.card.pocket
    kiosk.act("intake", "take", hand="staff")
    kiosk.act("magazine", "open_service_door")
    kiosk.act("magazine", "put", thing=new.id, slot=9)
    kiosk.until(v.Staff, when=at(staff.PlacingCard, lambda p: p.wrong_pocket == 9))
    kiosk.act("magazine", "take", slot=9, hand="staff")
    kiosk.act("magazine", "put", thing=new.id, slot=pocket)
    kiosk.until(v.Staff, when=at(staff.AwaitingCard, lambda a: a.last_pocket == pocket))
    kiosk.act("magazine", "close_service_door")
    kiosk.tell(staff.MenuChosen())
    kiosk.until(v.Staff, when=at(staff.Menu)).at  # noqa: B018
    kiosk.tell(staff.LeaveChosen()).until(v.Welcome)
    sent(kiosk)
    view = kiosk.office.find(case)
    assert view["state"] == "ready"
    assert (view["card"]["location"], view["card"]["slot"]) == (f"{NAME}.magazine", pocket)


@pytest.mark.parametrize("power_fails", [False, True])
def test_a_card_that_went_into_its_pocket_unseen_is_recorded_all_the_same(kiosk, who, power_fails):
    new = kiosk.card_of(who, who.seed, hand="staff")
    case = kiosk.ready_case(who, new)
    for taken in range(1, next(POCKETS)):
        kiosk.world.add("card", f"{NAME}.magazine.slot.{taken}", {})
    signed_in(kiosk)
    kiosk.tell(staff.LoadChosen())
    kiosk.act("intake", "insert", thing=new.id)
    pocket = kiosk.until(v.Staff, when=at(staff.PlacingCard)).at.card.pocket
    kiosk.act("intake", "take", hand="staff")
    kiosk.visit.leave()
    if power_fails:
        kiosk.stop()
    kiosk.act("magazine", "open_service_door")
    kiosk.act("magazine", "put", thing=new.id, slot=pocket)
    kiosk.act("magazine", "close_service_door")
    if power_fails:
        kiosk.start()
        kiosk.until(v.OutOfService)
        signed_in(kiosk)
    kiosk.tell(staff.LeaveChosen()).until(v.Welcome)
    sent(kiosk)
    view = kiosk.office.find(case)
    assert (view["state"], view["card"]["slot"]) == ("ready", pocket)


def test_a_new_card_is_never_given_to_a_visitor_after_a_power_cut(kiosk, who):
    new = kiosk.card_of(who, who.seed, hand="staff")
    kiosk.ready_case(who, new)
    signed_in(kiosk)
    kiosk.tell(staff.LoadChosen())
    kiosk.act("intake", "insert", thing=new.id)
    kiosk.until(v.Staff, when=at(staff.ReadingCard))
    kiosk.stop()
    kiosk.start()
    assert kiosk.until(v.OutOfService).cause is v.Cause.LOADING
    assert kiosk.place_of(new) in ("intake.inside", "intake.gate")
    signed_in(kiosk)
    kiosk.tell(staff.LeaveChosen())
    kiosk.act("intake", "take", hand="staff")
    kiosk.until(v.Welcome)
