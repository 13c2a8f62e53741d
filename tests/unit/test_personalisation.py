"""Personalising simulated cards, which know nothing of our code: channel, profiles, power cuts."""

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hardware.core.errors import DeviceAbsentError
from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.smartcard.apdu import Command, Response
from hardware.smartcard.applet_profiles import (
    JMRTD,
    JMRTD_IN_THE_CLEAR,
    STORE_DATA,
    AppletProfile,
)
from hardware.smartcard.card_data import CardOptions, WrittenCard, digests, prepare
from hardware.smartcard.card_writing import write_card
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import (
    CARD_ACCESS,
    CARD_SECURITY,
    DG1,
    DG14,
    DG15,
    EF_COM,
    EF_SOD,
    files_listed,
)
from hardware.smartcard.link import CardLink
from hardware.smartcard.personalisation import personalise, verify_personalised
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03 import PERSONALISING, SecureSession, open_channel
from hardware.smartcard.protocols.scp03_keys import (
    FACTORY_TEST_KEYS,
    CardManagerKeys,
    check_value,
    diversify,
)
from hardware.smartcard.protocols.security_infos import parse
from hardware.smartcard.tlv import build, parse_one
from tests.support.chips import SERIAL, content, jpeg
from tests.support.issued_cards import country

TODAY = date(2026, 11, 23)
CAN = "123456"
HOLDER = content(portrait_jpeg=jpeg(300, 400))


def _sign(groups):
    assert all(1 <= number <= 16 for number in groups)
    return build(0x77, build(0x30, bytes(1500)))


def _prepared(options: CardOptions, **changes: object):
    values = {
        "content": HOLDER,
        "can": CAN,
        "options": options,
        "sign_groups": _sign,
        "sign_infos": lambda infos: build(0x30, infos),
        "trust_points": (),
        "today": TODAY,
    }
    return prepare(**(values | changes))  # type: ignore[arg-type] # a builder of test values


class Recorder:
    """Takes what a profile writes."""

    def __init__(self, longest_data: int, status: int = 0x9000) -> None:
        self.longest_data = longest_data
        self.sent: list[Command] = []
        self._status = status

    def send(self, command: Command) -> Response:
        self.sent.append(command)
        assert len(command.data) <= self.longest_data
        return Response(b"", self._status)


def _groupings(commands: list[Command]) -> dict[int, bytes]:
    """Cut a row of STORE DATA into its groupings, by the text of the specification alone."""
    data = b"".join(command.data for command in commands)
    found, at = {}, 0
    while at < len(data):
        name, size, at = int.from_bytes(data[at : at + 2], "big"), data[at + 2], at + 3
        if size == 0xFF:
            size, at = int.from_bytes(data[at : at + 2], "big"), at + 2
        found[name] = data[at : at + size]
        at += size
    return found


@pytest.mark.parametrize("longest", [40, 239, 2039, 65000])
def test_groupings_are_packed_into_as_few_commands_as_they_fit(longest):
    data = _prepared(CardOptions(active_authentication=True))
    recorder = Recorder(longest)
    STORE_DATA.write(recorder, data)
    install, *blocks = recorder.sent
    assert install.header.hex() == "80e62000"
    assert install.data.hex() == "000007a0000002471001000000"
    assert [block.second for block in blocks] == [number % 256 for number in range(len(blocks))]
    assert [block.first for block in blocks] == [0x08] * (len(blocks) - 1) + [0x88]
    sizes = [len(block.data) for block in blocks[:-1]]
    assert all(size > longest - 5 for size in sizes)
    found = _groupings(blocks)
    assert {name: found[name] for name in data.files} == dict(data.files)
    assert found[0xA11C] == data.master_files[CARD_ACCESS]
    assert found[0xA11D] == data.master_files[CARD_SECURITY]
    zone = HOLDER.mrz.text()
    assert found[0x8001].decode() == zone[5:15] + zone[30:37] + zone[38:45]
    assert found[0x8002] == b"123456"
    assert found[0x8010][0] == 0xFF
    assert found[0x8031].hex() == "020601010203"
    assert list(found)[-1] == 0x80FF
    assert not found[0x80FF]


def test_a_locked_applet_says_so():
    for profile in (STORE_DATA, JMRTD):
        with pytest.raises(ChipError) as error:
            profile.write(Recorder(239, 0x6985), _prepared(profile.options))
        assert error.value.reason == "already_personalised"
        with pytest.raises(ChipError) as error:
            profile.write(Recorder(239, 0x6A80), _prepared(profile.options))
        assert error.value.reason == "refused"


