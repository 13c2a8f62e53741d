"""Texts as they are said, held against Fluent's own reading of all files."""

import re

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast, serialize

from common.domain.language import Language
from common.i18n.sentences import Sentences
from common.i18n.texts import FOLDER, texts

VALUES = (1, 7, 12345.5)


@pytest.mark.parametrize("language", Language)
def test_every_text_is_said_as_fluent_reads_it(language: Language):
    bundle = FluentBundle([str(language)], use_isolating=False)
    written: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.ftl")):
        text = file.read_text("utf-8")
        bundle.add_resource(FluentResource(text))
        for entry in FluentParser().parse(text).body:
            if isinstance(entry, ast.Message):
                written[entry.id.name] = serialize(ast.Resource([entry]))
    assert written
    for key, source in written.items():
        names = set(re.findall(r"\$([a-z_]+)", source))
        for value in VALUES if names else (0,):
            values = dict.fromkeys(names, value)
            pattern = bundle.get_message(key).value
            assert pattern is not None
            said, errors = bundle.format_pattern(pattern, values)
            assert not errors
            assert texts(language).text(key, **values) == said, key


def test_what_cannot_be_said_is_a_key_error():
    with pytest.raises(KeyError, match="no text nowhere"):
        texts(Language.ENGLISH).text("nowhere")
    with pytest.raises(KeyError, match="common-step"):
        texts(Language.ENGLISH).text("common-step", step=1)
    sentences = Sentences(Language.ENGLISH)
    for key, written in (("broken", " { $x"), ("empty", ""), ("other", " { nowhere }")):
        with pytest.raises(KeyError, match=key):
            sentences.text(key, written, {"x": 1})
