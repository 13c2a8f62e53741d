"""Code scanners: one rig for every way to make a scanner read."""

from collections.abc import Mapping
from threading import Event
from typing import Any

from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError
from tests.support.rigs import Rig


def silence(scanner: Any) -> str:
    """Let it look for a moment: nobody holds anything before it."""
    try:
        scanner.wait_for_code(0.1, Event())
    except DeviceTimeoutError:
        if (health := scanner.health()).state is DeviceState.ONLINE:
            return "sees nothing"
        raise DeviceAbsentError(health.detail) from None
    return "saw something"


def wait(scanner: Any, timeout_s: float, cancelled: Event) -> Any:
    """Wait for a person with a code."""
    return scanner.wait_for_code(timeout_s, cancelled)


def _on_a_line(trigger: str, simulated: Mapping[str, Any], **options: Any) -> Rig:
    return Rig(
        "line_scanner",
        "line_scanner",
        "socket://127.0.0.1:{port}",
        ask=silence,
        wait=wait,
        options={"trigger": trigger, **options},
        simulated_options={"trigger": trigger, **simulated},
        is_checked=trigger in {"gm65", "ssi"},
    )


LINES = (
    _on_a_line("none", {"terminator": "crlf"}, terminator="crlf"),
    _on_a_line("honeywell", {"aim": True, "prefix": "@"}, aim=True, prefix="@"),
    _on_a_line("gm65", {"terminator": "lf"}, terminator="lf"),
    _on_a_line("ssi", {}),
)
WITHOUT_END = _on_a_line("none", {"terminator": "none"}, terminator="idle")
"""Reads as the first of LINES does, and a pause ends each code."""

RIGS = (
    *LINES,
    Rig(
        "keyboard_scanner",
        "keyboard_scanner",
        "{folder}/node",
        ask=silence,
        wait=wait,
        options={"grab": False},  # a pseudo-terminal is no input device
        simulated_options={"node": "{folder}/node"},
        is_serial=False,
        is_checked=False,
    ),
    Rig(
        "camera_scanner",
        "mjpeg",
        "http://127.0.0.1:{port}/stream",
        ask=silence,
        wait=wait,
        options={"camera": "mjpeg"},
        simulated_options={"width": 320, "height": 180},
        is_serial=False,
        is_checked=False,
    ),
)
