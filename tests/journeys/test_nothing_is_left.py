"""People walk through a whole office; afterwards nobody's name is left in a kiosk.

Real programs, run as a kiosk's unit runs them (installers/kiosk: what is freed is overwritten).
When the last person has gone, the memory of every public kiosk is looked through for names,
numbers, addresses and telephone numbers, and so are its files and the logs.
"""

import re
from pathlib import Path

import pytest

from office.applicant import applicant
from office.opening import opened, play_the_day
from office.record import Record
from tests.support.memory import around, in_files, in_memory, spellings

pytestmark = [pytest.mark.night, pytest.mark.timeout(900)]

UNIT = Path(__file__).parents[2] / "installers" / "kiosk" / "smartics-kiosk@.service"
KIOSKS = ("tag-1", "registration-1", "collection-1")


def marks_of(number: int) -> dict[str, tuple[bytes, ...]]:
    who = applicant(number).who
    told = {
        "number": who.identity_number,
        "number without brackets": who.identity_number.replace("(", "").replace(")", ""),
        "given names": who.given_names,
        "chinese name": who.chinese_name,
        "address": who.address,
        "phone": who.phone,
    }
    return {f"{number}: {what}": spellings(text) for what, text in told.items() if text}


def test_nobody_is_left_in_a_kiosk(tmp_path, monkeypatch):
    for name, value in re.findall(
        r"^Environment=((?:PYTHON|MALLOC|GLIBC)\w*)=(.*)$", UNIT.read_text("utf-8"), flags=re.M
    ):
        monkeypatch.setenv(name, value)
    people = [applicant(1), applicant(2)]
    marks = marks_of(1) | marks_of(2)
    left: dict[str, object] = {}
    with opened(tmp_path / "office", Record(tmp_path / "out")) as (office, hall):
        play_the_day(hall, people)
        assert hall.wait(
            lambda: all(office.touch[name].look().name == "welcome" for name in KIOSKS), 60
        )
        hall.ended.wait(2)
        for name in KIOSKS:
            process = office.processes.programs[name].process
            assert process is not None
            found = {mark: n for mark, n in in_memory(process.pid, marks).items() if n}
            for mark in found:
                places = [around(process.pid, spelt, 32, 32)[:1] for spelt in marks[mark]]
                left[f"{name}, {mark}"] = places
            # The journal is encrypted; what a printer was sent is the printer's.
            files = in_files(tmp_path / "office" / name, marks)
            left |= {f"{name}, {file}": n for file, n in files.items() if "/spool/" not in file}
        left |= {
            f"logs, {file}": n for file, n in in_files(tmp_path / "office/logs", marks).items()
        }
    assert not left
