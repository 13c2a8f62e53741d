"""A camera looks until it is sure of what is printed, or says why it is not."""

import logging
from collections.abc import Callable, Iterator
from threading import Event

import numpy as np
import pytest

from common.equipment import zones
from common.equipment.card_face import card_face
from common.equipment.zones import ZoneDesk, ZoneFound, ZoneMissing
from hardware.camera.interface import Frame, Pixels
from hardware.camera.zone_reader import Zone, ZoneQuality
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.core.zone_text import LAYOUTS, Layout, check_digit, follows_rules
from hardware.smartcard.protocols.password import PasswordKind
from tests.support.chips import ZONE, content
from tests.support.keepers import keeper_of

FRAME_S = 0.1
EMPTY: Pixels = np.zeros((72, 128, 3), np.uint8)


class FilmCamera:
    """Shows pictures one after the other, then the last for ever; its own clock goes on."""

    def __init__(self, *pictures: Pixels | Exception) -> None:
        self.now = 0.0
        self.shown = 0
        self.on_frame: Callable[[], None] = lambda: None
        self._pictures = pictures or (EMPTY,)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    def next_frame(self, timeout_s: float, cancelled: Event) -> Frame:
        if cancelled.is_set():
            raise RequestCancelledError("cancelled")
        picture = self._pictures[min(self.shown, len(self._pictures) - 1)]
        self.shown += 1
        self.on_frame()
        if isinstance(picture, Exception):
            self.now += timeout_s if isinstance(picture, DeviceTimeoutError) else 0
            raise picture
        self.now += FRAME_S
        return Frame(picture, self.shown)


def desk_of(camera: FilmCamera) -> ZoneDesk:
    return ZoneDesk(keeper_of(camera), lambda: camera.now)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Zone]:
    """What is read of one picture after the other; the last of them again and again."""
    readings: list[Zone] = []

    def readings_in_turn() -> Iterator[Zone]:
        yield from readings
        while True:
            yield readings[-1]

    turns = readings_in_turn()
    monkeypatch.setattr(zones, "read_zone", lambda _pixels: next(turns))
    return readings


def unread(why: ZoneQuality) -> Zone:
    return Zone(None, None, why)


def with_number(digits: str) -> Zone:
    return Zone(None, digits, ZoneQuality.READ)


def test_it_looks_until_a_picture_shows_the_zone():
    face = np.asarray(card_face(content(), "482915").convert("RGB"), np.uint8)[:, :, ::-1].copy()
    camera = FilmCamera(EMPTY, face)
    found = desk_of(camera).read(Event())
    assert isinstance(found, ZoneFound)
    assert found.mrz == content().mrz.text()
    assert camera.shown == 2


def test_the_time_out_gives_the_reason_of_the_last_picture(told):
    told += [unread(ZoneQuality.DARK), unread(ZoneQuality.NOTHING), unread(ZoneQuality.CUT_OFF)]
    camera = FilmCamera()
    assert desk_of(camera).read(Event(), 1.0) == ZoneMissing(ZoneQuality.CUT_OFF)
    assert camera.shown == pytest.approx(1.0 / FRAME_S, abs=1)


def test_a_camera_that_gives_no_picture_in_time_is_no_fault():
    camera = FilmCamera(DeviceTimeoutError("no frame"))
    assert desk_of(camera).read(Event(), 4.0) == ZoneMissing(ZoneQuality.NOTHING)
    assert camera.shown == 2


def test_a_late_picture_counts(told):
    told.append(Zone(ZONE, None, ZoneQuality.READ))
    camera = FilmCamera(DeviceTimeoutError("no frame"), EMPTY)
    assert desk_of(camera).read(Event(), 4.0) == ZoneFound(ZONE, None)


def test_without_time_nothing_is_looked_at():
    camera = FilmCamera()
    assert isinstance(desk_of(camera).read(Event(), 0.0), ZoneMissing)
    assert camera.shown == 0


