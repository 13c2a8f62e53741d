"""Cabinets and card magazines."""

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "cu16",
        "cu16",
        "socket://127.0.0.1:{port}",
        ask=lambda cabinet: cabinet.slots(),
        options={"boards": 2},
        simulated_options={"boards": 2},
    ),
)
