"""The files that shut a kiosk in: what the unit promises, and that systemd can read it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from common.station.staff import RESTART, SHUT_DOWN

KIOSK = Path(__file__).parents[2] / "installers" / "kiosk"
UNIT = KIOSK / "smartics-kiosk@.service"


def unit() -> dict[str, dict[str, str]]:
    """The unit's settings by section; of one that comes several times, the last."""
    found: dict[str, dict[str, str]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            section[name] = value
    return found


def test_the_unit_says_what_the_station_stands_on():
    service = unit()["Service"]
    wanted = {
        "Type": "notify",
        "Restart": "always",
        "LimitCORE": "0",
        "ProtectSystem": "strict",
        "RuntimeDirectory": "smartics",
        "NoNewPrivileges": "yes",
        "MemorySwapMax": "0",
    }
    assert {name: service[name] for name in wanted} == wanted
    assert int(service["WatchdogSec"]) <= 60
    assert unit()["Unit"]["StartLimitAction"] == "reboot"


def test_the_programs_ways_to_end_are_the_units():
    service = unit()["Service"]
    assert service["RestartPreventExitStatus"] == str(SHUT_DOWN)
    assert set(service["SuccessExitStatus"].split()) == {str(RESTART), str(SHUT_DOWN)}
    script = (KIOSK / "ended.sh").read_text("utf-8")
    assert f"= {SHUT_DOWN} ]" in script
    launcher = (KIOSK / "windows" / "shell-launcher.ps1").read_text("utf-8")
    assert f"({RESTART}, {SHUT_DOWN}), (0, 2)" in launcher


def test_the_script_shuts_down_for_staff_alone(tmp_path):
    log = tmp_path / "log"
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {log}\n')
    (tmp_path / "systemctl").chmod(0o755)
    for status in ("0", "75", "139", ""):
        environment = {"PATH": f"{tmp_path}:/bin:/usr/bin", "EXIT_STATUS": status}
        subprocess.run([KIOSK / "ended.sh"], env=environment, check=True)
        assert not log.exists()
    environment["EXIT_STATUS"] = str(SHUT_DOWN)
    subprocess.run([KIOSK / "ended.sh"], env=environment, check=True)
    assert log.read_text() == "--no-block poweroff\n"


def test_windows_lets_the_keypad_through():
    blocked = (KIOSK / "windows" / "keyboard-filter.ps1").read_text("utf-8")
    named = set(re.findall(r"'([^']+)'", blocked.split("foreach")[0]))
    assert {"Alt+F4", "Alt+Tab", "Ctrl+Alt+Del", "Windows"} <= named
    assert not {key for key in named if re.fullmatch(r"F\d+|Tab|Enter|Escape|Up|Down", key)}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_reads_the_unit(tmp_path):
    text = UNIT.read_text("utf-8")
    # The programs it starts are not on this machine; everything else is looked at.
    text = re.sub(r"^(ExecStart=)\S+.*$", r"\1/bin/true", text, flags=re.M)
    text = re.sub(r"^(ExecStopPost=\+?)\S+$", r"\1/bin/true", text, flags=re.M)
    (tmp_path / "smartics-kiosk@tag.service").write_text(text)
    verify = ["systemd-analyze", "verify", "--man=no", tmp_path / "smartics-kiosk@tag.service"]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
    ours = [line for line in done.stderr.splitlines() if "smartics-kiosk" in line]
    assert not ours, done.stderr
