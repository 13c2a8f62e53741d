"""What a supervisor meets who gives an officer a card, or ends one."""

from base64 import b64encode
from typing import assert_never

from booth.duties import officer_cards as duty
from booth.duties.officer_cards import (
    AskingRevoke,
    AwaitingCard,
    BindAsked,
    Binding,
    Cards,
    CardWaits,
    Checking,
    Clearing,
    GiveAsked,
    Listing,
    RevokeAsked,
    RevokeConfirmed,
    Revoking,
)
from booth.duties.shared import BackAsked, HomeAsked, Left, Note, TryAgainAsked
from booth.screens import HERE
from booth.screens.values import form, noted
from booth.screens.working import AGAIN, BACK, HOME, instruction, working
from common.domain.officer import Role
from common.ui.screen import Screen, Value
from common.wire.officer_cards import OfficerCardRow

NAMED_BY = 8
"""So many digits of a key tell cards apart for a person."""


def screen_for(state: duty.State) -> Screen:
    """Return what the window shows in a state of the duty."""
    match state:
        case Clearing() | Left():
            return working("booth-busy-opening")
        case Listing():
            return working("booth-busy-listing")
        case Revoking() | Checking():
            return working("booth-busy-recording", "lock")
        case CardWaits(note):
            return instruction("take_officer_card", "card", HOME, AGAIN, note=note)
        case Cards(rows, note):
            return _cards(rows, note)
        case AskingRevoke(row):
            return Screen(
                HERE / "revoke_officer_card.qml",
                {"row": _row(row)},
                {"confirm": lambda _: RevokeConfirmed(), "back": lambda _: BackAsked()},
            )
        case AwaitingCard():
            return instruction("insert_officer_card", "card", BACK)
        case Binding(tries, note):
            return Screen(
                HERE / "bind_officer_card.qml",
                {"tries": tries, **noted(note)},
                {"bind": _bind, "back": lambda _: BackAsked()},
            )
        case _:
            assert_never(state)


def _cards(rows: tuple[OfficerCardRow, ...], note: Note | None) -> Screen:
    return Screen(
        HERE / "officer_cards.qml",
        {"rows": [_row(row) for row in rows], **noted(note)},
        {
            "revoke": RevokeAsked,
            "give": lambda _: GiveAsked(),
            "again": lambda _: TryAgainAsked(),
            "home": lambda _: HomeAsked(),
        },
    )


def _row(row: OfficerCardRow) -> dict[str, Value]:
    return {
        "key_id": row.key_id,
        "card": row.key_id[:NAMED_BY],
        "officer": row.officer_id,
        "role_keys": [f"booth-role-{role}" for role in row.roles],
    }


def _bind(value: str) -> BindAsked:
    """Take officer and PIN.

    Raises:
        ValueError: No officer, or no PIN of six to eight digits.
    """
    said = form(value)
    officer, pin = said["officer"].strip(), said["pin"]
    if not officer or not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 8):
        raise ValueError("an officer, and six to eight digits")
    return BindAsked(officer, pin)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    rows = tuple(
        OfficerCardRow(
            key_id=digit * 64, officer_id=officer, roles=roles, certificate=b64encode(b"\x30\x00")
        )
        for digit, officer, roles in (
            ("a", "lam.ks", (Role.REGISTRATION,)),
            ("b", "ho.mm", (Role.PRODUCTION, Role.COUNTER)),
            ("c", "kwok.wf", (Role.SUPERVISOR,)),
        )
    )
    states: dict[str, duty.State] = {
        "list": Cards(rows, Note.CARD_GIVEN),
        "list-empty": Cards((), Note.UNREACHABLE),
        "revoke": AskingRevoke(rows[1]),
        "insert": AwaitingCard(),
        "bind": Binding(3),
        "bind-wrong": Binding(1, Note.PIN_WRONG),
        "take": CardWaits(Note.NOT_OFFICERS_CARD),
    }
    return {name: screen_for(state) for name, state in states.items()}
