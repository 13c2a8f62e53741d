"""The languages of the office, and those it helps in."""

from enum import StrEnum
from typing import Final, Literal, TypeAlias


class Language(StrEnum):
    """The value is the name of the folder of texts (BCP 47)."""

    ENGLISH = "en"
    TRADITIONAL = "zh-Hant"
    SIMPLIFIED = "zh-Hans"
    INDONESIAN = "id"
    FILIPINO = "fil"
    HINDI = "hi"
    NEPALI = "ne"
    URDU = "ur"
    THAI = "th"

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from the right."""
        return self is Language.URDU


OfficeLanguage: TypeAlias = Literal[Language.ENGLISH, Language.TRADITIONAL, Language.SIMPLIFIED]
"""One of three equals: forms, papers, notices, web pages and the panel speak these alone."""

OFFICE_LANGUAGES: Final[tuple[OfficeLanguage, ...]] = (
    Language.ENGLISH,
    Language.TRADITIONAL,
    Language.SIMPLIFIED,
)
ASSIST_LANGUAGES: Final = tuple(one for one in Language if one not in OFFICE_LANGUAGES)
"""The screens of kiosks can speak these too, so that a person finds through the steps."""

OWN_NAMES: Final = {
    Language.ENGLISH: "English",
    Language.TRADITIONAL: "繁體",
    Language.SIMPLIFIED: "简体",
    Language.INDONESIAN: "Bahasa Indonesia",
    Language.FILIPINO: "Filipino",
    Language.HINDI: "हिन्दी",
    Language.NEPALI: "नेपाली",
    Language.URDU: "اردو",
    Language.THAI: "ไทย",
}
"""What the button of a language says: its own name, so that its reader finds it."""


def office_language(language: str) -> OfficeLanguage:
    """Return in which of its three languages the office writes to a reader of this one."""
    return next((one for one in OFFICE_LANGUAGES if one == language), Language.ENGLISH)


def paper_languages(language: Language) -> tuple[OfficeLanguage, ...]:
    """Return what a paper for a reader of this language is printed in, the first one largest.

    Officers read English and Chinese: whoever is helped in another language carries both.
    """
    own = office_language(language)
    if own is not language:
        return (Language.ENGLISH, Language.TRADITIONAL)
    return (own,) if own is Language.ENGLISH else (own, Language.ENGLISH)
