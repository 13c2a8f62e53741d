"""A collection kiosk's mechanics in memory: fast, and able to fail at every single call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Protocol
from uuid import UUID

from common.domain.card import CardState
from common.domain.case import OldDocument
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.journal.journal import Journal
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import Fact, new_id
from common.wire.shapes import CardView
from hardware.cabinet.interface import Slot
from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.form_collector.interface import FormPosition
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus
from kiosk_collection.documents import CardEscrow, FormEscrow
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.release_book import Order
from tests.support.card_desks import NoZones, trust

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
POCKET = 3


class Trouble(Enum):
    """What can go wrong at one call of a device."""

    ABSENT = auto()
    JAM = auto()


@dataclass
class World:
    """Where the two things are, and what will go wrong at which call.

    new: pocket, feeder, inside, gate, hand, bin. old: held, offered, hand, bin.
    """

    troubles: Mapping[int, Trouble] = field(default_factory=dict)
    takes_new_at: frozenset[int] = frozenset()
    new: str = "pocket"
    old: str = "held"
    calls: int = 0
    names: list[str] = field(default_factory=list)
    broken: str = "nothing"
    """The device that answers nothing, until it is another one."""

    def do(self, name: str, motion: Callable[[], Any]) -> Any:
        """Make one call, with the trouble that is planned for it."""
        number, self.calls = self.calls, self.calls + 1
        self.names.append(name)
        if self.new == "gate" and number in self.takes_new_at:
            self.new = "hand"
        trouble = self.troubles.get(number)
        if trouble is Trouble.ABSENT or name.startswith(self.broken):
            raise DeviceAbsentError("no answer")
        if trouble is Trouble.JAM:
            raise DeviceFaultError("jam")
        answer = motion()
        self.never_both_out()
        return answer

    def never_both_out(self) -> None:
        """Hold at every instant, not only at the end."""
        assert not (self.new in ("gate", "hand") and self.old in ("offered", "hand")), self


class Mechanics(Protocol):
    """Where card and document are, and what is asked at each call of a device."""

    new: str
    old: str

    def do(self, name: str, motion: Callable[[], Any]) -> Any:
        """Make one call."""
        ...


class Direct(Keeper[Any]):
    """A keeper that never closes: the same device through every fault, and no pauses."""

    def __init__(self, device: Any) -> None:
        super().__init__("model", lambda: device, lambda _: None)
        self.device = device

    def use(self, action: Callable[[Any], Any]) -> Any:
        return action(self.device)


class ModelMagazine:
    def __init__(self, world: Mechanics) -> None:
        self.world = world

    def slot(self, number: int) -> Slot:
        item = Seen.YES if self.world.new == "pocket" and number == POCKET else Seen.NO
        return self.world.do("magazine.slot", lambda: Slot(number, Seen.YES, item))

    def slots(self) -> tuple[Slot, ...]:
        return (self.slot(POCKET),)

    def unlock(self, number: int) -> None:
        self.world.do("magazine.unlock", lambda: self._drop(number))

    def _drop(self, number: int) -> None:
        assert number == POCKET
        assert self.world.new == "pocket"
        self.world.new = "feeder"


class ModelPresenter:
    def __init__(self, world: Mechanics) -> None:
        self.world = world

    def status(self) -> UnitStatus:
        return self.world.do("presenter.status", self._status)

    def _status(self) -> UnitStatus:
        position = {"inside": CardPosition.INSIDE, "gate": CardPosition.GATE}
        supply = Supply.LOW if self.world.new == "feeder" else Supply.EMPTY
        return UnitStatus(position.get(self.world.new, CardPosition.NONE), supply, Seen.NO)

    def feed(self) -> None:
        self.world.do("presenter.feed", lambda: self._move("feeder", "inside"))

    def hold_at_gate(self) -> None:
        self.world.do("presenter.hold_at_gate", lambda: self._move("inside", "gate"))

    def draw_in(self) -> None:
        self.world.do("presenter.draw_in", lambda: self._move("gate", "inside", "hand"))

    def capture(self) -> None:
        self.world.do("presenter.capture", lambda: self._move("inside", "bin"))

    def disconnect(self) -> None:
        self.world.do("presenter.disconnect", lambda: None)

    def wait_taken(self, _timeout_s: float, _cancelled: object) -> None:
        self.world.do("presenter.wait_taken", self._still_there)

    def _still_there(self) -> None:
        if self.world.new == "gate":
            raise DeviceTimeoutError("it still lies there")

    def _move(self, before: str, after: str, gone: str = "") -> None:
        if self.world.new == gone:
            raise DeviceFaultError("empty")
        assert self.world.new == before, f"moved a card that lies in {self.world.new}"
        self.world.new = after


class ModelIntake:
    def __init__(self, world: Mechanics) -> None:
        self.world = world

    def status(self) -> UnitStatus:
        return self.world.do("intake.status", self._status)

    def _status(self) -> UnitStatus:
        position = {"held": CardPosition.INSIDE, "offered": CardPosition.GATE}
        return UnitStatus(position.get(self.world.old, CardPosition.NONE), Supply.UNKNOWN, Seen.NO)

    def hold_at_gate(self) -> None:
        self.world.do("intake.hold_at_gate", lambda: self._move("offered"))

    def capture(self) -> None:
        self.world.do("intake.capture", lambda: self._move("bin"))

    def disconnect(self) -> None:
        self.world.do("intake.disconnect", lambda: None)

    def accept(self, _timeout_s: float, _cancelled: object) -> None:
        self.world.do("intake.accept", lambda: None)

    def wait_taken(self, _timeout_s: float, _cancelled: object) -> None:
        self.world.do("intake.wait_taken", lambda: still_offered(self.world))

    def _move(self, after: str) -> None:
        assert self.world.old == "held"
        self.world.old = after


class ModelCollector:
    def __init__(self, world: Mechanics) -> None:
        self.world = world

    def position(self) -> FormPosition:
        at = {"held": FormPosition.ESCROW, "offered": FormPosition.MOUTH}
        return self.world.do(
            "collector.position", lambda: at.get(self.world.old, FormPosition.NONE)
        )

    def bin_full(self) -> bool:
        return self.world.do("collector.bin_full", lambda: False)

    def keep(self) -> None:
        self.world.do("collector.keep", lambda: self._move("bin"))

    def give_back(self) -> None:
        self.world.do("collector.give_back", lambda: self._move("offered"))

    def accept(self, _timeout_s: float, _cancelled: object) -> None:
        self.world.do("collector.accept", lambda: None)

    def wait_taken(self, _timeout_s: float, _cancelled: object) -> None:
        self.world.do("collector.wait_taken", lambda: still_offered(self.world))

    def _move(self, after: str) -> None:
        assert self.world.old == "held"
        self.world.old = after


def still_offered(world: Mechanics) -> None:
    """Wait for the old document to be taken, which it is or is not."""
    if world.old == "offered":
        raise DeviceTimeoutError("it still lies there")


class ModelBackend:
    """The one command, with the reservation it keeps."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reserved = False
        self.refuses = False

    def reserve(self, card_id: UUID, request: object, officer: object = None, key: object = None):
        assert request is not None
        assert officer is None
        assert key is not None
        try:
            return self.world.do("backend.reserve", lambda: self._reserve(card_id))
        except (DeviceAbsentError, DeviceTimeoutError, DeviceFaultError) as error:
            raise BackendUnreachableError("ConnectionError") from error

    def _reserve(self, card_id: UUID) -> CardView:
        if self.refuses:
            raise RefusedError(409, "not_stored")
        self.reserved = True
        return CardView(card_id=card_id, state=CardState.RESERVED, version=2)


