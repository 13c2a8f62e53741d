"""A CUPS of one's own on loopback: the real scheduler, with a queue whose printer is a script."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

CUPSD = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin")
EXEC = Path("/usr/lib/cups/daemon/cups-exec")
QUEUE = "form"
START_S = 20.0

SETTINGS = """
Listen 127.0.0.1:{port}
LogLevel warn
WebInterface No
Browsing Off
DefaultAuthType None
MaxJobs 100
ErrorPolicy retry-current-job
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FILES = """
ServerRoot {folder}/etc
ServerBin {folder}/bin
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
Printcap
User {user}
Group {group}
SystemGroup {admins}
"""
PRINTERS = """
<Printer {queue}>
Info A queue of the tests
MakeModel Script 2000
DeviceURI script://printer
State Idle
Accepting Yes
Shared No
ErrorPolicy retry-current-job
</Printer>
"""
# A backend of CUPS (cups-backend(7)): it gets the document on standard input or as a file, says
# printer-state-reasons as "STATE: +word" on standard error, and ends with 0 when all is printed.
BACKEND = """#!/bin/sh
[ $# -eq 0 ] && {{ echo 'direct script "Unknown" "Script"'; exit 0; }}
cd {folder}/printer
was=
while [ -e wrong ]; do
  now=$(cat wrong)
  [ "$now" = "$was" ] || echo "STATE: +$now" >&2
  was=$now
  sleep 0.1
done
echo "STATE: -media-empty-error,media-jam-error,door-open-error,media-low-warning" >&2
echo "STATE: -offline-report" >&2
[ -e gives_up ] && exit 4
number=$(ls | grep -c '^page')
cat "${{6:--}}" > page$number
exit 0
"""


@dataclass(frozen=True, slots=True)
class Cups:
    """The running scheduler; what its printer does is in files of the folder printer."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Where the driver finds the queue."""
        return f"ipp://127.0.0.1:{self.port}/printers/{QUEUE}"

    def printed(self) -> list[bytes]:
        """Return what came out."""
        return [file.read_bytes() for file in sorted((self.folder / "printer").glob("page*"))]

    def set_wrong(self, reason: str) -> None:
        """Make the printer stop for a reason; an empty one lets it go on."""
        file = self.folder / "printer" / "wrong"
        if reason:
            file.write_text(reason)
        else:
            file.unlink(missing_ok=True)


@contextmanager
def running_cups() -> Iterator[Cups]:
    """Run a scheduler; TimeoutError where it does not come up."""
    # Its helpers run as another user, who must get at its folders.
    with TemporaryDirectory(prefix="cups-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield from _running(folder)


def _running(folder: Path) -> Iterator[Cups]:
    assert CUPSD is not None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in (
        "etc",
        "bin/backend",
        "bin/daemon",
        "spool/tmp",
        "cache",
        "state",
        "log",
        "printer",
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
    user = {"user": "lp", "group": "lp", "admins": "root"} if os.getuid() == 0 else _myself()
    settings, files = folder / "etc" / "cupsd.conf", folder / "etc" / "cups-files.conf"
    settings.write_text(SETTINGS.format(port=port))
    files.write_text(FILES.format(folder=folder, **user))
    (folder / "etc" / "printers.conf").write_text(PRINTERS.format(queue=QUEUE))
    backend = folder / "bin" / "backend" / "script"
    backend.write_text(BACKEND.format(folder=folder))
    backend.chmod(0o700)  # such a backend runs as the scheduler's own user
    (folder / "bin" / "daemon" / "cups-exec").symlink_to(EXEC)
    daemon = subprocess.Popen(
        [CUPSD, "-f", "-c", str(settings), "-s", str(files)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(port, daemon)
        yield Cups(folder, port)
    finally:
        daemon.terminate()
        daemon.wait(20)


def _myself() -> dict[str, str]:
    import grp  # noqa: PLC0415 (not on Windows)
    import pwd  # noqa: PLC0415

    return {
        "user": pwd.getpwuid(os.getuid()).pw_name,
        "group": grp.getgrgid(os.getgid()).gr_name,
        "admins": "root",
    }


def _wait_until_it_listens(port: int, daemon: subprocess.Popen[bytes]) -> None:
    for _ in range(int(START_S / 0.05)):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if daemon.poll() is not None:
                raise TimeoutError("the scheduler ended at once") from None
            Event().wait(0.05)
        else:
            return
    raise TimeoutError("the scheduler does not listen")
