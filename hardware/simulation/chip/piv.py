"""An officer's card as its chip plays it: the PIV card application (NIST SP 800-73-4 part 2).

Its memory, plain JSON, bytes in hexadecimal; a blank card has neither key nor certificate:

    {"serial": "..", "applet": "piv", "pin": "123456", "wrong_pins": 0, "manager_key": "..",
     "signing_key": PKCS#8, "certificate": DER, "faults": {..}}
"""

import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from hardware.simulation.chip.answers import SW, ChipTornError, Refusal
from hardware.simulation.chip.card import atr_of
from hardware.simulation.chip.commands import CHAINING, SHORT_LIMIT, Command, cut
from hardware.simulation.chip.faults import Faults
from hardware.simulation.chip.memory import Memory
from hardware.simulation.chip.objects import by_tag, encode
from hardware.simulation.chip.randomness import Randomness, SystemRandomness

AID = bytes.fromhex("A0000003080000100001")
"""The PIX without the version: a selection may end here."""
TRIES = 3
PIN_BYTES = 8
KEY_9A, KEY_9B, ECC_P256 = 0x9A, 0x9B, 0x11
AES_BY_ALGORITHM = {0x08: 16, 0x0A: 24, 0x0C: 32}
CERTIFICATE_TAG = bytes.fromhex("5FC105")
MANAGER_KEY = "A1" * 16
"""What blank cards of the simulation come with."""
LONGEST_CHAIN = 4096


def blank_officer_card(serial: str) -> Memory:
    """Make the memory of an officer's card from the factory."""
    return {
        "serial": serial.upper(),
        "applet": "piv",
        "pin": "123456",
        "wrong_pins": 0,
        "manager_key": MANAGER_KEY,
    }