class Kiosk:
    """The release desk over the model; start() is what a power-up does."""

    def __init__(self, journal: Journal, world: World, document: OldDocument) -> None:
        self.journal, self.world, self.document = journal, world, document
        self.backend = ModelBackend(world)
        self.order = Order(new_id(), new_id(), 1, POCKET, document)
        self.start()

    def start(self) -> None:
        """Make everything anew, as after a power cut."""
        world = self.world
        self.escrow = (
            CardEscrow(Direct(ModelIntake(world)), NoZones(), trust(), "sck-1.intake")
            if self.document is OldDocument.OLD_CARD
            else FormEscrow(Direct(ModelCollector(world)), Direct(None), "sck-1.form_collector")
        )
        self.release = ReleaseDesk(
            journal=self.journal,
            backend=self.backend,
            magazine=Magazine(Direct(ModelMagazine(world)), drop_timeout_s=0.0),
            presenter=PresenterDesk(Direct(ModelPresenter(world)), NoZones(), trust()),
            escrows={self.document: self.escrow},
            make_fact=lambda case_id, what, _officer: Fact(
                id=new_id(), what=what, case_id=case_id, station="sck-1", at=NOW
            ),
            clock=lambda: NOW,
            location="sck-1.presenter",
        )

    def facts(self) -> list[str]:
        """Name what is in the outbox, in order."""
        return [
            getattr(w.fact.what, "move", None) or w.fact.what.kind for w in self.journal.waiting()
        ]
