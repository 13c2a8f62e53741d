"""Finds the sentence for a key in one language."""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from common.domain.language import OFFICE_LANGUAGES, Language

FOLDER = Path(__file__).parent

TextValue = str | int | float


class Texts:
    """All sentences of one language, from the .ftl files of its folder.

    A language that the office only helps in lacks some: those are said in English.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._instead = None if language in OFFICE_LANGUAGES else texts(Language.ENGLISH)
        self._bundle = FluentBundle([str(language)], use_isolating=False)
        for file in sorted((FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text("utf-8")))

    def text(self, key: str, **values: TextValue) -> str:
        """Return the sentence for key.

        Raises:
            KeyError: There is no such key, or the sentence needs a value that was not given.
        """
        if not self._bundle.has_message(key):
            if self._instead is not None:
                return self._instead.text(key, **values)
            raise KeyError(f"no text {key} in {self.language}")
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise KeyError(f"text {key} is empty in {self.language}")
        sentence, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise KeyError(f"text {key} in {self.language}: {errors[0]}")
        return str(sentence)

    def language_of(self, key: str) -> Language:
        """Return in which language the sentence for key is said, so that it can be read aloud."""
        if self._instead is not None and not self._bundle.has_message(key):
            return self._instead.language
        return self.language


@cache
def texts(language: Language) -> Texts:
    """Return the texts of a language, read once."""
    return Texts(language)
