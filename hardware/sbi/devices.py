"""What an SBI service says of its devices: first unsigned (MOSIPDISC), then signed (MOSIPDINFO)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hardware.core.errors import DeviceAbsentError, DeviceError
from hardware.sbi.codes import SUCCESS, error_of
from hardware.sbi.fields import (
    Fields,
    long_text,
    objects,
    text,
    text_or_nothing,
    texts,
)
from hardware.sbi.refusals import AnswerRefusedError, Refusal
from hardware.sbi.tokens import Judge, unsigned
from hardware.sbi.trust import Domain

VERSION = "0.9.5"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DigitalId:
    """Who a device is. Two are equal when they speak of the same device."""

    serial_number: str
    make: str
    model: str
    type: str
    sub_type: str
    provider: str
    provider_id: str

    @classmethod
    def of(cls, fields: Fields) -> "DigitalId":
        """Read it; its dateTime is that of the signature and belongs to no identity."""
        names = ("serialNo", "make", "model", "type")
        told = ("deviceSubType", "deviceProvider", "deviceProviderId")
        return cls(
            *(text(fields, name) for name in names), *(text_or_nothing(fields, n) for n in told)
        )


@dataclass(frozen=True, slots=True)
class Discovered:
    """A device as a service announces it; nobody vouches for any of it."""

    device_id: str
    code: str
    status: str
    versions: tuple[str, ...]
    digital_id: DigitalId
    callback: str

    @classmethod
    def of(cls, fields: Fields) -> "Discovered":
        """Read one element of a MOSIPDISC answer."""
        return cls(
            text(fields, "deviceId"),
            text_or_nothing(fields, "deviceCode"),
            text(fields, "deviceStatus"),
            texts(fields, "specVersion"),
            DigitalId.of(unsigned(long_text(fields, "digitalId"))),
            text_or_nothing(fields, "callbackId"),
        )


@dataclass(frozen=True, slots=True)
class Info:
    """A device as its signature shows it.

    Attributes:
        token: The digitalId as it came, for comparison with that of a capture.
    """

    device_id: str
    code: str
    status: str
    certification: str
    versions: tuple[str, ...]
    sub_ids: tuple[str, ...]
    environment: str
    purpose: str
    digital_id: DigitalId
    token: str

    @property
    def identity_domain(self) -> Domain:
        """Who vouches for the digitalId: from L1 on the foundry of the chip, else the maker."""
        return Domain.DEVICE if self.certification == "L0" else Domain.FTM


def discovered(answer: Any) -> list[Discovered]:
    """Read the answer to MOSIPDISC; devices that are announced badly are left out.

    Raises:
        AnswerRefusedError: None is announced well. DeviceError: It is an error and nothing else.
    """
    found: list[Discovered] = []
    trouble: DeviceError | None = None
    for fields in objects(answer, "an answer"):
        try:
            if not fields.get("deviceId"):
                raise_error(fields)
            found.append(Discovered.of(fields))
        except DeviceError as error:
            trouble = trouble or error
    if not found and trouble is not None:
        raise trouble
    return found


def info_of(answer: Any, device_id: str, judge: Judge) -> Info:
    """Read what one device signed in the answer to MOSIPDINFO; the others are no matter.

    Raises:
        AnswerRefusedError: A signature or certificate is not to be trusted, or it is no answer.
        DeviceAbsentError: The service does not have that device (any more).
        DeviceError: It is an error of that device, or nothing but errors.
    """
    found = objects(answer, "an answer")
    for fields in found:
        token = fields.get("deviceInfo")
        if token and unsigned(long_text(fields, "deviceInfo")).get("deviceId") == device_id:
            raise_error(fields)
            return _info(judge.opened(token, Domain.DEVICE), judge)
    for fields in found:
        raise_error(fields)
    raise DeviceAbsentError("the service has lost the device")


def callback_address(callback: str, default: str) -> str:
    """Return where a device wants to be spoken to.

    Raises:
        AnswerRefusedError: That is another machine (OTHER_HOST), where fingers do not go.
    """
    if not callback:
        return default
    try:
        parts = urlsplit(callback)
        port = parts.port
    except ValueError as error:
        raise AnswerRefusedError(Refusal.MALFORMED, "a callbackId that is no address") from error
    if parts.scheme != "http" or parts.hostname != LOOPBACK or port is None:
        raise AnswerRefusedError(Refusal.OTHER_HOST)
    return f"http://{LOOPBACK}:{port}"


def raise_error(fields: Fields) -> None:
    """Raise what the error element of an answer means; nothing for success or none."""
    error = fields.get("error")
    if not error:
        return
    (told,) = objects(error, "an error")[:1]
    code = str(told.get("errorCode", ""))
    if code not in (SUCCESS, ""):
        raise error_of(code)


def _info(fields: Fields, judge: Judge) -> Info:
    certification = text_or_nothing(fields, "certification") or "L0"
    token = long_text(fields, "digitalId")
    domain = Domain.DEVICE if certification == "L0" else Domain.FTM
    return Info(
        text(fields, "deviceId"),
        text(fields, "deviceCode"),
        text(fields, "deviceStatus"),
        certification,
        texts(fields, "specVersion"),
        texts(fields, "deviceSubId"),
        text(fields, "env"),
        text_or_nothing(fields, "purpose"),
        DigitalId.of(judge.opened(token, domain)),
        token,
    )
