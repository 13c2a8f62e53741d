"""The simulated bench: all simulated devices of an office, and the control that plays people.

`python -m hardware.simulation FILE` runs one; FILE is TOML:

    [bench]
    port = 41000              # HTTP control, on 127.0.0.1
    world = "world"           # folder, relative to FILE
    timing = "instant"        # or "realistic": motions take the time of real motors
    [[device]]
    station = "tag-1"
    name = "card_unit"        # as in that station's station.toml
    kind = "crt571"           # a key of hardware.simulation.devices.KINDS
    port = 41001              # where the device listens, on 127.0.0.1
    pty = "ports/card_unit"   # instead: a serial port of that name, relative to FILE
    options = { ... }         # as the kind's constructor documents

Control (JSON in and out; 404 unknown, 409 physically impossible with {"error": why}):

    GET  /things                              every thing and its place
    POST /things {kind, place, data}          make one; a paper's picture comes as data.png (base64)
    GET  /things/ID/picture                   a paper's PNG
    POST /things/ID/move {place}              only between hands
    GET  /devices                             state of every device, and how it can_fail
    POST /devices/STATION/NAME/fault {fault, on}
    POST /devices/STATION/NAME/VERB {...}     what a person does: insert, take, show ...
    POST /mischief {seed, faults, times, every_s, longest_s, stations}
                                              random faults, as hardware.simulation.mischief.plan
                                              deals them; every station where none is named
    GET  /mischief                            what has begun so far, and whether it is over
    POST /mischief/stop                       end it; what it broke works again

Every device that listens on a line has the faults "unplugged", "line_slow", "line_mute",
"line_deaf", "line_garbled", "line_cut" and "line_chopped", besides its own.
"""

import base64
import binascii
import json
import logging
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeAlias

from hardware.simulation.line_device import LineDevice
from hardware.simulation.mischief import Mischief, plan
from hardware.simulation.papers import keep_picture
from hardware.simulation.world import ImpossibleError, World

logger = logging.getLogger(__name__)

MAX_BODY = 32 * 1024 * 1024


