"""Officers' cards in memory, and what they sign."""

from datetime import UTC, datetime
from typing import Any

from hardware.simulation.chip import blank_officer_card, powered
from hardware.smartcard.officer_card import OfficerCard
from hardware.smartcard.officer_card_making import make

PIN = "246802"


def made_card(officer_id: str, serial: str = "0F" * 8) -> tuple[dict[str, Any], bytes]:
    """Make an officer's card; its memory, and its certificate."""
    memory = blank_officer_card(serial)
    certificate = make(
        card_of(memory),
        officer_id,
        manager_key=bytes.fromhex(memory["manager_key"]),
        pin=PIN,
        begins=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return memory, certificate


def card_of(memory: dict[str, Any]) -> OfficerCard:
    """Give a card power."""
    return OfficerCard(powered(memory, lambda: None))
