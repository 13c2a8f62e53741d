"""Lock boards, a form collector and contacts whose frames are altered on the way, both ways."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from hardware.cabinet import cu16, lock_boards, locks_8a, modbus_locks
from hardware.cabinet.cu16 import Cu16
from hardware.cabinet.interface import Slot, SlotAlarm
from hardware.cabinet.locks_8a import Locks8a, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.core import modbus
from hardware.core.device import Health, Seen
from hardware.core.errors import DeviceError
from hardware.core.modbus import Framing, ModbusLine
from hardware.core.transport import Exchange
from hardware.form_collector import modbus_collector
from hardware.form_collector.interface import FormPosition
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.signals.interface import FlashRate, InputName, LampName, Sensed
from hardware.signals.modbus_signals import Board, ModbusSignals
from hardware.simulation.devices import KINDS
from hardware.simulation.world import World
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated

SEED = 20260727


def exchanges(text: str) -> list[Exchange]:
    return [Exchange.parse(line.strip()) for line in text.splitlines() if line.strip()]


class MutatedTcpLine(MutatedLine):
    """Answers of Modbus TCP carry the number of their question; the recording leaves it out."""

    def write(self, data: bytes) -> None:
        self.said.append(data)
        self._last = self._answers.get(data[2:], self._last)
        answer = data[:2] + self._last
        self._unread += answer if self.is_sound else mutated(answer, self._dice)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    quick = QuickClock()
    for module in (cu16, locks_8a, modbus_locks, modbus):
        monkeypatch.setattr(module, "pause", quick.pause)
    for module in (lock_boards, modbus_collector):
        monkeypatch.setattr(module, "wait_for", quick.wait_for)
    monkeypatch.setattr(modbus_collector, "monotonic", quick.monotonic)
    return quick


@dataclass(frozen=True, slots=True)
class Protocol:
    """A driver, what its device would answer, and how to know a motion among the host's frames."""

    line: Callable[[Any, Random], MutatedLine]
    answers: str
    make: Callable[[MutatedLine], Any]
    is_motion: Callable[[bytes], bool]
    calls: Mapping[str, tuple[Callable[[Any, Random], Any], Callable[[Any], bool]]]
    truth: Callable[[Any], Any]
    expected: Any


def are_slots(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 8
        and all(isinstance(slot, Slot) and isinstance(slot.locked, Seen) for slot in value)
    )


def is_a_time(value: Any) -> bool:
    return isinstance(value, float) and 0 <= value <= 655.35


def are_versions(value: Any) -> bool:
    return len(value) == 2 and all(0 <= each <= 255 for each in value)


BOARD = Board(
    inputs={InputName.OUTER_DOOR: 0, InputName.TAMPER: 2}, lamps={LampName.FASCIA: {None: 0}}
)
CABINET: dict[str, tuple[Callable[[Any, Random], Any], Callable[[Any], bool]]] = {
    "slots": (lambda cabinet, _: cabinet.slots(), are_slots),
    "slot": (
        lambda cabinet, dice: cabinet.slot(dice.randint(1, 8)),
        lambda value: isinstance(value, Slot),
    ),
    "unlock": (
        lambda cabinet, dice: cabinet.unlock(dice.randint(1, 8)),
        lambda value: value is None,
    ),
    "health": (lambda cabinet, _: cabinet.health(), lambda value: isinstance(value, Health)),
    "alarms": (
        lambda cabinet, _: cabinet.alarms(),
        lambda value: all(isinstance(alarm, SlotAlarm) for alarm in value),
    ),
}
FORMS: dict[str, tuple[Callable[[Any, Random], Any], Callable[[Any], bool]]] = {
    "position": (
        lambda device, _: device.position(),
        lambda value: isinstance(value, FormPosition),
    ),
    "bin_full": (lambda device, _: device.bin_full(), lambda value: isinstance(value, bool)),
    "keep": (lambda device, _: device.keep(), lambda value: value is None),
    "give_back": (lambda device, _: device.give_back(), lambda value: value is None),
    "accept": (lambda device, _: device.accept(0.2, Event()), lambda value: value is None),
    "health": (lambda device, _: device.health(), lambda value: isinstance(value, Health)),
}
SIGNALS: dict[str, tuple[Callable[[Any, Random], Any], Callable[[Any], bool]]] = {
    "inputs": (
        lambda device, _: device.inputs(),
        lambda value: (
            set(value) == set(BOARD.inputs)
            and all(isinstance(seen, Sensed) for seen in value.values())
        ),
    ),
    "light": (
        lambda device, dice: device.light(LampName.FASCIA, dice.choice(list(FlashRate))),
        lambda value: value is None,
    ),
    "beat": (lambda device, _: device.beat(), lambda value: value is None or value > 0),
    "health": (lambda device, _: device.health(), lambda value: isinstance(value, Health)),
}
SLOT_2_OPEN_8_FULL = tuple(
    Slot(number, Seen.NO if number == 2 else Seen.YES, Seen.YES if number == 8 else Seen.NO)
    for number in range(1, 9)
)
OPEN_2 = tuple(
    Slot(number, Seen.NO if number == 2 else Seen.YES, Seen.UNKNOWN) for number in range(1, 9)
)
RELAYS = RelayWiring(8, pulse_s=0.1)
TCP_LOCKS = """
    > 00000006010200000008
    < 000000040102 01FD
    > 00000008010F0000000801 00
    < 00000006010F00000008
"""


