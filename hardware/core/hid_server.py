"""The other end of the HID bridge: offers one plugged device to another program, over TCP.

    python -m hardware.core.hid_server hid:056a:00a4 41007

It listens on this machine alone and serves one program at a time; that program's address for the
device is hid+tcp://127.0.0.1:41007. So a device can be tried that only another user, or another
container on this machine, can open.
"""

import socket
import sys
from contextlib import suppress
from threading import Event

from hardware.core.errors import DeviceError, DeviceFaultError, DeviceTimeoutError
from hardware.core.hid_bridge import CHECK, HEAD, frame
from hardware.core.hid_link import FEATURE, GET, INPUT, OUTPUT, REFUSED, SET, TAKEN, HidLink
from hardware.core.links import RealLinks

LOOK_S = 0.005
SEND_S = 2.0


def serve_hid(link: HidLink, connection: socket.socket, ended: Event) -> None:
    """Pass reports on until the program hangs up, speaks nonsense, or ended is set.

    Raises:
        DeviceAbsentError: The device is gone.
    """
    unread = b""
    connection.setblocking(False)
    while not ended.is_set():
        with suppress(DeviceTimeoutError):
            _send(connection, INPUT, link.read_report(LOOK_S))
        try:
            if not (heard := connection.recv(65536)):
                return
        except BlockingIOError:
            continue
        except OSError:
            return
        unread += heard
        while len(unread) >= HEAD + CHECK + (size := int.from_bytes(unread[1:HEAD], "big")):
            whole, unread = unread[: HEAD + size + CHECK], unread[HEAD + size + CHECK :]
            kind, body = whole[:1], whole[HEAD:-CHECK]
            if frame(kind, body) != whole:
                return
            _obey(link, connection, kind, body)


def _obey(link: HidLink, connection: socket.socket, kind: bytes, body: bytes) -> None:
    try:
        if kind == OUTPUT:
            link.write_report(body)
        elif kind == GET and len(body) == 3:
            report = link.get_feature(body[0], int.from_bytes(body[1:], "big"))
            _send(connection, FEATURE, report)
        elif kind == SET and body:
            link.set_feature(body)
            _send(connection, TAKEN)
    except DeviceFaultError:
        if kind != OUTPUT:
            _send(connection, REFUSED)


def _send(connection: socket.socket, kind: bytes, body: bytes = b"") -> None:
    connection.settimeout(SEND_S)
    with suppress(OSError):  # whoever hung up is noticed by the next look
        connection.sendall(frame(kind, body))
    connection.setblocking(False)


def main(address: str, port: int, ended: Event) -> None:
    """Serve one program after the other, opening the device for each."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.settimeout(0.2)
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection, suppress(DeviceError):
                link = RealLinks().hid(address)
                try:
                    serve_hid(link, connection, ended)
                finally:
                    link.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Event())
