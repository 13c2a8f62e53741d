"""Turns an enrollment of a partner into what a case of ours holds, or says what does not fit."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from backend.commands.identity import Identity, identity
from backend.osia.shapes import FINGERS, BiometricData, Enrollment
from backend.transaction import Refusal
from common.domain.identity_number import IdentityNumber
from common.wire.evidence import EnrolledFinger
from common.wire.shapes import Particulars

_NUMBER = "identityNumber"
_FIELDS = {
    "lastName": "surname",
    "firstName": "given_names",
    "chineseName": "chinese_name",
    "gender": "sex",
    "dateOfBirth": "date_of_birth",
    "placeOfBirth": "place_of_birth",
    "nationality": "nationality",
    "maritalStatus": "marital_status",
    "occupation": "occupation",
    "address": "address",
    "phoneNumber": "telephone",
}
_TEMPLATES = ("ISO_19794_2", "ISO_19794_2_2011")
_JPEG = b"\xff\xd8\xff"
_LARGEST_PORTRAIT = 400_000

ReadBuffer = Callable[[str], bytes | None]
"""Returns a buffer of the same enrollment by its id or address."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a case takes over."""

    who: Identity
    particulars: Particulars
    fingers: tuple[EnrolledFinger, ...]
    portrait: bytes | None


def mapped(enrollment: Enrollment, read: ReadBuffer) -> Mapped:
    """Map an enrollment. requestData, flags and context stay with it: they are its own process.

    Raises:
        Refusal: Something is there that a case cannot hold; its name is told, never its value.
    """
    biographic = dict(enrollment.biographicData or {})
    number = biographic.pop(_NUMBER, None)
    unknown = [f"biographicData.{name}" for name in biographic if name not in _FIELDS]
    if enrollment.documentData:
        unknown.append("documentData")
    fingers, portrait = [], None
    for place, one in enumerate(enrollment.biometricData or ()):
        name = f"biometricData[{place}]"
        if _is_finger(one):
            fingers.append(_finger(one, name))
        elif one.biometricType == "FACE" and portrait is None:
            portrait = _portrait(one, name, read)
        else:
            unknown.append(f"{name} {one.biometricType} {one.biometricSubType or ''}".strip())
    if unknown:
        raise Refusal(400, "cannot_be_mapped", ", ".join(unknown)[:200])
    particulars = _particulars(biographic)
    born = particulars.date_of_birth
    who = identity(_number(number), None if born is None else born.year)
    return Mapped(who, particulars, tuple(fingers), portrait)


def biographic_data(who: Identity, particulars: Particulars) -> dict[str, str]:
    """Return what we hold of a person in OSIA's names."""
    plain = particulars.model_dump(mode="json")
    found = {name: plain[ours] for name, ours in _FIELDS.items() if plain[ours]}
    return {_NUMBER: who.identity_number, **found}


def _number(typed: object) -> IdentityNumber:
    try:
        return IdentityNumber.parse(str(typed or ""))
    except ValueError as error:
        raise Refusal(400, "cannot_be_mapped", f"biographicData.{_NUMBER}") from error


def _particulars(biographic: Mapping[str, object]) -> Particulars:
    try:
        return Particulars.model_validate(
            {_FIELDS[name]: value for name, value in biographic.items() if value is not None}
        )
    except ValidationError as error:
        theirs = {ours: name for name, ours in _FIELDS.items()}
        wrong = {f"biographicData.{theirs[str(item['loc'][0])]}" for item in error.errors()}
        raise Refusal(400, "cannot_be_mapped", ", ".join(sorted(wrong))[:200]) from error


def _is_finger(one: BiometricData) -> bool:
    return one.biometricType == "FINGER" and one.biometricSubType in FINGERS


def _finger(one: BiometricData, name: str) -> EnrolledFinger:
    fits = one.templateFormat in _TEMPLATES and one.qualityFormat == "NFIQ2"
    if not fits or one.template is None or not 0 <= (one.quality or 0) <= 100:
        raise Refusal(400, "cannot_be_mapped", f"{name}: an ISO_19794_2 template with NFIQ2")
    return EnrolledFinger.model_validate(
        {
            "position": FINGERS.index(one.biometricSubType or "") + 1,
            "quality": one.quality or 0,
            "template": base64.b64encode(one.template),
        }
    )


def _portrait(one: BiometricData, name: str, read: ReadBuffer) -> bytes:
    image = one.image
    if image is None and one.imageRef is not None:
        image = read(one.imageRef.rpartition("/")[2])
    if image is None or not image.startswith(_JPEG) or len(image) > _LARGEST_PORTRAIT:
        raise Refusal(400, "cannot_be_mapped", f"{name}: a JPEG, or a buffer that holds one")
    return image
