"""The shapes with which a mobile number is checked by one code in a text message."""

from typing import Annotated

from pydantic import AfterValidator, Field

from common.domain.contact import mobile_number
from common.domain.language import OfficeLanguage
from common.domain.notice import NoticeTopic
from common.wire.base import Flag, Shape, Whole

CODE_DIGITS = 6

Mobile = Annotated[str, Field(min_length=8, max_length=20), AfterValidator(mobile_number)]


class MobileCodeRequest(Shape):
    """POST /v1/cases/{id}/mobile: send a code to this number, in this language."""

    mobile: Mobile
    language: OfficeLanguage


class MobileCodeSent(Shape):
    """A code is on its way; another one can be asked for after so many seconds."""

    again_after_s: Whole


class MobileCheck(Shape):
    """POST /v1/cases/{id}/mobile/check: the code as the person typed it, and what is agreed to."""

    mobile: Mobile
    language: OfficeLanguage
    code: Annotated[str, Field(pattern=rf"^[0-9]{{{CODE_DIGITS}}}$")]
    topics: Annotated[tuple[NoticeTopic, ...], Field(max_length=2)] = tuple(NoticeTopic)


class MobileChecked(Shape):
    """Whether it was right; then notices go to this number. tries_left is for this code."""

    right: Flag
    tries_left: Whole
