"""Form collectors, over TCP and on a serial bus."""

from tests.support.rigs import Rig

RIGS = tuple(
    Rig(
        "modbus_collector",
        "modbus_collector",
        address,
        ask=lambda collector: (collector.position(), collector.bin_full()),
        wait=lambda collector, timeout_s, cancelled: collector.accept(timeout_s, cancelled),
        simulated_options={"framing": framing},
        is_checked=framing == "rtu",  # Modbus TCP leaves that to TCP
    )
    for address, framing in (
        ("tcp://127.0.0.1:{port}", "tcp"),
        ("socket://127.0.0.1:{port}", "rtu"),
    )
)
