"""What a person could do at each simulated device just now. Pure: the panel shows and does it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the panel.

    Attributes:
        key: The text's key; values fill it.
        device: The role of the device, for the second line.
        verb: What the bench is asked to do, with arguments; a verb that begins with "person:" is
            the person's own part (showing a letter, a face, a finger).
    """

    key: str
    device: str
    verb: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)


FAULTS = {
    "unplugged": ("office-pull-plug", "office-plug-in"),
    "jammed": ("office-jam", "office-unjam"),
    "line_slow": ("office-slow-line", "office-line-sound"),
    "line_mute": ("office-mute-line", "office-line-sound"),
    "line_garbled": ("office-garble-line", "office-line-sound"),
}
"""The faults that the panel offers, and the words for beginning and ending each; the bench's
control has all of them."""


def actions(devices: Sequence[State], things: Sequence[State], hands: str) -> tuple[Action, ...]:
    """List what the person with these hands can do at one station, and then what can go wrong."""
    held = [thing for thing in things if thing["place"] == f"hand.{hands}"]
    acts: list[Action] = []
    faults: list[Action] = []
    for device in devices:
        name = str(device["name"])
        acts += _by_kind(device, name, held, hands)
        faults += _faults(device, name)
    return (*acts, *faults)


def _by_kind(device: State, name: str, held: Sequence[State], hands: str) -> Iterator[Action]:
    cards = [thing for thing in held if thing["kind"] == "card"]
    papers = [thing for thing in held if thing["kind"] == "paper"]
    match device["kind"]:
        case "mjpeg" | "sbi_face" if name == "camera":
            yield Action("office-look", name, "person:face")
            yield Action("office-show-letter", name, "person:letter")
            for paper in papers if device["kind"] == "mjpeg" else ():
                yield Action(
                    "office-show-paper", name, "show", _label(paper), {"thing": paper["id"]}
                )
            if device["sees_something"]:
                yield Action("office-step-away", name, "clear")
        case "crt571" | "k720":
            if device["gate"]:
                yield Action("office-take-card", name, "take", {}, {"hand": hands})
            elif device["entry_open"]:
                for card in cards:
                    yield Action(
                        "office-insert-card", name, "insert", _label(card), {"thing": card["id"]}
                    )
            if name == "card_unit" and device["station"].startswith("booth"):
                yield Action("office-load-blanks", name, "person:blanks")
        case "r30x" | "sbi_finger":
            if device.get("finger") or device.get("sees_something"):
                yield Action("office-lift", name, "lift")
            else:
                yield Action("office-right-thumb", name, "person:finger", {}, {"position": 1})
                yield Action("office-left-thumb", name, "person:finger", {}, {"position": 6})
                yield Action("office-other-finger", name, "person:finger", {}, {"position": 10})
        case "escpos" if device["mouth"]:
            yield Action("office-take-paper", name, "take", {}, {"hand": hands})
        case "form_printer" | "ipp_printer" if device["tray"]:
            yield Action("office-take-paper", name, "take", {}, {"hand": hands})
        case "document_reader" if device["document"]:
            yield Action("office-take-card", name, "take", {}, {"hand": hands})
        case "document_reader":
            for card in cards:
                yield Action("office-lay-card", name, "lay", _label(card), {"thing": card["id"]})
        case "modbus_signals":
            for watched in device["inputs"]:
                for key, verb in (("office-open-input", "open"), ("office-shut-input", "close")):
                    yield Action(key, name, verb, {"input": watched}, {"input": watched})
        case "modbus_collector":
            for paper in papers:
                yield Action(
                    "office-insert-form", name, "insert", _label(paper), {"thing": paper["id"]}
                )
            yield Action("office-take-paper", name, "take", {}, {"hand": hands})
        case "cabinet":
            for slot in device["open"]:
                yield from _slot(device, name, int(slot), cards, hands)
                yield Action("office-close-slot", name, "close", {"slot": slot}, {"slot": slot})
        case "magazine" if not device["service_door_open"]:
            yield Action("office-open-door", name, "open_service_door")
        case "magazine":
            for slot in range(1, 5):
                yield from _slot(device, name, slot, cards, hands)
            yield Action("office-close-door", name, "close_service_door")


def _slot(
    device: State, name: str, slot: int, cards: Sequence[State], hands: str
) -> Iterator[Action]:
    if str(slot) in device["items"]:
        yield Action(
            "office-take-from-slot", name, "take", {"slot": slot}, {"slot": slot, "hand": hands}
        )
        return
    for card in cards:
        yield Action(
            "office-put-card",
            name,
            "put",
            {"slot": slot, **_label(card)},
            {"slot": slot, "thing": card["id"]},
        )


def _faults(device: State, name: str) -> Iterator[Action]:
    """What can go wrong with the device, and what has gone wrong and can be mended."""
    for fault, (begins, ends) in FAULTS.items():
        if fault in device["faults"]:
            yield Action(ends, name, "fault", {}, {"fault": fault, "on": False})
        elif fault in device["can_fail"]:
            yield Action(begins, name, "fault", {}, {"fault": fault, "on": True})


def _label(thing: State) -> dict[str, str | int]:
    return {"label": str(thing["data"].get("label", "?"))}
