"""What people's hands do at any simulated device: hold things, give them, take them."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.world import ImpossibleError, Thing, World

HAND = "hand."


def hand_place(arguments: Mapping[str, Any]) -> str:
    """Return the place of the hand that an act names, as "hand.NAME" or NAME."""
    hand = str(arguments["hand"])
    return hand if hand.startswith(HAND) else HAND + hand


def thing_in_hand(world: World, thing_id: str, kind: str) -> Thing:
    """Find the thing that a person is about to give away.

    Raises:
        ImpossibleError: It is in no hand, or it is of another kind.
    """
    thing = world.get(thing_id)
    if not thing.place.startswith(HAND):
        raise ImpossibleError("it is in no hand")
    if thing.kind != kind:
        raise ImpossibleError(f"a {thing.kind} does not fit here")
    return thing


def take_all(world: World, place: str, hand: str) -> dict[str, Any]:
    """Move all that lies at place into a hand; returns their ids."""
    with world.lock:
        things = world.at(place)
        for thing in things:
            world.move(thing, hand)
        return {"things": [thing.id for thing in things]}


def take_one(world: World, place: str, hand: str) -> dict[str, Any]:
    """Move the thing that lies at place into a hand; returns its id."""
    with world.lock:
        thing = world.one_at(place)
        if thing is None:
            raise ImpossibleError("there is nothing to take")
        world.move(thing, hand)
        return {"thing": thing.id}
