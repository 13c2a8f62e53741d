"""The real program of a collection kiosk upon a machine that the explorer moves."""

from collections import deque
from collections.abc import Callable, Hashable
from threading import Event
from types import SimpleNamespace
from typing import Any

from common.domain.case import OldDocument
from common.domain.language import Language
from common.domain.queue import HandOffReason
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.flow.machine import Stay, Visit
from hardware.core.errors import (
    DeviceError,
)
from kiosk_collection import events as e
from kiosk_collection import tasks as k
from kiosk_collection import visit as v
from kiosk_collection.documents import CardEscrow, FormEscrow
from kiosk_collection.flow import next_step
from kiosk_collection.perform import CollectionDesk
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.screens.samples import NEW_CARD
from tests.model.machine import (
    BELIEVED,
    NOW,
    TRUST,
    BrokenPromiseError,
    Machine,
    ModelBackend,
    ModelJournal,
)
from tests.model.prints import print_of
from tests.support.card_desks import NoZones
from tests.support.collection_world import (
    Direct,
    ModelCollector,
    ModelIntake,
    ModelMagazine,
    ModelPresenter,
)


class ModelDesk(CollectionDesk):
    """The real desk; what a chip says, and paper, are no part of this protocol."""

    machine: Machine

    def _read_new_card(self, *_: Any) -> v.NewCard | HandOffReason:
        chip = self.machine.choose("sound", "faulty", "mute")
        if chip == "sound":
            return NEW_CARD
        faulty = chip == "faulty"
        return HandOffReason.NEW_CARD_FAULTY if faulty else HandOffReason.EQUIPMENT_FAILED

    def _print_slip(self, *_: Any) -> bool:
        return True


class _Empty:
    """The other mouth, which nobody uses."""

    new, old = "", "hand"

    def do(self, _name: str, motion: Callable[[], Any]) -> Any:
        """Answer without any trouble."""
        return motion()


class _Always(Event):
    """A wait that is over at once."""

    def wait(self, timeout: float | None = None) -> bool:
        """Let no time pass; whether the stay was left is_set tells."""
        return timeout is None or self.is_set()


class AtOnce(Stay):
    """A stay in which no time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.left = _Always()


class Program:
    """The real program from its start to the welcome, with its tasks done one after the other."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.tasks: deque[tuple[k.Task, Stay]] = deque()
        self.has_opened = False
        is_card = machine.document is OldDocument.OLD_CARD
        intake, collector = (machine, _Empty()) if is_card else (_Empty(), machine)
        escrows = {
            OldDocument.OLD_CARD: CardEscrow(
                Direct(ModelIntake(intake)), NoZones(), TRUST, "sck-1.intake"
            ),
            OldDocument.ACKNOWLEDGEMENT: FormEscrow(
                Direct(ModelCollector(collector)), Direct(None), "sck-1.form_collector"
            ),
        }
        journal, backend = ModelJournal(machine), ModelBackend(machine)
        magazine = Magazine(Direct(ModelMagazine(machine)), drop_timeout_s=0.0)
        presenter = PresenterDesk(Direct(ModelPresenter(machine)), NoZones(), TRUST)
        parts: dict[str, Any] = {
            "journal": journal,
            "backend": backend,
            "magazine": magazine,
            "presenter": presenter,
            "escrows": escrows,
            "make_fact": machine.make_fact,
            "clock": lambda: NOW,
            "location": "sck-1.presenter",
        }
        self.station = SimpleNamespace(
            journal=journal,
            client=backend,
            exchange=SimpleNamespace(poke=lambda: None, flush=lambda _s: True),
            config=SimpleNamespace(name="sck-1", office="HQ"),
            record=lambda case_id, *whats: journal.put(
                *[machine.make_fact(case_id, w) for w in whats]
            ),
        )
        desk_parts: dict[str, Any] = {
            "station": self.station,
            "intake": escrows[OldDocument.OLD_CARD],
            "forms": escrows[OldDocument.ACKNOWLEDGEMENT],
            "faces": None,
            "fingers": None,
            "magazine": magazine,
            "presenter": presenter,
            "slips": None,
            "release": ReleaseDesk(**parts),
            "staff": None,
            "language": lambda: Language.ENGLISH,
            "clock": lambda: NOW,
            "new_card_taken_s": 0.0,
            "look_again_s": 0.0,
        }
        self.desk = ModelDesk(**desk_parts)
        self.desk.machine = machine
        self.visit: Visit[v.State, e.Event, k.Task] = Visit(
            v.StartingUp(), next_step, lambda *task: self.tasks.append(task), lambda _: None, AtOnce
        )

    def stand(self) -> Hashable:
        """Return what the program holds in memory."""
        desk = self.desk
        tasks = tuple(print_of(task) for task, _ in self.tasks)
        memory = (desk._slip_for is not None, desk._taken_in, desk._probe is not None)
        return (print_of(self.visit.state), tasks, memory)

    def run(self) -> None:
        """Switch on, serve the one person, and end at the welcome for the next."""
        if self.machine.has_begun:
            self.visit.happened(e.SwitchedOn())
        else:
            self.machine.has_begun = True
            self.visit.state = v.Welcome()
            self.visit.happened(e.DocumentIn(self.machine.document))
        while not (self.has_opened and isinstance(self.visit.state, v.Welcome)):
            if self.tasks:
                self._do(*self.tasks.popleft())
            else:
                self.visit.happened(self._person())
        self.machine.check_rest()

    def _do(self, task: k.Task, stay: Stay) -> None:
        if stay.left.is_set() and not isinstance(task, k.RecordIdentified | k.Forget):
            return
        try:
            event = self._answer(task, stay)
        except (DeviceError, LookupError):
            event = e.EquipmentFailed()
        is_asked = isinstance(task, k.AwaitNewCardTaken) and task.is_last
        if is_asked and self.machine.choose("is-silent", "wants-time") == "wants-time":
            # Just before the answer: it comes too late, whatever was done for it.
            self.visit.happened(e.MoreTimeWanted())
        if event is not None:
            self.visit.answered(event, stay)

    def _answer(self, task: k.Task, stay: Stay) -> e.Event | None:
        """Read, look and feel at once: only the release is explored."""
        match task:
            case k.Read(document):
                self.desk._taken_in = document
                found = BELIEVED.model_copy(update={"old_document": document})
                return e.CaseFound(v.Visit(document, found, v.Place.HERE))
            case k.CheckFace():
                return e.FaceAccepted()
            case k.CheckFinger():
                return e.FingerMatched()
            case k.Accept(document) if document is not self.machine.document:
                return None
            case k.LookAgainLater():
                return e.TimeToLookAgain()
        return self.desk.perform(task, stay)

    def _person(self) -> e.Event:
        match self.visit.state:
            case v.IsThisRight():
                says = self.machine.choose("right", "wrong", "gone")
                if says == "right":
                    return e.SaidRight()
                return e.SaidWrong() if says == "wrong" else e.PersonLeft()
            case v.Ended() | v.Collected():
                return e.Finished()
            case state:
                raise BrokenPromiseError(f"nobody does anything in {type(state).__name__}")
