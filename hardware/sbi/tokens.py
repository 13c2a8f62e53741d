"""The signed tokens of SBI: compact JWS (RFC 7515) with RS256 and the certificate in x5c."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from hardware.sbi.fields import Fields, an_object, base64url, parsed
from hardware.sbi.refusals import AnswerRefusedError, Refusal, malformed
from hardware.sbi.trust import Domain, Trust

MOST_CERTIFICATES = 5
SHORTEST_KEY = 2048


@dataclass(frozen=True, slots=True)
class Judge:
    """Opens tokens and believes none that it cannot trace.

    Attributes:
        trust: Whose devices are believed.
        now: The clock; it tells its zone.
    """

    trust: Trust
    now: Callable[[], datetime]

    def opened(self, token: str, domain: Domain) -> Fields:
        """Return the payload of a token that an authority's device signed.

        Raises:
            AnswerRefusedError: MALFORMED, WRONG_SIGNATURE, EXPIRED_CERTIFICATE, UNTRUSTED_DEVICE.
        """
        parts = token.split(".")
        if len(parts) != 3:
            raise malformed("no token of three parts")
        header = an_object(parsed(base64url(parts[0], "a header")), "a header")
        if "crit" in header:  # extensions that must be understood (RFC 7515, 4.1.11); none is here
            raise malformed("a header with extensions")
        if header.get("alg") != "RS256":
            raise AnswerRefusedError(Refusal.WRONG_SIGNATURE, "not RS256")
        chain = _chain(header.get("x5c"))
        signature = base64url(parts[2], "a signature")
        _require_signed(chain[0], signature, f"{parts[0]}.{parts[1]}".encode("ascii", "replace"))
        self.trust.require(chain[0], chain[1:], domain, self.now())
        return an_object(parsed(base64url(parts[1], "a payload")), "a payload")


def unsigned(token: str) -> Fields:
    """Return the payload of a token, or of base64url JSON, that nobody vouches for."""
    parts = token.split(".")
    payload = parts[1] if len(parts) == 3 else token
    return an_object(parsed(base64url(payload, "a payload")), "a payload")


def _chain(value: Any) -> list[x509.Certificate]:
    """Return the certificates of a header, the signer's first."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_CERTIFICATES:
        raise malformed("no x5c")
    try:
        # x5c is plain base64, unlike everything else in a token (RFC 7515, 4.1.6).
        return [x509.load_der_x509_certificate(b64decode(one, validate=True)) for one in value]
    except (TypeError, ValueError, Base64Error) as error:
        raise malformed("an x5c that holds no certificate") from error


def _require_signed(leaf: x509.Certificate, signature: bytes, signed: bytes) -> None:
    try:
        key = leaf.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AnswerRefusedError(Refusal.WRONG_SIGNATURE, "a key of no kind") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY:
        raise AnswerRefusedError(Refusal.WRONG_SIGNATURE, "no RSA key of 2048 bits")
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise AnswerRefusedError(Refusal.WRONG_SIGNATURE) from error
