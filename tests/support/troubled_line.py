"""A line between stations and the backend that cuts, delays and repeats, by a seed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from random import Random
from threading import Event, Thread

# How a request fares, and how often of a hundred.
FATES = {
    "passed": 70,
    "cut before": 5,  # nothing reaches the backend
    "cut inside": 5,  # a part of the request does
    "cut after": 8,  # the backend answers, and nobody hears it
    "late": 7,
    "repeated": 5,  # the same bytes arrive twice
}
LATEST_S = 0.5
ANSWER_WITHIN_S = 8.0


class TroubledLine:
    """Passes HTTP requests on to a port of this machine, badly."""

    def __init__(self, port: int, seed: int) -> None:
        self.fates: Counter[str] = Counter()
        self.port = 0
        self._to, self._dice = port, Random(seed)
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        server.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                while request := await _message(reader):
                    if not await self._one(request, writer):
                        break
        finally:
            # Also where the line ends while the other side keeps its connection open.
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _one(self, request: bytes, writer: asyncio.StreamWriter) -> bool:
        (fate,) = self._dice.choices(list(FATES), list(FATES.values()))
        self.fates[fate] += 1
        if fate == "cut before":
            return False
        if fate == "cut inside":
            await self._part(request[: self._dice.randrange(1, len(request))])
            return False
        if fate == "late":
            await asyncio.sleep(self._dice.uniform(0, LATEST_S))
        answer = await self._ask(request)
        if fate == "repeated":
            await self._ask(request)
        if fate == "cut after" or not answer:
            return False
        writer.write(answer)
        await writer.drain()
        return True

    async def _part(self, part: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._to)
        writer.write(part)
        await writer.drain()
        writer.close()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            writer.write(request)
            await writer.drain()
            return await asyncio.wait_for(_message(reader), ANSWER_WITHIN_S)
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP message with its body; nothing where the other side has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return head + await reader.readexactly(length)


@contextlib.contextmanager
def troubled_line(port: int, seed: int) -> Iterator[TroubledLine]:
    """Run a troubled line to a port for the length of a with-block."""
    line = TroubledLine(port, seed)
    line.start()
    try:
        yield line
    finally:
        line.stop()
