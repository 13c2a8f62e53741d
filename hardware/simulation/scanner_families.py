"""How families of scanners speak: a second reading of their manuals, without the drivers'."""

from collections.abc import Iterator, Mapping, Set
from time import monotonic
from typing import Any

AIM = {
    "QRCode": "]Q1",
    "DataMatrix": "]d1",
    "Aztec": "]z0",
    "PDF417": "]L0",
    "Code128": "]C0",
    "Code39": "]A0",
    "EAN13": "]E0",
}
ENDS = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}

WITHIN_COMMAND_S = 0.2


class Family:
    """A scanner that reads by itself and takes no commands; the others know more."""

    READS_S = 0.0
    is_triggered = False

    def __init__(self, options: Mapping[str, Any], faults: Set[str]) -> None:
        self._end = ENDS[options.get("terminator", "cr")]
        self._prefix = str(options.get("prefix", ""))
        self._has_aim = bool(options.get("aim", False))
        self._reads_s = float(options.get("reads_s", self.READS_S))
        self._faults = faults
        self._lit_until = 0.0
        self._unread = b""
        self._heard_at = 0.0
        self._answers = 0

    def is_lit(self) -> bool:
        """Tell whether it would read what is held before it now."""
        return not self.is_triggered or monotonic() < self._lit_until

    def has_read(self) -> None:
        """Put the lamp out: one trigger, one code."""
        self._lit_until = 0.0

    def heard(self, data: bytes) -> Iterator[bytes]:
        """Take what the host says, and answer."""
        now = monotonic()
        if now - self._heard_at > WITHIN_COMMAND_S:
            self._unread = b""  # a command that was cut off does not eat the next one
        self._heard_at = now
        self._unread = (self._unread + data)[-4096:]
        for answer in self._obeyed():
            self._answers += 1
            if "no_answer" not in self._faults:
                yield answer

    def spoken(self, text: str, symbology: str) -> Iterator[bytes]:
        """Give what goes over the line for a code."""
        aim = AIM.get(symbology, "]X0") if self._has_aim else ""
        yield (self._prefix + aim + text).encode() + self._end

    def due(self, now: float) -> Iterator[bytes]:
        """Give what must be said again at this moment."""
        del now
        return iter(())

    def _obeyed(self) -> Iterator[bytes]:
        self._unread = b""
        return iter(())

    def _light(self) -> None:
        self._lit_until = monotonic() + self._reads_s

    def _spoils(self) -> bool:
        """Tell whether this answer shall have a wrong check."""
        return "wrong_crc" in self._faults and self._answers % 2 == 0


class PlainScanner(Family):
    """Reads whatever comes."""


class HoneywellImager(Family):
    """Menu commands and triggers that begin with SYN. From the factory it reads by itself."""

    READS_S = 30.0

    def __init__(self, options: Mapping[str, Any], faults: Set[str]) -> None:
        super().__init__(options, faults)
        self._settings = {"TRGMOD": "3", "CBRENA": "1", "ALLENA": "0"}

    @property
    def is_triggered(self) -> bool:  # type: ignore[override]
        """Mode 0 waits for the trigger; 3 is presentation."""
        return self._settings["TRGMOD"] == "0"

    def _obeyed(self) -> Iterator[bytes]:
        while (at := self._unread.find(b"\x16")) >= 0:
            self._unread = self._unread[at:]
            if len(self._unread) < 3:
                return
            kind = self._unread[1:3]
            if kind == b"\x54\x0d":
                self._unread = self._unread[3:]
                self._light()
            elif kind == b"\x55\x0d":
                self._unread = self._unread[3:]
                self._lit_until = 0.0
            elif kind == b"\x4d\x0d":
                ends = [at for at in map(self._unread.find, (b"!", b".")) if at > 0]
                if not ends:
                    return
                menu, self._unread = self._unread[3 : min(ends) + 1], self._unread[min(ends) + 1 :]
                yield self._menu(menu)
            else:
                self._unread = self._unread[1:]
        self._unread = b""

    def _menu(self, menu: bytes) -> bytes:
        said, end = menu[:-1].upper(), menu[-1:]
        tag, data = said[:6].decode("latin-1"), said[6:]
        if tag not in self._settings:
            return said + b"\x05" + end
        if data == b"?":
            return (tag + self._settings[tag]).encode() + b"\x06" + end
        if not data.isdigit():
            return said + b"\x15" + end
        self._settings[tag] = data.decode()
        return said + b"\x06" + end


class GrowModule(Family):
    """Zone commands behind 7E 00; answers behind 02 00. From the factory a button triggers it."""

    READS_S = 5.0
    is_triggered = True

    def __init__(self, options: Mapping[str, Any], faults: Set[str]) -> None:
        super().__init__(options, faults)
        self._zones = bytearray(256)
        self._zones[0x00] = 0xD4
        self._zones[0x2A:0x2C] = b"\x39\x01"

    def _obeyed(self) -> Iterator[bytes]:
        while (at := self._unread.find(b"\x7e\x00")) >= 0:
            self._unread = self._unread[at:]
            if len(self._unread) < 4:
                return
            size = 6 + self._unread[3] + 2
            if len(self._unread) < size:
                return
            frame, self._unread = self._unread[2:size], self._unread[size:]
            yield self._answer(frame[:-2], frame[-2:])
        self._unread = self._unread[-1:]

    def _answer(self, said: bytes, crc: bytes) -> bytes:
        if crc not in (b"\xab\xcd", _xmodem(said)):
            return self._framed(1, b"\x04")
        kind, address, data = said[0], said[2] << 8 | said[3], said[4:]
        if kind == 7 and len(data) == 1 and address + data[0] <= len(self._zones):
            return self._framed(0, bytes(self._zones[address : address + data[0]]))
        if kind == 8 and data and address + len(data) <= len(self._zones):
            self._zones[address : address + len(data)] = data
            if self._zones[0x02] & 1 and self._zones[0x00] & 3 == 1:
                self._light()
            elif address == 2:
                self._lit_until = 0.0
            self._zones[0x02] &= 0xFE
            return self._framed(0, b"\x00")
        if kind == 9:
            return self._framed(0, b"\x00")
        return self._framed(3, b"\x00")

    def _framed(self, result: int, data: bytes) -> bytes:
        said = bytes([result, len(data)]) + data
        crc = _xmodem(said)
        if self._spoils():
            crc = bytes([crc[0] ^ 0x55, crc[1]])
        return b"\x02\x00" + said + crc


def _xmodem(data: bytes) -> bytes:
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc.to_bytes(2, "big")
