"""What a chip keeps without power: plain JSON, decoded once when the power comes.

    {"serial": "1122334455667788", "applet": "store_data", "locked": false, "extended": true,
     "manager_keys": {"encryption": "40..", "authentication": "40..",
                      "data_encryption": "40..", "version": 1},
     "files": {"0101": "615d.."}, "master_files": {"011C": "31.."},
     "passwords": {"mrz": "..", "can": "..", "pin": "..", "puk": ".."},
     "agreement_keys": [{"id": null, "key": PKCS#8}], "mapping_key": PKCS#8, "signing_key": PKCS#8,
     "signing_numbers": {"modulus": "..", "exponent": ".."}, "basic_access": true,
     "trust_points": [CV certificate], "date": "YYMMDD", "fingers_open": false,
     "failures": {"password": 0, "pin": 0}, "channel_counter": 0, "faults": {"delay_s": 0.015}}

Bytes are hexadecimal. Only serial must be there. basic_access false leaves all to PACE;
fingers_open gives DG3 and DG4 to any terminal that knows the password. signing_numbers is what
the JMRTD applet has for a key of Active Authentication.
"""

from collections.abc import Callable, Mapping
from typing import Any

TEST_KEY = "404142434445464748494A4B4C4D4E4F"
"""The key that cards for tests and development leave the factory with."""
APPLETS = ("store_data", "jmrtd")
CARD_ACCESS, CARD_SECURITY, INFORMATION, DIRECTORY = 0x011C, 0x011D, 0x2F01, 0x2F00
GROUP_3, GROUP_4, GROUP_14 = 0x0103, 0x0104, 0x010E
PIN_TRIES = 3
MRZ, CAN, PIN, PUK = "mrz", "can", "pin", "puk"
DOCUMENT = "password"
"""The counter of failures of all passwords but the PIN."""

Memory = dict[str, Any]


def blank_chip(
    serial: str,
    applet: str = "store_data",
    *,
    keys: tuple[str, str, str] = (TEST_KEY, TEST_KEY, TEST_KEY),
    extended: bool = True,
) -> Memory:
    """Make the memory of a chip from the factory.

    Args:
        serial: 16 hexadecimal digits.
        applet: How it is personalised: "store_data" (with PACE) or "jmrtd".
        keys: The card manager's keys for encryption, authentication and the transport of other
            keys, hexadecimal.
        extended: Whether it takes extended length.
    """
    if len(bytes.fromhex(serial)) != 8:
        raise ValueError("a chip serial is 16 hexadecimal digits")
    if applet not in APPLETS:
        raise ValueError("no such applet")
    encryption, authentication, data_encryption = keys
    return {
        "serial": serial.upper(),
        "applet": applet,
        "locked": False,
        "extended": extended,
        "manager_keys": {
            "encryption": encryption,
            "authentication": authentication,
            "data_encryption": data_encryption,
            "version": 1,
        },
        "files": {},
        "master_files": {},
    }


def personalised_chip(serial: str, files: Mapping[int, bytes]) -> Memory:
    """Make the memory of an old document: BAC alone, and finger records that BAC opens.

    Its keys are those of the zone in DG1; without a zone nothing opens it.
    """
    zone = _zone_of(files.get(0x0101, b""))
    return {
        **blank_chip(serial, "jmrtd"),
        "locked": True,
        "files": {f"{fid:04X}": bytes(data).hex() for fid, data in files.items()},
        "passwords": {"mrz": _information(zone)} if zone else {},
        "fingers_open": True,
    }


class Store:
    """A chip's memory while it has power: decoded, and written through."""

    def __init__(self, memory: Memory, saved: Callable[[], None]) -> None:
        self.memory = memory
        self.saved = saved
        self.files = _decoded(memory, "files")
        self.master_files = _decoded(memory, "master_files")

    @property
    def locked(self) -> bool:
        """Whether personalisation is over."""
        return bool(self.memory.get("locked"))

    @property
    def extended(self) -> bool:
        """Whether the chip takes extended length."""
        return bool(self.memory.get("extended", True))

    def password(self, name: str) -> bytes | None:
        """Return a password's characters; mrz is the information with its check digits."""
        text = self.memory.get("passwords", {}).get(name)
        return text.encode("ascii", "replace") if text else None

    def put_password(self, name: str, value: bytes) -> None:
        """Set a password."""
        self.memory.setdefault("passwords", {})[name] = value.decode("ascii", "replace")

    def put_file(self, fid: int, data: bytes, *, master: bool = False) -> None:
        """Write a whole file."""
        (self.master_files if master else self.files)[fid] = data
        place = self.memory.setdefault("master_files" if master else "files", {})
        place[f"{fid:04X}"] = data.hex()

    def failures(self, name: str) -> int:
        """Return how often a password was wrong in a row: "password" for all, or "pin"."""
        return int(self.memory.get("failures", {}).get(name, 0))

    def count_failure(self, name: str) -> int:
        """Count a wrong password, and return how many there are now."""
        failures = self.memory.setdefault("failures", {})
        failures[name] = self.failures(name) + 1
        self.saved()
        return int(failures[name])

    def forget_failures(self, name: str) -> None:
        """Begin to count anew."""
        if self.failures(name):
            self.memory["failures"][name] = 0
            self.saved()

    def octets(self, name: str) -> bytes | None:
        """Return a value of the memory's top level as bytes."""
        value = self.memory.get(name)
        return bytes.fromhex(value) if value else None


def _decoded(memory: Memory, name: str) -> dict[int, bytes]:
    return {int(fid, 16): bytes.fromhex(data) for fid, data in memory.get(name, {}).items()}


def _zone_of(group_1: bytes) -> str:
    """Return the zone of a sound DG1: 61 L 5F1F L characters."""
    at = group_1.find(b"\x5f\x1f")
    zone = group_1[at + 3 :].decode("ascii", "replace") if group_1[:1] == b"\x61" else ""
    return zone if at > 0 and len(zone) in (72, 88, 90) else ""


def _information(zone: str) -> str:
    """Return document number, birth and expiry with their check digits (Doc 9303-11 9.7.2)."""
    if len(zone) != 90:
        line = zone[len(zone) // 2 :]
        return line[:10] + line[13:20] + line[21:28]
    dates = zone[30:37] + zone[38:45]
    if zone[14] != "<":
        return zone[5:15] + dates
    rest = zone[15:30].split("<", maxsplit=1)[0]
    return zone[5:14] + rest + dates
