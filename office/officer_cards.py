"""Makes the officers' cards of a laid-out office, binds them, and puts them into their hands."""

from collections.abc import Mapping
from typing import Any

from backend.commands.officer_cards import give
from backend.transaction import Transaction
from common.domain.clock import system_clock
from hardware.simulation.chip import blank_officer_card, powered
from hardware.smartcard.officer_card import OfficerCard
from hardware.smartcard.officer_card_making import make
from office.bench_client import BenchClient
from office.commands.trust import operate
from office.layout import OFFICERS, Layout


def officer_hand(officer_id: str) -> str:
    """The hand that holds an officer's card."""
    return f"officer-{officer_id}"


def give_officer_cards(layout: Layout, bench: BenchClient) -> None:
    """Give each officer a card, once for an office; bench and backend must be there."""
    if any(thing["data"].get("officer") for thing in bench.things()):
        return
    made = {officer.id: _made(layout, officer.id) for officer in OFFICERS}
    certificates = {officer_id: certificate for officer_id, (_, certificate) in made.items()}
    operate(
        layout.folder / "backend" / "backend.toml",
        lambda transaction, _settings: _bind(transaction, certificates),
    )
    for officer_id, (memory, _) in made.items():
        data = {"label": f"officer card {officer_id}", "officer": officer_id, "chip": memory}
        bench.make("card", f"hand.{officer_hand(officer_id)}", data)


def _bind(transaction: Transaction, certificates: Mapping[str, bytes]) -> None:
    for officer_id, certificate in certificates.items():
        give(transaction, officer_id, certificate, "backend", None)


def _made(layout: Layout, officer_id: str) -> tuple[dict[str, Any], bytes]:
    number = [officer.id for officer in OFFICERS].index(officer_id) + 1
    memory = blank_officer_card(f"0F{number:014d}")
    certificate = make(
        OfficerCard(powered(memory, lambda: None)),
        officer_id,
        manager_key=bytes.fromhex(memory["manager_key"]),
        pin=layout.pins[officer_id],
        begins=system_clock(),
    )
    return memory, certificate
