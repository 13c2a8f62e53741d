"""Lines of Chinese end between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.line_ends import _WORDS, JOINER, kept_together, plain

LONGEST = 7
"""Characters of the longest word: it has to fit on a line in the largest letters."""


def pieces(text: str, language: Language) -> list[str]:
    """What may not be parted: the characters between which a line may end are apart."""
    found: list[str] = []
    for part in kept_together(text, language).split(JOINER):
        if found:
            found[-1] += part[:1]
            found += part[1:]
        else:
            found += part
    return found


def test_a_line_does_not_end_within_a_word():
    assert pieces("身份證遺失或被盜", Language.TRADITIONAL) == ["身份證", "遺失", "或", "被盜"]
    assert pieces("请工作人员协助", Language.SIMPLIFIED) == ["请", "工作人员", "协助"]


def test_another_language_is_left_alone():
    assert kept_together("Your identity card", Language.ENGLISH) == "Your identity card"


@given(text=some.text(), language=some.sampled_from(OFFICE_LANGUAGES))
def test_what_is_painted_says_what_was_said(text, language):
    assert plain(kept_together(text, language)) == plain(text)


@pytest.mark.parametrize("language", _WORDS)
def test_a_word_is_short_and_stands_there_once(language):
    words = _WORDS[language].split()
    assert len(words) == len(set(words))
    assert all(1 < len(word) <= LONGEST for word in words)
