"""What differs between the models of the CRT-571 family, and the other way to the chip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from hardware.catalog import make
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.http_link import HttpLink
from hardware.core.links import RealLinks
from hardware.core.transport import ReplayTransport, Transport
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import ATR, blank_chip
from hardware.simulation.world import ImpossibleError, Thing, World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.crt571_chip import ChipWay
from hardware.smartcard.crt571_line import Care
from hardware.smartcard.interface import CardPosition
from tests.support.hardware import line_to, recording

NAME = "kiosk-1.card_unit"
SELECT = bytes.fromhex("00A4040C07A0000002471001")
OPENED = """
        > F200000343303303B2
        < 06
        < F20000065030333030300394
        > 06
"""


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[SimulatedCardUnit]:
    device = SimulatedCardUnit(NAME, 0, World(folder), {"slow_s": 0.8} | options)
    device.start()
    try:
        yield device
    finally:
        device.stop()


@contextmanager
def opened(device: SimulatedCardUnit, **options: Any) -> Iterator[Crt571]:
    unit = Crt571(line_to(device), response_timeout_s=0.4, **options)
    unit.open()
    try:
        yield unit
    finally:
        unit.close()


def card(device: SimulatedCardUnit, place: str = f"{NAME}.inside", **data: Any) -> Thing:
    chip = blank_chip("1122334455667788")
    return device._world.add("card", place, {"label": "", "chip": chip} | data)


def persist(act: Callable[[], object]) -> Timer:
    def push() -> None:
        for _ in range(500):
            try:
                act()
            except ImpossibleError:
                Event().wait(0.01)
            else:
                return

    timer = Timer(0.01, push)
    timer.start()
    return timer


def replayed(text: str, **options: Any) -> tuple[Crt571, ReplayTransport]:
    line = recording(text)
    return Crt571(lambda: line, **options), line


def test_a_unit_answers_at_its_address_alone(tmp_path):
    with running(tmp_path, address=5) as device:
        card(device)
        with opened(device, address=5) as unit:
            unit.hold_at_gate()
            assert unit.status().position is CardPosition.GATE
        with pytest.raises(DeviceAbsentError):
            Crt571(line_to(device), response_timeout_s=0.4).open()
    with pytest.raises(ValueError, match="0 to 15"):
        Crt571(line_to(device), address=16)


def test_the_address_is_the_second_byte_of_every_frame():
    unit, line = replayed(
        """
        > F205000343303303B7
        < 06
        < F20500065030333030300391
        > 06
        > F205000343313003B5
        < 06
        < F20700065031303232300391
        < F20500065031303132300390
        > 06
        """,
        address=5,
    )
    unit.open()
    assert unit.status().position is CardPosition.GATE  # 7 is another unit
    assert line.finished()


@pytest.mark.parametrize("head", ["N", "E"])
def test_either_head_of_a_failure_is_understood(tmp_path, head):
    with (
        running(tmp_path, failure_head=head) as device,
        opened(device) as unit,
        pytest.raises(DeviceFaultError, match="empty A0 the stacker is empty"),
    ):
        unit.feed()


class Speeds(RealLinks):
    """A line on which the unit hears one speed alone; at others it says rubbish, or nothing."""

    def __init__(self, right: int) -> None:
        self.right = right
        self.tried: list[int] = []

    def line(self, address: str, baud: int, parity: str = "N") -> Transport:
        self.tried.append(baud)
        if baud == self.right:
            return super().line(address, baud, parity)
        return recording("> F200000343303303B2\n< FE80C0")

    def http(self, address: str) -> HttpLink:
        raise NotImplementedError


@pytest.mark.parametrize(("right", "tried"), [(9600, 1), (38400, 2), (57600, 4)])
def test_the_speed_is_found(tmp_path, right, tried):
    with running(tmp_path) as device:
        links = Speeds(right)
        unit = make("crt571", f"socket://127.0.0.1:{device.port}", {"baud": "auto"}, links)
        unit.open()
        assert unit.health().state is DeviceState.ONLINE
        assert links.tried == [9600, 38400, 19200, 57600][:tried]
        unit.close()
        with pytest.raises(DeviceAbsentError):
            make("crt571", "socket://127.0.0.1:1", {"baud": "auto"}).open()


def test_a_technician_reads_what_the_unit_is(tmp_path):
    with running(tmp_path, sensors=12) as device, opened(device) as unit:
        card(device)
        unit.capture()
        card(device, f"{NAME}.gate")
        detail = unit.health().detail
        assert "firmware CRT-571-SIM-V1.00, serial 571000000001" in detail
        assert "machine C571_V1.00_A_090910, contacts IC_V1.00, radio RF_V1.00" in detail
        assert "sensors 100000000000, binned 001" in detail


def test_a_unit_that_tells_nothing_is_healthy(tmp_path):
    lacks = ["A230", "A330", "A430", "A431", "A432", "A530", "3131"]
    with running(tmp_path, lacks=lacks) as device, opened(device) as unit:
        health = unit.health()
        assert health.state is DeviceState.ONLINE
        assert health.detail == "feeder empty, bin full no, firmware CRT-571-SIM-V1.00"


def test_a_counter_that_runs_over_stops_the_bin_until_it_is_preset(tmp_path):
    with running(tmp_path) as device, opened(device) as unit:
        unit.preset_bin_counter(998)
        card(device)
        unit.capture()
        card(device)
        with pytest.raises(DeviceFaultError, match="full 50"):
            unit.capture()
        assert unit.status().position is CardPosition.INSIDE
        unit.preset_bin_counter()
        unit.capture()
        assert unit.particulars()["binned"] == "001"
        with pytest.raises(ValueError, match="999"):
            unit.preset_bin_counter(1000)


def test_the_counter_is_written_in_three_digits():
    unit, line = replayed(
        OPENED
        + """
        > F200000643A5313030370317
        < 06
        < F200000650A5313030300303
        > 06
        """
    )
    unit.open()
    unit.preset_bin_counter(7)
    assert line.finished()


def test_the_lamp_flashes_while_a_person_is_expected_to_act(tmp_path):
    with running(tmp_path) as device, opened(device, lamp=True) as unit:
        thing = card(device, "hand.visitor")
        seen = []

        def insert() -> None:
            device.act("insert", {"thing": thing.id})
            seen.append(device.state()["lamp"])

        visitor = persist(insert)
        unit.accept(5.0, Event())
        visitor.join()
        assert seen == ["flashing"]
        assert device.state()["lamp"] == "off"
        unit.hold_at_gate()
        with pytest.raises(DeviceTimeoutError):
            unit.wait_taken(0.05, Event())
        assert device.state()["lamp"] == "off"


def test_a_unit_without_a_lamp_takes_cards_all_the_same(tmp_path):
    with running(tmp_path, lacks=["3160"]) as device, opened(device, lamp=True) as unit:
        thing = card(device, "hand.visitor")
        visitor = persist(lambda: device.act("insert", {"thing": thing.id}))
        unit.accept(5.0, Event())
        visitor.join()


@pytest.mark.parametrize(("fault", "code"), [("card_too_long", "13"), ("card_too_short", "14")])
def test_a_card_of_the_wrong_length_stays_at_the_gate(tmp_path, fault, code):
    with running(tmp_path) as device, opened(device) as unit:
        thing = card(device, "hand.visitor")
        device.set_fault(fault, on=True)
        visitor = persist(lambda: device.act("insert", {"thing": thing.id}))
        with pytest.raises(DeviceFaultError, match=f"jam {code}"):
            unit.accept(5.0, Event())
        visitor.join()
        assert device.state()["entry_open"] is False
        assert device.act("take", {"hand": "visitor"}) == {"thing": thing.id}


def test_a_power_cut_does_not_shut_the_gate_before_a_person(tmp_path):
    with running(tmp_path) as device, opened(device) as unit:
        thing = card(device, "hand.visitor")

        def insert_after_the_cut() -> None:
            device.power_lost()
            persist(lambda: device.act("insert", {"thing": thing.id}))

        Timer(0.1, insert_after_the_cut).start()
        unit.accept(5.0, Event())
        assert unit.status().position is CardPosition.INSIDE


def test_an_answer_that_crosses_the_end_of_patience_counts():
    unit, line = replayed(
        OPENED
        + """
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343323003B3
        < 06
        > 04
        < F20000065032303132300396
        > 06
        """
    )
    unit.open()
    unit.hold_at_gate()
    assert line.finished()


def test_a_nak_does_not_bring_a_motion_twice():
    """Noise can make a NAK out of an ACK."""
    unit, line = replayed(
        OPENED
        + """
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343323003B3
        < 15
        > 04
        """
    )
    unit.open()
    with pytest.raises(DeviceTimeoutError):
        unit.hold_at_gate()
    assert line.finished()


def test_a_motion_whose_ack_was_lost_is_stopped(tmp_path):
    with running(tmp_path, slow_s=0.6) as device, opened(device) as unit:
        card(device)
        device.set_fault("slow", on=True)
        device.set_fault("line_mute", on=True)
        with pytest.raises((DeviceTimeoutError, DeviceAbsentError)):
            unit._line.ask(b"\x32\x30", care=Care.MOTION)
        device.set_fault("line_mute", on=False)
        Event().wait(0.8)
        assert device.motions == 0
        assert unit.status().position is CardPosition.INSIDE


def test_the_chip_is_reached_over_the_air(tmp_path):
    with running(tmp_path) as device, opened(device, chip=ChipWay.CONTACTLESS) as unit:
        card(device, interface="contactless")
        answer_to_reset = unit.connect()
        assert answer_to_reset[:4] == bytes.fromhex("3B858001")
        assert answer_to_reset == ATR  # the simulated chips show the same historical bytes
        assert unit.transmit(SELECT) == b"\x90\x00"
        unit.hold_at_gate()  # no contact holds the card
        with pytest.raises(DeviceFaultError, match="card_error 65"):
            unit.transmit(SELECT)


@pytest.mark.parametrize("interface", ["contact", "contactless"])
def test_either_way_is_found(tmp_path, interface):
    with running(tmp_path) as device, opened(device, chip=ChipWay.AUTO) as unit:
        card(device, interface=interface)
        assert unit.connect() == ATR
        assert unit.transmit(SELECT) == b"\x90\x00"
        unit.disconnect()
        unit.hold_at_gate()


def test_a_chip_that_answers_neither_way_is_a_card_error(tmp_path):
    with running(tmp_path) as device, opened(device, chip=ChipWay.AUTO) as unit:
        card(device)
        device.set_fault("chip_dead", on=True)
        with pytest.raises(DeviceFaultError, match="card_error"):
            unit.connect()
        unit.capture()


def radio(answer: str, **options: Any) -> tuple[Crt571, ReplayTransport]:
    """A unit in which the card at the antenna says answer to its activation."""
    return replayed(
        OPENED
        + f"""
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343323203B1
        < 06
        < F20000065032323232300397
        > 06
        > F2000005436030414203E4
        < 06
        < {answer}
        > 06
        """,
        chip=ChipWay.CONTACTLESS,
        **options,
    )


def test_a_card_of_type_a_has_an_atr_of_its_historical_bytes():
    """PC/SC part 3: 3B 8n 80 01, historical bytes of the ATS, checksum."""
    text = "5060303232304144030708010203040506200878778102804A4B"
    unit, line = radio(_framed(text))
    unit.open()
    assert unit.connect() == bytes.fromhex("3B838001804A4B83")
    assert line.finished()


def test_a_card_of_type_b_has_an_atr_of_its_application_data():
    text = "50603032323042" + "50A1A2A3A4B1B2B3B4C1C2C3"
    unit, line = radio(_framed(text))
    unit.open()
    assert unit.connect() == bytes.fromhex("3B888001B1B2B3B4C1C2C300CD")
    assert line.finished()


def test_a_memory_card_is_no_card():
    text = "5060303232304D4400040102030408"
    unit, line = radio(_framed(text))
    unit.open()
    with pytest.raises(DeviceFaultError, match=r"card_error .*memory card"):
        unit.connect()
    assert line.finished()


def test_what_the_antenna_hears_is_checked():
    for garbage in ("41", "414403FF", "41440301AA2009", "4250", "5A"):
        unit, _ = radio(_framed("506030323230" + garbage))
        unit.open()
        with pytest.raises(BadReplyError, match=r"no (UID|ATS|ATQB|card) "):
            unit.connect()


def _framed(text: str) -> str:
    """The unit's frame around a text; length and checksum written out here, not borrowed."""
    body = bytes.fromhex(text)
    frame = b"\xf2\x00" + len(body).to_bytes(2, "big") + body + b"\x03"
    check = 0
    for byte in frame:
        check ^= byte
    return (frame + bytes([check])).hex()


