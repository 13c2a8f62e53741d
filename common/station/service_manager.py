"""Tells the service manager that the program is ready and alive (sd_notify(3), by its protocol)."""

import os
import socket
from collections.abc import Mapping

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
MICROSECONDS = 1_000_000


class ServiceManager:
    """The socket that the service manager gave this program; without one nothing is told."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        waited = environment.get("WATCHDOG_USEC", "")
        # WATCHDOG_PID names the compositor that started us, whose unit hears us all the same
        # (NotifyAccess=all), so it is not asked for.
        self.watchdog_s = int(waited) / MICROSECONDS if waited.isdigit() else 0.0
        """Within so many seconds it wants to hear that the program is alive; 0: never."""

    def tell(self, state: str) -> None:
        """Send one state. A manager that is not there, or whose queue is full, is no trouble."""
        # Abstract sockets are written with @ and addressed with a NUL (unix(7)).
        address = "\0" + self._address[1:] if self._address[:1] == "@" else self._address
        if not address or not hasattr(socket, "AF_UNIX"):
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            try:
                line.sendto(state.encode(), address)
            except OSError:
                return
