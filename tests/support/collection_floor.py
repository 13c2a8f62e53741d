"""A collection kiosk on a busy floor: people come, wires fail, the power fails, and it goes on.

Everything of the kiosk is real: the flow, its performing desk, the drivers, the journal on its
disk, a backend over HTTP. Devices are simulated at the wire. A Fuse blows within any call of a
device or of the journal; what was in memory is then gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from threading import Event, current_thread
from time import monotonic
from typing import Any

from common.sync.client import BackendUnreachableError
from hardware.simulation.people import InventedPerson, person
from hardware.simulation.world import Thing
from kiosk_collection import visit as v
from tests.support.backend_office import PARTICULARS
from tests.support.collection_kiosk import Kiosk

HOLDER = 1
"""The seed of the one face, and the fingers, that take time to make."""
MENDED_S = 5.0
STUCK_S = 60.0
"""Nothing takes so long, unless the kiosk is stuck."""
NUMBERS = count(1000)


class PowerCutError(BaseException):
    """The power is gone; no code of the program sees it."""


class Fuse:
    """Blows after so many calls on the visit's own thread; every later call finds no power."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.blown = Event()

    def guard(self, owner: Any, name: str) -> None:
        """Let the power fail before or after each call of this method of this object."""
        inner = getattr(owner, name)

        def call(*args: Any, **more: Any) -> Any:
            self._burn()
            answer = inner(*args, **more)
            self._burn()
            return answer

        setattr(owner, name, call)

    def _burn(self) -> None:
        if not current_thread().name.startswith("visit"):
            return
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.blown.set()
        if self.blown.is_set():
            raise PowerCutError


@dataclass
class Errand:
    """One person's errand: the case, the new card, and the old card in hand."""

    who: InventedPerson
    case: str
    new: Thing
    old: Thing
    pocket: int


