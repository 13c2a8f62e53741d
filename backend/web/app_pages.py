"""What makes the pages installable as an app, and what a phone shows without a network.

The service worker keeps style, icons and the offline page, and never a page about a person.
"""

import hashlib
import json
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from backend.web.render import STATIC, Words, asset, choose_language, draw, page
from common.domain.language import Language, OfficeLanguage

router = APIRouter()

Asked = Annotated[OfficeLanguage, Query(alias="lang")]

_BRAND, _GROUND = "#072C50", "#F2F5F9"
_KEPT = ("web.css", "web.js", "mark.svg", "icon-192.png")


@router.get("/manifest.webmanifest")
async def manifest(lang: Asked = Language.ENGLISH) -> Response:
    """Describe the app (W3C Web Application Manifest)."""
    words = Words(lang)
    icons = [
        {"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        *(
            {
                "src": asset(f"icon-{side}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for side in (192, 512)
            for purpose in ("any", "maskable")
        ),
    ]
    described = {
        "id": "/",
        "name": words("service"),
        "short_name": words("app-short-name"),
        "description": words("start-lead"),
        "lang": lang.value,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": _BRAND,
        "background_color": _GROUND,
        "icons": icons,
        "shortcuts": [
            {"name": words(f"start-{name}"), "url": address}
            for name, address in (("book", "/book"), ("find", "/find"), ("status", "/status"))
        ],
    }
    text = json.dumps(described, ensure_ascii=False)
    return Response(text, media_type="application/manifest+json")


@router.get("/service-worker.js")
async def service_worker(lang: Asked = Language.ENGLISH) -> Response:
    """Return the worker; its address names the language of the offline page."""
    text = draw("service-worker.js", lang, {"version": _version(), "kept": _kept_addresses()})
    return Response(text, media_type="text/javascript; charset=utf-8")


@router.get("/offline")
async def offline(request: Request) -> HTMLResponse:
    """Say what to do without a network; the worker keeps this page."""
    return page(request, "offline.html", {"language": choose_language(request)})


@cache
def _kept_addresses() -> list[str]:
    return [asset(name) for name in _KEPT]


@cache
def _version() -> str:
    """Return a name of everything that is kept: a new one lets the worker fetch it anew."""
    files = [*(STATIC / name for name in _KEPT), STATIC.parent / "templates" / "offline.html"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
