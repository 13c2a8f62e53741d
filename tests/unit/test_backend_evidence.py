"""What stands in for a finger at the backend: exceptions, their second officer, the recipient."""

import base64
import itertools
from uuid import UUID

import pytest

from common.domain.biometrics import FingerException
from common.domain.identity_number import IdentityNumber
from common.wire.evidence import Exceptions, OfficersProof
from tests.support.backend_office import PARTICULARS, office_settings, running_office

OFFICERS = ("reg-officer", "assessor", "maker", "counter", "all-round")
PICTURE = base64.b64encode(b"a hand").decode()


@pytest.fixture(scope="module")
def office(tmp_path_factory, module_database):
    folder = tmp_path_factory.mktemp("office")
    with running_office(office_settings(folder, OFFICERS, database=module_database)) as running:
        yield running


NUMBERS = (str(IdentityNumber("M", f"{n}")) for n in itertools.count(300_001))


@pytest.fixture
def case(office):
    """A case whose form is filled in and whose kiosk took no finger."""
    found = office.tag(next(NUMBERS))["case_id"]
    office.fact("bench-1", found, {"kind": "form_filled", "particulars": PARTICULARS})
    return found


def excepting(why="bandaged", positions=(1, 6), photographs=("right", "left"), **more):
    return {
        "fingers": [{"position": position, "why": why} for position in positions],
        "photographs": [{"hand": hand, "picture": PICTURE} for hand in photographs],
        "reason": "both thumbs bandaged",
        **more,
    }


def except_fingers(office, case, body, officer="reg-officer"):
    what = {"kind": "fingers_excepted", "exceptions": body}
    return office.fact("booth-1", case, what, officer)


def confirm(office, case, body, officer, of="exceptions"):
    kind = Exceptions if of == "exceptions" else OfficersProof
    seen = kind.model_validate(body).digest(UUID(case))
    return office.fact("booth-1", case, {"kind": "witnessed", "of": of, "seen": seen}, officer)


def test_what_a_kiosk_tried_is_shown_to_the_officer_and_to_no_bench(office, case):
    tried = {"position": 1, "tries": 3, "best_quality": 18, "advice": ["too_dry"] * 3}
    attempts = {"fingers": [tried], "face": "accepted", "seconds": 61.5}
    what = {"kind": "biometrics_attempted", "attempts": attempts}
    assert office.fact("registration-1", case, what)["outcome"] == "accepted"
    seen = office.find(case)
    assert seen["attempts"]["fingers"][0]["tries"] == 3
    assert "attempted" in seen["done"]
    assert office.find(case, "bench-1")["attempts"] is None


def test_another_officer_confirms_the_exceptions_that_were_seen(office, case):
    body = excepting()
    assert except_fingers(office, case, body)["outcome"] == "accepted"
    seen = office.find(case)
    assert (seen["excepted_by"], seen["exceptions_confirmed_by"]) == ("reg-officer", None)
    assert confirm(office, case, body, "all-round")["outcome"] == "accepted"
    assert office.find(case)["exceptions_confirmed_by"] == "all-round"


def test_who_recorded_the_exceptions_cannot_confirm_them(office, case):
    body = excepting()
    except_fingers(office, case, body)
    refused = confirm(office, case, body, "reg-officer")
    assert refused["reason"].startswith("same_officer")
    assert office.find(case)["exceptions_confirmed_by"] is None


def test_a_station_alone_or_an_officer_without_the_duty_confirms_nothing(office, case):
    body = excepting()
    assert except_fingers(office, case, body, officer=None)["reason"].startswith("officer_needed")
    except_fingers(office, case, body)
    assert confirm(office, case, body, None)["reason"].startswith("officer_needed")
    assert confirm(office, case, body, "assessor")["reason"].startswith("role_needed")


