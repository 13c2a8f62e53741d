"""Pairs a station with its backend by a one-time code, once in its life or after a revocation."""

import hmac
import logging
from base64 import b64encode
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from common.domain.clock import Clock, system_clock
from common.station.config import ConfigError, StationConfig
from common.station.identity import Identity, adopt, store_of
from common.station.software import software
from common.sync.client import BackendClient, BackendUnreachableError
from common.sync.pairing import ask_to_pair
from common.wire.trust import (
    HelloAnswer,
    PairRequest,
    backend_proof,
    station_proof,
    stretched,
)

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)


def pair(
    config: StationConfig, code: str, clock: Clock = system_clock, at: str = ""
) -> HelloAnswer:
    """Make a key, have it certified, and say hello; return what the backend plans for the station.

    Args:
        config: The station's.
        code: As a supervisor told it.
        clock: The station's.
        at: Where to ask for the certificate, if not at the backend's address: a channel that asks
            for a certificate lets nobody in who has none yet.

    Raises:
        BackendUnreachableError: No answer came. If it was lost, the code is used: ask for another.
        RefusedError: The code is wrong, used or over.
        ConfigError: Who answered does not know the code, or plans another kind of station.
    """
    identity = _certified(config, code, at or config.backend_address)
    client = client_of(config, identity, clock)
    found = _insist(lambda: client.hello(software()))
    if (found.kind, found.office) != (config.kind, config.office):
        raise ConfigError(
            f"{config.file}: the backend plans {found.station} as a {found.kind} of {found.office}"
        )
    return found


def client_of(config: StationConfig, identity: Identity, clock: Clock) -> BackendClient:
    """Return the calls of a paired station; over https:// it believes its own authority alone."""
    is_tls = config.backend_address.startswith("https:")
    return BackendClient(
        config.backend_address,
        identity.signer(clock),
        identity.authority_file if is_tls else None,
        identity.channel if is_tls else None,
    )


def _certified(config: StationConfig, code: str, address: str) -> Identity:
    key = store_of(config).make_next()
    csr = key.request(config.name)
    secret = stretched(code, config.name)
    request = PairRequest(
        station=config.name,
        csr=b64encode(csr),
        proof=b64encode(station_proof(secret, config.name, csr)),
    )
    answer = _insist(lambda: ask_to_pair(address, request))
    proof = backend_proof(secret, csr, answer.certificate, answer.authority)
    if not hmac.compare_digest(proof, answer.proof):
        raise ConfigError(f"who answers at {address} does not know the code: it is not the backend")
    return adopt(config, key, answer.certificate, answer.authority)


def _insist(ask: Callable[[], Answer]) -> Answer:
    """Ask until an answer comes, for a quarter of a minute: the same request is answered alike."""
    for pause_s in PAUSES_S:
        try:
            return ask()
        except BackendUnreachableError as error:
            logger.info("no answer yet: %s", error)
            Event().wait(pause_s)
    return ask()