def test_who_cancels_is_heard_at_the_next_picture(told):
    told.append(unread(ZoneQuality.BLURRED))
    cancelled = Event()
    camera = FilmCamera()
    camera.on_frame = lambda: cancelled.set() if camera.shown == 3 else None
    with pytest.raises(RequestCancelledError):
        desk_of(camera).read(cancelled, 60.0)
    assert camera.shown == 3


def test_a_camera_that_is_gone_is_said():
    with pytest.raises(DeviceAbsentError):
        desk_of(FilmCamera(EMPTY, DeviceAbsentError("unplugged"))).read(Event())


def test_one_access_number_alone_is_not_believed(told):
    told += [with_number("482915"), with_number("482916"), unread(ZoneQuality.BLURRED)]
    assert desk_of(FilmCamera()).read(Event(), 1.0) == ZoneMissing(ZoneQuality.BLURRED)


def test_two_equal_access_numbers_with_another_in_between_are_not_believed(told):
    told += [with_number("482915"), unread(ZoneQuality.BLURRED), with_number("482915")]
    told.append(unread(ZoneQuality.DARK))
    assert desk_of(FilmCamera()).read(Event(), 1.0) == ZoneMissing(ZoneQuality.DARK)


def test_two_pictures_that_agree_about_an_access_number_are_enough(told):
    told += [with_number("482916"), with_number("482915")]
    camera = FilmCamera()
    assert desk_of(camera).read(Event(), 1.0) == ZoneFound(None, "482915")
    assert camera.shown == 3


def test_a_zone_is_enough_at_once_and_is_tried_before_the_access_number(told):
    told.append(Zone(ZONE, "482915", ZoneQuality.READ))
    camera = FilmCamera()
    found = desk_of(camera).read(Event())
    assert isinstance(found, ZoneFound)
    assert camera.shown == 1
    assert [one.kind for one in found.passwords()] == [PasswordKind.MRZ, PasswordKind.CAN]
    assert found.passwords()[1].pace_secret == b"482915"


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        (ZoneFound(ZONE, None), [PasswordKind.MRZ]),
        (ZoneFound(None, "482915"), [PasswordKind.CAN]),
        (ZoneFound(None, None), []),
    ],
)
def test_only_what_was_read_is_tried(found, kinds):
    assert [one.kind for one in found.passwords()] == kinds


def test_nothing_shows_whose_card_it_was(told, caplog):
    caplog.set_level(logging.DEBUG)
    told.append(Zone(ZONE, "482915", ZoneQuality.READ))
    found = desk_of(FilmCamera()).read(Event())
    for text in (repr(found), str(found), repr(told), repr([found]), caplog.text):
        assert "482915" not in text
        assert "ERIKSSON" not in text
        assert "L898902C" not in text


SPECIMENS = {
    30: "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA".ljust(
        90, "<"
    ),
    36: "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
    44: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
}
"""The specimens of ICAO 9303-5, -6 and -4, by the length of their lines."""


def with_field(layout: Layout, check: int, field: str) -> str:
    """A specimen with another field of those that have a check digit, all sums put right."""
    text = list(SPECIMENS[layout.cells])
    text[layout.checks[check][1][0]] = field
    for _, parts, place in layout.checks:
        text[place] = check_digit("".join("".join(text[part]) for part in parts))
    return "".join(text)


@pytest.mark.parametrize("layout", LAYOUTS, ids=["TD1", "TD2", "TD3"])
@pytest.mark.parametrize("number", ["A<<<<<<<<", "1<B<2<C<3", "000000000"])
@pytest.mark.parametrize("born", ["740812", "7408<<", "74<<<<", "<<<<<<"])
def test_every_zone_that_can_be_read_can_be_tried(layout, number, born):
    for text in (with_field(layout, 0, number), with_field(layout, 1, born)):
        assert follows_rules(text, layout)
        assert [one.kind for one in ZoneFound(text, None).passwords()] == [PasswordKind.MRZ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=["TD1", "TD2", "TD3"])
@pytest.mark.parametrize("number", ["<<<<<<<<<", "<A1234567"])
def test_a_number_that_begins_with_fillers_is_none(layout, number):
    """Nothing could be made of it: such a card would stop the reading instead of being refused."""
    assert not follows_rules(with_field(layout, 0, number), layout)
