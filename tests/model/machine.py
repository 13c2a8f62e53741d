"""A disk, mechanics and a person around the real program of a collection kiosk, all at will.

Real are the flow, its performing desk, the release with its book, and the desks of the equipment.
The model is what is around them: each motion may be made or not and its answer lost, each look at
a sensor may stay unanswered, the power may fail before and after everything that lasts, the person
takes what lies there, or does not, at any moment between two of these.
"""

import json
import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from common.domain.card import CardMove, CardState, after
from common.domain.case import OldDocument
from common.journal.journal import Motion
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.shapes import CaseView, Recipient
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from kiosk_collection.release_book import KIND
from kiosk_collection.screens.samples import case
from tests.model.explorer import Explorer
from tests.model.prints import books_of, stack_of
from tests.support.card_desks import trust

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
POCKET = 3
TRUST = trust()
MOTIONS = {
    "magazine.unlock",
    "presenter.feed",
    "presenter.hold_at_gate",
    "presenter.draw_in",
    "presenter.capture",
    "intake.hold_at_gate",
    "intake.capture",
    "collector.keep",
    "collector.give_back",
}
OPENINGS = {"intake.accept", "collector.accept"}
LOOKS = {
    "magazine.slot",
    "presenter.status",
    "intake.status",
    "collector.position",
}
AT_REST = {("hand", "bin"), ("bin", "hand"), ("pocket", "hand")}
_CARD_OF = case().card
BELIEVED = case().model_copy(
    update={
        "recipient": Recipient(by="face_and_finger"),
        "card": None if _CARD_OF is None else _CARD_OF.model_copy(update={"slot": POCKET}),
    }
)


class BrokenPromiseError(AssertionError):
    """The protocol let something happen that it never may."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """All that a power cut leaves: where card and document are, and what the books say.

    Attributes:
        new: pocket, feeder, inside, gate, hand, bin. old: held, offered, hand, bin.
        motions: The journal's open motions, as JSON. facts: What is told to the backend, in order.
    """

    new: str = "pocket"
    old: str = "held"
    motions: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    is_reserved: bool = False
    has_begun: bool = False


@dataclass(frozen=True, slots=True)
class ModelFact:
    """A fact by its id and its name."""

    id: UUID
    name: str

    def model_copy(self, update: Mapping[str, Any]) -> "ModelFact":
        """Return the same fact with another id."""
        return replace(self, **update)


def promise(so: bool, words: str) -> None:
    """Complain where a promise is broken."""
    if not so:
        raise BrokenPromiseError(words)


class RunsProgram(Protocol):
    """The program upon a machine; Program is."""

    has_opened: bool

    def run(self) -> None:
        """Serve one person, from the power's coming back to the next person."""
        ...

    def stand(self) -> Hashable:
        """Return what the program holds in memory."""
        ...


