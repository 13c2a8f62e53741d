"""The simulated touch screen: who plays the public sees, touches and types through HTTP."""

import json
import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswerError
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QImageWriter
from PySide6.QtTest import QTest

from common.ui.app import TOUCH_PORT
from common.ui.controls import Control, controls, parts, scroll_to
from common.ui.speech.narrator import Narrator
from common.ui.speech.voice import Utterance
from common.ui.window import StationWindow

__all__ = ["Control", "PanelError", "TouchPanel", "controls", "open_panel"]

logger = logging.getLogger(__name__)

ANSWER_S = 5.0


class PanelError(Exception):
    """What was asked for cannot be done."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class TouchPanel(QObject):
    """Answers on 127.0.0.1. What concerns the window is carried out in the GUI thread.

    GET /screen, GET /picture; GET /heard?after=N: what was spoken, from the N-th on;
    GET /painted: how long each tap took from its arrival here to the next picture, in ms;
    POST /tap {"name", "role"?, "index"?} or {"x", "y"}, /press and /lift alike for a finger that
    stays, /type {"text"}, /key {"key"}: a key of Qt by its name, those of the audio keypad among
    them.
    """

    _asked = Signal(object, object)

    def __init__(self, window: StationWindow, port: int, narrator: Narrator | None = None) -> None:
        super().__init__()
        self._heard: list[dict[str, Any]] = []
        if narrator is not None:
            narrator.said.connect(self._hear)
            narrator.voice.ended.connect(self._hear_end)
        self._window = window
        self._finger = QTest.createTouchDevice()
        self._tapped_at: float | None = None
        self._painted_ms: list[float] = []
        window.view.frameSwapped.connect(self._note_painted)
        self._asked.connect(self._carry_out, Qt.ConnectionType.QueuedConnection)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, body: dict[str, Any]) -> bytes | dict[str, Any]:
        """Carry out one request; called by the server's threads."""
        tasks: dict[tuple[str, str], Callable[[dict[str, Any]], bytes | dict[str, Any]]] = {
            ("GET", "/screen"): self._screen,
            ("GET", "/picture"): self._picture,
            ("GET", "/heard"): self._tell_heard,
            ("POST", "/tap"): self._tap,
            ("POST", "/press"): self._press,
            ("POST", "/lift"): self._lift,
            ("POST", "/type"): self._type,
            ("POST", "/key"): self._key,
        }
        arrived_at = perf_counter()
        place, _, query = path.partition("?")
        if (method, place) == ("GET", "/painted"):
            return {"ms": list(self._painted_ms)}  # at once: to ask must not delay a picture
        body = body | dict(parse_qsl(query))
        task = tasks.get((method, place))
        if task is None:
            raise PanelError(404, f"there is no {method} {path}")
        result: Future[bytes | dict[str, Any]] = Future()
        self._asked.emit(lambda: task({**body, "arrived_at": arrived_at}), result)
        try:
            return result.result(ANSWER_S)
        except NoAnswerError:
            raise PanelError(503, "the screen does not answer") from None

    def _carry_out(
        self,
        task: Callable[[], bytes | dict[str, Any]],
        result: Future[bytes | dict[str, Any]],
    ) -> None:
        try:
            result.set_result(task())
        except PanelError as refusal:
            result.set_exception(refusal)

    def _screen(self, _body: dict[str, Any]) -> dict[str, Any]:
        current = self._window.current
        return {
            "screen": current.name if current else None,
            "language": str(self._window.language),
            "controls": [asdict(control) for control in controls(self._window)],
        }

    def _hear(self, utterance: Utterance) -> None:
        said = {"text": utterance.text, "language": str(utterance.language), "whole": None}
        self._heard.append(said)

    def _hear_end(self, _utterance: Utterance, whole: bool) -> None:
        if self._heard:
            self._heard[-1]["whole"] = whole

    def _tell_heard(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tell what was spoken: whole is null while it lasts, false where it was cut off."""
        after = str(body.get("after", "0"))
        if not after.isdecimal():
            raise PanelError(400, "after must be a whole number")
        number = int(after)
        return {
            "count": len(self._heard),
            "heard": self._heard[number:],
            "speaking": self._window.speech.is_speaking,
            "listening": self._window.speech.is_on,
        }

    def _picture(self, _body: dict[str, Any]) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self._window.picture())
        return bytes(buffer.data().data())

    def _note_painted(self) -> None:
        if self._tapped_at is not None:
            self._painted_ms.append((perf_counter() - self._tapped_at) * 1000)
            self._tapped_at = None

    def _tap(self, body: dict[str, Any]) -> dict[str, Any]:
        if "name" not in body:
            point = QPoint(_number(body, "x"), _number(body, "y"))
            self._touch(point)
            self._tapped_at = body["arrived_at"]
            return {"x": point.x(), "y": point.y()}
        named = [
            control
            for control in controls(self._window)
            if control.name == body["name"]
            and (control.role == body["role"] if "role" in body else control.touchable)
        ]
        index = _number(body, "index", 0)
        if not 0 <= index < len(named):
            raise PanelError(404, f"no control {body['name']!r} on the screen")
        if not named[index].enabled:
            raise PanelError(409, f"{body['name']!r} cannot be touched now")
        found = self._into_sight(named[index])
        self._touch(found.centre)
        return asdict(found)

    def _press(self, body: dict[str, Any]) -> dict[str, Any]:
        point = QPoint(_number(body, "x"), _number(body, "y"))
        QTest.touchEvent(self._window.view, self._finger).press(0, point).commit()
        return {"x": point.x(), "y": point.y()}

    def _lift(self, body: dict[str, Any]) -> dict[str, Any]:
        point = QPoint(_number(body, "x"), _number(body, "y"))
        QTest.touchEvent(self._window.view, self._finger).release(0, point).commit()
        return {"x": point.x(), "y": point.y()}

    def _into_sight(self, control: Control) -> Control:
        """Scroll as a person would who looks for a part further down."""
        if not control.scrolled:
            return control
        item = next(part.item for part in parts(self._window) if part.control == control)
        if item is None:
            return control
        return replace(control, y=control.y - round(scroll_to(item)))

    def _touch(self, point: QPoint) -> None:
        view, finger = self._window.view, self._finger
        QTest.touchEvent(view, finger).press(0, point).commit()
        QTest.touchEvent(view, finger).release(0, point).commit()

    def _type(self, body: dict[str, Any]) -> dict[str, Any]:
        text = str(body.get("text", ""))
        for letter in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                self._window.view,
                Qt.Key.Key_unknown,
                letter,
                Qt.KeyboardModifier.NoModifier,
            )
        return {"typed": len(text)}

    def _key(self, body: dict[str, Any]) -> dict[str, Any]:
        name = str(body.get("key", ""))
        key = getattr(Qt.Key, f"Key_{name}", None)
        if not isinstance(key, Qt.Key):
            raise PanelError(400, f"there is no key {name!r}")
        QTest.keyClick(self._window.view, key)
        return {"key": name}


def _number(body: dict[str, Any], name: str, otherwise: int | None = None) -> int:
    value = body.get(name, otherwise)
    if not isinstance(value, int):
        raise PanelError(400, f"{name} must be a whole number")
    return value


def open_panel(window: StationWindow, narrator: Narrator | None = None) -> TouchPanel | None:
    """Open the panel of a simulated station; a real one has none."""
    port = os.environ.get(TOUCH_PORT)
    return TouchPanel(window, int(port), narrator) if port else None


def _handler(panel: TouchPanel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply("GET", {})

        def do_POST(self) -> None:
            try:
                body = json.loads(
                    self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"
                )
            except ValueError:
                body = None
            if isinstance(body, dict):
                self._reply("POST", body)
            else:
                self._send(400, b'{"error": "the body must be a JSON object"}')

        def _reply(self, method: str, body: dict[str, Any]) -> None:
            try:
                result = panel.answer(method, self.path, body)
            except PanelError as refusal:
                self._send(refusal.status, json.dumps({"error": str(refusal)}).encode())
                return
            if isinstance(result, bytes):
                self._send(200, result, "image/png")
            else:
                self._send(200, json.dumps(result, ensure_ascii=False).encode())

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing: what is typed on a screen does not belong in a log."""

    return Handler
