"""Finds the SBI services of this machine: each listens on a loopback port from 4501 to 4600."""

import selectors
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

from hardware.core.device import Found
from hardware.core.errors import DeviceError
from hardware.core.links import RealLinks
from hardware.sbi.biometrics import BioType
from hardware.sbi.devices import LOOPBACK, Discovered
from hardware.sbi.service import Service, utc_now
from hardware.sbi.tokens import Judge
from hardware.sbi.trust import Trust

PORTS = range(4501, 4601)
PROBE_S, ASK_S = 0.3, 0.6


def open_ports(ports: Iterable[int] = PORTS, timeout_s: float = PROBE_S) -> list[int]:
    """Return the loopback ports on which somebody listens; all are tried at once."""
    found = []
    with selectors.DefaultSelector() as waiting:
        for port in ports:
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex((LOOPBACK, port))
            waiting.register(sock, selectors.EVENT_WRITE, port)
        deadline = monotonic() + timeout_s
        while waiting.get_map() and (left_s := deadline - monotonic()) > 0:
            for key, _ in waiting.select(left_s):
                sock = key.fileobj  # type: ignore[assignment]  # registered above
                if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    found.append(key.data)
                waiting.unregister(sock)
                sock.close()
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # a socket
    return sorted(found)


def address_of(port: int) -> str:
    """Return the address of the service on a port."""
    return f"http://{LOOPBACK}:{port}"


def find(kind: BioType, ports: Iterable[int] = PORTS) -> list[Found]:
    """Look for devices of a kind; a second at most, and nobody is asked to show a finger."""
    listening = open_ports(ports)
    with ThreadPoolExecutor(max(1, len(listening))) as pool:
        answers = pool.map(lambda port: _devices(port, kind), listening)
        return [
            Found(address_of(port), f"{one.digital_id.make} {one.digital_id.model}", True)
            for port, devices in zip(listening, answers, strict=True)
            for one in devices
        ]


def _devices(port: int, kind: BioType) -> list[Discovered]:
    link = RealLinks().http(address_of(port))
    try:
        return Service(link, Judge(Trust({}), utc_now), "").discover(kind, Event(), ASK_S)
    except DeviceError:
        return []  # it speaks something else
    finally:
        link.close()
