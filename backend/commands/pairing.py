"""How a station gets its key certified: once by a one-time code, then by the key before."""

import hashlib
import hmac
from base64 import b64encode
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import delete, insert, select, update

from backend import authority
from backend import keys as sealing
from backend.authority import Authority, CsrError
from backend.commands import station as stations_
from backend.commands.effects import KeyCertified, StationNamed
from backend.commands.station import PAIRED, Station
from backend.schema.trust_tables import pairings, station_keys
from backend.settings import TrustSettings
from backend.transaction import Refusal, Transaction
from common.wire.signatures import key_id_of
from common.wire.trust import (
    PairAnswer,
    PairRequest,
    RenewAnswer,
    StationChange,
    backend_proof,
    new_code,
    station_proof,
    stretched,
)

TRIES = 5
BACKEND = "backend"
"""Who did it, in the ledger, where it was the operator and no station."""


class Code:
    """A new one-time code and the key that it stands for. Making it takes some 100 ms."""

    def __init__(self, station: str) -> None:
        self.station = station
        self.text = new_code()
        self.key = stretched(self.text, station)


def offer(
    transaction: Transaction, code: Code, rules: TrustSettings, at: str, officer: str | None
) -> StationChange:
    """Let a planned station pair with this code; an earlier code is good no more.

    Args:
        transaction: The command's.
        code: Told to the technician and kept nowhere.
        rules: How long a code is good.
        at: The station at which it was asked for, or BACKEND.
        officer: The supervisor; None for the operator of the backend.

    Raises:
        Refusal: There is no such station.
    """
    stations_.row_of(transaction, code.station)
    ends = transaction.now + timedelta(minutes=rules.pairing_minutes)
    withdraw(transaction, code.station)
    transaction.connection.execute(
        insert(pairings).values(
            station=code.station,
            sealed_key=sealing.seal(transaction.keys.trust, code.key, _bound_to(code.station)),
            expires_at=ends,
            tries_left=TRIES,
        )
    )
    transaction.record(
        "station_pairing_offered", "", at, officer, StationNamed(station=code.station)
    )
    return StationChange(outcome="done", station=code.station, code=code.text, ends_at=ends)


def pair(transaction: Transaction, told: PairRequest, rules: TrustSettings) -> PairAnswer | Refusal:
    """Certify the key of a station that proves its code; a refusal is returned, for it counts.

    The same request again gets the same answer while the code lasts: it may have been lost.
    """
    refused = Refusal(403, "pairing_refused", "wrong code, or none is open")
    row = transaction.connection.execute(
        select(pairings).where(pairings.c.station == told.station)
    ).one_or_none()
    if row is None or row.tries_left == 0 or transaction.now >= row.expires_at:
        return refused
    key = sealing.unseal(transaction.keys.trust, row.sealed_key, _bound_to(told.station))
    if not hmac.compare_digest(station_proof(key, told.station, told.csr), told.proof):
        transaction.connection.execute(
            update(pairings)
            .where(pairings.c.station == told.station)
            .values(tries_left=row.tries_left - 1)
        )
        named = StationNamed(station=told.station)
        transaction.record("station_pairing_refused", "", BACKEND, None, named)
        return refused
    csr_hash = hashlib.sha256(told.csr).digest()
    if row.csr_hash is not None and row.csr_hash != csr_hash:
        return refused
    own = authority.found(transaction)
    if row.csr_hash is None:
        try:
            wanted = authority.key_of_csr(told.csr, told.station)
        except CsrError as error:
            return Refusal(422, "bad_csr", str(error))
        _take_in(transaction, told.station, wanted, csr_hash, rules)
    certificate = _certificate(transaction, told.station)
    proof = backend_proof(key, told.csr, certificate, own.der)
    return PairAnswer(
        certificate=b64encode(certificate), authority=b64encode(own.der), proof=b64encode(proof)
    )


def renew(
    transaction: Transaction, station: Station, key_id: str, csr: bytes, rules: TrustSettings
) -> RenewAnswer:
    """Certify a station's next key. The present one is good until the next one says hello.

    Raises:
        Refusal: The request does not prove its key, or the key is not a new one.
    """
    try:
        wanted = authority.key_of_csr(csr, station.name)
    except CsrError as error:
        raise Refusal(422, "bad_csr", str(error)) from error
    # A renewal whose answer was lost left a key behind that nobody will use.
    stations_.end_keys(transaction, station.name, but=key_id)
    certificate = certify(transaction, station.name, wanted, rules)
    return RenewAnswer(certificate=b64encode(certificate))


def certify(
    transaction: Transaction, station: str, key: EllipticCurvePublicKey, rules: TrustSettings
) -> bytes:
    """Certify a key for a station and return the certificate (DER).

    Raises:
        Refusal: This key was certified before.
    """
    own: Authority = authority.found(transaction)
    key_id = key_id_of(key)
    if stations_.public_key(transaction, key_id) is not None:
        raise Refusal(409, "key_known", "make a new key each time")
    certificate = own.station_certificate(key, station, transaction.now, rules.certificate_days)
    der = certificate.public_bytes(Encoding.DER)
    transaction.connection.execute(
        insert(station_keys).values(
            key_id=key_id,
            station=station,
            certificate=der,
            issued_at=transaction.now,
            expires_at=certificate.not_valid_after_utc,
        )
    )
    serial = f"{certificate.serial_number:x}"
    what = KeyCertified(station=station, key_id=key_id, serial=serial)
    transaction.record("station_key_certified", "", station, what=what)
    return der


def enrol(
    transaction: Transaction, station: str, key: EllipticCurvePublicKey, rules: TrustSettings
) -> str:
    """Make a key the only one of its station, which is paired from now on; return its name."""
    stations_.end_keys(transaction, station)
    stations_.change(transaction, station, status=PAIRED, version="", software="")
    certify(transaction, station, key, rules)
    return key_id_of(key)


def withdraw(transaction: Transaction, station: str) -> None:
    """Let an open code be good no more."""
    transaction.connection.execute(delete(pairings).where(pairings.c.station == station))


def _take_in(
    transaction: Transaction,
    station: str,
    key: EllipticCurvePublicKey,
    csr_hash: bytes,
    rules: TrustSettings,
) -> None:
    key_id = enrol(transaction, station, key, rules)
    transaction.connection.execute(
        update(pairings)
        .where(pairings.c.station == station)
        .values(csr_hash=csr_hash, key_id=key_id)
    )
    transaction.record("station_paired", "", station)


def _certificate(transaction: Transaction, station: str) -> bytes:
    found: bytes = transaction.connection.execute(
        select(station_keys.c.certificate)
        .join(pairings, pairings.c.key_id == station_keys.c.key_id)
        .where(pairings.c.station == station)
    ).scalar_one()
    return found


def _bound_to(station: str) -> str:
    return f"pairing {station}"
