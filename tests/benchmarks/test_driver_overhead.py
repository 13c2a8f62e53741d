"""What a driver costs above its bytes: a quick question, beside the same bytes on a bare socket.

Both are put to the same simulated device in the same run; the bytes of the floor are those that
the driver itself exchanged. Run with -s to see the table. A further driver is one more name in
QUICK: its rig says what the question is.
"""

import socket
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from hardware.core.links import RecordingLinks
from hardware.core.transport import Exchange
from tests.contract.rigs import RIGS
from tests.support.rigs import Rig, RunningRig

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(120)]

QUICK = (
    *("crt571", "crt571_reader", "k720", "cu16", "r30x", "escpos"),
    *("modbus_collector", "modbus_locks", "modbus_signals"),
)
"""Drivers on a line whose rig asks what takes no pause: the time is theirs and the bytes'."""
RESTING = "socket://"
"""Modbus over any other line than TCP rests 20 ms before each question, for the bus to turn."""
ROUNDS = 200
MOST = 10.0


def spent_s(rounds: list[float]) -> float:
    """The median of what each question took, after the first few."""
    return median(rounds[10:])


def by_driver(running: RunningRig) -> tuple[float, list[Exchange]]:
    """Ask through the driver, and keep the bytes of one question."""
    told: list[Exchange] = []
    device = running.opened(RecordingLinks(told.append))
    running.rig.ask(device)
    told.clear()
    running.rig.ask(device)
    exchanged = list(told)
    device.close()
    device = running.opened()
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        running.rig.ask(device)
        rounds.append(perf_counter() - began)
    device.close()
    return spent_s(rounds), exchanged


def by_bare_bytes(running: RunningRig, exchanged: list[Exchange]) -> float:
    """Say the same bytes on a socket, and read as many as came."""
    port = running.simulated.port  # type: ignore[attr-defined]  # all on a line have one
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rounds = []
        for _ in range(ROUNDS):
            began = perf_counter()
            for exchange in exchanged:
                if exchange.speaker == "host":
                    line.sendall(exchange.data)
                else:
                    read(line, len(exchange.data))
            rounds.append(perf_counter() - began)
    return spent_s(rounds)


def read(line: socket.socket, count: int) -> None:
    """Read exactly count bytes."""
    while count:
        part = line.recv(count)
        assert part, "the device hung up"
        count -= len(part)


def takes_no_pause(rig: Rig) -> bool:
    """Tell whether all of a question's time is the driver's and the bytes'."""
    rests = rig.driver.startswith("modbus") and rig.address.startswith(RESTING)
    return rig.driver in QUICK and not rests


@pytest.mark.parametrize(
    "rig", [rig for rig in RIGS if takes_no_pause(rig)], ids=lambda rig: rig.driver
)
def test_a_question_costs_little_above_its_bytes(rig: Rig, tmp_path: Path) -> None:
    with rig.running(tmp_path) as running:
        driver_s, exchanged = by_driver(running)
        floor_s = by_bare_bytes(running, exchanged)
    count = sum(len(exchange.data) for exchange in exchanged)
    ratio = driver_s / floor_s
    print(
        f"\n{rig.driver:15} {count:4} bytes: {driver_s * 1e6:7.0f} us by the driver, "
        f"{floor_s * 1e6:7.0f} us bare, ratio {ratio:.1f}"
    )
    assert ratio < MOST


def test_every_quick_driver_has_a_rig() -> None:
    assert set(QUICK) <= {rig.driver for rig in RIGS}
