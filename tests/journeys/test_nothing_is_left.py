"""People walk through a whole office; afterwards nobody's name is left in a kiosk.

Real programs, run as a kiosk's unit runs them (installers/kiosk: what is freed is overwritten).
When the last person has gone, the memory of every public kiosk is looked through for names,
numbers, addresses, telephone numbers, printed zones, portraits and fingers, and so are its files
and the logs.
"""

import re
from pathlib import Path

import pytest

from office.applicant import applicant
from office.bench_client import BenchClient
from office.opening import opened, play_the_day
from office.record import Record
from tests.support.memory import around, in_files, in_memory, spellings

pytestmark = [pytest.mark.night, pytest.mark.timeout(1800)]

UNIT = Path(__file__).parents[2] / "installers" / "kiosk" / "smartics-kiosk@.service"
KIOSKS = {
    "tag-1": "welcome",
    "bench-1": "bench_welcome",
    "registration-1": "welcome",
    "collection-1": "welcome",
}
IN_CHIPS = {"0102": "portrait", "0103": "fingers"}
MARK_BYTES = 32


def marks_of(number: int) -> dict[str, tuple[bytes, ...]]:
    who = applicant(number).who
    told = {
        "number": who.identity_number,
        "number without brackets": who.identity_number.replace("(", "").replace(")", ""),
        "given names": who.given_names,
        "names in a zone": f"{who.surname}<<{who.given_names}".upper().replace(" ", "<"),
        "chinese name": who.chinese_name,
        "address": who.address,
        "phone": who.phone,
    }
    return {f"{number}: {what}": spellings(text) for what, text in told.items() if text}


def marks_of_cards(bench: BenchClient) -> dict[str, tuple[bytes, ...]]:
    """What stands on the cards in the world: their printed zones, and what is in their chips."""
    marks: dict[str, tuple[bytes, ...]] = {}
    for thing in bench.things():
        chip = thing["data"].get("chip", {})
        for file, what in IN_CHIPS.items():
            content = bytes.fromhex(chip.get("files", {}).get(file, ""))
            if len(content) > 4 * MARK_BYTES:
                begin = len(content) // 2
                name = f"{what} of {chip['serial']}"
                marks[name] = (content[begin : begin + MARK_BYTES],)
        if zone := chip.get("passwords", {}).get("mrz"):
            marks[f"zone of {chip['serial']}"] = spellings(zone)
    assert {name.split()[0] for name in marks} == {"zone", *IN_CHIPS.values()}
    return marks


def test_nobody_is_left_in_a_kiosk(tmp_path, monkeypatch):
    for name, value in re.findall(
        r"^Environment=((?:PYTHON|MALLOC|GLIBC)\w*)=(.*)$", UNIT.read_text("utf-8"), flags=re.M
    ):
        monkeypatch.setenv(name, value)
    scratch = tmp_path / "run"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    people = [applicant(1), applicant(2)]
    marks = marks_of(1) | marks_of(2)
    left: dict[str, object] = {}
    with opened(tmp_path / "office", Record(tmp_path / "out")) as (office, hall):
        play_the_day(hall, people)
        assert hall.wait(
            lambda: all(office.touch[name].look().name == KIOSKS[name] for name in KIOSKS), 60
        )
        # What goes to the office goes first: the journal rests when all of it has gone.
        hall.ended.wait(8)
        marks |= marks_of_cards(office.bench)
        for name in KIOSKS:
            process = office.processes.programs[name].process
            assert process is not None
            found = {mark: n for mark, n in in_memory(process.pid, marks).items() if n}
            for mark in found:
                places = [around(process.pid, spelt)[:1] for spelt in marks[mark]]
                left[f"{name}, {mark}"] = places
            # The journal is encrypted; what a printer was sent is the printer's.
            files = in_files(tmp_path / "office" / name, marks)
            left |= {f"{name}, {file}": n for file, n in files.items() if "/spool/" not in file}
        left |= {
            f"{folder}, {file}": n
            for folder in ("office/logs", "run")
            for file, n in in_files(tmp_path / folder, marks).items()
        }
    assert not left