def test_what_a_card_says_of_its_protocols():
    data = _prepared(CardOptions(active_authentication=True), trust_points=(b"one",))
    access, group_14 = parse(data.master_files[CARD_ACCESS]), parse(data.files[DG14])
    assert [info.mapping for info in access.pace].count("GM") == 1
    assert {info.mapping for info in access.pace} == {"GM", "CAM"}
    assert access.der <= group_14.der
    assert len(group_14.chip_keys) == 1
    assert group_14.chip_authentication[0].key_agreement == "ECDH"
    assert group_14.terminal_authentication == 1
    assert group_14.active_authentication is not None
    assert set(files_listed(data.files[EF_COM])) == set(data.files) - {EF_COM, EF_SOD}
    assert DG15 in data.files
    signed = parse(parse_one(data.master_files[CARD_SECURITY], 0x30))
    assert signed.chip_keys != group_14.chip_keys


def test_what_is_not_wanted_is_not_said():
    data = _prepared(CardOptions(mapping_proof=False))
    group_14 = parse(data.files[DG14])
    assert group_14.terminal_authentication is None
    assert group_14.active_authentication is None
    assert DG15 not in data.files
    assert CARD_SECURITY not in data.master_files
    assert data.keys.mapping is None
    without = _prepared(JMRTD.options)
    assert not without.master_files
    assert not parse(without.files[DG14]).pace


def test_every_card_has_keys_of_its_own():
    one, other = _prepared(CardOptions()), _prepared(CardOptions())
    assert one.files[DG14] != other.files[DG14]
    assert one.files[DG1] == other.files[DG1]
    assert "agreement" not in repr(one)


@pytest.mark.parametrize(
    "changes",
    [
        {"can": "12345"},
        {"can": "12345a"},
        {"sign_infos": None},
        {"trust_points": (b"", b"", b"")},
    ],
)
def test_what_cannot_be_made_is_refused_before_a_card_is_touched(changes):
    with pytest.raises(ValueError, match=r"six digits|signature|trust points"):
        _prepared(CardOptions(), **changes)


class Reader:
    """A reader with a card in it; the power may go after so many commands.

    It goes before the next one reaches the card, or (unheard) before its answer leaves the card.
    """

    def __init__(
        self,
        memory: dict[str, object],
        *,
        extended: bool,
        commands: int = 10**9,
        unheard: bool = False,
    ) -> None:
        self.saved = copy.deepcopy(memory)
        self._memory = memory
        self._chip = SimulatedChip(memory, self._save)
        self.takes_extended_length = extended
        self.atr = self._chip.atr
        self.commands = 0
        self._left = commands
        self._unheard = unheard

    def transmit(self, command: bytes) -> bytes:
        if not self._left:
            if self._unheard:
                self._chip.transmit(command)
            raise DeviceAbsentError("the power went")
        self._left -= 1
        self.commands += 1
        return self._chip.transmit(command)

    def _save(self) -> None:
        self.saved = copy.deepcopy(self._memory)


def _write(reader: Reader, profile: AppletProfile, **changes: object):
    data = _prepared(profile.options, **changes)
    return data, write_card(reader, data, FACTORY_TEST_KEYS, profile, atr=reader.atr)


@pytest.mark.parametrize("extended", [True, False])
@pytest.mark.parametrize(
    ("applet", "profile"),
    [("store_data", STORE_DATA), ("jmrtd", JMRTD), ("jmrtd", JMRTD_IN_THE_CLEAR)],
)
def test_a_card_that_knows_nothing_of_us_takes_it(applet, profile, extended):
    memory = blank_chip(SERIAL, applet)
    data, written = _write(Reader(memory, extended=extended), profile)
    assert memory["locked"]
    held = {int(name, 16): bytes.fromhex(value) for name, value in memory["files"].items()}
    for identifier, file in data.files.items():
        assert held[identifier][: len(file)] == file
        assert not any(held[identifier][len(file) :])
    masters = {int(n, 16): bytes.fromhex(value) for n, value in memory["master_files"].items()}
    assert masters == dict(data.master_files)
    assert memory["passwords"]["mrz"] == HOLDER.mrz.information()
    assert memory["passwords"].get("can") == (CAN if profile.options.pace else None)
    assert written.files == digests(data.files)
    with pytest.raises(ChipError) as error:
        _write(Reader(memory, extended=extended), profile)
    assert error.value.reason == "already_personalised"


