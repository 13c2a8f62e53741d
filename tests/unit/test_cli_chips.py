"""smartics chip: what it prints, what it ends with, and what it never says."""

import json
import tomllib
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from typer.testing import CliRunner

from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.simulation.chip import ATR, SimulatedChip, altered, blank_chip, cloned
from hardware.smartcard.applet_profiles import JMRTD
from hardware.smartcard.card_data import WrittenCard
from hardware.smartcard.cv_certificate import Role
from hardware.smartcard.lds import DG2
from hardware.smartcard.pki.keys import FolderKeyStore, make_secret_file, secret_from
from hardware.smartcard.protocols.scp03_keys import CardManagerKeys, diversify
from office.cli import app
from office.commands import chip_reader
from tests.support.chips import SERIAL, content, jpeg, minutiae
from tests.support.issued_cards import (
    AUTHORITY,
    CAN,
    Country,
    certificate,
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
    key = store.generate("UTIS00001", "secp256r1")
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
    for name in ("UTIS00001.key.pem", "UTDV00001.cvcert", "UTIS00001.cvcert"):
        (folder / name).write_bytes(b"\x30\x00")
        assert run(issued(), *words).exit_code == 2
        (folder / name).unlink()


HOLDER = """
document_number = "Z6833655"
surname = "Chan"
given_names = "Tai-man"
sex = "M"
date_of_birth = 1961-07-01
expiry = "2036-06-30"
nationality = "CHN"
issuer = "HKG"
portrait = "face.jpg"
chinese_name = "陳大文"
fingers = [{ position = 1, record = "thumb.fmr" }]
"""


@pytest.fixture
def write(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    land = country()
    (tmp_path / "signer").mkdir()
    make_secret_file(tmp_path / "signer" / "passphrase")
    store = FolderKeyStore(tmp_path / "signer", secret_from("file:passphrase", tmp_path / "signer"))
    key = store.generate("signer-1", "secp256r1")
    made = certificate("DS", key.public_key, "CSCA", land.root, is_authority=False)
    (tmp_path / "signer" / "signer-1.cer").write_bytes(made)
    (tmp_path / "cvca").mkdir()
    (tmp_path / "cvca" / "cvca.cvcert").write_bytes(land.trust_point.encode())
    (tmp_path / "face.jpg").write_bytes(jpeg())
    (tmp_path / "thumb.fmr").write_bytes(minutiae(1))
    (tmp_path / "holder.toml").write_text(HOLDER, "utf-8")

    def invoke(memory, *words, content="holder.toml", can=CAN):
        monkeypatch.setattr(chip_reader, "reader_named", lambda _name: Reader(memory))
        command = ["chip", "personalise", "--reader", "Virtual", "--content", content]
        command += ["--can", can, "--signer", "signer", "--cvca", "cvca"]
        result = CliRunner().invoke(app, [*command, *words])
        assert len(result.stderr.splitlines()) <= 1
        assert all(secret not in result.stderr for secret in ("683365", "Chan", "陳"))
        return result

    return invoke


@pytest.mark.parametrize("applet", ["store_data", "jmrtd"])
def test_a_card_is_made_and_read(run, write, applet):
    memory = blank_chip(SERIAL, applet)
    result = write(memory, "--profile", applet, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert {"DG1", "DG2", "DG3", "DG11", "DG14", "EF.SOD", "EF.COM"} <= set(told["files"])
    assert told["manager_keys"] == 0
    read = json.loads(run(memory, "--mrz", ZONE, "--csca", "csca", "--json").stdout)
    assert read["doubt"] is None
    assert read["files"]["DG1"] == told["files"]["DG1"]
    again = write(memory, "--profile", applet)
    assert again.exit_code == 1
    assert "already_personalised" in again.stderr


def test_a_card_with_finger_images_is_made(run, write, tmp_path):
    (tmp_path / "index.fir").write_bytes(b"FIR\x00010\x00whatever")
    two = HOLDER.replace("}]", '}, { position = 2, record = "index.fir" }]')
    for name, text in (("both", two), ("image", two.replace("thumb.fmr", "index.fir"))):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        memory = blank_chip(SERIAL, "store_data")
        result = write(memory, "--json", content=f"{name}.toml")
        assert (result.exit_code, result.stderr) == (0, "")
        assert "DG3" in json.loads(result.stdout)["files"]
    (tmp_path / "index.fir").write_bytes(b"FIR\x00020\x00whatever")
    assert write(blank_chip(SERIAL, "store_data"), content="both.toml").exit_code == 2


def test_a_card_gets_keys_of_its_own(write, tmp_path, monkeypatch):
    for name, key in (("blank", "0B" * 16), ("master", "A5" * 16)):
        make_secret_file(tmp_path / name)
        (tmp_path / name).write_text(key, "utf-8")
    told: list[object] = []

    def record(
        *given: object, own_keys: Callable[[bytes], object], **_named: object
    ) -> WrittenCard:
        told.extend((given[5], own_keys(bytes(10))))
        return WrittenCard({}, {}, 0x20)

    monkeypatch.setattr("hardware.smartcard.personalisation.personalise", record)
    words = ["--card-key", "file:blank", "--master-key", "file:master"]
    result = write(blank_chip(SERIAL), *words)
    assert (result.exit_code, "version 20" in result.stdout) == (0, True)
    blank = CardManagerKeys(b"\x0b" * 16, b"\x0b" * 16, b"\x0b" * 16)
    assert told == [blank, diversify(b"\xa5" * 16, bytes(10), 0x20)]


def test_json_says_the_same(write, tmp_path):
    table = tomllib.loads(HOLDER)
    (tmp_path / "holder.json").write_text(json.dumps(table, default=str), "utf-8")
    assert write(blank_chip(SERIAL), content="holder.json").exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('sex = "M"', 'sex = "Q"'),
        lambda text: text.replace("surname", "nickname"),
        lambda text: text.replace('surname = "Chan"', ""),
        lambda text: text.replace("1961-07-01", '"yesterday"'),
        lambda text: text.replace('"HKG"', "7"),
        lambda text: text.replace("face.jpg", "nobody.jpg"),
        lambda text: text.replace("face.jpg", "thumb.fmr"),
        lambda text: text.replace("position = 1", "position = 11"),
        lambda text: text.replace("position = 1, ", ""),
        lambda _text: "= = =",
        lambda _text: "x" * 100_000,
    ],
)
def test_content_that_cannot_be_is_said_in_one_line(write, tmp_path, change):
    (tmp_path / "holder.toml").write_text(change(HOLDER), "utf-8")
    memory = blank_chip(SERIAL)
    result = write(memory)
    assert (result.exit_code, result.stdout, memory["files"]) == (2, "", {})


@pytest.mark.parametrize(
    ("words", "can"),
    [
        (["--signer", "cvca"], CAN),
        (["--signer-secret", "file:nothing"], CAN),
        (["--cvca", "signer"], CAN),
        (["--card-key", "file:nothing"], CAN),
        ([], "12"),
    ],
)
def test_what_is_missing_is_said_in_one_line(write, words, can):
    result = write(blank_chip(SERIAL), *words, can=can)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_blank_with_other_keys_refuses(write):
    memory = blank_chip(SERIAL, keys=("11" * 16, "22" * 16, "33" * 16))
    result = write(memory)
    assert result.exit_code == 1
    assert "not_genuine" in result.stderr