@pytest.mark.parametrize(
    "other",
    [
        excepting(positions=(1,)),
        excepting(why="worn"),
        excepting(photographs=("right",)),
        excepting(reason="something else"),
        excepting(parent="father, A123"),
    ],
    ids=["fingers", "kind", "photographs", "reason", "parent"],
)
def test_what_was_not_seen_is_not_confirmed(office, other):
    case = office.tag(next(NUMBERS))["case_id"]
    except_fingers(office, case, excepting())
    assert confirm(office, case, other, "all-round")["reason"].startswith("seen_otherwise")


def test_the_confirmation_of_another_case_counts_for_nothing(office, case):
    body = excepting()
    except_fingers(office, case, body)
    seen = Exceptions.model_validate(body).digest(UUID(int=1))
    what = {"kind": "witnessed", "of": "exceptions", "seen": seen}
    refused = office.fact("booth-1", case, what, "all-round")
    assert refused["reason"].startswith("seen_otherwise")


def test_exceptions_that_change_are_to_be_confirmed_anew(office, case):
    body = excepting()
    except_fingers(office, case, body)
    confirm(office, case, body, "all-round")
    except_fingers(office, case, excepting(positions=(1,)))
    assert office.find(case)["exceptions_confirmed_by"] is None


def test_a_twin_is_flagged_until_submission(office, case):
    flag = {"kind": "twin_flagged", "twin": True}
    assert office.fact("booth-1", case, flag, "reg-officer")["outcome"] == "accepted"
    assert office.find(case)["twin"] is True
    office.fact("booth-1", case, {**flag, "twin": False}, "reg-officer")
    assert office.find(case)["twin"] is False


def test_every_exception_has_a_word_on_the_wire(office, case):
    for why in FingerException:
        assert except_fingers(office, case, excepting(why=why.value))["outcome"] == "accepted"


# Who comes for the card

DOCUMENTS = {"documents": ["old_card", "travel_document"], "photograph_compared": True}


SLOTS = itertools.count(1)


@pytest.fixture
def stored(office):
    """A card in storage, made by "maker"; return its case and the card."""
    return office.stored(next(NUMBERS), slot=next(SLOTS))


def came(office, case, proof=None, by="officer", officer="counter"):
    what = {"kind": "holder_identified", "by": by, "proof": proof}
    return office.fact("booth-1", case, what, officer)


def reserve(office, card):
    body = {"expect_version": 4}
    return office.send("booth-1", f"/v1/cards/{card}/reserve", body, officer="counter")


def test_two_documents_the_photograph_and_a_second_officer_release_a_card(office, stored):
    case, card = stored
    assert reserve(office, card).json()["problem"] == "recipient_unproven"
    assert came(office, case, DOCUMENTS)["outcome"] == "accepted"
    assert reserve(office, card).json()["problem"] == "second_officer_needed"
    same = confirm(office, case, DOCUMENTS, "counter", of="recipient")
    assert same["reason"].startswith("same_officer")
    other = confirm(office, case, {**DOCUMENTS, "note": "x"}, "all-round", of="recipient")
    assert other["reason"].startswith("seen_otherwise")
    assert confirm(office, case, DOCUMENTS, "all-round", of="recipient")["outcome"] == "accepted"
    assert office.find(case)["recipient"]["confirmed_by"] == "all-round"
    assert reserve(office, card).status_code == 200
    for move in ("present", "issue"):
        moved = office.move("booth-1", case, card, officer="counter", move=move)
        assert moved["outcome"] == "accepted"


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {"documents": ["old_card"], "photograph_compared": True},
        {"documents": ["old_card", "old_card"], "photograph_compared": True},
        {"documents": ["old_card", "travel_document"]},
    ],
    ids=["none", "one document", "the same twice", "not compared"],
)
def test_less_than_that_is_no_proof(office, stored, proof):
    case, card = stored
    assert came(office, case, proof)["reason"].startswith("proof_needed")
    assert reserve(office, card).json()["problem"] == "recipient_unproven"


PROXY = {
    "paper": "form",
    "document": "identity_card",
    "name": "LI, SIU MING",
    "number": "B765432(1)",
    "adult": True,
    "signature_agrees": True,
}


