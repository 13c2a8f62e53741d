"""From what a camera saw to a zone: the sums of ICAO 9303, and repairs only between look-alikes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.camera.zone_checks import LOOK_ALIKES, decode
from hardware.camera.zone_glyphs import GLYPHS, NOTHING, Floats
from hardware.core.zone_text import (
    LAYOUTS,
    TD1,
    TD2,
    TD3,
    Layout,
    ZoneFlaw,
    check_digit,
    flaws,
    follows_rules,
    layout_of,
)

# The specimens of ICAO 9303-5, -6 and -4.
TD1_TEXT = (
    "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
TD2_TEXT = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD3_TEXT = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
)
SPECIMENS = ((TD1, TD1_TEXT), (TD2, TD2_TEXT), (TD3, TD3_TEXT))
each_specimen = pytest.mark.parametrize(("layout", "text"), SPECIMENS, ids=["TD1", "TD2", "TD3"])


def seen(text: str, sure: float = 0.999) -> Floats:
    """What a camera sees that has no doubt."""
    table = np.full((len(text), NOTHING + 1), np.log((1 - sure) / NOTHING), np.float32)
    table[np.arange(len(text)), [GLYPHS.index(letter) for letter in text]] = np.log(sure)
    return table


def mistaken(text: str, at: int, other: str, truth: float = 0.2) -> Floats:
    """What a camera sees that takes one character for another, and half knows it."""
    table = seen(text)
    table[at] = np.log(1e-6)
    table[at, GLYPHS.index(text[at])] = np.log(truth)
    table[at, GLYPHS.index(other)] = np.log(1 - truth)
    return table


@each_specimen
def test_what_was_seen_without_doubt_is_the_zone(layout: Layout, text: str):
    assert follows_rules(text, layout)
    assert decode(seen(text), layout) == text


@each_specimen
def test_each_wrong_digit_is_noticed(layout: Layout, text: str):
    covered = {
        at for _, parts, _ in layout.checks for part in parts for at in range(*part.indices(90))
    }
    for at in covered:
        if text[at].isdigit():
            wrong = str((int(text[at]) + 1) % 10)
            assert decode(seen(text[:at] + wrong + text[at + 1 :]), layout) is None


def test_a_letter_that_was_taken_for_its_look_alike_is_put_right():
    text = TD1_TEXT[:5] + "DO31S89B2" + check_digit("DO31S89B2") + TD1_TEXT[15:]
    covered = text[5:30] + text[30:37] + text[38:45] + text[48:59]
    text = text[:59] + check_digit(covered) + text[60:]
    assert decode(seen(text), TD1) == text
    for at, other in ((6, "0"), (9, "5"), (12, "8"), (13, "Z"), (8, "I")):
        assert decode(mistaken(text, at, other), TD1) == text


@pytest.mark.parametrize(("at", "other"), [(33, "B"), (35, "Z"), (39, "Z"), (40, "O")])
def test_a_letter_where_only_digits_stand_is_its_look_alike(at: int, other: str):
    pair = frozenset((TD1_TEXT[at], other))
    assert (decode(mistaken(TD1_TEXT, at, other), TD1) == TD1_TEXT) == (pair in LOOK_ALIKES)


def test_nothing_is_put_right_that_was_not_in_doubt():
    at = TD1_TEXT.index("0", 5)
    assert decode(mistaken(TD1_TEXT, at, "O", truth=1e-6), TD1) is None


def test_nothing_is_put_right_between_glyphs_that_differ():
    at = TD1_TEXT.index("3", 5)
    assert decode(mistaken(TD1_TEXT, at, "K", truth=0.3), TD1) is None


def test_a_name_of_which_a_letter_is_in_doubt_is_not_read():
    at = TD1_TEXT.index("E", 60)
    assert decode(mistaken(TD1_TEXT, at, "F", truth=0.45), TD1) is None


@pytest.mark.parametrize("other", ["Q", "D"])
def test_look_alikes_in_a_name_are_not_guessed(other: str):
    """No check digit could tell them apart."""
    text = TD1_TEXT.replace("ERIKSSON<<", "ERIKSSOO<<")
    at = text.rindex("O")
    assert decode(mistaken(text, at, other, truth=0.8), TD1) is None
    assert decode(mistaken(text, at, other, truth=0.95), TD1) == text


def test_a_cell_in_which_nothing_stands_is_not_filled():
    table = seen(TD1_TEXT)
    table[70] = np.log(1e-4)
    table[70, NOTHING] = np.log(0.996)
    assert decode(table, TD1) is None


def test_a_day_that_is_none_is_not_read():
    born = "741312"
    second = born + check_digit(born) + TD1_TEXT[37:59]
    covered = TD1_TEXT[5:30] + second[0:7] + second[8:15] + second[18:29]
    text = TD1_TEXT[:30] + second + check_digit(covered) + TD1_TEXT[60:]
    assert not follows_rules(text, TD1)


def test_a_number_of_more_than_nine_characters_goes_on_in_the_optional_field():
    number = "D23145890734"
    rest = number[9:] + check_digit(number)
    first = "I<UTO" + number[:9] + "<" + rest.ljust(15, "<")
    covered = first[5:30] + TD1_TEXT[30:37] + TD1_TEXT[38:45] + TD1_TEXT[48:59]
    text = first + TD1_TEXT[30:59] + check_digit(covered) + TD1_TEXT[60:]
    assert decode(seen(text), TD1) == text
    assert not follows_rules(text.replace("734", "735"), TD1)


@given(st.sampled_from(LAYOUTS), st.integers(0, 2**32 - 1))
def test_nothing_is_made_of_noise(layout: Layout, seed: int):
    noise = np.random.default_rng(seed).normal(0, 3, (layout.lines * layout.cells, NOTHING + 1))
    table = noise - np.log(np.exp(noise).sum(axis=1, keepdims=True))
    assert decode(table.astype(np.float32), layout) is None


@each_specimen
def test_a_sound_zone_has_no_flaws(layout: Layout, text: str) -> None:
    assert layout_of(text) is layout
    assert list(flaws(text, layout)) == []


@each_specimen
def test_each_wrong_check_digit_is_named(layout: Layout, text: str) -> None:
    for checked, _, place in layout.checks:
        wrong = "1" if text[place] != "1" else "2"
        found = set(flaws(text[:place] + wrong + text[place + 1 :], layout))
        assert checked in found
        assert found <= {checked, ZoneFlaw.COMPOSITE}


@each_specimen
def test_a_character_that_no_zone_has_is_named_and_nothing_else(layout: Layout, text: str) -> None:
    for bad in "?a ,\xc9":
        assert list(flaws(text[:7] + bad + text[8:], layout)) == [ZoneFlaw.CHARACTERS]


def test_other_flaws_have_names() -> None:
    assert list(flaws(TD1_TEXT[:-1], TD1)) == [ZoneFlaw.FORM]
    assert layout_of(TD1_TEXT[:-1]) is None
    assert list(flaws(TD1_TEXT[:60] + "<" + TD1_TEXT[61:], TD1)) == [ZoneFlaw.NAMES]
    assert ZoneFlaw.DATES in set(flaws(TD1_TEXT.replace("740812", "741312"), TD1))


@given(st.text(max_size=95))
def test_no_text_breaks_the_judge(text: str) -> None:
    for layout in LAYOUTS:
        assert list(flaws(text, layout))
