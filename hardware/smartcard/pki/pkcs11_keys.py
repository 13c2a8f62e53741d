"""Signing keys on a PKCS#11 token (a hardware security module or a smart card), never outside it.

The token must know ECDSA over a given hash (CKM_ECDSA) and make EC keys (CKM_EC_KEY_PAIR_GEN).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import Hash
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import (
    DeviceError,
    DeviceRemoved,
    PKCS11Error,
    SessionClosed,
    SessionHandleInvalid,
    TokenNotPresent,
    UserAlreadyLoggedIn,
    UserNotLoggedIn,
)

from hardware.smartcard.pki.keys import (
    P256,
    P384,
    KeyStoreError,
    SecretSource,
    SigningKey,
    checked_label,
    curve_of,
    secret_from,
)

T = TypeVar("T")

_CURVE_OIDS = {
    P256: bytes.fromhex("06082A8648CE3D030107"),
    P384: bytes.fromhex("06052B81040022"),
}
_SESSION_LOST = (
    SessionHandleInvalid,
    SessionClosed,
    DeviceRemoved,
    DeviceError,
    TokenNotPresent,
    UserNotLoggedIn,
)
_OWN_TEMPLATE = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.SIGN: True,
}


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Which token: the maker's library, and the token's label or serial number."""

    module: Path
    label: str

    @classmethod
    def parse(cls, uri: str, folder: Path) -> "tuple[TokenAddress, SecretSource]":
        """Read an address as RFC 7512 writes it; pin-source is file:PATH or keyring:SERVICE/NAME.

        Example: pkcs11:token=issuing?module-path=/usr/lib/p11.so&pin-source=file:pin

        Raises:
            KeyStoreError: Something of it is missing.
        """
        path, _, query = uri.removeprefix("pkcs11:").partition("?")
        named = dict(part.partition("=")[::2] for part in path.split(";") if part)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        label = unquote(named.get("token", ""))
        if not (label and asked.get("module-path") and asked.get("pin-source")):
            raise KeyStoreError(
                "a token is given as pkcs11:token=LABEL?module-path=LIBRARY&pin-source=file:PATH"
            )
        return cls(folder / asked["module-path"], label), secret_from(asked["pin-source"], folder)


class Pkcs11KeyStore:
    """The keys of one token. One session serves all threads, one call at a time.

    A session that the token dropped (module restarted, card drawn and put back) is opened again.
    A process logs in to a token once: several stores on one token share the login, and closing the
    first logs all of them out.
    """

    def __init__(self, address: TokenAddress, pin: SecretSource) -> None:
        self._address = address
        self._pin = pin
        self._session: Any = None
        self._lock = Lock()

    def close(self) -> None:
        """Log out of the token; the next use logs in again."""
        with self._lock:
            self._drop()

    def generate(self, label: str, curve: str) -> SigningKey:
        """Make a key inside the token; see `KeyStore`."""
        checked_label(label)
        curve_of(curve)
        public = self._run(lambda session: _generate(session, label, curve))
        return _TokenKey(self, label, public)

    def open(self, label: str) -> SigningKey:
        """Find a key in the token; see `KeyStore`."""
        checked_label(label)
        return _TokenKey(self, label, self._run(lambda session: _public_of(session, label)))

    def labels(self) -> list[str]:
        """All labels, sorted."""
        template = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.EC}
        found = self._run(lambda session: [key.label for key in _objects(session, template)])
        return sorted(set(found))

    def destroy(self, label: str) -> None:
        """Remove both halves from the token; see `KeyStore`."""
        checked_label(label)

        def remove(session: Any) -> None:
            for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
                for found in _objects(session, {Attribute.CLASS: kind, Attribute.LABEL: label}):
                    found.destroy()

        self._run(remove)

    def sign(self, label: str, digest: bytes) -> bytes:
        """Sign a hash with the key of this label; r | s."""

        def sign(session: Any) -> bytes:
            key = _one(session, label, ObjectClass.PRIVATE_KEY)
            return bytes(key.sign(digest, mechanism=Mechanism.ECDSA))

        return self._run(sign)

    def _run(self, action: Callable[[Any], T]) -> T:
        with self._lock:
            try:
                try:
                    return action(self._opened())
                except _SESSION_LOST:
                    self._drop()
                    return action(self._opened())
            except PKCS11Error as error:
                raise KeyStoreError(
                    f"token {self._address.label} refused: {_words(error)}"
                ) from error

    def _opened(self) -> Any:
        if self._session is None:
            try:
                library = pkcs11.lib(str(self._address.module))
            except (RuntimeError, PKCS11Error) as error:
                raise KeyStoreError(f"{self._address.module} is no PKCS#11 library") from error
            token = library.get_token(token_label=self._address.label)
            try:
                self._session = token.open(rw=True, user_pin=self._pin())
            except UserAlreadyLoggedIn:
                # A login is the process's, not the session's (PKCS#11, 5.6.7).
                self._session = token.open(rw=True)
        return self._session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            session.close()
        except PKCS11Error:
            return  # It was gone already.


class _TokenKey:
    """A key of a token, by its label."""

    __slots__ = ("_label", "_public", "_store")

    def __init__(
        self, store: Pkcs11KeyStore, label: str, public: ec.EllipticCurvePublicKey
    ) -> None:
        self._store = store
        self._label = label
        self._public = public

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: bytes) -> bytes:
        digest = Hash(curve_of(self._public.curve.name)[1])
        digest.update(data)
        signature = self._store.sign(self._label, digest.finalize())
        if len(signature) != 2 * ((self._public.curve.key_size + 7) // 8):
            raise KeyStoreError("the token's signature has another length than its curve")
        return signature


def _generate(session: Any, label: str, curve: str) -> ec.EllipticCurvePublicKey:
    template = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}
    if _objects(session, template):
        raise KeyStoreError(f"there is a key {label} already")
    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: _CURVE_OIDS[curve]}, local=True
    )
    parameters.generate_keypair(
        id=token_bytes(8),
        label=label,
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template=_OWN_TEMPLATE,
    )
    return _public_of(session, label)


def _public_of(session: Any, label: str) -> ec.EllipticCurvePublicKey:
    _one(session, label, ObjectClass.PRIVATE_KEY)
    found = _one(session, label, ObjectClass.PUBLIC_KEY)
    curves = {der: name for name, der in _CURVE_OIDS.items()}
    name = curves.get(bytes(found[Attribute.EC_PARAMS]))
    if name is None:
        raise KeyStoreError(f"key {label} lies on a curve that cards are not signed with")
    point = bytes(found[Attribute.EC_POINT])
    size = 1 + 2 * ((curve_of(name)[0].key_size + 7) // 8)
    try:
        # Most tokens wrap the point in an OCTET STRING as the standard says, some do not.
        return ec.EllipticCurvePublicKey.from_encoded_point(curve_of(name)[0], point[-size:])
    except ValueError:
        raise KeyStoreError(f"the token gives no public key for {label}") from None


def _one(session: Any, label: str, kind: ObjectClass) -> Any:
    found = _objects(session, {Attribute.CLASS: kind, Attribute.LABEL: label})
    if not found:
        raise KeyStoreError(f"there is no key {label}")
    if len(found) > 1:
        raise KeyStoreError(f"the token holds several keys {label}")
    return found[0]


def _objects(session: Any, template: Mapping[Attribute, Any]) -> list[Any]:
    return list(session.get_objects(dict(template)))


def _words(error: PKCS11Error) -> str:
    """The error's name, which tells more than its often empty text: PinIncorrect, NoSuchToken."""
    return type(error).__name__
