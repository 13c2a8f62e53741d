"""What a field team does at the base: fetch orders, roster and numbers; give back what is left."""

import hashlib
from dataclasses import dataclass

from common.sync.client import BackendClient
from common.sync.packet_store import PacketStore
from common.wire.field import (
    BackendKeys,
    BundleAbout,
    BundleRequest,
    Roster,
    WorkOrder,
    bundle_info,
    bundle_key_bytes,
)
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packet_sealing import Sign
from common.wire.series import LeaseRequest, LeaseReturned, SeriesKind
from common.wire.signed import SignatureError, open_signed


@dataclass(frozen=True)
class Mission:
    """One field station at its base, with a connection.

    Attributes:
        keys: The backend's, learnt at pairing; nothing is believed that they do not prove.
        signer: The name of the station's own key, which `sign` signs with.
    """

    store: PacketStore
    client: BackendClient
    keys: BackendKeys
    station: str
    signer: str
    sign: Sign

    def orders(self) -> tuple[WorkOrder, ...]:
        """Fetch the orders that run for this station.

        Raises:
            SignatureError: One is not the backend's, or another station's.
        """
        found = tuple(
            open_signed(signed, self.keys.signing, "work order", WorkOrder)
            for signed in self.client.work_orders().orders
        )
        if any(order.station != self.station for order in found):
            raise SignatureError("work order: another station's")
        return found

    def roster(self, order: WorkOrder) -> Roster:
        """Fetch the expected cases, sealed to a key that lives for this one fetch.

        Raises:
            SignatureError: The bundle is not the backend's answer to this question.
            PacketError: It does not open.
        """
        key = PacketPrivateKey.make()
        public = key.public()
        told = bundle_key_bytes(order.order_id, public)
        request = BundleRequest.model_construct(
            recipient=public, signer=self.signer, signature=self.sign(told)
        )
        bundle = self.client.bundle(order.order_id, request)
        about = open_signed(bundle.signed, self.keys.signing, "case bundle", BundleAbout)
        hashed = hashlib.sha256(bundle.sealed).hexdigest()
        asked = (order.order_id, self.station, public.kid, hashed)
        if (about.order_id, about.station, about.kid, about.sealed_hash) != asked:
            raise SignatureError("case bundle: the answer to another question")
        plain = key.open(bundle.sealed, bundle_info(order.order_id, self.station))
        return Roster.model_validate_json(plain)

    def fetch_receipts(self, order: WorkOrder, count: int) -> None:
        """Lease receipt numbers for an order, after taking up what an answer lost."""
        for lease in self.client.leases().leases:
            self.store.keep_receipts(lease)
        have = sum(len(numbers) for numbers in self.store.unused_receipts().values())
        if have < count:
            request = LeaseRequest(
                kind=SeriesKind.RECEIPT, count=count - have, order_id=order.order_id
            )
            self.store.keep_receipts(self.client.lease(request))

    def give_receipts_back(self) -> int:
        """Give back the numbers that nobody got; return how many."""
        returned = 0
        for lease_id, unused in self.store.unused_receipts().items():
            self.client.return_lease(lease_id, LeaseReturned(unspent=unused))
            self.store.forget_unused(lease_id)
            returned += len(unused)
        return returned
