"""X.509 certificates and revocation lists, read as far as checking identity chips needs (RFC 5280).

Its own reading, because a fifth of the real CSCA certificates break rules of `cryptography`.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeAlias

from hardware.smartcard.pki import der
from hardware.smartcard.pki.algorithms import PublicKey, is_signed_by, read_public_key
from hardware.smartcard.pki.der import Element, Fields, oid_content

Name: TypeAlias = tuple[tuple[bytes, str], ...]
"""A distinguished name made comparable: attribute types, and values without case and blanks."""

DIGITAL_SIGNATURE, KEY_CERT_SIGN, CRL_SIGN = 0x8000, 0x0400, 0x0200

_COUNTRY = oid_content("2.5.4.6")
_SUBJECT_KEY, _KEY_USAGE = oid_content("2.5.29.14"), oid_content("2.5.29.15")
_PRIVATE_KEY_PERIOD, _BASIC_CONSTRAINTS = oid_content("2.5.29.16"), oid_content("2.5.29.19")
_CRL_NUMBER, _AUTHORITY_KEY = oid_content("2.5.29.20"), oid_content("2.5.29.35")
_CONTEXT_0, _CONTEXT_1, _CONTEXT_3 = 0x80, 0x81, 0xA3


class Signed:
    """What certificates and revocation lists share: a signed part, an algorithm, a signature."""

    def __init__(self, content: bytes) -> None:
        whole = der.first(content, der.SEQUENCE)
        fields = Fields(whole)
        self.der = whole.raw
        self.signed_part = fields.take(der.SEQUENCE)
        self._algorithm = fields.take(der.SEQUENCE)
        self._signature = der.read_bits(fields.take(der.BIT_STRING))

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether the signature is this key's; ChipError where its algorithm is unknown."""
        return is_signed_by(key, self._algorithm, self._signature, self.signed_part.raw)


class Certificate(Signed):
    """A certificate. Reading it checks its structure; nothing is verified.

    Attributes:
        der: The certificate itself.
        serial: Its number, as it stands: real ones can be negative.

    Raises:
        ChipError: malformed; the properties raise it too, for what they read.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        fields = Fields(self.signed_part)
        fields.maybe(0xA0)
        self.serial = der.read_integer(fields.take(der.INTEGER))
        fields.take(der.SEQUENCE)
        self._issuer = fields.take(der.SEQUENCE)
        self._validity = fields.take(der.SEQUENCE)
        self._subject = fields.take(der.SEQUENCE)
        self._spki = fields.take(der.SEQUENCE)
        extensions = next((part for part in fields.rest() if part.tag == _CONTEXT_3), None)
        self._extensions = _read_extensions(extensions)

    @cached_property
    def issuer(self) -> Name:
        """Who issued it."""
        return read_name(self._issuer)

    @property
    def issuer_der(self) -> bytes:
        """The issuer's name as it stands, for references to this certificate."""
        return self._issuer.raw

    @cached_property
    def subject(self) -> Name:
        """Whom it speaks of."""
        return read_name(self._subject)

    @property
    def country(self) -> str:
        """The subject's country in capitals, "" where none is named."""
        return next((value.upper() for kind, value in self.subject if kind == _COUNTRY), "")

    @cached_property
    def public_key(self) -> PublicKey:
        """The subject's key."""
        return read_public_key(self._spki.raw)

    @property
    def spki(self) -> bytes:
        """The subject's SubjectPublicKeyInfo as it stands."""
        return self._spki.raw

    @cached_property
    def validity(self) -> tuple[datetime, datetime]:
        """From when and until when it is valid."""
        fields = Fields(self._validity)
        return der.read_time(fields.take()), der.read_time(fields.take())

    def is_valid_on(self, day: date) -> bool:
        """Whether it is valid on this calendar day.

        A calendar day has no time zone and the certificate's times are UTC: a card signed in the
        small hours by an office east of Greenwich may be looked at a day "before" its certificate
        begins, so the beginning has a day of grace.
        """
        begins, ends = self.validity
        return begins.date() - timedelta(days=1) <= day <= ends.date()

    @cached_property
    def private_key_period(self) -> tuple[datetime | None, datetime | None]:
        """When its private key may sign (PrivateKeyUsagePeriod), None where nothing is said."""
        value = self._extensions.get(_PRIVATE_KEY_PERIOD)
        if value is None:
            return None, None
        parts = {part.tag: part.content for part in der.first(value, der.SEQUENCE).children()}
        begins, ends = (
            der.read_time(Element(der.GENERALIZED_TIME, parts[tag], b"")) if tag in parts else None
            for tag in (_CONTEXT_0, _CONTEXT_1)
        )
        return begins, ends

    @cached_property
    def subject_key_id(self) -> bytes | None:
        """The subject key identifier."""
        value = self._extensions.get(_SUBJECT_KEY)
        return None if value is None else der.first(value, der.OCTET_STRING).content

    @cached_property
    def authority_key_id(self) -> bytes | None:
        """The key identifier of who signed it."""
        return _read_authority_key(self._extensions.get(_AUTHORITY_KEY))

    @cached_property
    def is_authority(self) -> bool:
        """Whether BasicConstraints says that it may sign certificates."""
        value = self._extensions.get(_BASIC_CONSTRAINTS)
        if value is None:
            return False
        says = Fields(der.first(value, der.SEQUENCE)).maybe(der.BOOLEAN)
        return says is not None and any(says.content)

    def may(self, usage: int) -> bool:
        """Whether KeyUsage allows this (DIGITAL_SIGNATURE ...); absent, it allows all."""
        value = self._extensions.get(_KEY_USAGE)
        if value is None:
            return True
        bits = der.first(value, der.BIT_STRING).content[1:3]
        return bool(int.from_bytes(bits.ljust(2, b"\0"), "big") & usage)

    @property
    def is_self_issued(self) -> bool:
        """Whether issuer and subject are one, and nothing says that they have two keys."""
        if self.issuer != self.subject:
            return False
        wanted, own = self.authority_key_id, self.subject_key_id
        return wanted is None or own is None or wanted == own


