"""What a simulated SBI device accepts of a capture request, and its codes for the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardware.simulation.sbi_http import SbiError, number
from hardware.simulation.sbi_records import POSITIONS

VERSION = "0.9.5"
TRANSACTION = re.compile(r"[A-Za-z0-9-]{4,50}")
LONGEST_MS = 600_000
SLAPS = {
    1: tuple(name for name in POSITIONS if name.startswith("Left") and "Thumb" not in name),
    2: tuple(name for name in POSITIONS if name.startswith("Right") and "Thumb" not in name),
    3: ("Left Thumb", "Right Thumb"),
}
MOST_FINGERS = 10


@dataclass(frozen=True, slots=True)
class Ordered:
    """One capture, as it was ordered.

    Attributes:
        names: What shall be captured: fingers, UNKNOWN, or one empty name for a face.
    """

    transaction: str
    purpose: str
    names: tuple[str, ...]
    timeout_s: float
    score: float
    previous: str
    domain: str


@dataclass(frozen=True, slots=True)
class Character:
    """What a device is, as far as a request can be wrong about it."""

    type: str
    sub_type: str
    device_id: str
    environment: str

    def ordered(self, request: Mapping[str, Any], purpose: str) -> Ordered:
        """Check a request; SbiError with the mock's code for what is wrong in it."""
        transaction = request.get("transactionId")
        if not isinstance(transaction, str) or not TRANSACTION.fullmatch(transaction):
            raise SbiError("112")
        if request.get("env") != self.environment:
            raise SbiError("115")
        if request.get("purpose") != purpose:
            raise SbiError("121")
        if request.get("specVersion") != VERSION:
            raise SbiError("999")
        bio = self._bio(request.get("bio"))
        previous = bio.get("previousHash", "")
        if not isinstance(previous, str):
            raise SbiError("999")
        return Ordered(
            transaction,
            purpose,
            self._names(bio, purpose),
            number(request, "timeout", "999", LONGEST_MS) / 1000,
            number(bio, "requestedScore", "505", 100),
            previous,
            str(request.get("domainUri", "")),
        )

    def _bio(self, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
            raise SbiError("101")
        bio: Mapping[str, Any] = value[0]
        if bio.get("type") != self.type:
            raise SbiError("114")
        if bio.get("deviceId") != self.device_id:
            raise SbiError("120")
        return bio

    def _names(self, bio: Mapping[str, Any], purpose: str) -> tuple[str, ...]:
        count = number(bio, "count", "116", MOST_FINGERS)
        names = self._texts(bio, "bioSubType")
        exceptions = self._texts(bio, "exception")
        sub_id = number(bio, "deviceSubId", "999", 3)
        if self.type == "Face":
            if count != 1:
                raise SbiError("109")
            return ("",)
        if not set(names) <= {*POSITIONS, "UNKNOWN"}:
            raise SbiError("119")
        if not set(exceptions) <= set(POSITIONS):
            raise SbiError("117")
        if set(names) & set(exceptions):
            raise SbiError("122")
        if self.sub_type == "Slap" and purpose == "Registration":
            return self._of_slap(names, exceptions, count, int(sub_id))
        names = names or ("UNKNOWN",) * int(count)
        if count != len(names) or not names:
            raise SbiError("109")
        return names

    @staticmethod
    def _of_slap(
        names: tuple[str, ...], exceptions: tuple[str, ...], count: float, sub_id: int
    ) -> tuple[str, ...]:
        slap = SLAPS.get(sub_id, ())
        if not slap or count + len(exceptions) != len(slap):
            raise SbiError("109")
        if not set(exceptions) <= set(slap):
            raise SbiError("118")
        wanted = tuple(name for name in slap if name not in exceptions)
        if names and set(names) != set(wanted):
            raise SbiError("119")
        return wanted

    @staticmethod
    def _texts(bio: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value = bio.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise SbiError("119" if name == "bioSubType" else "117")
        return tuple(value)
