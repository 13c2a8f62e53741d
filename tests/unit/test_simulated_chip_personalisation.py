"""The simulated chip is personalised through SCP03, in any pieces, and again after any cut."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hardware.simulation.chip import ChipTornError, SimulatedChip, blank_chip
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.memory import Memory
from hardware.simulation.chip.objects import encode
from hardware.simulation.chip.secure_channel import derive
from hardware.simulation.chip.symmetric import BlockCipher, MacAes, Suite, pad
from tests.support.chip_terminal import Refused, Terminal, cv_certificate
from tests.support.chips import CAN, GROUP_1, INFORMATION, SERIAL, group_14, issued_chip, pkcs8

KEY = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
SUITES = {16: Suite.AES128, 24: Suite.AES192, 32: Suite.AES256}
ISSUER = bytes.fromhex("A000000151000000")
APPLICATION = bytes.fromhex("A0000002471001")
FOR_PERSONALIZATION = b"\x00\x00\x07" + APPLICATION + b"\x00\x00\x00"
ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010C")


def length_of(data: bytes) -> bytes:
    return bytes([len(data)]) if len(data) < 256 else b"\x00" + len(data).to_bytes(2, "big")


class Host:
    """The issuer's end of the channel; it can be told to cheat."""

    def __init__(self, chip: SimulatedChip, key: bytes = KEY, mac_key: bytes | None = None) -> None:
        self.chip, self.key = chip, key
        self.mac_key = key if mac_key is None else mac_key

    def send(self, head: str, data: bytes = b"") -> bytes:
        size = length_of(data) if data else b""
        return self.chip.transmit(bytes.fromhex(head) + size + data + bytes(max(len(size) - 1, 1)))

    def open(self, level: int = 3, version: int = 0, flaw: str = "") -> str:
        challenge = bytes(range(8))
        answer = self.send(f"8050{version:02X}00", challenge)
        if answer[-2:] != b"\x90\x00":
            return answer[-2:].hex().upper()
        pseudo_random = bool(answer[12] & 0x10)
        assert len(answer) == (34 if pseudo_random else 31)
        context = challenge + answer[13:21]
        session_key = derive(self.key, 4, context, len(self.key))
        self.cipher, self.level = BlockCipher(SUITES[len(self.key)], session_key), level
        mac_key = derive(self.mac_key, 6, context, len(self.mac_key))
        self.mac, self.chain, self.counter = MacAes(mac_key), bytes(16), 0
        if self.key == KEY:
            assert answer[21:29] == derive(mac_key, 0, context, 8)
        if pseudo_random:
            expected = derive(self.key, 2, answer[29:32] + self._application(), 8)
            assert self.key != KEY or answer[13:21] == expected
        cryptogram = derive(mac_key, 1, context, 8)
        if flaw == "mac":
            self.chain = bytes(15) + b"\x01"
        return self._protected(bytes([0x84, 0x82, level, 0x00]), cryptogram).hex().upper()

    def _application(self) -> bytes:
        return ISSUER

    def run(self, head: str, data: bytes = b"") -> str:
        if self.level == 3:
            self.counter += 1
            if data:
                vector = self.cipher.one_block(self.counter.to_bytes(16, "big"))
                data = self.cipher.encrypt(pad(data, 16), vector)
        return self._protected(bytes.fromhex(head), data).hex().upper()

    def _protected(self, head: bytes, data: bytes) -> bytes:
        size = length_of(data + bytes(8))
        self.chain = self.mac.full(self.chain + head + size + data)
        end = bytes(max(len(size) - 1, 1))
        return self.chip.transmit(head + size + data + self.chain[:8] + end)

    def store(self, groups: bytes, size: int = 200, *, last: bool = True) -> str:
        pieces = [groups[at : at + size] for at in range(0, len(groups), size)]
        word = ""
        for number, piece in enumerate(pieces):
            kind = 0x88 if last and number == len(pieces) - 1 else 0x08
            word = self.run(f"84E2{kind:02X}{number % 256:02X}", piece)
            if word != "9000":
                break
        return word


