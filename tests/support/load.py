"""Load on one backend of this machine: raw HTTP over kept connections, paced or at full speed."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

Request = Callable[[int], bytes]
"""Makes the bytes of the n-th request."""


@dataclass
class Measured:
    """What came of a run: seconds from when each request was due to its whole answer."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    took_s: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.took_s

    def percentile(self, share: float) -> float:
        """The latency that this share of requests stayed below, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def failed(self) -> int:
        """How many were answered with anything but 2xx or 3xx, or not at all."""
        return sum(many for status, many in self.statuses.items() if not 200 <= status < 400)


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and read its answer: status and body; status 0 where none came."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            low = head.lower()
            at = low.find(b"content-length:")
            length = int(low[at + 15 : low.index(b"\r", at)]) if at >= 0 else 0
            return int(head[9:12]), await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            self._streams = None
            return 0, b""

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()


async def as_fast_as_it_goes(
    port: int, make: Request, seconds: float, connections: int = 32
) -> Measured:
    """Keep so many connections busy for so long."""
    measured, begun = Measured(), perf_counter()
    next_one = iter(range(10**9))

    async def work() -> None:
        line = Connection(port)
        while perf_counter() - begun < seconds:
            request = make(next(next_one))
            due = perf_counter()
            status, _ = await line.ask(request)
            measured.seconds.append(perf_counter() - due)
            measured.statuses[status] += 1
        line.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    measured.took_s = perf_counter() - begun
    return measured


async def at_a_rate(
    port: int, make: Request, rate: float, seconds: float, connections: int = 64
) -> Measured:
    """Send at fixed moments, whatever the answers do: who comes late waits as the public would."""
    measured, due_ones = Measured(), asyncio.Queue[tuple[float, int] | None]()
    begun = perf_counter()

    async def clock() -> None:
        for n in range(int(rate * seconds)):
            due = begun + n / rate
            if (ahead := due - perf_counter()) > 0:
                await asyncio.sleep(ahead)
            due_ones.put_nowait((due, n))
        for _ in range(connections):
            due_ones.put_nowait(None)

    async def work() -> None:
        line = Connection(port)
        while (one := await due_ones.get()) is not None:
            due, n = one
            status, _ = await line.ask(make(n))
            measured.seconds.append(perf_counter() - due)
            measured.statuses[status] += 1
        line.close()

    workers: list[Awaitable[None]] = [work() for _ in range(connections)]
    await asyncio.gather(clock(), *workers)
    measured.took_s = perf_counter() - begun
    return measured


def http(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_body(what: dict[str, Any]) -> bytes:
    """Write a body."""
    return json.dumps(what).encode()
