"""A PostgreSQL server of one's own in one folder: for an office on this machine, and for tests."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from office.store import NoPostgresqlError

OLDEST = 15
_USER = "smartics"
# A PostgreSQL of Debian runs as this user where we are root; the server itself refuses root.
_SYSTEM_USER = "postgres"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One server: its files in folder, listening on 127.0.0.1 alone, entered with a password.

    Attributes:
        is_quick: Trade what survives a power cut for speed: for tests of behaviour only.
    """

    folder: Path
    port: int
    is_quick: bool = False

    def lay_out(self) -> None:
        """Make the files of the server, unless they are there.

        Raises:
            NoPostgresqlError: No server is installed, or its files cannot be made here.
        """
        data = self.folder / "data"
        if (data / "PG_VERSION").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(32), "ascii")
        _give(self.folder, password)
        done = run_as_server_user(
            program("initdb"),
            *("-D", str(data), "-U", _USER, "--auth=scram-sha-256", f"--pwfile={password}"),
            *("--no-locale", "--encoding=UTF8", "--no-sync"),
        )
        if done.returncode:
            raise NoPostgresqlError(f"initdb: {done.stderr.strip()[-300:]}")

    def command(self) -> list[str]:
        """Return what runs the server in the foreground until it gets SIGINT."""
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "50",
            "log_min_error_statement": "panic",  # a statement may hold what is personal
        }
        if self.is_quick:
            options |= {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
        words = [str(program("postgres")), "-D", str(self.folder / "data")]
        for name, value in options.items():
            words += ["-c", f"{name}={value}"]
        return [*_as_server_user(), *words]

    def address(self, database: str = "postgres") -> str:
        """Return a database's address with its password, for use in this process."""
        return f"postgresql://{_USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def address_without_password(self, database: str) -> str:
        """Return a database's address as it may stand in a settings file."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    @property
    def password(self) -> str:
        """The password of the server's only user."""
        return (self.folder / "password").read_text("ascii")

    def is_ready(self) -> bool:
        """Tell whether the server lets us in."""
        try:
            psycopg.connect(self.address(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_database(self, name: str, template: str = "template1") -> None:
        """Make a database, unless it is there."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if found.fetchone() is None:
                wanted = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
                connection.execute(wanted)


def run_as_server_user(what: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs as the user that its server runs as."""
    return subprocess.run(  # noqa: S603 (found by its place)
        [*_as_server_user(), str(what), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def program(name: str) -> Path:
    """Find a program of the newest PostgreSQL here: Debian keeps them out of the path.

    Raises:
        NoPostgresqlError: None is installed.
    """
    found = sorted(
        (int(folder.name), folder / "bin" / name)
        for folder in Path("/usr/lib/postgresql").glob("[0-9]*")
        if folder.name.isdecimal() and (folder / "bin" / name).exists()
    )
    if found and found[-1][0] >= OLDEST:
        return found[-1][1]
    if path := shutil.which(name):
        return Path(path)
    raise NoPostgresqlError(f"no {name} of PostgreSQL {OLDEST} or newer: install postgresql")


def _as_server_user() -> list[str]:
    if os.name != "posix" or os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_SYSTEM_USER}", f"--regid={_SYSTEM_USER}", "--clear-groups"]


def _give(folder: Path, *files: Path) -> None:
    """Let the server's user reach its folder, where that is not us."""
    if not _as_server_user():
        return
    for path in (folder, *files):
        shutil.chown(path, _SYSTEM_USER, _SYSTEM_USER)
    folder.chmod(0o700)
    # Passing through is all that the folder above allows.
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