def group(identifier: int, value: bytes) -> bytes:
    size = bytes([len(value)]) if len(value) < 255 else b"\xff" + len(value).to_bytes(2, "big")
    return identifier.to_bytes(2, "big") + size + value


AGREEMENT = ec.generate_private_key(ec.SECP256R1())
SIGNING = ec.generate_private_key(ec.SECP256R1())
ROOT = ec.generate_private_key(ec.SECP256R1())
GROUP_2 = encode(0x75, bytes(range(256)) * 20)
GROUPS = (
    group(0x0101, GROUP_1)
    + group(0x0102, GROUP_2)
    + group(0x010E, group_14([(AGREEMENT, None)], (2,)))
    + group(0xA11C, ACCESS)
    + group(0x8001, INFORMATION.encode())
    + group(0x8002, CAN.encode())
    + group(0x8010, b"\xff" + bytes.fromhex(pkcs8(AGREEMENT)))
    + group(0x8020, bytes.fromhex(pkcs8(SIGNING)))
    + group(0x8030, cv_certificate(b"UTCVCA00001", b"UTCVCA00001", 0xC3, ROOT, ROOT))
    + group(0x8031, bytes([2, 6, 0, 1, 0, 1]))
)
LOCK = group(0x80FF, b"")


def fresh(memory):
    return Host(SimulatedChip(memory, lambda: None))


def personalise(memory, size=200):
    host = fresh(memory)
    assert host.open() == "9000"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
    assert host.store(GROUPS + LOCK, size) == "9000"
    return host


def check(memory):
    memory = json.loads(json.dumps(memory))
    terminal = Terminal(SimulatedChip(memory, lambda: None))
    terminal.pace(CAN)
    terminal.select_application()
    terminal.chip_authentication(AGREEMENT.public_key())
    assert terminal.read(0x0102) == GROUP_2
    assert terminal.read(0x011C).startswith(encode(0x42, b"UTCVCA00001"))
    assert len(terminal.do("00880000", bytes(8), 256)) == 64


@pytest.mark.parametrize("size", [1, 3, 200, 231])
def test_a_card_is_personalised_in_pieces_of_any_size(size):
    memory = blank_chip(SERIAL)
    saved = []
    host = Host(SimulatedChip(memory, lambda: saved.append(1)))
    assert host.open() == "9000"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
    assert host.store(GROUPS + LOCK, size) == "9000"
    assert saved
    assert memory["date"] == "260101"
    check(memory)


@pytest.mark.parametrize("level", [1, 3])
@pytest.mark.parametrize("parameter", [0x00, 0x10])
def test_levels_and_kinds_of_challenges(level, parameter):
    memory = blank_chip(SERIAL)
    memory["manager_keys"]["parameter"] = parameter
    host = fresh(memory)
    assert host.open(level, 1) == "9000"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
    assert host.store(GROUPS + LOCK) == "9000"
    check(memory)


def test_own_keys():
    own = bytes(range(16))
    host = Host(SimulatedChip(blank_chip(SERIAL, keys=(own.hex(),) * 3), lambda: None), own)
    assert host.open() == "9000"
    host.key = KEY


def test_nothing_is_read_before_the_lock():
    memory = blank_chip(SERIAL)
    host = fresh(memory)
    host.open()
    host.run("84E62000", FOR_PERSONALIZATION)
    assert host.store(GROUPS, last=False) == "9000"
    chip = SimulatedChip(memory, lambda: None)
    terminal = Terminal(chip)
    for what in (lambda: terminal.pace(CAN), lambda: terminal.basic_access(INFORMATION)):
        with pytest.raises(Refused, match="6985"):
            what()
    terminal.select_application()
    with pytest.raises(Refused, match="6982"):
        terminal.read(0x0101)


def test_nothing_is_written_after_the_lock():
    memory = blank_chip(SERIAL)
    host = personalise(memory)
    before = json.dumps(memory["files"])
    assert host.run("84E28800", group(0x0101, b"\x61\x00")) == "6985"
    host = fresh(memory)
    assert host.open() == "9000"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "6985"
    assert host.send("80E62000", FOR_PERSONALIZATION) == b"\x69\x85"
    assert host.send("80E28800", LOCK) == b"\x69\x85"
    assert json.dumps(memory["files"]) == before


