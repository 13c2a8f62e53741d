from common.domain.card import KEPT, LAWFUL, CardMove, CardState, after
from common.domain.custody import EDGES


def test_a_card_is_issued_only_after_it_was_reserved_and_presented():
    path = [CardMove.PERSONALISE, CardMove.PASS_QUALITY, CardMove.STORE, CardMove.RESERVE]
    state: CardState | None = CardState.ORDERED
    for move in [*path, CardMove.PRESENT, CardMove.ISSUE]:
        assert state is not None
        assert move is CardMove.ISSUE or after(state, CardMove.ISSUE) is None
        state = after(state, move)
    assert state is CardState.ISSUED


def test_an_issued_or_faulty_card_never_comes_back():
    reached, new = {CardState.ISSUED, CardState.FAULTY}, {CardState.ISSUED, CardState.FAULTY}
    while new:
        new = {following for (state, _), following in LAWFUL.items() if state in new} - reached
        reached |= new
    assert not reached & KEPT
    assert reached == {CardState.ISSUED, CardState.FAULTY, CardState.REVOKED, CardState.DESTROYED}


def test_nothing_leaves_the_books_by_one_officer_alone():
    for one in EDGES:
        if one.next in {"destroyed", "lost", "in_transit", "collected"}:
            assert one.needed, one


def test_every_state_can_be_reached():
    assert {CardState.ORDERED, *LAWFUL.values()} == set(CardState)
