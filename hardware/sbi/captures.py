"""What a capture brings, checked against what was asked: signature, device, time, chain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from hardware.sbi.biometrics import FINGERS, UNKNOWN, BioType, Wanted
from hardware.sbi.devices import VERSION, DigitalId, Info, raise_error
from hardware.sbi.fields import (
    Fields,
    an_object,
    base64url,
    long_text,
    moment,
    objects,
    score,
    text,
    text_or_nothing,
)
from hardware.sbi.hash_chain import linked
from hardware.sbi.refusals import AnswerRefusedError, Refusal
from hardware.sbi.sealed import DomainKey
from hardware.sbi.tokens import Judge
from hardware.sbi.trust import Domain

FRESH = timedelta(minutes=3)
"""How far a device's clock may be from ours: MOSIP's conformance suite asks for three minutes."""

REGISTRATION, AUTHENTICATION = "Registration", "Auth"


@dataclass(frozen=True, slots=True)
class Captured:
    """One image, with the signature that vouches for it.

    Attributes:
        record: The ISO record: 19794-4:2011 of a finger, 19794-5:2011 of a face.
        quality: The device's own judgement, 0 to 100.
        hash: Its link of the chain.
        token: The signed data as it came, for whoever must prove it later.
    """

    type: BioType
    sub_type: str
    record: bytes = field(repr=False)
    quality: float
    taken_at: datetime
    hash: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as far as the answer must agree with it.

    Attributes:
        previous: The hash that the chain goes on from; nothing begins a chain.
        domain_key: The key that the answer is sealed for; None for registration.
    """

    wanted: Wanted
    info: Info
    transaction_id: str
    environment: str
    previous: str = ""
    domain_uri: str = ""
    domain_key: DomainKey | None = None

    @property
    def purpose(self) -> str:
        """What the captures may be used for."""
        return REGISTRATION if self.domain_key is None else AUTHENTICATION


def captures(answer: Any, asked: Question, judge: Judge) -> list[Captured]:
    """Read the answer to RCAPTURE or CAPTURE; one capture for each image, in the chain's order.

    Raises:
        AnswerRefusedError: One of them is not to be believed; its reason says why.
        DeviceError: The device could not, of all or of one of them.
    """
    elements = _elements(answer)
    found: list[Captured] = []
    previous = asked.previous
    for element in elements:
        capture = _capture(element, asked, previous, judge)
        previous = capture.hash
        found.append(capture)
    _require_all(asked.wanted, [one.sub_type for one in found])
    return found


def _elements(answer: Any) -> list[Fields]:
    """Return the elements of biometrics, or raise the error that came in their place."""
    for fields in objects(answer, "an answer"):
        raise_error(fields)
        if "biometrics" in fields:
            elements = objects(fields["biometrics"], "a biometric")
            for element in elements:
                raise_error(element)
            return elements
    raise AnswerRefusedError(Refusal.MALFORMED, "no biometrics")


def _capture(element: Fields, asked: Question, previous: str, judge: Judge) -> Captured:
    _require(text(element, "specVersion") == VERSION, Refusal.WRONG_VERSION)
    token = long_text(element, "data")
    data = judge.opened(token, Domain.DEVICE)
    _require_same_device(data, asked.info, judge)
    _require(text(data, "transactionId") == asked.transaction_id, Refusal.OTHER_TRANSACTION)
    taken_at = moment(data, "timestamp")
    _require(abs(judge.now() - taken_at) <= FRESH, Refusal.STALE)
    _require(text(data, "env") == asked.environment, Refusal.WRONG_ENVIRONMENT)
    _require(text(data, "purpose") == asked.purpose, Refusal.WRONG_PURPOSE)
    _require(text(data, "bioType") == asked.wanted.type, Refusal.WRONG_TYPE)
    score(data, "requestedScore")
    record = _record(element, data, asked)
    expected = linked(previous, record)
    _require(compare_digest(expected, _hash(element)), Refusal.WRONG_HASH)
    return Captured(
        asked.wanted.type,
        text_or_nothing(data, "bioSubType"),
        record,
        score(data, "qualityScore"),
        taken_at,
        expected,
        token,
    )


def _require_same_device(data: Fields, info: Info, judge: Judge) -> None:
    token = long_text(data, "digitalId")
    if token != info.token:  # a device may sign its identity anew for every capture
        identity = DigitalId.of(judge.opened(token, info.identity_domain))
        _require(identity == info.digital_id, Refusal.OTHER_DEVICE)
    _require(text(data, "deviceCode") == info.code, Refusal.OTHER_DEVICE)


def _record(element: Fields, data: Fields, asked: Question) -> bytes:
    value = base64url(long_text(data, "bioValue"), "a bioValue")
    if asked.domain_key is None:
        return value
    _require(text(data, "domainUri") == asked.domain_uri, Refusal.OTHER_KEY)
    _require(text(element, "thumbprint").upper() == asked.domain_key.thumbprint, Refusal.OTHER_KEY)
    session_key = base64url(long_text(element, "sessionKey"), "a session key")
    return asked.domain_key.opened(
        value, session_key, text(data, "timestamp"), asked.transaction_id
    )


def _hash(element: Fields) -> str:
    told = text(element, "hash").upper()
    return told if told.isascii() else ""


def _require_all(wanted: Wanted, got: Sequence[str]) -> None:
    """Check that each image is of what was asked for, once, and that none is missing."""
    if wanted.type is BioType.FACE:
        _require(len(got) == 1, Refusal.WRONG_COUNT)
        return
    _require(len(got) == wanted.count, Refusal.WRONG_COUNT)
    known = set(FINGERS) | {UNKNOWN}
    _require(set(got) <= known, Refusal.WRONG_TYPE)
    if UNKNOWN not in wanted.sub_types:
        _require(sorted(got) == sorted(wanted.sub_types), Refusal.WRONG_TYPE)


def _require(is_so: bool, otherwise: Refusal) -> None:
    if not is_so:
        raise AnswerRefusedError(otherwise)


def error_alone(answer: Any) -> None:
    """Raise what an answer that should have been a stream says went wrong."""
    for fields in objects(answer, "an answer"):
        raise_error(an_object(fields, "an answer"))
    raise AnswerRefusedError(Refusal.MALFORMED, "no stream")