@pytest.mark.parametrize(("applet", "profile"), [("store_data", STORE_DATA), ("jmrtd", JMRTD)])
@pytest.mark.parametrize("rewritten", [True, False])
def test_after_a_power_cut_anywhere_it_is_begun_again(applet, profile, rewritten):
    """What the card had not yet saved is lost too, or not, as cards do either."""
    whole = Reader(blank_chip(SERIAL, applet), extended=True)
    _write(whole, profile)
    for commands in range(whole.commands):
        memory = blank_chip(SERIAL, applet)
        reader = Reader(memory, extended=True, commands=commands)
        with pytest.raises(DeviceAbsentError):
            _write(reader, profile)
        left = reader.saved if rewritten else memory
        assert not left["locked"]
        _write(Reader(left, extended=True), profile)
        assert left["locked"]


def test_another_card_manager_is_not_written():
    memory = blank_chip(SERIAL, keys=("00" * 16, "11" * 16, "22" * 16))
    reader = Reader(memory, extended=True)
    with pytest.raises(ChipError) as error:
        _write(reader, STORE_DATA)
    assert error.value.reason == "not_genuine"
    assert not memory["files"]


def test_nothing_personal_travels_in_the_clear():
    seen = []

    class Listener(Reader):
        def transmit(self, command: bytes) -> bytes:
            seen.append(command)
            return super().transmit(command)

    data, _ = _write(Listener(blank_chip(SERIAL), extended=True), STORE_DATA)
    heard = b"".join(seen)
    assert CAN.encode() not in heard
    assert data.files[DG1][5:25] not in heard
    key = data.keys.agreement.private_numbers().private_value.to_bytes(32, "big")
    assert key not in heard


def test_few_commands_are_needed():
    short, long = (Reader(blank_chip(SERIAL), extended=extended) for extended in (False, True))
    for reader in (short, long):
        data, _ = _write(reader, STORE_DATA)
    size = sum(len(file) for file in (*data.files.values(), *data.master_files.values()))
    assert short.commands <= size // 239 + 8
    assert long.commands <= size // 2000 + 8


class Factory:
    """A card manager that holds the keys of the factory, and takes others once."""

    takes_extended_length = False

    def __init__(self) -> None:
        self.keys = replace(FACTORY_TEST_KEYS, version=0xFF)
        self.cut_after_keys = False
        self._session: SecureSession | None = None
        self.blocks = 0

    def transmit(self, command: bytes) -> bytes:
        match command[1]:
            case 0x50:
                challenge = bytes(range(8))
                self._session = SecureSession(self.keys, command[5:13] + challenge, PERSONALISING)
                named = bytes(range(10)) + bytes([self.keys.version, 3, 0])
                return named + challenge + self._session.card_cryptogram() + b"\x90\x00"
            case 0xD8:
                return self._take_keys(command)
            case 0xE2:
                self.blocks += 1
        return b"\x90\x00"

    def _take_keys(self, command: bytes) -> bytes:
        assert command[:4] == bytes.fromhex("84D80081")
        self.keys = _own_keys(bytes(range(10)))
        if self.cut_after_keys:
            raise DeviceAbsentError("the power went")
        parts = (self.keys.encryption, self.keys.mac, self.keys.data_encryption)
        checks = b"".join(check_value(key) for key in parts)
        return bytes([self.keys.version]) + checks + b"\x90\x00"


def _own_keys(diversification: bytes) -> CardManagerKeys:
    return diversify(bytes(range(32)), diversification, 0x20)


@pytest.mark.parametrize("cut", [False, True])
def test_keys_that_everybody_knows_give_way_to_the_cards_own(cut):
    card = Factory()
    card.cut_after_keys = cut
    data = _prepared(CardOptions())
    if cut:
        with pytest.raises(DeviceAbsentError):
            write_card(card, data, FACTORY_TEST_KEYS, STORE_DATA, _own_keys)
        assert not card.blocks
    written = write_card(card, data, FACTORY_TEST_KEYS, STORE_DATA, _own_keys)
    assert written.manager_keys == 0x20
    assert card.keys.encryption == _own_keys(bytes(range(10))).encryption
    assert card.blocks > 1


MANAGER = Command(0xA4, 0x04, 0x00, STORE_DATA.manager, expected=256)


def _opens(memory: dict[str, object], keys: CardManagerKeys) -> bool:
    """Whether a card given power anew takes these keys."""
    link = CardLink(Reader(memory, extended=False))
    link.send(MANAGER).require_ok("the manager")
    try:
        open_channel(link, replace(keys, version=0))
    except ChipError as error:
        if error.reason != "not_genuine":
            raise
        return False
    return True


