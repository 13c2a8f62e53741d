"""smartics chip over a real PC/SC service: the whole way from the command line to the chip."""

import json
from threading import Event

import pytest
from typer.testing import CliRunner

from hardware.simulation.chip import SimulatedChip, cloned
from hardware.simulation.vpcd import VpcdCard
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA
from hardware.smartcard.pcsc_reader import PcscReader
from office.cli import app
from tests.support.chips import content
from tests.support.issued_cards import CAN, country, issued

pytestmark = pytest.mark.timeout(110)

PATIENCE_S = "20"
ZONE = content().mrz.text()


@pytest.fixture
def run(pcscd, tmp_path):
    (tmp_path / "csca.cer").write_bytes(country().root_certificate)

    # The service looks for a card every 0.4 s: the one before must be seen to be gone.
    reader = PcscReader(pcscd.reader("Virtual A"))
    reader.open()
    assert reader.wait_removed(float(PATIENCE_S), Event())
    reader.close()

    def invoke(memory, *words):
        with VpcdCard(lambda: SimulatedChip(memory, lambda: None), pcscd.port("Virtual A")):
            command = ["chip", "read", "--reader", pcscd.reader("Virtual A"), "--json"]
            command += ["--csca", str(tmp_path), "--wait", PATIENCE_S]
            return CliRunner().invoke(app, [*command, *words])

    return invoke


@pytest.mark.parametrize("extended", [True, False], ids=["extended", "short"])
@pytest.mark.parametrize(
    ("profile", "words", "protocol"),
    [(STORE_DATA, ["--can", CAN], "PACE"), (JMRTD, ["--mrz", ZONE], "BAC")],
    ids=["PACE", "BAC"],
)
def test_a_card_is_read_and_believed(run, profile, words, protocol, extended):
    result = run(issued(profile) | {"extended": extended}, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["protocol"], told["mrz"]) == (protocol, ZONE)
    assert told["passive_authentication"] == told["chip_authentication"] == "verified"


def test_a_copy_is_refused(run):
    result = run(cloned(issued()), "--can", CAN)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["chip_authentication"] == "failed"


def test_the_readers_are_named(pcscd):
    result = CliRunner().invoke(app, ["chip", "read", "--reader", "list", "--json"])
    assert pcscd.reader("Virtual A") in json.loads(result.stdout)["readers"]
