"""Simulated devices on free ports, and the lines to them, for contract tests."""

import socket
from collections.abc import Callable

from hardware.core.modbus import Framing, ModbusLine
from hardware.core.transport import Exchange, ReplayTransport, SerialTransport, Transport
from hardware.simulation.line_device import LineDevice


def line_to(device: LineDevice) -> Callable[[], Transport]:
    """How a driver opens the line to a simulated device, as often as it likes."""
    return lambda: SerialTransport(f"socket://127.0.0.1:{device.port}", 19200)


def modbus_to(device: LineDevice, framing: Framing = Framing.TCP) -> Callable[[], ModbusLine]:
    """How a driver opens the Modbus line to a simulated device, as often as it likes."""
    connect = line_to(device)
    return lambda: ModbusLine(connect(), framing)


def nobody_listens() -> Callable[[], Transport]:
    """A line to a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return lambda: SerialTransport(f"socket://127.0.0.1:{port}", 19200)


def recording(text: str) -> ReplayTransport:
    """A session from lines '> hex' and '< hex'; blanks inside the hex do no harm."""
    return ReplayTransport(
        [Exchange.parse(line.strip()) for line in text.splitlines() if line.strip()]
    )
