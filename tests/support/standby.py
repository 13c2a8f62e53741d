"""Two PostgreSQL servers, one the synchronous standby of the other, changing places."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from hardware.simulation.ports import steady_ports
from office.postgresql import Cluster, program, run_as_server_user
from tests.support.stores import start

DATABASE = "smartics"


class Pair:
    """A primary and its standby. After a failover they have changed places."""

    def __init__(self, home: Path) -> None:
        ports = steady_ports(2)
        self.clusters = [Cluster(home / "a" / "pg", ports[0]), Cluster(home / "b" / "pg", ports[1])]
        self._servers: dict[int, subprocess.Popen[bytes]] = {}
        self.primary = self.clusters[0]
        for cluster in self.clusters:
            cluster.folder.parent.mkdir(parents=True)
            cluster.folder.parent.chmod(0o711)
        self.primary.lay_out()
        self._start(self.primary)
        self.primary.make_database(DATABASE)

    @property
    def standby(self) -> Cluster:
        """The one that is not the primary."""
        return next(one for one in self.clusters if one is not self.primary)

    @property
    def address(self) -> str:
        """Both of them, of which the one that can be written is used."""
        hosts = ",".join(f"127.0.0.1:{cluster.port}" for cluster in self.clusters)
        password = self.primary.password
        options = "target_session_attrs=read-write"
        return f"postgresql://smartics:{password}@{hosts}/{DATABASE}?{options}"

    def follow(self) -> None:
        """Make the standby anew from the primary, and let commits wait for it."""
        standby, primary = self.standby, self.primary
        shutil.rmtree(standby.folder, ignore_errors=True)
        standby.folder.mkdir()
        shutil.copy(primary.folder / "password", standby.folder / "password")
        for path in (standby.folder, standby.folder / "password"):
            shutil.chown(path, *_owner(primary.folder))
        done = run_as_server_user(
            program("pg_basebackup"),
            *("-D", str(standby.folder / "data"), "-X", "stream", "-R", "-c", "fast"),
            *("-d", f"{primary.address()}?application_name=standby"),
        )
        assert done.returncode == 0, done.stderr
        self._start(standby)
        self._say("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self._say("SELECT pg_reload_conf()")
        pause = threading.Event()
        for _ in range(200):
            if self._say("SELECT sync_state FROM pg_stat_replication") == [("sync",)]:
                return
            pause.wait(0.05)
        raise AssertionError("the standby is not synchronous")

    def fail_over(self) -> None:
        """End the primary as a power cut would, and promote the standby."""
        lost = self.primary
        kill_all(self._servers.pop(lost.port))
        self.primary = self.standby
        # Nobody stands by now: commits must not wait for who is dead.
        self._say("ALTER SYSTEM SET synchronous_standby_names = ''")
        self._say("SELECT pg_reload_conf()")
        self._say("SELECT pg_promote(true, 30)")

    def stop(self) -> None:
        """End both."""
        for server in self._servers.values():
            server.send_signal(signal.SIGINT)
            server.wait(30)

    def _start(self, cluster: Cluster) -> None:
        self._servers[cluster.port] = start(cluster)

    def _say(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.primary.address(), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []


def kill_all(server: "subprocess.Popen[bytes]") -> None:
    """Kill a server and its children before any of them can say or write another word."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    server.kill()
    for child in children:
        try:
            os.kill(int(child), signal.SIGKILL)
        except ProcessLookupError:
            continue
    server.wait()


def _owner(path: Path) -> tuple[str, str]:
    return path.owner(), path.group()


@contextmanager
def standing_pair() -> Iterator[Pair]:
    """Run a pair for the length of a with-block."""
    home = Path(mkdtemp(prefix="smartics-pg-"))
    home.chmod(0o711)
    pair = Pair(home)
    try:
        yield pair
    finally:
        pair.stop()
        shutil.rmtree(home)
