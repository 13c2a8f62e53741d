"""Form collectors."""

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "modbus_collector",
        "modbus_collector",
        "tcp://127.0.0.1:{port}",
        ask=lambda collector: (collector.position(), collector.bin_full()),
        wait=lambda collector, timeout_s, cancelled: collector.accept(timeout_s, cancelled),
        is_serial=False,
    ),
)
