"""Authorities, documents of other countries, and a token played by SoftHSM, for tests."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hardware.smartcard.pki import der
from hardware.smartcard.pki.authority import Authority
from hardware.smartcard.pki.keys import P256, FolderKeyStore
from hardware.smartcard.pki.pkcs11_keys import Pkcs11KeyStore, TokenAddress
from hardware.smartcard.protocols.curves import Curve

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "74185296"
_INIT = ("--init-token", "--free", "--so-pin", "12345678")
PASSPHRASE = "correct horse battery staple"
HAS_SOFTHSM = SOFTHSM.exists() and shutil.which("softhsm2-util") is not None


def folder_keys(folder: Path) -> FolderKeyStore:
    """Keys as files, encrypted with a known passphrase."""
    return FolderKeyStore(folder, lambda: PASSPHRASE)


@contextmanager
def soft_token(folder: Path, label: str = "issuing") -> Iterator[Pkcs11KeyStore]:
    """A token of its own in folder, and the store on it.

    The library reads its configuration when it is initialised, so it is finalised before and after.
    """
    config = folder / "softhsm2.conf"
    (folder / "tokens").mkdir(parents=True)
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(config)
    forget_softhsm()
    try:
        subprocess.run(
            ["softhsm2-util", *_INIT, "--pin", PIN, "--label", label],
            check=True,
            capture_output=True,
        )
        store = Pkcs11KeyStore(TokenAddress(SOFTHSM, label), lambda: PIN)
        yield store
        store.close()
    finally:
        forget_softhsm()
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


def forget_softhsm() -> None:
    """Finalise the library, so that its next use reads the configuration anew."""
    library = pkcs11.lib(str(SOFTHSM))
    library.finalize()


LDS_TYPE = "2.23.136.1.1.1"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
GROUPS = {1: b"\x61\x02zz", 2: b"\x75\x04face", 14: b"\x6e\x03key"}


def new_authority(folder: Path, country: str = "UT", **settings: Any) -> Authority:
    """An authority on P-256 (quicker), with its keys beside it."""
    keys = folder_keys(folder / "keys")
    return Authority.create(folder / "authority", country, keys, NOW, **{"curve": P256} | settings)


@dataclass(frozen=True)
class Subject:
    """A certificate made for a test, and the private key that it speaks of."""

    certificate: bytes
    key: Any


def self_made(
    key: Any,
    issuer: "Subject | None" = None,
    *,
    is_authority: bool = False,
    name: str = "signer",
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=3650),
    algorithm: Any = None,
    rsa_padding: Any = None,
    usage: Any = None,
    has_key_ids: bool = True,
) -> Subject:
    """A certificate as the cryptography package makes it, independent of our own profile."""
    above = x509.load_der_x509_certificate(issuer.certificate).subject if issuer else None
    own = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    signing = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder(above or own, own, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if has_key_ids:
        ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
        builder = builder.add_extension(ski, critical=False).add_extension(aki, critical=False)
    if is_authority:
        builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(signing, algorithm or hashes.SHA256(), rsa_padding=rsa_padding)
    return Subject(made.public_bytes(Encoding.DER), key)


def key_usage(**allowed: bool) -> x509.KeyUsage:
    """KeyUsage with nothing but what is named."""
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def foreign_sod(
    signer: Subject,
    sign: Callable[[bytes], bytes],
    groups: Mapping[int, bytes] = GROUPS,
    *,
    hash_name: str = "sha256",
    digest_name: str = "",
    signature: Mapping[str, Any] | None = None,
    by_key_id: bool = False,
    has_certificate: bool = True,
    certificates: Sequence[bytes] = (),
    attributes_as_they_stand: bool = False,
    content_type: str = LDS_TYPE,
    signed_type: str = LDS_TYPE,
    lds: bytes = b"",
    has_second_digest: bool = False,
) -> bytes:
    """An EF.SOD as another country's software writes it: built with asn1crypto alone.

    sign makes the signature over the signed attributes; signature is their AlgorithmIdentifier.
    content_type is what the message says it holds, signed_type what its attributes say.
    """
    lds = lds or lds_object(groups.items(), hash_name)
    certificate = asn1_x509.Certificate.load(signer.certificate)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [signed_type]}),
            cms.CMSAttribute(
                {"type": "message_digest", "values": [hashlib.new(hash_name, lds).digest()]}
            ),
        ]
    )
    if has_second_digest:
        attributes.append(
            cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]}),
        )
    if by_key_id:
        sid = cms.SignerIdentifier({"subject_key_identifier": certificate.key_identifier})
    else:
        sid = cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        )
    standing = attributes.dump()
    if attributes_as_they_stand:
        first, second = (attribute.dump() for attribute in attributes)
        standing = b"\x31" + standing[1:2] + max(first, second) + min(first, second)
    info = cms.SignerInfo(
        {
            "version": "v3" if by_key_id else "v1",
            "sid": sid,
            "digest_algorithm": {"algorithm": digest_name or hash_name},
            "signed_attrs": attributes,
            "signature_algorithm": signature or {"algorithm": "sha256_ecdsa"},
            "signature": sign(standing),
        }
    )
    brought = [*certificates, *([signer.certificate] if has_certificate else [])]
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": hash_name}],
            "encap_content_info": {
                "content_type": content_type,
                "content": core.ParsableOctetString(lds),
            },
            "certificates": [asn1_x509.Certificate.load(one) for one in brought] or None,
            "signer_infos": [info],
        }
    )
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    if attributes_as_they_stand:
        whole = whole.replace(attributes.dump()[1:], standing[1:])
    return der.element(0x77, whole)


def master_list(certificates: Sequence[bytes], signer: Subject, brought: Sequence[bytes]) -> bytes:
    """A CscaMasterList, signed with the signer's P-256 key; built with asn1crypto."""
    content = der.sequence(der.integer(0), der.set_of(certificates))
    own = asn1_x509.Certificate.load(signer.certificate)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["2.23.136.1.1.2"]}),
            cms.CMSAttribute(
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]}
            ),
        ]
    )
    info = cms.SignerInfo(
        {
            "version": "v3",
            "sid": cms.SignerIdentifier({"subject_key_identifier": own.key_identifier}),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signer.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "2.23.136.1.1.2",
                "content": core.ParsableOctetString(content),
            },
            "certificates": [asn1_x509.Certificate.load(one) for one in brought],
            "signer_infos": [info],
        }
    )
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return whole


