"""A Fluent text as a translator writes it: plain words with { $gaps }, one for each plural."""

import re
import unicodedata
from math import ceil

from fluent.syntax import FluentParser, ast, serialize

Forms = dict[str, str]
"""Plural category ("one", "other") to words; a text without plural has "" alone.

A text that chooses in other ways, such as the name of a month, is given as Fluent writes it: WHOLE.
"""
WHOLE = "whole"

_GAP = re.compile(r"\{ \$[a-z_]+ \}")
_VALUE = re.compile(r"\$[a-z_]+")
_SAID = {
    "words": "the text cannot be read: check the braces",
    "gaps": "the gaps in braces are not those of the English text",
    "long": "the text is too long for its place",
    "english": "the text is English still",
}


def forms_of(message: ast.Message) -> Forms:
    """Return the words of a message.

    Raises:
        ValueError: It refers to other texts, or calls something.
    """
    elements = message.value.elements if message.value is not None else []
    if len(elements) == 1 and isinstance(elements[0], ast.Placeable):
        chosen = elements[0].expression
        if isinstance(chosen, ast.SelectExpression) and _is_plural(chosen):
            return {_category(one): _words(one.value) for one in chosen.variants}
    if any(isinstance(getattr(one, "expression", None), ast.SelectExpression) for one in elements):
        written = serialize(ast.Resource([message])).partition(" =")[2]
        return {
            WHOLE: "\n".join(line.removeprefix("    ") for line in written.strip().splitlines())
        }
    return {"": _words(message.value)}


def read(written: str) -> ast.Message:
    """Read one message of an .ftl file.

    Raises:
        ValueError: It is none.
    """
    entry = FluentParser().parse_entry(written)
    if not isinstance(entry, ast.Message):
        raise ValueError(_SAID["words"])  # noqa: TRY004 (what is written is wrong, not a type)
    return entry


def message_of(key: str, forms: Forms, number: str = "") -> ast.Message:
    """Make a message of a translator's words; number is the gap that a plural counts.

    Raises:
        ValueError: The words hold braces that are no gaps.
    """
    if WHOLE in forms:
        text = f"{key} =\n" + "".join(f"    {line}\n" for line in forms[WHOLE].splitlines())
    elif "" in forms:
        text = f"{key} = {_quoted(forms[''])}\n"
    else:
        rows = "".join(
            f"\n   {'*' if name == 'other' else ' '}[{name}] {_quoted(words)}"
            for name, words in forms.items()
        )
        text = f"{key} = {{ ${number} ->{rows}\n}}\n"
    entry = read(text)
    if forms_of(entry) != forms:
        raise ValueError(_SAID["words"])
    return entry


def counted(written: str) -> str:
    """Return the gap that a plural counts; nothing where there is no plural."""
    found = re.search(r"\{ \$([a-z_]+) ->", written)
    return found.group(1) if found else ""


def gaps(words: str) -> list[str]:
    """Return the gaps that values are put into; of a whole text the values."""
    return sorted(set(_VALUE.findall(words) if _chooses(words) else _GAP.findall(words)))


def length(words: str) -> int:
    """Return how long words are on a screen: marks above and below letters need no room."""
    bare = _GAP.sub("000", words)
    return sum(unicodedata.category(letter) not in ("Mn", "Me", "Cf") for letter in bare)


def longest(english: str) -> int:
    """Return how long a translation may be: the layouts are tried with two fifths more."""
    return ceil(length(english) * 1.4) + 12


def objections(english: str, words: str, *, is_latin: bool) -> list[str]:
    """Say what is wrong with a translation of an English text; is_latin: of its script."""
    wrong = []
    if gaps(words) != gaps(english):
        wrong.append("gaps")
    if not _chooses(english) and length(words) > longest(english):
        wrong.append("long")
    if _is_english(english, words, is_latin):
        wrong.append("english")
    return [_SAID[one] for one in wrong]


def _is_english(english: str, words: str, is_latin: bool) -> bool:
    bare = re.sub(r"\{ \$\w+ ->|^ *\*?\[\w+\]", " ", words, flags=re.MULTILINE)
    bare = _GAP.sub(" ", bare)
    if is_latin:
        return words == english and len(re.findall(r"[A-Za-z]{2,}", bare)) > 2
    return re.search(r"[a-z]+( [a-z]+)+", bare) is not None


def _chooses(words: str) -> bool:
    return "->" in words


def _is_plural(chosen: ast.SelectExpression) -> bool:
    return {_category(one) for one in chosen.variants} == {"one", "other"} or (
        len(chosen.variants) == 1 and _category(chosen.variants[0]) == "other"
    )


def _category(variant: ast.Variant) -> str:
    key = variant.key
    return str(key.name if isinstance(key, ast.Identifier) else key.value)


def _words(pattern: ast.Pattern | None) -> str:
    parts = []
    for element in pattern.elements if pattern is not None else []:
        match element:
            case ast.TextElement():
                parts.append(element.value)
            case ast.Placeable(expression=ast.VariableReference() as gap):
                parts.append(f"{{ ${gap.id.name} }}")
            case ast.Placeable(expression=ast.StringLiteral() as literal):
                parts.append(literal.value)
            case _:
                raise ValueError(_SAID["words"])
    return "".join(parts)


def _quoted(words: str) -> str:
    """Keep what Fluent would take for its own at the beginning of a text."""
    first = words[:1]
    return f'{{ "{first}" }}{words[1:]}' if first in ("[", "*", ".") and words else words
