"""Keeps a station paired: says hello when it starts, and renews its key long before the end."""

import logging
from base64 import b64encode
from threading import Event, Thread

from common.domain.clock import Clock
from common.station.config import ConfigError, StationConfig
from common.station.identity import Identity, adopt, store_of
from common.station.software import software
from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.wire.trust import RenewRequest

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0


class Membership:
    """One thread that looks now and then; `look` is what it does each time."""

    def __init__(
        self, config: StationConfig, identity: Identity, client: BackendClient, clock: Clock
    ) -> None:
        self._config, self._client, self._clock = config, client, clock
        self._identity = identity
        self._has_greeted = False
        self._ended = Event()
        self._thread = Thread(target=self._run, name="membership", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a request in progress ends with its time limit."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(0.5)

    def look(self) -> None:
        """Do what is due; what fails is due again at the next look."""
        try:
            if self._clock() >= self._identity.renewal_due:
                self._renew()
            if not self._has_greeted:
                self._client.hello(software())
                self._has_greeted = True
        except BackendUnreachableError as error:
            logger.info("membership waits: %s", error)
        except (RefusedError, ConfigError) as error:
            logger.error("the key was not renewed: %s", error)  # noqa: TRY400 (its words are enough)

    def _renew(self) -> None:
        key = store_of(self._config).make_next()
        answer = self._client.renew(RenewRequest(csr=b64encode(key.request(self._config.name))))
        self._identity = adopt(self._config, key, answer.certificate)
        self._client.signer = self._identity.signer(self._clock)
        # The next hello, with the new key, ends the old one.
        self._has_greeted = False
        logger.info("the station's key was renewed")

    def _run(self) -> None:
        while not self._ended.is_set():
            self.look()
            self._ended.wait(LOOK_EVERY_S)