def with_public_key(certificate: bytes, spki: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The certificate with another SubjectPublicKeyInfo (DER), signed anew."""
    whole = asn1_x509.Certificate.load(certificate)
    parts = [whole["tbs_certificate"][at].dump() for at in range(10)]
    parts[6] = spki
    body = der.sequence(*parts)
    algorithm = whole["signature_algorithm"].dump()
    return der.sequence(body, algorithm, der.element(der.BIT_STRING, b"\0", sign(body)))


def explicit_key(curve: Curve, point: bytes, *, is_compressed: bool = False) -> bytes:
    """A SubjectPublicKeyInfo that spells its curve out, as a fifth of the real CSCAs do."""
    x, y, a, b = (
        value.to_bytes(curve.size, "big") for value in (curve.x, curve.y, curve.a, curve.b)
    )
    base = bytes([2 + curve.y % 2]) + x if is_compressed else b"\x04" + x + y
    parameters = der.sequence(
        der.integer(1),
        der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(curve.p)),
        der.sequence(der.octets(a), der.octets(b)),
        der.octets(base),
        der.integer(curve.n),
        der.integer(1),
    )
    algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), parameters)
    return der.sequence(algorithm, der.element(der.BIT_STRING, b"\0", point))


def lds_object(groups: Iterable[tuple[int, bytes]], hash_name: str = "sha256") -> bytes:
    """An LDSSecurityObject, with whatever groups."""
    oids = {
        "sha1": "1.3.14.3.2.26",
        "sha224": "2.16.840.1.101.3.4.2.4",
        "sha256": "2.16.840.1.101.3.4.2.1",
        "sha384": "2.16.840.1.101.3.4.2.2",
        "sha512": "2.16.840.1.101.3.4.2.3",
    }
    entries = (
        der.sequence(der.integer(number), der.octets(hashlib.new(hash_name, content).digest()))
        for number, content in groups
    )
    algorithm = der.sequence(der.oid(oids[hash_name]), b"\x05\x00")
    return der.sequence(der.integer(0), algorithm, der.sequence(*entries))
