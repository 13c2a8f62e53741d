"""Carries sealed packets to the backend, chunk by chunk, until a signed receipt ends each one."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock

from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.sync.clock_rules import ask_time
from common.sync.packet_store import LocalState, Packet, PacketStore
from common.sync.retry import Backoff, Breaker
from common.wire.packets import SETTLED, PacketAnnounced, PacketReceipt, PacketState, PacketView
from common.wire.signed import SignatureError, open_signed

logger = logging.getLogger(__name__)

LOOK_AGAIN_S = 30.0

# The backend's definite no: sending the same bytes again brings the same answer.
_POISON = frozenset({404, 409, 413, 422})


class RolledBackError(Exception):
    """The backend knows packets of this station that the store here does not.

    The store was copied from an earlier day: numbers would be used twice. Nothing more is sealed
    here until a technician has paired the station anew.
    """


@dataclass
class PacketUploader:
    """One uploader for a laptop. `round` does what can be done now; `run` goes on until stopped.

    Attributes:
        signing_key: The backend's, learnt at pairing; a receipt of anybody else purges nothing.
    """

    store: PacketStore
    client: BackendClient
    signing_key: bytes
    station: str
    backoff: Backoff = field(default_factory=Backoff)
    breaker: Breaker = field(default_factory=Breaker)
    _one: Lock = field(default_factory=Lock)

    def round(self) -> None:
        """Meet the backend: its time, the packets to send, and what became of those sent before.

        Raises:
            BackendUnreachableError: It is not to be reached now.
            RolledBackError: The store here is older than what the backend has.
        """
        with self._one:
            self._meet()
            for packet in self.store.to_send():
                self._try(self._upload, packet)
            for packet in self.store.to_follow():
                self._try(self._follow, packet)

    def run(self, stopped: Event, waits: Callable[[float], bool] | None = None) -> None:
        """Send until stopped; waits is the stop's own wait unless a test has another."""
        wait = stopped.wait if waits is None else waits
        while not stopped.is_set():
            if not self.breaker.allows():
                wait(self.breaker.rests_s())
                continue
            try:
                self.round()
            except BackendUnreachableError as error:
                self.breaker.failed()
                pause_s = self.backoff.next_s(error.retry_after_s)
                logger.warning("packets wait: %s", error)
            except RolledBackError:
                logger.exception("a technician is needed")
                return
            else:
                self.breaker.succeeded()
                self.backoff.reset()
                pause_s = LOOK_AGAIN_S
            wait(pause_s)

    def _meet(self) -> datetime:
        try:
            at = ask_time(self.client, self.signing_key, self.station)
        except SignatureError as error:
            # Whoever answers here is not the backend that this station was paired with.
            raise BackendUnreachableError(str(error)) from error
        except RefusedError as refusal:
            raise BackendUnreachableError(refusal.problem) from refusal
        self.store.note_server_time(at)
        held, (seq, hashed) = self.client.last_packet(), self.store.last()
        if held.last_seq > seq or (held.last_seq == seq and held.last_hash != hashed):
            raise RolledBackError(f"the backend has packet {held.last_seq}, the store {seq}")
        return at

    def _try(self, do: Callable[[Packet], None], packet: Packet) -> None:
        try:
            do(packet)
        except RefusedError as refusal:
            if refusal.status not in _POISON:
                # About the station, or too soon: the packet itself is not to blame.
                raise BackendUnreachableError(refusal.problem, refusal.retry_after_s) from refusal
            # It stays whole, and the next ones go on: an officer looks at it.
            logger.error("packet %d is parked: %s", packet.seq, refusal)  # noqa: TRY400
            self.store.move(packet, LocalState.PARKED, f"{refusal.problem} {refusal.detail}")

    def _upload(self, packet: Packet) -> None:
        announced = PacketAnnounced.model_construct(
            header=packet.header.decode(), signature=packet.signature, leaves=packet.leaves
        )
        view = self.client.announce_packet(announced)
        self.store.move(packet, LocalState.UPLOADING)
        for position in view.missing:
            self.client.send_chunk(packet.packet_id, position, self.store.chunk(packet, position))
        if view.state is PacketState.ANNOUNCED:
            view = self._complete(packet)
        self._believe(packet, view)

    def _complete(self, packet: Packet) -> PacketView:
        try:
            return self.client.complete_packet(packet.packet_id)
        except RefusedError as refusal:
            if refusal.problem == "not_whole":
                # A chunk got lost at the backend: the next round sends what is missing then.
                raise BackendUnreachableError(refusal.problem) from refusal
            raise

    def _follow(self, packet: Packet) -> None:
        self._believe(packet, self.client.packet(packet.packet_id))

    def _believe(self, packet: Packet, view: PacketView) -> None:
        """Move a packet only as far as the backend's signature goes."""
        if view.signed is None:
            raise BackendUnreachableError("no receipt came")
        try:
            receipt = open_signed(view.signed, self.signing_key, "packet receipt", PacketReceipt)
        except SignatureError as error:
            raise BackendUnreachableError(str(error)) from error
        mine = (packet.packet_id, packet.seq, packet.header_hash)
        if (receipt.packet_id, receipt.seq, receipt.header_hash) != mine:
            raise BackendUnreachableError("the receipt of another packet")
        state = LocalState(receipt.state)
        if receipt.state in SETTLED:
            self.store.purge(packet, state, receipt.reason, view.signed.model_dump_json())
        elif packet.state is not LocalState.RECEIVED:
            self.store.move(packet, state)
