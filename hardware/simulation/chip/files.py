"""The chip's files and who may read them (ICAO Doc 9303-10 clauses 3.6, 3.10, 3.11; ISO 7816-4)."""

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import EXTENDED_LIMIT, SHORT_LIMIT, Command
from hardware.simulation.chip.memory import (
    CARD_ACCESS,
    CARD_SECURITY,
    DIRECTORY,
    GROUP_3,
    GROUP_4,
    INFORMATION,
)
from hardware.simulation.chip.objects import encode, inside
from hardware.simulation.chip.session import Session
from hardware.simulation.chip.trust_points import file_of_references

APPLICATION = bytes.fromhex("A0000002471001")
ISSUER_DOMAIN = bytes.fromhex("A000000151000000")
MASTER_FILE = 0x3F00
AUTHORITIES = 0x011C
"""EF.CVCA, inside the application."""
COM = 0x011E
SHORT_IDENTIFIERS = {CARD_ACCESS: 0x1C, CARD_SECURITY: 0x1D, INFORMATION: 0x01, DIRECTORY: 0x1E}
RIGHTS = {GROUP_3: 0x01, GROUP_4: 0x02}
"""Access bits of an inspection system (BSI TR-03110-4 2.2.3.2)."""
OFFSET, DISCRETIONARY = 0x54, 0x53
BY_FILE, BY_NAME, CHILD_FILE = 0x00, 0x04, 0x02
NO_ANSWER, CONTROL, MANAGEMENT = 0x0C, 0x04, 0x00
PLAIN_OFFSETS = 0x8000


