"""Chip Authentication: against the simulated chip, and against chips of other kinds by hand."""

from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hardware.simulation.chip import SimulatedChip, cloned
from hardware.smartcard import tlv
from hardware.smartcard.apdu import Command, Response
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import bac, chip_authentication, pace
from hardware.smartcard.protocols.chip_authentication import choose
from hardware.smartcard.protocols.ciphers import Cipher, derive_key
from hardware.smartcard.protocols.groups import Group, of_public_key_info, standardized
from hardware.smartcard.protocols.modp import NumberGroup
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.secure_messaging import SecureMessaging
from hardware.smartcard.protocols.security_infos import (
    ChipAuthenticationInfo,
    ChipKey,
    SecurityInfos,
    parse,
)
from tests.support.chips import CAN, GROUP_1, ZONE, issued_chip, powered, public_info

APPLICATION = bytes.fromhex("A0000002471001")


def opened(chip: SimulatedChip, *, with_bac: bool = False) -> tuple[CardLink, SecurityInfos]:
    link = CardLink(chip, chip.atr)
    if with_bac:
        link.select_application(APPLICATION)
        bac.run(link, Password.from_mrz_text(ZONE))
    else:
        info = pace.choose(parse(link.read_file(0x011C)))
        assert info is not None
        pace.run(link, info, Password.can(CAN))
        link.select_application(APPLICATION)
    return link, parse(link.read_file(0x010E))


@pytest.mark.parametrize("with_bac", [False, True])
@pytest.mark.parametrize("suite", [1, 2, 3, 4])
@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.BrainpoolP256R1(), ec.SECP521R1()])
def test_the_session_goes_on_under_new_keys(curve, suite, with_bac):
    memory = issued_chip(agreement=((curve, None),), agreement_suites=(suite,))
    link, infos = opened(powered(memory), with_bac=with_bac)
    before, session = link.apdus, link.session
    result = chip_authentication.run(link, choose(infos))
    assert link.apdus - before == (1 if suite == 1 else 2)
    assert link.session is not session
    assert result.info.cipher is Cipher(suite)
    assert link.read_file(0x0101) == GROUP_1


def test_the_strongest_cipher_is_chosen():
    link, infos = opened(powered(issued_chip(agreement_suites=(1, 3, 4, 2))))
    assert chip_authentication.run(link, choose(infos)).info.cipher is Cipher.AES256
    assert link.read_file(0x0101) == GROUP_1


def test_one_of_several_keys_is_named():
    curves = ((ec.SECP256R1(), 7), (ec.SECP384R1(), 300), (ec.BrainpoolP256R1(), 9))
    link, infos = opened(powered(issued_chip(agreement=curves, agreement_suites=(2,))))
    offer = choose(infos)
    assert (offer.group.size, offer.reference.hex()) == (48, "8402012c")
    chip_authentication.run(link, offer)
    assert link.read_file(0x0101) == GROUP_1


@pytest.mark.parametrize("suite", [1, 2])
def test_a_clone_is_lost_with_the_next_exchange(suite):
    link, infos = opened(powered(cloned(issued_chip(agreement_suites=(suite,)))))
    chip_authentication.run(link, choose(infos))
    with pytest.raises(ChipError) as caught:
        link.read_file(0x0101)
    assert caught.value.reason == "session_lost"
    assert link.session is None


def test_a_refusal_is_no_proof():
    link, infos = opened(powered(issued_chip(agreement_keys=[])))
    with pytest.raises(ChipError) as caught:
        chip_authentication.run(link, choose(infos))
    assert caught.value.reason == "not_genuine"
    assert link.read_file(0x0101) == GROUP_1


def test_a_key_alone_means_version_1_with_3des():
    """ICAO Doc 9303-11, 9.2.5."""
    memory = issued_chip(agreement_suites=())
    link, infos = opened(powered(memory))
    offer = choose(infos)
    assert (offer.info.version, offer.info.cipher) == (1, Cipher.TDES)
    assert offer.info.oid.hex() == "04007f00070202030201"
    chip_authentication.run(link, offer)
    assert link.read_file(0x0101) == GROUP_1


