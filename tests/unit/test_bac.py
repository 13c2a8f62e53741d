"""BAC says what ICAO's worked example prints; passwords are made of what is printed on a card."""

import pytest

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import bac
from hardware.smartcard.protocols.ciphers import Cipher, decrypt, derive_key, encrypt, mac, pad
from hardware.smartcard.protocols.password import Password, PasswordKind

H = bytes.fromhex
MRZ = Password.from_mrz("L898902C", "690806", "940623")
# ICAO Doc 9303-11, Appendix D.3 and D.4, and two file reads of D.4 joined to one reading
CHALLENGE = ("0084000008", "4608F919887022129000")
AUTHENTICATE = (
    "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
    "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
)
SELECT = (
    "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
    "990290008E08FA855A5D4C50A8ED9000",
)


class Script:
    takes_extended_length = False

    def __init__(self, *turns: tuple[str, str]) -> None:
        self.turns = list(turns)

    def transmit(self, command: bytes) -> bytes:
        expected, answer = self.turns.pop(0)
        assert command == H(expected)
        return H(answer)


def printed(size: int) -> bytes:
    """RND.IFD and K.IFD of Appendix D.3."""
    return {8: H("781723860C06C226"), 16: H("0B795240CB7049B01C19B33E32804F0B")}[size]


class Chip:
    """A chip that does BAC by the book, and can be made to err."""

    takes_extended_length = False

    def __init__(self, seed: bytes) -> None:
        self.keys = [derive_key(Cipher.TDES, seed, number) for number in (1, 2)]
        self.challenge = bytes(range(8))
        self.told = lambda rnd_ic, rnd_ifd: rnd_ic + rnd_ifd
        self.flip = b"\0"
        self.refusal = b"\x63\x00"

    def transmit(self, command: bytes) -> bytes:
        if command[1] == 0x84:
            return self.challenge + b"\x90\x00"
        hidden, seal = command[5:37], command[37:45]
        if mac(Cipher.TDES, self.keys[1], pad(hidden, 8)) != seal:
            return self.refusal
        sent = decrypt(Cipher.TDES, self.keys[0], hidden)
        answer = encrypt(Cipher.TDES, self.keys[0], self.told(sent[8:16], sent[:8]) + bytes(16))
        answer += mac(Cipher.TDES, self.keys[1], pad(answer, 8))
        return answer[:-1] + bytes((answer[-1] ^ self.flip[0],)) + b"\x90\x00"


def test_the_printed_example():
    link = CardLink(Script(CHALLENGE, AUTHENTICATE, SELECT))
    bac.run(link, MRZ, printed)
    link.select_file(0x011E)
    assert link.apdus == 3


def test_a_session_with_fresh_numbers():
    assert MRZ.bac_seed is not None
    link = CardLink(Chip(MRZ.bac_seed))
    bac.run(link, MRZ)
    assert link.session is not None


@pytest.mark.parametrize("answer", ["6300", "63C3", "6982", "6988", "6A80", "6F00"])
def test_a_wrong_zone_is_told(answer):
    chip = Chip(bytes(16))
    chip.refusal = H(answer)
    link = CardLink(chip)
    with pytest.raises(ChipError) as caught:
        bac.run(link, MRZ)
    assert caught.value.reason == "wrong_password"
    assert caught.value.status_word == int(answer, 16)
    assert link.session is None


@pytest.mark.parametrize("answer", ["6D00", "6985", "6700", "6E00"])
def test_a_chip_without_bac_refuses(answer):
    for turns in ((("0084000008", answer),), (CHALLENGE, (AUTHENTICATE[0], answer))):
        with pytest.raises(ChipError) as caught:
            bac.run(CardLink(Script(*turns)), MRZ, printed)
        assert caught.value.reason == "refused"


def test_a_chip_that_does_not_know_the_zone_is_not_genuine():
    assert MRZ.bac_seed is not None
    chip = Chip(MRZ.bac_seed)
    chip.flip = b"\1"
    with pytest.raises(ChipError) as caught:
        bac.run(CardLink(chip), MRZ)
    assert caught.value.reason == "not_genuine"
    chip = Chip(MRZ.bac_seed)
    chip.told = lambda rnd_ic, rnd_ifd: rnd_ifd + rnd_ic
    with pytest.raises(ChipError) as caught:
        bac.run(CardLink(chip), MRZ)
    assert caught.value.reason == "not_genuine"


