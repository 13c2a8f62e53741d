"""Builds one station from its station.toml: devices kept open, journal, client, exchange."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from common.domain.clock import Clock, system_clock
from common.domain.staff_call import is_same
from common.journal.journal import Journal
from common.station.config import (
    ConfigError,
    DeviceConfig,
    StationConfig,
    journal_key,
    read,
)
from common.station.identity import load
from common.station.membership import Membership
from common.station.officer_cards import KeptOfficerCards
from common.station.pairing import client_of
from common.station.vigilance import Vigilance
from common.sync.exchange import Exchange
from common.wire.facts import Fact, What, new_id
from common.wire.live import StationState, StationStatus
from common.wire.shapes import OfficerSession
from hardware.catalog import Kind, driver, make
from hardware.core.device import Health
from hardware.core.keeper import Keeper
from hardware.core.rounds import Rounds

logger = logging.getLogger(__name__)

CLOSING = "closing"
"""Under this name the journal keeps why staff took the station out of service."""


class Station:
    """What a program stands on. Device threads come from its visit driver's lanes.

    Attributes:
        end_status: With what the program ends when staff end it; None while nobody did.
    """

    def __init__(self, config: StationConfig, clock: Clock = system_clock) -> None:
        self.config = config
        self.clock = clock
        identity = load(config)
        self.journal = Journal(config.data / "journal.db", journal_key(config.data))
        self.client = client_of(config, identity, clock)
        self._membership = Membership(config, identity, self.client, clock)
        self._keepers = {device.name: _keeper(device) for device in config.devices.values()}
        self.exchange = Exchange(self.journal, self.client, self.status)
        kinds = {device.name: _kind(config, device) for device in config.devices.values()}
        self._rounds = Rounds(tuple(self._keepers.values()), look=Vigilance(kinds).look)
        self.officer_cards = KeptOfficerCards(self.journal, self.client, clock)
        self.end_status: int | None = None
        self._staff_called_at: datetime | None = None
        self._staff_attended: datetime | None = None

    @classmethod
    def from_file(cls, file: Path) -> "Station":
        """Build the station that file describes.

        Raises:
            ConfigError: The file is wrong, or the station is not paired.
            JournalError: The journal does not open.
        """
        return cls(read(file))

    def device(self, name: str) -> Keeper[Any]:
        """Return the keeper of the device in this role.

        Raises:
            ConfigError: station.toml names no such device.
        """
        try:
            return self._keepers[name]
        except KeyError:
            raise ConfigError(f"{self.config.file}: there is no [devices.{name}]") from None

    def fact(self, case_id: UUID, what: What, officer: OfficerSession | None = None) -> Fact:
        """Make a fact that happened here and now."""
        return Fact(
            id=new_id(),
            what=what,
            case_id=case_id,
            station=self.config.name,
            officer=officer.officer_id if officer else None,
            at=self.clock(),
        )

    def record(self, case_id: UUID, *whats: What, officer: OfficerSession | None = None) -> None:
        """Write what happened into the journal, on the disk when this returns, and send it soon."""
        self.journal.put(
            *(self.fact(case_id, what, officer) for what in whats),
            officer_token=officer.token if officer else None,
        )
        self.exchange.poke()

    @property
    def closing(self) -> str:
        """Why staff took the station out of service; empty where they did not. It outlasts us."""
        return self.journal.kept(CLOSING)

    def close_for(self, closing: str) -> None:
        """Take the station out of service, or with an empty word into service again."""
        self.journal.keep(CLOSING, closing)
        self.exchange.poke()

    def call_staff(self) -> bool:
        """Call staff to this station; they are told at once where the line is up.

        Whoever calls again within a minute has called once. Any thread may call; nothing waits.

        Returns:
            Whether the line is up, so that somebody is told.
        """
        now = self.clock()
        if not is_same(self._staff_called_at, now):
            self._staff_called_at = now
            logger.info("staff are called")
            self.exchange.poke()
        return self.exchange.online

    def staff_came(self) -> None:
        """Note that an officer is at this station: whoever called is attended."""
        if self._staff_attended != self._staff_called_at:
            self._staff_attended = self._staff_called_at
            self.exchange.poke()

    def devices(self) -> dict[str, Health]:
        """Ask every device how it is, by its role."""
        return {name: keeper.health() for name, keeper in self._keepers.items()}

    def status(self) -> StationStatus:
        """Say which devices are out, as the last look found them, and when staff were called."""
        out = tuple(name for name, keeper in self._keepers.items() if keeper.fault)
        if self.closing:
            out = ()
        return StationStatus(
            state=self._state(len(out)),
            devices_out=out,
            staff_called_at=self._staff_called_at,
            staff_attended=self._staff_attended,
        )

    def _state(self, how_many_out: int) -> StationState:
        if self.closing:
            return StationState.OUT_OF_ORDER
        if not how_many_out:
            return StationState.OPEN
        all_out = how_many_out == len(self._keepers)
        return StationState.OUT_OF_ORDER if all_out else StationState.LIMITED

    def start(self) -> None:
        """Begin to send what waits, and to look after the devices."""
        self._membership.start()
        self.exchange.start()
        self._rounds.start()
        self.officer_cards.start()

    def stop(self) -> None:
        """Release everything; what was not sent stays in the journal."""
        self._membership.stop()
        self.officer_cards.stop()
        self.exchange.stop()
        self._rounds.stop()
        for keeper in self._keepers.values():
            keeper.close()
        self.journal.close()


def _kind(config: StationConfig, device: DeviceConfig) -> Kind:
    try:
        return driver(device.driver).kind
    except ValueError as error:
        raise ConfigError(f"{config.file}: [devices.{device.name}]: {error}") from None


def _keeper(device: DeviceConfig) -> Keeper[Any]:
    return Keeper(
        device.name,
        lambda: make(device.driver, device.address, device.options),
        lambda message: logger.warning("%s: %s", device.name, message),
    )
