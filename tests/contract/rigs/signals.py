"""Contacts and lamps, over TCP and on a serial bus."""

from tests.support.rigs import Rig

BOARD = {
    "inputs": {"outer_door": 0, "service_door": 1, "tamper": 4, "proximity": 9},
    "inverted": ["proximity"],
    "lamps": {"card_reader": 0, "status_good": {"green": 1, "red": 3}},
}
RIGS = tuple(
    Rig(
        "modbus_signals",
        "modbus_signals",
        address,
        ask=lambda signals: signals.inputs(),
        options=BOARD,
        simulated_options=BOARD | {"framing": framing},
        is_checked=framing == "rtu",  # Modbus TCP leaves that to TCP
    )
    for address, framing in (
        ("tcp://127.0.0.1:{port}", "tcp"),
        ("socket://127.0.0.1:{port}", "rtu"),
    )
)
