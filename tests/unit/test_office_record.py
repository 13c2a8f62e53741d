import json

import pytest

from office.record import Record


def test_a_day_is_summed_up(tmp_path):
    record = Record(tmp_path)
    with record.step("tag-1", "take tag"):
        pass
    record.screen("tag-1-welcome-en", b"png")
    record.paper("slip-en.png", b"png")
    record.summarise(applicants=3, collected=1, handed_off=1)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert (summary["collected"], summary["handed_off"], summary["lost"]) == (1, 1, 1)
    assert summary["steps"][0]["station"] == "tag-1"
    assert summary["steps"][0]["seconds"] >= 0
    for kind in ("screens", "papers"):
        (file,) = summary[kind]
        assert (tmp_path / kind) in type(tmp_path)(file).parents


def test_touches_and_processor_time_belong_to_the_step_they_came_in(tmp_path):
    used = iter((1.0, 1.5))
    record = Record(tmp_path, processor_s=lambda _station: next(used))
    record.touched("tag-1")
    with record.step("tag-1", "take tag"):
        record.touched("tag-1")
        record.touched("bench-1")
        record.touched("tag-1")
    assert record.steps[0]["touches"] == 2
    assert record.steps[0]["processor_s"] == 0.5
    assert record.table().splitlines()[1].split() == [
        "tag-1",
        "take",
        "tag",
        "1",
        "2",
        *record.table().split()[-2:],
    ]


def test_a_step_that_failed_is_no_step(tmp_path):
    record = Record(tmp_path)
    with pytest.raises(ZeroDivisionError), record.step("tag-1", "take tag"):
        _ = 1 / 0
    assert not record.steps


def test_a_thing_is_new_once(tmp_path):
    record = Record(tmp_path)
    assert [record.is_new("a"), record.is_new("a"), record.is_new("b")] == [True, False, True]