class Floor:
    """The kiosk, and all that people and mishaps do to it."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.faults: set[tuple[str, str]] = set()
        self._wire()

    def _wire(self) -> None:
        """Put a fuse into the program that has just started, and let its clocks run fast."""
        kiosk = self.kiosk
        self.fuse = Fuse()
        for name in ("intend", "note", "put", "ended"):
            self.fuse.guard(kiosk.station.journal, name)
        for role in ("intake", "presenter", "magazine", "form_collector"):
            self.fuse.guard(kiosk.station.device(role), "use")
        kiosk.desk.new_card_taken_s, kiosk.desk.document_taken_s = 0.4, 1.0
        kiosk.desk.faces._seconds = lambda: monotonic() * 6
        self._send = kiosk.station.client._send

    # People

    def errand(
        self,
        fingers_of: int = HOLDER,
        born: str = PARTICULARS["date_of_birth"],
        twin: bool = False,
        smeared: bool = False,
    ) -> Errand:
        """Bring somebody's case to a finished card in a free pocket.

        fingers_of: The seed of whose fingers are on the new card. smeared: the old one's print is.
        """
        kiosk = self.kiosk
        number = person(next(NUMBERS)).identity_number
        who = replace(person(HOLDER), identity_number=number)
        new, old = kiosk.card_of(who, fingers_of), kiosk.card_of(who, HOLDER)
        if smeared:
            kiosk.world.get(old.id).data["zone"] = ""
        held = kiosk.devices["magazine"].state()["items"]
        pocket = next(n for n in range(2, 17) if str(n) not in held)
        return Errand(who, kiosk.ready_case(who, new, pocket, born, twin), new, old, pocket)

    def insert(self, old: Thing) -> None:
        """Push the old card in, as soon as the mouth is open."""
        while not self.hand("intake", "insert", thing=old.id):
            self.pump(0.05)
        self.until(lambda state: not isinstance(state, v.Welcome), lambda _state: None)

    def is_calm(self, errand: Errand) -> bool:
        """Tell whether nobody's card lies where the kiosk has still to see it."""
        return self.kiosk.place_of(errand.old) in ("hand.person", "intake.bin")

    def a_moment(self) -> None:
        """Be as slow as a hand is that leaves the scanner and comes back."""
        Event().wait(0.4)

    def hand(self, role: str, verb: str, **arguments: Any) -> bool:
        """Try to do something with the hands; tell whether the world allowed it."""
        return self.kiosk.try_to(role, verb, **arguments)

    # Time

    def pump(self, patience_s: float = 0.3) -> bool:
        """Let the program go on with one answer; tell whether there was one."""
        if self.fuse.blown.is_set():
            self.restart()
        return self.kiosk.take_in(patience_s)

    def until(self, done: Callable[[Any], bool], each: Callable[[Any], None]) -> None:
        """Let the program go on until it is where it should be; each acts in every state.

        Where nothing goes on for a while a technician comes, and mends what is broken.
        """
        since, seen = monotonic(), None
        while not done(self.kiosk.state):
            if self.kiosk.state is not seen:
                since, seen = monotonic(), self.kiosk.state
                each(seen)
                continue
            assert monotonic() < since + STUCK_S, f"stuck in {seen!r:.200}"
            if monotonic() > since + MENDED_S:
                self.mend()
            self.pump()

    # Mishaps

    def break_down(self, role: str, fault: str) -> None:
        """Let something be wrong with a device until it is mended."""
        self.faults.add((role, fault))
        self.kiosk.devices[role].set_fault(fault, True)

    def lose_line(self, *, answers_only: bool) -> None:
        """Let no request reach the backend, or let each be done and its answer be lost."""

        def send(*args: Any, **more: Any) -> bytes:
            if answers_only:
                self._send(*args, **more)
            raise BackendUnreachableError("the line is down")

        self.kiosk.station.client._send = send  # type: ignore[method-assign] # the line's end

    def mend(self) -> None:
        """Put everything right again."""
        for role, fault in self.faults:
            self.kiosk.devices[role].set_fault(fault, False)
        self.faults.clear()
        self.kiosk.station.client._send = self._send  # type: ignore[method-assign] # the line's end
        self.fuse.left = None

    def restart(self) -> None:
        """Let the power come back: all that was in memory is gone."""
        self.kiosk.stop()
        self.kiosk.start()
        self._wire()

    # What must hold

    def check_instant(self, errand: Errand) -> None:
        """Hold at every moment: never both out, and never the old document alone inside."""
        new, old = self.kiosk.place_of(errand.new), self.kiosk.place_of(errand.old)
        new_is_out = new in ("presenter.gate", "hand.person")
        assert not (new_is_out and old in ("intake.gate", "hand.person")), (new, old)
        assert old != "intake.bin" or new == "hand.person", (new, old)

    def check_rest(self, errand: Errand) -> bool:
        """Hold when the next person may come; tell whether this one was served."""
        kiosk = self.kiosk
        new, old = kiosk.place_of(errand.new), kiosk.place_of(errand.old)
        served = new == "hand.person"
        assert old == ("intake.bin" if served else "hand.person"), (new, old)
        assert new in ("hand.person", "presenter.bin", f"magazine.slot.{errand.pocket}"), new
        assert kiosk.station.exchange.flush(20)
        assert kiosk.station.journal.count_refused() == 0
        view = kiosk.office.find(errand.case)
        if served:
            expected = {"issued"}
        elif new == "presenter.bin":
            # A faulty one is replaced: the case's card is the next one.
            expected = {"retained", "ordered"}
        else:
            expected = {"stored"}
        assert view["card"]["state"] in expected, (new, view["card"]["state"])
        assert (view["state"] == "collected") is served
        return served

    def clear_away(self, errand: Errand) -> None:
        """Let the person go, and empty bins and pocket, as staff do, so that the day can go on."""
        kiosk = self.kiosk
        self.hand("finger_scanner", "lift")
        self.hand("camera", "clear")
        if kiosk.place_of(errand.new).startswith("magazine"):
            card = kiosk.office.find(errand.case)["card"]["card_id"]
            told = kiosk.office.move("booth-1", errand.case, card, "maker", move="fail_quality")
            assert told["outcome"] == "accepted"
        for thing in (errand.new, errand.old):
            if kiosk.place_of(thing) != "hand.person":
                kiosk.world.move(kiosk.world.get(thing.id), "hand.staff")
            # The day is long: what was dealt with leaves the world.
            kiosk.world._things.pop(thing.id)
