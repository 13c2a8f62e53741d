"""How applets are told what a card is to hold: one profile for each kind of applet.

StoreData is for applets with PACE, personalised by data groupings (DGI) inside the card manager's
secure channel, as commercial ones are (GPCS 11.11; EMV CPS 1.1 for the groupings). Jmrtd is for
the open passport applet, which has BAC, Chip and Terminal Authentication and commands of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.smartcard.apdu import SW, Command, Response
from hardware.smartcard.card_data import CardOptions, PersonalisationData, private_key_info
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import EF_SOD
from hardware.smartcard.protocols.scp03 import CARD_MANAGER
from hardware.smartcard.security_info_data import Suite
from hardware.smartcard.tlv import build

APPLICATION = bytes.fromhex("A0000002471001")
"""The application of travel documents (ICAO Doc 9303-10, 3.6)."""
WITH_PACE = CardOptions()
WITHOUT_PACE = CardOptions(pace=False, mapping_proof=False, suite=Suite.TDES)
"""The open applet's Chip Authentication begins sessions in 3DES alone."""


class Writer(Protocol):
    """What a profile writes through."""

    @property
    def longest_data(self) -> int:
        """How many bytes of data one command can carry."""
        ...

    def send(self, command: Command) -> Response:
        """Send one command, protected where there is a channel."""
        ...


