"""A simulated EF-01 fingerprint module: a finger lies on its glass, or none does."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from hardware.simulation.line import Connection
from hardware.simulation.papers import picture_in
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

GLASS = (256, 288)
DOTS_PER_INCH = 500
COMMAND, DATA, ANSWER, END = 1, 2, 7, 8
SLOW_ANSWER_S = 0.4
BYTE_S = 10 / 57600
"""How long one byte takes on the line of the real module: start bit, eight bits, stop bit."""


class SimulatedFingerprintScanner(SwitchedDevice):
    """Speaks EF-01 on its port.

    Options: password (number, 0 by default); size ("192x192" as the round R503 has it); lamp (it
    has a ring of light).
    Verbs: place {png: grey picture in base64, dpi: 500}, lift {}.
    Faults: unplugged; mute (hears, never answers); slow (answers late and sends at the pace of
    57600 baud); garbled (noise before every second packet, and its checksum wrong).
    """

    FAULTS = frozenset({UNPLUGGED, "mute", "slow", "garbled"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world  # a finger is no thing that could lie about
        super().__init__(port)
        self._password = int(options.get("password", 0))
        width, _, height = str(options.get("size", f"{GLASS[0]}x{GLASS[1]}")).partition("x")
        self._size = int(width), int(height)
        self._lamp = "off" if options.get("lamp") else ""
        self._packet_code = 2
        self._finger: bytes | None = None
        self._picture = bytes(self._size[0] * self._size[1] // 2)
        self._sent = 0

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Place a finger on the glass, or lift it."""
        match verb:
            case "place":
                picture = picture_in(arguments["png"]).convert("L")
                self._finger = _on_glass(
                    picture, int(arguments.get("dpi", DOTS_PER_INCH)), self._size
                )
            case "lift":
                self._finger = None
            case _:
                raise LookupError(f"nobody can {verb} a fingerprint scanner")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether a finger rests on the glass; never which."""
        return {
            "kind": "r30x",
            "finger": self._finger is not None,
            "faults": sorted(self.faults),
        } | ({"lamp": self._lamp} if self._lamp else {})

    def serve(self, connection: Connection) -> None:
        """Answer one driver's commands in turn."""
        waiting = b""
        while received := connection.recv(4096):
            waiting += received
            while (found := _take_command(waiting)) is not None:
                command, address, waiting = found
                if "mute" not in self.faults and command:
                    self._answer(connection, command, address)
            waiting = waiting[-512:]  # the longest frame; anything older is noise

    def _answer(self, connection: Connection, command: bytes, address: bytes) -> None:
        if "slow" in self.faults:
            self.ended.wait(SLOW_ANSWER_S)
        extra, image = b"", b""
        match command[0]:
            case 0x01:
                finger = self._finger
                code = 0x00 if finger is not None else 0x02
                self._picture = finger if finger is not None else self._picture
            case 0x0A:
                code, image = 0x00, self._picture
            case 0x0E if len(command) == 3:
                code = self._set_parameter(command[1], command[2])
            case 0x0F:
                code, extra = 0x00, _parameters(address, self._packet_code)
            case 0x35 if self._lamp and len(command) == 5:
                code = 0x00
                self._lamp = "off" if command[1] in (4, 6) else "on"
            case 0x13:
                right = command[1:5] == self._password.to_bytes(4, "big")
                code = 0x00 if right else 0x13
            case 0x53:
                code = 0x55
            case _:
                code = 0x01
        self._send(connection, ANSWER, bytes([code]) + extra, address)
        size = 32 << self._packet_code
        parts = [image[start : start + size] for start in range(0, len(image), size)]
        for number, part in enumerate(parts, 1):
            self._send(connection, END if number == len(parts) else DATA, part, address)

    def _set_parameter(self, number: int, value: int) -> int:
        """Set the packet size (6); baud and security (4, 5) are taken and change nothing here."""
        if number == 6 and value <= 3:
            self._packet_code = value
            return 0x00
        return 0x00 if number in (4, 5) else 0x1A

    def _send(self, connection: Connection, pid: int, payload: bytes, address: bytes) -> None:
        length = (len(payload) + 2).to_bytes(2, "big")
        checksum = (pid + sum(length) + sum(payload)) % 65536
        noise = b""
        self._sent += 1
        if "garbled" in self.faults and self._sent % 2:
            checksum ^= 0x0F0F
            noise = b"\x00\xef\xff"
        frame = (
            noise + b"\xef\x01" + address + bytes([pid]) + length + payload
            + checksum.to_bytes(2, "big")
        )  # fmt: skip
        if "slow" in self.faults:
            self.ended.wait(len(frame) * BYTE_S)
        connection.sendall(frame)


def _take_command(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Cut the first whole command from data: (command, address, what follows).

    The command is empty when the frame was not one for this module or was damaged.
    """
    start = data.find(b"\xef\x01")
    if start < 0 or len(data) < start + 9:
        return None
    length = data[start + 7] << 8 | data[start + 8]
    end = start + 9 + length
    if not 3 <= length <= 258:
        return b"", b"", data[start + 2 :]
    if len(data) < end:
        return None
    body, checksum = data[start + 9 : end - 2], data[end - 2] << 8 | data[end - 1]
    is_sound = sum(data[start + 6 : end - 2]) % 65536 == checksum and data[start + 6] == COMMAND
    return body if is_sound else b"", data[start + 2 : start + 6], data[end:]


def _parameters(address: bytes, packet_code: int) -> bytes:
    """Status, system id, capacity, security level, address, packet size code, baud / 9600."""
    return bytes.fromhex("0000 0009 00c8 0003") + address + bytes([0, packet_code, 0, 6])


def _on_glass(picture: Image.Image, dots_per_inch: int, space: tuple[int, int]) -> bytes:
    """Turn a picture into what the module's sensor holds: two 4-bit pixels a byte."""
    if dots_per_inch != DOTS_PER_INCH:
        scale = DOTS_PER_INCH / dots_per_inch
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    glass = Image.new("L", space, 255)
    glass.paste(picture, ((space[0] - picture.width) // 2, (space[1] - picture.height) // 2))
    grey: npt.NDArray[np.uint8] = np.asarray(glass).reshape(-1)
    nibbles = np.minimum((grey.astype(np.uint16) + 8) // 17, 15).astype(np.uint8)
    return ((nibbles[0::2] << 4) | nibbles[1::2]).tobytes()
