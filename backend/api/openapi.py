"""The OpenAPI document: what FastAPI knows of the addresses, and how a request proves who sent it.

A signature is no parameter that a program fills in, but a scheme of security; OpenAPI 3.1 has no
name of its own for RFC 9421, so the header Signature stands for it.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

Document = dict[str, Any]

_SIGNED = ("signature", "signature-input", "content-digest", "x-officer")
_SCHEMES = {
    "station": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": (
            "A request signed by a paired station: RFC 9421 with ecdsa-p256-sha256, label "
            '"station", tag "smartics", over @method, @path, @query, content-digest, and over '
            "idempotency-key and x-officer where they are sent. Signature-Input, Signature and "
            "Content-Digest (RFC 9530) travel with it; a nonce is good once."
        ),
    },
    "officer": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Officer",
        "description": "The token of an officer's session, signed with the station's request.",
    },
    "program": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of an issuer that the settings name; its scope says what for.",
    },
    "operator": {
        "type": "http",
        "scheme": "bearer",
        "description": "The operator's secret, where the settings name one.",
    },
}


def install(app: FastAPI) -> None:
    """Let the app describe itself so."""

    def describe() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _true(get_openapi(title=app.title, version="1", routes=app.routes))
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _true(document: Document) -> Document:
    for path in document["paths"].values():
        for operation in path.values():
            _secure(operation)
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    document["components"]["securitySchemes"] = {**_SCHEMES, **schemes}
    return document


def _secure(operation: Document) -> None:
    parameters = operation.get("parameters", [])
    headers = {one["name"].lower(): one for one in parameters if one["in"] == "header"}
    if "security" in operation:
        pass  # its own module says what it asks for
    elif "signature" in headers:
        operation["security"] = [{"station": []}, {"station": [], "officer": []}]
    elif "authorization" in headers:
        operation["security"] = [{"operator": []}, {}]
    if "idempotency-key" in headers:
        headers["idempotency-key"].update(
            required=True,
            description="One key for one effect, kept for 90 days; repeat with the same body.",
            schema={"type": "string", "minLength": 8, "maxLength": 100},
        )
    hidden = {*_SIGNED, "authorization"}
    kept = [one for one in parameters if one["in"] != "header" or one["name"].lower() not in hidden]
    operation.pop("parameters", None)
    if kept:
        operation["parameters"] = kept
