"""Opens what a device sealed for a domain's key: the CAPTURE verb, for authentication.

AES-256-GCM with a random session key, which is sealed by RSA-OAEP (SHA-256, MGF1 with SHA-256).
Nonce and additional data are the last 12 and 16 bytes of timestamp XOR transactionId, the shorter
of both led by zero bytes. They repeat within a second, so this is no scheme to imitate.
"""

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from hardware.sbi.refusals import AnswerRefusedError, Refusal

NONCE, ADDITIONAL = 12, 16


@dataclass(frozen=True, slots=True)
class DomainKey:
    """The key that a device seals for: its certificate lies in the device."""

    certificate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal in capitals."""
        return self.certificate.fingerprint(SHA256()).hex().upper()

    def opened(
        self, value: bytes, session_key: bytes, timestamp: str, transaction_id: str
    ) -> bytes:
        """Return what was sealed.

        Raises:
            AnswerRefusedError: It was sealed for another key, or altered (OTHER_KEY).
        """
        nonce, additional = nonce_and_additional(timestamp, transaction_id)
        try:
            padding = OAEP(MGF1(SHA256()), SHA256(), None)
            session = self.key.decrypt(session_key, padding)
            return AESGCM(session).decrypt(nonce, value, additional)
        except (ValueError, InvalidTag) as error:
            raise AnswerRefusedError(Refusal.OTHER_KEY) from error


def nonce_and_additional(timestamp: str, transaction_id: str) -> tuple[bytes, bytes]:
    """Return nonce (12 bytes) and additional data (16 bytes)."""
    one, other = timestamp.encode(), transaction_id.encode()
    length = max(len(one), len(other), ADDITIONAL)
    mixed = bytes(
        a ^ b for a, b in zip(one.rjust(length, b"\0"), other.rjust(length, b"\0"), strict=True)
    )
    return mixed[-NONCE:], mixed[-ADDITIONAL:]
