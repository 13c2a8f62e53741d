"""A simulated SBI 0.9.5 service with one device; what it captures is for sbi_kinds.py."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import Any

from cryptography import x509
from PIL import Image

from hardware.simulation.line import Connection
from hardware.simulation.sbi_http import (
    Request,
    SbiError,
    answer,
    error,
    number,
    receive,
    refusal,
    stream_head,
)
from hardware.simulation.sbi_keys import publish, unpadded
from hardware.simulation.sbi_preview import Scene, half_part, preview, torn_part, whole_part
from hardware.simulation.sbi_request import VERSION, Character, Ordered
from hardware.simulation.sbi_signing import DEVICE_CODE, SERVICE_VERSION, Signer
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

LIES = frozenset(
    {
        "wrong_signature", "untrusted_device", "wrong_hash", "stale_timestamp",
        "wrong_transaction", "expired_certificate", "other_digital_id",
    }
)  # fmt: skip
STATUSES = ("Ready", "Busy", "Not Ready", "Not Registered")
GOOD, POOR = 78.0, 12.0
LOOK_EVERY_S = 0.01
DRIP_S = 0.05
FRAME_S = 0.03
"""As MOSIP's mock service has it."""

REALISTIC_S = 0.8
"""How long a device judges its pictures and signs."""

MOST_DELAY_S = 60.0