class RevocationList(Signed):
    """A CRL. Reading it checks its structure; nothing is verified.

    Attributes:
        issuer: Who issued it.
        serials: The numbers of the certificates that it revokes.
        this_update: When it was made.
        next_update: When the next one is due, where it says so.

    Raises:
        ChipError: malformed.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        fields = Fields(self.signed_part)
        fields.maybe(der.INTEGER)
        fields.take(der.SEQUENCE)
        self.issuer = read_name(fields.take(der.SEQUENCE))
        self.this_update = der.read_time(fields.take())
        later = fields.maybe(der.UTC_TIME, der.GENERALIZED_TIME)
        self.next_update = der.read_time(later) if later else None
        revoked = fields.maybe(der.SEQUENCE)
        self.serials = frozenset(
            der.read_integer(Fields(entry).take(der.INTEGER))
            for entry in (revoked.children() if revoked else ())
        )
        extensions = _read_extensions(fields.maybe(0xA0))
        self.authority_key_id = _read_authority_key(extensions.get(_AUTHORITY_KEY))
        number = extensions.get(_CRL_NUMBER)
        self.number = der.read_integer(der.first(number, der.INTEGER)) if number else 0


def read_name(element: Element) -> Name:
    """Make a Name comparable (RFC 5280, 7.1, as far as real names need)."""
    found = [
        (fields.take(der.OID).content, _text(fields.take()))
        for part in element.children()
        for attribute in part.children()
        for fields in (Fields(attribute),)
    ]
    return tuple(sorted(found))


def _text(element: Element) -> str:
    kind = "utf-16-be" if element.tag == der.BMP_STRING else "utf-8"
    try:
        text = element.content.decode(kind)
    except UnicodeDecodeError:
        text = element.content.decode("latin-1")
    return " ".join(text.casefold().split())


def _read_extensions(wrapped: Element | None) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for outer in wrapped.children() if wrapped else ():
        for extension in der.expect(outer, der.SEQUENCE).children():
            fields = Fields(extension)
            kind = fields.take(der.OID).content
            fields.maybe(der.BOOLEAN)
            if kind in found:
                raise der.malformed("an extension that is there twice")
            found[kind] = fields.take(der.OCTET_STRING).content
    return found


def _read_authority_key(value: bytes | None) -> bytes | None:
    if value is None:
        return None
    parts = der.first(value, der.SEQUENCE).children()
    return next((part.content for part in parts if part.tag == _CONTEXT_0), None)