def coil_writes(text: str, start: str, coils: int) -> str:
    """Add the echo of every coil switched on and off; start is what stands before the unit."""
    for coil in range(coils):
        for value in ("FF00", "0000"):
            frame = f"010500{coil:02X}{value}"
            whole = start + frame if start else frame + crc(frame)
            text += f"\n> {whole}\n< {whole}"
    return text


def crc(frame: str) -> str:
    register = 0xFFFF
    for byte in bytes.fromhex(frame):
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register.to_bytes(2, "little").hex()


RTU_LOCKS = f"""
    > 010200000008{crc("010200000008")}
    < 010201FD{crc("010201FD")}
    > 010F000000080100{crc("010F000000080100")}
    < 010F00000008{crc("010F00000008")}
"""


def rtu(line: MutatedLine) -> Callable[[], ModbusLine]:
    return lambda: ModbusLine(line, Framing.RTU)


def tcp(line: MutatedLine) -> Callable[[], ModbusLine]:
    return lambda: ModbusLine(line, Framing.TCP)


PROTOCOLS = {
    "cu16": Protocol(
        MutatedLine,
        "> 0200300335\n< 020035FDFF800003B6\n> 020037033C\n< 0200380032036F\n"
        "> F5B600005F0A\n< F5B60004000003015F12",
        lambda line: Cu16(lambda: line, 8),
        lambda frame: frame[2] == 0x31,
        CABINET
        | {
            "pulse time": (lambda cabinet, _: cabinet.pulse_time_s(0), is_a_time),
            "set": (lambda cabinet, _: cabinet.set_pulse_time(0, 0.5), lambda value: value is None),
            "firmware": (lambda cabinet, _: cabinet.firmware(0), are_versions),
        },
        lambda cabinet: cabinet.slots(),
        SLOT_2_OPEN_8_FULL,
    ),
    "locks_8a": Protocol(
        MutatedLine,
        "> 80010033B2\n< 8001FD334F\n> 8A0101119B\n< 8A0101008A",
        lambda line: Locks8a(lambda: line, 8, Wiring(8)),
        lambda frame: frame[0] == 0x8A,
        CABINET,
        lambda cabinet: cabinet.slots(),
        OPEN_2,
    ),
    "modbus_locks_rtu": Protocol(
        MutatedLine,
        coil_writes(RTU_LOCKS, "", 8),
        lambda line: ModbusLocks(rtu(line), 8, RELAYS),
        lambda frame: frame[1] == 5 and frame[4] == 0xFF,
        CABINET,
        lambda cabinet: cabinet.slots(),
        OPEN_2,
    ),
    "modbus_locks_tcp": Protocol(
        MutatedTcpLine,
        coil_writes(TCP_LOCKS, "00000006", 8),
        lambda line: ModbusLocks(tcp(line), 8, RELAYS),
        lambda frame: frame[7] == 5 and frame[10] == 0xFF,
        CABINET,
        lambda cabinet: cabinet.slots(),
        OPEN_2,
    ),
    "modbus_locks_items": Protocol(
        MutatedLine,
        coil_writes(RTU_LOCKS, "", 8)
        + f"\n> 010200000010{crc('010200000010')}\n< 010202FD80{crc('010202FD80')}",
        lambda line: ModbusLocks(rtu(line), 8, RelayWiring(8, pulse_s=0.1, item_input=8)),
        lambda frame: frame[1] == 5 and frame[4] == 0xFF,
        CABINET,
        lambda cabinet: cabinet.slots(),
        SLOT_2_OPEN_8_FULL,
    ),
    "modbus_timed": Protocol(
        MutatedLine,
        RTU_LOCKS + "\n> 0105020000010DB2\n< 0105020000010DB2",
        lambda line: ModbusLocks(rtu(line), 8, RelayWiring(8, pulse_s=0.1, timed_coil=0x200)),
        lambda frame: frame[1] == 5 and frame[2] == 2,
        CABINET,
        lambda cabinet: cabinet.slots(),
        OPEN_2,
    ),
    "modbus_collector_rtu": Protocol(
        MutatedLine,
        coil_writes(f"> 010200000003{crc('010200000003')}\n< 01020102{crc('01020102')}", "", 4),
        lambda line: ModbusCollector(rtu(line)),
        lambda _: False,  # its coils are levels: setting one again moves nothing
        FORMS,
        lambda device: device.position(),
        FormPosition.ESCROW,
    ),
    "modbus_signals_rtu": Protocol(
        MutatedLine,
        coil_writes(f"> 010200000003{crc('010200000003')}\n< 01020101{crc('01020101')}", "", 1),
        lambda line: ModbusSignals(rtu(line), BOARD),
        lambda _: False,
        SIGNALS,
        lambda device: dict(device.inputs()),
        {InputName.OUTER_DOOR: Sensed.CLOSED, InputName.TAMPER: Sensed.TAMPERED},
    ),
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PROTOCOLS)
def test_altered_answers_give_errors_or_right_types_and_never_a_second_motion(name: str) -> None:
    protocol = PROTOCOLS[name]
    dice = Random(SEED)
    line = protocol.line(exchanges(protocol.answers), dice)
    device = protocol.make(line)
    line.is_sound = True
    device.open()
    line.is_sound = False
    errors = calls = 0
    while len(line.said) < FRAMES:
        before = len(line.said)
        call, is_right = protocol.calls[dice.choice(sorted(protocol.calls))]
        calls += 1
        try:
            value = call(device, dice)
        except DeviceError:
            errors += 1
        else:
            assert is_right(value), value
        motions = sum(protocol.is_motion(frame) for frame in line.said[before:])
        assert motions <= 1, "a motion was sent twice"
    line.is_sound = True
    line.flush_input()
    assert protocol.truth(device) == protocol.expected
    assert errors  # the frames were altered indeed
    assert calls > errors
    print(f"{name}: {len(line.said)} frames, {calls} calls, {errors} device errors")


