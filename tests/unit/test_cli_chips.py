"""smartics chip: what it prints, what it ends with, and what it never says."""

import json
from threading import Event
from typing import Any

import pytest
from typer.testing import CliRunner

from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.simulation.chip import ATR, SimulatedChip, altered, cloned
from hardware.smartcard.applet_profiles import JMRTD
from hardware.smartcard.cv_certificate import Role
from hardware.smartcard.lds import DG2
from hardware.smartcard.pki.keys import FolderKeyStore, make_secret_file, secret_from
from office.cli import app
from office.commands import chip_reader
from tests.support.chips import content
from tests.support.issued_cards import (
    AUTHORITY,
    CAN,
    Country,
    country,
    cv_certificate,
    issued,
)

ZONE = content().mrz.text()
LINES = "/".join(ZONE[at : at + 30] for at in (0, 30, 60))


class Reader:
    """A reader with one card on it."""

    takes_extended_length = True

    def __init__(self, memory: dict[str, Any] | None) -> None:
        self._memory = memory
        self._chip: SimulatedChip | None = None
        self.is_open = False

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def wait_for_card(self, _timeout_s: float, _cancelled: Event) -> bool:
        return self._memory is not None

    def connect(self) -> bytes:
        assert self._memory is not None
        self._chip = SimulatedChip(self._memory, lambda: None)
        return ATR

    def transmit(self, command: bytes) -> bytes:
        assert self._chip is not None
        return self._chip.transmit(command)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "csca").mkdir()
    (tmp_path / "csca" / "csca.cer").write_bytes(country().root_certificate)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "csca.cer").write_bytes(Country().root_certificate)

    def invoke(memory, *words, typed=None):
        reader = Reader(memory)
        monkeypatch.setattr(chip_reader, "reader_named", lambda _name: reader)
        result = CliRunner().invoke(
            app, ["chip", "read", "--reader", "Virtual", *words], input=typed
        )
        assert not reader.is_open
        assert len(result.stderr.splitlines()) <= 1
        assert all(secret not in result.stderr for secret in (CAN, "CHAN", ZONE[5:14]))
        return result

    return invoke


def test_a_genuine_card(run):
    result = run(issued(), "--can", CAN, "--csca", "csca", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["protocol"], told["mapping"], told["mrz"]) == ("PACE", "CAM", ZONE)
    assert told["portrait_bytes"] == len(content().portrait_jpeg)
    assert set(told["files"]) == {
        "DG1", "DG2", "DG11", "DG14", "EF.SOD", "EF.CardAccess", "EF.CardSecurity",
    }  # fmt: skip
    assert told["passive_authentication"] == "verified"
    assert told["chip_authentication"] == "verified"
    assert told["active_authentication"] == "absent"
    assert (told["doubt"], told["fingers_granted"]) == (None, False)
    assert told["apdus"] == 14
    assert 0 < told["seconds"] < 60


@pytest.mark.parametrize("zone", [ZONE, LINES, LINES.replace("/", "\n"), LINES.lower()])
def test_the_zone_as_it_is_typed(run, zone):
    result = run(issued(JMRTD), "--mrz", zone, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["protocol"], told["mapping"]) == (0, "BAC", "")
    assert told["passive_authentication"] == "no_trust_anchor"


@pytest.mark.parametrize(("option", "typed"), [("--can", CAN), ("--mrz", LINES)])
def test_passwords_from_standard_input(run, option, typed):
    assert run(issued(), option, "-", "--json", typed=typed + "\n").exit_code == 0


def test_only_some_groups(run):
    told = json.loads(run(issued(), "--can", CAN, "--dg", "1, dg11", "--json").stdout)
    assert set(told["files"]) >= {"DG1", "DG11"}
    assert "DG2" not in told["files"]
    assert told["portrait_bytes"] is None


def test_a_table_for_a_technician(run):
    result = run(issued(), "--can", CAN, "--csca", "csca")
    assert result.exit_code == 0
    lines = dict(line.split("  ", 1) for line in result.stdout.splitlines() if line[0] != " ")
    assert lines["opened with"].strip() == "PACE, CAM"
    assert "verified" in lines["signature"]


