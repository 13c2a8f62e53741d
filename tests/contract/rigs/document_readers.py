"""Readers of documents."""

from threading import Event
from typing import Any

from tests.support.rigs import Rig


def wait(reader: Any, timeout_s: float, cancelled: Event) -> Any:
    """Wait for a document."""
    return reader.wait_for_document(timeout_s, cancelled)


RIGS = (
    Rig(
        "elyctis",
        "elyctis",
        "socket://127.0.0.1:{port}",
        ask=lambda reader: (reader.present(), reader.identity()),
        wait=wait,
        is_checked=False,
    ),
    Rig(
        "stx_reader",
        "stx_reader",
        "tcp://127.0.0.1:{port}",
        ask=lambda reader: reader.present(),
        wait=wait,
        is_checked=False,
    ),
    Rig(
        "ocr_imager",
        "ocr_imager",
        "socket://127.0.0.1:{port}",
        ask=lambda reader: reader.present(),
        wait=wait,
        is_checked=False,
    ),
    Rig(
        "hid_reader",
        "hid_reader",
        "hid+tcp://127.0.0.1:{port}",
        ask=lambda reader: reader.present(),
        wait=wait,
        is_serial=False,
    ),
    Rig(
        "camera_reader",
        "camera_reader",
        "http://127.0.0.1:{port}/stream",
        ask=lambda reader: reader.present(),
        wait=wait,
        simulated_options={"width": 320, "height": 180},
        is_serial=False,
        is_checked=False,
    ),
)