# What the host says


class Told:
    """A connection on which a host says what it says, in pieces as they come."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames = frames
        self._rest = b""
        self.is_over = False
        self.heard = b""

    def recv(self, bufsize: int, /) -> bytes:
        if not self._rest:
            self._rest = next(self._frames, b"")
            if not self._rest:
                self.is_over = True
        data, self._rest = self._rest[:bufsize], self._rest[bufsize:]
        return data

    def sendall(self, data: bytes, /) -> None:
        self.heard += data

    def settimeout(self, value: float | None, /) -> None:
        """Time does not pass here."""


def altered(frames: list[bytes], count: int, dice: Random) -> Iterator[bytes]:
    for _ in range(count):
        if frame := mutated(dice.choice(frames), dice):
            yield frame


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("kind", "options", "said", "question", "size"),
    [
        (
            "cu16",
            {"busy_after_unlock": True},
            "0200300335 0200310336 02F0320327 020037033C 020037006403A0 F5B600005F0A",
            "020037033C0200300335",
            16,
        ),
        (
            "locks_8a",
            {"reports": True},
            "80010033B2 8A0101119B 80010133B3 900102020293",
            "80010033B2",
            7,
        ),
        (
            "modbus_locks",
            {"framing": "rtu", "timed_coil": 512},
            "01020000000879CC 010F000000080100FE95 01050000FF008C3A 0105020000010DB2",
            "01020000000879CC",
            6,
        ),
        (
            "modbus_locks",
            {"framing": "tcp"},
            "000100000006010200000008 000200000008010F000000080100 00030000000601050000FF00",
            "000100000006010200000008",
            10,
        ),
    ],
)
def test_altered_requests_do_not_stop_a_simulated_board(
    tmp_path: Path,
    kind: str,
    options: dict[str, Any],
    said: str,
    question: str,
    size: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(World, "_save", lambda _: None)  # the disk is not what is tested here
    dice = Random(SEED)
    device: Any = KINDS[kind]("fuzz.cabinet", 0, World(tmp_path), options)
    told = Told(altered([bytes.fromhex(each) for each in said.split()], FRAMES, dice))
    while not told.is_over:
        device.serve(told)  # a broken head ends a connection; the host opens another
    assert told.heard
    sound = Told(iter([bytes.fromhex(question)]))
    device.serve(sound)
    assert len(sound.heard) >= size
    print(f"{kind} {options}: {FRAMES} requests")
