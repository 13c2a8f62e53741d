"""Ports on which a simulated device may listen, give up and listen again."""

import socket
from contextlib import ExitStack
from random import SystemRandom

HOST = "127.0.0.1"
STEADY = range(15_000, 30_000)
"""Below those that systems give to outgoing connections (Linux from 32768, RFC 6335 from 49152):
a device that is unplugged finds its port free when it is plugged in again."""
TRIES = 200


def listen_steadily() -> socket.socket:
    """Listen on a port that nobody uses and that the system gives to nobody else.

    Raises:
        OSError: No port is free.
    """
    dice = SystemRandom()
    for _ in range(TRIES):
        try:
            return socket.create_server((HOST, dice.choice(STEADY)))
        except OSError:
            continue
    raise OSError("no free port was found")


def steady_ports(count: int) -> list[int]:
    """Find so many ports as listen_steadily does, all different."""
    with ExitStack() as open_together:
        listeners = [open_together.enter_context(listen_steadily()) for _ in range(count)]
        return [int(listener.getsockname()[1]) for listener in listeners]
