"""Secure messaging says what the worked example prints, and ends with the first thing wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.apdu import Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import Cipher, encrypt, encrypt_block, mac, pad
from hardware.smartcard.protocols.secure_messaging import SecureMessaging
from hardware.smartcard.tlv import build, parse

H = bytes.fromhex
ENCRYPTION, MAC = H("979EC13B1CBFE9DCD01AB0FED307EAE5"), H("F1CB1F1FB5ADF208806B89DC579DC1F8")


def printed_session() -> SecureMessaging:
    """The session of ICAO Doc 9303-11, Appendix D.4."""
    return SecureMessaging(Cipher.TDES, ENCRYPTION, MAC, 0x887022120C06C226)


class Seals:
    """The chip's half, written out plainly with fresh contexts."""

    def __init__(self, cipher: Cipher) -> None:
        self.cipher = cipher
        self.encryption, self.mac = bytes(cipher.key_bytes), bytes(range(cipher.key_bytes))
        self.reader = SecureMessaging(cipher, self.encryption, self.mac)
        self.count = 0

    def answer(self, data: bytes, status: int = 0x9000, odd: bool = False) -> bytes:
        """Seal an answer to one command."""
        self.reader.wrap(Command(0xB1 if odd else 0xB0, 0, 0, expected=256))
        self.count += 2
        block = self.cipher.block
        count = self.count.to_bytes(block, "big")
        iv = None if block == 8 else encrypt_block(self.cipher, self.encryption, count)
        body = b""
        if data:
            hidden = encrypt(self.cipher, self.encryption, pad(data, block), iv)
            body = build(0x85, hidden) if odd else build(0x87, b"\1" + hidden)
        return self.seal(body + build(0x99, status.to_bytes(2, "big")), status)

    def seal(self, body: bytes, status: int = 0x9000) -> bytes:
        """Seal objects as they are."""
        count = self.count.to_bytes(self.cipher.block, "big")
        seal = mac(self.cipher, self.mac, count + pad(body, self.cipher.block))
        return body + build(0x8E, seal) + status.to_bytes(2, "big")


def test_the_printed_session():
    session = printed_session()
    select = session.wrap(Command(0xA4, 0x02, 0x0C, H("011E")))
    assert select == H("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800")
    answer = session.unwrap(H("990290008E08FA855A5D4C50A8ED9000"))
    assert (answer.data, answer.status_word) == (b"", 0x9000)
    assert session.wrap(Command(0xB0, 0, 0, expected=4)) == H(
        "0CB000000D9701048E08ED6705417E96BA5500"
    )
    answer = session.unwrap(H("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"))
    assert answer.data == H("60145F01")
    assert session.wrap(Command(0xB0, 0, 4, expected=0x12)) == H(
        "0CB000040D9701128E082EA28A70F3C7B53500"
    )
    answer = session.unwrap(
        H("871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000")
    )
    assert answer.data == H("04303130365F36063034303030305C026175")


@pytest.mark.parametrize("cipher", Cipher)
@pytest.mark.parametrize("size", [0, 1, 15, 16, 100, 223, 231, 16384, 65000])
def test_answers_of_every_size_are_opened(cipher, size):
    chip = Seals(cipher)
    for odd in (False, True):
        for status in (0x9000, 0x6282, 0x6A82):
            data = bytes(size)
            answer = chip.reader.unwrap(chip.answer(data, status, odd))
            assert (answer.data, answer.status_word) == (data, status)


@pytest.mark.parametrize("cipher", Cipher)
def test_commands_use_the_objects_of_their_instruction(cipher):
    chip = Seals(cipher)
    even = chip.reader.wrap(Command(0xA4, 4, 12, b"abc"))
    assert [e.tag for e in parse(even[5:-1])] == [0x87, 0x8E]
    chip.reader._counter += 1
    odd = chip.reader.wrap(Command(0xB1, 0, 0, b"abc", 256))
    assert [e.tag for e in parse(odd[5:-1])] == [0x85, 0x97, 0x8E]
    assert odd[0] == 0x0C
    assert parse(odd[5:-1])[1].value == b"\0"
    chained = chip.reader.wrap(Command(0x2A, 0, 0xBE, bytes(200), None, 0x10))
    assert chained[0] == 0x1C
    long = chip.reader.wrap(Command(0xB0, 0, 0, expected=65536), extended=True)
    assert long[4:7] == b"\0" + (len(long) - 9).to_bytes(2, "big")
    assert long[-2:] == b"\0\0"
    assert parse(long[7:-2])[0].value == b"\0\0"


