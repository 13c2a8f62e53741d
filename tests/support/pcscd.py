"""A PC/SC service of the tests' own: the real pcscd, with virtual readers and cards.

It runs in a mount namespace where /run is a folder of the test's, so that it meets no other
pcscd. Its clients find it through PCSCLITE_CSOCK_NAME, which libpcsclite reads once in a
process: tests/conftest.py sets it before anything can ask.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import ClassVar, Self, TypeAlias

DAEMON = shutil.which("pcscd", path="/usr/sbin:/sbin:/usr/bin:/usr/local/sbin")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
READERS = tuple(f"Virtual {letter}" for letter in "ABCDEFGH")
"""Each has two slots; pcscd has room for sixteen in all."""
USUAL = READERS[:2]
ATR = bytes.fromhex("3B8A80018031F873F741E082900075")
"""T=1 over contactless: historical bytes with a card capability of extended length."""

_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0, 1, 2, 4
_PORTS = range(20000, 32000, 2)  # below those that the system gives to clients
_STEP_S = 0.005
_READY_S = 10.0
_NOTICED_S = 0.5

Answer: TypeAlias = Callable[[bytes], bytes | None]
"""What a card makes of an APDU; None tears the card away."""


def socket_path() -> Path:
    """Where this process' pcscd will listen, if it has one. A socket's path must be short."""
    return Path(tempfile.gettempdir(), f"smartics-pcscd-{os.getpid()}", "run", "pcscd.comm")


def why_not() -> str:
    """Why this machine cannot have a pcscd of the tests' own; empty where it can."""
    if DAEMON is None or not DRIVER.exists():
        return "pcscd or the virtual reader is not installed (Debian: pcscd, vsmartcard-vpcd)"
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return "unshare or setpriv is not installed (Debian: util-linux)"
    tried = subprocess.run(
        [*_namespace(), "mount", "-t", "tmpfs", "none", "/run"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else f"no mount namespace: {tried.stderr.decode().strip()}"


class Pcscd:
    """One service, with as many of the virtual READERS as are asked for."""

    def __init__(self) -> None:
        self._folder = socket_path().parent.parent
        self._folder.mkdir(parents=True, exist_ok=True)
        self._ports = dict(zip(READERS, _free_ports(len(READERS)), strict=True))
        self._daemon: subprocess.Popen[bytes] | None = None
        self._starter = ThreadPoolExecutor(1)
        self._running: tuple[str, ...] = ()

    def reader(self, name: str, slot: int = 0) -> str:
        """The reader's whole name: vpcd numbers the readers and their two slots."""
        return f"{name} 00 {slot:02}"

    def port(self, name: str, slot: int = 0) -> int:
        """Where the reader waits for its card."""
        return self._ports[name] + slot

    def start(self, readers: Sequence[str] = USUAL) -> None:
        """Start the service with these readers."""
        run, config = socket_path().parent, self._folder / "config"
        for folder in (run, config):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        entries = [self._entry(name) for name in readers]
        (config / "vpcd").write_text("\n".join(entries), "utf-8")
        mounted = f'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "{run}" /run/pcscd'
        # The service ends with the thread that started it: with this process, even a killed one.
        daemon = f'exec setpriv --pdeathsig KILL "{DAEMON}" {_options()} --config "{config}"'
        with (self._folder / "log").open("ab") as log:
            self._daemon = self._starter.submit(
                subprocess.Popen,
                [*_namespace(), "sh", "-c", f"{mounted} && {daemon}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            ).result()
        VirtualCard.removed_at.clear()
        self._running = tuple(readers)
        self._wait_ready()

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the service, in the way of that signal."""
        if self._daemon is None:
            return
        self._daemon.send_signal(number)
        if number is signal.SIGTERM:
            self._daemon.send_signal(signal.SIGCONT)  # one that is paused hears nothing
        try:
            self._daemon.wait(_READY_S)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            self._daemon.wait()
        self._daemon = None

    def ensure(self) -> "Pcscd":
        """Start the service with the usual readers, unless it is running so."""
        is_running = self._daemon is not None and self._daemon.poll() is None
        if not is_running or self._running != USUAL:
            self.end()
            self.start()
        return self

    def pause(self) -> None:
        """Let the service stand still, alive and silent."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGSTOP)

    def restart(
        self,
        number: signal.Signals = signal.SIGTERM,
        readers: Sequence[str] = USUAL,
    ) -> None:
        """End the service and start it again."""
        self.end(number)
        self.start(readers)

    def remove(self) -> None:
        """End the service and leave nothing behind."""
        self.end()
        self._starter.shutdown()
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What the service has said."""
        return (self._folder / "log").read_text("utf-8", "replace")

    def _entry(self, name: str) -> str:
        # The driver keeps its sockets by slot alone: two readers need two copies of it.
        driver = self._folder / f"vpcd-{self._ports[name]}.so"
        if not driver.exists():
            shutil.copy(DRIVER, driver)
        port = self._ports[name]
        return (
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{port}\n'
            f"LIBPATH {driver}\nCHANNELID {port}\n"
        )

    def _wait_ready(self) -> None:
        for _ in range(int(_READY_S / _STEP_S)):
            with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.connect(str(socket_path()))
                return
            if self._daemon is not None and self._daemon.poll() is not None:
                break
            Event().wait(_STEP_S)
        raise RuntimeError(f"pcscd does not start: {self.log()}")


class VirtualCard:
    """A card in a virtual reader, from insert() to remove(); answers with its Answer.

    vpcd's protocol: two bytes of length, then one byte of control or an APDU; only a question for
    the ATR and APDUs are answered. pcscd looks after its cards every 0.4 s: a card that follows
    another sooner is never noticed, so insert() waits that long.
    """

    removed_at: ClassVar[dict[int, float]] = {}

    def __init__(self, port: int, answer: Answer | None = None, atr: bytes = ATR) -> None:
        self._port = port
        self._answer = answer or echo
        self._atr = atr
        self._line: socket.socket | None = None
        self.resets = 0

    def insert(self) -> Self:
        """Put the card in."""
        left_s = self.removed_at.get(self._port, 0.0) + _NOTICED_S - monotonic()
        if left_s > 0:
            Event().wait(left_s)
        self._line = _connected(self._port)
        Thread(target=self._serve, args=(self._line,), daemon=True).start()
        return self

    def remove(self) -> None:
        """Tear the card away."""
        line, self._line = self._line, None
        if line is not None:
            self.removed_at[self._port] = monotonic()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def __enter__(self) -> Self:
        return self.insert()

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, EOFError):
            while True:
                message = _exactly(line, int.from_bytes(_exactly(line, 2), "big"))
                answer = self._control(message[0]) if len(message) == 1 else self._answer(message)
                if answer is None:
                    self.remove()
                elif len(message) > 1 or message[0] == _GET_ATR:
                    line.sendall(len(answer).to_bytes(2, "big") + answer)

    def _control(self, control: int) -> bytes:
        self.resets += control in {_POWER_ON, _RESET}
        return self._atr


def echo(command: bytes) -> bytes:
    """Answer E0 with as many zeros as P1-P2 say, D0 with the length sent, C0 with P2, else OK."""
    match command[1]:
        case 0xC0:
            return command[3:4] + b"\x90\x00"
        case 0xE0:
            return bytes(int.from_bytes(command[2:4], "big")) + b"\x90\x00"
        case 0xD0:
            return len(command).to_bytes(4, "big") + b"\x90\x00"
        case _:
            return b"\x90\x00"


def _connected(port: int) -> socket.socket:
    for _ in range(int(_READY_S / _STEP_S)):
        with suppress(ConnectionRefusedError):
            line = socket.create_connection(("127.0.0.1", port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return line
        Event().wait(_STEP_S)
    raise RuntimeError(f"no virtual reader listens on port {port}")


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        # vpcd sends length and content apart; without this the second part comes 40 ms late.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(size - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _namespace() -> list[str]:
    """The command before a command that gives it mounts of its own, for root and for others."""
    return ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]


def _options() -> str:
    """Debian 13's pcscd asks polkit about its clients, which knows nobody in a namespace."""
    said = subprocess.run([str(DAEMON), "--help"], capture_output=True, text=True, check=False)
    has_polkit = "--disable-polkit" in said.stdout + said.stderr
    return "--foreground --disable-polkit" if has_polkit else "--foreground"


def _free_ports(count: int) -> list[int]:
    """Ports that are free together with the one behind them, for a reader's two slots."""
    start = os.getpid() * 16 % len(_PORTS)
    found: list[int] = []
    for port in [*_PORTS[start:], *_PORTS[:start]]:
        if len(found) == count:
            break
        with (
            suppress(OSError),
            socket.create_server(("", port)),
            socket.create_server(("", port + 1)),
        ):
            found.append(port)
    return found
