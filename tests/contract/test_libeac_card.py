"""Our terminal against somebody else's card: OpenPACE's libeac3."""

from contextlib import suppress

import pytest

from hardware.smartcard.apdu import Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import pace
from hardware.smartcard.protocols.ciphers import Cipher
from hardware.smartcard.protocols.groups import standardized
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.security_infos import SecurityInfos, parse
from hardware.smartcard.tlv import build
from tests.support import libeac

pytestmark = pytest.mark.skipif(bool(libeac.why_missing()), reason=libeac.why_missing())

# The document of ICAO Doc 9303-11, Appendix D.2, as a TD1 card.
ZONE = "I<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
PASSWORDS = {
    "MRZ": (Password.from_mrz_text(ZONE), ZONE.encode(), libeac.MRZ),
    "CAN": (Password.can("123456"), b"123456", libeac.CAN),
    "PIN": (Password.pin("271828"), b"271828", libeac.PIN),
    "PUK": (Password.puk("3141592653"), b"3141592653", libeac.PUK),
}


def card_access(agreement: int, cipher: Cipher, parameter_id: int) -> bytes:
    """EF.CardAccess with one PACEInfo: agreement 1 is DH-GM, 2 is ECDH-GM."""
    oid = bytes.fromhex("04007F0007020204") + bytes((agreement, cipher.value))
    fields = build(0x06, oid) + build(2, b"\2") + build(2, bytes((parameter_id,)))
    return build(0x31, build(0x30, fields))


def open_session(
    told: bytes, secret: bytes, kind: int, password: Password
) -> tuple[CardLink, pace.PaceResult, libeac.LibeacCard]:
    card = libeac.LibeacCard(secret, kind, told)
    link = CardLink(card)
    infos: SecurityInfos = parse(told)
    try:
        return link, pace.run(link, infos.pace[0], password), card
    except ChipError:
        card.close()
        raise


def open_with_numbers(
    told: bytes,
) -> tuple[CardLink, pace.PaceResult, libeac.LibeacCard]:
    """Open a session; where Diffie-Hellman's secret began with zeros, the second one counts.

    libeac leaves them out, one time in 256; PKCS #3 (8.3) does not (decision 17).
    """
    with suppress(ChipError):
        return open_session(told, b"123456", libeac.CAN, Password.can("123456"))
    return open_session(told, b"123456", libeac.CAN, Password.can("123456"))


@pytest.mark.parametrize("parameter_id", range(8, 19))
@pytest.mark.parametrize("cipher", Cipher)
def test_generic_mapping_on_every_curve(parameter_id, cipher):
    told = card_access(2, cipher, parameter_id)
    link, result, card = open_session(told, b"123456", libeac.CAN, Password.can("123456"))
    # libeac leaves leading zeros out, though a field element has a fixed length (TR-03111, FE2OS).
    size = standardized(parameter_id).size
    assert standardized(parameter_id).compress(result.card_public) == card.comp.rjust(size, b"\0")
    for size in (1, 15, 16, 200):
        data = bytes(range(size))
        assert link.send(Command(0xCA, 0, 0, data, 256)).data == data
        assert link.send(Command(0xCB, 0, 0, data, 256)).data == data
    card.close()


@pytest.mark.parametrize("parameter_id", range(3))
@pytest.mark.parametrize("cipher", Cipher)
def test_generic_mapping_with_numbers(parameter_id, cipher):
    link, result, card = open_with_numbers(card_access(1, cipher, parameter_id))
    assert standardized(parameter_id).compress(result.card_public) == card.comp
    assert link.send(Command(0xCA, 0, 0, b"hello", 256)).data == b"hello"
    card.close()


@pytest.mark.parametrize("name", PASSWORDS)
def test_every_kind_of_password(name):
    password, secret, kind = PASSWORDS[name]
    told = card_access(2, Cipher.AES128, 12)
    link, _, card = open_session(told, secret, kind, password)
    assert link.send(Command(0xCA, 0, 0, b"hello", 256)).data == b"hello"
    card.close()


@pytest.mark.parametrize("parameter_id", [12, 13, 1])
def test_a_wrong_password_is_told(parameter_id):
    told = card_access(1 if parameter_id == 1 else 2, Cipher.AES256, parameter_id)
    with pytest.raises(ChipError) as caught:
        open_session(told, b"123456", libeac.CAN, Password.can("123457"))
    assert caught.value.reason == "wrong_password"
    assert caught.value.status_word == 0x6300


def test_a_long_file_under_secure_messaging():
    content = build(0x75, bytes(range(256)) * 64)

    def answer(header: bytes, _data: bytes) -> tuple[bytes, int]:
        offset = int.from_bytes(header[2:4], "big") if header[2] < 0x80 else 0
        return content[offset : offset + 223], 0x9000

    told = card_access(2, Cipher.AES256, 13)
    card = libeac.LibeacCard(b"123456", libeac.CAN, told, answer)
    link = CardLink(card)
    pace.run(link, parse(told).pace[0], Password.can("123456"))
    before = link.apdus
    assert link.read_file(0x0102) == content
    assert link.apdus - before == -(-len(content) // 223)
    card.close()
