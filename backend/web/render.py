"""Draws a page in the reader's language."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.settings import OfficeSettings
from common.domain.clock import OFFICE_ZONE
from common.domain.language import OFFICE_LANGUAGES, Language, OfficeLanguage, office_language
from common.i18n.texts import TextValue, texts

STATIC = Path(__file__).parent / "static"

_COOKIE = "lang"
_A_YEAR_S = 365 * 24 * 3600


@cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so it may be kept for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"


def office_time(moment: datetime) -> datetime:
    """Return a moment on the office's clock."""
    return moment.astimezone(OFFICE_ZONE)


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(asset=asset, office_time=office_time)


class Words:
    """The sentences and dates of one page, in one language."""

    def __init__(self, language: OfficeLanguage) -> None:
        self.language = language
        self._texts = texts(language)

    def __call__(self, key: str, **values: TextValue) -> str:
        """Return the sentence of the public's pages for a key."""
        return self._texts.text(f"web-{key}", **values)

    def day(self, day: date) -> str:
        """Write a date in words."""
        return self(
            "date",
            weekday=self(f"weekday-{day.weekday()}"),
            day=str(day.day),
            month=self(f"month-{day.month}"),
            year=str(day.year),
        )

    def plain_day(self, day: date) -> str:
        """Write a date in words without its weekday, as for a date of birth."""
        return self(
            "date-plain", day=str(day.day), month=self(f"month-{day.month}"), year=str(day.year)
        )

    def office(self, office: OfficeSettings) -> str:
        """Return the office's name."""
        return office.name[self.language]


def choose_language(request: Request) -> OfficeLanguage:
    """Take the language that was asked for, chosen before, or that the browser prefers."""
    for wanted in (_asked_for(request), request.cookies.get(_COOKIE)):
        if wanted in set(OFFICE_LANGUAGES):
            return office_language(wanted)
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("en"):
            return Language.ENGLISH
        if tag.startswith("zh"):
            mainland = "hans" in tag or tag in ("zh-cn", "zh-sg")
            return Language.SIMPLIFIED if mainland else Language.TRADITIONAL
    return Language.ENGLISH


def page(
    request: Request, template: str, context: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """Draw a page; the language asked for is remembered."""
    language = choose_language(request)
    html = _pages.get_template(template).render(
        t=Words(language),
        lang=language.value,
        languages=[(other.value, _other_language(request, other)) for other in OFFICE_LANGUAGES],
        **context,
    )
    response = HTMLResponse(html, status)
    if _asked_for(request) == language:
        response.set_cookie(
            _COOKIE, language.value, max_age=_A_YEAR_S, httponly=True, samesite="lax"
        )
    return response


def draw(template: str, language: OfficeLanguage, context: Mapping[str, Any]) -> str:
    """Draw something that belongs to no request."""
    words = Words(language)
    return _pages.get_template(template).render(t=words, lang=language.value, **context)


def _asked_for(request: Request) -> str | None:
    # A language button sends the half-filled form along; a language link only its address.
    asked: str | None = getattr(request.state, "language", None)
    return asked or request.query_params.get("lang")


def _other_language(request: Request, language: OfficeLanguage) -> str:
    return "?" + urlencode({**request.query_params, "lang": language.value})
