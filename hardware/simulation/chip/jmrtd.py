"""Personalisation of the JMRTD passport applet: files written piece by piece, keys by PUT DATA."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.cv_certificates import CvCertificate, curve_told
from hardware.simulation.chip.memory import MRZ
from hardware.simulation.chip.objects import by_tag, decode, inside
from hardware.simulation.chip.session import Session
from hardware.simulation.chip.trust_points import add_trust_point

MODULUS, EXPONENT, ZONE, CURVE_KEY, AUTHORITY = 0x60, 0x61, 0x62, 0x63, 0x64
LOCK = 0xDEAD
DOCUMENT_NUMBER = 9
DATE = 6
LONGEST_FILE = 0x8000
WEIGHTS = (7, 3, 1)


class Jmrtd:
    """An applet that is written with commands of its own until it is locked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put_data(self, command: Command) -> bytes:
        """PUT DATA: keys, trust points, or the lock."""
        self._require_open()
        if command.parameters == LOCK:
            self._session.store.memory["locked"] = True
            self._session.store.saved()
            return b""
        match command.p2:
            case 0x60 | 0x61:
                self._put_modulus_or_exponent(command)
            case 0x62:
                self._put_zone(command)
            case 0x63:
                self._put_curve_key(command)
            case 0x64:
                self._put_authority(command)
            case _:
                raise Refusal(SW.WRONG_PARAMETERS)
        return b""

    def create_file(self, command: Command) -> bytes:
        """CREATE FILE: 63 04, size, identifier."""
        self._require_open()
        data = command.data
        if command.parameters or len(data) != 6 or data[:2] != b"\x63\x04":
            raise Refusal(SW.WRONG_DATA)
        size, fid = int.from_bytes(data[2:4], "big"), int.from_bytes(data[4:], "big")
        if fid in self._session.store.files:
            raise Refusal(SW.FILE_EXISTS)
        if size > LONGEST_FILE:
            raise Refusal(SW.NO_SPACE)
        self._session.store.put_file(fid, bytes(size))
        return b""

    def update_binary(self, command: Command) -> bytes:
        """UPDATE BINARY of the current file. A power cut forgets no more than unlocked files."""
        self._require_open()
        fid, offset = self._session.file, command.parameters
        content = self._session.store.files.get(fid) if fid is not None else None
        if fid is None or content is None:
            raise Refusal(SW.NO_CURRENT_FILE)
        end = offset + len(command.data)
        if end > len(content):
            raise Refusal(SW.NO_SPACE)
        self._session.store.put_file(fid, content[:offset] + command.data + content[end:])
        return b""

    def _put_modulus_or_exponent(self, command: Command) -> None:
        value = inside(inside(command.data, command.p2), 0x04)
        if not value or len(value) > 257:
            raise Refusal(SW.WRONG_DATA)
        numbers = self._session.store.memory.setdefault("signing_numbers", {})
        numbers["modulus" if command.p2 == MODULUS else "exponent"] = value.hex()

    def _put_zone(self, command: Command) -> None:
        """Document number, birth, expiry without check digits, their tags being ignored."""
        fields = [field.value for field in decode(inside(command.data, ZONE))]
        if len(fields) != 3 or len(fields[1]) != DATE or len(fields[2]) != DATE:
            raise Refusal(SW.WRONG_DATA)
        texts = [field.decode("latin-1").upper() for field in fields]
        texts[0] = texts[0].ljust(DOCUMENT_NUMBER, "<")
        try:
            information = "".join(text + _check_digit(text) for text in texts)
        except ValueError:
            raise Refusal(SW.WRONG_DATA) from None
        self._session.store.put_password(MRZ, information.encode("ascii"))

    def _put_curve_key(self, command: Command) -> None:
        data = command.data
        parts = by_tag(inside(data, CURVE_KEY) if data[:1] == bytes([CURVE_KEY]) else data)
        curve = curve_told(parts)
        if curve is None:
            raise Refusal(SW.WRONG_DATA)
        try:
            key = ec.derive_private_key(int.from_bytes(parts.get(0x86, b""), "big"), curve)
        except ValueError:
            raise Refusal(SW.WRONG_DATA) from None
        encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._session.store.memory["agreement_keys"] = [{"id": None, "key": encoded.hex()}]

    def _put_authority(self, command: Command) -> None:
        certificate = CvCertificate.parse(command.data)
        certificate.public_key()
        store = self._session.store
        add_trust_point(store, certificate)
        store.memory["date"] = max(store.memory.get("date", ""), certificate.effective)

    def _require_open(self) -> None:
        if self._session.store.locked or not self._session.in_application:
            raise Refusal(SW.NOT_NOW)


def _check_digit(text: str) -> str:
    """Sum of the characters' values with weights 7, 3, 1 (ICAO Doc 9303-3 clause 4.9)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * WEIGHTS[at % 3] for at, value in enumerate(values)) % 10)