@pytest.mark.parametrize(
    ("change", "folder", "doubt"),
    [
        (lambda memory: altered(memory, DG2), "csca", "altered"),
        (lambda memory: altered(memory, DG2), None, "altered"),
        (cloned, "csca", "cloned"),
        (lambda memory: memory, "other", "foreign"),
    ],
)
def test_a_card_that_is_not_believed(run, change, folder, doubt):
    words = ["--csca", folder] if folder else []
    result = run(change(issued()), "--can", CAN, "--json", *words)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["doubt"] == doubt
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_password_is_a_no(run):
    result = run(issued(), "--can", "999999", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"error": "wrong_password"}
    assert "wrong_password" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--can", "12"],
        ["--mrz", "I<UTO"],
        ["--mrz", ZONE.replace("Z", "Y")],
        ["--can", "-", "--mrz", "-"],
        ["--can", CAN, "--dg", "17"],
        ["--can", CAN, "--dg", "one"],
        ["--can", CAN, "--csca", "nowhere"],
        ["--can", CAN, "--terminal", "csca"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run, words):
    result = run(issued(), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_no_card_and_no_reader(run, monkeypatch):
    result = run(None, "--can", CAN)
    assert (result.exit_code, "lay one" in result.stderr) == (2, True)
    for fault in (DeviceAbsentError("no reader"), DeviceFaultError("card_error", detail="torn")):

        def fails(_self: Reader, error: Exception = fault) -> None:
            raise error

        monkeypatch.setattr(Reader, "open", fails)
        result = run(issued(), "--can", CAN)
        assert result.exit_code == 2
        assert "--reader list" in result.stderr


def test_another_kind_of_card(run):
    blank = {"serial": "0" * 16, "applet": "store_data", "files": {}, "master_files": {}}
    for words in (["--can", CAN], ["--mrz", ZONE]):
        assert run(blank, *words).exit_code == 1


@pytest.mark.parametrize(("names", "status"), [(["One", "Two\x1b[31m"], 0), ([], 2)])
def test_the_readers_are_named(monkeypatch, names, status):
    monkeypatch.setattr("hardware.smartcard.pcsc_reader.reader_names", lambda: names)
    result = CliRunner().invoke(app, ["chip", "read", "--reader", "list"])
    assert result.exit_code == status
    assert result.stdout.splitlines() == [name.replace("\x1b", r"\x1b") for name in names]
    result = CliRunner().invoke(app, ["chip", "read", "--reader", "list", "--json"])
    assert json.loads(result.stdout) == {"readers": names}


def terminal_folder(folder):
    """A terminal of the country, as an office keeps it."""
    folder.mkdir()
    make_secret_file(folder / "passphrase")
    store = FolderKeyStore(folder, secret_from("file:passphrase", folder))
    store.generate("another", "secp256r1")
    key = store.generate("station", "secp256r1")
    land = country()
    verifier = cv_certificate(
        AUTHORITY, "UTDV00001", Role.DOMESTIC_VERIFIER, land.verifier, land.authority
    )
    own = cv_certificate(
        "UTDV00001", "UTIS00001", Role.INSPECTION_SYSTEM, key.public_key, land.verifier
    )
    for one in (verifier, own):
        (folder / f"{one.chr}.cvcert").write_bytes(one.encode())
    return folder


def test_a_terminal_reads_fingers(run, tmp_path):
    folder = terminal_folder(tmp_path / "terminal")
    words = ["--can", CAN, "--csca", "csca", "--terminal", "terminal", "--json"]
    told = json.loads(run(issued(), *words).stdout)
    assert told["fingers_granted"]
    assert "DG3" in told["files"]
    for name in ("station.key.pem", "UTDV00001.cvcert", "UTIS00001.cvcert"):
        (folder / name).write_bytes(b"\x30\x00")
        assert run(issued(), *words).exit_code == 2
        (folder / name).unlink()