class Machine:
    """What lasts, and one run of the program upon it. The explorer chooses what happens."""

    def __init__(
        self,
        explorer: Explorer,
        lasting: Lasting,
        document: OldDocument,
        program_of: Callable[["Machine"], "RunsProgram"],
    ) -> None:
        self.explorer = explorer
        self.document = document
        self.new, self.old = lasting.new, lasting.old
        self.motions = {
            UUID(i): Motion(UUID(i), kind, json.loads(b)) for i, kind, b in lasting.motions
        }
        self.facts = {UUID(i): name for i, name in lasting.facts}
        self.is_reserved = lasting.is_reserved
        self.has_begun = lasting.has_begun
        self.program = program_of(self)

    def lasting(self) -> Lasting:
        """Return what a power cut would leave now."""
        motions = tuple((str(m.id), m.kind, json.dumps(m.body)) for m in self.motions.values())
        facts = tuple((str(i), name) for i, name in self.facts.items())
        return Lasting(self.new, self.old, motions, facts, self.is_reserved, self.has_begun)

    # What the explorer chooses

    def choose(self, *options: str) -> str:
        """Let this go one way or the other."""
        return self.explorer.choose(options, self.state)

    def state(self) -> Hashable:
        """Return all that decides how it goes on: what lasts, and where the program stands."""
        stand = self.program.stand()
        return (
            self.world(),
            books_of(self.motions.values(), self.facts.values()),
            stand,
            stack_of(sys._getframe(3)),
        )

    def do(self, name: str, motion: Callable[[], Any]) -> Any:
        """Make one call, with whatever may come between."""
        self._person_may_take(name)
        if name in LOOKS:
            if self.choose("seen", "silent") == "silent":
                raise DeviceAbsentError("no answer")
            return motion()
        if name in OPENINGS:
            self.program.has_opened = True
            raise RequestCancelledError("the next person comes")
        if name not in MOTIONS:
            return motion()
        how = self.choose("moves", "jams", "lost")
        if how == "jams":
            raise DeviceFaultError("jam")
        self.power_may_fail()
        motion()
        self.check()
        self.power_may_fail()
        if how == "lost":
            raise DeviceTimeoutError("the answer was lost")
        return None

    def write(self, change: Callable[[], Any]) -> Any:
        """Write into a book that lasts: wholly, or not at all."""
        self.power_may_fail()
        answer = change()
        self.check()
        self.power_may_fail()
        return answer

    def power_may_fail(self) -> None:
        """Let the power fail here; it comes back in a run of its own."""
        self.explorer.power_may_fail(
            lambda: (
                (self.world(), books_of(self.motions.values(), self.facts.values())),
                self.lasting(),
            )
        )

    def world(self) -> Hashable:
        """Return where everything is."""
        return (self.new, self.old, self.is_reserved, self.has_begun)

    def _person_may_take(self, name: str) -> None:
        """Ask just before a sensor or a motor of the same slot: until then nothing can tell."""
        at_presenter = name.startswith("presenter")
        if (
            at_presenter
            and self.new == "gate"
            and self.choose("leaves-card", "takes-card") == "takes-card"
        ):
            self.new = "hand"
            self.check()
        if (
            not at_presenter
            and self.old == "offered"
            and self.choose("leaves-old", "takes-old") == "takes-old"
        ):
            self.old = "hand"
            self.check()

    # What must hold

    def check(self) -> None:
        """Hold at every instant."""
        names = list(self.facts.values())
        promise(not (self.new in ("gate", "hand") and self.old in ("offered", "hand")), "both out")
        promise(self.old != "bin" or self.new == "hand", "the old document was swallowed")
        promise(CardMove.ISSUE not in names or self.new == "hand", "issued, and not taken")
        promise("old_document_captured" not in names or self.old == "bin", "told as kept, is not")
        promise(len(names) == len(set(names)), "a fact is told twice")
        self.custody()

    def make_fact(self, _case_id: UUID, what: Any, _officer: Any = None) -> ModelFact:
        """Name what happened, in place of the whole fact; each has an id of its own."""
        name = getattr(what, "move", None) or what.kind
        return ModelFact(UUID(int=len(self.facts)), name)

    def custody(self) -> CardState:
        """Return where the backend takes the card to be; each move must be lawful."""
        state = CardState.RESERVED if self.is_reserved else CardState.STORED
        for name in self.facts.values():
            if isinstance(name, CardMove):
                reached = after(state, name)
                promise(reached is not None, f"{name} from {state}")
                state = reached or state
        return state

    def check_rest(self) -> None:
        """Hold when the next person may come."""
        promise(not [m for m in self.motions.values() if m.kind == KIND], "a release is open")
        promise((self.new, self.old) in AT_REST, f"at rest with {self.new} and {self.old}")
        told = set(self.facts.values())
        state = self.custody()
        if self.new == "hand":
            promise(state is CardState.ISSUED, f"taken, and {state}")
            promise("old_document_captured" in told, "kept, and not told")
        elif self.new == "bin":
            promise(state in (CardState.RETAINED, CardState.FAULTY), f"in the bin, and {state}")
            promise("handed_off" in told, "nobody is told that the person waits")
        else:
            promise(state is CardState.STORED, f"in its pocket, and {state}")


class ModelJournal:
    """The journal's promises: what returned is on the disk, all or nothing."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def intend(self, kind: str, body: Mapping[str, Any], _at: datetime) -> Motion:
        """Begin a motion."""
        motion = Motion(UUID(int=len(kind)), kind, json.loads(json.dumps(dict(body))))
        return self.machine.write(lambda: self.machine.motions.setdefault(motion.id, motion))

    def note(self, motion: Motion, **progress: Any) -> Motion:
        """Note how far a motion has come."""
        body = json.loads(json.dumps({**motion.body, **progress}))
        noted = Motion(motion.id, motion.kind, body)

        def change() -> Motion:
            self.machine.motions[motion.id] = noted
            return noted

        return self.machine.write(change)

    def put(self, *facts: ModelFact) -> None:
        """Tell facts; the same one twice is one."""
        self.machine.write(lambda: self._tell(facts))

    def ended(self, motion: Motion, *facts: ModelFact, officer_token: str | None = None) -> None:
        """End a motion and tell its facts."""
        assert officer_token is None

        def change() -> None:
            del self.machine.motions[motion.id]
            self._tell(facts)

        self.machine.write(change)

    def open_motions(self) -> tuple[Motion, ...]:
        """Return what was begun and not ended."""
        return tuple(self.machine.motions.values())

    def _tell(self, facts: tuple[ModelFact, ...]) -> None:
        for fact in facts:
            self.machine.facts.setdefault(fact.id, fact.name)


class ModelBackend:
    """The commands that a visit needs; the line may fail before and after each."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def reserve(self, _card_id: UUID, _request: Any, **_more: Any) -> None:
        """Reserve the card; asked again by the same station it is the same reservation."""
        machine = self.machine
        how = machine.choose("reserved", "unreachable", "lost", "refused")
        if how == "unreachable":
            raise BackendUnreachableError("ConnectionError")
        if how == "refused" and not machine.is_reserved:
            raise RefusedError(409, "not_stored")
        machine.is_reserved = True
        if how == "lost":
            raise BackendUnreachableError("ConnectionError")

    def find_case(self, _by: Any) -> CaseView | None:
        """Return the case, in which the person is believed or not."""
        return BELIEVED
