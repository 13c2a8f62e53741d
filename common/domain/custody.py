"""What an office answers for besides new cards, and what no officer does alone."""

from dataclasses import dataclass
from enum import StrEnum

from common.domain.card import LAWFUL as CARD_LAW
from common.domain.card import CardMove


class Thing(StrEnum):
    """What has custody of its own: each change of it is an event with a place and a name.

    A CASE has none; two officers may confirm who its holder is.
    """

    CARD = "card"
    DOCUMENT = "document"
    BLANK = "blank"
    CASE = "case"


class DocumentState(StrEnum):
    """Where an old card or an acknowledgement form is, once it was taken from its holder."""

    CAPTURED = "captured"
    IN_BIN = "in_bin"
    COLLECTED = "collected"
    DESTROYED = "destroyed"


class DocumentMove(StrEnum):
    """What happens to a captured document."""

    PUT_IN_BIN = "put_in_bin"
    COLLECT = "collect"
    DESTROY = "destroy"


class BlankState(StrEnum):
    """Where a blank card is; its serial is the chip's."""

    IN_STOCK = "in_stock"
    USED = "used"
    SPOILED = "spoiled"
    DESTROYED = "destroyed"


class BlankMove(StrEnum):
    """What happens to a blank card."""

    USE = "use"
    SPOIL = "spoil"
    DESTROY = "destroy"


class ActionKind(StrEnum):
    """What takes effect only when a second officer confirmed what the first proposed.

    Attributes:
        OVERRIDE_ISSUE: A card goes out though a limit of the policy is passed.
        ISSUE_WITHOUT_BIOMETRICS: Two officers, not face and finger, say who the holder is.
        DESTROY: Of cards, captured documents and spoiled blanks.
        COLLECT: A bin of captured documents is emptied.
        REDIRECT: Cards go to another office.
        REVOKE: A card in its holder's hand is valid no more.
        CLOSE_LOST: A card that nobody finds is written off, and made anew.
    """

    OVERRIDE_ISSUE = "override_issue"
    ISSUE_WITHOUT_BIOMETRICS = "issue_without_biometrics"
    DESTROY = "destroy"
    COLLECT = "collect"
    REDIRECT = "redirect"
    REVOKE = "revoke"
    CLOSE_LOST = "close_lost"


@dataclass(frozen=True, slots=True)
class Edge:
    """One lawful move. action: what two officers may do with it; needed: only so."""

    thing: Thing
    state: str
    move: str
    next: str
    action: ActionKind | None = None
    needed: bool = False


_OPTIONAL = {
    CardMove.RESERVE: ActionKind.OVERRIDE_ISSUE,
    CardMove.ISSUE: ActionKind.ISSUE_WITHOUT_BIOMETRICS,
    CardMove.ISSUE_TO_PROXY: ActionKind.ISSUE_WITHOUT_BIOMETRICS,
}
_TWO_OFFICERS = {
    CardMove.DISPATCH: ActionKind.REDIRECT,
    CardMove.REVOKE: ActionKind.REVOKE,
    CardMove.WRITE_OFF: ActionKind.CLOSE_LOST,
    CardMove.DESTROY: ActionKind.DESTROY,
}

EDGES = (
    *(
        Edge(
            Thing.CARD,
            state,
            move,
            following,
            _OPTIONAL.get(move) or _TWO_OFFICERS.get(move),
            move in _TWO_OFFICERS,
        )
        for (state, move), following in CARD_LAW.items()
    ),
    Edge(Thing.DOCUMENT, DocumentState.CAPTURED, DocumentMove.PUT_IN_BIN, DocumentState.IN_BIN),
    *(
        Edge(
            Thing.DOCUMENT,
            state,
            DocumentMove.COLLECT,
            DocumentState.COLLECTED,
            ActionKind.COLLECT,
            needed=True,
        )
        for state in (DocumentState.CAPTURED, DocumentState.IN_BIN)
    ),
    Edge(
        Thing.DOCUMENT,
        DocumentState.COLLECTED,
        DocumentMove.DESTROY,
        DocumentState.DESTROYED,
        ActionKind.DESTROY,
        needed=True,
    ),
    Edge(Thing.BLANK, BlankState.IN_STOCK, BlankMove.USE, BlankState.USED),
    Edge(Thing.BLANK, BlankState.IN_STOCK, BlankMove.SPOIL, BlankState.SPOILED),
    Edge(
        Thing.BLANK,
        BlankState.SPOILED,
        BlankMove.DESTROY,
        BlankState.DESTROYED,
        ActionKind.DESTROY,
        needed=True,
    ),
)
"""All that is lawful; the database holds the same table and refuses what is not in it."""

_BY = {(edge.thing, edge.state, edge.move): edge for edge in EDGES}
MOVE_OF = {
    (Thing.CARD, ActionKind.DESTROY): CardMove.DESTROY,
    (Thing.CARD, ActionKind.REDIRECT): CardMove.DISPATCH,
    (Thing.CARD, ActionKind.REVOKE): CardMove.REVOKE,
    (Thing.CARD, ActionKind.CLOSE_LOST): CardMove.WRITE_OFF,
    (Thing.CARD, ActionKind.OVERRIDE_ISSUE): CardMove.RESERVE,
    (Thing.DOCUMENT, ActionKind.COLLECT): DocumentMove.COLLECT,
    (Thing.DOCUMENT, ActionKind.DESTROY): DocumentMove.DESTROY,
    (Thing.BLANK, ActionKind.DESTROY): BlankMove.DESTROY,
}
"""What an action does to each kind of thing."""


def edge(thing: Thing, state: str, move: str) -> Edge | None:
    """Return the lawful move, or None where there is none."""
    return _BY.get((thing, state, move))
