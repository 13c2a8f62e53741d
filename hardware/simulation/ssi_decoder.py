"""A simulated decoder of Symbol or Zebra: a second reading of SSI, without the driver's."""

from collections.abc import Iterator, Mapping, Set
from time import monotonic
from typing import Any

from hardware.simulation.scanner_families import Family

SSI_TYPES = {
    "Code39": 0x01,
    "Code128": 0x03,
    "EAN13": 0x0B,
    "PDF417": 0x11,
    "DataMatrix": 0x1B,
    "QRCode": 0x1C,
    "MicroQRCode": 0x2C,
    "Aztec": 0x2D,
}


class SsiDecoder(Family):
    """Framed and acknowledged; it sends a packet again until it is acknowledged, four times."""

    READS_S = 10.0
    is_triggered = True
    AGAIN_S = 0.6
    MOST_TRIES = 4

    def __init__(self, options: Mapping[str, Any], faults: Set[str]) -> None:
        super().__init__(options, faults)
        self._packet = int(options.get("packet", 32))
        self._parameters = {0x8A: 0x00, 0x9F: 0x01, 0xEE: 0x00}
        self._packets: list[tuple[int, bytes]] = []
        self._tries = 0
        self._again_at = 0.0

    def spoken(self, text: str, symbology: str) -> Iterator[bytes]:
        """Queue the packets; due() sends the first, an acknowledgement the next."""
        kind = bytes([SSI_TYPES.get(symbology, 0x25)])
        data = text.encode()
        size = self._packet if self._parameters[0xEE] else 250
        parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
        for number, part in enumerate(parts):
            status = 0x02 if number < len(parts) - 1 else 0x00
            self._packets.append((status, kind + part))
        if len(self._packets) == len(parts):
            yield self._first_packet()

    def due(self, now: float) -> Iterator[bytes]:
        """Say a packet again that nobody acknowledged."""
        if not self._packets or now < self._again_at:
            return
        yield from self._once_more()

    def _first_packet(self) -> bytes:
        self._tries, self._again_at = 1, monotonic() + self.AGAIN_S
        status, data = self._packets[0]
        return self._framed(0xF3, data, status)

    def _once_more(self) -> Iterator[bytes]:
        if self._tries >= self.MOST_TRIES:
            self._packets.clear()
            return
        self._tries, self._again_at = self._tries + 1, monotonic() + self.AGAIN_S
        status, data = self._packets[0]
        yield self._framed(0xF3, data, status | 0x01)

    def _obeyed(self) -> Iterator[bytes]:
        while self._unread:
            size = self._unread[0] + 2
            if size < 6:
                self._unread = self._unread[1:]
                continue
            if len(self._unread) < size:
                return
            frame = self._unread[:size]
            if sum(frame[:-2]) + (frame[-2] << 8 | frame[-1]) & 0xFFFF or frame[2] != 4:
                self._unread = self._unread[1:]
                continue
            self._unread = self._unread[size:]
            yield from self._answer(frame[1], frame[4:-2])

    def _answer(self, opcode: int, data: bytes) -> Iterator[bytes]:
        match opcode:
            case 0xD0:
                if self._packets:
                    self._packets.pop(0)
                    if self._packets:
                        yield self._first_packet()
            case 0xD1:
                if self._packets:
                    yield from self._once_more()
            case 0xD2:
                self._packets.clear()
                yield self._framed(0xD0)
            case 0xE4 if self._parameters[0x8A] != 0x08:
                yield self._framed(0xD1, b"\x06")
            case 0xE4:
                self._light()
                yield self._framed(0xD0)
            case 0xE5:
                self._lit_until = 0.0
                yield self._framed(0xD0)
            case 0xA3:
                yield self._framed(0xA4, b"NBRXXX00 SIM 1")
            case 0xC6 if len(data) % 2 == 1 and len(data) > 1:
                self._parameters.update(zip(data[1::2], data[2::2], strict=True))
                yield self._framed(0xD0)
            case _:
                yield self._framed(0xD1, b"\x02")

    def _framed(self, opcode: int, data: bytes = b"", status: int = 0) -> bytes:
        said = bytes([4 + len(data), opcode, 0, status]) + data
        self._answers += opcode == 0xF3  # packets count as answers do, for a wrong check
        check = (0x10000 - sum(said)) & 0xFFFF
        if self._spoils():
            check ^= 0x0100
        return said + check.to_bytes(2, "big")
