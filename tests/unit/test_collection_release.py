"""The transaction of a collection: whatever fails, it ends with one of two hands empty."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.domain.card import CardMove, CardState, after
from common.domain.case import OldDocument
from common.domain.officer import Role
from common.domain.queue import HandOffReason
from common.wire.shapes import OfficerSession
from hardware.core.errors import DeviceError
from kiosk_collection.documents import Where
from kiosk_collection.outcome import Fate, Outcome
from kiosk_collection.release_book import KIND
from tests.support.collection_world import (
    Kiosk,
    PowerLostError,
    ShakyJournal,
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
    journal = ShakyJournal(tmp_path_factory.mktemp("journal") / "journal.db", bytes(32))
    journal.world = World()
    # The disk's own promise is tested elsewhere; here thousands of notes have to be fast.
    journal._book.execute("PRAGMA synchronous = OFF")
    yield journal
    journal.close()


@pytest.fixture
def journal(shared_journal):
    return emptied(shared_journal)


def emptied(journal):
    journal.world = World()
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


def give_document_back(kiosk):
    kiosk.escrow.give_back()
    if kiosk.world.old == "offered":
        kiosk.world.old = "hand"


def to_rest(kiosk):
    """Start again and again, as the kiosk does, until nothing is open and nothing is held."""
    for _ in range(2 * LONGEST):
        try:
            kiosk.start()
            outcome = kiosk.release.settle()
            if outcome is None or outcome.document_may_go_back:
                if kiosk.escrow.where() is not Where.NONE:
                    give_document_back(kiosk)
                if outcome is None or not outcome.is_open:
                    return
        except (PowerLostError, DeviceError):
            continue
    raise AssertionError(f"never at rest: {kiosk.world}")


def check_rest(kiosk):
    world, facts = kiosk.world, kiosk.facts()
    assert not [m for m in kiosk.journal.open_motions() if m.kind == KIND]
    assert (world.new, world.old) in {("hand", "bin"), ("bin", "hand"), ("pocket", "hand")}
    moves = [fact for fact in facts if isinstance(fact, CardMove)]
    state = CardState.RESERVED
    for move in moves:
        reached = after(state, move)
        assert reached is not None, f"unlawful: {moves}"
        state = reached
    assert len(facts) == len(set(facts)), f"a fact doubled: {facts}"
    if world.new == "hand":
        assert moves == [CardMove.PRESENT, CardMove.ISSUE]
        assert "old_document_captured" in facts
    else:
        assert CardMove.ISSUE not in moves
        assert "old_document_captured" not in facts
        expected = CardState.RESERVED
        if world.new == "bin":
            expected = state
            assert state in {CardState.RETAINED, CardState.FAULTY}
            assert "handed_off" in facts
        elif kiosk.backend.reserved:
            expected = CardState.STORED
        assert state == expected


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


def test_an_officer_takes_out_by_hand_what_is_stuck(journal):
    kiosk = Kiosk(journal, World(), OldDocument.OLD_CARD)
    assert kiosk.release.fetch(kiosk.order) is None
    kiosk.world.troubles = {kiosk.world.calls: Trouble.JAM}
    kiosk.release.settle_by_hand(OFFICER)
    assert kiosk.facts() == ["retain"]
    assert kiosk.release.settle() is None


TROUBLES = st.dictionaries(
    st.integers(0, LONGEST + 40), st.sampled_from(Trouble), min_size=0, max_size=6
)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    troubles=TROUBLES,
    takes=st.frozensets(st.integers(20, LONGEST), max_size=3),
    document=st.sampled_from(OldDocument),
    why=st.sampled_from([None, None, *HandOffReason]),
)
def test_never_both_out_never_both_in(shared_journal, troubles, takes, document, why):
    kiosk = Kiosk(emptied(shared_journal), World(troubles, takes), document)
    try:
        outcome = visit(kiosk, why)
        if outcome.document_may_go_back:
            give_document_back(kiosk)
    except (PowerLostError, DeviceError):
        pass
    to_rest(kiosk)
    check_rest(kiosk)


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("takes", [False, True])
def test_one_trouble_at_every_single_call(shared_journal, trouble, takes):
    for call in range(LONGEST):
        taken_at = frozenset(range(LONGEST)) if takes else frozenset()
        world = World({call: trouble}, taken_at)
        kiosk = Kiosk(emptied(shared_journal), world, OldDocument.OLD_CARD)
        try:
            outcome = visit(kiosk)
            if outcome.document_may_go_back:
                give_document_back(kiosk)
        except (PowerLostError, DeviceError):
            pass
        to_rest(kiosk)
        check_rest(kiosk)
