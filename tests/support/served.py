"""The backend as its own process, as a machine runs it, to be killed and started again."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from backend.serve import administer
from backend.settings import read
from hardware.simulation.ports import steady_ports
from tests.support.backend_office import enrol_all, office_table

ROOT = Path(__file__).parents[2]


class Served:
    """A backend in a folder, with the office that tests/support/backend_office.py describes."""

    def __init__(
        self,
        folder: Path,
        database: str,
        more: Mapping[str, Mapping[str, object]] | None = None,
        **backend: object,
    ) -> None:
        """Lay it out; more holds other sections of backend.toml, backend keys of [backend]."""
        self.folder = folder
        self.port = steady_ports(1)[0]
        self.config = folder / "backend.toml"
        table = office_table(folder, (), port=self.port, database=database, **backend)
        for section, values in (more or {}).items():
            table[section] = {**table.get(section, {}), **values}
        self.config.write_text(_toml(table), "utf-8")
        settings = read(self.config)
        administer(settings, lambda transaction: enrol_all(transaction, settings))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "backend.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "office", "backend", "serve", "--config", str(self.config)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        log.close()
        pause = threading.Event()
        for _ in range(1200):
            if self.answers():
                return
            assert self._process.poll() is None, self.log()[-3000:]
            pause.wait(0.05)
        raise AssertionError("the backend does not answer: " + self.log()[-3000:])

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            address = f"http://127.0.0.1:{self.port}/v1/health"
            return httpx.get(address, timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it as a person would."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    def log(self) -> str:
        """Everything that it said."""
        return (self.folder / "backend.log").read_text("utf-8", "replace")

    def check(self) -> dict[str, Any]:
        """Ask the product whether its ledger is whole."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "office", "backend", "check"),
                *("--json", "--config", str(self.config)),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SMARTICS_LOG": "ERROR"},
        )
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@contextmanager
def served(folder: Path, database: str, **backend: object) -> Iterator[Served]:
    """Run a backend for the length of a with-block."""
    found = Served(folder, database, None, **backend)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def _toml(table: dict[str, Any]) -> str:
    """Write plain tables as TOML: a section each, lists as [[section]]."""
    lines: list[str] = []
    for name, section in table.items():
        for one in section if isinstance(section, list) else [section]:
            lines += ["", f"[[{name}]]" if isinstance(section, list) else f"[{name}]"]
            lines += [f"{key} = {_value(value)}" for key, value in one.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
