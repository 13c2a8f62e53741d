"""The structures of OSIA v7.1's Enrollment 1.3.0 and Notification 1.2.0, as far as we take them.

Names and values are those of the interface's OpenAPI documents (SecureIdentityAlliance/osia,
src/doc/yaml). Where OSIA leaves a structure open for extension it is open here, within a size.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from common.wire.base import WITHOUT_NUL, Instant, Line, Picture, Shape, Template, Whole

Id = Annotated[str, Field(min_length=1, max_length=100, pattern=WITHOUT_NUL)]
Open = Annotated[dict[Line, JsonValue], Field(max_length=100)]
FINGERS = (
    "RIGHT_THUMB",
    "RIGHT_INDEX",
    "RIGHT_MIDDLE",
    "RIGHT_RING",
    "RIGHT_LITTLE",
    "LEFT_THUMB",
    "LEFT_INDEX",
    "LEFT_MIDDLE",
    "LEFT_RING",
    "LEFT_LITTLE",
)
"""In the order of ISO/IEC 19794-2's positions, from 1."""


class OsiaError(Shape):
    """Every refusal of these interfaces."""

    code: Whole
    message: Line


class Missing(Shape):
    """A part of the body that was not captured, and why."""

    biometricSubType: Line = ""  # noqa: N815 (all names here are OSIA's)
    presence: Literal["BANDAGED", "AMPUTATED", "DAMAGED"] | None = None


class BiometricData(Shape):
    """One biometric: an image or a template, in itself or as a buffer that was sent before."""

    biometricType: Literal["FACE", "FINGER", "IRIS", "SIGNATURE", "UNKNOWN"]  # noqa: N815
    biometricSubType: Line | None = None  # noqa: N815
    instance: Line | None = None
    image: Picture | None = None
    imageRef: Line | None = None  # noqa: N815
    captureDate: Instant | None = None  # noqa: N815
    captureDevice: Line | None = None  # noqa: N815
    impressionType: Line | None = None  # noqa: N815
    width: Whole | None = None
    height: Whole | None = None
    bitdepth: Whole | None = None
    mimeType: Line | None = None  # noqa: N815
    resolution: Whole | None = None
    compression: Literal["NONE", "WSQ", "JPEG", "JPEG2000", "PNG"] | None = None
    missing: Annotated[tuple[Missing, ...], Field(max_length=10)] | None = None
    metadata: Line | None = None
    comment: Line | None = None
    template: Template | None = None
    templateRef: Line | None = None  # noqa: N815
    templateFormat: Line | None = None  # noqa: N815
    quality: Whole | None = None
    qualityFormat: Line | None = None  # noqa: N815
    algorithm: Line | None = None
    vendor: Line | None = None


class Enrollment(Shape):
    """One person's enrollment, while it is made and afterwards. id and status are ours to say."""

    enrollmentId: Id | None = None  # noqa: N815
    status: Literal["FINALIZED", "IN_PROGRESS"] | None = None
    enrollmentType: Line | None = None  # noqa: N815
    enrollmentFlags: Open | None = None  # noqa: N815
    requestData: Open | None = None  # noqa: N815
    contextualData: Open | None = None  # noqa: N815
    biographicData: Open | None = None  # noqa: N815
    biometricData: Annotated[tuple[BiometricData, ...], Field(max_length=30)] | None = None  # noqa: N815
    documentData: Annotated[tuple[Open, ...], Field(max_length=20)] | None = None  # noqa: N815


class Expression(Shape):
    """One condition of a search."""

    attributeName: Line  # noqa: N815
    operator: Literal["<", ">", "=", ">=", "<=", "!="]
    value: Line | Whole | float | bool


class Buffer(Shape):
    """The answer to a buffer that was sent."""

    bufferId: UUID  # noqa: N815


class Topic(Shape):
    """What messages are about."""

    uuid: UUID
    name: Line


class Subscription(Shape):
    """Who is told of a topic, where. active: the address was confirmed."""

    uuid: UUID
    topic: Line
    protocol: Literal["http"] = "http"
    address: Line
    policy: Line
    active: bool
