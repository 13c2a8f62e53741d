"""Fingers in cards: our minutiae, and what other makers put into DG3."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from common.equipment.card_fingers import card_fingers
from common.equipment.cards import CardHolder, holder_of
from common.matching.finger_records import fir_2005, fir_2011, fmr_2005, fmr_2011, image_39794_4
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage
from common.matching.fingers import (
    MATCH_THRESHOLD,
    FingerPosition,
    RecordError,
    compare,
    extract,
)
from hardware.simulation.people import person
from hardware.smartcard.lds import FingerRecord, OtherFinger, decode, encode, framed
from tests.support.chips import content, minutiae

INDEX = FingerPosition.RIGHT_INDEX


def _image(coding: ImageCoding, position: FingerPosition = INDEX) -> FingerImage:
    return FingerImage.of(person(0).finger(2, 1), coding, position=position)


def _card(*others: Any, own: Sequence[int] = ()):
    """A chip with these fingers of others, after a turn through its files."""
    fingers = tuple(framed(position, minutiae(position)) for position in own)
    return decode(encode(content(fingers=fingers, finger_images=others)))


@pytest.mark.parametrize(
    "record",
    [
        fir_2005.write([_image(ImageCoding.WSQ)]),
        image_39794_4.write([_image(ImageCoding.JPEG_2000)]),
    ],
    ids=["19794-4 with WSQ", "39794-4 with JPEG 2000"],
)
def test_a_card_with_an_image_can_be_compared_with_a_finger(record):
    ((position, template),) = card_fingers(_card(framed(2, record)))
    assert (position, template.position) == (2, INDEX)
    assert compare(template, extract(person(0).finger(2, 2))) > 2 * MATCH_THRESHOLD
    assert compare(template, extract(person(1).finger(2, 2))) < MATCH_THRESHOLD


def test_the_holder_of_such_a_card_has_fingers():
    record = fir_2005.write([_image(ImageCoding.PNG)])
    chip = replace(_card(framed(2, record)), personal_number="A123456(3)")
    holder = holder_of(chip, "")
    assert isinstance(holder, CardHolder)
    assert [position for position, _ in holder.fingers] == [2]


def test_a_frame_without_a_finger_lets_the_record_say_it():
    several = fir_2005.write([_image(ImageCoding.PNG), _image(ImageCoding.PNG, FingerPosition(7))])
    found = card_fingers(_card(OtherFinger(0, b"\0\7", several)))
    assert [position for position, _ in found] == [2, 7]
    nameless = fir_2011.write([_image(ImageCoding.PNG, FingerPosition.UNKNOWN)])
    assert card_fingers(_card(OtherFinger(0, b"\0\7", nameless))) == ()
    assert [one for one, _ in card_fingers(_card(OtherFinger(9, b"\0\7", nameless)))] == [9]


def test_minutiae_of_2011_are_used():
    template = fmr_2005.read_own(minutiae(3))
    other = OtherFinger(3, b"\0\1", fmr_2011.write(template))
    assert card_fingers(_card(other)) == ((3, template),)


def test_our_own_minutiae_come_before_the_same_finger_of_others():
    theirs = OtherFinger(2, b"\0\7", fir_2005.write([_image(ImageCoding.PNG)]))
    found = card_fingers(_card(theirs, theirs, own=(1, 2)))
    assert found == tuple((n, fmr_2005.read_own(minutiae(n))) for n in (1, 2))


@pytest.mark.parametrize(
    "record",
    [
        b"FIR\x00010\x00whatever",
        b"whatever",
        fir_2005.write([_image(ImageCoding.PNG)])[:900],
        fir_2005.write([FingerImage.of(person(0).finger(2, 1)[:9, :9], ImageCoding.RAW)]),
    ],
    ids=["no image", "no record", "cut image", "no finger"],
)
def test_what_makes_no_sense_is_not_there(record):
    assert card_fingers(_card(OtherFinger(2, b"\0\7", record))) == ()


def test_a_damaged_record_of_ours_is_an_error():
    damaged = minutiae(1)[:-2] + b"\xff\xff"
    with pytest.raises(RecordError):
        card_fingers(replace(_card(), fingers=(FingerRecord(1, damaged),)))
