"""Builds what a station opens, checks and makes cards with, from [cards] and [issuing]."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from common.domain.clock import office_day
from common.equipment.cards import CardTrust, ReadsZones
from common.equipment.encoder import Issuer
from common.equipment.zones import ZoneDesk
from common.station.config import CardsConfig, ConfigError
from common.station.station import Station
from hardware.smartcard.pki.cv_authority import load_terminal, load_trust_points
from hardware.smartcard.pki.document_signers import load_document_signer
from hardware.smartcard.pki.keys import FolderKeyStore, KeyStore, KeyStoreError, secret_from
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.scp03_keys import CardManagerKeys, diversify
from hardware.smartcard.protocols.terminal_authentication import Terminal

OWN_KEY_VERSION = 0x20
"""The version under which a card keeps the manager keys of its own."""


class TrustFolder:
    """The authorities of a folder, read anew when something in it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._store = TrustStore()

    def store(self) -> TrustStore:
        """Give the authorities as the folder has them now."""
        with self._lock:
            if (seen := self._stamp()) != self._seen:
                self._store, self._seen = TrustStore.from_folder(self._folder), seen
            return self._store

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        stamps = set()
        for file in self._folder.rglob("*"):
            try:
                found = file.stat()
            except FileNotFoundError:  # replaced at this moment: the next look finds it
                continue
            stamps.add((str(file), found.st_mtime_ns, found.st_size))
        return frozenset(stamps)


@dataclass(frozen=True, slots=True)
class CardReading:
    """How a station reads cards.

    Attributes:
        zones: Gives what sees the printed side of cards, by the role of its camera.
    """

    trust: CardTrust
    zones: Callable[[str], ReadsZones]


def card_reading(station: Station) -> CardReading:
    """Build what a station that reads cards believes, sees and may read.

    Raises:
        ConfigError: station.toml has no [cards], or a key does not open.
    """
    return CardReading(_trust(station), lambda camera: ZoneDesk(station.device(camera)))


def _trust(station: Station) -> CardTrust:
    config = station.config.cards
    if config is None:
        raise ConfigError(f"{station.config.file}: there is no [cards]")
    if not config.trust.is_dir():
        raise ConfigError(f"{station.config.file}: there is no folder {config.trust}")
    return CardTrust(
        authorities=TrustFolder(config.trust).store,
        terminal=_terminal(config),
        today=lambda: office_day(station.clock()),
    )


def issuer(station: Station) -> Issuer | None:
    """Build what a station makes cards with; None where it has no [issuing].

    Raises:
        ConfigError: A key or certificate is missing or does not open.
    """
    config, cards = station.config.issuing, station.config.cards
    if config is None or cards is None:
        return None
    try:
        keys = _keys(cards, config.signer)
        load_document_signer(config.signer, keys, station.clock())
        card_key, master = bytes.fromhex(config.card_key), bytes.fromhex(config.master_key)
        return Issuer(
            signer=lambda: load_document_signer(config.signer, keys, station.clock()),
            authority=lambda: load_trust_points(cards.trust),
            card_keys=CardManagerKeys(card_key, card_key, card_key),
            own_keys=lambda told: diversify(master, told, OWN_KEY_VERSION),
        )
    except (KeyStoreError, ValueError) as error:
        raise ConfigError(f"{station.config.file}, [issuing]: {error}") from error


def _terminal(config: CardsConfig) -> Terminal | None:
    if config.terminal is None:
        return None
    try:
        return load_terminal(config.terminal, _keys(config, config.terminal))
    except KeyStoreError as error:
        raise ConfigError(f"{config.terminal}: {error}") from error


def _keys(config: CardsConfig, folder: Path) -> KeyStore:
    base = config.home
    if config.keys.startswith("pkcs11:"):
        from hardware.smartcard.pki.pkcs11_keys import (  # noqa: PLC0415 (only with a token)
            Pkcs11KeyStore,
            TokenAddress,
        )

        return Pkcs11KeyStore(*TokenAddress.parse(config.keys, base))
    return FolderKeyStore(folder, secret_from(config.keys, base))