@pytest.mark.parametrize(
    "turns",
    [
        (("0084000008", "9000"),),
        (("0084000008", "00" * 7 + "9000"),),
        (("0084000008", "00" * 9 + "9000"),),
        (CHALLENGE, (AUTHENTICATE[0], "9000")),
        (CHALLENGE, (AUTHENTICATE[0], "00" * 39 + "9000")),
        (CHALLENGE, (AUTHENTICATE[0], "00" * 41 + "9000")),
    ],
)
def test_answers_of_another_length_are_malformed(turns):
    with pytest.raises(ChipError, match="malformed"):
        bac.run(CardLink(Script(*turns)), MRZ, printed)


def test_bac_wants_the_zone():
    with pytest.raises(ValueError, match="zone"):
        bac.run(CardLink(Script()), Password.can("123456"))


@pytest.mark.parametrize(
    ("zone", "seed"),
    [
        # ICAO Doc 9303-11, Appendix D.2
        (
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL898902C<3UTO6908061F9406236<<<<<<<2",
            "239AB9CB282DAF66231DC5A4DF6BFBAE",
        ),
        (
            "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8",
            "B366AD857DDCA2B08C0E299811714730",
        ),
        (
            "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\n"
            "STEVENSON<<PETER<JOHN<<<<<<<<<",
            "B366AD857DDCA2B08C0E299811714730",
        ),
        (
            "I<UTOL898902C<3<<<<<<<<<<<<<<<\n6908061F9406236UTO<<<<<<<<<<<2\n"
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
            "239AB9CB282DAF66231DC5A4DF6BFBAE",
        ),
        (
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
            "L898902C<3UTO6908061F9406236ZE184226B<<<<<14",
            "239AB9CB282DAF66231DC5A4DF6BFBAE",
        ),
    ],
)
def test_the_printed_zones(zone, seed):
    for text in (zone, zone.replace("\n", ""), zone.replace("\n", "\r\n")):
        password = Password.from_mrz_text(text)
        assert password.bac_seed == H(seed)
        assert password.kind is PasswordKind.MRZ
        assert password.pace_secret[:16] == password.bac_seed
        assert len(password.pace_secret) == 20


def test_the_fields_of_a_zone():
    assert MRZ.pace_secret == H("239AB9CB282DAF66231DC5A4DF6BFBAEDF477565")
    assert Password.from_mrz("L898902C<", "690806", "940623") == MRZ
    long = Password.from_mrz("D23145890734", "340712", "950712")
    assert long.bac_seed == H("B366AD857DDCA2B08C0E299811714730")
    assert Password.from_mrz("L898902C", "69<<<<", "940623") != MRZ
    for number, birth, expiry in (
        ("", "690806", "940623"),
        ("l898902c", "690806", "940623"),
        ("L" * 23, "690806", "940623"),
        ("L898902C", "6908", "940623"),
        ("L898902C", "690806", "19940623"),
    ):
        with pytest.raises(ValueError, match=r"number|date"):
            Password.from_mrz(number, birth, expiry)


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "<" * 89,
        "I<UTOL898902C<4<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2" + "<" * 30,
        "I<UTOL898902C<3<<<<<<<<<<<<<<<6908062F9406236UTO<<<<<<<<<<<2" + "<" * 30,
        "I<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406237UTO<<<<<<<<<<<2" + "<" * 30,
        "i<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2" + "<" * 30,
        "<" * 90,
    ],
)
def test_other_texts_are_no_zone(zone):
    with pytest.raises(ValueError, match=r"zone|digit|number|date"):
        Password.from_mrz_text(zone)


def test_numbers_that_are_no_zone():
    assert Password.can("123456").pace_secret == b"123456"
    assert Password.can("123456").kind is PasswordKind.CAN
    assert Password.pin("12ab!").kind is PasswordKind.PIN
    assert Password.puk("1234567890").kind is PasswordKind.PUK
    assert Password.puk("1234567890").bac_seed is None
    for wrong in ("", "123", "12345a", "１２３４５６", "1" * 17):
        with pytest.raises(ValueError, match="digits"):
            Password.can(wrong)
    for wrong in ("", "123", "with blank", "1" * 33, "naïve"):
        with pytest.raises(ValueError, match="printable"):
            Password.pin(wrong)


def test_no_password_is_printed():
    assert "898902" not in repr(MRZ)
    assert "123456" not in repr(Password.can("123456"))
