"""Finds the sentence for a key in one language.

Most sentences are plain words: those are said as they are written. Fluent, which takes longer to
import than a window to open, reads the others one by one, when they are first said.
"""

import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from common.domain.language import OFFICE_LANGUAGES, Language

if TYPE_CHECKING:
    from common.i18n.sentences import Sentences

FOLDER = Path(__file__).parent

TextValue = str | int | float

_MESSAGE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*) *=(.*(?:\n+[ }].*)*)", re.MULTILINE)
_MORE_THAN_WORDS = re.compile(r"[{}\n]")


class Texts:
    """All sentences of one language, from the .ftl files of its folder.

    A language that the office only helps in lacks some: those are said in English.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._instead = None if language in OFFICE_LANGUAGES else texts(Language.ENGLISH)
        self._written: dict[str, str] = {}
        for file in sorted((FOLDER / language).glob("*.ftl")):
            self._written.update(_MESSAGE.findall(file.read_text("utf-8")))

    def text(self, key: str, **values: TextValue) -> str:
        """Return the sentence for key.

        Raises:
            KeyError: There is no such key, or the sentence needs a value that was not given.
        """
        written = self._written.get(key)
        if written is None:
            if self._instead is not None:
                return self._instead.text(key, **values)
            raise KeyError(f"no text {key} in {self.language}")
        if _MORE_THAN_WORDS.search(written):
            return self._sentences.text(key, written, values)
        return written.strip()

    def language_of(self, key: str) -> Language:
        """Return in which language the sentence for key is said, so that it can be read aloud."""
        if self._instead is not None and key not in self._written:
            return self._instead.language
        return self.language

    @cached_property
    def _sentences(self) -> "Sentences":
        from common.i18n.sentences import Sentences  # noqa: PLC0415 (not before a first screen)

        return Sentences(self.language)


@cache
def texts(language: Language) -> Texts:
    """Return the texts of a language, read once."""
    return Texts(language)
