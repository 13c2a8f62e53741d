"""What it costs to open a signed request, against the bare P-256 signature check."""

import os
from collections.abc import Callable
from datetime import timedelta
from time import process_time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from common.domain.clock import system_clock
from common.station.keys import SoftKey
from common.wire.signatures import (
    NONCE_BYTES,
    Message,
    claim_of,
    is_genuine,
    key_id_of,
    signed_headers,
)

TIMES, ROUNDS = 500, 5
BODY = b'{"by":"number","identity_number":"A123456(3)","year_of_birth":1980}'


def microseconds(do: Callable[[], object]) -> float:
    """Return the processor time of one call, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        before = process_time()
        for _ in range(TIMES):
            do()
        best = min(best, (process_time() - before) / TIMES)
    return best * 1e6


@pytest.mark.benchmark
def test_what_a_signed_request_costs():
    key = generate_private_key(SECP256R1())
    public, soft = key.public_key(), SoftKey(key)
    name = key_id_of(public)
    message = Message("POST", "/v1/tags", "", BODY, "01a21ddb-be01-77dc-903d-8579844c457d", None)

    def sign() -> dict[str, str]:
        return signed_headers(message, name, system_clock(), os.urandom(NONCE_BYTES), soft.sign)

    headers = sign()
    digest, said, signature = (
        headers[name] for name in ("Content-Digest", "Signature-Input", "Signature")
    )

    def opened() -> None:
        assert claim_of(said) is not None
        assert is_genuine(message, digest, said, signature, public)

    text, bare = b"x" * 400, key.sign(b"x" * 400, ECDSA(SHA256()))
    request = requests.Request(
        "POST",
        "http://127.0.0.1/v1/tags",
        data=BODY,
        headers={"Idempotency-Key": str(message.idempotency_key), **headers},
    ).prepare()
    library = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256,
        key_resolver=MappingKeyResolver(public_keys={name: public}, private_keys={}),
    )
    floor = microseconds(lambda: public.verify(bare, text, ECDSA(SHA256())))
    ours = microseconds(opened)
    theirs = microseconds(lambda: library.verify(request, body=BODY, max_age=timedelta(days=1)))
    signing = microseconds(lambda: key.sign(text, ECDSA(SHA256())))
    print(
        f"\nopen a signed request: {ours:.0f} µs; bare P-256 check {floor:.0f} µs"
        f" ({floor / ours:.2f} of it); the general library {theirs:.0f} µs;"
        f" sign one: {microseconds(sign):.0f} µs, bare {signing:.0f} µs"
    )
