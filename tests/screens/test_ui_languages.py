"""More languages at a kiosk: chosen by the globe, mirrored, with fonts that have every letter.

A few screens are looked at here; with SMARTICS_EVERY_LANGUAGE=1 all that the public sees, in each
language and in the long pseudo-locale.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from PySide6.QtGui import QFont, QRawFont, QTextLayout

from common.domain.language import (
    ASSIST_LANGUAGES,
    OFFICE_LANGUAGES,
    OWN_NAMES,
    Language,
)
from common.i18n.steps import FILES, steps
from common.i18n.texts import texts
from common.i18n.wording import forms_of, read
from common.ui import window as window_module
from common.ui.accessibility import faults
from common.ui.gallery import Preview, previews, settle
from common.ui.looks import PORTRAIT, Look
from common.ui.window import StationWindow
from tests.support.pseudo import Pseudo, stretched
from tests.support.qt import station_window
from tests.support.touches import find, says, touch

USUAL = "Noto Sans CJK HK"
HARD_NAMES = (
    *("陳大文", "樂永晴", "李智能", "歐陽詠詩", "蕭愛國", "衞國峯", "邨喆焜", "陳栢文"),
    *("歐陽陳李詠詩", "㗎啲嗰", "𠃌𠅤𠜎", "𠮿𠻗", "𡚸𡰪", "𢱋𣲙", "𤧛𤴔", "𥉐𥻗"),
    *("𧱬", "𨟠𨳊", "𨿅𩶘", "𪚥", "𫝀𫝁", "𫠠"),
)
"""Names of every kind: usual, with variants, of HKSCS, and from the planes beyond the first."""
FEW = {
    ("kiosk_tag", "welcome", None),
    ("kiosk_registration", "consent", None),
    ("kiosk_registration", "form_page", "filled_0"),
    ("kiosk_registration", "bench_chinese", "code"),
    ("kiosk_collection", "take_new_card", None),
}
INVISIBLE = {"\u200c", "\u200d"}
"""Joiners of Devanagari: told to the shaper, never drawn."""
Windows = Callable[[tuple[int, int]], StationWindow]
LOOK = os.environ.get("SMARTICS_EVERY_LANGUAGE") == "1"


def shown(everything: bool) -> list[Preview]:
    """A few screens, or all that the public sees."""
    found: dict[tuple[str, str], Preview] = {}
    for one in previews():
        named = {(one.app, one.screen_file, name) for name in (None, one.name)}
        if one.public and (everything or named & FEW):
            found.setdefault((one.app, one.title if everything else one.screen_file), one)
    return list(found.values())


def parametrized(*languages: Language):
    return [
        pytest.param(preview, language, id=f"{preview.app}-{preview.title}-{language}")
        for preview in shown(LOOK)
        for language in languages
    ]


@pytest.fixture(scope="module")
def window_for(qapp) -> Iterator[Windows]:
    with ExitStack() as stack:

        @cache
        def window(size: tuple[int, int]) -> StationWindow:
            return stack.enter_context(station_window(size, True, tuple(Language)))

        yield window


@pytest.fixture
def window(window_for) -> StationWindow:
    found = window_for(PORTRAIT)
    welcome = next(one for one in previews(("kiosk_tag.screens",)) if one.screen_file == "welcome")
    found.show(welcome.screen)
    found.reset()
    settle()
    return found


def test_the_few_screens_are_there():
    assert LOOK or len(shown(False)) == len(FEW)


@pytest.mark.parametrize(
    ("preview", "language"),
    parametrized(*(ASSIST_LANGUAGES if LOOK else (Language.URDU, Language.HINDI))),
)
def test_a_screen_can_be_read_in_more_languages(window_for, preview: Preview, language: Language):
    window = window_for(preview.size)
    window.show(preview.screen)
    found = []
    for scale in (1.0, 2.0):
        Look(language, scale).wear(window)
        found += [f"x{scale}: {fault}" for fault in faults(window)]
    assert not found


@pytest.mark.parametrize(("preview", "language"), parametrized(Language.ENGLISH))
def test_a_longer_translation_is_not_cut(window_for, monkeypatch, preview, language):
    pseudo = Pseudo()
    monkeypatch.setattr(window_module, "texts", lambda _language: pseudo)
    window = window_for(preview.size)
    window.show(preview.screen)
    found = []
    for scale in (1.0, 2.0):
        Look(language, scale).wear(window)
        window.set_language(language)
        settle()
        found += [f"x{scale}: {fault}" for fault in faults(window)]
    assert says(window, "~")
    # A name that is listened to may be as long as a translation makes it.
    assert not [fault for fault in found if "characters to hear" not in fault]


def test_the_pseudo_locale_is_two_fifths_longer():
    for english in ("Back", "Please take your card", "x"):
        assert len(stretched(english)) >= 1.4 * len(english)
        assert stretched(english)[0] + stretched(english)[-1] == "[]"


def test_the_globe_lists_the_languages_in_their_own_scripts(window):
    touch(window, "Other languages")
    for language in ASSIST_LANGUAGES:
        assert find(window, OWN_NAMES[language])
    touch(window, "Back")
    assert window.language == Language.ENGLISH
    touch(window, "Other languages", OWN_NAMES[Language.URDU])
    assert window.language == Language.URDU
    assert not says(window, OWN_NAMES[Language.THAI])


def test_a_kiosk_without_more_languages_has_no_globe(qapp):
    with station_window(PORTRAIT, True, OFFICE_LANGUAGES) as plain:
        plain.show(next(previews(("kiosk_tag.screens",))).screen)
        settle()
        assert not says(plain, "Other languages")


def test_staff_are_told_which_languages_are_drafts_and_the_public_is_not(window):
    told = "No translator has checked the texts in: Bahasa Indonesia"
    assert not says(window, told)
    tended = next(
        one for one in previews(("common.ui.screens",)) if one.title == "tend_kiosk-all_good"
    )
    window.show(tended.screen)
    settle()
    assert says(window, told)
    assert not faults(window)


def test_urdu_runs_from_the_right_and_letters_and_digits_from_the_left(window_for):
    typed = next(
        one
        for one in previews(("kiosk_registration.screens",))
        if one.title == "form_page-filled_0"
    )
    window = window_for(typed.size)
    places = {}
    for language in (Language.ENGLISH, Language.URDU):
        window.show(typed.screen)
        Look(language).wear(window)
        settle()
        words = texts(language).text
        places[language] = [
            find(window, name).x
            for name in (words("common-back"), words("common-next"), "Q", "P", "English")
        ]
    (back, following, q, p, english) = places[Language.ENGLISH]
    (back_ur, following_ur, q_ur, p_ur, english_ur) = places[Language.URDU]
    assert back < following
    assert back_ur > following_ur
    assert q < p
    assert q_ur < p_ur
    assert english_ur < english


def test_the_next_visitor_starts_in_the_first_language(window):
    touch(window, "Other languages", OWN_NAMES[Language.URDU], OWN_NAMES[Language.ENGLISH])
    touch(window, "Other languages")
    window.reset()
    settle()
    assert not says(window, OWN_NAMES[Language.URDU])


def glyphs(family: str, text: str) -> list[int]:
    """Number each character's glyph; 0 is the empty box.

    QRawFont.supportsCharacter overflows above U+FFFF, so the glyphs are asked for.
    """
    return list(QRawFont.fromFont(QFont(family, 20)).glyphIndexesForString(text))


@pytest.mark.parametrize("language", list(Language))
def test_every_letter_of_every_text_is_in_its_font(window, language):
    family = window.theme.property("tokens")["family"][language]
    assert QRawFont.fromFont(QFont(family, 20)).familyName().startswith(family[:13])
    letters = set(OWN_NAMES[language])
    for name in FILES:
        for written in steps(language, name).values():
            for words in forms_of(read(written)).values():
                letters |= set(words)
    # Latin and Chinese letters inside a sentence come from the usual font.
    missing = {
        letter
        for letter in letters
        if not letter.isspace() and 0 in glyphs(family, letter) and 0 in glyphs(USUAL, letter)
    } - INVISIBLE
    assert not missing


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_character_of_a_hard_name_is_drawn(qapp, name):
    layout = QTextLayout(name, QFont(USUAL, 30))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    drawn = [number for run in layout.glyphRuns() for number in run.glyphIndexes()]
    assert len(drawn) >= len(name)
    assert 0 not in drawn
