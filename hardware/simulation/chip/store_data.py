"""Personalisation by INSTALL [for personalization] and STORE DATA (GlobalPlatform 11.5, 11.11).

Data grouping identifiers: a file's identifier for a file of the application; A11C, A11D, 2F01,
2F00 for EF.CardAccess, EF.CardSecurity, EF.ATR/INFO, EF.DIR; 8001 to 8003 MRZ information, CAN,
PIN; 8004 PUK; 8010 a key for Chip Authentication, its number (FF: none) before it; 8011 the
mapping's key; 8020 the key for Active Authentication; 8030 a trust point; 8031 the current date;
80FF the lock.
"""

from collections.abc import Callable

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.cv_certificates import CvCertificate
from hardware.simulation.chip.files import APPLICATION
from hardware.simulation.chip.keys import curve_key, private_key
from hardware.simulation.chip.memory import (
    CAN,
    CARD_ACCESS,
    CARD_SECURITY,
    DIRECTORY,
    INFORMATION,
    MRZ,
    PIN,
    PUK,
    Store,
)
from hardware.simulation.chip.trust_points import add_trust_point

LAST, FORMAT, GROUPED = 0x80, 0x18, 0x08
"""Bits of P1: the last block; the format of the data, which must be grouped (DGI)."""
FOR_PERSONALIZATION = 0x20
LONG_LENGTH = 0xFF
MASTER_FILES = {
    0xA11C: CARD_ACCESS,
    0xA11D: CARD_SECURITY,
    0x2F01: INFORMATION,
    0x2F00: DIRECTORY,
}
FILES = frozenset({*range(0x0101, 0x0111), 0x011D, 0x011E})
PASSWORDS = {0x8001: MRZ, 0x8002: CAN, 0x8003: PIN, 0x8004: PUK}
SHORTEST_INFORMATION = 24
NO_NUMBER = 0xFF


class StoreData:
    """An applet that takes its data through the card manager."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.forget()
        self._keys: dict[int, Callable[[bytes], None]] = {
            0x8010: self._put_agreement_key,
            0x8011: self._put_mapping_key,
            0x8020: self._put_signing_key,
            0x8030: self._put_trust_point,
            0x8031: self._put_date,
        }

    def forget(self) -> None:
        """Break a transfer off."""
        self._is_ready = False
        self._next_block = 0
        self._waiting = b""

    def install(self, command: Command) -> bytes:
        """INSTALL [for personalization]: STORE DATA goes to the application from now on."""
        self._require_unlocked()
        self.forget()
        if command.parameters != FOR_PERSONALIZATION << 8:
            raise Refusal(SW.WRONG_PARAMETERS)
        if command.data != b"\x00\x00" + bytes([len(APPLICATION)]) + APPLICATION + bytes(3):
            raise Refusal(SW.WRONG_DATA)
        self._is_ready = True
        return b"\x00" if command.expected else b""

    def store(self, command: Command) -> bytes:
        """STORE DATA: one block; groups may go on from block to block."""
        self._require_unlocked()
        if not self._is_ready:
            raise Refusal(SW.NOT_NOW)
        if command.p1 & FORMAT != GROUPED or command.p2 != self._next_block:
            self.forget()
            raise Refusal(SW.WRONG_PARAMETERS)
        self._next_block = (self._next_block + 1) % 256
        self._waiting += command.data
        try:
            self._take_groups()
        except Refusal:
            self.forget()
            raise
        if command.p1 & LAST:
            is_whole = not self._waiting
            self.forget()
            self._store.saved()
            if not is_whole:
                raise Refusal(SW.WRONG_DATA)
        return b""

    def _take_groups(self) -> None:
        """Take every group that has come in whole."""
        at, data = 0, self._waiting
        while len(data) - at >= 3:
            start, size = at + 3, data[at + 2]
            if size == LONG_LENGTH:
                start += 2
                if start > len(data):
                    break
                size = data[at + 3] << 8 | data[at + 4]
            if start + size > len(data):
                break
            self._put(data[at] << 8 | data[at + 1], data[start : start + size])
            at = start + size
        self._waiting = data[at:]

    def _put(self, group: int, value: bytes) -> None:
        self._require_unlocked()
        if group in FILES:
            self._store.put_file(group, value)
        elif group in MASTER_FILES:
            self._store.put_file(MASTER_FILES[group], value, master=True)
        elif group in PASSWORDS:
            self._put_password(PASSWORDS[group], value)
        elif group in self._keys:
            self._keys[group](value)
        elif group == 0x80FF and not value:
            self._store.memory["locked"] = True
            self._store.saved()
        else:
            raise Refusal(SW.REFERENCE_NOT_FOUND)

    def _put_password(self, name: str, value: bytes) -> None:
        is_sound = len(value) >= SHORTEST_INFORMATION if name == MRZ else value.isdigit()
        if not value.isascii() or not is_sound:
            raise Refusal(SW.WRONG_DATA)
        self._store.put_password(name, value)

    def _put_agreement_key(self, value: bytes) -> None:
        curve_key(value[1:])
        number = None if value[0] == NO_NUMBER else value[0]
        held = self._store.memory.setdefault("agreement_keys", [])
        held[:] = [entry for entry in held if entry["id"] != number]
        held.append({"id": number, "key": value[1:].hex()})

    def _put_mapping_key(self, value: bytes) -> None:
        curve_key(value)
        self._store.memory["mapping_key"] = value.hex()

    def _put_signing_key(self, value: bytes) -> None:
        private_key(value)
        self._store.memory["signing_key"] = value.hex()

    def _put_trust_point(self, value: bytes) -> None:
        certificate = CvCertificate.parse(value)
        certificate.public_key()
        add_trust_point(self._store, certificate)

    def _put_date(self, value: bytes) -> None:
        if len(value) != 6 or max(value) > 9:
            raise Refusal(SW.WRONG_DATA)
        self._store.memory["date"] = "".join(map(str, value))

    def _require_unlocked(self) -> None:
        if self._store.locked:
            raise Refusal(SW.NOT_NOW)