@pytest.mark.parametrize(("cipher", "most"), [(Cipher.TDES, 231), (Cipher.AES256, 223)])
def test_the_longest_that_fits_a_short_command_and_answer(cipher, most):
    chip = Seals(cipher)
    assert chip.reader.longest_answer() == most
    assert len(chip.answer(bytes(most))) - 2 <= 256 < len(chip.answer(bytes(most + 1))) - 2
    assert chip.reader.longest_data() == most
    assert chip.reader.wrap(Command(0xD6, 0, 0, bytes(most), 256))
    with pytest.raises(ValueError, match="fit"):
        chip.reader.wrap(Command(0xD6, 0, 0, bytes(most + 1), 256))


@pytest.mark.parametrize("cipher", Cipher)
@pytest.mark.parametrize("limit", [16, 60, 200, 1000, 4096, 65536])
def test_the_longest_answer_fits_its_limit_and_no_more_would(cipher, limit):
    chip = Seals(cipher)
    most = chip.reader.longest_answer(limit)
    if most:
        assert len(chip.answer(bytes(most))) - 2 <= limit
    assert len(chip.answer(bytes(most + 1))) - 2 > limit


@pytest.mark.parametrize("cipher", Cipher)
def test_every_flipped_bit_ends_the_session(cipher):
    whole = Seals(cipher).answer(b"secret")
    for at in range(len(whole) * 8):
        chip = Seals(cipher)
        broken = bytearray(chip.answer(b"secret"))
        broken[at // 8] ^= 1 << at % 8
        with pytest.raises(ChipError, match="session_lost") as caught:
            chip.reader.unwrap(bytes(broken))
        assert caught.value.reason == "session_lost"
        with pytest.raises(ChipError, match="over"):
            chip.reader.wrap(Command(0xB0, 0, 0, expected=1))


@pytest.mark.parametrize("answer", ["", "90", "9000", "6987", "6988", "6A82", "AABB9000"])
def test_an_answer_without_seal_ends_the_session(answer):
    chip = Seals(Cipher.AES128)
    chip.answer(b"")
    with pytest.raises(ChipError, match="session_lost") as caught:
        chip.reader.unwrap(H(answer))
    if len(answer) == 4:
        assert caught.value.status_word == int(answer, 16)


def test_objects_out_of_order_end_the_session_though_well_sealed():
    hidden = build(0x87, b"\1" + bytes(16))
    status = build(0x99, b"\x90\0")
    for body in (
        status + hidden,
        hidden + hidden + status,
        build(0x81, b"bare") + status,
        build(0x87, b"\2" + bytes(16)) + status,
        build(0x87, b"") + status,
        build(0x87, b"\1" + bytes(15)) + status,
        build(0x99, b"\x90"),
        build(0x99, b"\x62\x82"),
        hidden,
        b"",
    ):
        chip = Seals(Cipher.AES128)
        chip.answer(b"")
        with pytest.raises(ChipError) as caught:
            chip.reader.unwrap(chip.seal(body))
        assert caught.value.reason == "session_lost"


def test_an_old_answer_does_not_count_twice():
    chip = Seals(Cipher.AES128)
    answer = chip.answer(b"first")
    chip.reader.unwrap(answer)
    chip.reader.wrap(Command(0xB0, 0, 0, expected=5))
    with pytest.raises(ChipError, match="seal"):
        chip.reader.unwrap(answer)


def test_bytes_that_look_like_a_seal_inside_the_data_change_nothing():
    chip = Seals(Cipher.AES128)
    data = H("8E080102030405060708990290008E08") * 9
    assert chip.reader.unwrap(chip.answer(data)).data == data


@given(st.binary(max_size=300))
def test_whatever_a_chip_answers_the_session_ends_in_order(noise):
    chip = Seals(Cipher.AES128)
    chip.answer(b"")
    with pytest.raises(ChipError) as caught:
        chip.reader.unwrap(noise)
    assert caught.value.reason == "session_lost"


@given(st.binary(max_size=60))
def test_whatever_is_sealed_is_opened_or_refused(body):
    chip = Seals(Cipher.TDES)
    chip.answer(b"")
    with pytest.raises(ChipError) as caught:
        chip.reader.unwrap(chip.seal(body))
    assert caught.value.reason == "session_lost"
