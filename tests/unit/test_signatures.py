"""Our fixed profile of RFC 9421, against an independent implementation and the RFC's own texts."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st

from common.station.keys import SoftKey
from common.wire.signatures import (
    NONCE_BYTES,
    Message,
    claim_of,
    content_digest,
    is_genuine,
    key_id_of,
    signed_headers,
)

KEY = ec.generate_private_key(ec.SECP256R1())
KEY_ID = key_id_of(KEY.public_key())
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 (the other library asks the clock)
NONCE = bytes(range(NONCE_BYTES))
BODY = b'{"by":"card"}'
COMPONENTS = ("@method", "@path", "@query", "content-digest", "idempotency-key", "x-officer")

# RFC 9421, B.1.3: the key test-key-ecc-p256.
RFC_KEY = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
"""


def message(**change) -> Message:
    told = {
        "method": "POST",
        "path": "/v1/tags",
        "query": "",
        "body": BODY,
        "idempotency_key": "one-key-1",
        "officer": "session",
    }
    return Message(**{**told, **change})


def as_request(one: Message) -> requests.PreparedRequest:
    headers = {}
    if one.idempotency_key is not None:
        headers["Idempotency-Key"] = one.idempotency_key
    if one.officer is not None:
        headers["X-Officer"] = one.officer
    question = f"?{one.query}" if one.query else ""
    address = f"https://backend.example{one.path}{question}"
    return requests.Request(one.method, address, data=one.body, headers=headers).prepare()


def signed(one: Message) -> dict[str, str]:
    return signed_headers(one, KEY_ID, NOW, NONCE, SoftKey(KEY).sign)


def genuine(one: Message, headers: dict[str, str], key=None) -> bool:
    return is_genuine(
        one,
        headers["Content-Digest"],
        headers["Signature-Input"],
        headers["Signature"],
        key or KEY.public_key(),
    )


def resolver() -> MappingKeyResolver:
    return MappingKeyResolver(public_keys={KEY_ID: KEY.public_key()}, private_keys={KEY_ID: KEY})


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"idempotency_key": None},
        {"officer": None},
        {"idempotency_key": None, "officer": None, "method": "GET", "body": b""},
        {"query": "a=1&b=%20"},
        {"path": "/v1/cards/by-serial/A%2FB"},
    ],
    ids=str,
)
def test_another_implementation_accepts_what_we_sign(change):
    one = message(**change)
    request = as_request(one)
    request.headers.update(signed(one))
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=resolver()
    )
    found = verifier.verify(
        request,
        body=one.body,
        max_age=timedelta(days=1),
        expect_tag="smartics",
        require_components=("@method", "@path", "@query", "content-digest"),
    )
    assert len(found) == 1
    request.headers["Signature"] = request.headers["Signature"].replace("station=:", "station=:AA")
    with pytest.raises((InvalidSignature, ValueError)):
        verifier.verify(request, body=one.body)


@pytest.mark.parametrize(
    "change", [{}, {"query": "a=1"}, {"path": "/v1/cards/by-serial/A%2FB"}], ids=str
)
def test_we_accept_what_another_implementation_signs(change):
    one = message(**change)
    request = as_request(one)
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=resolver()
    )
    request.headers["Content-Digest"] = content_digest(one.body)
    signer.sign(
        request,
        key_id=KEY_ID,
        created=NOW,
        nonce="AAECAwQFBgcICQoLDA0ODw",
        label="station",
        tag="smartics",
        covered_component_ids=COMPONENTS,
        use_existing_digest=True,
    )
    headers = dict(request.headers)
    assert headers["Signature-Input"] == signed(one)["Signature-Input"]
    assert genuine(one, headers)


def test_the_example_of_the_rfc_s_own_profile_verifies_and_is_not_of_ours():
    """RFC 9421, B.2.4 signs a response; its base and its signature are printed there."""
    base = (
        '"@status": 200\n'
        '"content-type": application/json\n'
        '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41Q'
        "JgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n"
        '"content-length": 23\n'
        '"@signature-params": ("@status" "content-type" "content-digest" '
        '"content-length");created=1618884473;keyid="test-key-ecc-p256"'
    )
    raw = b64decode(
        "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="
    )
    key = load_pem_public_key(RFC_KEY)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, base.encode(), ec.ECDSA(SHA256()))
    said = base.rpartition('@signature-params": ')[2]
    assert claim_of(f"station={said}") is None


def test_the_digest_of_the_rfc_s_own_example():
    """RFC 9530, appendix B: SHA-256 of {"hello": "world"}."""
    digest = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
    assert content_digest(b'{"hello": "world"}') == digest


@pytest.mark.parametrize(
    "told",
    [
        "",
        "station=()",
        "other=" + "x" * 100,
        'station=("@method");created=1;keyid="k";alg="ecdsa-p256-sha256";nonce="n";tag="smartics"',
        "station=" + "(" * 100_000,
    ],
    ids=lambda told: told[:20],
)
def test_what_is_not_of_the_profile_names_nobody(told):
    assert claim_of(told) is None


def test_every_parameter_is_the_profile_s_own():
    told = signed(message())["Signature-Input"]
    assert claim_of(told) is not None
    for part, other in (
        ('alg="ecdsa-p256-sha256"', 'alg="hmac-sha256"'),
        ('tag="smartics"', 'tag="other"'),
        ("station=", "sig1="),
        (";created=", ";expires="),
    ):
        assert claim_of(told.replace(part, other)) is None
    assert claim_of(told + ", more=()") is None


def test_components_that_were_left_out_are_missed():
    """Else a request could be signed without its body or its key."""
    one = message()
    for part in (' "content-digest"', ' "x-officer"', ' "idempotency-key"', ' "@query"'):
        with patch("common.wire.signatures._components") as components:
            names = " ".join(f'"{name}"' for name in COMPONENTS)
            components.return_value = names.replace(part, "")
            headers = signed(one)
        assert not genuine(one, headers)


@given(st.binary(max_size=80), st.integers(0, 5))
def test_a_changed_part_is_never_genuine(noise, which):
    one = message()
    headers = signed(one)
    text = noise.hex()
    changed = [
        message(body=BODY + noise),
        message(path=f"/v1/tags{text}"),
        message(query=text),
        message(idempotency_key=f"one-key-1{text}"),
        message(officer=f"session{text}"),
        message(method=f"POST{text}"),
    ][which]
    assert genuine(changed, headers) is (noise == b"")


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_changed_bit_of_the_signature_is_never_genuine(at, flip):
    headers = signed(message())
    raw = bytearray(b64decode(headers["Signature"].split(":")[1]))
    raw[at] ^= flip
    headers["Signature"] = f"station=:{b64encode(raw).decode()}:"
    assert not genuine(message(), headers)