class FileSystem:
    """SELECT and READ BINARY."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def select(self, command: Command) -> bytes:
        """SELECT a master file, an application or an elementary file."""
        if command.p2 not in (NO_ANSWER, CONTROL, MANAGEMENT):
            raise Refusal(SW.WRONG_PARAMETERS)
        match command.p1:
            case 0x00:
                return self._select_by_identifier(command)
            case 0x02:
                return self._describe(command, self._select_file(_identifier(command.data)))
            case 0x04:
                return self._select_by_name(command)
        raise Refusal(SW.WRONG_PARAMETERS)

    def _select_by_identifier(self, command: Command) -> bytes:
        if command.data and _identifier(command.data) != MASTER_FILE:
            return self._describe(command, self._select_file(_identifier(command.data)))
        self._enter(application=False)
        return self._describe(command, MASTER_FILE)

    def _select_by_name(self, command: Command) -> bytes:
        if command.data == APPLICATION:
            self._enter(application=True)
        elif command.data == ISSUER_DOMAIN or not command.data:
            self._enter(application=False)
        else:
            raise Refusal(SW.FILE_NOT_FOUND)
        if command.expected is None or command.p2 == NO_ANSWER:
            return b""
        tag = 0x6F if command.p2 == MANAGEMENT else 0x62
        return encode(tag, encode(0x84, command.data or ISSUER_DOMAIN))

    def _enter(self, *, application: bool) -> None:
        self._session.in_application, self._session.file = application, None

    def _select_file(self, fid: int) -> int:
        if self._session.store.locked:
            self._require_readable(fid)
        self._content(fid)
        self._session.file = fid
        return fid

    def _describe(self, command: Command, fid: int) -> bytes:
        if command.expected is None or command.p2 == NO_ANSWER:
            return b""
        described = encode(0x83, fid.to_bytes(2, "big"))
        if fid != MASTER_FILE:
            size = len(self._content(fid)).to_bytes(4, "big").lstrip(b"\x00") or b"\x00"
            described = encode(0x80, size) + encode(0x82, b"\x01") + described
        return encode(0x62 if command.p2 == CONTROL else 0x6F, described)

    def read(self, command: Command, room: int | None) -> tuple[bytes, int]:
        """READ BINARY with an offset of 15 bits, or by short identifier with one of 8 bits.

        Args:
            command: The command, its secure messaging taken off.
            room: Bytes that fit into the answer if secure messaging protects it.
        """
        if command.p1 & 0x80:
            if command.p1 & 0x60:
                raise Refusal(SW.WRONG_PARAMETERS)
            self._session.file = self._select_file(self._by_short_identifier(command.p1 & 0x1F))
            return self._cut_out(command.p2, *_limits(command, room))
        return self._cut_out(command.parameters, *_limits(command, room))

    def read_far(self, command: Command, room: int | None) -> tuple[bytes, int]:
        """READ BINARY with its offset as data object, for what lies beyond 32 767."""
        if 0 < command.parameters <= 0x1E:
            self._session.file = self._select_file(self._by_short_identifier(command.parameters))
        elif command.parameters:
            self._session.file = self._select_file(command.parameters)
        offset = inside(command.data, OFFSET)
        if not 1 <= len(offset) <= 4:
            raise Refusal(SW.WRONG_DATA)
        asked, exact = _limits(command, room)
        wrapper = 2 if asked < 0x82 else 3 if asked <= 0x102 else 4
        if asked <= wrapper:
            raise Refusal(SW.WRONG_LENGTH)
        content, status = self._cut_out(int.from_bytes(offset, "big"), asked - wrapper, exact)
        return encode(DISCRETIONARY, content), status

    def _cut_out(self, offset: int, asked: int, exact: bool) -> tuple[bytes, int]:
        if self._session.file is None:
            raise Refusal(SW.NO_CURRENT_FILE)
        self._require_readable(self._session.file)
        content = self._content(self._session.file)
        if offset >= len(content):
            raise Refusal(SW.OUTSIDE_FILE)
        found = content[offset : offset + asked]
        return found, SW.END_OF_FILE if exact and len(found) < asked else SW.OK

    def _content(self, fid: int) -> bytes:
        store = self._session.store
        if not self._session.in_application:
            content = store.master_files.get(fid)
            if content is None and fid == INFORMATION:
                content = default_information(extended=store.extended)
            if content is None and fid == DIRECTORY and store.locked:
                content = encode(0x61, encode(0x4F, APPLICATION))
        else:
            content = store.files.get(fid)
            if content is None and fid == AUTHORITIES:
                content = file_of_references(store) or None
        if content is None:
            raise Refusal(SW.FILE_NOT_FOUND)
        return content

    def _by_short_identifier(self, short: int) -> int:
        if self._session.in_application:
            if short == 0 or short > 0x1E:
                raise Refusal(SW.WRONG_PARAMETERS)
            return 0x0100 | short
        for fid, own in SHORT_IDENTIFIERS.items():
            if own == short:
                return fid
        raise Refusal(SW.FILE_NOT_FOUND)

    def _require_readable(self, fid: int) -> None:
        """Apply the access conditions; a chip tells a stranger nothing of its files (4.4.2)."""
        session = self._session
        if not session.in_application and fid != CARD_SECURITY:
            return
        if not session.store.locked:
            if not session.managed:
                raise Refusal(SW.SECURITY_NOT_SATISFIED)
            return
        access = session.access
        if access is None or session.messaging is None:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        if not session.in_application and access.protocol != "PACE":
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        needed = RIGHTS.get(fid, 0) if session.in_application else 0
        if needed & ~access.rights and not session.store.memory.get("fingers_open"):
            raise Refusal(SW.SECURITY_NOT_SATISFIED)


def default_information(*, extended: bool) -> bytes:
    """EF.ATR/INFO from the factory: capabilities and the longest APDUs (ISO 7816-4 12.7.1)."""
    if not extended:
        return encode(0x47, bytes.fromhex("942180"))
    longest = encode(0x02, b"\xff\xff")
    return encode(0x47, bytes.fromhex("9421E0")) + encode(0x7F66, longest + longest)


def _identifier(data: bytes) -> int:
    if len(data) != 2:
        raise Refusal(SW.WRONG_LENGTH)
    return int.from_bytes(data, "big")


def _limits(command: Command, room: int | None) -> tuple[int, bool]:
    """Return how much to read at most, and whether it was asked for as an exact number.

    The greatest Le asks for as much as there is, so the chip gives what fits into its answer.
    """
    if command.expected is None:
        raise Refusal(SW.WRONG_LENGTH)
    exact = command.expected not in (SHORT_LIMIT, EXTENDED_LIMIT)
    if room is None or command.expected <= room:
        return command.expected, exact
    if exact:
        raise Refusal(SW.WRONG_LENGTH)
    return room, False
