"""Signed requests: one fixed profile of RFC 9421, from which both ends build the same text.

The backend builds what a request of this profile must say and compares; it parses nothing loosely.
A request covers, in this order, its method, path, query and Content-Digest (RFC 9530, SHA-256), and
its Idempotency-Key and X-Officer where it has them. The algorithm is ecdsa-p256-sha256 (RFC 9421,
3.3.4), the signature's label "station", its tag "smartics". A key belongs to one backend alone, so
host and scheme, which a proxy may change, are not covered.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LABEL = "station"
TAG = "smartics"
ALGORITHM = "ecdsa-p256-sha256"
COORDINATE_BYTES = 32
NONCE_BYTES = 16

_PARAMETERS = re.compile(
    rf'{LABEL}=(?P<all>\((?P<components>[a-z0-9@" -]{{0,200}})\)'
    r';created=(?P<created>[0-9]{1,12});keyid="(?P<key_id>[A-Za-z0-9_-]{43})"'
    rf';alg="{ALGORITHM}";nonce="(?P<nonce>[A-Za-z0-9_-]{{22}})";tag="{TAG}")'
)
_SIGNATURE = re.compile(rf"{LABEL}=:(?P<bytes>[A-Za-z0-9+/]{{86}}==):")


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed of a request.

    Attributes:
        path: As it travels, percent-encoded.
        query: As it travels, without the question mark.
        idempotency_key: The header's value; None where there is none.
        officer: The header X-Officer; None where there is none.
    """

    method: str
    path: str
    query: str
    body: bytes
    idempotency_key: str | None = None
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says to have signed, when by his own clock, and the number that he uses once."""

    key_id: str
    created: int
    nonce: str


def key_id_of(public_key: EllipticCurvePublicKey) -> str:
    """Return a key's name: SHA-256 over its SubjectPublicKeyInfo, base64url without padding."""
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(spki).digest()).rstrip(b"=").decode()


def content_digest(body: bytes) -> str:
    """Return the header Content-Digest (RFC 9530) of a body, also of an empty one."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def raw_signature(der: bytes) -> bytes:
    """Turn an ECDSA signature as libraries make it into the 64 bytes that travel."""
    return b"".join(part.to_bytes(COORDINATE_BYTES, "big") for part in decode_dss_signature(der))


def signed_headers(
    message: Message, key_id: str, at: datetime, nonce: bytes, sign: Callable[[bytes], bytes]
) -> dict[str, str]:
    """Return the three headers that make a request a signed one.

    Args:
        message: The request.
        key_id: The name of the key.
        at: The moment by the signer's clock; whole seconds travel.
        nonce: 16 bytes that are used once.
        sign: Signs with ECDSA P-256 and SHA-256, and returns 64 bytes.
    """
    text = base64.urlsafe_b64encode(nonce).rstrip(b"=").decode()
    parameters = (
        f"({_components(message)});created={int(at.timestamp())}"
        f';keyid="{key_id}";alg="{ALGORITHM}";nonce="{text}";tag="{TAG}"'
    )
    signature = base64.b64encode(sign(_base(message, parameters))).decode()
    return {
        "Content-Digest": content_digest(message.body),
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{signature}:",
    }


def claim_of(signature_input: str) -> Claim | None:
    """Read who says to have signed; None where the header is not of the profile."""
    found = _PARAMETERS.fullmatch(signature_input)
    if found is None:
        return None
    return Claim(found["key_id"], int(found["created"]), found["nonce"])


def is_genuine(
    message: Message,
    digest: str,
    signature_input: str,
    signature: str,
    public_key: EllipticCurvePublicKey,
) -> bool:
    """Tell whether this key signed exactly this request.

    Args:
        message: The request as it arrived.
        digest: Its header Content-Digest.
        signature_input: Its header Signature-Input.
        signature: Its header Signature.
        public_key: The key that the claim names.
    """
    said, sealed = _PARAMETERS.fullmatch(signature_input), _SIGNATURE.fullmatch(signature)
    if said is None or sealed is None or said["components"] != _components(message):
        return False
    if digest != content_digest(message.body):
        return False
    raw = base64.b64decode(sealed["bytes"])
    der = encode_dss_signature(
        int.from_bytes(raw[:COORDINATE_BYTES], "big"), int.from_bytes(raw[COORDINATE_BYTES:], "big")
    )
    try:
        public_key.verify(der, _base(message, said["all"]), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _covered(message: Message) -> list[tuple[str, str]]:
    parts = [
        ("@method", message.method),
        ("@path", message.path),
        ("@query", f"?{message.query}"),
        ("content-digest", content_digest(message.body)),
    ]
    if message.idempotency_key is not None:
        parts.append(("idempotency-key", message.idempotency_key))
    if message.officer is not None:
        parts.append(("x-officer", message.officer))
    return parts


def _components(message: Message) -> str:
    return " ".join(f'"{name}"' for name, _ in _covered(message))


def _base(message: Message, parameters: str) -> bytes:
    """Build the signature base (RFC 9421, 2.5)."""
    lines = [f'"{name}": {value}' for name, value in _covered(message)]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("latin-1")
