"""After a visit nothing of the person is left in the memory of a kiosk's process.

A process of its own, as a kiosk's unit runs it (installers/kiosk: what is freed is overwritten):
real window, real flow of the tag kiosk, marks in number, tag and camera picture, and an address in
a screen's list and in the journal. It is held while the test looks through its memory from outside,
during the visit and after it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.memory import around, in_memory, spellings

pytestmark = pytest.mark.timeout(300)  # a process under a slow allocator, held again and again

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "installers" / "kiosk" / "smartics-kiosk@.service").read_text("utf-8")
ENVIRONMENT = dict(re.findall(r"^Environment=((?:PYTHON|MALLOC|GLIBC)\w*)=(.*)$", UNIT, flags=re.M))
CHILD = """
import sys
from dataclasses import replace
from datetime import datetime, UTC
from pathlib import Path
from uuid import UUID
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.queue import Service, Stage, TagStatus
from common.journal.journal import Journal
from common.ui import visit_driver, wiping
from common.ui.app import make_app
from common.ui.gallery import settle
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from common.wire.shapes import TagView
from kiosk_registration.screens.check_particulars import previews
from kiosk_tag import events, flow
from kiosk_tag.perform import lane
from kiosk_tag.screens.choice import screen_for

def told(word):
    # What comes in is spelt backwards, and let go of at once.
    return word.strip()[::-1]

def wipe_lane():
    wiping.wipe_lane()
    wiped.append(True)

visit_driver.wipe_lane = wipe_lane
wiped = []
seen = []
piece = []

def perform(task, stay):
    match task:
        case flow.LookForCard():
            # As a finger's template is read: a piece that NumPy keeps when it is freed.
            np.frombuffer(told(piece.pop()).encode(), np.uint8).copy() if piece else None
            return flow.NoCardInside()
        case flow.AskForTag():
            blank = TagView(tag_id=UUID(int=1), number="A719", token="TOKEN",
                case_id=UUID(int=2), service=Service.APPOINTMENT, stage=Stage.FORM,
                status=TagStatus.WAITING, issued_at=datetime(2026, 1, 5, tzinfo=UTC),
                wait_low_min=5, wait_high_min=15).model_dump_json()
            came = blank.replace("TOKEN", told(sys.stdin.readline()))
            return flow.TagGranted(TagView.model_validate_json(came), reprinted=False)
        case flow.PrintSlip():
            return events.SlipPrinted()
        case flow.WatchForLetter() if not seen:
            seen.append(True)
            pixels = np.zeros((480, 640, 3), np.uint8)
            pattern = np.frombuffer(told(sys.stdin.readline()).encode(), np.uint8)
            pixels[200, :, :] = np.resize(pattern, (640, 3))
            window.live.put(pixels)
            seen.append(True)
            stay.left.wait(60)
        case _:
            stay.left.wait(60)
    return None

def until(holds):
    while not holds():
        settle(20)

def show_and_write(address):
    screen = previews()["plain"]
    rows = [{"name": "address", "value": address}] * 2
    window.show(replace(screen, values={**screen.values, "rows": rows}))
    motion = journal.intend("try", {"address": address}, datetime(2026, 1, 5, tzinfo=UTC))
    settle(120)
    journal.ended(motion)
    journal.rest()  # as the exchange does when it has sent what there was

def say(word):
    settle(120)
    print(word, flush=True)
    sys.stdin.readline()

make_app()
journal = Journal(Path(sys.argv[1]), bytes(32))
window = StationWindow("tag-title", tuple(Language)[:3])
driver = VisitDriver(start=flow.StartingUp(), started=flow.Started(), next_step=flow.next_step,
    perform=perform, screen_for=screen_for, window=window, failed=flow.EquipmentFailed(),
    left=flow.PersonLeft(), lane=lane)
window.open()
driver.start()
until(lambda: isinstance(driver.visit.state, flow.Welcome))
until(lambda: len(seen) > 1)
say("picture")
driver.happened(flow.NumberChosen())
settle(200)
for letter in told(sys.stdin.readline()):
    QTest.sendKeyEvent(QTest.KeyAction.Click, window.view, Qt.Key.Key_unknown, letter,
        Qt.KeyboardModifier.NoModifier)
    settle(5)
say("typed")
window._settle()
piece.append(sys.stdin.readline())
driver.happened(flow.NumberTyped(IdentityNumber.parse(told(sys.stdin.readline()))))
driver.happened(flow.YearTyped(1980))
until(lambda: isinstance(driver.visit.state, flow.TagIssued))
show_and_write(told(sys.stdin.readline()))
say("tag")
wiped.clear()
lanes = len(driver._workers)
driver.happened(flow.PersonLeft())
until(lambda: isinstance(driver.visit.state, flow.Welcome) and len(wiped) == lanes)
settle(300)
say("welcome")
driver.stop()
"""
NUMBER = "Y987123(1)"
TAG = "bm9ib2R5LWF0LWFsbC14eQ"
FINGER = "minutiae of nobody at all"
ADDRESS = "Flat Z, 99/F, Nowhere House"
PATTERN = "kQ7#vX!pw2"


def test_a_visit_leaves_nothing_in_memory(tmp_path):
    assert ENVIRONMENT["PYTHONMALLOC"] == "malloc", "as a kiosk's unit has it"
    environment = {**os.environ, **ENVIRONMENT, "QT_QPA_PLATFORM": "offscreen"}
    environment |= {"SMARTICS_STILL": "1", "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "journal.db")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    marks = {
        "number": spellings(NUMBER[:7]),
        "tag": spellings(TAG),
        "address": spellings(ADDRESS),
        "finger": (FINGER.encode(),),
        "picture": (PATTERN.encode() * 2,),
    }

    def tell(*words: str) -> None:
        assert child.stdin is not None
        child.stdin.write("".join(f"{word[::-1]}\n" for word in words))
        child.stdin.flush()

    def until(word: str) -> None:
        assert child.stdout is not None
        said = child.stdout.readline().strip()
        assert said == word, (said, child.poll())

    try:
        tell(PATTERN)
        until("picture")
        assert in_memory(child.pid, marks)["picture"], "the search finds what is there"
        tell("", NUMBER)
        until("typed")
        tell("", FINGER, NUMBER, TAG, ADDRESS)
        until("tag")
        during = in_memory(child.pid, marks)
        assert during["number"] + during["tag"], "and during the visit it is there"
        assert during["address"]
        tell("")
        until("welcome")
        left = {name: count for name, count in in_memory(child.pid, marks).items() if count}
        shown = [around(child.pid, mark)[:2] for name in left for mark in marks[name]]
        assert not left, shown
        tell("")
    finally:
        child.kill()
        with child:
            pass
