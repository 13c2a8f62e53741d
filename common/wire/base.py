"""What every shape is made of: the base class, and the bounds of texts and bytes.

Bytes travel as base64. Every text and list is bounded: a hostile peer gets a 422, not memory.
"""

from typing import Annotated

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

Line = Annotated[str, Field(max_length=200)]
# No control characters: not every database keeps them, and no person reads them.
Sentence = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Token = Annotated[str, Field(min_length=4, max_length=200, pattern=r"^[A-Za-z0-9._~-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Picture = Annotated[Base64Bytes, Field(max_length=400_000)]
Template = Annotated[Base64Bytes, Field(max_length=8_000)]
Position = Annotated[int, Field(ge=1, le=10)]
Quality = Annotated[int, Field(ge=0, le=100)]


class Shape(BaseModel):
    """Base of all shapes: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
