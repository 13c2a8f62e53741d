"""The fingers in a card: our own minutiae, and those and the images that other makers put there."""

import logging
from collections.abc import Iterator, Sequence

from common.matching.finger_records import fmr_2005
from common.matching.finger_records.images import FingerImage
from common.matching.finger_records.reading import read_record
from common.matching.fingers import (
    FingerImageError,
    FingerPosition,
    FingerTemplate,
    RecordError,
    extract,
)
from hardware.smartcard.lds import ChipContent, OtherFinger

logger = logging.getLogger(__name__)


def card_fingers(content: ChipContent) -> tuple[tuple[int, FingerTemplate], ...]:
    """The fingers of a chip as (ISO position, template).

    Our own records are believed whole or not at all. Of the others, which are signed too but follow
    other habits, whatever makes sense is used, each finger once and only where none of ours says
    the same; a finger that makes no sense is not there. An image takes as long as a capture.

    Raises:
        RecordError: A record of ours is damaged.
    """
    own = [(one.position, fmr_2005.read_own(one.record)) for one in content.fingers]
    known = {position for position, _ in own}
    return (*own, *_others(content.finger_images, known))


def _others(
    fingers: Sequence[OtherFinger], known: set[int]
) -> Iterator[tuple[int, FingerTemplate]]:
    for finger in fingers:
        for position, held in _held(finger):
            if position == FingerPosition.UNKNOWN or position in known:
                continue
            template = held if isinstance(held, FingerTemplate) else _extracted(held, position)
            if template is not None and template.minutiae:
                known.add(position)
                yield int(position), template


def _held(finger: OtherFinger) -> list[tuple[FingerPosition, FingerTemplate | FingerImage]]:
    """What a record holds, each with its finger: the frame's, where it frames one alone."""
    try:
        record = read_record(finger.record)
    except RecordError as error:
        logger.info("a finger in the card is not used: %s", error)
        return []
    held: list[FingerTemplate | FingerImage] = [view.template for view in record.views]
    held += record.images
    if len(held) == 1 and finger.position:
        return [(FingerPosition(finger.position), held[0])]
    return [(one.position, one) for one in held]


def _extracted(image: FingerImage, position: FingerPosition) -> FingerTemplate | None:
    try:
        return extract(image.pixels(), image.dpi, position)
    except (RecordError, FingerImageError) as error:
        logger.info("a finger image in the card is not used: %s", error)
        return None