def test_the_channel_s_refusals():
    memory = blank_chip(SERIAL)
    assert Host(SimulatedChip(memory, lambda: None), bytes(16)).open() == "6300"
    assert fresh(memory).open(flaw="mac") == "6982"
    assert fresh(memory).open(version=2) == "6A88"
    assert fresh(memory).open(level=0x33) == "6A86"
    host = fresh(memory)
    assert host.send("80E62000", FOR_PERSONALIZATION) == b"\x69\x82"
    assert host.send("84E62000", FOR_PERSONALIZATION) == b"\x69\x82"
    assert host.send("84820300", bytes(16)) == b"\x69\x85"
    host.open()
    host.chain = bytes(16)
    assert host.run("84E62000", FOR_PERSONALIZATION) == "6982"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "6982"
    host.open()
    assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
    host.send("00A4040C", ISSUER)
    assert host.run("84E28800", LOCK) == "6982"


def test_what_the_applet_does_not_take():
    host = fresh(blank_chip(SERIAL))
    host.open()
    assert host.run("84E28800", LOCK) == "6985"
    assert host.run("84E62000", FOR_PERSONALIZATION[:-1]) == "6A80"
    assert host.run("84E60C00", FOR_PERSONALIZATION) == "6A86"
    for wrong in (
        group(0x8001, b"short"),
        group(0x8002, b"12345A"),
        group(0x8010, b"\xff\x30\x00"),
        group(0x8010, b""),
        group(0x8011, bytes.fromhex(pkcs8(rsa.generate_private_key(65537, 2048)))),
        group(0x8020, b"\x30\x00"),
        group(0x8030, b"\x7f\x21\x00"),
        group(0x8031, b"260101"),
        group(0x8031, b""),
    ):
        assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
        assert host.store(wrong) == "6A80"
    host.run("84E62000", FOR_PERSONALIZATION)
    assert host.store(group(0x9999, b"")) == "6A88"
    host.run("84E62000", FOR_PERSONALIZATION)
    assert host.store(GROUPS[:-1]) == "6A80"
    host.run("84E62000", FOR_PERSONALIZATION)
    assert host.run("84E28801", LOCK) == "6A86"
    host.run("84E62000", FOR_PERSONALIZATION)
    assert host.run("84E28000", LOCK) == "6A86"


def attempt(host):
    host.open()
    host.run("84E62000", FOR_PERSONALIZATION)
    host.store(GROUPS + LOCK)


def test_personalisation_begins_again_after_any_cut():
    count = len(GROUPS + LOCK) // 200 + 4
    for commands in range(count):
        memory = blank_chip(SERIAL)
        chip = SimulatedChip(memory | {"faults": {"torn_after": commands}}, lambda: None)
        host = Host(chip)
        with pytest.raises(ChipTornError):
            attempt(host)
        personalise(memory)
    check(memory)


