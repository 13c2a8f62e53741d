"""What every answer carries and every request must keep to: headers, sizes, errors without data."""

import json
import logging
import re
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.ledger import LedgerError
from backend.store import StoreError
from backend.transaction import Refusal
from common.wire.packets import CHUNK, TAG_BYTES
from common.wire.shapes import Problem

logger = logging.getLogger(__name__)

Renderer = Callable[[Request, Refusal], Awaitable[Response]]

_A_YEAR_S = 365 * 24 * 3600
_TEN_MINUTES_S = 600
_LARGEST_FACTS = 16 * 2**20
_LARGEST_CHUNK = CHUNK + TAG_BYTES
_LARGEST = 64 * 2**10
_OSIA = "/osia/"
# What only came too soon may be sent again after so many seconds (RFC 9110, 10.2.3).
_AGAIN_S = {429: "60", 503: "5"}
_CHUNKS = re.compile(r"/v1/packets/[^/]+/chunks/[^/]+")

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem}
    for status in (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)
}
"""What any address of /v1 may answer besides what was asked for."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}


class TooLargeError(Exception):
    """The body is larger than anything that this address takes."""


class Shield:
    """Sets the headers and stops bodies that are too large while they arrive."""

    def __init__(self, app: ASGIApp, page: Renderer) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = _largest(scope["path"])
        taken, begun = 0, False

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > largest:
                raise TooLargeError
            return message

        async def send_shielded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):
                    # An address with a version names these bytes and no others.
                    named = scope["query_string"].startswith(b"v=")
                    age = _A_YEAR_S if named else _TEN_MINUTES_S
                    headers["Cache-Control"] = f"public, max-age={age}"
            await send(message)

        refusal: Refusal | None = None
        try:
            _check_announced(scope, largest)
            await self._app(scope, receive_some, send_shielded)
        except TooLargeError:
            refusal = Refusal(413, "too_large")
        except Exception as error:
            # The message of an error may quote what was sent; its type and place are enough.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            logger.error("%s at %s", type(error).__name__, where)  # noqa: TRY400 (see above)
            refusal = Refusal(500, "failed")
        if refusal is not None and not begun:
            answer = await _answer(Request(scope, receive), refusal, self._page)
            await answer(scope, receive, send_shielded)


def install(app: FastAPI, page: Renderer) -> None:
    """Answer every error in the way of its reader: a Problem for programs, a page for people."""
    app.add_middleware(Shield, page=page)

    async def answer(request: Request, refusal: Refusal) -> Response:
        return await _answer(request, refusal, page)

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return await answer(request, refusal)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # Only where it is wrong: what was sent may be personal.
        where = "; ".join(".".join(map(_plain, item["loc"])) for item in error.errors())
        return await answer(request, Refusal(422, "bad_request", where[:200]))

    @app.exception_handler(HTTPException)
    async def not_served(request: Request, error: HTTPException) -> Response:
        word = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        return await answer(request, Refusal(error.status_code, word))

    @app.exception_handler(StoreError)
    @app.exception_handler(LedgerError)
    async def not_kept(request: Request, _error: Exception) -> Response:
        return await answer(request, Refusal(503, "store_failed"))


def _plain(part: object) -> str:
    # The name of a key that was sent may be anything, even what cannot be written as UTF-8.
    return re.sub(r"[^A-Za-z0-9_-]", "?", str(part)[:60])


async def _answer(request: Request, refusal: Refusal, page: Renderer) -> Response:
    if request.url.path.startswith("/v1/"):
        return _problem(refusal)
    if request.url.path.startswith(_OSIA):
        # OSIA has no 422: what is malformed is a bad request.
        status = 400 if refusal.status == 422 else refusal.status
        message = f"{refusal.problem} {refusal.detail}".strip()[:200]
        return JSONResponse({"code": status, "message": message}, status)
    return await page(request, refusal)


def _largest(path: str) -> int:
    if path == "/v1/facts" or path.startswith(_OSIA):
        return _LARGEST_FACTS
    return _LARGEST_CHUNK if _CHUNKS.fullmatch(path) else _LARGEST


def _check_announced(scope: Scope, largest: int) -> None:
    length = Headers(scope=scope).get("content-length", "0")
    if length.isdecimal() and int(length) > largest:
        raise TooLargeError


def _problem(refusal: Refusal) -> JSONResponse:
    body = Problem(problem=refusal.problem, detail=refusal.detail[:200])
    wait = _AGAIN_S.get(refusal.status)
    again = {} if wait is None else {"Retry-After": wait}
    return JSONResponse(json.loads(body.model_dump_json()), refusal.status, again)
