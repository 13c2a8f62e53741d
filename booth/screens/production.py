"""What a producing officer meets."""

from typing import assert_never

from booth.duties import production as duty
from booth.duties.production import (
    AskingForCard,
    AtGate,
    Binning,
    CabinetChosen,
    ChoosingPlace,
    Chosen,
    Faulty,
    Feeding,
    GiveOutAsked,
    GivingOut,
    GivingUpSlot,
    KioskChosen,
    Listing,
    NextAsked,
    NotSettled,
    Opening,
    OpeningSlot,
    Personalising,
    ProduceAsked,
    PutIntoSlot,
    Settling,
    StoreAsked,
    Stored,
    Verifying,
    Work,
)
from booth.duties.shared import BackAsked, Left, Note, TryAgainAsked
from booth.screens import HERE, samples
from booth.screens.assessment import work_list
from booth.screens.values import card_face, noted
from booth.screens.working import AGAIN, BACK, HOME, Button, instruction, working
from common.ui.screen import Screen
from common.wire.shapes import CaseView

NEXT = Button("next", "booth-next-card", NextAsked())
REMAKE = Button("again", "booth-make-another", TryAgainAsked())
ELSEWHERE = Button("back", "booth-place-elsewhere", BackAsked())
TO_KIOSK = Button("kiosk", "booth-place-kiosk", KioskChosen())
TO_CABINET = Button("cabinet", "booth-place-cabinet", CabinetChosen())


def screen_for(state: duty.State) -> Screen:
    """Return what the window shows in a state of the duty."""
    match state:
        case Settling():
            return working("booth-busy-settling", "card")
        case NotSettled(note):
            return instruction("production_trouble", "warning", HOME, AGAIN, note=note)
        case Listing():
            return working("booth-busy-listing", "form")
        case Work(rows, note):
            return work_list("production", rows, note, StoreAsked())
        case Opening():
            return working("booth-busy-opening", "form")
        case Chosen(case, note):
            return _produce(case, note)
        case GivingOut():
            return working("booth-busy-giving-out", "card")
        case Feeding():
            return working("booth-busy-feeding", "card")
        case Personalising():
            return working("booth-busy-personalising", "card")
        case Verifying():
            return working("booth-busy-verifying", "card")
        case Binning():
            return working("booth-busy-binning", "card")
        case Faulty(_, note):
            return instruction("card_faulty", "warning", NEXT, REMAKE, note=note)
        case AtGate(_, note):
            again = [AGAIN] if note is not None else []
            return instruction("take_finished_card", "card", *again, note=note)
        case ChoosingPlace(_, note):
            return instruction("choose_place", "home", TO_KIOSK, TO_CABINET, note=note)
        case OpeningSlot() | GivingUpSlot():
            return working("booth-busy-slot", "lock")
        case PutIntoSlot(_, slot, note):
            return _put(slot, note)
        case Stored(_, slot):
            return _stored(slot)
        case AskingForCard():
            return instruction("insert_finished_card", "card", BACK)
        case Left():
            return working("booth-busy-opening")
        case _:
            assert_never(state)


def _produce(case: CaseView, note: Note | None) -> Screen:
    return Screen(
        HERE / "produce_card.qml",
        {
            "receipt": case.receipt_number or "",
            "face": card_face(case),
            "fingers": len({finger.position for finger in case.fingers}),
            "blocked": note is Note.CHANNEL_BLOCKED,
            **noted(note),
        },
        {
            "produce": lambda _: ProduceAsked(),
            "give_out": lambda _: GiveOutAsked(),
            "back": lambda _: BackAsked(),
        },
    )


def _put(slot: int, note: Note | None) -> Screen:
    again = [AGAIN] if note is not None else []
    return instruction("put_into_slot", "lock", ELSEWHERE, *again, note=note, number=str(slot))


def _stored(slot: int | None) -> Screen:
    if slot is None:
        return instruction("card_stored", "home", NEXT, variant="-kiosk")
    return instruction("card_stored", "check", NEXT, number=str(slot))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    case = samples.approved()
    states: dict[str, duty.State] = {
        "work": Work(samples.rows()),
        "trouble": NotSettled(Note.DEVICE_ABSENT),
        "produce": Chosen(case),
        "produce-blocked": Chosen(case, Note.CHANNEL_BLOCKED),
        "personalising": Personalising(case),
        "faulty": Faulty(case, Note.CHIP_FAULTY),
        "gate": AtGate(case),
        "place": ChoosingPlace(case),
        "put": PutIntoSlot(case, 3),
        "put-wrong": PutIntoSlot(case, 3, Note.WRONG_SLOT),
        "stored": Stored(case, 3),
        "stored-kiosk": Stored(case, None),
        "ask": AskingForCard(),
    }
    return {name: screen_for(state) for name, state in states.items()}
