"""Staff's work at any kiosk: the flow, the flow around a kiosk's, and its equipment at the wire."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from common.domain.clock import HandClock
from common.domain.officer import Role
from common.flow import staff
from common.flow import staff_words as w
from common.flow.draw import dead_ends, draw
from common.flow.machine import Step
from common.flow.staff_words import Act, Closing, Refused
from common.flow.tended import AtStaffWork, Closed, ClosedForNow, StaffEntered, Tending
from common.journal.journal import Journal
from common.station.officer_cards import KeptOfficerCards, OfficerDoor
from common.station.staff import StaffMode
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.officer_cards import (
    CardSignInRequest,
    OfficerCardRow,
    OfficerCards,
    OfficerChallenge,
)
from common.wire.shapes import OfficerSession, SignInRequest
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of
from tests.support.officer_cards import PIN, made_card

LAM = w.Member("lam", "Officer Lam", (Role.COUNTER,), "token")
ALONE = w.Member("lam", "lam", (Role.COUNTER,))
REPORT = w.Report()


def after(state, *events):
    """Tell events one after the other; return the last state and all tasks asked for."""
    tasks: list[object] = []
    for event in events:
        step = staff.next_step(state, event)
        state = step.state
        tasks += step.tasks
    return state, tasks


def let_in(member=LAM):
    return after(
        w.AwaitingOfficerCard(),
        w.OfficerCardInserted(),
        w.OfficerCardFound(3),
        w.PinTyped(PIN),
        w.LetIn(member),
        w.OfficerCardAtGate(),
        w.OfficerCardTaken(),
    )


def test_the_card_is_back_in_the_hand_before_the_menu_opens():
    state, tasks = let_in()
    assert state == w.StaffMenu(LAM)
    assert tasks == [
        w.LookAtCard(),
        w.CheckPin(PIN),
        w.ReturnOfficerCard(),
        w.AwaitOfficerCardTaken(),
        w.MakeReport(),
    ]


def test_a_wrong_pin_is_asked_again_and_a_blocked_card_is_told_and_given_back():
    state, _ = after(w.TypingPin(3), w.PinTyped("111111"), w.PinWrong(1))
    assert state == w.TypingPin(1, wrong=True)
    state, tasks = after(state, w.PinTyped("111111"), w.TurnedAway(Refused.BLOCKED))
    assert state == w.ReturningOfficerCard(Refused.BLOCKED)
    assert tasks[-1] == w.ReturnOfficerCard()
    state, _ = after(state, w.OfficerCardAtGate(), w.OfficerCardTaken())
    assert state == w.NotLetIn(Refused.BLOCKED)


@pytest.mark.parametrize("event", [w.NobodyCame(), w.StaffDone()])
def test_whoever_came_by_mistake_is_let_go(event):
    state, tasks = after(w.AwaitingOfficerCard(), event)
    assert tasks == [w.ReturnOfficerCard()], "a card that came in at that moment comes out"
    assert after(state, w.OfficerCardTaken())[0] == w.StaffGone()


def test_a_card_that_is_not_taken_is_never_swallowed():
    state, _ = after(w.TakeOfficerCard(LAM), w.OfficerCardNotTaken())
    assert state == w.TakeOfficerCard(LAM, late=True)
    state, tasks = after(state, w.OfficerCardNotTaken(), w.StaffDone())
    assert state == w.TakeOfficerCard(None, late=True)
    assert w.SignOut(LAM) in tasks
    assert tasks[-1] == w.AwaitOfficerCardTaken()


def test_what_ends_the_program_is_asked_twice():
    state, tasks = after(w.StaffMenu(LAM, REPORT), w.ActChosen(Act.RESTART))
    assert (state, tasks) == (w.Confirming(LAM, Act.RESTART), [])
    assert after(state, w.WentBack())[0] == w.StaffMenu(LAM)
    assert after(state, w.SaidYes())[1] == [w.DoAct(LAM, Act.RESTART)]


def test_an_officer_whom_only_the_list_knows_has_limited_duties():
    menu = w.StaffMenu(ALONE, REPORT)
    assert after(menu, w.ActChosen(Act.SHUT_DOWN), w.OwnWorkChosen()) == (menu, [])
    assert after(menu, w.ActChosen(Act.TEST_PRINT))[1] == [w.DoAct(ALONE, Act.TEST_PRINT)]


def test_an_officer_who_walks_away_is_signed_out():
    for state in (w.StaffMenu(LAM), w.ChoosingReason(LAM), w.Confirming(LAM, Act.RESTART)):
        assert after(state, w.StaffDone()) == (w.SigningOut(LAM), [w.SignOut(LAM)])


STATES: list[w.StaffState] = [
    w.AwaitingOfficerCard(),
    w.LookingAtCard(),
    w.TypingPin(3),
    w.CheckingPin(),
    w.TypingPassword(),
    w.CheckingPassword(),
    w.ReturningOfficerCard(LAM),
    w.ReturningOfficerCard(Refused.BLOCKED),
    w.ReturningOfficerCard(None),
    w.TakeOfficerCard(LAM),
    w.TakeOfficerCard(None),
    w.NotLetIn(Refused.BLOCKED),
    w.StaffMenu(LAM, REPORT),
    w.ChoosingReason(LAM),
    w.Confirming(LAM, Act.RESTART),
    w.Doing(LAM, Act.TEST_PRINT),
    w.SigningOut(LAM),
]
EVENTS: list[w.StaffEvent] = [
    w.OfficerCardInserted(),
    w.NobodyCame(),
    w.SlotUnusable(),
    w.PasswordTyped("lam", "secret"),
    w.OfficerCardFound(3),
    w.PinTyped(PIN),
    w.PinWrong(1),
    w.LetIn(LAM),
    w.TurnedAway(Refused.UNKNOWN),
    w.OfficerCardAtGate(),
    w.OfficerCardTaken(),
    w.OfficerCardNotTaken(),
    w.Reported(REPORT),
    w.ActChosen(Act.TEST_PRINT),
    w.ActChosen(Act.SHUT_DOWN),
    w.CloseChosen(),
    w.ReasonChosen(Closing.PAPER),
    w.OwnWorkChosen(),
    w.SaidYes(),
    w.WentBack(),
    w.Acted(Act.TEST_PRINT, went_well=True, report=REPORT),
    w.StaffDone(),
    w.SignedOut(),
]


def test_every_state_has_a_way_out():
    assert dead_ends(draw(staff.next_step, STATES, EVENTS)) <= {"StaffGone", "AtOwnWork"}


@pytest.mark.parametrize("state", STATES)
def test_an_unforeseen_fault_ends_in_a_card_given_back_or_a_session_ended(state):
    for _ in range(4):
        state = staff.failed(state).state
    assert isinstance(
        state, w.StaffGone | w.SigningOut | w.NotLetIn | w.TypingPassword | w.StaffMenu
    )


def test_pin_and_password_show_in_no_log():
    for secret in (w.PinTyped("246802"), w.CheckPin("246802"), w.PasswordTyped("lam", "246802")):
        assert "246802" not in repr(secret)
    assert "token" not in repr(LAM)


# Around a kiosk's flow


@dataclass(frozen=True)
class Begin:
    pass


@dataclass(frozen=True)
class Hello:
    pass


def inner(state, event):
    match state, event:
        case Begin(), "started":
            return Step(state, ("look",))
        case Begin(), "ready":
            return Step(Hello(), ("accept",))
        case Begin(), ("own work", officer):
            return Step(f"loading by {officer}")
    return Step(state)


TENDING = Tending(
    inner,
    Begin(),
    "started",
    lambda state: isinstance(state, Hello),
    "left",
    "failed",
    lambda member: ("own work", member.officer_id),
    frozenset({Role.COUNTER}),
)


def test_staff_come_in_between_visits_only():
    assert TENDING.next_step(Begin(), StaffEntered()).state == Begin()
    entered = TENDING.next_step(Hello(), StaffEntered())
    assert entered == Step(AtStaffWork(w.AwaitingOfficerCard()), (w.AwaitOfficerCard(),))
    assert TENDING.next_step(entered.state, "ready").state == entered.state
    assert TENDING.next_step(entered.state, StaffEntered()).state == entered.state


def test_an_officer_s_card_put_in_as_the_public_s_leads_to_the_pin():
    found = TENDING.next_step(Hello(), w.OfficerCardFound(3))
    assert found == Step(AtStaffWork(w.TypingPin(3)))
    blocked = TENDING.next_step(Hello(), w.TurnedAway(Refused.BLOCKED))
    assert blocked.state == AtStaffWork(w.ReturningOfficerCard(Refused.BLOCKED))
    assert blocked.tasks == (w.ReturnOfficerCard(),), "it comes out before anything is told"


def test_when_staff_have_gone_the_kiosk_starts_up():
    gone = TENDING.next_step(AtStaffWork(w.SigningOut(LAM)), w.SignedOut())
    assert gone == Step(Begin(), ("look",))
    left = TENDING.next_step(AtStaffWork(w.StaffMenu(LAM, REPORT)), "left")
    assert left == Step(AtStaffWork(w.SigningOut(LAM)), (w.SignOut(LAM),))


def test_a_closed_kiosk_is_opened_by_staff_alone():
    closed = TENDING.next_step(Begin(), ClosedForNow(Closing.PAPER)).state
    assert closed == Closed(Closing.PAPER)
    for event in ("ready", "started", "left", "failed", ClosedForNow(Closing.PAPER)):
        assert TENDING.next_step(closed, event).state == closed
    assert isinstance(TENDING.next_step(closed, StaffEntered()).state, AtStaffWork)


def test_own_work_is_for_those_who_may():
    menu = AtStaffWork(w.StaffMenu(LAM, REPORT))
    assert TENDING.next_step(menu, w.OwnWorkChosen()).state == "loading by lam"
    other = w.Member("tech", "Tech", (Role.TECHNICIAN,), "token")
    step = TENDING.next_step(AtStaffWork(w.StaffMenu(other, REPORT)), w.OwnWorkChosen())
    assert step.state == AtStaffWork(w.SigningOut(other))


# With a card in a unit, byte for byte

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MEMORY, CERTIFICATE = made_card("lam")
UNIT = "tag-1.card_unit"


class Backend:
    """Answers as the backend would; `online` and `knows` can be turned off."""

    def __init__(self, roles: tuple[Role, ...] = (Role.COUNTER,)) -> None:
        self.online, self.knows, self.roles = True, True, roles
        self.ended: list[str] = []

    def _reached(self) -> None:
        if not self.online:
            raise BackendUnreachableError("no line")

    def challenge(self) -> OfficerChallenge:
        self._reached()
        return OfficerChallenge(challenge=b64encode(bytes(range(32))), ends_at=NOW)

    def card_sign_in(self, request: CardSignInRequest) -> OfficerSession:
        self._reached()
        if not self.knows or request.certificate != CERTIFICATE:
            raise RefusedError(403, "wrong_sign_in", "")
        assert request.challenge == bytes(range(32))
        return OfficerSession(
            token="t" * 20, officer_id="lam", display_name="Officer Lam", roles=self.roles
        )

    def sign_in(self, request: SignInRequest) -> OfficerSession:
        self._reached()
        raise RefusedError(403, "wrong_sign_in", request.officer_id)

    def officer_cards(self) -> OfficerCards:
        self._reached()
        row = OfficerCardRow(
            key_id="0" * 64,
            officer_id="lam",
            roles=self.roles,
            certificate=b64encode(CERTIFICATE),
        )
        return OfficerCards(cards=(row,) if self.knows else (), at=NOW)

    def sign_out(self, officer: str) -> None:
        self.ended.append(officer)


@pytest.fixture
def clock():
    return HandClock(NOW)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "world")


@pytest.fixture
def unit(world):
    simulated = SimulatedCardUnit(UNIT, 0, world, {"capacity": 3})
    simulated.start()
    keeper = keeper_of(Crt571(line_to(simulated), response_timeout_s=0.4))
    yield keeper
    keeper.close()
    simulated.stop()


@pytest.fixture
def kept(tmp_path, clock):
    journal = Journal(tmp_path / "journal.db", bytes(32))
    yield lambda backend: KeptOfficerCards(journal, backend, clock)
    journal.close()


def lay(world, chip):
    return world.add("card", f"{UNIT}.inside", {"label": "officer card", "chip": chip})


def test_card_pin_and_backend_let_an_officer_in(unit, world):
    lay(world, dict(MEMORY))
    door = OfficerDoor("tag-1", Backend())
    assert door.look(unit) == w.OfficerCardFound(3)
    assert door.check_pin(unit, "111111") == w.PinWrong(2)
    found = door.check_pin(unit, PIN)
    assert found == w.LetIn(w.Member("lam", "Officer Lam", (Role.COUNTER,), "t" * 20))


def test_the_public_s_card_and_a_blocked_one_open_nothing(unit, world):
    thing = lay(world, blank_chip("00" * 8))
    door = OfficerDoor("tag-1", Backend())
    assert door.look(unit) == w.TurnedAway(Refused.NOT_OFFICERS)
    thing.data["chip"] = {**MEMORY, "wrong_pins": 2}
    assert door.check_pin(unit, "111111") == w.TurnedAway(Refused.BLOCKED)
    assert door.look(unit) == w.TurnedAway(Refused.BLOCKED)
    thing.data["chip"] = {**MEMORY, "faults": {"mute": True}}
    assert door.look(unit) == w.TurnedAway(Refused.NOT_OFFICERS)


def test_only_an_officer_s_card_takes_the_public_s_way_over(unit, world):
    thing = lay(world, blank_chip("00" * 8))
    mode = StaffMode(None, OfficerDoor("tag-1", Backend()), unit, None)  # type: ignore[arg-type]
    assert mode.officer_card() is None
    thing.data["chip"] = dict(MEMORY)
    assert mode.officer_card() == w.OfficerCardFound(3)
    thing.data["chip"] = {**MEMORY, "wrong_pins": 3}
    assert mode.officer_card() == w.TurnedAway(Refused.BLOCKED)


def test_a_card_that_does_not_count_and_duties_elsewhere_are_turned_away(unit, world):
    lay(world, dict(MEMORY))
    backend = Backend()
    backend.knows = False
    assert OfficerDoor("tag-1", backend).check_pin(unit, PIN) == w.TurnedAway(Refused.UNKNOWN)
    auditor = Backend((Role.AUDITOR,))
    assert OfficerDoor("tag-1", auditor).check_pin(unit, PIN) == w.TurnedAway(Refused.NOT_ALLOWED)
    assert auditor.ended == ["t" * 20], "the session that nobody uses is ended"


def test_out_of_reach_the_kept_list_lets_in_for_half_a_day(unit, world, kept, clock):
    lay(world, dict(MEMORY))
    backend = Backend()
    cards = kept(backend)
    door = OfficerDoor("tag-1", backend, cards)
    backend.online = False
    assert door.check_pin(unit, PIN) == w.TurnedAway(Refused.NO_CONNECTION), "nothing kept yet"
    backend.online = True
    cards.fetch()
    backend.online = False
    found = door.check_pin(unit, PIN)
    assert isinstance(found, w.LetIn)
    assert found.member.is_offline
    assert door.check_pin(unit, "111111") == w.PinWrong(2)
    clock.advance(11 * 3600)
    assert isinstance(door.check_pin(unit, PIN), w.LetIn)
    clock.advance(2 * 3600)
    assert door.check_pin(unit, PIN) == w.TurnedAway(Refused.NO_CONNECTION)
    clock.advance(-20 * 3600)
    assert door.check_pin(unit, PIN) == w.TurnedAway(Refused.NO_CONNECTION), "a clock set back"


def test_a_copied_certificate_without_its_key_opens_nothing(unit, world, kept):
    stranger, _ = made_card("stranger", "0E" * 8)
    lay(world, {**stranger, "certificate": CERTIFICATE.hex()})
    backend = Backend()
    cards = kept(backend)
    cards.fetch()
    backend.online = False
    door = OfficerDoor("tag-1", backend, cards)
    assert door.check_pin(unit, PIN) == w.TurnedAway(Refused.UNKNOWN)