class SimulatedDevice(Protocol):
    """One simulated device: bytes on one side, people's hands on the other."""

    FAULTS: frozenset[str]
    """The fault switches it has, such as unplugged, jammed, slow, garbled."""

    def start(self) -> None:
        """Listen for the driver."""
        ...

    def stop(self) -> None:
        """Stop listening and end all threads."""
        ...

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a person's hand does; raises ImpossibleError where the world forbids it."""
        ...

    def state(self) -> dict[str, Any]:
        """Tell what a bystander sees, for the panel and for tests."""
        ...

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off."""
        ...


Maker: TypeAlias = Callable[[str, int, World, Mapping[str, Any]], SimulatedDevice]
"""name ("station.device"), port on 127.0.0.1, world, options."""


class Bench:
    """Devices by (station, name), around one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.devices: dict[tuple[str, str], SimulatedDevice] = {}
        self._mischief = Mischief({}, ())
        self._mischief.start()

    @classmethod
    def from_file(cls, file: Path, kinds: Mapping[str, Maker]) -> tuple["Bench", int]:
        """Build what FILE describes out of these kinds; returns the bench and its control port."""
        plan = tomllib.loads(file.read_text("utf-8"))
        bench = cls(World(file.parent / plan["bench"]["world"]))
        timing = {"timing": plan["bench"].get("timing", "instant")}
        for entry in plan["device"]:
            device = kinds[entry["kind"]](
                f"{entry['station']}.{entry['name']}",
                entry.get("port", 0),
                bench.world,
                timing | entry.get("options", {}),
            )
            if "pty" in entry:
                if not isinstance(device, LineDevice):
                    raise ValueError(f"{entry['kind']} is on no line that a pty could be")
                device.port_link = file.parent / entry["pty"]
            bench.devices[entry["station"], entry["name"]] = device
        return bench, int(plan["bench"]["port"])

    def start(self) -> None:
        """Start every device."""
        for device in self.devices.values():
            device.start()

    def stop(self) -> None:
        """Stop every device."""
        self._mischief.stop()
        for device in self.devices.values():
            device.stop()

    def handle(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Answer one control request.

        Raises:
            LookupError: Nothing of that name. ImpossibleError: The world forbids it.
        """
        match method, path.strip("/").split("/"):
            case "GET", ["things"]:
                return [asdict(thing) for thing in self.world.all()]
            case "POST", ["things"]:
                return asdict(
                    self.world.add(body["kind"], body["place"], self._with_picture(body["data"]))
                )
            case "POST", ["things", thing_id, "move"]:
                thing = self.world.get(thing_id)
                if not (thing.place.startswith("hand.") and body["place"].startswith("hand.")):
                    raise ImpossibleError("only a device gives or takes what is not in a hand")
                self.world.move(thing, body["place"])
                return asdict(thing)
            case "GET", ["devices"]:
                return [
                    {
                        "station": station,
                        "name": name,
                        "can_fail": sorted(device.FAULTS),
                        **device.state(),
                    }
                    for (station, name), device in self.devices.items()
                ]
            case "POST", ["devices", station, name, "fault"]:
                device = self.devices[station, name]
                if body["fault"] not in device.FAULTS:
                    raise LookupError(f"{name} has no fault {body['fault']}")
                device.set_fault(body["fault"], bool(body["on"]))
                return device.state()
            case "POST", ["devices", station, name, verb]:
                return self.devices[station, name].act(verb, body)
            case "POST", ["mischief"]:
                return self._begin_mischief(body)
            case "GET", ["mischief"]:
                return self._mischief.state()
            case "POST", ["mischief", "stop"]:
                self._mischief.stop()
                return self._mischief.state()
            case _:
                raise LookupError(path)

    def _begin_mischief(self, body: Mapping[str, Any]) -> dict[str, Any]:
        self._mischief.stop()
        wanted = dict(body)
        stations = set(wanted.pop("stations", ())) or {station for station, _ in self.devices}
        chosen = {key: device for key, device in self.devices.items() if key[0] in stations}
        pranks = plan({key: device.FAULTS for key, device in chosen.items()}, **wanted)
        self._mischief = Mischief(chosen, pranks)
        self._mischief.start()
        return self._mischief.state()

    def picture(self, thing_id: str) -> bytes:
        """Return the PNG of a paper."""
        name: str = self.world.get(thing_id).data["picture"]
        return (self.world.folder / name).read_bytes()

    def _with_picture(self, data: Mapping[str, Any]) -> dict[str, Any]:
        kept = dict(data)
        if "png" in kept:
            kept["picture"] = keep_picture(self.world, base64.b64decode(kept.pop("png")))
        return kept


class _Control(BaseHTTPRequestHandler):
    bench: Bench
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if len(parts) == 3 and parts[0] == "things" and parts[2] == "picture":
            self._guarded(lambda: ("image/png", self.bench.picture(parts[1])))
        else:
            self._guarded(lambda: _as_json(self.bench.handle("GET", self.path, {})))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if length > MAX_BODY:
            self._send(413, "application/json", b"{}")
            return
        raw = self.rfile.read(length)
        self._guarded(
            lambda: _as_json(self.bench.handle("POST", self.path, json.loads(raw or b"{}")))
        )

    def _guarded(self, answer: Any) -> None:
        try:
            content_type, payload = answer()
        except ImpossibleError as error:
            self._send(409, *_as_json({"error": str(error)}))
        except (LookupError, OSError) as error:
            self._send(404, *_as_json({"error": repr(error)}))
        except (ValueError, TypeError, binascii.Error) as error:
            self._send(400, *_as_json({"error": repr(error)}))
        else:
            self._send(200, content_type, payload)

    def _send(self, status: int, content_type: str, payload: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug(format, *args)


def _as_json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


class BenchControl:
    """The HTTP control of a bench, on 127.0.0.1."""

    def __init__(self, bench: Bench, port: int) -> None:
        handler = type("Control", (_Control,), {"bench": bench})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, name="bench-control", daemon=True)

    def start(self) -> None:
        """Serve until stop()."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
