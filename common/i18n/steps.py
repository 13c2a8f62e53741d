"""Which texts lead a person through the kiosks' steps, and how far a language has them.

A station asks at its start, so the files are looked through here, not parsed.
"""

import hashlib
import re
import tomllib
from enum import IntEnum
from functools import cache

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import FOLDER

FILES = ("common", "tag", "registration", "bench", "collection", "papers")
"""The .ftl files with texts of steps, in the order in which a translator gets them."""
FORM = ("common", "bench", "papers")
NEEDED = {
    "tag": ("common", "tag", "papers"),
    "registration": ("common", "registration", "bench", "papers"),
    "bench": FORM,
    "collection": ("common", "collection"),
}
"""What a kind of kiosk shows; the registration kiosk asks for gaps with the bench's pages."""
CHECKED = "checked.toml"
"""Beside the .ftl files: each text that a translator has checked, and the mark of its English."""

_FOR_STAFF = re.compile(r"(collection-(staff|menu|load)|common-staff-mode|staff)-")
_MESSAGE = re.compile(r"^([a-z][A-Za-z0-9_-]*) =(.*(?:\n[ }].*)*)", re.MULTILINE)
_PLACES = re.compile(r"bench-(area|district)-(?!none)")
_ON_SCREENS = re.compile(r"papers-(wait|next|slip-unsent|slip-keep)")
_FIELDS = re.compile(r"papers-form-(?!title|tag$|date$|particulars|declaration|sign|officer|keep)")


class Readiness(IntEnum):
    """How far a kiosk's steps are in a language."""

    INCOMPLETE = 0
    DRAFT = 1
    CHECKED = 2


def is_step(key: str) -> bool:
    """Tell whether the public meets this text at a kiosk; of papers, what screens say too.

    Districts are known by their names in English and Chinese.
    """
    if key.startswith("papers-"):
        return any(pattern.match(key) for pattern in (_ON_SCREENS, _FIELDS))
    return _FOR_STAFF.match(key) is None and _PLACES.match(key) is None


@cache
def steps(language: Language, name: str) -> dict[str, str]:
    """Return the steps of one file in a language, by key in their order, as they are written."""
    file = FOLDER / language / f"{name}.ftl"
    found = _MESSAGE.findall(file.read_text("utf-8")) if file.exists() else []
    return {key: f"{key} ={rest}" for key, rest in found if is_step(key)}


def mark(written: str) -> str:
    """Return eight digits that change when a text does."""
    return hashlib.sha256(" ".join(written.split()).encode()).hexdigest()[:8]


def checked(language: Language) -> dict[str, str]:
    """Return the texts that a translator has checked, with the mark of the English then."""
    file = FOLDER / language / CHECKED
    return dict(tomllib.loads(file.read_text("utf-8"))) if file.exists() else {}


def is_checked(language: Language) -> bool:
    """Tell whether every kiosk's steps are whole in a language, and checked."""
    return all(readiness(language, kiosk) is Readiness.CHECKED for kiosk in NEEDED)


@cache
def readiness(language: Language, kiosk: str) -> Readiness:
    """Tell whether a kind of kiosk can be shown in a language."""
    if language in OFFICE_LANGUAGES:
        return Readiness.CHECKED
    seen = checked(language)
    least = Readiness.CHECKED
    for name in NEEDED[kiosk]:
        own = steps(language, name)
        for key, english in steps(Language.ENGLISH, name).items():
            if key not in own:
                return Readiness.INCOMPLETE
            if seen.get(key) != mark(english):
                least = Readiness.DRAFT
    return least
