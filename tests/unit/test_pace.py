"""PACE says what ICAO's worked examples print, and refuses a chip that does not keep to it."""

from collections.abc import Callable

import pytest

from hardware.smartcard.apdu import Command, split
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import ciphers, mappings, pace
from hardware.smartcard.protocols.ciphers import (
    Cipher,
    decrypt,
    derive_key,
    encrypt,
    encrypt_block,
    mac,
    pad,
)
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.groups import Group, KeyPair, standardized
from hardware.smartcard.protocols.modp import NumberGroup
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.security_infos import ChipKey, PaceInfo, SecurityInfos, parse
from hardware.smartcard.tlv import build, parse_one
from hardware.smartcard.tlv import parse as parse_tlv
from tests.support.pace_examples import CAM, DH, GM, GM_APDUS, IM, IM_APDUS

H = bytes.fromhex
MRZ = Password.from_mrz("T22000129", "640812", "101031")
CAN = Password.can("123456")
MAPPINGS = {
    1: ("GM", "DH"),
    2: ("GM", "ECDH"),
    3: ("IM", "DH"),
    4: ("IM", "ECDH"),
    6: ("CAM", "ECDH"),
}


class Script:
    """A chip that expects these commands and gives these answers."""

    takes_extended_length = False

    def __init__(self, turns: tuple[tuple[str, str], ...]) -> None:
        self.turns = list(turns)

    def transmit(self, command: bytes) -> bytes:
        expected, answer = self.turns.pop(0)
        assert command == H(expected)
        return H(answer)


def known(*private: str) -> Callable[[Group], KeyPair]:
    """Ephemeral keys as an example prints them."""
    numbers = iter([int(number, 16) for number in private])
    return lambda group: group.key_pair(next(numbers))


def point(printed: str) -> bytes:
    return b"\4" + H(printed)


def info_of(mapping: int, cipher: Cipher, parameter_id: int) -> PaceInfo:
    oid = H("04007F0007020204") + bytes((mapping, cipher.value))
    return PaceInfo(oid, 2, parameter_id, *MAPPINGS[mapping], cipher)


class Card:
    """A card that does PACE by the book, with the arithmetic of the groups and nothing of pace."""

    takes_extended_length = True

    def __init__(self, info: PaceInfo, secret: bytes = b"123456") -> None:
        self.info, self.secret = info, secret
        self.group: Group = standardized(info.parameter_id or 0)
        self.nonce = bytes(range(32 if info.cipher.key_bytes > 16 else 16))
        self.static = self.group.key_pair(0xC0FFEE)
        self.refuse_at: dict[int, bytes] = {}
        self.change: Callable[[int, bytes], bytes] = lambda _step, told: told
        self.more = b""
        self.step = 0
        self.announced = b""
        self.session = (b"", b"")

    def transmit(self, command: bytes) -> bytes:
        if command[1] == 0x22:
            self.step = 0
            self.announced = command[5:]
            return self.refuse_at.get(0, b"\x90\x00")
        self.step += 1
        if self.step in self.refuse_at:
            return self.refuse_at[self.step]
        assert command[0] == (0x00 if self.step == 4 else 0x10)
        body = command[7:-2] if command[4] == 0 else command[5 : 5 + command[4]]
        elements = parse_tlv(parse_one(body, 0x7C))
        sent = elements[0].value if elements else b""
        told = (self._nonce, self._map, self._agree, self._confirm)[self.step - 1](sent)
        if not told:
            return b"\x63\x00"
        return build(0x7C, self.change(self.step, told)) + b"\x90\x00"

    def _nonce(self, _sent: bytes) -> bytes:
        key = derive_key(self.info.cipher, self.secret, 3)
        return build(0x80, encrypt(self.info.cipher, key, self.nonce))

    def _map(self, sent: bytes) -> bytes:
        if self.info.mapping == "IM":
            self.mapped = mappings.integrated(self.group, self.info.cipher, self.nonce, sent)
            return build(0x82, b"")
        self.own = self.group.generate()
        self.mapped = mappings.generic(self.group, self.own, sent, self.nonce)
        return build(0x82, self.own.public)

    def _agree(self, sent: bytes) -> bytes:
        own = self.mapped.generate()
        secret = self.mapped.agree(own, sent)
        self.keys = [derive_key(self.info.cipher, secret, number) for number in (1, 2)]
        self.tokens = self._token(sent), self._token(own.public)
        return build(0x84, own.public)

    def _confirm(self, sent: bytes) -> bytes:
        if sent != self.tokens[1]:
            return b""
        return build(0x86, self.tokens[0]) + self.more + self._proof()

    def _token(self, public: bytes) -> bytes:
        tag = 0x86 if self.info.key_agreement == "ECDH" else 0x84
        told = build(0x7F49, build(6, self.info.oid) + build(tag, public))
        is_des = self.info.cipher is Cipher.TDES
        return mac(self.info.cipher, self.keys[1], pad(told, 8) if is_des else told)

    def _proof(self) -> bytes:
        if self.info.mapping != "CAM":
            return b""
        assert isinstance(self.group, EllipticGroup)
        n = self.group.curve.n
        data = self.own.private * pow(self.static.private, -1, n) % n
        whole = pad(data.to_bytes(self.group.size, "big"), 16)
        iv = encrypt_block(self.info.cipher, self.keys[0], b"\xff" * 16)
        return build(0x8A, encrypt(self.info.cipher, self.keys[0], whole, iv))


