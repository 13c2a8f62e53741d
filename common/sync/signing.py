"""Signs what a station sends, with a key that may be anywhere."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from common.domain.clock import Clock
from common.wire.signatures import NONCE_BYTES, Message, signed_headers


@dataclass(frozen=True, slots=True)
class Signer:
    """One key in use.

    Attributes:
        key_id: The key's name, as common.wire.signatures.key_id_of gives it.
        sign: Signs with ECDSA P-256 and SHA-256 and returns 64 bytes.
        clock: The station's; a signature is good for about a minute.
    """

    key_id: str
    sign: Callable[[bytes], bytes]
    clock: Clock

    def headers(self, message: Message) -> dict[str, str]:
        """Return the headers that make a request a signed one. Each call makes another."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return signed_headers(message, self.key_id, self.clock(), nonce, self.sign)
