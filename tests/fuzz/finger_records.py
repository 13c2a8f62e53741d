"""Finger records of every kind, and the images in them.

A WSQ image is looked through but not decoded: its decoder has a process of its own to die in.
"""

import numpy as np

from common.matching.finger_records import (
    fir_2005,
    fir_2011,
    fmr_2005,
    fmr_2011,
    image_39794_4,
    wsq,
)
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import MAX_PIXELS, FingerImage
from common.matching.finger_records.reading import read_record
from common.matching.finger_template import (
    ExtendedData,
    FingerPosition,
    FingerTemplate,
    Minutia,
    MinutiaKind,
    RecordError,
)

PIXELS = np.add.outer(np.arange(64), np.arange(80)).astype(np.uint8)


def seeds() -> list[bytes]:
    """Minutiae with extended data in both editions, images in each kind of record, bare WSQ."""
    minutiae = tuple(Minutia(9 * n, 7 * n, 31 * n, MinutiaKind(n % 3), n) for n in range(8))
    more = (ExtendedData(2, bytes(9)), ExtendedData(0x0101, b"orientation"))
    template = FingerTemplate(minutiae, 300, 400, 60, FingerPosition.LEFT_RING, extended=more)
    old, new = fmr_2005.write(template), fmr_2011.write(template)
    two = old[:22] + b"\x02\x00" + old[24:] * 2
    images = {coding: FingerImage.of(PIXELS, coding, quality=9) for coding in _WRITTEN}
    raw, png, wsq_image = (images[one] for one in _WRITTEN[:3])
    return [
        *(old, new, two, new[:12] + b"\x00\x02\x00" + new[15:] * 2, wsq_image.data),
        *(write([raw, raw]) for write in (fir_2005.write, fir_2011.write)),
        *(write([png]) for write in (fir_2005.write, fir_2011.write, image_39794_4.write)),
        *(image_39794_4.write([one]) for one in images.values() if one is not raw),
    ]


def fuzz_one(data: bytes) -> None:
    """Read the record; what it holds is lawful, and can be written again."""
    try:
        record = read_record(data)
    except RecordError:
        return
    for view in record.views:
        template = view.template
        lawful = FingerTemplate(template.minutiae, template.width, template.height, 0)
        assert fmr_2005.read_own(fmr_2005.write(lawful)) == lawful
    for image in record.images:
        try:
            if image.data.startswith(wsq.MAGIC):
                wsq.size_of(image.data)
            else:
                assert image.pixels().size <= MAX_PIXELS
        except RecordError:
            continue


_WRITTEN = (
    ImageCoding.RAW,
    ImageCoding.PNG,
    ImageCoding.WSQ,
    ImageCoding.JPEG_2000,
    ImageCoding.PGM,
)