def _keys_of(memory: dict[str, object]) -> CardManagerKeys:
    """The keys that an issuer derives for a card, from what the card says of itself."""
    initialize_update = bytes.fromhex("8050000008") + bytes(8) + b"\x00"
    answer = Reader(memory, extended=False).transmit(initialize_update)
    return _own_keys(answer[:10])


def _blank(applet: str, version: int) -> dict[str, object]:
    memory: dict[str, Any] = blank_chip(SERIAL, applet)
    memory["manager_keys"]["version"] = version
    return memory


@pytest.mark.parametrize("version", [0x01, 0xFF])
@pytest.mark.parametrize(("applet", "profile"), [("store_data", STORE_DATA), ("jmrtd", JMRTD)])
def test_an_issued_card_opens_with_its_own_keys_alone(applet, profile, version):
    """From blank to lock, with a signer and a trust point; the card knows nothing of our code."""
    memory = _blank(applet, version)
    assert _opens(memory, FACTORY_TEST_KEYS)
    reader = Reader(memory, extended=True)
    written = personalise(
        reader,
        HOLDER,
        CAN if profile.options.pace else "",
        country().document_signer,
        (country().trust_point.encode(),),
        FACTORY_TEST_KEYS,
        profile,
        today=TODAY,
        own_keys=_own_keys,
        atr=reader.atr,
    )
    assert written.manager_keys == 0x20
    again = Reader(memory, extended=True)
    verify_personalised(
        again,
        HOLDER,
        [Password.from_mrz_text(HOLDER.mrz.text())],
        country().trust,
        country().terminal(),
        today=TODAY,
        profile=profile,
        written=written,
        atr=again.atr,
    )
    assert _opens(memory, _keys_of(memory))
    assert not _opens(memory, FACTORY_TEST_KEYS)
    assert not _opens(memory, _own_keys(bytes(10)))


@pytest.mark.parametrize("size", [16, 24, 32])
def test_keys_of_a_factory_of_ones_own_give_way_too(size):
    given = CardManagerKeys(b"\x0a" * size, b"\x0b" * size, b"\x0c" * size)
    parts = (given.encryption.hex(), given.mac.hex(), given.data_encryption.hex())
    memory = blank_chip(SERIAL, keys=parts)
    data = _prepared(STORE_DATA.options)
    wrong = replace(given, data_encryption=b"\x0d" * size)
    with pytest.raises(ChipError) as error:
        write_card(Reader(memory, extended=True), data, wrong, STORE_DATA, _own_keys)
    assert error.value.reason == "refused"
    assert _opens(memory, given)
    write_card(Reader(memory, extended=True), data, given, STORE_DATA, _own_keys)
    assert _opens(memory, _keys_of(memory))
    assert not _opens(memory, given)


@pytest.mark.parametrize(("applet", "profile"), [("store_data", STORE_DATA), ("jmrtd", JMRTD)])
@pytest.mark.parametrize("version", [0x01, 0xFF])
@pytest.mark.parametrize("rewritten", [True, False])
@pytest.mark.parametrize("unheard", [True, False])
def test_own_keys_survive_a_power_cut_anywhere(applet, profile, version, rewritten, unheard):
    """After each cut the card has the old keys or its own, and the next attempt ends well."""
    data = _prepared(profile.options)

    def write(reader: Reader) -> WrittenCard:
        return write_card(reader, data, FACTORY_TEST_KEYS, profile, _own_keys, atr=reader.atr)

    whole = Reader(_blank(applet, version), extended=True)
    write(whole)
    found = []
    for commands in range(whole.commands):
        memory = _blank(applet, version)
        reader = Reader(memory, extended=True, commands=commands, unheard=unheard)
        with pytest.raises(DeviceAbsentError):
            write(reader)
        left = reader.saved if rewritten else memory
        own = _opens(left, _keys_of(left))
        assert own != _opens(left, FACTORY_TEST_KEYS)
        found.append(own)
        if left["locked"]:
            assert unheard
            assert commands == whole.commands - 1
            with pytest.raises(ChipError, match="already_personalised"):
                write(Reader(left, extended=True))
        else:
            assert write(Reader(left, extended=True)).manager_keys == 0x20
        assert left["locked"]
        assert _opens(left, _keys_of(left))
        assert not _opens(left, FACTORY_TEST_KEYS)
    assert found == sorted(found), "keys that were changed stay"
    assert set(found) == {True, False}
