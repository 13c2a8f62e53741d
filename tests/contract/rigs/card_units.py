"""Motor card units."""

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "crt571",
        "crt571",
        "socket://127.0.0.1:{port}",
        ask=lambda unit: unit.status(),
        wait=lambda unit, timeout_s, cancelled: unit.accept(timeout_s, cancelled),
    ),
    Rig(
        "k720",
        "k720",
        "socket://127.0.0.1:{port}",
        ask=lambda unit: unit.status(),
        wait=lambda unit, timeout_s, cancelled: unit.accept(timeout_s, cancelled),
    ),
)
