"""The files that smartics chip is given: keys, certificates, and what a card is to say."""

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, AppletProfile
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import ChipContent, FingerRecord, OtherFinger, framed
from hardware.smartcard.mrz import Mrz, zone_name
from hardware.smartcard.pki.cv_authority import load_terminal as read_terminal
from hardware.smartcard.pki.cv_authority import load_trust_points as read_trust_points
from hardware.smartcard.pki.document_signers import load_document_signer
from hardware.smartcard.pki.keys import FolderKeyStore, KeyStoreError, secret_from
from hardware.smartcard.pki.sod import DocumentSigner
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS, CardManagerKeys
from hardware.smartcard.protocols.terminal_authentication import Terminal
from office.commands.answers import CouldNotError

LARGEST_CONTENT, LARGEST_PICTURE = 0x10000, 0x100000
PROFILES: dict[str, AppletProfile] = {"store_data": STORE_DATA, "jmrtd": JMRTD}
TEXTS = ("chinese_name", "personal_number", "place_of_birth", "address")


def load_terminal(folder: Path, secret: str) -> Terminal:
    """Read an inspection system: CV certificates (*.cvcert, DER), and its key (*.key.pem).

    Args:
        folder: Where they lie.
        secret: Where the key's passphrase is: file:PATH (relative to folder) or
            keyring:SERVICE/NAME.

    Raises:
        CouldNotError: Something is missing or does not fit.
    """
    try:
        return read_terminal(folder, FolderKeyStore(folder, secret_from(secret, folder)))
    except (KeyStoreError, OSError) as error:
        raise CouldNotError(f"the terminal in {folder}: {error}") from error


def load_signer(folder: Path, secret: str, now: datetime) -> DocumentSigner:
    """Read a document signer: certificates (*.cer), and the keys of the same names (*.key.pem).

    Raises:
        CouldNotError: None may sign now, or something is missing or does not fit.
    """
    try:
        store = FolderKeyStore(folder, secret_from(secret, folder))
        return load_document_signer(folder, store, now)
    except (KeyStoreError, OSError, ChipError) as error:
        raise CouldNotError(f"the document signer in {folder}: {error}") from error


def load_trust_points(folder: Path) -> tuple[bytes, ...]:
    """Read the authority's own CV certificates, which a card is to trust.

    Raises:
        CouldNotError: There is none, or one cannot be read.
    """
    try:
        return read_trust_points(folder)
    except KeyStoreError as error:
        raise CouldNotError(str(error)) from error


def load_key(where: str) -> bytes:
    """Read an AES key in hexadecimal: file:PATH or keyring:SERVICE/NAME.

    Raises:
        CouldNotError: It is not there, or no key.
    """
    try:
        key = bytes.fromhex(secret_from(where, Path())())
    except KeyStoreError as error:
        raise CouldNotError(f"a card manager's key: {error}") from error
    except ValueError as error:
        raise CouldNotError("a card manager's key is written in hexadecimal") from error
    if len(key) not in (16, 24, 32):
        raise CouldNotError("a card manager's key has 16, 24 or 32 bytes")
    return key


def manager_keys(where: str | None) -> CardManagerKeys:
    """Read the key that a maker gave a blank as all three; without one, the well-known test keys.

    Raises:
        CouldNotError: It is not there, or no key.
    """
    if where is None:
        return FACTORY_TEST_KEYS
    key = load_key(where)
    return CardManagerKeys(key, key, key)


def load_content(file: Path) -> ChipContent:
    """Read what a card is to say, from TOML or JSON.

    document_number, surname, given_names, sex, date_of_birth, expiry, nationality, issuer and
    portrait (a JPEG) must be there; code, chinese_name, personal_number, place_of_birth, address
    and fingers (a list of tables with position and record) may: minutiae in ISO/IEC 19794-2:2005,
    images in 19794-4:2005 or 39794-4. Paths are relative to the file, dates are written 2036-06-30.

    Raises:
        CouldNotError: It cannot be read, or a field is missing or wrong. What a field says is
            not repeated.
    """
    found = _table(file)
    known = {*TEXTS, "portrait", "fingers", "code", *_ZONE_FIELDS}
    if unknown := sorted(set(found) - known):
        raise CouldNotError(f"{file}: nobody knows {', '.join(map(repr, unknown[:3]))}")
    zone = {name: _field(found, name, read, file) for name, read in _ZONE_FIELDS.items()}
    texts = {name: _field(found, name, _text, file) for name in TEXTS if name in found}
    code = _field(found, "code", _text, file) if "code" in found else "I"
    fingers: tuple[FingerRecord | OtherFinger, ...] = ()
    if "fingers" in found:
        fingers = _field(found, "fingers", lambda value: _fingers(value, file), file)
    try:
        return ChipContent(
            mrz=Mrz(**zone, code=code),
            portrait_jpeg=_bytes(file.parent / _field(found, "portrait", _text, file)),
            fingers=tuple(one for one in fingers if isinstance(one, FingerRecord)),
            finger_images=tuple(one for one in fingers if isinstance(one, OtherFinger)),
            **texts,
        )
    except ValueError as error:
        raise CouldNotError(f"{file}: {error}") from error


def _table(file: Path) -> Mapping[str, Any]:
    try:
        text = _bytes(file, LARGEST_CONTENT).decode("utf-8")
        found = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CouldNotError(f"{file} is neither sound TOML nor, as .json, JSON") from error
    if not isinstance(found, dict):
        raise CouldNotError(f"{file} must hold one table")
    return found


def _field(found: Mapping[str, Any], name: str, read: Callable[[Any], Any], file: Path) -> Any:
    if name not in found:
        raise CouldNotError(f"{file}: {name} is missing")
    try:
        return read(found[name])
    except (ValueError, TypeError, KeyError) as error:
        raise CouldNotError(f"{file}: {name} is not what it should be") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(_text(value))


def _given(value: Any) -> str:
    return zone_name(_text(value)) if value else ""


_ZONE_FIELDS: dict[str, Callable[[Any], Any]] = {
    "document_number": _text,
    "surname": lambda value: zone_name(_text(value)),
    "given_names": _given,
    "sex": _text,
    "date_of_birth": _day,
    "expiry": _day,
    "nationality": _text,
    "issuer": _text,
}


def _fingers(value: Any, file: Path) -> tuple[FingerRecord | OtherFinger, ...]:
    return tuple(
        framed(int(one["position"]), _bytes(file.parent / _text(one["record"]))) for one in value
    )


def _bytes(file: Path, most: int = LARGEST_PICTURE) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        raise CouldNotError(f"{file} cannot be read ({error.strerror})") from error
    if len(content) > most:
        raise CouldNotError(f"{file} is larger than {most} bytes")
    return content
