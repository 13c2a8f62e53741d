"""What desks read and make cards with in tests: a known country, and eyes for what is printed."""

from collections.abc import Sequence
from threading import Event
from typing import Any

from common.equipment.cards import CardTrust
from common.equipment.encoder import Issuer
from common.equipment.zones import ZoneFound, ZoneMissing
from common.station.cards import CardReading
from hardware.camera.zone_reader import ZoneQuality
from hardware.simulation.world import World
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS, diversify
from tests.support.issued_cards import TODAY, country

MASTER_KEY = bytes(range(16))


class KnownZones:
    """Sees what was printed on the card at a place of the world, without picture and camera.

    A card shows the zone that its chip was given, unless its data say otherwise: zone is another
    zone that was printed on it, "" one that nobody can read.
    """

    def __init__(self, world: World, place: str) -> None:
        self._world = world
        self._place = place
        self.is_blind = False

    def read(self, _cancelled: Event, _timeout_s: float = 4.0) -> ZoneFound | ZoneMissing:
        card = self._world.one_at(self._place)
        zone = "" if card is None or self.is_blind else printed_zone(card.data)
        if not zone:
            return ZoneMissing(ZoneQuality.NOTHING)
        return ZoneFound(zone, None)


class NoZones:
    """Sees nothing: for desks that never read a card."""

    def read(self, _cancelled: Event, _timeout_s: float = 4.0) -> ZoneFound | ZoneMissing:
        return ZoneMissing(ZoneQuality.NOTHING)


def printed_zone(data: dict[str, Any]) -> str:
    """The zone on a card: as its data say, or as its chip has it."""
    if "zone" in data:
        return str(data["zone"])
    file = data.get("chip", {}).get("files", {}).get("0101", "")
    if not file:
        return ""
    text = bytes.fromhex(file).decode("latin-1")
    return text[-90:]


def trust() -> CardTrust:
    """Believes the country of the tests, and may read fingers."""
    return CardTrust(lambda: country().trust, country().terminal(), lambda: TODAY)


def issuer() -> Issuer:
    """Makes cards of that country."""
    return Issuer(
        lambda: country().document_signer,
        lambda: (country().trust_point.encode(),),
        FACTORY_TEST_KEYS,
        lambda told: diversify(MASTER_KEY, told, 0x20),
    )


def reading(world: World, places: Sequence[tuple[str, str]]) -> CardReading:
    """Reads cards at places, given as (camera role, place)."""
    known = {role: KnownZones(world, place) for role, place in places}
    return CardReading(trust(), lambda role: known[role])
