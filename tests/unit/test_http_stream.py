"""HTTP that a caller can leave: every way an answer can be late, torn, endless or none."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread, Timer
from time import monotonic

import pytest

from hardware.core import http_stream
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.http_link import HttpAnswer, HttpLink
from hardware.core.links import RealLinks, RecordingLinks, ReplayLinks
from hardware.core.transport import Exchange

OK = b"HTTP/1.1 200 OK\r\n"
ended = Event()


@contextmanager
def serving(*answers: Callable[[socket.socket], object]) -> Iterator[HttpLink]:
    """Answer one connection after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            for answer in answers:
                line, _ = listener.accept()
                with line:
                    _hear(line)
                    answer(line)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield RealLinks().http(f"http://127.0.0.1:{port}")
        thread.join()


def _hear(line: socket.socket) -> None:
    """Read to the end of the question: a system resets a line that is closed before that."""
    heard = b""
    while not heard.endswith((b"\r\n\r\n", b"\r\n\r\n{}")) and (data := line.recv(65536)):
        heard += data
    if heard.endswith(b"\r\n\r\n") and b"Content-Length: 2" in heard:
        line.recv(2)


def ask(link: HttpLink, timeout_s: float = 5, cancelled: Event | None = None) -> HttpAnswer:
    return link.ask("RCAPTURE", "/capture", b"{}", None, timeout_s, cancelled or Event())


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Type: Application/JSON\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n",
        OK + b"Content-Type: application/json\r\n\r\nhello",
        OK + b"Content-Type:application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\n\r\n",
    ],
    ids=["length", "until the end", "chunked"],
)  # fmt: skip
def test_an_answer_ends_as_it_says(answer: bytes) -> None:
    with serving(lambda line: line.sendall(answer)) as link:
        found = ask(link)
    assert (found.status, found.media_type, found.body) == (200, "application/json", b"hello")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", DeviceAbsentError),
        (OK + b"Content-Length: 50\r\n\r\nhello", DeviceAbsentError),
        (b"\x00\xffgarbage\r\n\r\n", BadReplyError),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nXYZ\r\n", BadReplyError),
    ],
)
def test_an_answer_that_is_none_is_told_apart(answer: bytes, error: type[Exception]) -> None:
    with serving(lambda line: line.sendall(answer)) as link, pytest.raises(error):
        ask(link)


def test_nobody_there_is_absent() -> None:
    with pytest.raises(DeviceAbsentError):
        ask(RealLinks().http("http://127.0.0.1:1"))


def drip(line: socket.socket) -> None:
    head = OK + b"Content-Length: 100000\r\n\r\n"
    for byte in head + bytes(200):
        try:
            line.sendall(bytes([byte]))
        except OSError:
            return
        ended.wait(0.02)


def silent(line: socket.socket) -> None:
    while line.recv(4096):
        pass


@pytest.mark.parametrize("answer", [drip, silent], ids=["drip", "silence"])
def test_however_slowly_it_drips_the_time_limit_is_for_all(
    answer: Callable[[socket.socket], object],
) -> None:
    began = monotonic()
    with serving(answer) as link, pytest.raises(DeviceTimeoutError):
        ask(link, 0.4)
    assert monotonic() - began < 30


@pytest.mark.parametrize("answer", [drip, silent], ids=["drip", "silence"])
def test_a_cancel_hangs_up(answer: Callable[[socket.socket], object]) -> None:
    cancelled = Event()
    Timer(0.2, cancelled.set).start()
    with serving(answer) as link, pytest.raises(RequestCancelledError):
        ask(link, 60, cancelled)


def test_a_reader_who_was_away_too_long_is_told_of_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "MOST_UNREAD", 10)
    go_on = Event()

    def answer(line: socket.socket) -> None:
        line.sendall(OK + b"\r\n" + b"x" * 20)
        go_on.wait(5)
        line.sendall(b"newest")

    with serving(answer) as link:
        stream = link.stream("STREAM", "/stream")
        assert stream.head(5, Event()).status == 200
        with pytest.raises(BadReplyError, match="thrown away"):
            stream.read(5, Event())
        go_on.set()
        assert stream.read(5, Event()) == b"newest"
        assert stream.read(5, Event()) == b""
        stream.close()
        stream.close()


def test_a_stream_and_a_question_in_between_are_recorded_and_played_again() -> None:
    told: list[Exchange] = []
    second = Event()

    def streamed(line: socket.socket) -> None:
        line.sendall(OK + b"Content-Type: multipart/x-mixed-replace; boundary=b\r\n\r\none")
        second.wait(5)
        line.sendall(b"two")

    def answered(line: socket.socket) -> None:
        line.sendall(OK + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            one, _ = listener.accept()
            other, _ = listener.accept()
            with one, other:
                one.recv(65536)
                other.recv(65536)
                answered(other)
                streamed(one)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        link = RecordingLinks(told.append).http(f"http://127.0.0.1:{port}")
        heard = conversation(link, second)
        thread.join()
    replay = ReplayLinks(told)
    assert conversation(replay.http("http://anywhere"), Event()) == heard
    assert heard == [b"hi", "multipart/x-mixed-replace", b"one", b"two", b""]
    assert replay.finished()


def conversation(link: HttpLink, second: Event) -> list[object]:
    stream = link.stream("STREAM", "/stream")
    Event().wait(0.05)  # let it be the first to connect
    hi = ask(link).body
    heard: list[object] = [hi, stream.head(5, Event()).media_type, stream.read(5, Event())]
    second.set()
    return [*heard, stream.read(5, Event()), stream.read(5, Event())]
