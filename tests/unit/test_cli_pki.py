"""smartics pki: what a technician types, and what it answers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from common.domain.clock import HandClock
from hardware.smartcard.cv_certificate import CvCertificate
from hardware.smartcard.pki.cv_authority import load_terminal
from hardware.smartcard.pki.document_signers import load_document_signer
from hardware.smartcard.pki.keys import FolderKeyStore, secret_from
from hardware.smartcard.pki.passive_authentication import verify
from hardware.smartcard.pki.sod import build_sod
from hardware.smartcard.pki.trust_store import TrustStore
from office.cli import app
from tests.support.pki import HAS_SOFTHSM, PIN, SOFTHSM, soft_token

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
P256 = ("--curve", "secp256r1")


@pytest.fixture
def clock(monkeypatch):
    made = HandClock(START)
    monkeypatch.setattr("office.commands.pki.system_clock", made)
    return made


@pytest.fixture
def run(tmp_path, monkeypatch, clock):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["pki", *words])


def say(result, status=0):
    """What it printed, if it ended with this status."""
    assert result.exit_code == status, result.output
    assert (result.stderr == "") == (status != 2)
    return result.stdout if status != 2 else result.stderr


def keys_in(folder: Path) -> FolderKeyStore:
    return FolderKeyStore(folder, secret_from("file:passphrase", folder))


def test_from_founding_to_a_signed_card_that_a_station_believes(run, clock):
    out = say(run("create", "hk", "--state", "HKG", "--organisation", "Office", *P256))
    assert "csca " in out
    assert "valid until 2042" in out
    say(run("signer", "--to", "booth"))
    say(run("terminal", "collect1", "--to", "collection"))
    names = say(run("publish", "trust")).split()
    assert {Path(name).suffix for name in names} == {".cer", ".cvcert", ".crl"}
    signer = load_document_signer(Path("booth"), keys_in(Path("booth")), START)
    trust = TrustStore.from_folder(Path("trust"))
    groups = {1: b"zone"}
    sod = build_sod(groups, signer)
    assert verify(sod, groups, trust, START.date()).outcome == "verified"
    terminal = load_terminal(Path("collection"), keys_in(Path("collection")))
    (point,) = Path("trust").glob("cvca-*")
    assert terminal.chain_from(CvCertificate.parse(point.read_bytes()).chr, START.date())
    # Revoked and published, the card is believed no more; saying it twice changes nothing.
    shown = json.loads(say(run("show", "--json")))
    (serial,) = (one["reference"] for one in shown["issued"] if one["kind"] == "document_signer")
    assert "publish" in say(run("revoke", serial, "--reason", "key_compromise"))
    assert "before" in say(run("revoke", serial, "--reason", "superseded"), 1)
    say(run("publish", "trust"))
    trust = TrustStore.from_folder(Path("trust"))
    assert verify(sod, groups, trust, START.date()).reason == "revoked"
    assert f"{serial}" in say(run("show"))
    assert "REVOKED 2026-11-23" in say(run("show"))


def test_show_says_what_is_due(run, clock):
    say(run("create", "HK", *P256))
    say(run("signer", "--to", "booth"))
    say(run("terminal", "GATE1", "--to", "gate"))
    assert json.loads(say(run("show", "--json")))["due"] == []
    clock.advance(timedelta(days=26).total_seconds())
    assert "DUE: terminal GATE1" in say(run("show"), 1)
    say(run("terminal", "GATE1", "--to", "gate"))
    clock.advance(timedelta(days=35).total_seconds())
    (first, second) = json.loads(say(run("show", "--json"), 1))["due"]
    assert first.startswith("signer")
    assert second.startswith("terminal GATE1")
    clock.advance(timedelta(days=5 * 365 - 70).total_seconds())
    due = say(run("show"), 1)
    assert "roll-over csca" in due
    assert "roll-over cvca" in due
    say(run("roll-over", "csca"))
    say(run("roll-over", "cvca"))
    due = say(run("show"), 1)
    assert "roll-over" not in due


def test_json_is_all_that_is_printed(run):
    for words in (
        ("create", "HK", *P256),
        ("signer", "--to", "booth"),
        ("terminal", "GATE1", "--to", "gate"),
        ("roll-over", "csca"),
        ("roll-over", "cvca"),
        ("publish", "trust"),
        ("show",),
    ):
        found = json.loads(say(run(*words, "--json")))
        assert found


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("create", "HK"), "already"),
        (("create", "HKG", "--folder", "new"), "two capitals"),
        (("create", "HK", "--folder", "new", "--curve", "secp521r1"), "secp256r1"),
        (("create", "HK", "--folder", "new", "--keys", "usb:1"), "names no keys"),
        (("create", "HK", "--folder", "new", "--keys", "pkcs11:x"), "a token is given as"),
        (("create", "HK", "--folder", "new", "--secret", "x"), "a secret is given as"),
        (("show", "--folder", "none"), "create one"),
        (("roll-over", "root"), "csca or cvca"),
        (("terminal", "NOT-THIS", "--to", "gate"), "capitals and digits"),
        (("revoke", "xyz", "--reason", "superseded"), "no number"),
        (("revoke", "12", "--reason", "superseded"), "no certificate"),
        (("revoke", "12", "--reason", "bored"), "a reason is one of"),
        (("publish", "trust", "--secret", "file:none"), "cannot be read"),
        (("publish", "trust", "--keys", "file:elsewhere"), "no key"),
        (("publish", "authority/passphrase"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(run, words, about):
    say(run("create", "HK", *P256))
    error = say(run(*words), 2)
    assert about in error
    assert len(error.splitlines()) == 1


def test_secrets_are_made_once_and_for_their_owner_alone(run):
    say(run("create", "HK", *P256))
    secret = Path("authority/passphrase")
    assert secret.stat().st_mode & 0o777 == 0o600
    before = secret.read_text()
    say(run("roll-over", "csca"))
    assert secret.read_text() == before
    secret.chmod(0o644)
    assert "chmod 600" in say(run("signer", "--to", "booth"), 2)


@pytest.mark.skipif(not HAS_SOFTHSM, reason="SoftHSM is not installed")
def test_keys_on_a_token(run, tmp_path):
    (tmp_path / "pin").write_text(PIN)
    (tmp_path / "pin").chmod(0o600)
    keys = f"pkcs11:token=issuing?module-path={SOFTHSM}&pin-source=file:{tmp_path / 'pin'}"
    with soft_token(tmp_path):
        say(run("create", "HK", "--keys", keys))
        say(run("publish", "trust", "--keys", keys))
        assert "NoSuchToken" in say(
            run("publish", "trust", "--keys", keys.replace("issuing", "other")), 2
        )
    assert not list(tmp_path.rglob("*.pem"))
