"""Officers' cards: the PIV application, as a chip plays it and as a station speaks to it."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from hardware.simulation.chip import blank_chip, blank_officer_card, powered
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.officer_card import OfficerCard, PinAnswer, PinVerdict, padded
from tests.support.officer_cards import PIN, card_of, made_card

KEY = bytes.fromhex("A1" * 16)


def test_a_made_card_proves_its_certificate_and_signs():
    memory, certificate = made_card("lam")
    card = card_of(memory)
    assert card.certificate() == certificate
    assert card.verify(PIN) == PinAnswer(PinVerdict.RIGHT)
    signature = card.sign(b"a challenge")
    found = load_der_x509_certificate(certificate)
    key = found.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    key.verify(encode_dss_signature(r, s), b"a challenge", ec.ECDSA(SHA256()))
    assert found.subject.rfc4514_string() == "CN=lam"
    found.verify_directly_issued_by(found)


def test_the_card_counts_wrong_pins_over_power_and_blocks():
    memory, _ = made_card("lam")
    assert card_of(memory).tries_left() == 3
    assert card_of(memory).verify("111111") == PinAnswer(PinVerdict.WRONG, 2)
    card = card_of(memory)
    assert card.verify("111112") == PinAnswer(PinVerdict.WRONG, 1)
    assert card.verify("111113") == PinAnswer(PinVerdict.BLOCKED)
    assert card.verify(PIN) == PinAnswer(PinVerdict.BLOCKED)
    assert card.tries_left() == 0
    with pytest.raises(ChipError):
        card.sign(b"a challenge")


def test_the_right_pin_gives_the_tries_back():
    memory, _ = made_card("lam")
    assert card_of(memory).verify("111111").tries_left == 2
    card = card_of(memory)
    assert card.verify(PIN).verdict is PinVerdict.RIGHT
    assert card_of(memory).tries_left() == 3


def test_a_wrong_pin_takes_what_the_right_one_gave():
    memory, _ = made_card("lam")
    card = card_of(memory)
    card.verify(PIN)
    card.verify("111111")
    with pytest.raises(ChipError) as refused:
        card.sign(b"a challenge")
    assert refused.value.reason == "refused"


def test_what_is_no_pin_never_reaches_the_card():
    memory, _ = made_card("lam")
    for wrong in ("", "12345", "123456789", "12345a", "１２３４５６"):
        with pytest.raises(ValueError, match="6 to 8 digits"):
            card_of(memory).verify(wrong)
    assert card_of(memory).tries_left() == 3
    assert padded("123456") == b"123456\xff\xff"


def test_only_the_manager_writes():
    memory = blank_officer_card("00" * 8)
    card = card_of(memory)
    with pytest.raises(ChipError):
        card.generate_key()
    with pytest.raises(ChipError):
        card.open_manager(bytes(16))
    with pytest.raises(ChipError):
        card.put_certificate(b"\x30\x00")
    with pytest.raises(ChipError) as nothing:
        card.certificate()
    assert nothing.value.reason == "no_file"
    card.open_manager(KEY)
    card.generate_key()


def test_an_identity_card_is_no_officers_card():
    with pytest.raises(ChipError) as error:
        OfficerCard(powered(blank_chip("00" * 8), lambda: None))
    assert error.value.reason in {"no_file", "refused"}


def test_the_apdus_are_those_of_sp_800_73():
    """Literal bytes, so that client and chip cannot be wrong together."""
    memory, _ = made_card("lam")
    chip = powered(memory, lambda: None)
    select = bytes.fromhex("00A404000BA00000030800001000010000")
    assert chip.transmit(select)[-2:] == b"\x90\x00"
    assert chip.transmit(bytes.fromhex("0020008008313131313131FFFF")) == bytes.fromhex("63C2")
    pin = PIN.encode().ljust(8, b"\xff").hex()
    assert chip.transmit(bytes.fromhex("0020008008" + pin)) == b"\x90\x00"
    first = chip.transmit(bytes.fromhex("00CB3FFF055C035FC10500"))
    assert first[0] == 0x53
    assert first[-2] == 0x61
    sign = bytes.fromhex("0087119A267C2482008120") + bytes(32) + b"\x00"
    answer = chip.transmit(sign)
    assert (answer[0], answer[2], answer[-2:]) == (0x7C, 0x82, b"\x90\x00")
