"""EF.SOD and EF.CardSecurity: what is signed on a chip (ICAO 9303-10, 4.6.2; 9303-11, 9.2.11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardware.smartcard.pki import der
from hardware.smartcard.pki.algorithms import HASH_OIDS, HASHES, digest, read_hash
from hardware.smartcard.pki.certificate import Certificate
from hardware.smartcard.pki.cms import SignedData, build
from hardware.smartcard.pki.der import Fields, oid_content
from hardware.smartcard.pki.keys import SigningKey, curve_of

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
SOD_TAG = 0x77
LARGEST_SOD = 0x4_0000
LAST_GROUP = 16
_FIRST_FID = 0x0100


@dataclass(frozen=True, slots=True)
class DocumentSigner:
    """Who signs chips: a document signer's certificate (DER), and the key that it speaks of.

    Raises:
        ValueError: They do not belong together.
    """

    certificate: bytes
    key: SigningKey

    def __post_init__(self) -> None:
        spki = self.key.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if Certificate(self.certificate).spki != spki:
            raise ValueError("the certificate speaks of another key")


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """A parsed EF.SOD, not verified.

    Attributes:
        hashes: The hash of each data group, by its number.
        lds_version: LDS and Unicode version as signed, empty in version 0.
    """

    signed: SignedData
    algorithm: hashes.HashAlgorithm
    hashes: dict[int, bytes]
    lds_version: tuple[str, str] | None

    @classmethod
    def parse(cls, content: bytes) -> "SecurityObject":
        """Read a whole EF.SOD, tag 77 and all; bytes behind it are not looked at.

        Raises:
            ChipError: malformed, or not_supported for an unknown hash.
        """
        if len(content) > LARGEST_SOD:
            raise der.malformed("a security object too large")
        signed = SignedData.parse(der.first(content, SOD_TAG).content)
        if signed.content_type != oid_content(LDS_SECURITY_OBJECT):
            raise der.malformed("signed data that is no security object")
        fields = Fields(der.first(signed.content, der.SEQUENCE))
        fields.take(der.INTEGER)
        algorithm = read_hash(fields.take(der.SEQUENCE))
        found: dict[int, bytes] = {}
        for entry in fields.take(der.SEQUENCE).children():
            pair = Fields(entry)
            number = der.read_integer(pair.take())
            if number in found or not 1 <= number <= LAST_GROUP:
                raise der.malformed("a data group that cannot be, or is there twice")
            found[number] = der.read_octets(pair.take())
        versions = fields.maybe(der.SEQUENCE)
        return cls(signed, algorithm, found, _read_versions(versions))


def build_sod(
    groups: Mapping[int, bytes],
    signer: DocumentSigner,
    signing_time: datetime | None = None,
    lds_version: tuple[str, str] | None = None,
) -> bytes:
    """Sign data groups.

    Args:
        groups: Whole files, tag and all, by group number (1 to 16) or file identifier (0101 ...).
        signer: Who signs.
        signing_time: Stated in the signature where given.
        lds_version: ("0108", "040000") makes a security object of version 1, which signs them too.

    Returns:
        The whole EF.SOD with its tag 77.

    Raises:
        ValueError: Something that is no data group, or none at all.
        KeyStoreError: The key cannot be used.
    """
    numbered = {group_number(key): content for key, content in groups.items()}
    if not numbered or len(numbered) != len(groups):
        raise ValueError("a security object signs one content for each data group, at least one")
    name = curve_of(signer.key.public_key.curve.name)[1].name
    algorithm = HASHES[oid_content(HASH_OIDS[name])]
    entries = (
        der.sequence(der.integer(number), der.octets(digest(algorithm, numbered[number])))
        for number in sorted(numbered)
    )
    parts = [
        der.integer(0 if lds_version is None else 1),
        der.sequence(der.oid(HASH_OIDS[name])),
        der.sequence(*entries),
    ]
    if lds_version is not None:
        parts.append(der.sequence(*(der.printable(version) for version in lds_version)))
    return der.element(
        SOD_TAG,
        build(
            LDS_SECURITY_OBJECT,
            der.sequence(*parts),
            [Certificate(signer.certificate)],
            signer.key,
            signing_time,
        ),
    )


def build_card_security(
    security_infos: bytes, signer: DocumentSigner, signing_time: datetime | None = None
) -> bytes:
    """Sign SecurityInfos (a SET in DER) as EF.CardSecurity.

    Raises:
        ValueError: It is no SET.
        KeyStoreError: The key cannot be used.
    """
    if security_infos[:1] != bytes([der.SET]):
        raise ValueError("SecurityInfos are a SET")
    certificates = [Certificate(signer.certificate)]
    return build(SECURITY_OBJECT, security_infos, certificates, signer.key, signing_time)


def parse_card_security(content: bytes) -> SignedData:
    """Read an EF.CardSecurity; its content is the DER of SecurityInfos, not verified yet.

    Raises:
        ChipError: malformed, or not_supported for an unknown hash.
    """
    if len(content) > LARGEST_SOD:
        raise der.malformed("a card security object too large")
    signed = SignedData.parse(content)
    if signed.content_type != oid_content(SECURITY_OBJECT):
        raise der.malformed("signed data that is no card security object")
    der.first(signed.content, der.SET)
    return signed


def group_number(key: int) -> int:
    """The data group that a number from 1 to 16, or a file identifier from 0101 to 0110, means.

    Raises:
        ValueError: None.
    """
    number = key - _FIRST_FID if key > LAST_GROUP else key
    if not 1 <= number <= LAST_GROUP:
        raise ValueError(f"{key:04X} is no data group")
    return number


def _read_versions(versions: der.Element | None) -> tuple[str, str] | None:
    if versions is None:
        return None
    fields = Fields(versions)
    lds, unicode = fields.take(), fields.take()
    return lds.content.decode("latin-1"), unicode.content.decode("latin-1")
