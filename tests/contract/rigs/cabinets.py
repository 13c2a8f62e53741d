"""Cabinets and card magazines."""

from typing import Any

from hardware.cabinet.interface import Slot
from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError
from tests.support.rigs import Rig


def slots(cabinet: Any) -> tuple[Slot, ...]:
    """Look at all slots, and say absent where a board does not answer; slots() tells the rest."""
    seen: tuple[Slot, ...] = cabinet.slots()
    if any(Seen.UNKNOWN in (slot.locked, slot.item) for slot in seen):
        raise DeviceAbsentError("a board does not answer")
    return seen


TWO_RELAY_BOARDS = {"boards": 2, "locks": 8, "unit": 3}

RIGS = (
    Rig(
        "cu16",
        "cu16",
        "socket://127.0.0.1:{port}",
        ask=slots,
        options={"boards": 2},
        simulated_options={"boards": 2},
    ),
    Rig(
        "locks_8a",
        "locks_8a",
        "socket://127.0.0.1:{port}",
        ask=slots,
        options={"boards": 2, "locks": 18, "sensor_board": 5, "polarity": "closed_00"},
        simulated_options={
            "boards": 2,
            "locks": 18,
            "sensor_board": 5,
            "polarity": "closed_00",
            "reports": True,
        },
    ),
    Rig(
        "modbus_locks",
        "modbus_locks",
        "tcp://127.0.0.1:{port}",
        ask=slots,
        options=TWO_RELAY_BOARDS | {"item_input": 8},
        simulated_options=TWO_RELAY_BOARDS,
        is_checked=False,  # Modbus TCP leaves that to TCP
    ),
    Rig(
        "modbus_locks",
        "modbus_locks",
        "socket://127.0.0.1:{port}",
        ask=slots,
        options=TWO_RELAY_BOARDS | {"item_input": 8},
        simulated_options=TWO_RELAY_BOARDS | {"framing": "rtu"},
    ),
)
