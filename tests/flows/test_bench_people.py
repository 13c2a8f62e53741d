"""Random applicants with random faults at the bench: each ends at a welcome that knows nobody.

What the bench keeps is played back as a backend would hold it, so a form goes on where it stopped.
"""

import os
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from common.domain.chinese_codes import characters_for
from common.flow.machine import Visit
from common.wire.shapes import Particulars
from kiosk_registration import bench_flow as flow
from kiosk_registration.bench_flow import NoForm
from kiosk_registration.chinese_name import choices
from kiosk_registration.form import FormKind, fields_of, filled, pages_of
from kiosk_registration.screens.bench_choice import screen_for

PEOPLE = int(os.environ.get("SMARTICS_BENCH_PEOPLE", "150"))
TODAY = date(2026, 3, 1)
WORDS = ("CHAN", "TAI MAN", "HONG KONG", "CHINESE", "CLERK", "1 SAMPLE STREET, 16/F")
STEPS = 120
FAULTS = (flow.PersonLeft(), flow.EquipmentFailed(), flow.AskedForStaff(), flow.CameraMissing())


@dataclass
class Office:
    """What the backend holds, and the visits to benches that read and write it."""

    random: random.Random
    forms: dict[UUID, Particulars] = field(default_factory=dict)
    kept: list[tuple[UUID, Particulars]] = field(default_factory=list)
    tasks: deque[tuple[Any, Any]] = field(default_factory=deque)

    def bench(self) -> Visit[Any, Any, Any]:
        self.tasks.clear()
        return Visit(
            flow.Welcome(),
            flow.next_step,
            lambda task, stay: self.tasks.append((task, stay)),
            lambda _state: None,
        )

    def answer(self, case: UUID, visit: Visit[Any, Any, Any]) -> None:
        """Do what the flow asked, as the bench's devices and journal would, or fail at it."""
        while self.tasks:
            task, stay = self.tasks.popleft()
            match task:
                case flow.FetchForm():
                    self._fetch(case, visit, stay)
                case flow.KeepPage(form) | flow.KeepForm(form) | flow.HandOver(form):
                    self.forms[form.case_id] = form.particulars
                    self.kept.append((form.case_id, form.particulars))
                    if not isinstance(task, flow.KeepPage):
                        visit.answered(flow.FormKept(), stay)

    def _fetch(self, case: UUID, visit: Visit[Any, Any, Any], stay: Any) -> None:
        if self.random.random() < 0.1:
            visit.answered(flow.FormNotFetched(self.random.choice(list(NoForm))), stay)
            return
        visit.answered(flow.FormFetched(flow.Form(case, "A001", self.forms[case], TODAY)), stay)


def typed(hands: random.Random, name: str, choices_of: tuple[str, ...]) -> str:
    if choices_of:
        return hands.choice(choices_of)
    if name == "date_of_birth":
        return f"{hands.randint(1, 28):02}{hands.randint(1, 12):02}{hands.randint(1930, 2025)}"
    if name == "telephone":
        return str(hands.randint(10**7, 10**8 - 1))
    if name == "district":
        return hands.choice(("SHA TIN", "WAN CHAI", ""))
    return hands.choice(WORDS)


def next_touch(hands: random.Random, state: Any) -> Any:
    """What the person does on the screen of this state; now and then something goes wrong."""
    if hands.random() < 0.03:
        return hands.choice(FAULTS)
    match state:
        case flow.Welcome():
            return hands.choice((flow.TagShown("tag"), flow.OtherCodeShown(), flow.CameraBack()))
        case flow.Filling(form, page):
            words = {
                one.name: typed(hands, one.name, one.choices)
                for one in fields_of(page, form.kind)
                if hands.random() < 0.9
            }
            particulars = filled(form.particulars, words, TODAY)
            make = hands.choice((flow.PageFilled, flow.PageFilled, flow.FieldTyped, None))
            return make(particulars) if make else flow.WentBack()
        case flow.NamingInChinese(form, place=int(place)):
            return flow.CodeChosen(hands.choice(choices(form.particulars, place)))
        case flow.NamingInChinese(sought=str(sought)) if characters_for(sought):
            return flow.CharacterTaken(hands.choice(characters_for(sought)))
        case flow.NamingInChinese():
            sought = hands.choice(("can", "7115", "NLDW", "zzz"))
            return hands.choice(
                (
                    flow.CharactersSought(sought),
                    flow.CharacterChosen(hands.randrange(6)),
                    flow.CharacterDropped(),
                    flow.NameDone(),
                    flow.NameDone(),
                )
            )
        case flow.Reviewing():
            wanted = hands.choice((None, 0, 3, 5))
            return hands.choice((flow.FormConfirmed(), flow.PageChosen(wanted), flow.WentBack()))
        case flow.Declaring():
            return hands.choice((flow.Declared(), flow.Declared(), flow.WentBack()))
        case flow.ChoosingHow():
            return hands.choice((flow.OfficerWanted(), flow.LeftForLater(), flow.WentBack()))
        case _:
            return flow.ReadLongEnough()


@pytest.mark.parametrize("batch", range(5))
def test_everybody_leaves_a_bench_that_knows_nobody_and_nothing_typed_is_lost(batch):
    done = handed_over = 0
    for number in range(PEOPLE // 5):
        hands = random.Random(1000 * batch + number)
        office = Office(hands)
        case = UUID(int=number + 1)
        office.forms[case] = Particulars()
        visit = office.bench()
        visit.happened(flow.Started())
        last: Particulars | None = None
        for _ in range(STEPS):
            before = visit.state
            event = next_touch(hands, before)
            visit.happened(event)
            assert screen_for(visit.state, TODAY).qml.exists()
            now = getattr(visit.state, "form", None)
            if now is not None:
                assert now.case_id == case
                last = now.particulars
            office.answer(case, visit)
            done += isinstance(visit.state, flow.FormDone)
            handed_over += isinstance(visit.state, flow.HandedOver)
            if last is not None and isinstance(visit.state, flow.Welcome | flow.AskStaff):
                assert office.forms[case] == last, "what was on the screen is kept"
        visit.happened(flow.PersonLeft())
        office.answer(case, visit)
        for _ in range(3):
            visit.happened(flow.ReadLongEnough())
            office.answer(case, visit)
        assert visit.state in (flow.Welcome(), flow.Welcome(camera=False))
        assert {kept for kept, _ in office.kept} <= {case}
        form = Particulars.model_validate(office.forms[case].model_dump())
        codes, name = form.chinese_codes.split(), form.chinese_name
        assert not codes or len(codes) == len(name)
    assert done
    assert handed_over


def test_a_child_s_form_has_no_gap_that_nobody_asks_for():
    for kind in FormKind:
        asked = {one.name for page in pages_of(kind) for one in fields_of(page, kind)}
        words = {
            "date_of_birth": {"adult": "01011980", "youth": "01012012", "child": "01012020"}[kind]
        }
        for name in asked - {"date_of_birth"}:
            words[name] = typed(random.Random(1), name, ())
        words |= {"sex": "F"} | ({"marital_status": "single"} if "marital_status" in asked else {})
        assert not filled(Particulars(), words, TODAY).missing()
