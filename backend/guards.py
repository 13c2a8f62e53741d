"""Slows down whoever tries too often."""

import hashlib
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request

from backend.transaction import Refusal

_MINUTE = timedelta(minutes=1)
_SIGN_IN_TRIES = 5
_MOST_KEPT = 20_000


class Guard:
    """Lets each key try so many times within a while.

    It keeps hashes of keys, so that no address or name lies in memory, and at most so many of
    them: the one not seen for longest is forgotten first. It counts for its own process.
    """

    def __init__(self, most: int, within: timedelta = _MINUTE, most_kept: int = _MOST_KEPT) -> None:
        self._most = most
        self._within = within
        self._most_kept = most_kept
        self._tries: OrderedDict[bytes, deque[datetime]] = OrderedDict()

    def spend(self, key: str, now: datetime) -> None:
        """Count a try, whatever comes of it.

        Raises:
            Refusal: The key tried too often; this try is not counted.
        """
        self.check(key, now)
        self.failed(key, now)

    def check(self, key: str, now: datetime) -> None:
        """Refuse a key that tried too often.

        Raises:
            Refusal: Too many tries within the while.
        """
        tries = self._tries.get(_hash(key))
        if tries is None:
            return
        while tries and tries[0] <= now - self._within:
            tries.popleft()
        if len(tries) >= self._most:
            raise Refusal(429, "too_many_tries", "wait a while")

    def failed(self, key: str, now: datetime) -> None:
        """Count a try that went wrong."""
        hashed = _hash(key)
        self._tries.setdefault(hashed, deque(maxlen=self._most)).append(now)
        self._tries.move_to_end(hashed)
        while len(self._tries) > self._most_kept:
            self._tries.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the wrong ones."""
        self._tries.pop(_hash(key), None)


def sign_in_guard() -> Guard:
    """Return the guard that counts an officer's wrong passwords, so that nobody tries them all."""
    return Guard(_SIGN_IN_TRIES)


def source(request: Request, trusted_proxies: tuple[str, ...]) -> str:
    """Return the address that a request came from.

    A proxy that the settings trust appends to X-Forwarded-For whom it was asked by; what stands
    left of that, anybody may have written. Without a trusted proxy the header says nothing.
    """
    address = request.client.host if request.client is not None else ""
    if address not in trusted_proxies:
        return _network(address)
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed([part.strip() for part in told]):
        if hop and hop not in trusted_proxies:
            return _network(hop[:64])
    return address


def _network(host: str) -> str:
    """Return an address; of IPv6 the network, which is what one household has."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return host


def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
