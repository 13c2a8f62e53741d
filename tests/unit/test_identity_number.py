import pytest

from common.domain.identity_number import IdentityNumber


@pytest.mark.parametrize(
    "typed",
    ["A123456(3)", "AB987654(3)", "a1234563", "G123456(A)", "A100009(0)", "WX100001 (0)"],
)
def test_reads_numbers_as_people_type_them(typed):
    assert IdentityNumber.parse(typed).check_digit == typed.strip(")")[-1].upper()


def test_reads_full_width_letters_and_brackets():
    assert str(IdentityNumber.parse("Ａ１２３４５６（３）")) == "A123456(3)"


@pytest.mark.parametrize(
    "typed", ["A123456(7)", "A123456(4)", "AB987654(2)", "Z683365(5)", "", "123456", "A１23"]
)
def test_refuses_wrong_numbers(typed):
    with pytest.raises(ValueError, match="number"):
        IdentityNumber.parse(typed)


def test_a_public_screen_shows_half_of_it_and_a_log_none():
    number = IdentityNumber.parse("A123456(3)")
    assert number.masked == "A123***(*)"
    assert "123" not in repr(number)
