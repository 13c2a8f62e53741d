"""A whole office on this machine: the bench, the backend and every station as its own process."""

import sys
from collections.abc import Sequence
from pathlib import Path

import requests

from office.bench_client import BenchClient
from office.layout import STATIONS, Layout, StationPlan
from office.officer_cards import give_officer_cards
from office.pairing import pair_all
from office.processes import ALIVE_WITHIN_S, Processes, Program
from office.touch_client import TouchClient


def own_command() -> list[str]:
    """Return what starts smartics as it runs now: from this Python, or from its bundle."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_stem("smartics"))]
    return [sys.executable, "-m", "office"]


class Office:
    """Programs and the ways a person reaches them.

    Attributes:
        touch: The touch screen of each station, by its name.
    """

    def __init__(
        self, layout: Layout, *, windows: bool, launcher: Sequence[str] | None = None
    ) -> None:
        """Prepare an office; launcher is the smartics command, the one that runs by default."""
        self.layout = layout
        self.bench = BenchClient(layout.bench_port)
        self.touch = {name: TouchClient(port) for name, port in layout.touch_ports.items()}
        self.processes = Processes()
        self._windows = windows
        self._launcher = list(launcher or own_command())

    def start(self, stations: Sequence[StationPlan] = STATIONS) -> None:
        """Start everything, what is stood upon first; of the stations, if so wished, only some.

        Raises:
            NotStartedError: A program is not ready in time.
        """
        cluster = self.layout.cluster
        if cluster is not None:
            log = self.layout.folder / "logs" / "postgresql.log"
            server = Program("postgresql", cluster.command(), {}, log, cluster.is_ready)
            self.processes.start(server)
            cluster.make_database("smartics")
        self.processes.start(self._bench(), self._backend())
        pair_all(self.layout)
        give_officer_cards(self.layout, self.bench)
        self.processes.start(*(self._station(plan) for plan in stations))

    def stop(self) -> None:
        """End everything."""
        self.processes.stop()

    def backend_healthy(self) -> bool:
        """Tell whether the backend answers."""
        try:
            address = f"{self.layout.backend_address}/v1/health"
            return requests.get(address, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _bench(self) -> Program:
        folder = self.layout.folder
        return Program(
            "bench",
            [*self._launcher, "simulation", "--config", str(folder / "bench.toml")],
            {},
            folder / "logs" / "bench.log",
            self.bench.healthy,
        )

    def _backend(self) -> Program:
        folder = self.layout.folder
        return Program(
            "backend",
            [
                *self._launcher,
                *("backend", "serve", "--config"),
                str(folder / "backend" / "backend.toml"),
            ],
            {},
            folder / "logs" / "backend.log",
            self.backend_healthy,
        )

    def _station(self, plan: StationPlan) -> Program:
        environment = {
            # A crash below Python leaves its stack in the log.
            "PYTHONFAULTHANDLER": "1",
            "SMARTICS_TOUCH_PORT": str(self.layout.touch_ports[plan.name]),
        }
        if self._windows:
            environment |= {"SMARTICS_ZOOM": "0.45"}
        else:
            # Without a screen nothing needs to move, and a picture never shows half a movement.
            environment |= {"QT_QPA_PLATFORM": "offscreen", "SMARTICS_STILL": "1"}
        return Program(
            plan.name,
            [
                *self._launcher,
                *("station", plan.kind, "--config"),
                str(self.layout.station_file(plan.name)),
            ],
            environment,
            self.layout.folder / "logs" / f"{plan.name}.log",
            self.touch[plan.name].healthy,
            ALIVE_WITHIN_S,
        )