def encrypted(key: bytes, data: bytes) -> bytes:
    """AES-CBC with an ICV of nought, by the library itself."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def check_of(key: bytes) -> bytes:
    return encrypted(key, b"\x01" * 16)[:3]


def key_block(key: bytes, transport: bytes = KEY, check: bytes | None = None) -> bytes:
    """A key as GPCS 11.8.2.3 and Amendment D 7.2 lay it out."""
    secret = encrypted(transport, key.ljust(-(-len(key) // 16) * 16, b"\x00"))
    head = bytes([0x88, 1 + len(secret), len(key)])
    return head + secret + b"\x03" + (check_of(key) if check is None else check)


def kept_in(memory: Memory) -> tuple[SimulatedChip, list[str]]:
    """A chip, and what it saved last."""
    kept: list[str] = []

    def save() -> None:
        kept[:] = [json.dumps(memory)]

    return SimulatedChip(memory, save), kept


def own_keys(size: int, start: int) -> tuple[bytes, bytes, bytes]:
    first, second, third = (bytes(range(start + n, start + n + size)) for n in (0, 60, 120))
    return first, second, third


@pytest.mark.parametrize("size", [16, 24, 32])
@pytest.mark.parametrize("version", [0x01, 0xFF])
def test_a_card_takes_keys_of_its_own_and_then_others(size, version):
    memory = blank_chip(SERIAL)
    memory["manager_keys"]["version"] = version
    transport, replaced = KEY, 0 if version == 0xFF else version
    chip, kept = kept_in(memory)
    host = Host(chip)
    for start, number in ((0, 0x20), (8, 0x7F)):
        keys = own_keys(size, start)
        assert host.open() == "9000"
        data = bytes([number]) + b"".join(key_block(key, transport) for key in keys)
        checks = b"".join(check_of(key) for key in keys)
        answer = host.run(f"84D8{replaced:02X}81", data)
        assert answer == (bytes([number]) + checks + b"\x90\x00").hex().upper()
        assert host.run("84E62000", FOR_PERSONALIZATION) == "009000", "the channel goes on"
        memory = json.loads(kept[0])
        chip, kept = kept_in(memory)
        host = Host(chip, *keys[:2])
        transport, replaced = keys[2], number
    assert host.open(version=0x7F) == "9000"
    assert host.run("84E62000", FOR_PERSONALIZATION) == "009000"
    assert host.store(GROUPS + LOCK) == "9000"
    check(memory)
    assert host.open(version=0x20) == "6A88"
    assert host.open(version=0x01) == "6A88"
    assert Host(host.chip, bytes(16)).open() == "6300"


NEW = own_keys(16, 0)
BLOCKS = b"".join(key_block(key) for key in NEW)


@pytest.mark.parametrize(
    ("parameters", "data", "status"),
    [
        ("0181", b"\x20" + key_block(NEW[0], check=bytes(3)) + BLOCKS[22:], "6A80"),
        ("0181", b"\x20" + BLOCKS[:-3] + bytes(3), "6A80"),
        ("0181", b"\x20" + b"".join(key_block(key, bytes(16)) for key in NEW), "6A80"),
        ("0181", b"\x20" + BLOCKS[:-1], "6A80"),
        ("0181", b"\x20" + BLOCKS[:46], "6A80"),
        ("0181", b"\x20" + BLOCKS + b"\x00", "6A80"),
        ("0181", b"\x20" + BLOCKS[:46] + key_block(bytes(32)), "6A80"),
        ("0181", b"\x20\x80" + BLOCKS[1:], "6A80"),
        ("0181", b"\x20\x88\x11\x11" + BLOCKS[3:], "6A80"),
        ("0181", b"\x20\x88\x00" + BLOCKS[2:], "6A80"),
        ("0181", b"\x20\x88\xff" + BLOCKS[2:], "6A80"),
        ("0181", b"\x20" + BLOCKS[:19] + b"\x02" + BLOCKS[20:], "6A80"),
        ("0181", b"\x20\x88\x10" + BLOCKS[2:18] + BLOCKS[19:], "6A80"),
        ("0181", b"\x20\x88\x21\x10" + BLOCKS[3:19] + bytes(16) + BLOCKS[19:], "6A80"),
        ("0181", b"\x20", "6A80"),
        ("0181", b"\x00" + BLOCKS, "6A80"),
        ("0181", b"\x80" + BLOCKS, "6A80"),
        ("0181", b"", "6A86"),
        ("0101", b"\x20" + BLOCKS, "6A86"),
        ("8181", b"\x20" + BLOCKS, "6A86"),
        ("0281", b"\x20" + BLOCKS, "6A88"),
        ("0081", b"\x20" + BLOCKS, "6A84"),
    ],
)
def test_keys_that_are_wrong_change_nothing(parameters, data, status):
    memory = blank_chip(SERIAL)
    before = dict(memory["manager_keys"])
    saved: list[int] = []
    host = Host(SimulatedChip(memory, lambda: saved.append(1)))
    host.open()
    assert host.run("84D8" + parameters, data) == status
    assert memory["manager_keys"] == before
    assert not saved
    assert host.open() == "9000"


def test_keys_are_changed_inside_the_channel_alone():
    memory = blank_chip(SERIAL)
    host = fresh(memory)
    assert host.send("80D80181", b"\x20" + BLOCKS) == b"\x6d\x00"
    host.open()
    assert host.send("80D80181", b"\x20" + BLOCKS) == b"\x6d\x00"
    assert memory["manager_keys"]["version"] == 1
    host.open()
    host.chain = bytes(16)
    assert host.run("84D80181", b"\x20" + BLOCKS) == "6982"
    assert memory["manager_keys"]["version"] == 1


def put(tag: int, value: bytes) -> tuple[str, bytes]:
    return f"00DA{tag:04X}", value


def jmrtd_commands() -> list[tuple[str, bytes]]:
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()
    curve = Curve.named("secp256r1")
    numbers_of_curve = {0x81: curve.prime, 0x82: curve.a, 0x83: curve.b, 0x85: curve.order}
    coded = b"".join(encode(tag, one.to_bytes(32, "big")) for tag, one in numbers_of_curve.items())
    coded += encode(0x84, curve.encode(curve.base))
    coded += encode(0x86, AGREEMENT.private_numbers().private_value.to_bytes(32, "big"))
    zone = encode(0x04, b"L898902C") + encode(0x04, b"690806") + encode(0x04, b"940623")
    authority = cv_certificate(b"UTCVCA00001", b"UTCVCA00001", 0xC3, ROOT, ROOT)
    commands = [
        put(0x62, encode(0x62, zone)),
        put(0x60, encode(0x60, encode(0x04, numbers.public_numbers.n.to_bytes(256, "big")))),
        put(0x61, encode(0x61, encode(0x04, numbers.d.to_bytes(256, "big")))),
        put(0x63, coded + encode(0x87, b"\x01")),
        put(0x0164, authority),
    ]
    for fid, content in ((0x0101, GROUP_1), (0x0102, GROUP_2)):
        place = len(content).to_bytes(2, "big") + fid.to_bytes(2, "big")
        commands += [("00E00000", b"\x63\x04" + place), ("00A4020C", fid.to_bytes(2, "big"))]
        for at in range(0, len(content), 200):
            commands.append((f"00D6{at:04X}", content[at : at + 200]))
    return commands


@pytest.mark.parametrize("in_channel", [False, True])
def test_the_jmrtd_applet(in_channel):
    memory = blank_chip(SERIAL, "jmrtd")
    host = fresh(memory)

    class Applet(Host):
        def _application(self) -> bytes:
            return APPLICATION

    host = Applet(host.chip)
    assert host.send("00DA0062", b"\x62\x00") == b"\x69\x85"
    host.send("00A4040C", APPLICATION)
    if in_channel:
        assert host.open() == "9000"
        assert host.send("00DADEAD") == b"\x69\x82"
    for head, data in [*jmrtd_commands(), ("00DADEAD", b"")]:
        answer = host.run("84" + head[2:], data) if in_channel else host.send(head, data).hex()
        assert answer == "9000", head
    assert host.send("00E00000", b"\x63\x04\x00\x01\x01\x05") == b"\x69\x85"
    assert host.send("00DA0062", b"\x62\x00") == b"\x69\x85"
    terminal = Terminal(SimulatedChip(json.loads(json.dumps(memory)), lambda: None))
    terminal.select_application()
    terminal.basic_access(INFORMATION)
    assert len(terminal.do("00880000", bytes(8), 256)) == 256
    terminal.chip_authentication(AGREEMENT.public_key(), 1)
    assert terminal.read(0x0102) == GROUP_2
    assert terminal.read(0x011C).startswith(encode(0x42, b"UTCVCA00001"))


def test_issued_chips_are_as_personalised_ones():
    """The builder of other tests makes what the ceremony makes."""
    memory = blank_chip(SERIAL)
    personalise(memory)
    assert set(issued_chip()) - set(memory) <= {"mapping_key", "signing_key"}
