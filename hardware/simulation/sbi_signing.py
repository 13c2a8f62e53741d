"""What a simulated SBI device says of itself and of its captures, signed, or falsely so."""

import hashlib
import os
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hardware.simulation.sbi_http import SbiError, error
from hardware.simulation.sbi_keys import day_of, leaf, signed, unpadded
from hardware.simulation.sbi_request import VERSION, Character, Ordered

STALE = timedelta(minutes=10)
DEVICE_CODE = "invented-device-code"
SERVICE_VERSION = "0.9.5.1"
AUTHENTICATION = "Auth"


@dataclass(frozen=True, slots=True)
class Signer:
    """A device's voice.

    Attributes:
        faults: Those switched on; some of them make it lie.
        domain: The certificate that CAPTURE seals for; None where the device has none.
    """

    character: Character
    serial_number: str
    now: Callable[[], datetime]
    faults: Set[str]
    domain: x509.Certificate | None = None

    def digital_id(self) -> dict[str, str]:
        """Who the device is."""
        other = "-other" if "other_digital_id" in self.faults else ""
        return {
            "serialNo": self.serial_number + other,
            "make": "Invented",
            "model": f"Made-up {self.character.type}",
            "type": self.character.type,
            "deviceSubType": self.character.sub_type,
            "deviceProvider": "Invented Devices",
            "deviceProviderId": "INVENTED",
            "dateTime": _stamp(self.now()),
        }

    def digital_id_token(self) -> str:
        """The same, signed by the chip that the foundry made (L1)."""
        return self._signed(self.digital_id(), "chip", "ftm")

    def info_token(self, fields: Mapping[str, Any]) -> str:
        """What MOSIPDINFO says, signed by the device."""
        return self._signed(fields, "device", "device")

    def biometric(
        self, ordered: Ordered, name: str, record: bytes, previous: str, score: float
    ) -> dict[str, Any]:
        """Return one element of biometrics; previous is the hash before it."""
        stamp = _stamp(self.now() - (STALE if "stale_timestamp" in self.faults else timedelta()))
        transaction = ordered.transaction
        if "wrong_transaction" in self.faults:
            transaction = transaction[::-1] + "-0"
        data = {
            "digitalId": self.digital_id_token(),
            "deviceCode": DEVICE_CODE,
            "deviceServiceVersion": SERVICE_VERSION,
            "bioType": self.character.type,
            "bioSubType": name,
            "purpose": ordered.purpose,
            "env": self.character.environment,
            "bioValue": unpadded(record),
            "transactionId": transaction[:50],
            "timestamp": stamp,
            "requestedScore": f"{ordered.score:.1f}",
            "qualityScore": f"{score:.1f}",
        }
        element: dict[str, Any] = {"specVersion": VERSION, "error": error("0")}
        if ordered.purpose == AUTHENTICATION:
            data["domainUri"] = ordered.domain
            element |= self._sealed(data, record, stamp, ordered.transaction)
        is_forged = "wrong_signature" in self.faults
        element["data"] = self._signed(data, "forger" if is_forged else "device", "device")
        element["hash"] = self._linked(previous, record)
        return element

    def _sealed(
        self, data: dict[str, Any], record: bytes, stamp: str, transaction: str
    ) -> dict[str, str]:
        """Put the sealed record into data; return what goes beside it."""
        if self.domain is None:
            raise SbiError("108")
        session = os.urandom(32)
        width = max(len(stamp), len(transaction))
        mixed = (
            int.from_bytes(stamp.encode(), "big") ^ int.from_bytes(transaction.encode(), "big")
        ).to_bytes(width, "big")
        data["bioValue"] = unpadded(AESGCM(session).encrypt(mixed[-12:], record, mixed[-16:]))
        public = self.domain.public_key()
        if not isinstance(public, rsa.RSAPublicKey):
            raise SbiError("107")
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        return {
            "sessionKey": unpadded(public.encrypt(session, oaep)),
            "thumbprint": self.domain.fingerprint(hashes.SHA256()).hex().upper(),
        }

    def _linked(self, previous: str, record: bytes) -> str:
        try:
            before = bytes.fromhex(previous) if previous else hashlib.sha256().digest()
        except ValueError:
            raise SbiError("999") from None
        if "wrong_hash" in self.faults:
            before = before[::-1]
        chained = hashlib.sha256(before + hashlib.sha256(record).digest())
        return chained.hexdigest().upper()

    def _signed(self, payload: Mapping[str, Any], signer: str, domain: str) -> str:
        owner = "chip" if domain == "ftm" else "device"
        issuer = "stranger" if "untrusted_device" in self.faults else domain
        is_expired = "expired_certificate" in self.faults
        certificate = leaf(owner, issuer, day_of(self.now()), is_expired=is_expired)
        return signed(payload, certificate, signer)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
