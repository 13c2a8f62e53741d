"""Random faults at document readers: no document is lost, none is taken for the one before."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

import tests.support.hardware  # noqa: F401 (takes the pause out of closing a socket)
from hardware.core.errors import DeviceError
from hardware.simulation.world import World
from tests.contract.rigs import RIGS
from tests.support.rigs import NAME
from tests.support.schedules import SCHEDULES, Trouble
from tests.support.zones import TD1, TD2, TD3

DOCUMENTS = (TD1, TD2, TD3)
FAULTS = {
    "elyctis": (
        *("unreadable", "truncated", "wrong_digit", "double_send", "not_rearmed", "slow_bytes"),
        *("line_mute", "line_chopped", "unplugged"),
    ),
    "hid_reader": (
        *("unreadable", "truncated", "wrong_digit", "double_send", "lost_report"),
        *("line_mute", "line_garbled", "line_cut", "line_chopped", "unplugged"),
    ),
}
WAIT_S = 0.12


@pytest.mark.timeout(3600)
def test_a_sound_zone_is_always_that_of_the_document_on_the_glass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.document_reader.elyctis.ANSWER_S", 0.06)
    sound = flawed = missed = 0
    for seed in range(SCHEDULES):
        name = sorted(FAULTS)[seed % 2]
        rig = next(rig for rig in RIGS if rig.driver == name)
        with rig.running(tmp_path / str(seed)) as running:
            trouble = Trouble(running.simulated, seed, FAULTS[name])
            reader = running.make()
            for lines in trouble.dice.sample(DOCUMENTS, 3):
                trouble.strike()
                card = running.world.add("card", "hand.visitor", {"label": "", "zone": list(lines)})
                read = attempt(reader, running.simulated, card.id)
                assert places(running.world) == [f"{NAME}.glass"]
                running.simulated.act("take", {"hand": "bag"})
                assert card.place == "hand.bag"
                card.data.clear()
                running.world.move(card, "elsewhere")
                if read is None:
                    missed += 1
                elif read.is_sound:
                    assert read.lines == lines
                    sound += 1
                else:
                    flawed += 1
            trouble.end()
            reader.close()
            reader.open()
            running.rig.ask(reader)
    print(f"\n{SCHEDULES} schedules: {sound} sound, {flawed} flawed, {missed} not read")
    assert sound


def attempt(reader: Any, simulated: Any, card: str) -> Any:
    """Wait, while the card is laid at once; None where nothing was read."""
    laid = Event()

    class Laying(Event):
        """Lays the card when the driver first looks whether it was cancelled."""

        def is_set(self) -> bool:
            if not laid.is_set():
                laid.set()
                simulated.act("lay", {"thing": card})
            return super().is_set()

    try:
        reader.open()
        return reader.wait_for_document(WAIT_S, Laying())
    except DeviceError:
        reader.close()
        return None
    finally:
        if not laid.is_set():
            simulated.act("lay", {"thing": card})


def places(world: World) -> list[str]:
    return [thing.place for thing in world.all() if thing.place != "elsewhere"]
