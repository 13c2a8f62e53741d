from common.domain.card import LAWFUL, CardMove, CardState, after


def test_a_card_is_issued_only_after_it_was_reserved_and_presented():
    path = [CardMove.PERSONALISE, CardMove.PASS_QUALITY, CardMove.STORE, CardMove.RESERVE]
    state: CardState | None = CardState.ORDERED
    for move in [*path, CardMove.PRESENT, CardMove.ISSUE]:
        assert state is not None
        assert move is CardMove.ISSUE or after(state, CardMove.ISSUE) is None
        state = after(state, move)
    assert state is CardState.ISSUED


def test_an_issued_or_faulty_card_never_moves_again():
    assert not [move for state, move in LAWFUL if state in {CardState.ISSUED, CardState.FAULTY}]


def test_every_state_can_be_reached():
    assert {CardState.ORDERED, *LAWFUL.values()} == set(CardState)