def test_a_unit_that_cannot_choose_the_protocol_is_told_it(tmp_path):
    with running(tmp_path, lacks=["5139"]) as device, opened(device) as unit:
        card(device)
        unit.connect()
        assert unit.transmit(SELECT) == b"\x90\x00"
        assert unit.transmit(SELECT) == b"\x90\x00"


def test_a_card_of_t0_is_told_its_commands_without_le():
    unit, line = replayed(
        OPENED
        + """
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343323103B2
        < 06
        < F20000065032313232300394
        > 06
        > F20000044351303303E4
        < 06
        < """
        + _framed("5051303232" + "30" + "30" + "3B0080")
        + """
        > 06
        > """
        + _framed("435139" + "008800000201020A")
        + """
        < 06
        < """
        + _framed("4E51393030")
        + """
        > 06
        > """
        + _framed("435133" + "00880000020102")
        + """
        < 06
        < """
        + _framed("505133323230" + "610A")
        + """
        > 06
        """
    )
    unit.open()
    assert unit.connect() == bytes.fromhex("3B0080")
    assert unit.transmit(bytes.fromhex("008800000201020A")) == bytes.fromhex("610A")
    assert line.finished()


def test_a_chip_with_power_is_reset_warm(tmp_path):
    with running(tmp_path) as device, opened(device) as unit:
        card(device)
        unit.connect()
        motions = device.motions
        assert unit.connect() == ATR
        assert device.motions == motions
        device.power_lost()
        assert unit.connect() == ATR  # cold, as it had lost its power


def test_options_of_other_words_are_refused():
    assert make("crt571", "socket://127.0.0.1:1", {"chip": "auto", "lamp": True, "address": 15})
    with pytest.raises(ValueError, match="antenna"):
        make("crt571", "socket://127.0.0.1:1", {"chip": "antenna"})


def test_an_address_can_be_given_over_the_line(tmp_path):
    """FF 30, sent to 0F (F3 1.03, page 48)."""
    with running(tmp_path) as device:
        line = line_to(device)()
        line.write(bytes.fromhex(_framed("433033")))
        line.read(1 + 12 + 17, 1.0)
        line.write(bytes.fromhex("F20F000443FF30040372"))
        assert line.read(13, 1.0)[:1] == b"\x06"
        assert _ask(line, "3130", 1) == b""  # nobody at address 0 any more
        line.close()
        with opened(device, address=4) as unit:
            assert unit.status().position is CardPosition.NONE


def _ask(line: Transport, request: str, count: int) -> bytes:
    line.write(bytes.fromhex(_framed("43" + request)))
    try:
        return line.read(count, 0.2)
    except DeviceTimeoutError:
        return b""
