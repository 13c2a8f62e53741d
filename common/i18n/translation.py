"""Hands the kiosks' texts to a translator as a PO file, and takes them back with checks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from fluent.syntax import ast, serialize

from common.domain.language import OWN_NAMES, Language
from common.i18n.steps import CHECKED, FILES, checked, mark, readiness, steps
from common.i18n.texts import FOLDER, texts
from common.i18n.wording import (
    WHOLE,
    Forms,
    counted,
    forms_of,
    gaps,
    longest,
    message_of,
    objections,
    read,
)

LATIN = {Language.INDONESIAN, Language.FILIPINO}
ONE_AND_OTHER = ("one", "other")
PLURALS: dict[Language, tuple[str, ...]] = {Language.THAI: ("other",)}
"""Plural categories, as CLDR names them and in gettext's order, where they are not these two."""
_HEAD = """\
Texts of the kiosks in {name}. Context: the text's key. A text marked fuzzy is a draft:
please check it and take the mark away. Leave what stands in braces, such as {{ $number }}.
Plain and polite words, please: many readers are old, tired or in a hurry."""

Screens = Mapping[str, Sequence[str]]
"""A text's key to the screens that show it, such as kiosk_tag/welcome."""


@dataclass(slots=True)
class Taken:
    """What came back from a translator.

    Attributes:
        texts: How many are taken.
        checked: How many of them a translator has checked.
        missing: Keys without a translation.
        wrong: What is wrong, each with its key; those texts stay as they were.
    """

    texts: int = 0
    checked: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def plurals(language: Language) -> tuple[str, ...]:
    """Return the plural categories of a language."""
    return PLURALS.get(language, ONE_AND_OTHER)


def export(language: Language, screens: Screens) -> bytes:
    """Return the PO file of a language: the English text, ours so far, and what it is for."""
    catalog = _empty(language)
    seen = checked(language)
    for name in FILES:
        own = steps(language, name)
        for key, written in steps(Language.ENGLISH, name).items():
            english = forms_of(read(written))
            before = forms_of(read(own[key])) if key in own else {}
            row = catalog.add(
                _in_po(english),
                _translated(before, language, is_plural="one" in english),
                context=key,
                flags={"fuzzy"} if before and seen.get(key) != mark(written) else set(),
                auto_comments=list(_remarks(key, english, screens)),
                locations=[(f"common/i18n/en/{name}.ftl", None)],  # type: ignore[list-item]
            )
            row.flags.discard("python-brace-format")  # Babel's guess; our gaps begin with a dollar
    out = BytesIO()
    write_po(out, catalog, width=0)
    return out.getvalue()


def take_back(language: Language, data: bytes, folder: Path = FOLDER) -> Taken:
    """Put a translator's file into the folder of its language.

    Raises:
        ValueError: It is no PO file, or none of ours.
    """
    try:
        catalog = read_po(BytesIO(data), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    told = {str(one.context): one for one in catalog if one.context}
    if not told:
        raise ValueError("no text of ours is in it")
    taken, before = Taken(), checked(language)
    seen: dict[str, str] = {}
    (folder / language).mkdir(exist_ok=True)
    for name in FILES:
        rows: list[ast.EntryType] = []
        own = steps(language, name)
        for key, english in steps(Language.ENGLISH, name).items():
            message, is_checked = _row(key, english, told.get(key), language, taken)
            if message is None and key in own:
                message = read(own[key])
                seen |= {key: before[key]} if key in before else {}
            if message is None:
                taken.missing.append(key)
                continue
            rows.append(message)
            seen |= {key: mark(english)} if is_checked else {}
        taken.texts += len(rows)
        (folder / language / f"{name}.ftl").write_text(serialize(ast.Resource(rows)), "utf-8")
    taken.checked = len(seen)
    lines = [f'{key} = "{value}"\n' for key, value in seen.items()]
    (folder / language / CHECKED).write_text("".join(lines), "utf-8")
    for known in (texts, steps, readiness):
        known.cache_clear()
    return taken


def _empty(language: Language) -> Catalog:
    head = _HEAD.format(name=OWN_NAMES[language]).splitlines()
    return Catalog(
        locale=str(language),
        project="smartics",
        header_comment="\n".join(f"# {line}" for line in head),
        fuzzy=False,
    )


def _in_po(forms: Forms) -> str | tuple[str, str]:
    return (forms["one"], forms["other"]) if "one" in forms else next(iter(forms.values()))


def _translated(before: Forms, language: Language, *, is_plural: bool) -> str | tuple[str, ...]:
    if not is_plural:
        return next(iter(before.values()), "")
    return tuple(before.get(one, "") for one in plurals(language))


def _remarks(key: str, english: Forms, screens: Screens) -> Iterator[str]:
    for name in FILES:
        if written := steps(Language.TRADITIONAL, name).get(key):
            yield "繁體: " + " / ".join(forms_of(read(written)).values())
    for screen in screens.get(key, ()):
        yield f"screen: {screen}; picture in the gallery: {screen}-*-en-1.0.png"
    said = max(english.values(), key=len)
    if WHOLE in english:
        yield "translate what follows each bracket; leave brackets, braces and arrows"
    else:
        yield f"at most {longest(said)} letters"
    if found := gaps(said):
        yield "keep: " + " ".join(found)


def _row(
    key: str, english: str, told: Message | None, language: Language, taken: Taken
) -> tuple[ast.Message | None, bool]:
    """Return the translation, and whether a translator has checked it as the English is now."""
    if told is None:
        return None, False
    words = (told.string,) if isinstance(told.string, str) else tuple(told.string or ())
    if not words or not all(words):
        return None, False
    source = forms_of(read(english))
    names = plurals(language) if "one" in source else tuple(source)
    forms = dict(zip(names, words, strict=False))
    wrong = [
        one
        for name, said in forms.items()
        for one in objections(
            source[name] if name in source else source["other"], said, is_latin=language in LATIN
        )
    ]
    if len(forms) != len(names):
        wrong.append(f"it needs {len(names)} forms")
    try:
        message = message_of(key, forms, counted(english))
    except ValueError as error:
        wrong.append(str(error))
    if wrong:
        taken.wrong += [f"{key}: {one}" for one in dict.fromkeys(wrong)]
        return None, False
    is_current = told.id == _in_po(source)
    if not is_current:
        taken.wrong.append(f"{key}: the English text has changed since; it counts as a draft")
    return message, is_current and not told.fuzzy
