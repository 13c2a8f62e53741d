"""Reads finger records of anybody's: tells by the first bytes what one is, and what it holds."""

from dataclasses import dataclass
from enum import Enum

from common.matching.finger_records import der, fir_2005, fir_2011, fmr_2005, fmr_2011, wsq
from common.matching.finger_records import image_39794_4 as asn1_image
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage, Impression
from common.matching.finger_records.minutiae import FingerView, RawView, view_of
from common.matching.finger_template import FingerPosition, FingerTemplate, RecordError

_DEFAULT_DPI = 500
_VERSION_BLOCK = b"\xa0"
"""What every data block of ISO/IEC 39794 begins with."""
_ASN1_MINUTIAE = 0x62
"""The application tag of ISO/IEC 39794-2, by the rule of its neighbours; not verified."""


class RecordKind(Enum):
    """What a record is; the value is its name for people."""

    MINUTIAE_2005 = "ISO/IEC 19794-2:2005"
    MINUTIAE_2011 = "ISO/IEC 19794-2:2011"
    IMAGES_2005 = "ISO/IEC 19794-4:2005"
    IMAGES_2011 = "ISO/IEC 19794-4:2011"
    IMAGES_39794 = "ISO/IEC 39794-4"
    WSQ = "WSQ"

    @property
    def holds_images(self) -> bool:
        """Whether it holds images, and not minutiae."""
        return self not in (RecordKind.MINUTIAE_2005, RecordKind.MINUTIAE_2011)


@dataclass(frozen=True, slots=True)
class RecordContent:
    """What a record holds: views where it is one of minutiae, else images.

    Images are still coded; each may yet turn out to be damaged.
    """

    kind: RecordKind
    views: tuple[FingerView, ...] = ()
    images: tuple[FingerImage, ...] = ()


_BEGINNINGS = {
    fmr_2005.MAGIC + fmr_2005.VERSION: RecordKind.MINUTIAE_2005,
    fmr_2005.MAGIC + b"020\x00": RecordKind.MINUTIAE_2005,
    fmr_2011.MAGIC + fmr_2011.VERSION: RecordKind.MINUTIAE_2011,
    fmr_2011.MAGIC + b" 30\x00": RecordKind.MINUTIAE_2011,
    fir_2005.MAGIC + fir_2005.VERSION: RecordKind.IMAGES_2005,
    fir_2005.MAGIC + b" 10\x00": RecordKind.IMAGES_2005,
    fir_2011.MAGIC + fir_2011.VERSION: RecordKind.IMAGES_2011,
    fir_2011.MAGIC + b" 20\x00": RecordKind.IMAGES_2011,
    wsq.MAGIC: RecordKind.WSQ,
}
"""By their first bytes; some makers write a blank for a leading zero, or the other way round."""
_UNREAD = {
    fmr_2005.MAGIC: "a finger record of an unknown version",
    fir_2005.MAGIC: "a finger image record of an unknown version",
}


def kind_of(data: bytes) -> RecordKind | None:
    """Tell by its first bytes what a record is; None for anything else."""
    if _asn1_tag(data) == asn1_image.BLOCK:
        return RecordKind.IMAGES_39794
    return next((kind for magic, kind in _BEGINNINGS.items() if data.startswith(magic)), None)


def is_record(data: bytes) -> bool:
    """Whether these are the first bytes of a finger record, be it one that is not read."""
    return kind_of(data) is not None or bool(_why_unread(data))


def read_record(data: bytes) -> RecordContent:
    """Read a record, looking past what is wrong but harmless.

    Raises:
        RecordError: It is none that is read, or does not make sense; the message says why.
    """
    kind = kind_of(data)
    if kind is None:
        raise RecordError(_why_unread(data) or "no finger record")
    match kind:
        case RecordKind.MINUTIAE_2005:
            return RecordContent(kind, _believed(fmr_2005.read_views(data)))
        case RecordKind.MINUTIAE_2011:
            return RecordContent(kind, _believed(fmr_2011.read_views(data)))
        case RecordKind.IMAGES_2005:
            return RecordContent(kind, images=fir_2005.read(data))
        case RecordKind.IMAGES_2011:
            return RecordContent(kind, images=fir_2011.read(data))
        case RecordKind.IMAGES_39794:
            return RecordContent(kind, images=asn1_image.read(data))
        case RecordKind.WSQ:
            return RecordContent(kind, images=(_bare(data),))


def read_templates(data: bytes) -> tuple[FingerTemplate, ...]:
    """Read the templates of all views of a record of minutiae.

    Raises:
        RecordError: It is no record of minutiae, or one that makes no sense.
    """
    record = read_record(data)
    if record.kind.holds_images:
        raise RecordError(f"{record.kind.value} holds images, not minutiae")
    return tuple(view.template for view in record.views)


def read_template(data: bytes, position: FingerPosition = FingerPosition.UNKNOWN) -> FingerTemplate:
    """Read the template of one finger of a record of minutiae: that position's, else the first.

    Raises:
        RecordError: As for read_templates.
    """
    found = read_templates(data)
    return next((one for one in found if position and one.position is position), found[0])


def _believed(raw: tuple[RawView, ...]) -> tuple[FingerView, ...]:
    """The views that can be believed, of which there must be one."""
    found, errors = [], []
    for one in raw:
        try:
            found.append(view_of(one))
        except RecordError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return tuple(found)


def _why_unread(data: bytes) -> str:
    if _asn1_tag(data) == _ASN1_MINUTIAE:
        return "minutiae in ASN.1 (ISO/IEC 39794-2), which are not read"
    return next((why for magic, why in _UNREAD.items() if data.startswith(magic)), "")


def _asn1_tag(data: bytes) -> int | None:
    """The tag of an ISO/IEC 39794 data block, in a card's wrapping or not."""
    try:
        tag, content = next(der.elements(data), (0, b""))
        if tag == asn1_image.WRAPPED:
            tag, content = next(der.elements(content), (0, b""))
    except RecordError:
        return None
    return tag if content.startswith(_VERSION_BLOCK) else None


def _bare(data: bytes) -> FingerImage:
    """A WSQ file, which says nothing but its size and perhaps its resolution."""
    width, height = wsq.size_of(data)
    dpi = wsq.told_dpi(data) or _DEFAULT_DPI
    impression = Impression.UNKNOWN
    return FingerImage(data, ImageCoding.WSQ, width, height, dpi, impression=impression)
