"""The databases that every test of the backend runs on."""

import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hardware.simulation.ports import steady_ports
from office.postgresql import Cluster

STORES = ("sqlite", "postgresql")
_NUMBERS = count(1)


@contextmanager
def laid_out_cluster(*, is_quick: bool = True) -> Iterator[Cluster]:
    """Make the files of a PostgreSQL server that does not run yet."""
    home = Path(mkdtemp(prefix="smartics-pg-"))
    try:
        cluster = Cluster(home / "pg", steady_ports(1)[0], is_quick=is_quick)
        cluster.lay_out()
        yield cluster
    finally:
        shutil.rmtree(home)


@contextmanager
def running_cluster(*, is_quick: bool = True) -> Iterator[Cluster]:
    """Run a PostgreSQL server as a child of this process."""
    with laid_out_cluster(is_quick=is_quick) as cluster:
        server = start(cluster)
        try:
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def start(cluster: Cluster) -> "subprocess.Popen[bytes]":
    """Start a server and wait until it lets us in."""
    with (cluster.folder.parent / "log").open("ab") as log:
        server = subprocess.Popen(cluster.command(), stdout=log, stderr=log, cwd="/")
    pause = threading.Event()
    for _ in range(600):
        if server.poll() is not None or cluster.is_ready():
            break
        pause.wait(0.05)
    assert server.poll() is None, (cluster.folder.parent / "log").read_text()[-2000:]
    return server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the tests of one worker."""
    with running_cluster() as found:
        yield found


def fresh_database(cluster: Cluster) -> str:
    """Make an empty database and return its address."""
    name = f"test_{next(_NUMBERS)}"
    cluster.make_database(name)
    return cluster.address(name)


def _address(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return "backend.sqlite"
    return fresh_database(request.getfixturevalue("cluster"))


@pytest.fixture(params=STORES)
def database(request: pytest.FixtureRequest) -> str:
    """What backend.toml calls `database`: a new one of each kind, for each test."""
    return _address(request)


@pytest.fixture(params=STORES, scope="module")
def module_database(request: pytest.FixtureRequest) -> str:
    """The same, one for a whole module."""
    return _address(request)
