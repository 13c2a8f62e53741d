"""Signature pads."""

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "stu",
        "stu",
        "hid+tcp://127.0.0.1:{port}",
        ask=lambda pad: (pad.screen(), pad.model()),
        wait=lambda pad, timeout_s, cancelled: pad.wait_for_signature(timeout_s, cancelled),
        is_serial=False,
    ),
)