def test_generic_mapping_as_printed():
    info = parse(H(GM["ef_cardaccess"])).pace[0]
    link = CardLink(Script(GM_APDUS))
    chance = pace.Chance(known(GM["pcd_map_priv"], GM["pcd_eph_priv"]))
    result = pace.run(link, info, MRZ, chance=chance)
    assert result.mapping_public == point(GM["icc_map_pub"])
    assert result.authorities == ()
    assert link.apdus == 5
    assert link.session is not None
    chip = Seals(H(GM["ks_enc"]), H(GM["ks_mac"]))
    command = link.session.wrap(Command(0xB0, 0x9E, 0, expected=4))
    assert command[-9:-1] == chip.seal(1, pad(command[:4], 16) + pad(b"\x97\1\4", 16))


class Seals:
    def __init__(self, encryption: bytes, authentication: bytes) -> None:
        self.key = authentication
        assert encryption != authentication

    def seal(self, count: int, told: bytes) -> bytes:
        return mac(Cipher.AES128, self.key, count.to_bytes(16, "big") + told)


def test_the_steps_of_generic_mapping_as_printed():
    group = standardized(13)
    assert isinstance(group, EllipticGroup)
    key = derive_key(Cipher.AES128, MRZ.pace_secret, 3)
    assert key == H(GM["k_pi"])
    own = group.key_pair(int(GM["pcd_map_priv"], 16))
    assert group.times(own, point(GM["icc_map_pub"])) == point(GM["shared_H"])
    mapped = mappings.generic(group, own, point(GM["icc_map_pub"]), H(GM["nonce"]))
    assert isinstance(mapped, EllipticGroup)
    assert mapped.generator == group.decode(point(GM["mapped_G"]))
    ours, theirs = (mapped.key_pair(int(GM[name], 16)) for name in ("pcd_eph_priv", "icc_eph_priv"))
    assert mapped.agree(ours, theirs.public) == H(GM["shared_K"])


