"""A person's hands on the simulated devices, through the bench's HTTP control."""

import base64
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import requests
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


class CannotError(Exception):
    """The world does not allow it now: the gate is shut, nothing lies there, the plug is out."""


@dataclass(frozen=True, slots=True)
class BenchClient:
    """The bench at a port of this machine."""

    port: int

    def healthy(self) -> bool:
        """Tell whether the bench answers."""
        try:
            self.devices()
        except CannotError:
            return False
        return True

    def devices(self) -> list[dict[str, Any]]:
        """Every device with its state."""
        found: list[dict[str, Any]] = self._ask("GET", "devices")
        return found

    def device(self, station: str, name: str) -> dict[str, Any]:
        """One device's state."""
        return next(d for d in self.devices() if (d["station"], d["name"]) == (station, name))

    def things(self) -> list[dict[str, Any]]:
        """Every thing and its place."""
        found: list[dict[str, Any]] = self._ask("GET", "things")
        return found

    def make(self, kind: str, place: str, data: dict[str, Any]) -> str:
        """Make a thing and return its id."""
        return str(self._ask("POST", "things", {"kind": kind, "place": place, "data": data})["id"])

    def hand_over(self, thing: str, hand: str) -> None:
        """Pass a thing from one hand to another."""
        self._ask("POST", f"things/{thing}/move", {"place": f"hand.{hand}"})

    def picture(self, thing: str) -> bytes:
        """A paper's PNG."""
        return self._send("GET", f"things/{thing}/picture", None).content

    def act(self, station: str, device: str, verb: str, **arguments: Any) -> dict[str, Any]:
        """Do something to a device.

        Raises:
            CannotError: The world does not allow it.
        """
        done: dict[str, Any] = self._ask("POST", f"devices/{station}/{device}/{verb}", arguments)
        return done

    def fault(self, station: str, device: str, fault: str, *, on: bool) -> None:
        """Turn a fault on or off."""
        self.act(station, device, "fault", fault=fault, on=on)

    def begin_mischief(self, **plan: Any) -> None:
        """Let random faults come, as hardware.simulation.mischief.plan takes them."""
        self._ask("POST", "mischief", plan)

    def end_mischief(self) -> dict[str, Any]:
        """End the faults and return which there were."""
        told: dict[str, Any] = self._ask("POST", "mischief/stop", {})
        return told

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._send(method, path, body).json()

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
        try:
            response = requests.request(method, f"{self._address}/{path}", json=body, timeout=30)
        except requests.RequestException as error:
            raise CannotError("the bench is away") from error
        if response.status_code != 200:
            raise CannotError(f"{path}: {response.text}")
        return response


def as_png(picture: Picture) -> str:
    """A picture as base64 PNG, as the bench takes it."""
    done, encoded = cv2.imencode(".png", picture)
    if not done:
        raise ValueError("not a picture")
    return base64.b64encode(encoded.tobytes()).decode("ascii")