class AppletProfile(Protocol):
    """How one kind of applet is personalised."""

    @property
    def options(self) -> CardOptions:
        """What cards with this applet are to speak."""
        ...

    @property
    def manager(self) -> bytes:
        """The AID that is selected to open the secure channel."""
        ...

    @property
    def needs_channel(self) -> bool:
        """Whether the applet is written inside a secure channel."""
        ...

    def write(self, writer: Writer, data: PersonalisationData) -> None:
        """Write everything and lock the applet for ever.

        Raises:
            ChipError: already_personalised: it is locked; or refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoreData:
    """Applets with PACE that take STORE DATA.

    Attributes:
        options: What the card is to speak.
        application: The applet's AID.
    """

    options: CardOptions = WITH_PACE
    application: bytes = APPLICATION
    manager: bytes = CARD_MANAGER
    needs_channel: bool = True

    def write(self, writer: Writer, data: PersonalisationData) -> None:
        """Name the applet, then send all groupings in as few commands as they fit.

        Raises:
            ChipError: already_personalised, or refused.
        """
        name = self.application
        for_whom = b"\x00\x00" + bytes([len(name)]) + name + bytes(3)
        answer = writer.send(Command(0xE6, 0x20, 0x00, for_whom, cla=0x80))
        _require(answer, "beginning to personalise")
        blocks = list(_blocks(_groupings(data), writer.longest_data))
        for number, block in enumerate(blocks):
            last = 0x80 if number == len(blocks) - 1 else 0x00
            sent = Command(0xE2, 0x08 | last, number & 0xFF, block, cla=0x80)
            _require(writer.send(sent), "writing")


@dataclass(frozen=True, slots=True)
class Jmrtd:
    """The open passport applet of the JMRTD project, by its own commands.

    Attributes:
        protected: Whether the applet hands its commands to the card manager's secure channel.
            The published applet does not; it is written in the clear where nobody listens.
    """

    protected: bool = True
    options: CardOptions = WITHOUT_PACE
    manager: bytes = APPLICATION

    @property
    def needs_channel(self) -> bool:
        """Whether the applet is written inside a secure channel."""
        return self.protected

    def write(self, writer: Writer, data: PersonalisationData) -> None:
        """Put the keys, create and fill the files, lock.

        Raises:
            ChipError: already_personalised, refused, or not_supported: a trust point is too
                long for the commands that card and reader take.
            ValueError: A file is longer than the applet's offsets reach.
        """
        for second, value in self._objects(data):
            if len(value) > writer.longest_data:  # the applet knows no chains of commands
                raise ChipError("not_supported", "a key or certificate needs extended length")
            _require(writer.send(Command(0xDA, 0x00, second, value)), "putting a key")
        for identifier, file in data.files.items():
            self._write_file(writer, identifier, file)
        _require(writer.send(Command(0xDA, 0xDE, 0xAD)), "locking")

    @staticmethod
    def _objects(data: PersonalisationData) -> Iterator[tuple[int, bytes]]:
        """P2 and data of PUT DATA: 62 the zone, 63 Chip Authentication, 64 trust points."""
        zone = data.content.mrz
        fields = (zone.document_number.ljust(9, "<"), *_dates(data.mrz_password))
        yield 0x62, build(0x62, b"".join(build(0x04, text.encode("ascii")) for text in fields))
        yield 0x63, _curve_key(data.keys.agreement)
        for certificate in data.trust_points:
            yield 0x64, certificate

    @staticmethod
    def _write_file(writer: Writer, identifier: int, file: bytes) -> None:
        if len(file) > 0x7FFF:
            raise ValueError("a file is longer than this applet's offsets reach")
        name = identifier.to_bytes(2, "big")
        # Signatures differ in length by a few bytes, and what an earlier attempt created stays.
        size = -(-len(file) // 32) * 32 if identifier == EF_SOD else len(file)
        place = b"\x63\x04" + size.to_bytes(2, "big") + name
        answer = writer.send(Command(0xE0, 0x00, 0x00, place))
        if answer.status_word != SW.FILE_EXISTS:  # left by an attempt that a power cut ended
            _require(answer, "creating a file")
        _require(writer.send(Command(0xA4, 0x02, 0x0C, name)), "selecting a file")
        step = writer.longest_data
        for at in range(0, len(file), step):
            piece = Command(0xD6, at >> 8, at & 0xFF, file[at : at + step])
            _require(writer.send(piece), "writing a file")


JMRTD, JMRTD_IN_THE_CLEAR, STORE_DATA = Jmrtd(), Jmrtd(protected=False), StoreData()


def _groupings(data: PersonalisationData) -> Iterator[tuple[int, bytes]]:
    """The data groupings of a card: files, passwords, keys, trust points, date, lock."""
    yield from data.files.items()
    for identifier, file in data.master_files.items():
        yield identifier if identifier >> 8 != 0x01 else 0xA100 | identifier & 0xFF, file
    yield 0x8001, data.mrz_password.encode("ascii")
    if data.can:
        yield 0x8002, data.can.encode("ascii")
    yield 0x8010, b"\xff" + private_key_info(data.keys.agreement)
    if data.keys.mapping is not None:
        yield 0x8011, private_key_info(data.keys.mapping)
    if data.keys.active is not None:
        yield 0x8020, private_key_info(data.keys.active)
    for certificate in data.trust_points:
        yield 0x8030, certificate
    yield 0x8031, bytes(int(digit) for digit in data.today.strftime("%y%m%d"))
    yield 0x80FF, b""


def _blocks(groupings: Iterator[tuple[int, bytes]], size: int) -> Iterator[bytes]:
    """Pack groupings into blocks; a value may go on in the next block, a head is never cut."""
    block = b""
    for identifier, value in groupings:
        head = identifier.to_bytes(2, "big") + _length(len(value))
        if len(block) + len(head) > size:
            yield block
            block = b""
        block += head
        at = 0
        while len(block) + len(value) - at > size:
            end = at + size - len(block)
            yield block + value[at:end]
            block, at = b"", end
        block += value[at:]
    yield block


def _length(size: int) -> bytes:
    if size > 0xFFFF:
        raise ValueError("a file is longer than a grouping can say")
    return bytes([size]) if size < 0xFF else b"\xff" + size.to_bytes(2, "big")


def _dates(information: str) -> tuple[str, str]:
    """Birth and expiry out of number | digit | birth | digit | expiry | digit."""
    return information[-14:-8], information[-7:-1]


def _curve_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key and its curve as the applet takes them: 81 p, 82 a, 83 b, 84 G, 85 r, 86 s.

    The cofactor (87) is 1 where it is left out, and with it a protected command were too long.
    """
    numbers = (
        (0x81, _P256_P),
        (0x82, _P256_P - 3),
        (0x83, _P256_B),
        (0x84, _P256_G),
        (0x85, _P256_R),
        (0x86, key.private_numbers().private_value),
    )
    fields = [(tag, n if isinstance(n, bytes) else n.to_bytes(32, "big")) for tag, n in numbers]
    return b"".join(build(tag, value) for tag, value in fields)


def _require(answer: Response, doing: str) -> None:
    if answer.status_word == SW.CONDITIONS_NOT_SATISFIED:
        raise ChipError("already_personalised", doing, answer.status_word)
    answer.require_ok(doing)


# NIST P-256 (FIPS 186-4, D.1.2.3).
_P256_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_B = int("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B", 16)
_P256_R = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
_P256_G = bytes.fromhex(
    "04"
    "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
)
