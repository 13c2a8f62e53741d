"""A simulated motor card unit of the CRT-571 family, as a driver meets it on the line.

Places and the options that all card machines have: hardware.simulation.card_channel. Its own:
address = 0 to 15; failure_head = "N" | "E"; sensors = 10 | 12; lacks = ["5139", ...] commands
that this model answers with 00.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.card_unit_chip import Refused
from hardware.simulation.card_unit_line import ACK, EOT, NAK, STX, frame_of, receive, take_frame
from hardware.simulation.card_unit_mechanism import CardUnitMechanism, PowerFailed
from hardware.simulation.line import Connection
from hardware.simulation.world import Thing, World


class _Stopped(Exception):  # noqa: N818 (the host sent EOT)
    pass


class SimulatedCardUnit(CardUnitMechanism):
    """One unit on a line. It knows no driver: these are its own readings of the manual."""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._failure = str(options.get("failure_head", "N")).encode()

    def serve(self, connection: Connection) -> None:
        """Take frames, acknowledge them, do what they say, answer."""
        unread = bytearray()
        answer = b""
        while True:
            if not unread and not receive(connection, unread, None):
                return
            if unread[:1] == NAK and answer:
                self._say(connection, answer)
            if unread[0] != STX:  # ACK of our answer, NAK, late EOT, noise
                del unread[0]
                continue
            frame = take_frame(connection, unread)
            if "mute" in self.faults:
                continue
            if frame is None:
                self._say(connection, NAK)
                continue
            if frame[1] != self.address and not _is_soft_address(frame):
                continue  # it is for another unit on this line
            self._say(connection, ACK)
            try:
                answer = self._execute(connection, unread, frame)
            except _Stopped:
                answer = EOT
            except PowerFailed:
                answer = b""
            if answer:
                self._say(connection, answer)

    def _say(self, connection: Connection, data: bytes) -> None:
        if "mute" not in self.faults:
            connection.sendall(data)

    def _execute(self, connection: Connection, unread: bytearray, frame: bytes) -> bytes:
        address, request, data = frame[1], frame[5:7], frame[7:-2]
        is_motion = request[0] == 0x32
        try:
            began_with = self.channel()
            self._let_time_pass(connection, unread, request)
            with self._world.lock:
                if is_motion:
                    _check_hand(began_with, self.channel())
                result = self.do(request, data)
                status = self.status_characters()
            self.think()
        except Refused as refused:
            return frame_of(address, self._failure + request + refused.code.encode())
        if is_motion and self.happens_once("lost_answer"):
            return b""
        return frame_of(address, b"\x50" + request + status + result)

    def _let_time_pass(self, connection: Connection, unread: bytearray, request: bytes) -> None:
        """Be busy as long as the mechanism would be, and hear an EOT meanwhile."""
        busy_s = 0.0
        if request[0] in (0x30, 0x32):
            busy_s = self.busy_s()
        elif request[0] in (0x51, 0x60):
            busy_s = self.chip_s
        ready = monotonic() + busy_s
        while (left_s := ready - monotonic()) > 0:
            if receive(connection, unread, left_s) and unread[:1] == EOT:
                del unread[0]
                raise _Stopped


def _is_soft_address(frame: bytes) -> bool:
    return frame[1] == 0x0F and frame[5:7] == b"\xff\x30"


def _check_hand(before: Thing | None, now: Thing | None) -> None:
    """A card that a hand took during the motion is none that the feeder would replace."""
    if before is not None and now is None:
        raise Refused("16")
