"""Fingerprint scanners."""

from threading import Event

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "r30x",
        "r30x",
        "socket://127.0.0.1:{port}",
        ask=lambda scanner: scanner.wait_lifted(5.0, Event()),
        wait=lambda scanner, timeout_s, cancelled: scanner.capture(timeout_s, cancelled),
    ),
    Rig(
        "sbi_finger",
        "sbi_finger",
        "http://127.0.0.1:{port}",
        ask=lambda scanner: scanner.identity(Event()),
        wait=lambda scanner, timeout_s, cancelled: scanner.capture(timeout_s, cancelled),
        options={"trust": "{folder}/trust", "env": "Developer", "slice_s": 1.0},
        simulated_options={"trust": "{folder}/trust"},
        is_serial=False,
    ),
)
