"""/osia/v1/enrollments: OSIA's Enrollment interface."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response

from backend.api.access import Running, Service
from backend.bearer import Program
from backend.osia import enrollments
from backend.osia.shapes import Buffer, Enrollment, Expression, Id, OsiaError
from backend.settings import OsiaSettings
from backend.transaction import Refusal, Transaction

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": OsiaError}
    for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
}
router = APIRouter(prefix="/osia/v1/enrollments", tags=["OSIA Enrollment"], responses=REFUSALS)

_TYPE = re.compile(r"(application|image)/[A-Za-z0-9.+-]{1,60}")
_DIGESTS = {"SHA": hashlib.sha1, "SHA-256": hashlib.sha256, "SHA-512": hashlib.sha512}

Transacted = Annotated[Id, Query(alias="transactionId")]
Finalize = Annotated[bool, Query()]


def switched_on(running: Service) -> OsiaSettings:
    """Return the settings.

    Raises:
        Refusal: These interfaces are off: there is nothing here.
    """
    if running.settings.osia is None:
        raise Refusal(404, "not_found")
    return running.settings.osia


def program(scope: str) -> Callable[..., Coroutine[Any, Any, Program]]:
    """Let in programs with a token for this."""

    async def check(
        running: Running, authorization: Annotated[str, Header(max_length=4100)] = ""
    ) -> Program:
        switched_on(running)
        return running.bearers.check(authorization, scope, running.clock())

    return check


def needs(scope: str) -> dict[str, Any]:
    """Say in the document what a token must be for."""
    return {"security": [{"program": [scope]}]}


_READ, _WRITE = "enroll.read", "enroll.write"
_BUFFER_READ, _BUFFER_WRITE = "enroll.buf.read", "enroll.buf.write"
Reader = Annotated[Program, Depends(program(_READ))]
Writer = Annotated[Program, Depends(program(_WRITE))]
BufferReader = Annotated[Program, Depends(program(_BUFFER_READ))]
BufferWriter = Annotated[Program, Depends(program(_BUFFER_WRITE))]


@router.post("/{enrollment_id}", status_code=204, openapi_extra=needs(_WRITE))
async def create(
    who: Writer,
    running: Running,
    enrollment_id: Id,
    body: Enrollment,
    _transaction_id: Transacted,
    finalize: Finalize = False,
) -> None:
    """Create one enrollment."""

    def do(transaction: Transaction) -> None:
        enrollments.create(transaction, who, enrollment_id, _plain(body))
        if finalize:
            enrollments.finalize(transaction, who, enrollment_id)

    await running.store.command(do)


@router.get("/{enrollment_id}", response_model=Enrollment, openapi_extra=needs(_READ))
async def read(
    who: Reader,
    running: Running,
    enrollment_id: Id,
    _transaction_id: Transacted,
    attributes: Annotated[list[Id] | None, Query(max_length=50)] = None,
) -> Response:
    """Read one enrollment, whole or some of its attributes."""
    found = await running.store.read(lambda t: enrollments.read(t, who, enrollment_id))
    if attributes:
        kept = {"enrollmentId", "status", *attributes}
        found = {name: value for name, value in found.items() if name in kept}
    return _json(found)


@router.put("/{enrollment_id}", status_code=204, openapi_extra=needs(_WRITE))
async def update(
    who: Writer,
    running: Running,
    enrollment_id: Id,
    body: Enrollment,
    _transaction_id: Transacted,
    finalize: Finalize = False,
) -> None:
    """Update one enrollment."""

    def do(transaction: Transaction) -> None:
        enrollments.replace(transaction, who, enrollment_id, _plain(body))
        if finalize:
            enrollments.finalize(transaction, who, enrollment_id)

    await running.store.command(do)


@router.patch("/{enrollment_id}", status_code=204, openapi_extra=needs(_WRITE))
async def update_partly(
    who: Writer,
    running: Running,
    enrollment_id: Id,
    body: Annotated[dict[str, Any], Body()],
    _transaction_id: Transacted,
    finalize: Finalize = False,
) -> None:
    """Update one enrollment by a JSON merge patch (RFC 7396)."""

    def do(transaction: Transaction) -> None:
        enrollments.patch(transaction, who, enrollment_id, body)
        if finalize:
            enrollments.finalize(transaction, who, enrollment_id)

    await running.store.command(do)


@router.delete("/{enrollment_id}", status_code=204, openapi_extra=needs(_WRITE))
async def remove(
    who: Writer, running: Running, enrollment_id: Id, _transaction_id: Transacted
) -> None:
    """Delete one enrollment that is not final."""
    await running.store.command(lambda t: enrollments.remove(t, who, enrollment_id))


@router.put("/{enrollment_id}/finalize", status_code=204, openapi_extra=needs(_WRITE))
async def finalize(
    who: Writer, running: Running, enrollment_id: Id, _transaction_id: Transacted
) -> None:
    """Say that all data was collected: the enrollment becomes a case."""
    await running.store.command(lambda t: enrollments.finalize(t, who, enrollment_id))


@router.post("", response_model=list[Enrollment], openapi_extra=needs(_READ))
async def find(
    who: Reader,
    running: Running,
    body: Annotated[list[Expression], Body(max_length=20)],
    _transaction_id: Transacted,
    offset: Annotated[int, Query(ge=0, le=1000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> Response:
    """Find enrollments of the same partner."""
    return _json(
        await running.store.read(lambda t: enrollments.search(t, who, body, offset, limit))
    )


@router.post(
    "/{enrollment_id}/buffer",
    status_code=201,
    response_model=Buffer,
    openapi_extra={
        **needs(_BUFFER_WRITE),
        "requestBody": {
            "required": True,
            "content": {
                name: {"schema": {"type": "string", "format": "binary", "minLength": 1}}
                for name in ("image/jpeg", "application/octet-stream")
            },
        },
    },
)
async def add_buffer(
    who: BufferWriter,
    running: Running,
    request: Request,
    enrollment_id: Id,
    _transaction_id: Transacted,
    digest: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Send an image apart from its enrollment."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    plain = await request.body()
    if not _TYPE.fullmatch(content_type) or not plain:
        raise Refusal(400, "bad_request", "an image, or application/*")
    if len(plain) > switched_on(running).largest_buffer:
        raise Refusal(413, "too_large")
    _check_digest(digest, plain)
    buffer_id = await running.store.command(
        lambda t: enrollments.add_buffer(t, who, enrollment_id, content_type, plain)
    )
    return Response(json.dumps({"bufferId": buffer_id}), 201, media_type="application/json")


@router.get(
    "/{enrollment_id}/buffer/{buffer_id}",
    response_class=Response,
    responses={200: {"content": {"image/*": {}, "application/*": {}}}},
    openapi_extra=needs(_BUFFER_READ),
)
async def read_buffer(
    who: BufferReader,
    running: Running,
    enrollment_id: Id,
    buffer_id: UUID,
    _transaction_id: Transacted,
) -> Response:
    """Read a buffer with the content type that it was sent with."""
    content_type, plain = await running.store.read(
        lambda t: enrollments.read_buffer(t, who, enrollment_id, str(buffer_id))
    )
    digest = base64.b64encode(hashlib.sha256(plain).digest()).decode()
    return Response(plain, media_type=content_type, headers={"Digest": f"SHA-256={digest}"})


def _plain(body: Enrollment) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude_none=True)


def _json(found: object) -> Response:
    return Response(json.dumps(found), media_type="application/json")


def _check_digest(header: str, plain: bytes) -> None:
    """Compare a digest of RFC 3230, where one came.

    Raises:
        Refusal: It is another buffer's, or of no known algorithm.
    """
    if not header:
        return
    name, _, value = header.partition("=")
    make = _DIGESTS.get(name.strip().upper())
    if make is None or base64.b64encode(make(plain).digest()).decode() != value.strip():
        raise Refusal(400, "digest_wrong", "SHA, SHA-256 or SHA-512 of the body")
