"""What every shape is made of: the base class, and the bounds of texts, numbers and bytes.

Bytes travel as base64. Every text, number and list is bounded: a hostile peer gets a 422, not
memory. A text holds no NUL, which PostgreSQL cannot keep. Numbers, truths and days are taken as
they are written in JSON and never guessed: neither "1" nor true is a number, nor is 0 a day.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import (
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

WITHOUT_NUL = r"^[^\x00]*$"


def _written(value: object) -> object:
    # Pydantic takes a number, also as a text, for seconds since 1970 or since midnight.
    is_text = isinstance(value, str) and re.search(r"[0-9][-:]", value) is not None
    if not is_text and not isinstance(value, date | time):
        raise ValueError("write the time as RFC 3339 does")
    return value


Line = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
# No control characters: not every database keeps them, and no person reads them.
Sentence = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Whole = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, BeforeValidator(_written)]
Instant = Annotated[datetime, BeforeValidator(_written)]
TimeOfDay = Annotated[time, BeforeValidator(_written)]
Token = Annotated[str, Field(min_length=4, max_length=200, pattern=r"^[A-Za-z0-9._~-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Picture = Annotated[Base64Bytes, Field(max_length=400_000)]
Template = Annotated[Base64Bytes, Field(max_length=8_000)]
Position = Annotated[int, Field(strict=True, ge=1, le=10)]
Quality = Annotated[int, Field(strict=True, ge=0, le=100)]


@dataclass(frozen=True, slots=True)
class Bytes:
    """How many bytes base64 may stand for; the schema tells how long the text is then."""

    least: int
    most: int

    def check(self, value: bytes) -> bytes:
        """Return the bytes.

        Raises:
            ValueError: There are too few or too many.
        """
        if not self.least <= len(value) <= self.most:
            raise ValueError(f"{self.least} to {self.most} bytes are expected")
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the length after the text was decoded."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell the length of the text: four characters for each three bytes begun."""
        least, most = (4 * -(-length // 3) for length in (self.least, self.most))
        return {**handler(schema), "minLength": least, "maxLength": most}


class Shape(BaseModel):
    """Base of all shapes: frozen, and unknown keys are refused.

    Pydantic would keep each text that it reads in a cache of the process: names and numbers too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")
