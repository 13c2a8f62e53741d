"""Finds the sentence for a key in one language."""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from common.domain.language import Language

FOLDER = Path(__file__).parent

TextValue = str | int | float


class Texts:
    """All sentences of one language, from the .ftl files of its folder."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._bundle = FluentBundle([str(language)], use_isolating=False)
        for file in sorted((FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text("utf-8")))

    def text(self, key: str, **values: TextValue) -> str:
        """Return the sentence for key.

        Raises:
            KeyError: There is no such key, or the sentence needs a value that was not given.
        """
        if not self._bundle.has_message(key):
            raise KeyError(f"no text {key} in {self.language}")
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise KeyError(f"text {key} is empty in {self.language}")
        sentence, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise KeyError(f"text {key} in {self.language}: {errors[0]}")
        return str(sentence)


@cache
def texts(language: Language) -> Texts:
    """Return the texts of a language, read once."""
    return Texts(language)
