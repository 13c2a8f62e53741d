"""Makes sentences with values, plurals and choices: what Fluent is for."""

from collections.abc import Mapping
from threading import Lock

from fluent.runtime import FluentBundle, FluentResource

from common.domain.language import Language


class Sentences:
    """The messages of one language that were asked for so far; may be used from any thread."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._bundle = FluentBundle([str(language)], use_isolating=False)
        self._lock = Lock()

    def text(self, key: str, written: str, values: Mapping[str, str | int | float]) -> str:
        """Return the sentence of a message, given what stands behind its "=".

        Raises:
            KeyError: It is no message, refers to another one, or needs a value that is not there.
        """
        with self._lock:
            if not self._bundle.has_message(key):
                self._bundle.add_resource(FluentResource(f"{key} ={written}"))
            if not self._bundle.has_message(key):
                raise KeyError(f"text {key} cannot be read in {self._language}")
            pattern = self._bundle.get_message(key).value
            if pattern is None:
                raise KeyError(f"text {key} is empty in {self._language}")
            sentence, errors = self._bundle.format_pattern(pattern, dict(values))
        if errors:
            raise KeyError(f"text {key} in {self._language}: {errors[0]}")
        return str(sentence)
