"""A field station's key and packets for the tests."""

import base64
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from backend.commands.pairing import certify
from common.wire.facts import new_id
from common.wire.packet_keys import PacketPrivateKey, PacketPublicKey
from common.wire.packet_sealing import Sealing, signed_bytes, signer_id
from common.wire.packets import FIRST, Clocks, PacketAbout, PacketContent, header_hash
from tests.support.backend_office import PARTICULARS, BackendOffice

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BOOT = UUID(int=7)


class Signer:
    """A station's P-256 key."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key()
        self.id = signer_id(self.public)

    def sign(self, what: bytes) -> bytes:
        return self.key.sign(what, ec.ECDSA(SHA256()))


class Sealed:
    """A packet as it leaves a station."""

    def __init__(
        self, plain: bytes, recipient: PacketPublicKey, signer: Signer, **about: object
    ) -> None:
        words: dict[str, object] = {
            "packet_id": new_id(),
            "case_id": new_id(),
            "station": "field-1",
            "signer": signer.id,
            "office": "HQ",
            "officers": ("reg-officer",),
            "seq": 1,
            "prev": FIRST,
            "clocks": Clocks(wall=AT, monotonic_ms=5, boot_id=BOOT),
            "kid": recipient.kid,
            "size": len(plain),
        }
        self.about = PacketAbout.model_validate({**words, **about})
        sealing = Sealing(self.about, recipient)
        self.chunks = list(sealing.chunks(plain))
        self.leaves = sealing.leaves
        self.header = sealing.header()
        self.signature = signer.sign(signed_bytes(self.header))


KEY = PacketPrivateKey.make()
SIGNER = Signer()


def sealed(size: int = 5000, **about: object) -> Sealed:
    """Seal so many random bytes to KEY as SIGNER."""
    return Sealed(os.urandom(size), KEY.public(), SIGNER, **about)


def register(office: BackendOffice, station: str, signer: Signer) -> None:
    """Give a station one more key."""
    assert office.service is not None
    rules = office.service.settings.trust
    office.store.submit(
        lambda transaction: certify(transaction, station, signer.public, rules)
    ).result(20)


class FieldTeam:
    """A field station that speaks to a running backend, packet by packet."""

    def __init__(self, office: BackendOffice, name: str = "field-1") -> None:
        self.office, self.name, self.signer = office, name, Signer()
        self.seq, self.prev = 0, FIRST
        register(office, name, self.signer)
        self.order = self.sent_out()

    def sent_out(self, **request: object) -> dict[str, Any]:
        """Let a supervisor send the team out; return the order as it was signed."""
        day = self.office.clock().date().isoformat()
        body = {
            "station": self.name,
            "place": "Home of the Elderly",
            "first_day": day,
            "last_day": day,
            "expected": 60,
            "most_packets": 60,
            "hours": 72,
            **request,
        }
        signed = self.office.good("booth-1", "/v1/work-orders", body, officer="supervisor")
        order: dict[str, Any] = json.loads(signed["body"])
        return order

    def token(self, officer: str = "reg-officer") -> str:
        """Sign an officer in, as at the base in the morning."""
        return self.office.session(self.name, officer)

    def numbers(self, count: int = 5) -> list[str]:
        """Lease receipt numbers."""
        body = {"kind": "receipt", "count": count, "order_id": self.order["order_id"]}
        lease = self.office.good(self.name, "/v1/leases", body)
        return [number["number"] for number in lease["numbers"]]

    def packet(self, plain: bytes, **about: object) -> Sealed:
        """Seal the next packet."""
        words = {
            "station": self.name,
            "order_id": self.order["order_id"],
            "seq": self.seq + 1,
            "prev": self.prev,
            "clocks": Clocks(wall=self.office.clock(), monotonic_ms=5, boot_id=BOOT),
            **about,
        }
        made = Sealed(plain, KEY.public(), self.signer, **words)
        self.seq, self.prev = made.about.seq, header_hash(made.header)
        return made

    def announce(self, packet: Sealed, **changed: object) -> httpx.Response:
        """Announce a packet."""
        body = {
            "header": packet.header.decode(),
            "signature": base64.b64encode(packet.signature).decode(),
            "leaves": [found.hex() for found in packet.leaves],
            **changed,
        }
        return self.office.send(self.name, "/v1/packets", body)

    def put(self, packet: Sealed, index: int, chunk: bytes | None = None) -> httpx.Response:
        """Send one chunk."""
        return self.office.http.put(
            f"/v1/packets/{packet.about.packet_id}/chunks/{index}",
            content=packet.chunks[index] if chunk is None else chunk,
            headers={**self.office.headers(self.name), "Content-Type": "application/octet-stream"},
        )

    def complete(self, packet: Sealed) -> httpx.Response:
        """Say that all was sent."""
        return self.office.send(self.name, f"/v1/packets/{packet.about.packet_id}/complete")

    def state(self, packet: Sealed) -> dict[str, Any]:
        """Ask where a packet stands."""
        answer = self.office.ask(self.name, f"/v1/packets/{packet.about.packet_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def deliver(self, packet: Sealed) -> dict[str, Any]:
        """Bring a packet to the backend whole."""
        answer = self.announce(packet)
        assert answer.status_code == 200, answer.text
        for index in answer.json()["missing"]:
            assert self.put(packet, index).status_code == 204
        done = self.complete(packet)
        assert done.status_code == 200, done.text
        view: dict[str, Any] = done.json()
        return view

    def application(
        self, case_id: UUID, number: str | None = "A123456(3)", officer: str = "reg-officer"
    ) -> bytes:
        """Make a complete application of one person; number None: the case is there already."""
        token = self.token(officer)
        told = [
            (None, {"kind": "form_filled", "particulars": PARTICULARS}),
            (officer, {"kind": "holder_identified", "by": "officer", "note": "old card"}),
            (
                officer,
                {
                    "kind": "fingers_enrolled",
                    "fingers": [
                        {"position": position, "quality": 60, "template": "c29tZSByZWNvcmQ="}
                        for position in (1, 6)
                    ],
                },
            ),
            (officer, {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}),
        ]
        runs = [
            {
                "officer_token": None if by is None else token,
                "facts": [
                    {
                        "id": str(new_id()),
                        "what": what,
                        "case_id": str(case_id),
                        "station": self.name,
                        "officer": by,
                        "at": self.office.clock().isoformat(),
                    }
                ],
            }
            for by, what in told
        ]
        newcomer = None if number is None else {"identity_number": number, "year_of_birth": 1980}
        content = PacketContent.model_validate({"newcomer": newcomer, "runs": runs})
        return content.model_dump_json().encode()