class ChipOfAnotherKind:
    """The chip's side of one run, in the clear: DH, version 2, 3DES with two commands."""

    def __init__(
        self,
        group: Group,
        cipher: Cipher,
        *,
        version: int = 1,
        knows_agreement_template: bool = True,
        nonce: bytes = bytes(range(16)),
        token: bytes | None = None,
    ) -> None:
        self.pair = group.generate()
        self.group = group
        self.session: SecureMessaging | None = None
        self.keys = b""
        self.sent: list[int] = []
        self._cipher = cipher
        self._version = version
        self._knows_template = knows_agreement_template
        self._nonce = nonce
        self._token = token
        is_curve = group.key_agreement == "ECDH"
        arcs = bytes((2, 3, 2 if is_curve else 1, cipher.value))
        self.oid = bytes.fromhex("04007F000702") + arcs

    def offer(self) -> chip_authentication.Offer:
        info = ChipAuthenticationInfo(
            self.oid, self._version, None, self._cipher, self.group.key_agreement
        )
        return chip_authentication.Offer(info, b"", self.group, self.pair.public)

    def send(self, command: Command) -> Response:
        self.sent.append(command.instruction << 8 | command.second)
        if (command.instruction, command.second) == (0x22, 0xA6):
            if not self._knows_template:
                return Response(b"", 0x6A86)
            self.agree(tlv.value_of(tlv.parse(command.data), 0x91), b"")
            return Response(b"", 0x9000)
        if command.instruction == 0x22:
            assert tlv.value_of(tlv.parse(command.data), 0x80) == self.oid
            return Response(b"", 0x9000)
        public = tlv.parse_one(tlv.parse_one(command.data, 0x7C), 0x80)
        if self._version == 1:
            self.agree(public, b"")
            return Response(b"\x7c\x00", 0x9000)
        mac_key = self.agree(public, self._nonce)
        told = chip_authentication.token(
            self._cipher, mac_key, self.oid, public, self.group.key_agreement
        )
        answer = tlv.build(0x81, self._nonce) + tlv.build(0x82, self._token or told)
        return Response(tlv.build(0x7C, answer), 0x9000)

    def agree(self, public: bytes, nonce: bytes) -> bytes:
        secret = self.group.agree(self.pair, public)
        self.keys = derive_key(self._cipher, secret, 1, nonce)
        return derive_key(self._cipher, secret, 2, nonce)

    def opens(self, session: SecureMessaging | None) -> bool:
        """Tell whether the terminal's session encrypts under the chip's keys."""
        assert session is not None
        command = Command(0xB0, 0, 0, b"told", 4)
        secret_is_same = SecureMessaging(self._cipher, self.keys, bytes(self._cipher.key_bytes))
        return session.wrap(command)[:20] == secret_is_same.wrap(command)[:20]


def run(chip: ChipOfAnotherKind) -> chip_authentication.ChipAuthenticationResult:
    return chip_authentication.run(cast(CardLink, chip), chip.offer())


@pytest.mark.parametrize("parameters", [0, 1, 2])
@pytest.mark.parametrize("cipher", [Cipher.TDES, Cipher.AES128, Cipher.AES256])
def test_numbers_do_as_well_as_curves(parameters, cipher):
    chip = ChipOfAnotherKind(standardized(parameters), cipher)
    result = run(chip)
    assert chip.opens(chip.session)
    assert len(result.compressed) == 20


@pytest.mark.parametrize("cipher", list(Cipher))
@pytest.mark.parametrize("parameters", [2, 12])
def test_version_2_brings_a_nonce_and_a_token(parameters, cipher):
    chip = ChipOfAnotherKind(standardized(parameters), cipher, version=2)
    run(chip)
    assert chip.opens(chip.session)
    assert chip.sent == [0x22A4, 0x8600]


@pytest.mark.parametrize(
    ("changes", "reason"), [({"token": bytes(8)}, "not_genuine"), ({"nonce": b""}, "malformed")]
)
def test_version_2_with_wrong_answers(changes, reason):
    chip = ChipOfAnotherKind(standardized(12), Cipher.AES128, version=2, **changes)
    with pytest.raises(ChipError) as caught:
        run(chip)
    assert caught.value.reason == reason
    assert chip.session is None


def test_3des_also_goes_with_the_commands_of_aes():
    chip = ChipOfAnotherKind(standardized(12), Cipher.TDES, knows_agreement_template=False)
    run(chip)
    assert chip.opens(chip.session)
    assert chip.sent == [0x22A6, 0x22A4, 0x8600]


def key_of(curve: ec.EllipticCurve, key_id: int | None) -> ChipKey:
    return ChipKey(public_info(ec.generate_private_key(curve)), key_id)


def info_of(version: int, cipher: Cipher, key_id: int | None) -> ChipAuthenticationInfo:
    return ChipAuthenticationInfo(bytes(10), version, key_id, cipher, "ECDH")


def test_version_1_goes_first_and_keys_fit_their_infos():
    small, large = key_of(ec.SECP256R1(), 1), key_of(ec.SECP384R1(), 2)
    infos = SecurityInfos(
        chip_keys=(small, large),
        chip_authentication=(
            info_of(1, Cipher.AES128, 1),
            info_of(2, Cipher.AES256, 2),
            info_of(3, Cipher.AES256, 2),
        ),
    )
    offer = choose(infos)
    assert (offer.info.version, offer.reference.hex()) == (1, "840101")
    assert offer.public == of_public_key_info(small.spki)[1]


@pytest.mark.parametrize(
    "infos",
    [
        SecurityInfos(),
        SecurityInfos(chip_authentication=(info_of(1, Cipher.AES128, None),)),
        SecurityInfos(
            chip_keys=(key_of(ec.SECP256R1(), 1),),
            chip_authentication=(info_of(1, Cipher.AES128, 2),),
        ),
        SecurityInfos(
            chip_keys=(key_of(ec.SECP256K1(), None),),
            chip_authentication=(info_of(1, Cipher.AES128, None),),
        ),
        SecurityInfos(
            chip_keys=(key_of(ec.SECP256R1(), None),),
            chip_authentication=(ChipAuthenticationInfo(b"", 1, None, Cipher.TDES, "DH"),),
        ),
    ],
)
def test_nothing_that_fits_is_not_supported(infos):
    with pytest.raises(ChipError) as caught:
        choose(infos)
    assert caught.value.reason == "not_supported"


def test_a_group_of_numbers_is_one():
    assert isinstance(standardized(1), NumberGroup)
