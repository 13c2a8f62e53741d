"""The literal bytes of lock boards: the drivers say them, the simulated boards answer with them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cabinet.cu16 import Cu16, request_frame, status_bits, version_frame
from hardware.cabinet.interface import AlarmReason, Slot
from hardware.cabinet.locks_8a import Locks8a, Polarity, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.modbus import Framing, ModbusLine
from hardware.simulation.devices import KINDS
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.world import World
from tests.support.hardware import line_to, recording

NAME = "rig.cabinet"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., SimulatedCabinet]]:
    started: list[Any] = []

    def start(kind: str, **options: Any) -> SimulatedCabinet:
        device: Any = KINDS[kind](NAME, 0, World(tmp_path), options)
        device.start()
        started.append(device)
        return device

    yield start
    for device in started:
        device.stop()


def answers(device: SimulatedCabinet, said: str, size: int) -> str:
    line = line_to(device)()
    try:
        line.write(bytes.fromhex(said))
        return line.read(size, 2.0).hex().upper()
    finally:
        line.close()


# KR-CU16


def test_cu16_unlocks_by_the_bytes_of_the_manual():
    line = recording(
        """
        > 0200300335
        < 020035FFFF800003B8
        > 0200300335
        < 020035FFFF800003B8
        > 020F310345
        > 0200300335
        < 020035FFFF800003B8
        > 0200300335
        < 020035FF7F80000338
        """
    )
    cabinet = Cu16(lambda: line, 16)
    cabinet.open()
    cabinet.unlock(16)
    assert line.finished()


def test_cu16_asks_a_garbled_status_again_and_then_reports_it():
    good = "> 0200300335\n< 020035FFFF800003B8\n"
    bad = "> 0200300335\n< 020035FFFF800003B9\n"
    line = recording(good + bad + bad + good + bad * 3)
    cabinet = Cu16(lambda: line, 16)
    cabinet.open()
    assert cabinet.slot(8).item is Seen.YES
    with pytest.raises(BadReplyError):
        cabinet.slots()
    assert line.finished()


def test_cu16_a_silent_board_is_asked_once_until_it_answers_again():
    first = "> 0200300335\n< 020035FFFF800003B8\n"
    second = "> 0210300345\n"
    back = second + "< 021035FFFF000003 48\n"
    line = recording(first + second * 3 + second + first + back)
    cabinet = Cu16(lambda: line, 17)
    cabinet.open()
    assert cabinet.slot(17) == Slot(17, Seen.UNKNOWN, Seen.UNKNOWN)
    assert cabinet.slot(17) == Slot(17, Seen.YES, Seen.NO)
    assert line.finished()


@pytest.mark.parametrize(
    "answer",
    ["021035FFFF800003C8", "020036FFFF800003B9", "020035FFFF800004B9", "030035FFFF800003B9"],
)
def test_cu16_believes_only_a_status_of_this_board(answer):
    assert status_bits(bytes.fromhex("021035FFFF800003C8"), 1) == (0xFFFF, 0x0080)
    assert status_bits(bytes.fromhex(answer), 0) is None


@pytest.mark.parametrize(
    ("board", "lock", "request_code", "printed"),
    [(0, 0, 0x30, "0200300335"), (0, 0, 0x31, "0200310336"), (2, 2, 0x31, "0222310358")],
)
def test_cu16_requests_of_the_manual(board, lock, request_code, printed):
    assert request_frame(board, lock, request_code).hex() == printed


def test_cu16_pulse_time_and_versions():
    line = recording(
        """
        > 0200300335
        < 020035FFFF000003 38
        > 020037033C
        < 020038003203 6F
        > 0200370064 03A0
        > 020037033C
        < 020038006403 A1
        > F5B600005F0A
        < F5B60004 0000 0301 5F12
        """
    )
    cabinet = Cu16(lambda: line, 16)
    cabinet.open()
    assert cabinet.pulse_time_s(0) == 0.5
    cabinet.set_pulse_time(0, 1.0)
    assert cabinet.firmware(0) == (3, 1)
    assert version_frame(0).hex() == "f5b600005f0a"


def test_cu16_sets_the_pulse_time_that_the_station_wants(start):
    device = start("cu16", boards=2)
    for _ in range(2):
        cabinet = Cu16(line_to(device), 32, pulse_s=0.75)
        cabinet.open()
        assert [cabinet.pulse_time_s(board) for board in (0, 1)] == [0.75, 0.75]
        cabinet.close()
    with pytest.raises(ValueError, match="pulse"):
        Cu16(line_to(device), 32, pulse_s=61)
    with pytest.raises(ValueError, match="256"):
        Cu16(line_to(device), 257)


def test_cu16_a_board_that_knows_no_pulse_time_is_told_by_the_name_of_the_option():
    status = "> 0200300335\n< 020035FFFF00000338\n"
    line = recording(status + "> 020037033C\n" * 3 + status)
    with pytest.raises(BadReplyError, match="pulse_s"):
        Cu16(lambda: line, 16, pulse_s=0.5).open()


def test_cu16_boards_that_know_no_versions_are_silent(start):
    cabinet = Cu16(line_to(start("cu16", tells_version=False)), 16)
    cabinet.open()
    with pytest.raises(DeviceAbsentError):
        cabinet.firmware(0)
    assert len(cabinet.slots()) == 16
    cabinet.close()


def test_cu16_boards_are_silent_on_broken_requests(start):
    device = start("cu16")
    broken = "020031033702103003450200310436FF"
    assert answers(device, broken + "F20200300335", 9) == "020035FFFF00000338"
    assert device.pulses == 0


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("0200300335", "020035FFFF00000338"),
        ("02F0320327", "020036FFFF00000339021036FFFF00000349"),
        ("020037033C", "0200380032036F"),
        ("F5B600005F0A", "F5B60004000003015F12"),
    ],
)
def test_cu16_boards_answer_by_the_manual(start, request_, answer):
    assert answers(start("cu16", boards=2), request_, len(answer) // 2) == answer


@given(st.binary(max_size=12), st.integers(0, 15))
def test_cu16_no_bytes_break_the_status_reader(data, board):
    assert status_bits(data, board) is None or data[2] == 0x35


# 8A


@pytest.mark.parametrize(
    ("locks", "request_", "answer"),
    [
        (24, "80010133B3", "8001011191"),
        (24, "80010033B2", "8001FFFFFF334D"),
        (8, "80010033B2", "8001FF334D"),
        (18, "80010033B2", "800103FFFF33B1"),
        (24, "8A0101119B", "8A0101008A"),
        (2, "8A0100119A", "8A0101008A8A01020089"),
        (24, "90010202029380010033B2", "8001FDFDFD334F"),
    ],
)
def test_8a_boards_answer_by_the_manual(start, locks, request_, answer):
    assert answers(start("locks_8a", locks=locks), request_, len(answer) // 2) == answer


def test_8a_a_failed_unlock_repeats_the_request_on_the_first_type(start):
    device = start("locks_8a")
    device.set_fault("jammed", on=True)
    assert answers(device, "8A0101119B", 5) == "8A0101119B"


@pytest.mark.parametrize(
    ("polarity", "before", "answer", "after"),
    [
        (Polarity.CLOSED_11, "8001FF334D", "8A0102 0089", "8001FD334F"),
        (Polarity.CLOSED_00, "800100 33B2", "8A0102 1198", "800102 33B0"),
    ],
)
def test_8a_unlocks_by_the_bytes_of_the_manual(polarity, before, answer, after):
    line = recording(
        f"""
        > 80010033B2
        < {before}
        > 80010033B2
        < {before}
        > 8A01021198
        < {answer}
        > 80010033B2
        < {after}
        """
    )
    cabinet = Locks8a(lambda: line, 8, Wiring(8, polarity=polarity))
    cabinet.open()
    cabinet.unlock(2)
    assert line.finished()


def test_8a_reports_between_and_before_answers_are_no_answers_and_raise_the_alarm():
    line = recording(
        """
        > 80010033B2
        < 8001FF334D
        > 80010033B2
        < 82010300 80
        < 820103 1191
        < 8001FF334D
        < 82010500 86
        > 80010033B2
        < 8001FF334D
        """
    )
    cabinet = Locks8a(lambda: line, 8, Wiring(8))
    cabinet.open()
    assert {slot.locked for slot in cabinet.slots()} == {Seen.YES}
    alarms = [(alarm.slot.number, alarm.reason) for alarm in cabinet.alarms()]
    assert alarms == [(3, AlarmReason.FORCED), (5, AlarmReason.FORCED)]


def test_8a_a_door_that_was_open_between_two_looks_is_reported_by_the_board(start):
    device = start("locks_8a", reports=True)
    cabinet = Locks8a(line_to(device), 24, Wiring())
    cabinet.open()
    device.act("force", {"slot": 7})
    device.act("close", {"slot": 7})
    alarms = [(alarm.slot.number, alarm.reason) for alarm in cabinet.alarms()]
    assert alarms == [(7, AlarmReason.FORCED)]
    cabinet.close()


def test_8a_without_a_sensor_board_items_are_unknown(start):
    cabinet = Locks8a(line_to(start("locks_8a")), 24, Wiring())
    cabinet.open()
    assert {slot.item for slot in cabinet.slots()} == {Seen.UNKNOWN}
    assert cabinet.health().state is DeviceState.ONLINE
    cabinet.close()


def test_8a_a_sensor_board_that_is_missing_makes_the_items_unknown(start):
    cabinet = Locks8a(line_to(start("locks_8a")), 24, Wiring(sensor_address=2))
    cabinet.open()
    assert cabinet.slot(1) == Slot(1, Seen.YES, Seen.UNKNOWN)
    health = cabinet.health()
    assert health.state is DeviceState.HARDWARE_ERROR
    assert "sensors of board 0" in health.detail
    cabinet.close()


def test_8a_with_silent_sensors_after_the_pulse_nobody_knows_and_nobody_says_jam():
    look = "> 80010033B2\n< 8001FF334D\n"
    full = "> 80020033B1\n< 8002FF334E\n"
    blind = "> 80020033B1\n"
    text = look + full + look + full + "> 8A0102 1198\n" + (look + blind) * 60
    line = recording(text)
    cabinet = Locks8a(lambda: line, 8, Wiring(8, sensor_address=2), jammed_after_s=0.2)
    cabinet.open()
    with pytest.raises(DeviceTimeoutError, match="slot 2 was pulsed"):
        cabinet.unlock(2)


@pytest.mark.parametrize(
    ("slots", "wiring", "why"),
    [
        (24, Wiring(locks=25), "24 locks"),
        (48, Wiring(first_address=32), "addresses"),
        (48, Wiring(sensor_address=2), "different"),
        (0, Wiring(), "at least one"),
    ],
)
def test_8a_wiring_that_cannot_be(slots, wiring, why):
    with pytest.raises(ValueError, match=why):
        Locks8a(lambda: recording(""), slots, wiring)


# Modbus


def relays(text: str, framing: Framing = Framing.RTU, **wiring: Any) -> tuple[ModbusLocks, Any]:
    line = recording(text)
    plan = RelayWiring(8, pulse_s=0.1, **wiring)
    return ModbusLocks(lambda: ModbusLine(line, framing), 8, plan), line


def test_modbus_unlocks_by_the_bytes_of_the_standard():
    cabinet, line = relays(
        """
        > 010200000008 79CC
        < 010201FF E1C8
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000008 79CC
        < 010201FF E1C8
        > 01050000FF00 8C3A
        < 01050000FF00 8C3A
        > 010500000000 CDCA
        < 010500000000 CDCA
        > 010200000008 79CC
        < 010201FE 2008
        """
    )
    cabinet.open()
    cabinet.unlock(1)
    assert line.finished()


def test_modbus_switches_the_lock_off_though_the_answer_was_lost():
    cabinet, line = relays(
        """
        > 010200000008 79CC
        < 010201FF E1C8
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000008 79CC
        < 010201FF E1C8
        > 01050000FF00 8C3A
        > 010500000000 CDCA
        > 010500000000 CDCA
        < 010500000000 CDCA
        > 010200000008 79CC
        < 010201FE 2008
        """
    )
    cabinet.open()
    cabinet.unlock(1)
    assert line.finished()


def test_modbus_pulses_by_the_boards_own_time():
    cabinet, line = relays(
        """
        > 010200000008 79CC
        < 010201FF E1C8
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000008 79CC
        < 010201FF E1C8
        > 010502000001 0DB2
        > 010200000008 79CC
        < 010201FE 2008
        """,
        timed_coil=0x200,
    )
    cabinet.open()
    cabinet.unlock(1)
    assert line.finished()


def test_modbus_tcp_counts_its_questions_and_skips_late_answers():
    cabinet, line = relays(
        """
        > 0001 0000 0006 01 0200000008
        < 0001 0000 0004 01 0201FF
        > 0002 0000 0008 01 0F0000000801 00
        < 0002 0000 0006 01 0F00000008
        > 0003 0000 0006 01 0200000008
        < 0002 0000 0004 01 020100
        < 0003 0000 0004 01 0201FD
        """,
        Framing.TCP,
    )
    cabinet.open()
    assert [slot.number for slot in cabinet.slots() if slot.locked is Seen.NO] == [2]
    assert line.finished()


def test_modbus_a_late_second_answer_is_not_taken_for_that_of_the_next_question():
    cabinet, line = relays(
        """
        > 010200000008 79CC
        < 010201FF E1C8
        > 010200100008 7809
        < 01020101 6048
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000008 79CC
        > 010200000008 79CC
        < 010201FF E1C8
        < 010201FF E1C8
        > 010200100008 7809
        < 01020101 6048
        """,
        item_input=16,
    )
    cabinet.open()
    assert [slot.number for slot in cabinet.slots() if slot.item is Seen.YES] == [1]
    assert line.finished()


def test_modbus_a_broken_head_over_tcp_is_asked_again():
    cabinet, line = relays(
        """
        > 0001 0000 0006 01 0200000008
        < 0001 0100 0004 01 0201FF
        > 0002 0000 0006 01 0200000008
        < 0002 0000 0004 01 0201FF
        > 0003 0000 0008 01 0F0000000801 00
        < 0003 0000 0006 01 0F00000008
        """,
        Framing.TCP,
    )
    cabinet.open()
    assert line.finished()


def test_modbus_an_exception_is_a_bad_reply_and_a_gateway_alone_is_an_absent_unit():
    cabinet, _ = relays("> 0001 0000 0006 01 0200000008\n< 0001 0000 0003 01 8202", Framing.TCP)
    with pytest.raises(BadReplyError, match="02"):
        cabinet.open()
    cabinet, _ = relays("> 0001 0000 0006 01 0200000008\n< 0001 0000 0003 01 820B", Framing.TCP)
    with pytest.raises(DeviceAbsentError, match="gateway"):
        cabinet.open()


def test_modbus_a_lock_left_energised_by_an_earlier_program_is_let_go(start):
    device = start("modbus_locks", framing="rtu")
    assert answers(device, "01050000FF008C3A", 8) == "01050000FF008C3A"
    assert device.state()["energised"] == [1]
    line = line_to(device)
    cabinet = ModbusLocks(lambda: ModbusLine(line(), Framing.RTU), 8, RelayWiring())
    cabinet.open()
    assert device.state()["energised"] == []
    cabinet.close()


def test_modbus_doors_and_items_side_by_side_are_one_question():
    cabinet, line = relays(
        """
        > 010200000010 79C6
        < 0102020103 F829
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000010 79C6
        < 0102020103 F829
        """,
        item_input=8,
    )
    cabinet.open()
    slots = cabinet.slots()
    assert [slot.number for slot in slots if slot.locked is Seen.YES] == [1]
    assert [slot.number for slot in slots if slot.item is Seen.YES] == [1, 2]
    assert line.finished()


def test_modbus_inverted_contacts_apart_from_one_another():
    cabinet, line = relays(
        """
        > 010200000008 79CC
        < 01020101 6048
        > 010200100008 7809
        < 01020101 6048
        > 010F0000000801 00 FE95
        < 010F00000008540D
        > 010200000008 79CC
        < 01020101 6048
        > 010200100008 7809
        < 01020101 6048
        """,
        item_input=16,
        doors_inverted=True,
        items_inverted=True,
    )
    cabinet.open()
    first, *others = cabinet.slots()
    assert (first.locked, first.item) == (Seen.NO, Seen.NO)
    assert {(slot.locked, slot.item) for slot in others} == {(Seen.YES, Seen.YES)}
    assert line.finished()


def test_modbus_the_lock_does_not_stay_on_when_it_jams(start):
    device = start("modbus_locks")
    device.set_fault("jammed", on=True)
    line = line_to(device)
    cabinet = ModbusLocks(
        lambda: ModbusLine(line(), Framing.TCP), 8, RelayWiring(pulse_s=0.1), jammed_after_s=0.2
    )
    cabinet.open()
    with pytest.raises(DeviceFaultError, match="jam"):
        cabinet.unlock(3)
    assert device.state()["energised"] == []
    assert device.pulses == 1
    cabinet.close()


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("010100000008 3DCC", "010101005188"),
        ("010200000002 F9CB", "010201 03 E189"),
        ("01050008FF00 0DF8", "018502C351"),
        ("010502000007 8DB0", "010502000007 8DB0"),
    ],
)
def test_modbus_boards_answer_by_the_standard(start, request_, answer):
    device = start("modbus_locks", framing="rtu", timed_coil=0x200)
    wanted = answer.replace(" ", "")
    assert answers(device, request_, len(wanted) // 2) == wanted


@pytest.mark.parametrize(
    "wiring", [RelayWiring(locks=0), RelayWiring(unit=248), RelayWiring(pulse_s=9.0)]
)
def test_modbus_wiring_that_cannot_be(wiring):
    with pytest.raises(ValueError, match="to"):
        ModbusLocks(lambda: ModbusLine(recording(""), Framing.RTU), 8, wiring)
