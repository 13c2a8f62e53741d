"""The backend is killed again and again; what it acknowledged is there afterwards, once."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx

from backend.serve import administer
from backend.settings import read
from backend.upkeep import check
from common.domain.clock import system_clock
from common.wire.facts import new_id
from tests.support.backend_office import BackendOffice, enrol_all, office_table

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from backend.serve import serve
serve(Path(sys.argv[1]))
"""
ROUNDS = 3
NUMBERS = ["A123456(3)", "AB987654(3)", "E364912(5)", "D288754(2)", "C668668(9)", "L555555(0)"]


def to_toml(table):
    """Write settings: every value that they hold is also valid TOML when written as JSON."""
    lines = []
    for name in ("backend", "office"):
        lines.append(f"[{name}]")
        for key, value in table[name].items():
            if isinstance(value, dict):
                inner = ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items())
                lines.append(f"{key} = {{{inner}}}")
            else:
                lines.append(f"{key} = {json.dumps(value)}")
    for name in ("stations", "officers"):
        for entry in table[name]:
            lines += [f"[[{name}]]", *(f"{k} = {json.dumps(v)}" for k, v in entry.items())]
    return "\n".join(lines)


@contextmanager
def backend_process(config, port):
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(config)], cwd=ROOT)
    try:
        pause = threading.Event()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            for _ in range(600):
                assert process.poll() is None
                try:
                    if http.get("/v1/health").json() == {"ok": True}:
                        break
                except httpx.TransportError:
                    pause.wait(0.1)
            else:
                raise AssertionError("the backend did not start")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def send_until_killed(office, case, sent, stop):
    """Send facts; note each id as tried, and as acknowledged once the answer came."""
    while not stop.is_set():
        fact_id = new_id()
        sent["tried"].append(fact_id)
        try:
            receipt = office.fact("registration-1", case, {"kind": "form_printed"}, None, fact_id)
        except httpx.TransportError:
            return
        assert receipt["outcome"] == "accepted"
        sent["acknowledged"].append(fact_id)


def test_acknowledged_facts_survive_kill_9(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    config = tmp_path / "backend.toml"
    config.write_text(to_toml(office_table(tmp_path, port=port)))
    settings = read(config)
    administer(settings, lambda transaction: enrol_all(transaction, settings))
    before = check(config)["facts"]
    sent: dict[str, list[UUID]] = {"tried": [], "acknowledged": []}
    case = ""
    numbers = []
    for round_ in range(ROUNDS):
        with backend_process(config, port) as process:
            office = BackendOffice(f"http://127.0.0.1:{port}", system_clock)  # type: ignore[arg-type]
            with office.http:
                tag = office.tag(NUMBERS[round_])
                numbers.append(tag["number"])
                case = case or tag["case_id"]
                stop = threading.Event()
                sender = threading.Thread(target=send_until_killed, args=(office, case, sent, stop))
                already = len(sent["acknowledged"])
                sender.start()
                pause = threading.Event()
                while len(sent["acknowledged"]) < already + 10 and sender.is_alive():
                    pause.wait(0.01)
                os.kill(process.pid, signal.SIGKILL)
                sender.join(60)
                stop.set()
    assert len(sent["acknowledged"]) >= 10 * ROUNDS
    assert numbers == ["W001", "W002", "W003"]
    with backend_process(config, port):
        office = BackendOffice(f"http://127.0.0.1:{port}", system_clock)  # type: ignore[arg-type]
        with office.http:
            for fact_id in sent["acknowledged"]:
                receipt = office_fact_again(office, case, fact_id)
                assert receipt["outcome"] == "duplicate"
            for fact_id in set(sent["tried"]) - set(sent["acknowledged"]):
                receipt = office_fact_again(office, case, fact_id)
                assert receipt["outcome"] in ("accepted", "duplicate")
            assert office.tag(NUMBERS[0])["number"] == "W001"
            assert office.tag(NUMBERS[ROUNDS])["number"] == "W004"
    found = check(config)
    assert found["chain_ok"]
    assert found["facts"] == before + len(sent["tried"]) + 2 * (ROUNDS + 1)


def office_fact_again(office, case, fact_id):
    return office.fact("registration-1", case, {"kind": "form_printed"}, None, fact_id)
