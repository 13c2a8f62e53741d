"""The transaction of a collection, step by step; tests/model explores all its ways."""

import pytest

from common.domain.case import OldDocument
from common.domain.officer import Role
from common.domain.queue import HandOffReason
from common.equipment.magazine import Magazine
from common.journal.journal import Journal
from common.wire.shapes import OfficerSession
from hardware.core.device import Seen
from kiosk_collection.outcome import Fate, Outcome, Stuck
from tests.support.collection_world import (
    Kiosk,
    Trouble,
    World,
)

ISSUED = ["present", "issue", "old_document_captured"]
OFFICER = OfficerSession(
    token="session-1", officer_id="o1", display_name="Officer", roles=(Role.PRODUCTION,)
)
LONGEST = 75
"""No undisturbed release makes as many calls."""


@pytest.fixture(scope="module")
def shared_journal(tmp_path_factory):
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.db", bytes(32))
    # The disk's own promise is tested elsewhere; here thousands of notes have to be fast.
    journal._book.execute("PRAGMA synchronous = OFF")
    yield journal
    journal.close()


@pytest.fixture
def journal(shared_journal):
    return emptied(shared_journal)


def emptied(journal):
    for motion in journal.open_motions():
        journal.ended(motion)
    for waiting in journal.waiting():
        journal.settled(waiting.fact.id)
    return journal


def visit(kiosk, why=None):
    """Play one collection; why: the reason to give up once the card lies inside."""
    outcome = kiosk.release.fetch(kiosk.order)
    if outcome is None and why is not None:
        outcome = kiosk.release.give_up(why)
    if outcome is None:
        outcome = kiosk.release.present()
    if outcome is None:
        kiosk.release.wait_taken(30.0, None)
        outcome = kiosk.release.give_up(HandOffReason.NOT_TAKEN)
    return outcome


@pytest.mark.parametrize("document", OldDocument)
def test_a_taken_card_is_issued_and_the_old_document_kept(journal, document):
    world = World(takes_new_at=frozenset(range(LONGEST)))
    kiosk = Kiosk(journal, world, document)
    assert visit(kiosk) == Outcome(Fate.ISSUED, kiosk.order.case_id)
    assert (world.new, world.old) == ("hand", "bin")
    assert kiosk.facts() == ISSUED
    assert world.calls < LONGEST


@pytest.mark.parametrize(
    ("why", "facts"),
    [
        (HandOffReason.NEW_CARD_FAULTY, ["handed_off", "fail_quality"]),
        (HandOffReason.PARTICULARS_WRONG, ["handed_off", "retain"]),
        (None, ["handed_off", "present", "retain"]),
    ],
)
def test_a_card_that_does_not_go_out_frees_the_old_document(journal, why, facts):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    outcome = visit(kiosk, why)
    assert outcome == Outcome(Fate.BACK, kiosk.order.case_id, why or HandOffReason.NOT_TAKEN)
    assert outcome.document_may_go_back
    assert kiosk.facts() == facts
    assert kiosk.world.new == "bin"


def test_a_refused_reservation_moves_nothing(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    kiosk.backend.refuses = True
    assert visit(kiosk).reason is HandOffReason.CARD_AT_COUNTER
    assert kiosk.world.new == "pocket"
    assert "magazine.unlock" not in kiosk.world.names
    assert kiosk.facts() == ["handed_off"]


def test_an_empty_pocket_gives_the_reservation_back(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    kiosk.world.new = "elsewhere"
    assert visit(kiosk).fate is Fate.BACK
    assert kiosk.facts() == ["handed_off", "release_reservation"]


def test_a_presenter_that_dies_with_the_card_at_its_gate_keeps_the_document(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    assert kiosk.release.present() is None
    now = kiosk.world.calls
    kiosk.world.troubles = dict.fromkeys(range(now, now + 50), Trouble.ABSENT)
    outcome = kiosk.release.give_up(HandOffReason.NOT_TAKEN)
    assert outcome.fate is Fate.UNKNOWN
    assert not outcome.document_may_go_back
    assert kiosk.facts() == ["handed_off"]
    kiosk.world.troubles, kiosk.world.new = {}, "hand"
    assert kiosk.release.settle() == Outcome(Fate.ISSUED, kiosk.order.case_id)
    assert kiosk.facts() == ["handed_off", *ISSUED]


def test_nobody_else_is_served_while_a_card_is_stuck(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    now = kiosk.world.calls
    kiosk.world.troubles = dict.fromkeys(range(now, now + 100), Trouble.JAM)
    stuck = kiosk.release.give_up(HandOffReason.PARTICULARS_WRONG)
    assert (stuck.fate, stuck.is_open) == (Fate.BACK, True)
    second = kiosk.release.fetch(kiosk.order)
    assert second is not None
    assert (second.is_open, second.recorded) == (True, False)


def test_a_pocket_that_lies_does_not_hide_a_card_in_the_feeder(journal, monkeypatch):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    monkeypatch.setattr(Magazine, "holds", lambda *_: Seen.YES)
    outcome = kiosk.release.fetch(kiosk.order)
    assert outcome == Outcome(Fate.BACK, kiosk.order.case_id, HandOffReason.EQUIPMENT_FAILED)
    assert kiosk.world.new == "bin"
    assert kiosk.facts() == ["handed_off", "retain"]


def silent_at_the_gate(journal):
    """Present a card to its holder, and let the presenter fall silent."""
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    assert kiosk.release.present() is None
    kiosk.world.broken = "presenter"
    assert kiosk.release.give_up(HandOffReason.NOT_TAKEN).fate is Fate.UNKNOWN
    assert kiosk.release.stuck() is Stuck.UNSEEN
    return kiosk


def test_an_officer_finds_that_the_holder_has_the_card(journal):
    kiosk = silent_at_the_gate(journal)
    kiosk.world.new = "hand"
    kiosk.release.is_gone(OFFICER)
    assert kiosk.release.is_at_rest()
    assert kiosk.world.old == "bin"
    assert kiosk.facts() == ["handed_off", *ISSUED]


def test_an_officer_finds_the_card_in_the_machine(journal):
    kiosk = silent_at_the_gate(journal)
    kiosk.world.new = "elsewhere"
    kiosk.release.settle_by_hand(OFFICER)
    assert kiosk.release.is_at_rest()
    assert kiosk.world.old == "held", "it goes back to the holder"
    assert kiosk.facts() == ["handed_off", "retain"]


def test_a_document_that_jams_once_the_card_is_out_is_taken_out_by_hand(journal):
    kiosk = silent_at_the_gate(journal)
    kiosk.world.new, kiosk.world.broken = "hand", "intake"
    kiosk.release.is_gone(OFFICER)
    assert kiosk.release.stuck() is Stuck.OLD_DOCUMENT
    kiosk.release.is_gone(OFFICER)
    kiosk.release.settle_by_hand(OFFICER)
    assert kiosk.facts() == ["handed_off", *ISSUED]


def test_nobody_says_of_a_card_in_the_machine_that_it_is_gone(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    assert kiosk.release.stuck() is Stuck.NEW_CARD
    kiosk.release.is_gone(OFFICER)
    assert kiosk.facts() == []


def test_an_officer_takes_out_by_hand_what_is_stuck(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    kiosk.world.troubles = {kiosk.world.calls: Trouble.JAM}
    kiosk.release.settle_by_hand(OFFICER)
    assert kiosk.facts() == ["retain"]
    assert kiosk.release.settle() is None
