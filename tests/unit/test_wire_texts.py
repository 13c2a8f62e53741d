"""No text of any shape can hold a NUL, which PostgreSQL does not keep."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import common.wire
from common.wire.base import Shape

VALIDATED = {
    "ContactConsented.mail",
    "ContactConsented.mobile",
    "MobileCheck.mobile",
    "MobileCodeRequest.mobile",
}
"""Texts that a validator reads letter by letter."""


def shapes(of: type[Shape] = Shape) -> Iterator[type[Shape]]:
    for shape in of.__subclasses__():
        if shape.__module__.startswith("common.wire"):
            yield shape
        yield from shapes(shape)


def texts(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every text of a schema that comes from outside and is no bytes: those have bounds."""
    if isinstance(schema, list):
        for one in schema:
            yield from texts(one)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and "maxLength" in schema and "format" not in schema:
            yield schema
        for key, one in schema.items():
            if key not in ("$defs", "examples"):
                yield from texts(one)


def test_no_text_holds_a_nul() -> None:
    for module in iter_modules(common.wire.__path__, "common.wire."):
        import_module(module.name)
    found = {
        f"{shape.__name__}.{name}"
        for shape in shapes()
        for name, field in shape.model_json_schema().get("properties", {}).items()
        for text in texts(field)
        if "pattern" not in text or re.search(text["pattern"], "A\0A")
    }
    assert found <= VALIDATED
