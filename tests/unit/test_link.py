"""A link reads files in the fewest commands that a card allows, bare and protected."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.core.errors import DeviceAbsentError
from hardware.smartcard.apdu import SW, Command, Response
from hardware.smartcard.card_limits import Limits, of_atr, of_atr_info
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.ciphers import Cipher, decrypt, encrypt, encrypt_block, mac, pad
from hardware.smartcard.protocols.ciphers import unpad as without_padding
from hardware.smartcard.protocols.secure_messaging import SecureMessaging
from hardware.smartcard.tlv import build, parse, parse_one

H = bytes.fromhex
KEY, SEAL = bytes(range(16)), bytes(range(16, 32))
EXTENDED = H("3B868001" + "807300214000" + "00")
"""An answer to reset whose card capabilities announce extended length."""


def word(status: int) -> bytes:
    return status.to_bytes(2, "big")


def content(size: int, tag: int = 0x75) -> bytes:
    """A file of exactly so many bytes, none like its neighbours."""
    head = 2 if size < 0x82 else 3 if size < 0x103 else 4
    inside = (bytes(range(251)) * (size // 251 + 1))[: size - head]
    whole = build(tag, inside)
    assert len(whole) == size
    return whole


class FileCard:
    """A card with files, and with the whims that cards have. It can speak protected."""

    def __init__(self, files: dict[int, bytes], **whims: object) -> None:
        self.files = files
        self.takes_extended_length = bool(whims.get("extended", False))
        self.knows_short = bool(whims.get("short", True))
        self.unknown_word = int(str(whims.get("unknown", int(SW.FILE_NOT_FOUND))))
        self.most = int(str(whims.get("most", 65536)))
        self.refuses_most = bool(whims.get("refuses", False))
        self.exact = bool(whims.get("exact", False))
        self.says_end = bool(whims.get("end", False))
        self.holds_back = bool(whims.get("holds", False))
        self.current: bytes | None = None
        self.log: list[bytes] = []
        self.chained = b""
        self.sealed: bool = False
        self.count = 0
        self.rest = b""

    def transmit(self, command: bytes) -> bytes:
        self.log.append(command)
        if command[1] == 0xC0:
            return self._more(command[4] or 256)
        header, data, expected = self._taken_apart(command)
        if not header[0] & 0x0C:
            answer = self._whole(header, data, expected)
        else:
            answer = self._protected(header, data)
        if self.holds_back and len(answer) > 2:
            self.rest = answer
            return word(0x6100 | min(len(answer) - 2, 256) & 0xFF)
        return answer

    def _more(self, size: int) -> bytes:
        data, status = self.rest[:-2], self.rest[-2:]
        self.rest = data[size:] + status
        left = len(data) - size
        return data[:size] + (word(0x6100 | min(left, 256) & 0xFF) if left > 0 else status)

    @staticmethod
    def _taken_apart(command: bytes) -> tuple[bytes, bytes, int]:
        header, body = command[:4], command[4:]
        if len(body) <= 1:
            return header, b"", (body[0] or 256) if body else 0
        if body[0]:
            data = body[1 : 1 + body[0]]
            tail = body[1 + body[0] :]
            assert len(data) == body[0]
            assert len(tail) <= 1
            return header, data, (tail[0] or 256) if tail else 0
        if len(body) == 3:
            return header, b"", int.from_bytes(body[1:], "big") or 65536
        size = int.from_bytes(body[1:3], "big")
        data, tail = body[3 : 3 + size], body[3 + size :]
        assert len(data) == size
        return header, data, (int.from_bytes(tail, "big") or 65536) if tail else 0

    def _whole(self, header: bytes, data: bytes, expected: int) -> bytes:
        if header[0] & 0x10 and header[1] != 0x86:
            self.chained += data
            return word(SW.OK)
        data, self.chained = self.chained + data, b""
        answer = self.answer(header, data, expected)
        assert len(answer) - 2 <= (expected or 0) or header[1] == 0xCA
        return answer

    def _protected(self, header: bytes, data: bytes) -> bytes:
        self.count += 1
        elements = {element.tag: element.value for element in parse(data)}
        told = pad(header, 16) + (pad(data[:-10], 16) if len(data) > 10 else b"")
        count = self.count.to_bytes(16, "big")
        if mac(Cipher.AES128, SEAL, count + told) != elements[0x8E]:
            return word(SW.PROTECTION_WRONG)
        hidden = elements.get(0x87, b"\1")[1:] or elements.get(0x85, b"")
        iv = encrypt_block(Cipher.AES128, KEY, count)
        bare = without_padding(decrypt(Cipher.AES128, KEY, hidden, iv)) if hidden else b""
        length = elements.get(0x97, b"")
        expected = (int.from_bytes(length, "big") or 1 << 8 * len(length)) if length else 0
        answer = self._whole(bytes((header[0] & 0xF3,)) + header[1:], bare, expected)
        self.count += 1
        count = self.count.to_bytes(16, "big")
        body = b""
        if len(answer) > 2:
            iv = encrypt_block(Cipher.AES128, KEY, count)
            hidden = encrypt(Cipher.AES128, KEY, pad(answer[:-2], 16), iv)
            body = build(0x85, hidden) if header[1] & 1 else build(0x87, b"\1" + hidden)
        body += build(0x99, answer[-2:])
        return body + build(0x8E, mac(Cipher.AES128, SEAL, count + pad(body, 16))) + answer[-2:]

    def answer(self, header: bytes, data: bytes, expected: int) -> bytes:
        """Answer one bare command."""
        instruction, place = header[1], int.from_bytes(header[2:4], "big")
        if instruction == 0xA4:
            self.current = None if header[2] == 4 else self.files.get(int.from_bytes(data, "big"))
            found = header[2] == 4 or self.current is not None
            return word(SW.OK if found else SW.FILE_NOT_FOUND)
        if instruction == 0xCA:
            return data + word(SW.OK)
        if instruction == 0xB1:
            offset = int.from_bytes(parse_one(data, 0x54), "big")
            room = expected - (2 if expected < 130 else 3 if expected < 259 else 4)
            told = self.piece(offset, room)
            return build(0x53, told[:-2]) + told[-2:] if len(told) > 2 else told
        if place & 0x8000:
            if not self.knows_short:
                return word(self.unknown_word)
            found_file = self._by_short(header[2] & 0x1F)
            if found_file is None:
                return word(SW.FILE_NOT_FOUND)
            self.current, place = found_file, header[3]
        return self.piece(place, expected)

    def _by_short(self, short: int) -> bytes | None:
        return next((data for fid, data in self.files.items() if fid & 0x1F == short), None)

    def piece(self, offset: int, expected: int) -> bytes:
        """Read the current file."""
        if self.current is None:
            return word(SW.NO_CURRENT_FILE)
        if offset >= len(self.current):
            return word(SW.OUTSIDE_FILE)
        if self.refuses_most and expected > self.most:
            return word(SW.WRONG_LENGTH)
        left = len(self.current) - offset
        if self.exact and expected > left:
            return word(0x6C00 | left & 0xFF) if left < 256 else word(SW.WRONG_LENGTH)
        data = self.current[offset : offset + min(expected, self.most)]
        ends = self.says_end and expected > left
        return data + word(SW.END_OF_FILE if ends else SW.OK)


def protected(link: CardLink) -> CardLink:
    link.session = SecureMessaging(Cipher.AES128, KEY, SEAL)
    return link


@pytest.mark.parametrize("end", [False, True])
@pytest.mark.parametrize("size", [2, 24, 90, 222, 223, 224, 256, 257, 1000, 16384, 32767])
def test_short_reads_take_no_command_too_many(size, end):
    files = {0x0102: content(size)}
    link = CardLink(FileCard(files, end=end))
    assert link.read_file(0x0102) == files[0x0102]
    assert link.apdus == -(-size // 256)
    link = protected(CardLink(FileCard(files, end=end)))
    assert link.read_file(0x0102) == files[0x0102]
    assert link.apdus == -(-size // 223)


@pytest.mark.parametrize("size", [24, 257, 16384, 32767, 40000, 65000])
def test_a_file_is_one_command_where_extended_length_passes(size):
    files = {0x0102: content(size)}
    for link in (
        CardLink(FileCard(files, extended=True), EXTENDED),
        protected(CardLink(FileCard(files, extended=True), EXTENDED)),
    ):
        assert link.takes_extended_length
        assert link.read_file(0x0102) == files[0x0102]
        assert link.apdus == 1


@pytest.mark.parametrize("size", [32768, 32769, 40000, 65535])
@pytest.mark.parametrize("is_protected", [False, True])
def test_beyond_32_kib_the_offset_travels_as_data(size, is_protected):
    card = FileCard({0x0102: content(size)})
    link = protected(CardLink(card)) if is_protected else CardLink(card)
    assert link.read_file(0x0102) == card.files[0x0102]
    if size != 32769:  # one byte over: it depends on the step that leads there
        assert any(sent[1] == 0xB1 for sent in card.log) == (size > 32768)


@pytest.mark.parametrize("most", [4096, 1000])
def test_a_card_that_gives_less_at_a_time_is_asked_again(most):
    files = {0x0102: content(16384), 0x010F: content(5000, 0x6F)}
    card = FileCard(files, extended=True, most=most)
    link = protected(CardLink(card, EXTENDED))
    for fid, data in files.items():
        assert link.read_file(fid) == data
    assert link.apdus == -(-16384 // most) + -(-5000 // most)


@pytest.mark.parametrize("most", [200, 192, 140, 100, 64])
@pytest.mark.parametrize("is_protected", [False, True])
def test_a_card_that_refuses_long_answers_is_asked_for_less(most, is_protected):
    files = {0x0102: content(3000), 0x010F: content(2000, 0x6F)}
    link = CardLink(FileCard(files, most=most, refuses=True))
    if is_protected:
        protected(link)
    for fid, data in files.items():
        assert link.read_file(fid) == data
    step = max(size for size in (192, 128, 64) if size <= most)
    assert link.apdus <= -(-3000 // step) + -(-2000 // step) + 6


def test_a_card_that_gives_almost_nothing_is_not_read_to_the_end():
    link = CardLink(FileCard({0x0102: content(3000)}, most=5))
    with pytest.raises(ChipError, match="ends early"):
        link.read_file(0x0102)
    assert link.apdus < 5
    link = CardLink(FileCard({0x0102: content(3000)}, most=40, refuses=True))
    with pytest.raises(ChipError, match="refused"):
        link.read_file(0x0102)


@pytest.mark.parametrize("size", [3, 24, 90, 300, 700])
@pytest.mark.parametrize("is_protected", [False, True])
def test_a_card_that_wants_the_exact_length_is_told_it(size, is_protected):
    card = FileCard({0x0101: content(size, 0x61)}, exact=True)
    link = protected(CardLink(card)) if is_protected else CardLink(card)
    assert link.read_file(0x0101) == card.files[0x0101]


class Strict(FileCard):
    """A card that finds a length wrong which is longer than what is left of the file."""

    def piece(self, offset: int, expected: int) -> bytes:
        if self.current is not None and expected > len(self.current) - offset:
            return word(SW.WRONG_LENGTH)
        return super().piece(offset, expected)


@pytest.mark.parametrize("is_protected", [False, True])
def test_a_card_that_must_not_be_asked_for_too_much_is_asked_for_the_head_first(is_protected):
    files = {0x011E: content(24, 0x60), 0x0101: content(95, 0x61), 0x0102: content(600)}
    link = CardLink(Strict(files))
    if is_protected:
        protected(link)
    before, spent = 0, []
    for fid, data in files.items():
        assert link.read_file(fid) == data
        spent.append(link.apdus - before)
        before = link.apdus
    assert spent == [3, 2, 1 + -(-594 // (223 if is_protected else 256))]


@pytest.mark.parametrize("is_protected", [False, True])
def test_what_the_card_holds_back_is_fetched(is_protected):
    card = FileCard({0x0102: content(1000)}, holds=True, most=600, extended=True)
    link = protected(CardLink(card, EXTENDED)) if is_protected else CardLink(card, EXTENDED)
    assert link.read_file(0x0102) == card.files[0x0102]
    assert {sent[0] for sent in card.log if sent[1] == 0xC0} == {0x00}


UNKNOWN = [0x6986, 0x6A80, 0x6A81, 0x6A82, 0x6A86, 0x6A88, 0x6B00, 0x6D00]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_a_card_without_short_identifiers_is_asked_once(unknown):
    files = {0x011E: content(24, 0x60), 0x0101: content(95, 0x61)}
    card = FileCard(files, short=False, unknown=unknown)
    link = protected(CardLink(card))
    for fid, data in files.items():
        assert link.read_file(fid) == data
    assert link.apdus == 5
    link.select_application(H("A0000002471001"))
    assert link.read_file(0x011E) == files[0x011E]
    assert link.apdus == 9


@pytest.mark.parametrize("short", [True, False])
def test_an_absent_file_is_told(short):
    card = FileCard({0x011E: content(24, 0x60)}, short=short)
    link = protected(CardLink(card))
    with pytest.raises(ChipError) as caught:
        link.read_file(0x010D)
    assert caught.value.reason == "no_file"
    assert link.session is not None
    assert link.read_file(0x011E) == card.files[0x011E]
    before = link.apdus
    with pytest.raises(ChipError, match="no_file"):
        link.read_file(0x010D)
    assert link.apdus - before == 1


def test_a_file_that_may_not_be_read_is_refused():
    for status in (SW.SECURITY_NOT_SATISFIED, SW.CONDITIONS_NOT_SATISFIED, 0x6F00):
        card = FileCard({}, short=False, unknown=int(status))
        link = CardLink(card)
        with pytest.raises(ChipError) as caught:
            link.read_file(0x0103)
        assert (caught.value.reason, caught.value.status_word) == ("refused", status)
        assert link.apdus == 1


def test_other_identifiers_are_selected():
    card = FileCard({0x2F01: content(30), 0x0102: content(30)})
    link = CardLink(card)
    link.read_file(0x2F01)
    link.read_file(0x0102, 0)
    assert [sent[1] for sent in card.log] == [0xA4, 0xB0, 0xA4, 0xB0]
    link.select_file(0x0102)
    with pytest.raises(ChipError, match="no_file"):
        link.select_file(0x0103)


@pytest.mark.parametrize(
    "data", ["75", "7582", "758201", "75830FFFFF" + "00" * 20, "7582010000", "7580", "1F8080800100"]
)
def test_files_that_say_nonsense_are_malformed(data):
    with pytest.raises(ChipError) as caught:
        CardLink(FileCard({0x0102: H(data)})).read_file(0x0102)
    assert caught.value.reason == "malformed"


def test_long_data_go_in_a_chain():
    data = bytes(range(256)) * 3
    for is_protected in (False, True):
        card = FileCard({})
        link = protected(CardLink(card)) if is_protected else CardLink(card)
        assert link.send(Command(0xCA, 0, 0, data, 256)).data == data
        assert len(card.log) == 4
        assert [sent[0] & 0x10 for sent in card.log] == [0x10] * (len(card.log) - 1) + [0]
    link = protected(CardLink(FileCard({}, extended=True), EXTENDED))
    assert link.send(Command(0xCA, 0, 0, data, 65536)).data == data
    assert link.apdus == 1


class Refuser:
    takes_extended_length = True

    def __init__(self, *answers: str) -> None:
        self.answers = [H(answer) for answer in answers]
        self.log: list[bytes] = []

    def transmit(self, command: bytes) -> bytes:
        self.log.append(command)
        return self.answers.pop(0) if self.answers else b""


def test_a_broken_chain_ends_it():
    chip = Refuser("9000", "6A84")
    assert CardLink(chip).send(Command(0xD6, 0, 0, bytes(1000))).status_word == SW.NO_SPACE
    assert len(chip.log) == 2


@pytest.mark.parametrize("answer", ["6987", "6988", "6982", "9000", "6A82", "00" * 20 + "9000"])
def test_an_answer_without_seal_ends_the_session(answer):
    link = protected(CardLink(Refuser(answer)))
    with pytest.raises(ChipError) as caught:
        link.read_file(0x0101)
    assert caught.value.reason == "session_lost"
    assert caught.value.status_word == int(answer[-4:], 16)
    assert link.session is None


def test_a_torn_card_ends_the_session():
    class Torn:
        takes_extended_length = False

        def transmit(self, command: bytes) -> bytes:
            raise DeviceAbsentError(f"gone after {len(command)} bytes")

    link = protected(CardLink(Torn()))
    with pytest.raises(DeviceAbsentError):
        link.read_file(0x0101)
    assert link.session is None


@pytest.mark.parametrize("answer", ["", "90", "6C01", "6101", "AA6100"])
def test_a_chip_that_never_says_what_it_means(answer):
    class Stubborn:
        takes_extended_length = False

        def transmit(self, command: bytes) -> bytes:
            assert command
            return H(answer)

    with pytest.raises(ChipError, match="malformed"):
        CardLink(Stubborn()).send(Command(0xB0, 0, 0, expected=256))


def test_answers_are_gathered_in_the_class_of_the_command():
    chip = Refuser("6103", "AABB6101", "6C01", "CC9000")
    link = CardLink(chip)
    assert link.send(Command(0xCA, 0x9F, 0x7F, expected=256, cla=0x80)).data == H("AABBCC")
    assert [sent.hex().upper() for sent in chip.log] == [
        "80CA9F7F00",
        "80C0000003",
        "80C0000001",
        "80C0000001",
    ]
    assert link.apdus == 4


def test_a_wrong_length_is_corrected_once():
    chip = Refuser("6C03", "0102039000")
    assert CardLink(chip).send(Command(0xB1, 0, 0, b"\x54\x01\x00", 12)).data == b"\1\2\3"
    assert chip.log[1] == H("00B100000354010003")


def test_a_card_that_insists_on_telling_about_its_application():
    chip = Refuser("6A86", "6F009000")
    CardLink(chip).select_application(H("A0000002471001"))
    assert chip.log[1] == H("00A4040007A000000247100100")


CHAIN_ONLY, ALL, ALL_IN_FILE = (
    H("3B868001807300218000" + "00"),
    EXTENDED,
    H("3B8680018073002160" + "0000"),
)


@pytest.mark.parametrize(
    ("atr", "limits"),
    [
        (b"", Limits()),
        (H("3B"), Limits()),
        (H("3B00"), Limits()),
        (H("3BFF"), Limits()),
        (H("3B8580018073C021C0" + "9F"), Limits(65535, 65536, False)),
        (EXTENDED, Limits(65535, 65536, False)),
        (ALL_IN_FILE, Limits(65535, 65536, True)),
        (CHAIN_ONLY, Limits(are_in_file=False)),
        (H("3B88800131B8738401E08290009F"), Limits()),
        (H("3B8980018031B87384 01E0829000".replace(" ", "")), Limits(65535, 65536, True)),
        (H("3BF81300008131FE454A434F5076323431B7"), Limits()),
        (H("3B868001F07300214000" + "00"), Limits()),
    ],
)
def test_what_an_answer_to_reset_announces(atr, limits):
    assert of_atr(atr) == limits


def test_what_the_information_file_announces():
    told = build(0x47, H("942160")) + build(0x7F66, build(2, H("1000")) + build(2, H("2000")))
    assert of_atr_info(told, Limits()) == Limits(0x1000 - 9, 0x2000 - 2, False)
    assert of_atr_info(b"\x43\x01\xb8" + told + H("7F2110"), Limits()).answer == 0x2000 - 2
    assert of_atr_info(build(0x47, H("942100")), Limits()) == Limits(are_in_file=False)
    big = Limits(65535, 65536)
    assert of_atr_info(b"", big) == Limits(65535, 65536, False)
    small = build(0x7F66, build(2, H("0100")) + build(2, H("0100")))
    assert of_atr_info(small, Limits()) == Limits(are_in_file=False)


def test_limits_are_learnt_where_the_card_and_the_reader_need_them():
    info = build(0x47, H("942160")) + build(0x7F66, build(2, H("0400")) + build(2, H("0800")))
    files = {0x2F01: info, 0x0102: content(16384)}
    link = CardLink(FileCard(files, extended=True), ALL_IN_FILE)
    link.learn_limits()
    link.learn_limits()
    assert link.apdus == 1
    assert link.longest_answer == 0x0800 - 2
    protected(link)
    assert link.read_file(0x0102) == files[0x0102]
    assert link.apdus == 1 + -(-16384 // 2015)
    for link in (CardLink(FileCard(files), ALL_IN_FILE), CardLink(FileCard(files), EXTENDED)):
        link.learn_limits()
        assert (link.apdus, link.longest_answer, link.takes_extended_length) == (0, 256, False)
    link = CardLink(FileCard({}, extended=True))
    link.learn_limits()
    assert (link.apdus, link.longest_answer) == (2, 256)


def test_a_caller_may_ask_for_shorter_answers():
    card = FileCard({0x0102: content(1000)}, extended=True)
    link = protected(CardLink(card, EXTENDED))
    link.longest_answer = 256
    assert link.read_file(0x0102) == card.files[0x0102]
    assert link.apdus == 5


class Babbler:
    """A chip that answers anything, and then nothing but nonsense."""

    def __init__(self, answers: Iterable[bytes], extended: bool) -> None:
        self.answers = iter(answers)
        self.takes_extended_length = extended
        self.asked = 0

    def transmit(self, command: bytes) -> bytes:
        self.asked += 1
        assert command
        assert self.asked < 3000
        return next(self.answers, b"\x6f\x00")


STATUS = st.sampled_from([0x9000, 0x6282, 0x6110, 0x6C10, 0x6700, 0x6A82, 0x6B00, 0x6987])
ANSWER = st.builds(
    lambda head, data, status: head + data + word(status),
    st.sampled_from([b"", b"\x75\x82\x01\x00", b"\x75\x82\xff\xf0", b"\x53\x10", b"\x87\x11\x01"]),
    st.binary(max_size=40),
    STATUS,
)


@settings(deadline=None)
@given(
    answers=st.lists(st.one_of(ANSWER, st.binary(max_size=20)), max_size=20),
    is_protected=st.booleans(),
    extended=st.booleans(),
    atr=st.binary(max_size=33),
)
def test_whatever_a_chip_answers(answers, is_protected, extended, atr):
    chip = Babbler(answers, extended)
    link = CardLink(chip, atr)
    if is_protected:
        protected(link)
    for act in (link.learn_limits, lambda: link.read_file(0x0102), lambda: link.read_file(0x0101)):
        try:
            assert act() is None or len(act() or b"") < 65536
        except ChipError as error:
            assert error.reason in ("malformed", "refused", "no_file", "session_lost")  # noqa: PT017
    assert isinstance(Response(b"", 0x9000), Response)
    assert of_atr(atr).answer in (256, 65536)


@given(st.binary(max_size=100))
def test_whatever_the_information_file_says(told):
    limits = of_atr_info(told, Limits())
    assert 247 < limits.command <= 65535
    assert 254 < limits.answer <= 65536


@settings(deadline=None, max_examples=40)
@given(
    size=st.integers(4, 65535),
    most=st.integers(64, 70000),
    refuses=st.booleans(),
    exact=st.booleans(),
    end=st.booleans(),
    short=st.booleans(),
    extended=st.booleans(),
    is_protected=st.booleans(),
)
def test_whatever_a_cards_whims_the_file_is_read(
    size, most, refuses, exact, end, short, extended, is_protected
):
    if size in (0x82, 0x103):
        size += 1
    whims = {"most": most, "refuses": refuses, "exact": exact, "end": end, "short": short}
    card = FileCard({0x0102: content(size)}, extended=extended, **whims)
    link = CardLink(card, EXTENDED)
    if is_protected:
        protected(link)
    assert link.read_file(0x0102) == card.files[0x0102]