def by_proxy(**changes):
    return {"photograph_compared": True, "note": "brother", "proxy": PROXY | changes}


@pytest.mark.parametrize(
    "changes",
    [{"adult": False}, {"signature_agrees": False}, {"name": " "}, {"number": ""}],
    ids=["a child", "another signature", "no name", "no number"],
)
def test_a_proxy_is_looked_at_in_every_point(office, stored, changes):
    case, _ = stored
    assert came(office, case, by_proxy(**changes))["reason"].startswith("proof_needed")
    unlike = by_proxy() | {"photograph_compared": False}
    assert came(office, case, unlike)["reason"].startswith("proof_needed")
    parent = came(office, case, by_proxy(paper="guardianship"))
    assert parent["reason"].startswith("not_a_minor")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "LI, SIU FONG"},
        {"number": "C1"},
        {"paper": "letter"},
        {"document": "travel_document"},
    ],
)
def test_the_proxy_that_was_seen_is_the_proxy_that_is_confirmed(office, stored, changes):
    case, _ = stored
    came(office, case, by_proxy())
    other = confirm(office, case, by_proxy(**changes), "all-round", of="recipient")
    assert other["reason"].startswith("seen_otherwise")


def test_a_proxys_card_goes_out_in_no_other_way_and_nobody_elses_so(office, stored):
    case, card = stored
    assert came(office, case, by_proxy())["outcome"] == "accepted"
    assert confirm(office, case, by_proxy(), "all-round", of="recipient")["outcome"] == "accepted"
    assert reserve(office, card).status_code == 200
    office.move("booth-1", case, card, officer="counter", move="present")
    active = office.move("booth-1", case, card, officer="counter", move="issue")
    assert active["reason"].startswith("recipient_unproven")
    came(office, case, DOCUMENTS)
    confirm(office, case, DOCUMENTS, "all-round", of="recipient")
    proxied = office.move("booth-1", case, card, officer="counter", move="issue_to_proxy")
    assert proxied["reason"].startswith("recipient_unproven")
    assert office.move("booth-1", case, card, officer="counter", move="issue")["outcome"] == (
        "accepted"
    )


def test_a_confirmation_without_a_proxy_is_worth_what_it_always_was():
    """The digest of a plain proof stays the one that officers have signed already."""
    plain = OfficersProof.model_validate(DOCUMENTS)
    signed = "76374acd39481cdef23d6735b612298113df2146d757897ba1668d5b5d488412"
    assert plain.digest(UUID(int=7)) == signed


@pytest.mark.parametrize("by", ["finger", "face"])
def test_one_biometric_alone_proves_no_recipient(office, stored, by):
    case, card = stored
    office.fact("collection-1", case, {"kind": "holder_identified", "by": by})
    assert office.find(case)["recipient"] is None
    body = {"expect_version": 4}
    office.good("collection-1", f"/v1/cards/{card}/reserve", body)
    office.move("collection-1", case, card, move="present")
    refused = office.move("collection-1", case, card, move="issue")
    assert refused["reason"].startswith("recipient_unproven")


def test_only_a_collection_kiosk_says_face_and_finger(office, stored):
    case, _ = stored
    refused = came(office, case, by="face_and_finger")
    assert refused["reason"].startswith("not_compared_here")
    assert office.find(case)["recipient"] is None


def test_who_made_the_card_proves_no_recipient(office, stored):
    case, card = stored
    came(office, case, DOCUMENTS, officer="counter")
    confirm(office, case, DOCUMENTS, "maker", of="recipient")
    assert reserve(office, card).json()["problem"] == "same_officer"


def test_yesterdays_proof_is_none_today(office, stored):
    case, card = stored
    office.recognised(case)
    assert office.find(case)["recipient"]["by"] == "face_and_finger"
    office.clock.advance(24 * 3600)
    office._tokens.clear()
    assert office.find(case)["recipient"] is None
    assert reserve(office, card).json()["problem"] == "recipient_unproven"
