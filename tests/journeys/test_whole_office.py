"""Applicants walk through a whole office: real programs, simulated devices, touches on screens."""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pytest
from PIL import Image

from common.domain.language import OFFICE_LANGUAGES
from hardware.camera.codes import read_codes
from hardware.camera.zone_reader import read_zone
from office.applicant import applicant
from office.layout import lay_out
from tests.support.pcscd import USUAL
from tests.support.played_day import ROOT, played_day

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """One played day of three applicants: its folder, its pictures, its summary."""
    folder = tmp_path_factory.mktemp("office")
    out = tmp_path_factory.mktemp("out")
    return folder, out, played_day(out, folder, applicants=3)


def test_all_three_collect_their_cards(day):
    _, _, summary = day
    assert (summary["applicants"], summary["collected"], summary["lost"]) == (3, 3, 0)
    stations = {step["station"] for step in summary["steps"]}
    assert {"web", "tag-1", "bench-1", "registration-1", "booth-1", "booth-2"} <= stations
    assert "collection-1" in stations


def test_everybody_was_called_aloud_in_three_languages(day):
    _, _, summary = day
    heard = [(call["tag"], call["place"], call["language"]) for call in summary["calls"]]
    to_the_booth = {tag for tag, place, _ in heard if place == "B1"}
    assert len(to_the_booth) == 3
    for tag in to_the_booth:
        for language in OFFICE_LANGUAGES:
            for place in ("K1", "B1"):
                assert (tag, place, language) in heard
    assert any(place == "C1" for _, place, _ in heard), "one goes to the counter"


def test_every_screen_and_paper_is_there_as_a_picture(day):
    _, _, summary = day
    assert len(summary["screens"]) > 40
    for file in [*summary["screens"], *summary["papers"]]:
        assert Path(file).stat().st_size > 1000
    kinds = {re.sub(r"^\d+-", "", Path(file).name).split("-")[0] for file in summary["papers"]}
    assert {"slip", "application", "notice", "acknowledgement"} <= kinds


def test_the_code_of_every_slip_can_be_read(day):
    _, _, summary = day
    slips = [file for file in summary["papers"] if "slip" in Path(file).name]
    assert slips
    for slip in slips:
        assert read_codes(Image.open(slip).convert("L"))


def test_the_ledger_s_chain_is_whole(day):
    folder, _, _ = day
    config = folder / "backend" / "backend.toml"
    done = subprocess.run(
        [sys.executable, "-m", "office", "backend", "check", "--config", str(config), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["chain_ok"]
    assert found["facts"] > 30


@pytest.fixture
def collected(day):
    """A card that somebody collected on that day: its thing, and what is printed on it."""
    folder, _, _ = day
    world = json.loads((folder / "bench" / "world" / "world.json").read_text("utf-8"))
    card = next(
        thing
        for thing in world["things"]
        if thing["data"].get("label") == "new card" and thing["place"].startswith("hand.applicant")
    )
    picture = cv2.imread(str(folder / "bench" / "world" / card["data"]["picture"]))
    zone = read_zone(np.asarray(picture, np.uint8))
    assert zone.mrz is not None
    return folder, card["id"], zone.mrz


def read_card(pcscd, folder, card, mrz, *options):
    """Lay a card of the played world on a PC/SC reader and read it as a technician would."""
    world = folder / "bench" / "world" / "world.json"
    reader, port = pcscd.reader(USUAL[0]), pcscd.port(USUAL[0])
    serving = subprocess.Popen(
        [
            *(sys.executable, "-m", "hardware.simulation.vpcd", str(world)),
            *("--thing", card, "--port", str(port)),
        ],
        cwd=ROOT,
    )
    try:
        return subprocess.run(
            [
                *(sys.executable, "-m", "office", "chip", "read", "--reader", reader),
                *("--mrz", mrz, "--wait", "20", "--json", *options),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        serving.terminate()
        serving.wait()


def test_an_issued_card_is_read_over_pcsc_with_what_is_printed_on_it(collected, pcscd):
    folder, card, mrz = collected
    terminal = folder / "registration-1" / "terminal"
    options = ["--csca", str(folder / "trust"), "--terminal", str(terminal)]
    options += ["--terminal-secret", f"file:{folder / 'registration-1' / 'keys.secret'}"]
    done = read_card(pcscd, folder, card, mrz, *options)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["protocol"] == "PACE"
    assert told["passive_authentication"] == "verified"
    assert told["chip_authentication"] == "verified"
    assert told["mrz"].replace("\n", "") == mrz
    assert told["fingers_granted"]
    assert told["portrait_bytes"] > 1000


def test_an_issued_card_means_nothing_where_its_country_is_not_known(collected, pcscd):
    done = read_card(pcscd, *collected)
    assert json.loads(done.stdout)["passive_authentication"] == "no_trust_anchor"


def test_no_log_holds_a_name_or_number(day):
    folder, _, _ = day
    logs = "\n".join(file.read_text("utf-8") for file in (folder / "logs").iterdir())
    assert not re.search(r"\b[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?", logs)
    for number in (1, 2, 3):
        who = applicant(number).who
        assert who.given_names not in logs
        assert not who.chinese_name or who.chinese_name not in logs


def test_nothing_readable_lies_on_the_disks_of_stations_and_backend(day):
    folder, _, _ = day
    files = [
        file
        for file in folder.rglob("*")
        if file.is_file() and "bench" not in file.parts and "spool" not in file.parts
    ]
    for number in (1, 2, 3):
        who = applicant(number).who
        plain = re.sub(r"[()]", "", who.identity_number).encode()
        for file in files:
            content = file.read_bytes()
            assert plain not in content, file
            assert who.identity_number.encode() not in content, file


def test_an_office_is_laid_out_once_and_its_keys_are_private(tmp_path):
    first = lay_out(tmp_path / "office")
    again = lay_out(tmp_path / "office")
    assert first == again
    for file in (tmp_path / "office").rglob("*.key"):
        assert file.stat().st_mode & 0o077 == 0


def test_an_office_on_postgresql_serves_the_same_way(tmp_path):
    # pytest's own folder lets nobody pass, and the server runs as a user of its own.
    with TemporaryDirectory(prefix="smartics-") as folder:
        Path(folder).chmod(0o711)
        office = Path(folder) / "office"
        summary = played_day(tmp_path / "out", office, "--store", "postgresql", applicants=1)
    assert (summary["collected"], summary["lost"]) == (1, 0)