@pytest.fixture
def printed_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Appendix H prints the key of the nonce, but not the password that it comes from."""
    real = ciphers.derive_key

    def derived(cipher: Cipher, secret: bytes, counter: int) -> bytes:
        return H(IM["k_pi"]) if counter == 3 else real(cipher, secret, counter)

    monkeypatch.setattr(pace, "derive_key", derived)


@pytest.mark.usefixtures("printed_key")
def test_integrated_mapping_as_printed():
    chance = pace.Chance(known(IM["pcd_eph_priv"]), lambda size: H(IM["nonce_t"])[:size])
    link = CardLink(Script(IM_APDUS))
    result = pace.run(link, info_of(4, Cipher.AES128, 13), MRZ, chance=chance)
    assert result.mapping_public == b""
    assert link.session is not None


@pytest.mark.usefixtures("printed_key")
def test_integrated_mapping_with_numbers_as_printed():
    assert DH["k_pi"] == IM["k_pi"]
    ours, theirs = (H(DH[name]) for name in ("pcd_eph_pub", "icc_eph_pub"))
    turns = (
        ("0022C1A40F800A04007F00070202040302830101", "9000"),
        ("10860000027C0000", "7C128010" + DH["nonce_encrypted"] + "9000"),
        ("10860000147C128110" + DH["nonce_t"] + "00", "7C0282009000"),
        (
            "10860000"
            + f"{len(build(0x7C, build(0x83, ours))):02X}"
            + build(0x7C, build(0x83, ours)).hex()
            + "00",
            build(0x7C, build(0x84, theirs)).hex() + "9000",
        ),
        ("008600000C7C0A8508" + DH["t_ifd"] + "00", "7C0A8608" + DH["t_ic"] + "9000"),
    )
    chance = pace.Chance(known(DH["pcd_eph_priv"]), lambda _size: H(DH["nonce_t"]))
    pace.run(CardLink(Script(turns)), info_of(3, Cipher.AES128, 0), MRZ, chance=chance)
    group = standardized(0)
    mapped = mappings.integrated(group, Cipher.AES128, H(DH["nonce_s"]), H(DH["nonce_t"]))
    assert isinstance(mapped, NumberGroup)
    assert mapped.g == int(DH["mapped_g"], 16)


def test_chip_mapping_as_printed():
    info = info_of(6, Cipher.AES128, 13)
    oid = info.oid.hex()
    turns = (
        (f"0022C1A40F800A{oid}830101", "9000"),
        ("10860000027C0000", "7C128010" + CAM["nonce_encrypted"] + "9000"),
        (
            "10860000457C43814104" + CAM["pcd_map_pub"] + "00",
            "7C43824104" + CAM["icc_map_pub"] + "9000",
        ),
        (
            "10860000457C43834104" + CAM["pcd_eph_pub"] + "00",
            "7C43844104" + CAM["icc_eph_pub"] + "9000",
        ),
        (
            "008600000C7C0A8508" + CAM["t_ifd"] + "00",
            "7C3C8608" + CAM["t_ic"] + "8A30" + CAM["encrypted_ca_data"] + "9000",
        ),
    )
    password = Password.from_mrz("C11T002JM", "960812", "231031")
    chance = pace.Chance(known(CAM["pcd_map_priv"], CAM["pcd_eph_priv"]))
    result = pace.run(CardLink(Script(turns)), info, password, chance=chance)
    assert result.chip_authentication_data == H(CAM["ca_data"])
    pace.check_mapping_proof(result, parse(H(CAM_SECURITY)))


# ICAO Doc 9303-11, Appendix I: the ChipAuthenticationPublicKeyInfo in EF.CardSecurity.
CAM_SECURITY = (
    "31643062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A6431B"
    "E25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4"
    "A08F68E16F02010D"
)


WAYS = [
    (mapping, cipher, parameter_id)
    for mapping, parameters in {
        1: (0, 1, 2),
        2: (8, 11, 12, 13, 14, 16, 18),
        3: (0, 1, 2),
        4: (9, 12, 13, 15, 17, 18),
        6: (12, 13, 14),
    }.items()
    for parameter_id in parameters
    for cipher in (Cipher if parameter_id in (0, 12) else (Cipher.AES256,))
    if not (mapping == 6 and cipher is Cipher.TDES)
]


@pytest.mark.parametrize(("mapping", "cipher", "parameter_id"), WAYS)
def test_every_way(mapping, cipher, parameter_id):
    card = Card(info_of(mapping, cipher, parameter_id))
    link = CardLink(card)
    result = pace.run(link, card.info, CAN)
    assert link.session is not None
    assert link.apdus == 5
    assert card.announced == build(0x80, card.info.oid) + H("830102")
    assert (result.chip_authentication_data is not None) == (mapping == 6)


def security_of(card: Card, group: EllipticGroup, public: bytes) -> SecurityInfos:
    algorithm = build(6, H("2A8648CE3D0201")) + build(6, group.curve.oid)
    spki = build(0x30, build(0x30, algorithm) + build(3, b"\0" + public))
    return SecurityInfos(chip_keys=(ChipKey(spki, 1),))


def test_the_proof_of_chip_mapping():
    card = Card(info_of(6, Cipher.AES192, 12))
    result = pace.run(CardLink(card), card.info, CAN)
    group, other_curve = standardized(12), standardized(13)
    assert isinstance(group, EllipticGroup)
    assert isinstance(other_curve, EllipticGroup)
    pace.check_mapping_proof(result, security_of(card, group, card.static.public))
    for keys in (
        security_of(card, group, group.key_pair(0xC0FFEF).public),
        security_of(card, other_curve, other_curve.key_pair(0xC0FFEE).public),
        SecurityInfos(),
    ):
        with pytest.raises(ChipError) as caught:
            pace.check_mapping_proof(result, keys)
        assert caught.value.reason == "not_genuine"


def test_a_card_without_proof_is_refused():
    card = Card(info_of(6, Cipher.AES128, 12))
    card.change = lambda step, told: told[:10] if step == 4 else told
    link = CardLink(card)
    with pytest.raises(ChipError, match="malformed"):
        pace.run(link, card.info, CAN)
    assert link.session is None
    generic = Card(info_of(2, Cipher.AES128, 12))
    with pytest.raises(ChipError, match="not_genuine"):
        pace.check_mapping_proof(pace.run(CardLink(generic), generic.info, CAN), SecurityInfos())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("6300", "wrong_password"),
        ("63C2", "wrong_password"),
        ("63C0", "wrong_password"),
        ("6983", "wrong_password"),
        ("6985", "refused"),
        ("6A80", "refused"),
    ],
)
def test_a_wrong_password_carries_the_count_of_tries(answer, reason):
    card = Card(info_of(2, Cipher.AES128, 12))
    card.refuse_at = {4: H(answer)}
    link = CardLink(card)
    with pytest.raises(ChipError) as caught:
        pace.run(link, card.info, CAN)
    assert (caught.value.reason, caught.value.status_word) == (reason, int(answer, 16))
    assert link.session is None


@pytest.mark.parametrize("mapping", [1, 2, 4])
def test_a_card_with_another_password_says_no(mapping):
    card = Card(info_of(mapping, Cipher.AES128, 0 if mapping == 1 else 12), b"654321")
    with pytest.raises(ChipError) as caught:
        pace.run(CardLink(card), card.info, CAN)
    assert caught.value.reason == "wrong_password"


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_step_out_of_order_is_refused(step):
    card = Card(info_of(2, Cipher.AES128, 12))
    card.refuse_at = {step: H("6985")}
    link = CardLink(card)
    with pytest.raises(ChipError) as caught:
        pace.run(link, card.info, CAN)
    assert (caught.value.reason, caught.value.status_word) == ("refused", 0x6985)
    assert link.apdus == step + 1


@pytest.mark.parametrize(
    ("password", "answer", "goes_on"),
    [
        (CAN, "63C2", True),
        (CAN, "63C1", True),
        (CAN, "63C0", False),
        (Password.pin("123456"), "63C2", True),
        (Password.pin("123456"), "63C1", False),
        (CAN, "6283", False),
        (CAN, "6A88", False),
    ],
)
def test_a_count_of_tries_at_the_beginning_is_a_warning(password, answer, goes_on):
    card = Card(info_of(2, Cipher.AES128, 12))
    card.refuse_at = {0: H(answer)}
    if goes_on:
        pace.run(CardLink(card), card.info, password)
        return
    with pytest.raises(ChipError) as caught:
        pace.run(CardLink(card), card.info, password)
    assert (caught.value.reason, caught.value.status_word) == ("refused", int(answer, 16))


@pytest.mark.parametrize("step", [2, 3])
def test_our_own_key_is_refused(step):
    card = Card(info_of(2, Cipher.AES128, 12))
    group = card.group
    own = group.key_pair(4711)
    sent = iter((own, own)) if step == 2 else iter((group.key_pair(815), own))
    card.change = lambda at, told: build(0x80 + 2 * (at - 1), echo[at]) if at == step else told
    echo: dict[int, bytes] = {}

    def made(used: Group) -> KeyPair:
        pair = used.key_pair(next(sent).private)
        echo[len(echo) + 2] = pair.public
        return pair

    with pytest.raises(ChipError, match="own key"):
        pace.run(CardLink(card), card.info, CAN, chance=pace.Chance(made))


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "told",
    [
        "",
        "00",
        "8000",
        "8200",
        "8400",
        "8600",
        "820104",
        "8441" + "04" + "00" * 64,
        "8000" * 2,
        "86",
    ],
)
@pytest.mark.parametrize("mapping", [2, 4])
def test_nonsense_is_malformed(step, told, mapping):
    if (step, mapping, told) == (2, 4, "8200"):
        return  # what integrated mapping answers there
    card = Card(info_of(mapping, Cipher.AES128, 12))
    card.change = lambda at, real: H(told) if at == step else real
    link = CardLink(card)
    with pytest.raises(ChipError) as caught:
        pace.run(link, card.info, CAN)
    assert caught.value.reason == "malformed"
    assert link.session is None


@pytest.mark.parametrize("mapping", [2, 4])
@pytest.mark.parametrize("size", [0, 8, 15, 16, 80])
def test_a_nonce_that_is_too_short_or_long_is_malformed(mapping, size):
    card = Card(info_of(mapping, Cipher.AES256, 12))
    card.change = lambda at, told: build(0x80, bytes(size)) if at == 1 else told
    link = CardLink(card)
    with pytest.raises(ChipError) as caught:
        pace.run(link, card.info, CAN)
    # Many chips have nonces of one block, shorter than the key: generic mapping bears it.
    bears_it = mapping == 2 and size == 16
    assert caught.value.reason == ("wrong_password" if bears_it else "malformed")


def test_a_card_that_knows_no_password_is_not_genuine():
    card = Card(info_of(2, Cipher.AES128, 12))
    card.change = lambda at, told: build(0x86, bytes(8)) if at == 4 else told
    with pytest.raises(ChipError) as caught:
        pace.run(CardLink(card), card.info, CAN)
    assert caught.value.reason == "not_genuine"


def test_authorities_and_the_holders_template():
    card = Card(info_of(2, Cipher.AES128, 12))
    card.more = build(0x87, b"UTCVCA00002") + build(0x88, b"UTCVCA00001")
    chat = H("7F4C0E060904007F000703010201530103")
    result = pace.run(CardLink(card), card.info, CAN, chat)
    assert result.authorities == ("UTCVCA00002", "UTCVCA00001")
    assert chat in card.announced
    card.more = build(0x87, b"U" * 17)
    with pytest.raises(ChipError, match="malformed"):
        pace.run(CardLink(card), card.info, CAN)


def access(*told: tuple[int, int, int, int]) -> SecurityInfos:
    """PACEInfos of mapping, cipher, version and parameter number."""
    infos = b""
    for mapping, cipher, version, parameter_id in told:
        oid = build(6, H("04007F0007020204") + bytes((mapping, cipher)))
        infos += build(0x30, oid + build(2, bytes((version,))) + build(2, bytes((parameter_id,))))
    return parse(build(0x31, infos))


def test_the_parameters_are_named_where_a_card_has_several():
    infos = access((2, 2, 2, 12), (2, 2, 2, 13))
    for info in infos.pace:
        card = Card(info)
        pace.run(CardLink(card), info, CAN)
        assert card.announced.endswith(H("830102") + build(0x84, bytes((info.parameter_id or 0,))))


def test_the_best_way_is_chosen():
    ways = ((1, 4, 2, 2), (4, 4, 2, 12), (2, 2, 2, 12), (2, 4, 2, 13), (6, 2, 2, 12), (2, 4, 1, 12))
    order = ((6, 2, 2, 12), (2, 4, 2, 13), (4, 4, 2, 12), (2, 2, 2, 12), (1, 4, 2, 2))
    left = list(ways)
    for best in order:
        chosen = pace.choose(access(*left))
        assert chosen == pace.choose(access(*reversed(left)))
        assert chosen is not None
        assert (chosen.oid[8], chosen.cipher.value, chosen.version, chosen.parameter_id) == best
        left.remove(best)
    assert pace.choose(access(*left)) is None
    assert pace.choose(access((2, 2, 2, 30), (2, 2, 2, 0), (1, 2, 2, 13))) is None


def test_another_version_is_not_supported():
    info = access((2, 2, 1, 12)).pace[0]
    with pytest.raises(ChipError, match="not_supported"):
        pace.run(CardLink(Card(info)), info, CAN)


def test_keys_of_2048_bits_need_extended_length():
    card = Card(info_of(1, Cipher.AES128, 2))
    card.takes_extended_length = False
    with pytest.raises(ChipError, match="not_supported"):
        pace.run(CardLink(card), card.info, CAN)


def test_the_card_of_these_tests_tells_a_wrong_token():
    card = Card(info_of(2, Cipher.AES128, 12))
    assert split(card.transmit(H("0022C1A400"))).status_word == 0x9000
    told = parse_one(parse_one(card.transmit(H("10860000027C0000"))[:-2], 0x7C), 0x80)
    assert decrypt(Cipher.AES128, derive_key(Cipher.AES128, b"123456", 3), told) == card.nonce
