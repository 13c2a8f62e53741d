"""The languages of the office, and those it helps in."""

import pytest

from common.domain.language import (
    ASSIST_LANGUAGES,
    OFFICE_LANGUAGES,
    OWN_NAMES,
    Language,
    office_language,
    paper_languages,
)
from common.i18n.texts import texts
from common.station.config import ConfigError, read

STATION = """\
[station]
name = "one"
kind = "{kind}"
office = "HQ"
languages = {languages}
[backend]
address = "http://127.0.0.1:8600"
key = "file:one.key"
"""


def test_each_language_is_one_of_the_offices_or_one_it_helps_in():
    assert sorted([*OFFICE_LANGUAGES, *ASSIST_LANGUAGES]) == sorted(Language)
    assert set(OWN_NAMES) == set(Language)
    assert [one for one in Language if one.is_right_to_left] == [Language.URDU]


@pytest.mark.parametrize(
    ("read_in", "paper"),
    [
        (Language.ENGLISH, [Language.ENGLISH]),
        (Language.TRADITIONAL, [Language.TRADITIONAL, Language.ENGLISH]),
        (Language.SIMPLIFIED, [Language.SIMPLIFIED, Language.ENGLISH]),
        *((one, [Language.ENGLISH, Language.TRADITIONAL]) for one in ASSIST_LANGUAGES),
    ],
)
def test_papers_are_in_what_officers_read(read_in, paper):
    assert list(paper_languages(read_in)) == paper
    assert office_language(read_in) is paper[0]


def test_what_is_not_translated_is_said_in_english_and_known_to_be():
    for language in ASSIST_LANGUAGES:
        assert texts(language).text("web-start-title") == texts(Language.ENGLISH).text(
            "web-start-title"
        )
        assert texts(language).language_of("web-start-title") is Language.ENGLISH
    with pytest.raises(KeyError, match="no text never-said in en"):
        texts(Language.THAI).text("never-said")


@pytest.mark.parametrize("kind", ["tag", "registration", "bench", "collection"])
def test_a_kiosk_may_help_in_more_languages(tmp_path, kind):
    file = tmp_path / "station.toml"
    file.write_text(STATION.format(kind=kind, languages='["zh-Hant", "ur", "th"]'))
    assert read(file).languages == (Language.TRADITIONAL, Language.URDU, Language.THAI)


@pytest.mark.parametrize(
    ("kind", "languages", "says"),
    [
        ("booth", '["en", "th"]', "languages must be a list of en, zh-Hant, zh-Hans$"),
        ("display", '["ur"]', "languages must be a list of"),
        ("tag", '["th", "en"]', "the first of languages must be one of en, zh-Hant, zh-Hans"),
        ("tag", "[]", "the first of languages"),
        ("tag", '"en"', "languages must be a list of"),
    ],
)
def test_officers_screens_and_the_first_language_are_the_offices(tmp_path, kind, languages, says):
    file = tmp_path / "station.toml"
    file.write_text(STATION.format(kind=kind, languages=languages))
    with pytest.raises(ConfigError, match=says):
        read(file)
