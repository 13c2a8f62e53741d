"""The promises of hardware.smartcard.pki.keys.KeyStore, kept by the folder and by a token."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from pkcs11 import Attribute, ObjectClass

from hardware.smartcard.pki.keys import P256, P384, KeyStore, KeyStoreError, SigningKey
from hardware.smartcard.pki.pkcs11_keys import Pkcs11KeyStore, TokenAddress
from tests.support.pki import HAS_SOFTHSM, PIN, SOFTHSM, folder_keys, soft_token

needs_softhsm = pytest.mark.skipif(not HAS_SOFTHSM, reason="SoftHSM is not installed")
Again = Callable[[], KeyStore]


@pytest.fixture(params=["folder", pytest.param("token", marks=needs_softhsm)])
def again(request: Any, tmp_path: Path) -> Iterator[Again]:
    """Opens the same store once more, as a program that starts anew does."""
    if request.param == "folder":
        yield lambda: folder_keys(tmp_path / "keys")
        return
    with soft_token(tmp_path) as store:

        def reopened() -> KeyStore:
            store.close()
            return store

        yield reopened


def verify(key: SigningKey, signature: bytes, data: bytes) -> None:
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    digest = SHA256() if key.public_key.curve.name == P256 else SHA384()
    key.public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(digest))


@pytest.mark.parametrize(("curve", "size"), [(P256, 64), (P384, 96)])
def test_a_key_signs_now_and_after_a_restart(again, curve, size):
    made = again().generate("csca-1", curve)
    found = again().open("csca-1")
    assert found.public_key == made.public_key
    assert found.public_key.curve.name == curve
    for key in (made, found):
        signature = key.sign(b"a card")
        assert len(signature) == size
        verify(found, signature, b"a card")
        with pytest.raises(InvalidSignature):
            verify(found, signature, b"another card")


def test_labels_are_told_and_never_taken_twice(again):
    store = again()
    assert store.labels() == []
    first = store.generate("b", P256)
    store.generate("a", P256)
    with pytest.raises(KeyStoreError, match="already"):
        store.generate("b", P384)
    assert again().labels() == ["a", "b"]
    assert again().open("b").public_key == first.public_key


def test_a_destroyed_key_is_gone_and_its_label_is_free(again):
    store = again()
    old = store.generate("a", P256)
    store.destroy("a")
    store.destroy("a")
    assert again().labels() == []
    with pytest.raises(KeyStoreError, match="no key"):
        again().open("a")
    assert store.generate("a", P256).public_key != old.public_key


@pytest.mark.parametrize("label", ["", "../up", "a/b", ".hidden", "x" * 65, "schlüssel"])
def test_a_label_is_a_plain_word(again, label):
    for act in (again().open, again().destroy, lambda name: again().generate(name, P256)):
        with pytest.raises(KeyStoreError, match="label"):
            act(label)


def test_other_curves_are_refused(again):
    with pytest.raises(KeyStoreError, match="secp256r1 or secp384r1"):
        again().generate("a", "brainpoolP256r1")


@needs_softhsm
def test_a_tokens_key_cannot_leave_it(tmp_path):
    with soft_token(tmp_path) as store:
        store.generate("csca-1", P256)
        store.close()
        token = pkcs11.lib(str(SOFTHSM)).get_token(token_label="issuing")
        with token.open(user_pin=PIN) as session:
            (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
            assert key[Attribute.SENSITIVE]
            assert not key[Attribute.EXTRACTABLE]
            with pytest.raises(pkcs11.exceptions.PKCS11Error):
                key[Attribute.VALUE]


@needs_softhsm
@pytest.mark.qt_no_exception_capture
# The library complains once more when it tidies up what the lost session was about.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_token_that_lost_the_session_is_opened_again(tmp_path):
    with soft_token(tmp_path) as store:
        key = store.generate("a", P256)
        pkcs11.lib(str(SOFTHSM)).reinitialize()
        verify(key, key.sign(b"data"), b"data")


@needs_softhsm
def test_wrong_pin_wrong_token_and_wrong_library_are_told_in_words(tmp_path):
    with soft_token(tmp_path):
        wrong_pin = Pkcs11KeyStore(TokenAddress(SOFTHSM, "issuing"), lambda: "00000000")
        with pytest.raises(KeyStoreError, match="PinIncorrect"):
            wrong_pin.labels()
        with pytest.raises(KeyStoreError, match="NoSuchToken"):
            Pkcs11KeyStore(TokenAddress(SOFTHSM, "other"), lambda: PIN).labels()
        with pytest.raises(KeyStoreError, match="no PKCS#11 library"):
            Pkcs11KeyStore(TokenAddress(Path(os.__file__), "issuing"), lambda: PIN).labels()


def test_a_tokens_address_is_read_as_rfc_7512_writes_it(tmp_path):
    (tmp_path / "pin").write_text("123456\n")
    (tmp_path / "pin").chmod(0o600)
    uri = "pkcs11:token=Issuing%20one?module-path=/lib/p11.so&pin-source=file:pin"
    address, pin = TokenAddress.parse(uri, tmp_path)
    assert address == TokenAddress(Path("/lib/p11.so"), "Issuing one")
    assert pin() == "123456"
    for broken in ("pkcs11:", "pkcs11:token=a?module-path=/x", "pkcs11:token=a?pin-source=file:p"):
        with pytest.raises(KeyStoreError):
            TokenAddress.parse(broken, tmp_path)
