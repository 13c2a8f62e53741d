"""HID links: addresses, frames of the bridge, the system's devices, recording and replay."""

import socket
import zlib
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.core import hid_address, hid_server, hid_system
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.hid_address import Bridge, Node, UsbNumbers, find_hid, parse_hid_address
from hardware.core.hid_bridge import BridgeHidLink
from hardware.core.hid_link import RecordingHidLink, ReplayHidLink
from hardware.core.hid_server import serve_hid
from hardware.core.hid_system import HidInfo, SystemHidLink, list_hid
from hardware.core.links import RealLinks, ReplayLinks
from hardware.core.transport import Exchange


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("hid:056a:00A8", UsbNumbers(0x56A, 0xA8)),
        ("hid:56a:a8:4KZQ:1", UsbNumbers(0x56A, 0xA8, "4KZQ:1")),
        ("hid+tcp://127.0.0.1:41007", Bridge("127.0.0.1", 41007)),
        ("/dev/hidraw3", Node("/dev/hidraw3")),
        ("\\\\?\\hid#vid_056a", Node("\\\\?\\hid#vid_056a")),
    ],
)
def test_addresses(address: str, place: object) -> None:
    assert parse_hid_address(address) == place


@pytest.mark.parametrize(
    "address",
    [
        *("", "hid:", "hid:056a", "hid:056a:", "hid:0x56a:a8", "hid:12345:a8", "hid+tcp://host"),
        *("hid+tcp://:1", "hid+tcp://host:0", "hid+tcp://host:65536", "COM3", "tcp://host:1"),
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="hid:VID:PID"):
        parse_hid_address(address)


# The bridge


@pytest.fixture
def bridged() -> Iterator[tuple[BridgeHidLink, socket.socket]]:
    """A link, and the other end of its line."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = BridgeHidLink("127.0.0.1", server.getsockname()[1])
        device, _ = server.accept()
        with device:
            yield link, device
        link.close()


def told(kind: bytes, body: bytes = b"") -> bytes:
    frame = kind + len(body).to_bytes(2, "big") + body
    return frame + zlib.crc32(frame).to_bytes(4, "big")


def answering(device: socket.socket, *answers: bytes) -> list[bytes]:
    """Answer each thing that the host says; returns what it said, growing."""
    heard: list[bytes] = []

    def serve() -> None:
        for answer in answers:
            heard.append(device.recv(4096))
            device.sendall(answer)

    Thread(target=serve, daemon=True).start()
    return heard


def test_the_bytes_of_the_bridge(bridged) -> None:
    link, device = bridged
    heard = answering(device, told(b"F", b"\x09\x01\x02"), told(b"A"))
    assert link.get_feature(0x09, 14) == b"\x09\x01\x02"
    link.set_feature(b"\x21\x01")
    link.write_report(b"\x05\x06")
    assert device.recv(100) == told(b"O", b"\x05\x06")
    assert [each.hex()[:-8] for each in heard] == ["47000309000e", "5300022101"]
    assert [each[-4:] for each in heard] == [
        zlib.crc32(bytes.fromhex("47000309000e")).to_bytes(4, "big"),
        zlib.crc32(bytes.fromhex("5300022101")).to_bytes(4, "big"),
    ]


def test_reports_are_kept_while_an_answer_is_awaited(bridged) -> None:
    link, device = bridged
    answering(device, told(b"I", b"\x01one") + told(b"A") + told(b"I", b"\x01two"))
    link.set_feature(b"\x20\x00")
    assert link.read_report(1.0) == b"\x01one"
    assert link.read_report(1.0) == b"\x01two"
    with pytest.raises(DeviceTimeoutError):
        link.read_report(0.05)


def test_a_report_may_come_in_pieces(bridged) -> None:
    link, device = bridged
    for byte in told(b"I", b"\x34" + bytes(10)):
        device.sendall(bytes([byte]))
    assert link.read_report(1.0) == b"\x34" + bytes(10)


def test_what_nobody_read_is_thrown_away(bridged) -> None:
    link, device = bridged
    answering(device, told(b"I", b"\x01old") * 3 + told(b"A"))
    link.set_feature(b"\x20\x00")
    device.sendall(told(b"I", b"\x01old"))
    link.flush_input()
    device.sendall(told(b"I", b"\x01new"))
    assert link.read_report(1.0) == b"\x01new"


def test_a_refusal_is_no_loss(bridged) -> None:
    link, device = bridged
    answering(device, told(b"R"), told(b"R"), told(b"F", b"\x03\x00"))
    with pytest.raises(DeviceFaultError, match="refused"):
        link.set_feature(b"\x32\x03")
    with pytest.raises(DeviceFaultError, match="refused"):
        link.get_feature(0x32, 1)
    assert link.get_feature(0x03, 4) == b"\x03\x00"


@pytest.mark.parametrize(
    "bad",
    [
        told(b"I", b"\x01")[:-1] + b"\x00",
        told(b"F", b"\x01"),
        told(b"?", b""),
        b"I\x00",
    ],
    ids=["checksum", "unasked", "unknown", "hung up within"],
)
def test_a_broken_frame_ends_the_link(bridged, bad: bytes) -> None:
    link, device = bridged
    device.sendall(bad)
    device.shutdown(socket.SHUT_WR)
    for _ in range(2):
        with pytest.raises(DeviceAbsentError):
            link.read_report(1.0)
    with pytest.raises(DeviceAbsentError):
        link.set_feature(b"\x20\x00")


def test_half_a_frame_ends_the_link(bridged, monkeypatch) -> None:
    monkeypatch.setattr("hardware.core.hid_bridge.REST_S", 0.1)
    link, device = bridged
    device.sendall(told(b"I", b"\x01")[:5])
    for _ in range(500):
        try:
            link.read_report(0.02)
        except DeviceTimeoutError:
            continue
        except DeviceAbsentError:
            return
    pytest.fail("half a frame was waited for without end")


def test_a_mute_bridge_is_absent(bridged, monkeypatch) -> None:
    monkeypatch.setattr("hardware.core.hid_bridge.ANSWER_S", 0.1)
    link, _ = bridged
    with pytest.raises(DeviceAbsentError, match="answer"):
        link.get_feature(0x09, 14)


def test_nobody_listens() -> None:
    with pytest.raises(DeviceAbsentError):
        RealLinks().hid("hid+tcp://127.0.0.1:1")


# Plugged devices


class Pretended:
    """What hidapi's class `device` would be."""

    def __init__(self) -> None:
        self.reports: list[list[int]] = []
        self.taken: list[bytes] = []
        self.is_gone = False
        self.refuses = False
        self.waits: list[int] = []

    def read(self, _max_length: int, timeout_ms: int = 0) -> list[int]:
        self.waits.append(timeout_ms)
        if self.is_gone:
            raise OSError("read error")
        return self.reports.pop(0) if self.reports else []

    def write(self, data: bytes) -> int:
        return self.send_feature_report(data)

    def send_feature_report(self, data: bytes) -> int:
        if self.is_gone or self.refuses:
            return -1
        self.taken.append(data)
        return len(data)

    def get_feature_report(self, number: int, max_length: int) -> list[int]:
        if self.is_gone or self.refuses:
            raise OSError("read error")
        assert max_length >= 257
        return [number, *(at % 256 for at in range(max_length - 1))]

    def close(self) -> None:
        if self.is_gone:
            raise OSError("close error")


def test_a_plugged_device() -> None:
    device = Pretended()
    link = SystemHidLink(lambda: device)
    device.reports = [[1, 2], [3]]
    assert link.read_report(0.5) == b"\x01\x02"
    link.flush_input()
    with pytest.raises(DeviceTimeoutError):
        link.read_report(0.0)
    assert min(device.waits) >= 1  # zero would wait for ever
    assert link.get_feature(9, 3) == b"\x09\x00\x01\x02"
    assert link.get_feature(9, 300)[-1] == 299 % 256
    link.set_feature(b"\x21\x01")
    link.write_report(b"\x00\x05")
    assert device.taken == [b"\x21\x01", b"\x00\x05"]
    link.close()


def test_a_refusal_of_a_plugged_device_loses_no_report() -> None:
    device = Pretended()
    link = SystemHidLink(lambda: device)
    device.refuses = True
    device.reports = [[1], [2]]
    with pytest.raises(DeviceFaultError, match="refused"):
        link.set_feature(b"\x32\x03")
    with pytest.raises(DeviceFaultError, match="refused"):
        link.get_feature(0x32, 1)
    assert [link.read_report(0.1), link.read_report(0.1)] == [b"\x01", b"\x02"]


def test_a_pulled_plug_is_absent_whatever_is_asked() -> None:
    device = Pretended()
    link = SystemHidLink(lambda: device)
    device.is_gone = True
    for ask in (
        lambda: link.read_report(0.1),
        lambda: link.set_feature(b"\x21\x01"),
        lambda: link.write_report(b"\x00"),
        lambda: link.get_feature(9, 3),
        link.flush_input,
    ):
        with pytest.raises(DeviceAbsentError):
            ask()
    link.close()


def test_the_real_hidapi_finds_no_such_device() -> None:
    assert all(isinstance(info, HidInfo) for info in list_hid())
    for address in ("hid:ffff:ffff:no such serial", "/dev/no-such-hidraw"):
        with pytest.raises(DeviceAbsentError):
            RealLinks().hid(address)


ROWS = (
    {"vendor_id": 0x56A, "product_id": 0xA8, "serial_number": "1", "usage_page": 0xFF0D}
    | {"manufacturer_string": "Wacom", "product_string": "STU", "usage": 1, "path": b"/dev/x"},
    {"vendor_id": 0xDB5, "product_id": 1, "serial_number": None, "usage_page": 0x8C}
    | {"manufacturer_string": None, "product_string": None, "usage": 2, "path": b"/dev/y"},
)


class PretendedModule:
    def enumerate(self) -> tuple[dict[str, Any], ...]:
        return ROWS


def test_devices_are_found_by_what_they_are(monkeypatch) -> None:
    monkeypatch.setattr(hid_system, "_hidapi", PretendedModule)
    (pad,) = find_hid(lambda info: info.vendor == 0x56A)
    assert (pad.address, pad.detail, pad.is_certain) == ("hid:056a:00a8:1", "Wacom STU", True)
    (scanner,) = find_hid(lambda info: info.usage_page == 0x8C)
    assert (scanner.address, scanner.detail) == ("hid:0db5:0001", "USB 0db5:0001")


def test_without_the_package_nothing_is_found(monkeypatch) -> None:
    def missing() -> Any:
        raise DeviceAbsentError("no package")

    monkeypatch.setattr(hid_system, "_hidapi", missing)
    assert find_hid(lambda _: True) == ()
    assert hid_address.find_hid is find_hid


# The bridge's other end


@pytest.fixture
def served() -> Iterator[tuple[BridgeHidLink, Pretended]]:
    """A link over the bridge to a pretended device."""
    device = Pretended()
    ended = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = BridgeHidLink("127.0.0.1", server.getsockname()[1])
        connection, _ = server.accept()

    def serve() -> None:
        with connection, suppress(DeviceAbsentError):
            serve_hid(SystemHidLink(lambda: device), connection, ended)

    thread = Thread(target=serve)
    thread.start()
    yield link, device
    link.close()
    ended.set()
    thread.join()


def test_a_plugged_device_is_reached_over_the_bridge(served) -> None:
    link, device = served
    device.reports.append([1, 2, 3])
    assert link.read_report(5.0) == b"\x01\x02\x03"
    assert link.get_feature(9, 2) == b"\x09\x00\x01"
    link.set_feature(b"\x21\x01")
    link.write_report(b"\x00\x05")
    link.get_feature(9, 2)  # an output report is not answered; what follows it is
    device.refuses = True
    with pytest.raises(DeviceFaultError):
        link.set_feature(b"\x32\x03")
    with pytest.raises(DeviceFaultError):
        link.get_feature(9, 2)
    assert device.taken == [b"\x21\x01", b"\x00\x05"]


def test_a_plug_pulled_behind_the_bridge_is_noticed(served) -> None:
    link, device = served
    device.is_gone = True
    with pytest.raises(DeviceAbsentError):
        link.read_report(5.0)


def test_the_bridge_hangs_up_on_nonsense(served) -> None:
    link, device = served
    link._socket.sendall(told(b"S", b"\x21\x01")[:-1] + b"\x00" + told(b"O", b"\x00"))
    with pytest.raises(DeviceAbsentError):
        link.read_report(5.0)
    assert device.taken == []


def test_the_bridge_serves_one_program_after_the_other(monkeypatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ended = Event()
    device = Pretended()
    real = RealLinks.hid

    def pretended(links: RealLinks, address: str) -> Any:
        return SystemHidLink(lambda: device) if address == "hid:1:1" else real(links, address)

    monkeypatch.setattr(RealLinks, "hid", pretended)
    thread = Thread(target=hid_server.main, args=("hid:1:1", port, ended))
    thread.start()
    try:
        for _ in range(2):
            link = until_open(f"hid+tcp://127.0.0.1:{port}")
            assert link.get_feature(9, 2) == b"\x09\x00\x01"
            link.close()
    finally:
        ended.set()
        thread.join()


def until_open(address: str) -> Any:
    for _ in range(200):
        try:
            return RealLinks().hid(address)
        except DeviceAbsentError:
            Event().wait(0.05)
    return pytest.fail("the bridge does not listen")


# Recording and replay

SESSION = """
> 4709000e
< 46090102
> 532101
< 41
> 533203
< 52
< 4901aabb
> 4f0005
"""


def exchanges() -> list[Exchange]:
    return [Exchange.parse(line) for line in SESSION.split("\n") if line]


def play(link: Any) -> list[object]:
    heard: list[object] = [link.get_feature(9, 14)]
    link.set_feature(b"\x21\x01")
    with pytest.raises(DeviceFaultError, match="refused"):
        link.set_feature(b"\x32\x03")
    heard.append(link.read_report(1.0))
    link.write_report(b"\x00\x05")
    with pytest.raises(DeviceTimeoutError):
        link.read_report(0.1)
    return heard


def test_what_is_recorded_can_be_replayed_and_recorded_again() -> None:
    replay = ReplayLinks(exchanges())
    told_: list[Exchange] = []
    recorder = RecordingHidLink(replay.hid("hid:1:1"), told_.append)
    assert play(recorder) == [b"\x09\x01\x02", b"\x01\xaa\xbb"]
    assert told_ == exchanges()
    assert replay.finished()
    assert replay.hid("hid:1:1") is replay.hid("hid:2:2")


def test_a_replay_refuses_what_was_not_said() -> None:
    link = ReplayHidLink(exchanges())
    with pytest.raises(DeviceTimeoutError):
        link.read_report(0.1)
    with pytest.raises(BadReplyError):
        link.get_feature(8, 14)
    with pytest.raises(BadReplyError):
        link.set_feature(b"\x21\x01")
    assert not link.finished()


@given(st.lists(st.tuples(st.sampled_from("<>"), st.binary(max_size=6)), max_size=8))
def test_no_recording_breaks_the_replay(lines: list[tuple[str, bytes]]) -> None:
    link = ReplayHidLink([Exchange.parse(f"{arrow} {data.hex()}") for arrow, data in lines])
    for ask in (
        lambda: link.read_report(0.1),
        lambda: link.get_feature(9, 14),
        lambda: link.set_feature(b"\x21\x01"),
        lambda: link.write_report(b"\x00"),
    ):
        try:
            ask()
        except DeviceError:
            continue
