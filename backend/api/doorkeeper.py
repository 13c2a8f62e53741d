"""Opens requests that stations signed: whose key it is, whether it is this request, and only once.

What is kept in memory here cannot become wrong: a key's name is its own hash. Whether the key still
counts is asked of the store, in each command's own transaction, so a revocation counts at once and
in every process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from fastapi import Request
from sqlalchemy import delete

from backend.commands import station as stations
from backend.schema.trust_tables import spent_nonces
from backend.store import Store
from backend.transaction import Refusal, Transaction
from common.domain.clock import Clock
from common.wire.signatures import Claim, Message, claim_of, is_genuine

_MOST_KEYS = 20_000
_MOST_NONCES = 400_000
_LONGEST_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that is what its station signed. Whether the key counts is still to be asked."""

    claim: Claim
    idempotency_key: str
    officer_token: str


class Nonces:
    """The numbers that were used within the time in which a signature is good.

    Two generations, each as long as that time: what is older than both is refused by its clock.
    """

    def __init__(self, life: timedelta, most: int = _MOST_NONCES) -> None:
        self._life, self._most = life, most
        self._begun: datetime | None = None
        self._new: set[str] = set()
        self._old: set[str] = set()

    def spend(self, nonce: str, now: datetime) -> None:
        """Use a number.

        Raises:
            Refusal: It was used before, or more are in use than may be kept.
        """
        if self._begun is None or now - self._begun >= self._life:
            # After a long silence both generations are too old.
            is_next = self._begun is not None and now - self._begun < 2 * self._life
            self._old = self._new if is_next else set()
            self._new, self._begun = set(), now
        if nonce in self._new or nonce in self._old:
            raise Refusal(401, "replayed", "a signed request is good once")
        if len(self._new) >= self._most:
            raise Refusal(503, "busy")
        self._new.add(nonce)


class Doorkeeper:
    """Checks the signature of each request. It lives on the loop's thread."""

    def __init__(self, store: Store, clock: Clock, skew: timedelta) -> None:
        self._store, self._clock, self._skew = store, clock, skew
        self._keys: dict[str, EllipticCurvePublicKey] = {}
        # A signature is good from skew before to skew after the moment that it names.
        self._nonces = Nonces(2 * skew)

    async def open(self, request: Request) -> Signed:
        """Return what a request proves.

        Raises:
            Refusal: It is not signed, not by a key that was ever given, changed, too old or used.
        """
        headers = _single(request)
        claim = claim_of(headers.get("signature-input", ""))
        key = None if claim is None else await self._key(claim.key_id)
        if claim is None or key is None:
            raise Refusal(401, "station_unknown")
        message = Message(
            method=request.method,
            path=request.scope["raw_path"].decode("latin-1"),
            query=request.scope["query_string"].decode("latin-1"),
            body=await request.body(),
            idempotency_key=headers.get("idempotency-key"),
            officer=headers.get("x-officer"),
        )
        digest, signature = headers.get("content-digest", ""), headers.get("signature", "")
        if not is_genuine(message, digest, headers["signature-input"], signature, key):
            raise Refusal(401, "station_unknown")
        self._check_moment(claim)
        return Signed(claim, message.idempotency_key or "", message.officer or "")

    def _check_moment(self, claim: Claim) -> None:
        now = self._clock()
        if abs(now.timestamp() - claim.created) > self._skew.total_seconds():
            # Told only to who has the key: the station can then say by how much it is wrong.
            raise Refusal(401, "clock_wrong", now.isoformat(timespec="seconds"))
        self._nonces.spend(claim.nonce, now)

    async def _key(self, key_id: str) -> EllipticCurvePublicKey | None:
        known = self._keys.get(key_id)
        if known is not None:
            return known
        found = await self._store.read(partial(stations.public_key, key_id=key_id))
        if found is not None:
            if len(self._keys) >= _MOST_KEYS:
                self._keys.clear()
            self._keys[key_id] = found
        return found


def forget_nonces(transaction: Transaction) -> None:
    """Drop spent numbers whose signatures are too old to be used again."""
    transaction.connection.execute(
        delete(spent_nonces).where(spent_nonces.c.at < transaction.now - _LONGEST_LIFE)
    )


def _single(request: Request) -> dict[str, str]:
    """Return the headers by name; one that came twice is none, for either might be meant."""
    found: dict[str, str] = {}
    twice = set()
    for name, value in request.headers.items():
        if name in found:
            twice.add(name)
        found[name] = value
    return {name: value for name, value in found.items() if name not in twice}
