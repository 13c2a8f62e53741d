"""Mishaps in any order while one person after the other collects a card at a real kiosk.

Hypothesis chooses what hands, wires and power do; the kiosk's program, drivers, journal and backend
are real. After each step the two hands are looked at; at the end everything is mended, and the
kiosk has to come to rest with the backend knowing where the card is. SMARTICS_MISHAPS says how many
such days are played; each step of one is a touch, a hand or a mishap.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from kiosk_collection import events as e
from kiosk_collection import visit as v
from tests.support.backend_office import office_settings, running_office
from tests.support.collection_floor import Floor
from tests.support.collection_kiosk import collection_kiosk

DAYS = int(os.environ.get("SMARTICS_MISHAPS", "2"))
STEPS = 14
OFFICERS = ("reg-officer", "assessor", "maker")
BREAKS = [
    ("presenter", "jammed"),
    ("presenter", "unplugged"),
    ("presenter", "sensor_broken"),
    ("intake", "jammed"),
    ("intake", "unplugged"),
    ("intake", "mute"),
    ("magazine", "unplugged"),
    ("ticket_printer", "unplugged"),
]


@pytest.fixture(scope="module")
def floor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mishaps")
    with (
        running_office(office_settings(folder, OFFICERS)) as office,
        collection_kiosk(folder / "kiosk", office) as kiosk,
    ):
        kiosk.until(v.Welcome)
        yield Floor(kiosk)


class Day(RuleBasedStateMachine):
    """One errand among mishaps."""

    floor: Floor

    def __init__(self) -> None:
        super().__init__()
        self.errand = self.floor.errand()
        self.state = self.floor.kiosk.state
        self.floor.hand("intake", "insert", thing=self.errand.old.id)

    def _go_on(self) -> None:
        for _ in range(4):
            self.floor.check_instant(self.errand)
            if not self.floor.pump(0.15):
                break
        self.floor.check_instant(self.errand)

    @rule()
    def time_passes(self) -> None:
        self._go_on()
        self._go_on()

    @rule()
    def the_holder_shows_face_and_finger(self) -> None:
        self.floor.kiosk.stand_before(self.errand.who)
        self.floor.hand("finger_scanner", "lift")
        self.floor.kiosk.place_finger(self.errand.who, 1)
        for _ in range(6):
            self._go_on()

    @rule(event=st.sampled_from([e.SaidRight(), e.SaidRight(), e.SaidWrong(), e.PersonLeft()]))
    def a_touch(self, event: e.Event) -> None:
        self.floor.kiosk.tell(event)
        self._go_on()

    @rule(event=st.sampled_from([e.MoreTimeWanted(), e.Finished(), e.AskedForStaff()]))
    def another_touch(self, event: e.Event) -> None:
        self.floor.kiosk.tell(event)
        self.floor.kiosk.tell(event)
        self._go_on()

    @rule()
    def the_new_card_is_taken(self) -> None:
        self.floor.hand("presenter", "take", hand="person")
        self._go_on()

    @rule()
    def the_old_card_is_taken(self) -> None:
        self.floor.hand("intake", "take", hand="person")
        self._go_on()

    @rule(fault=st.sampled_from(BREAKS))
    def something_breaks(self, fault: tuple[str, str]) -> None:
        self.floor.break_down(*fault)
        self._go_on()

    @rule()
    def it_is_mended(self) -> None:
        self.floor.mend()
        self._go_on()

    @rule(answers_only=st.booleans())
    def the_line_is_lost(self, answers_only: bool) -> None:
        self.floor.lose_line(answers_only=answers_only)
        self._go_on()

    @rule(calls=st.integers(0, 25))
    def the_power_fails(self, calls: int) -> None:
        self.floor.fuse.left = calls
        self._go_on()

    def teardown(self) -> None:
        floor, kiosk = self.floor, self.floor.kiosk
        floor.mend()
        floor.restart()
        floor.until(lambda state: isinstance(state, v.Welcome), self._to_an_end)
        if not floor.kiosk.place_of(self.errand.old).startswith("hand"):
            floor.until(lambda state: isinstance(state, v.Welcome), self._to_an_end)
        floor.check_rest(self.errand)
        floor.clear_away(self.errand)
        assert isinstance(kiosk.state, v.Welcome)

    def _to_an_end(self, state: v.State) -> None:
        self.floor.check_instant(self.errand)
        match state:
            case v.TakeDocument():
                self.floor.hand("intake", "take", hand="person")
            case v.Ended() | v.Collected():
                self.floor.kiosk.tell(e.Finished())


@pytest.mark.timeout(300 + 120 * DAYS)
def test_whatever_happens_one_hand_is_empty(floor):
    Day.floor = floor
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=DAYS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
