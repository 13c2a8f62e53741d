"""Who may collect for whom."""

from datetime import date

import pytest

from common.domain.proxy import OF_PARENTS, ProxyObjection, ProxyPaper, objection

TODAY = date(2026, 3, 2)
ADULT, BIRTHDAY, MINOR = date(1970, 5, 17), date(2008, 3, 2), date(2008, 3, 3)


@pytest.mark.parametrize("paper", ProxyPaper)
def test_a_parents_paper_is_for_a_minor_and_any_other_for_an_adult(paper):
    is_parent = paper in OF_PARENTS
    for born in (ADULT, BIRTHDAY):
        found = objection(paper, born, enrolled=True, day=TODAY)
        assert found is (ProxyObjection.NOT_A_MINOR if is_parent else None)
    found = objection(paper, MINOR, enrolled=True, day=TODAY)
    assert found is (None if is_parent else ProxyObjection.PARENT_NEEDED)


def test_a_card_that_nobody_could_activate_goes_to_its_holder_alone():
    without = objection(ProxyPaper.FORM, ADULT, enrolled=False, day=TODAY)
    assert without is ProxyObjection.HOLDER_MUST_COME
    assert objection(ProxyPaper.GUARDIANSHIP, MINOR, enrolled=False, day=TODAY) is None


@pytest.mark.parametrize("paper", ProxyPaper)
def test_of_whom_no_birthday_is_known_nobody_collects(paper):
    assert objection(paper, None, enrolled=True, day=TODAY) is ProxyObjection.HOLDER_MUST_COME
