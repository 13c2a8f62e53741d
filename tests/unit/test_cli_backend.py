"""What the operator of a backend types about stations and officers."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend.commands.officers import password_fits
from backend.schema import tables
from backend.serve import administer
from backend.settings import read
from common.station import pairing
from office.cli import app
from tests.support.served import Served


@pytest.fixture
def config(tmp_path):
    return Served(tmp_path, "backend.sqlite").config


def typed(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def officer(config, name):
    return administer(
        read(config),
        lambda t: t.connection.execute(
            select(tables.officers).where(tables.officers.c.officer_id == name)
        ).one_or_none(),
    )


def test_a_station_is_revoked_and_planned_again(config):
    done = typed(
        *("backend", "revoke", "--config", config, "--station", "tag-1", "--reason", "stolen")
    )
    assert (done.exit_code, done.stdout) == (0, "tag-1 is out of service\n")
    told = typed("backend", "stations", "--config", config, "--json")
    status = {row["name"]: row["status"] for row in json.loads(told.stdout)["stations"]}
    assert (status["tag-1"], status["bench-1"]) == ("revoked", "paired")
    code = typed("backend", "pair", "--config", config, "--station", "tag-1", "--json")
    assert len(json.loads(code.stdout)["code"]) == 11
    assert typed("backend", "pair", "--config", config, "--station", "tag-1").exit_code == 0


def test_a_station_that_nobody_planned_is_a_no(config):
    for words in (("pair",), ("revoke", "--reason", "x" * 5)):
        done = typed("backend", words[0], "--config", config, "--station", "no-1", *words[1:])
        assert done.exit_code == 1
        assert "not_found" in done.stderr


def test_an_officer_is_entered_changed_and_disabled(config, tmp_path):
    secret = tmp_path / "first"
    secret.write_text("correct horse\n")
    words = ("--config", config, "--name", "Officer Chan", "--role", "registration")
    done = typed("backend", "officer", "add", "chan", *words, "--password-file", secret)
    assert done.exit_code == 0, done.stderr
    again = typed("backend", "officer", "add", "chan", *words, "--password-file", secret)
    assert (again.exit_code, "officer_known" in again.stderr) == (1, True)
    assert password_fits("correct horse", officer(config, "chan").password)
    secret.write_text("battery staple\n")
    other = ("--config", config, "--password-file", secret)
    assert typed("backend", "officer", "password", "chan", *other).exit_code == 0
    assert password_fits("battery staple", officer(config, "chan").password)
    assert typed("backend", "officer", "disable", "chan", "--config", config).exit_code == 0
    assert officer(config, "chan").disabled_at is not None
    roles = ("--role", "counter", "--role", "supervisor")
    assert typed("backend", "officer", "roles", "chan", "--config", config, *roles).exit_code == 0
    kept = officer(config, "chan")
    assert (kept.roles, kept.disabled_at) == ("counter supervisor", None)
    assert typed("backend", "officer", "disable", "nobody", "--config", config).exit_code == 1


def test_a_password_that_is_not_there_is_said_in_one_line(config, tmp_path):
    words = ("--config", config, "--name", "x", "--role", "counter")
    for file in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").touch()
        done = typed("backend", "officer", "add", "chan", *words, "--password-file", file)
        assert done.exit_code == 2
        assert done.stderr.startswith("smartics: ")


def test_a_station_without_a_backend_is_told_to_try_again(tmp_path, monkeypatch):
    monkeypatch.setattr(pairing, "PAUSES_S", (0.0,))
    file = tmp_path / "station.toml"
    file.write_text(
        '[station]\nname = "tag-1"\nkind = "tag"\noffice = "HQ"\n'
        '[backend]\naddress = "http://127.0.0.1:9"\nkey = "file:station.key"\n'
    )
    done = typed("station", "pair", "--config", file, "--code", "AAAAA-AAAAA")
    assert done.exit_code == 2
    assert "try again" in done.stderr
    assert typed("station", "booth", "--config", file).exit_code == 2
