from dataclasses import dataclass

from common.flow.draw import dead_ends, draw
from common.flow.machine import Stay, Step, Visit


@dataclass(frozen=True)
class At:
    place: str


def next_step(state, event):
    if event == "ask again":
        return Step(state, ("look",))
    return Step(At(event), (f"work at {event}",))


def make():
    tasks: list[tuple[str, Stay]] = []
    shown: list[At] = []
    visit = Visit(
        At("door"), next_step, lambda task, stay: tasks.append((task, stay)), shown.append
    )
    return visit, tasks, shown


def test_a_step_shows_its_state_and_hands_out_its_tasks():
    visit, tasks, shown = make()
    visit.happened("desk")
    assert shown == [At("desk")]
    assert [task for task, _ in tasks] == ["work at desk"]


def test_a_late_answer_is_dropped():
    visit, tasks, _ = make()
    visit.happened("desk")
    _, stay = tasks[0]
    visit.happened("exit")
    visit.answered("desk", stay)
    assert visit.state == At("exit")
    assert stay.left.is_set()


def test_the_same_state_goes_on_in_the_same_stay():
    visit, tasks, shown = make()
    visit.happened("desk")
    visit.happened("ask again")
    assert tasks[0][1] is tasks[1][1]
    assert shown == [At("desk")]


def test_a_drawing_shows_arrows_and_dead_ends():
    drawing = draw(next_step, [At("a")], ["b", "ask again"], label=str)
    assert drawing.splitlines()[0] == "stateDiagram-v2"
    assert dead_ends("stateDiagram-v2\n    A --> B: x\n") == {"B"}