class SimulatedSbi(SwitchedDevice):
    """One service on a port; a subclass says what its device captures.

    Options: serial, env, sub_type; trust (a folder where it publishes its made-up authorities, for
    stations to believe); domain_certificate (a PEM file, for CAPTURE).
    Verbs of staff: status {status}, score {score}, delay {seconds}; over HTTP the mock's POST
    /admin/status, /admin/score, /admin/delay do the same.
    Faults: unplugged; lies about a capture or about itself (LIES); busy_forever; low_quality;
    slow_loris (answers drip byte by byte); half_jpeg (every second frame); drop_mid_stream.
    """

    FAULTS = LIES | {
        UNPLUGGED, "busy_forever", "low_quality", "slow_loris", "half_jpeg", "drop_mid_stream",
    }  # fmt: skip
    TYPE = ""
    SUB_TYPE = ""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del world  # fingers and faces are no things that could lie about
        super().__init__(port)
        self._trust = options.get("trust")
        self.character = Character(
            self.TYPE,
            str(options.get("sub_type", self.SUB_TYPE)),
            f"{name}.device",
            str(options.get("env", "Developer")),
        )
        self._signer = Signer(
            self.character, str(options.get("serial", "INV-0001")), self.now, self.faults,
            _certificate(options.get("domain_certificate")),
        )  # fmt: skip
        self._status = STATUSES[0]
        self._score = GOOD
        self._delay_s = REALISTIC_S if options.get("timing") == "realistic" else 0.0
        self.scene = Scene()
        self._capturing = Lock()
        self._powered = 0

    def now(self) -> datetime:
        """The device's clock."""
        return datetime.fromtimestamp(time(), UTC)

    def start(self) -> None:
        """Publish the authorities and listen."""
        if self._trust is not None:
            publish(Path(self._trust), self.now())
        super().start()

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a person does, or what staff set."""
        match verb:
            case "status" if arguments.get("status") in STATUSES:
                self._status = arguments["status"]
            case "score":
                self._score = min(100.0, max(0.0, float(arguments["score"])))
            case "delay":
                self._delay_s = min(MOST_DELAY_S, max(0.0, float(arguments["seconds"])))
            case _:
                raise LookupError(f"nobody can {verb} an SBI device so")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether somebody is there; never who."""
        return {
            "kind": f"sbi_{self.TYPE.lower()}",
            "status": self._status,
            "sees_something": self.scene.newest() is not None,
            "faults": sorted(self.faults),
        }

    def power_lost(self) -> None:
        """End every capture and stream."""
        self._powered += 1

    def serve(self, connection: Connection) -> None:
        """Answer one request and hang up."""
        request = receive(connection)
        if request is None:
            return
        if (request.verb, request.target) == ("STREAM", "/stream"):
            self._stream(connection, request)
        else:
            self._send(connection, self._answer(request))

    def record(self, picture: Image.Image, name: str, score: int) -> bytes:
        """Return the ISO record of a picture."""
        raise NotImplementedError

    def _answer(self, request: Request) -> bytes:
        try:
            match request.verb, request.target:
                case ("MOSIPDISC", "/device") | (("GET" | "POST"), "/"):
                    return answer(self._discovered(request.json()), self.port)
                case "MOSIPDINFO", "/info":
                    return answer([self._info()], self.port)
                case "RCAPTURE", "/capture":
                    return answer(self._captured(request, "Registration"), self.port)
                case "CAPTURE", "/capture":
                    return answer(self._captured(request, "Auth"), self.port)
                case "POST", ("/admin/status" | "/admin/score" | "/admin/delay"):
                    self._administered(request)
                    return answer(error("0"), self.port)
                case _:
                    return refusal("500", self.port)
        except SbiError as wrong:
            return refusal(wrong.code, self.port)

    def _administered(self, request: Request) -> None:
        fields = request.json()
        match request.target:
            case "/admin/status" if fields.get("deviceStatus") in STATUSES:
                self._status = fields["deviceStatus"]
            case "/admin/score":
                self._score = number(fields, "qualityScore", "505", 100)
            case "/admin/delay":
                self._delay_s = number(fields, "delay", "506", MOST_DELAY_S * 1000) / 1000
            case _:
                raise SbiError("504")

    def _discovered(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        wanted = request.get("type", "Biometric Device")
        if wanted not in (self.TYPE, "Biometric Device"):
            raise SbiError("503" if wanted in ("Finger", "Face", "Iris") else "502")
        identity = unpadded(json.dumps(self._signer.digital_id()).encode())
        return [self._announced() | {"digitalId": identity, "error": error("0")}]

    def _info(self) -> dict[str, Any]:
        fields = self._announced() | {"firmware": "1.0", "env": self.character.environment}
        fields["digitalId"] = self._signer.digital_id_token()
        if self._status == "Not Registered":
            return {"deviceInfo": unpadded(json.dumps(fields).encode()), "error": error("100")}
        return {"deviceInfo": self._signer.info_token(fields), "error": error("0")}

    def _announced(self) -> dict[str, Any]:
        parts = ["1", "2", "3"] if self.character.sub_type == "Slap" else ["0"]
        return {
            "deviceId": self.character.device_id,
            "deviceStatus": self._status,
            "certification": "L1",
            "serviceVersion": SERVICE_VERSION,
            "deviceSubId": parts,
            "callbackId": f"http://127.0.0.1:{self.port}/",
            "deviceCode": DEVICE_CODE,
            "specVersion": [VERSION],
            "purpose": "",
        }

    def _captured(self, request: Request, purpose: str) -> dict[str, Any]:
        ordered = self.character.ordered(request.json(), purpose)
        self._require_ready()
        if not self._capturing.acquire(blocking=False):
            return _failed("703")
        try:
            pictures = self._awaited(ordered)
            self.ended.wait(self._delay_s)
        finally:
            self._capturing.release()
        if pictures is None:
            return _failed("701")
        elements: list[dict[str, Any]] = []
        previous = ordered.previous
        for name, picture in zip(ordered.names, pictures, strict=True):
            record = self.record(picture, name, round(self._quality()))
            made = self._signer.biometric(ordered, name, record, previous, self._quality())
            previous = made["hash"]
            elements.append(made)
        return {"biometrics": elements}

    def _awaited(self, ordered: Ordered) -> list[Image.Image] | None:
        """Wait for a good picture; in the end any is good enough, and None means nobody came."""
        deadline, powered = monotonic() + ordered.timeout_s, self._powered
        while True:
            pictures = self.scene.pictures(ordered.names)
            is_over = monotonic() >= deadline
            if pictures is not None and (is_over or self._quality() >= ordered.score):
                return pictures
            if is_over:
                return None
            if self._powered != powered or self.ended.wait(LOOK_EVERY_S):
                raise ConnectionAbortedError

    def _quality(self) -> float:
        return POOR if "low_quality" in self.faults else self._score

    def _require_ready(self) -> None:
        if self._status == "Not Registered":
            raise SbiError("100")
        if self._status == "Not Ready":
            raise SbiError("110")
        if self._status == "Busy" or "busy_forever" in self.faults:
            raise SbiError("111")

    def _stream(self, connection: Connection, request: Request) -> None:
        try:
            lasts_s = self._stream_length(request.json())
        except SbiError as wrong:
            self._send(connection, refusal(wrong.code, self.port))
            return
        connection.sendall(stream_head())
        deadline, powered = monotonic() + lasts_s, self._powered
        sent = 0
        while monotonic() < deadline and self._powered == powered:
            if not self._send_frame(connection, sent):
                return
            sent += 1
            if self.ended.wait(FRAME_S):
                return

    def _stream_length(self, asked: Mapping[str, Any]) -> float:
        if asked.get("deviceId") != self.character.device_id:
            raise SbiError("604")
        self._require_ready()
        return number(asked, "timeout", "606", 600_000) / 1000

    def _send_frame(self, connection: Connection, number_of_frame: int) -> bool:
        """Send one frame; False after it broke off."""
        jpeg = preview(self.scene.newest(), self._quality())
        if "drop_mid_stream" in self.faults:
            connection.sendall(torn_part(jpeg))
            return False
        is_half = "half_jpeg" in self.faults and number_of_frame % 2
        part = (
            half_part(jpeg, tells_truth=number_of_frame % 4 == 1) if is_half else whole_part(jpeg)
        )
        connection.sendall(part)
        return True

    def _send(self, connection: Connection, data: bytes) -> None:
        if "slow_loris" not in self.faults:
            connection.sendall(data)
            return
        for at in range(len(data)):
            connection.sendall(data[at : at + 1])
            if self.ended.wait(DRIP_S):
                return


def _failed(code: str) -> dict[str, Any]:
    element = {"specVersion": VERSION, "data": "", "hash": "", "error": error(code)}
    return {"biometrics": [element]}


def _certificate(file: Any) -> x509.Certificate | None:
    if file is None:
        return None
    with suppress(OSError, ValueError):
        return x509.load_pem_x509_certificate(Path(file).read_bytes())
    return None
