"""Random faults around cards: none is lost, none doubled, and no motion happens twice for one call.

Real drivers on their simulations, with hands that take and load cards between and during motions.
How many schedules: SMARTICS_SCHEDULES (tests/support/schedules.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Timer

import pytest

from hardware.core.errors import DeviceError
from hardware.simulation.line import LineFault
from hardware.simulation.world import ImpossibleError, Thing
from hardware.smartcard import crt571_line, frame_reading, k720, k720_channel, k720_line
from hardware.smartcard.interface import CardPosition
from tests.support.card_machines import MACHINES, NAME, Machine, RunningMachine
from tests.support.schedules import SCHEDULES, Trouble

CARDS, FED, STEPS = 6, 3, 5
WAIT_S = 0.03
MOTION_S = 0.06
SEEN = {"gate": CardPosition.GATE, "inside": CardPosition.INSIDE}
VERBS = ("feed", "draw_in", "hold_at_gate", "capture", "accept", "wait_taken", "connect", "status")


@pytest.fixture(params=MACHINES, ids=lambda machine: machine.name)
def machine(request: pytest.FixtureRequest) -> Machine:
    found: Machine = request.param
    return found


@contextmanager
def impatient() -> Iterator[None]:
    """While faults come and go, drivers give up soon: a late answer is one more fault."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (crt571_line, k720_line):
            patch.setattr(module, "ACK_TIMEOUT_S", 0.03)
            patch.setattr(module, "TRIES", 2)
        patch.setattr(frame_reading, "GAP_S", 0.02)
        patch.setattr(k720_line, "ANSWER_TIMEOUT_S", 0.05)
        for module in (k720, k720_channel):
            patch.setattr(module, "BEGIN_S", 0.05)
            patch.setattr(module, "LOOK_EVERY_S", 0.01)
        yield


class Hands:
    """People who do what a person could, now and then in the middle of a motion."""

    def __init__(self, running: RunningMachine, dice: Random) -> None:
        self._running = running
        self._dice = dice
        self.taken = 0
        self.loaded = 0

    def act(self) -> None:
        """Take, load, insert, or empty the bin; what the world forbids does not happen."""
        world, device = self._running.world, self._running.device
        held = [thing for thing in world.all() if thing.place.startswith("hand.")]
        deeds: list[Callable[[], object]] = [self._take]
        if held:
            card = self._dice.choice(held)
            deeds += [
                lambda: self._load(card),
                lambda: device.act("insert", {"thing": card.id}),
            ]
        if len(world.at(f"{NAME}.bin")) > 2:
            deeds.append(lambda: device.act("empty_bin", {"hand": "clerk"}))
        try:
            self._dice.choice(deeds)()
        except ImpossibleError:
            return

    def _load(self, card: Thing) -> None:
        self._running.device.act("load", {"thing": card.id})
        self.loaded += 1

    def _take(self) -> None:
        self._running.device.act("take", {"hand": "visitor"})
        self.taken += 1


def whereabouts(running: RunningMachine) -> Counter[str]:
    """How many cards lie where; each is a thing with one place, so none counts twice."""
    return Counter(thing.place.removeprefix(f"{NAME}.") for thing in running.world.all())


def call(running: RunningMachine, verb: str) -> str:
    """Call one verb of the driver; return how it ended."""
    unit = running.unit
    try:
        if verb in ("accept", "wait_taken"):
            getattr(unit, verb)(WAIT_S, Event())
        else:
            getattr(unit, verb)()
            if verb == "connect":
                unit.disconnect()
    except DeviceError as error:
        return type(error).__name__
    return "done"


def check_places(running: RunningMachine) -> None:
    cards = whereabouts(running)
    assert cards.total() == CARDS, "a card is lost"
    assert cards["gate"] + cards["inside"] <= 1, "two cards in the channel"
    assert cards["floor"] == 0, "a card was thrown out"


def step(running: RunningMachine, hands: Hands, trouble: Trouble) -> tuple[str, int]:
    """One call, with a hand or a fault that may come in its middle.

    Returns:
        How it ended, and how many cards it may draw from the feeder, now or late: a motion goes
        on where the word that stops it is lost. A card that a hand takes just before draw_in
        moves it is replaced by another one (hardware/README.md).
    """
    dice = trouble.dice
    verb = dice.choice(VERBS)
    sent, taken = running.motions_sent(), hands.taken
    running.device.slow_s = dice.choice((0.0, MOTION_S / 2, MOTION_S / 2, 3 * MOTION_S))
    meanwhile = Timer(dice.random() * MOTION_S, dice.choice((hands.act, trouble.strike)))
    happens = dice.random() < 0.6
    if happens:
        meanwhile.start()
    ended = call(running, verb)
    if happens:
        meanwhile.join()
    come_to_rest(running)
    sent = running.motions_sent() - sent
    assert sent <= 1, f"{verb} was sent twice"
    may_draw = sent if verb == "feed" or (verb == "draw_in" and hands.taken > taken) else 0
    return f"{verb} {ended}", may_draw


def come_to_rest(running: RunningMachine) -> None:
    """Wait until a motion that goes on by itself has ended."""
    while running.device.state().get("moving"):
        Event().wait(0.005)


def settled(running: RunningMachine) -> None:
    """With all faults gone, the driver says where the card is, and can give it away."""
    running.unit.close()
    running.device.set_fault("slow", on=False)
    come_to_rest(running)
    running.unit.open()
    check_places(running)
    for place in ("gate", "inside", ""):
        if not place or whereabouts(running)[place]:
            assert running.unit.status().position is SEEN.get(place, CardPosition.NONE)
            break
    running.device.act("empty_bin", {"hand": "clerk"})
    running.unit.capture()
    assert running.unit.status().position is CardPosition.NONE
    check_places(running)


def live_through(machine: Machine, folder: Path, seed: int) -> list[str]:
    with machine.running(folder, 2 * MOTION_S) as running:
        for place in ("feeder",) * FED + ("bin", "", ""):
            running.card(place)
        trouble = Trouble(running.device, seed, faults(machine))
        running.device.set_fault("slow", on=True)
        hands = Hands(running, trouble.dice)
        ended = []
        may_draw = 0
        with impatient():
            for _ in range(STEPS):
                trouble.strike()
                end, more = step(running, hands, trouble)
                ended.append(end)
                may_draw += more
                check_places(running)
                assert running.device.motions <= running.motions_sent(), f"{end}: moved twice"
                drawn = hands.loaded + FED - whereabouts(running)["feeder"]
                assert drawn <= may_draw, f"{end}: drew a card that nobody asked for"
                if end.endswith("DeviceAbsentError"):
                    running.unit.close()
                    call(running, "open")
        trouble.end()
        settled(running)
        return ended


def faults(machine: Machine) -> list[str]:
    """All but those that only take time: motions do so anyway."""
    return sorted(machine.simulation.FAULTS - {"slow", LineFault.SLOW, LineFault.CHOPPED})


def test_no_card_is_lost_or_doubled(machine: Machine, tmp_path: Path) -> None:
    counted: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        try:
            counted.update(live_through(machine, tmp_path / str(seed), seed))
        except AssertionError as error:
            raise AssertionError(f"schedule {seed} of {machine.name}: {error}") from error
    ends = Counter(each.partition(" ")[2] for each in counted.elements())
    print(f"{machine.name}: {SCHEDULES} schedules, {dict(ends)}")
    assert ends["done"] > 0
