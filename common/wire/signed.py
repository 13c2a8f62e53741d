"""What the backend signs for stations: receipts, times, work orders. Proven without a network."""

import json
from typing import Annotated, Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Base64Bytes, BaseModel, Field, ValidationError

from common.wire.base import WITHOUT_NUL, Bytes, Shape

Shaped = TypeVar("Shaped", bound=BaseModel)


class SignatureError(Exception):
    """The backend did not sign this, or signed it for another purpose."""


class Signed(Shape):
    """A text exactly as it was signed: Ed25519 (RFC 8032) over its purpose and its bytes."""

    body: Annotated[str, Field(max_length=100_000, pattern=WITHOUT_NUL)]
    signature: Annotated[Base64Bytes, Bytes(64, 64)]


def canonical(value: Any) -> bytes:
    """Write JSON in the one way that is signed: sorted keys, no spaces, UTF-8, no fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(key: Ed25519PrivateKey, purpose: str, shape: BaseModel) -> Signed:
    """Sign a shape for one purpose."""
    body = canonical(shape.model_dump(mode="json"))
    # The shape's validator takes base64, as it comes over the wire.
    return Signed.model_construct(body=body.decode(), signature=key.sign(_bound(purpose, body)))


def open_signed(signed: Signed, public_key: bytes, purpose: str, shape: type[Shaped]) -> Shaped:
    """Check a signature with the backend's raw public key, 32 bytes, and read what was signed.

    Raises:
        SignatureError: Another key, another purpose, changed bytes, or another shape.
    """
    body = signed.body.encode()
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            signed.signature, _bound(purpose, body)
        )
        return shape.model_validate_json(body)
    except (InvalidSignature, ValueError) as error:
        reason = "another shape" if isinstance(error, ValidationError) else "not signed by this key"
        raise SignatureError(f"{purpose}: {reason}") from None


def _bound(purpose: str, body: bytes) -> bytes:
    return b"smartics " + purpose.encode() + b"\0" + body