class PivChip:
    """One powered officer's card; what was proved to it is lost with its power."""

    takes_extended_length = False

    def __init__(
        self,
        memory: Memory,
        saved: Callable[[], None],
        *,
        wait: Callable[[float], None] | None = None,
        random: Randomness | None = None,
    ) -> None:
        """Give the chip power; the arguments are those of SimulatedChip."""
        self._memory, self._saved = memory, saved
        self._faults = Faults(memory, wait or (lambda _seconds: None))
        self._random = random or SystemRandomness()
        self._chain: tuple[bytes, bytes] | None = None
        self._rest = b""
        self._power_up()

    def _power_up(self) -> None:
        self._selected = self._pin_proved = self._manager_proved = False
        self._challenge = b""

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return atr_of(extended=False)

    def transmit(self, command: bytes) -> bytes:
        """Answer one APDU; ChipMuteError where the chip falls silent."""
        try:
            self._faults.before()
        except ChipTornError:
            self._power_up()
            raise
        try:
            data, status_word = self._answer(cut(command)), int(SW.OK)
        except Refusal as refusal:
            data, status_word = b"", refusal.status_word
        return self._faults.garble(self._hand_over(data, status_word))

    def _hand_over(self, data: bytes, status_word: int) -> bytes:
        """Give 256 bytes at most; the rest waits for GET RESPONSE."""
        self._rest = data[SHORT_LIMIT:]
        if self._rest:
            left = len(self._rest)
            status_word = 0x6100 | (left if left < SHORT_LIMIT else 0)
        return data[:SHORT_LIMIT] + status_word.to_bytes(2, "big")

    def _answer(self, command: Command) -> bytes:
        if command.extended:
            raise Refusal(SW.WRONG_LENGTH)
        if command.cla & ~CHAINING:
            raise Refusal(SW.NO_CLASS)
        if command.ins == 0xC0:
            return self._rest
        data = self._whole(command)
        if data is None:
            return b""
        if command.ins == 0xA4:
            return self._select(command, data)
        if not self._selected:
            raise Refusal(SW.NO_INSTRUCTION)
        match command.ins, command.parameters:
            case 0x20, 0x0080:
                return self._verify(data)
            case 0x24, 0x0080:
                return self._change_pin(data)
            case 0x87, _:
                return self._authenticate(command.p1, command.p2, data)
            case 0xCB, 0x3FFF:
                return self._get(data)
            case 0xDB, 0x3FFF:
                return self._put(data)
            case 0x47, 0x009A:
                return self._generate(data)
            case ((0x20 | 0x24 | 0x47 | 0xCB | 0xDB), _):
                raise Refusal(SW.REFERENCE_NOT_FOUND)
        raise Refusal(SW.NO_INSTRUCTION)

    def _whole(self, command: Command) -> bytes | None:
        """Gather the links of a chain; None while more are to come."""
        head = bytes((command.ins, command.p1, command.p2))
        begun, self._chain = self._chain, None
        before = b"" if begun is None else begun[1]
        if begun is not None and begun[0] != head:
            raise Refusal(SW.CHAIN_NOT_ENDED)
        data = before + command.data
        if len(data) > LONGEST_CHAIN:
            raise Refusal(SW.WRONG_LENGTH)
        if command.chained:
            self._chain = (head, data)
            return None
        return data

    def _select(self, command: Command, data: bytes) -> bytes:
        if command.p1 != 0x04:
            raise Refusal(SW.FILE_NOT_FOUND)
        if not data.startswith(AID):
            raise Refusal(SW.FILE_NOT_FOUND)
        self._power_up()
        self._selected = True
        if command.p2 == 0x0C:
            return b""
        authority = encode(0x79, encode(0x4F, AID[:5]))
        return encode(0x61, encode(0x4F, AID[5:] + b"\x01\x00") + authority)

    # The PIN

    def _verify(self, data: bytes) -> bytes:
        if not data:
            if self._pin_proved:
                return b""
            raise self._tries_left()
        self._check_pin(data)
        return b""

    def _check_pin(self, data: bytes) -> None:
        if self._memory["wrong_pins"] >= TRIES:
            raise Refusal(SW.BLOCKED)
        self._pin_proved = False
        # A try counts before it is looked at, so that tearing the card away gives none back.
        self._memory["wrong_pins"] += 1
        self._saved()
        kept = self._memory["pin"].encode().ljust(PIN_BYTES, b"\xff")
        if len(data) != PIN_BYTES or not hmac.compare_digest(data, kept):
            raise self._tries_left()
        self._memory["wrong_pins"] = 0
        self._saved()
        self._pin_proved = True

    def _tries_left(self) -> Refusal:
        left = TRIES - int(self._memory["wrong_pins"])
        return Refusal(SW.PASSWORD_SUSPECT | left) if left > 0 else Refusal(SW.BLOCKED)

    def _change_pin(self, data: bytes) -> bytes:
        new = data[PIN_BYTES:].rstrip(b"\xff")
        if len(data) != 2 * PIN_BYTES or not (len(new) >= 6 and new.isdigit()):
            raise Refusal(SW.WRONG_DATA)
        self._check_pin(data[:PIN_BYTES])
        self._memory["pin"] = new.decode()
        self._saved()
        return b""

    # Keys

    def _authenticate(self, algorithm: int, key: int, data: bytes) -> bytes:
        asked = by_tag(_inside(data, 0x7C))
        if key == KEY_9B and AES_BY_ALGORITHM.get(algorithm) == len(self._manager_key):
            return self._authenticate_manager(asked)
        if key != KEY_9A or algorithm != ECC_P256:
            raise Refusal(SW.WRONG_PARAMETERS)
        if "signing_key" not in self._memory:
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        if not self._pin_proved:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        digest = asked.get(0x81, b"")
        if 0x82 not in asked or len(digest) != 32:
            raise Refusal(SW.WRONG_DATA)
        signed = self._key().sign(digest, ec.ECDSA(Prehashed(SHA256())))
        return encode(0x7C, encode(0x82, signed))

    def _authenticate_manager(self, asked: dict[int, bytes]) -> bytes:
        challenge, self._challenge = self._challenge, b""
        if asked.get(0x81) == b"":
            self._challenge = self._random.octets(16)
            return encode(0x7C, encode(0x81, self._challenge))
        block = Cipher(algorithms.AES(self._manager_key), modes.ECB()).encryptor()  # noqa: S305
        wanted = block.update(challenge) + block.finalize()
        if not challenge or not hmac.compare_digest(asked.get(0x82, b""), wanted):
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        self._manager_proved = True
        return b""

    def _generate(self, data: bytes) -> bytes:
        self._require_manager()
        if _inside(data, 0xAC) != bytes((0x80, 0x01, ECC_P256)):
            raise Refusal(SW.WRONG_DATA)
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._memory["signing_key"] = private.hex()
        self._saved()
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return encode(0x7F49, encode(0x86, point))

    def _key(self) -> ec.EllipticCurvePrivateKey:
        key = load_der_private_key(bytes.fromhex(self._memory["signing_key"]), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 (it wrote it itself)
        return key

    @property
    def _manager_key(self) -> bytes:
        return bytes.fromhex(self._memory["manager_key"])

    # Data

    def _get(self, data: bytes) -> bytes:
        kept = self._memory.get("certificate")
        if _inside(data, 0x5C) != CERTIFICATE_TAG or kept is None:
            raise Refusal(SW.FILE_NOT_FOUND)
        content = encode(0x70, bytes.fromhex(kept)) + encode(0x71, b"\0") + encode(0xFE, b"")
        return encode(0x53, content)

    def _put(self, data: bytes) -> bytes:
        self._require_manager()
        parts = by_tag(data)
        if parts.get(0x5C) != CERTIFICATE_TAG:
            raise Refusal(SW.WRONG_DATA)
        content = by_tag(parts.get(0x53, b""))
        self._memory["certificate"] = content.get(0x70, b"").hex()
        self._saved()
        return b""

    def _require_manager(self) -> None:
        if not self._manager_proved:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)


def _inside(data: bytes, tag: int) -> bytes:
    found = by_tag(data).get(tag)
    if found is None:
        raise Refusal(SW.WRONG_DATA)
    return found
