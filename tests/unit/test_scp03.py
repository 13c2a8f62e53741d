"""SCP03: recorded sessions of a card with all key sizes, a second derivation, and a card that lies.

The recorded numbers are those of Osmocom's pySim (tests/unittests/test_globalplatform.py), which
were taken from cards; the diversified key is GlobalPlatformPro's (TestSCP03.java, KDF3).
"""

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from hardware.smartcard.apdu import Command, Response
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.scp03 import (
    PERSONALISING,
    SecureChannel,
    SecurityLevel,
    open_channel,
)
from hardware.smartcard.protocols.scp03_keys import (
    FACTORY_TEST_KEYS,
    CardManagerKeys,
    check_value,
    decrypt,
    derive,
    diversify,
)


def _keys(size: int, version: int) -> CardManagerKeys:
    made = []
    for first in (0x00, 0x10, 0x20):
        block = bytes(range(first, first + 16))
        made.append((block + block)[:size])
    return CardManagerKeys(made[0], made[1], made[2], version)


@dataclass(frozen=True)
class Recorded:
    """One session of a card: what went out and what came back."""

    keys: CardManagerKeys
    level: SecurityLevel
    update: str
    offer: str
    authenticate: str
    identify: str
    identified: str
    cases: tuple[str, str, str, str]


K128, K192, K256 = _keys(16, 0x30), _keys(24, 0x31), _keys(32, 0x32)
MACS = SecurityLevel.C_MAC | SecurityLevel.R_MAC
ALL = PERSONALISING | MACS | SecurityLevel.R_ENCRYPTION
PLAIN_ANSWER = "bf3e125a1089882119900000000000000000000005"
PLAIN_CASES = (
    Command(0xF2, 0x20, 0x02, cla=0x80),
    Command(0xCA, 0x00, 0x66, expected=256, cla=0x80),
    Command(0xF2, 0x20, 0x02, bytes.fromhex("4f0212345c054f9f70c5"), cla=0x80),
    Command(0xF2, 0x80, 0x02, bytes.fromhex("4f00"), expected=256, cla=0x80),
)

SESSIONS = [
    Recorded(
        K128,
        MACS,
        "8050300008b13e5f938fc108c400",
        "000000000000000000003003703eb51047495b249f66c484c1d2ef1948000002",
        "84821100107d5f5826a993ebc89eea24957fa0b3ce",
        "84e291000ebf3e035c015a558d036518a2829700",
        PLAIN_ANSWER + "971be68992dbbdfa",
        (
            "84f220020863a63f8959827fb2",
            "84ca006608a0c6a4a74166f7ce00",
            "84f22002124f0212345c054f9f70c52249b50272656536",
            "84f280020a4f00e91443f6dce6b8ed00",
        ),
    ),
    Recorded(
        K128,
        PERSONALISING,
        "80503000088e1552d0513c60f300",
        "0000000000000000000030037030760cd2c47c1dd395065fe5ead8a9d7000001",
        "8482030010fd4721a14d9b07003c451d2f8ae6bb21",
        "84e2910018ca9c00f6713d79bc8baa642bdff51c3f6a4082d3bd9ad26c00",
        PLAIN_ANSWER,
        (
            "84f2200208c9811b11f1264cf1",
            "84ca006608e10ab60b3054798800",
            "84f22002184e2908bdb48b2315a55482e9e936ca122d6ecfae7d17416e",
            "84f28002180dd10a6b6193e5340b9e77d32d5a179cd710ac2773aefb2800",
        ),
    ),
    Recorded(
        K128,
        ALL,
        "8050300008fdf38259a1e0de4400",
        "000000000000000000003003703b1aca81e821f219081cdc01c26b372d000003",
        "84823300108c36f96bcc00724a4e13ad591d7da3f0",
        "84e2910018267a85dfe4a98fca6fb0527e0dfecce4914e40401433c87f00",
        "f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9",
        (
            "84f2200208ac6a59024bed84cc",
            "84ca006608409912ad8fb7aed000",
            "84f22002185f3dafc3ac14c381536a488bf44e06d056df9d74dbd21e5a",
            "84f280021865165105be3373347d0424d4400af2ac393f569ec779389e00",
        ),
    ),
    Recorded(
        K192,
        ALL,
        "80503100089b3f2eef0e8c937400",
        "00000000000000000000310370f6bb305a15bae1a68f79fb08212fbed7000002",
        "84823300109100bc22d58b45b86a26365ce39ff3cf",
        "84e29100188f7f946c84f70d17994bc6e8791251bb1bb1bf02cf8de58900",
        "c05176c1b6f72aae50c32cbee63b0e95998928fd4dfb2be9f27ffde8c8476f5909b4805cc4039599",
        (
            "84f2200208d5d97754b6b3d2ba",
            "84ca006608516c82b8e30adbeb00",
            "84f2200218cc247f4761e6944277a4e0d6e32e44025b1e31537e2fc668",
            "84f2800218ba22b63d509bef5d093b43e5eaed03ed23144ab2d9cb51de00",
        ),
    ),
    Recorded(
        K256,
        ALL,
        "805032000897b2055fe58599fd00",
        "00000000000000000000320370a8439a22cedf045fa9f1903b2834f26e000002",
        "8482330010508a0fd959d2e547c6b33154a6be2057",
        "84e29100187a5ef717eaf1e135ae92fe54429d0e465decda65f5fe5aea00",
        "ea90dbfa648a67c5eb6abc57f8530b97d0cd5647c5e8732016b55203b078dd2ace7f8bc5d1c1cd99",
        (
            "84f2200208bcc5c17275545d93",
            "84ca00660804806aba9d543bb600",
            "84f2200218717222491556ec81a45f49ce48be33320024801a1c4cb0e0",
            "84f2800218561f105bccd3a1642904b251ccc1228beb80a82370a8637000",
        ),
    ),
]


class Replay:
    """A card that expects exact commands and gives exact answers."""

    def __init__(self, *steps: tuple[str, str, int]) -> None:
        self.steps = list(steps)
        self.sent: list[str] = []

    def send(self, command: Command) -> Response:
        encoded = command.encode(extended=False).hex()
        self.sent.append(encoded)
        expected, answer, status = self.steps.pop(0)
        assert encoded == expected or not expected
        return Response(bytes.fromhex(answer), status)


def _opened(recorded: Recorded, *more: tuple[str, str, int]) -> tuple[SecureChannel, Replay]:
    card = Replay(
        (recorded.update, recorded.offer, 0x9000), (recorded.authenticate, "", 0x9000), *more
    )
    challenge = bytes.fromhex(recorded.update)[5:13]
    return open_channel(card, recorded.keys, recorded.level, challenge), card


@pytest.mark.parametrize("recorded", SESSIONS)
def test_recorded_session_is_spoken_to_the_letter(recorded):
    cases = [(sent, "", 0x6A88) for sent in recorded.cases]
    channel, card = _opened(recorded, (recorded.identify, recorded.identified, 0x9000), *cases)
    command = Command(0xE2, 0x91, 0x00, bytes.fromhex("bf3e035c015a"), expected=256, cla=0x80)
    assert channel.send(command).data.hex() == PLAIN_ANSWER
    for case in PLAIN_CASES:
        assert channel.send(case) == Response(b"", 0x6A88)
    assert not card.steps
    assert channel.offer.version == recorded.keys.version


@pytest.mark.parametrize("at", [0, 12, 20, 29, 39])
def test_altered_answer_ends_in_session_lost(at):
    recorded = SESSIONS[2]
    answer = bytearray.fromhex(recorded.identified)
    answer[at] ^= 1
    channel, _ = _opened(recorded, (recorded.identify, answer.hex(), 0x9000))
    command = Command(0xE2, 0x91, 0x00, bytes.fromhex("bf3e035c015a"), expected=256, cla=0x80)
    with pytest.raises(ChipError) as error:
        channel.send(command)
    assert error.value.reason == "session_lost"


@pytest.mark.parametrize(("answer", "status"), [("", 0x9000), ("00" * 7, 0x9000), ("00", 0x6985)])
def test_answer_without_its_mac_is_refused(answer, status):
    channel, _ = _opened(SESSIONS[2], ("", answer, status))
    with pytest.raises(ChipError) as error:
        channel.send(Command(0xCA, 0x00, 0x66, expected=256, cla=0x80))
    assert error.value.reason == "session_lost"


def test_card_with_other_keys_is_found_out_before_it_counts_an_attempt():
    recorded = SESSIONS[0]
    card = Replay((recorded.update, recorded.offer, 0x9000))
    keys = CardManagerKeys(bytes(16), bytes(16), bytes(16), 0x30)
    with pytest.raises(ChipError) as error:
        open_channel(card, keys, MACS, bytes.fromhex(recorded.update)[5:13])
    assert error.value.reason == "not_genuine"
    assert len(card.sent) == 1


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        ("", "malformed"),
        ("00" * 28, "malformed"),
        ("00" * 10 + "ff0200" + "00" * 16, "not_supported"),
        ("00" * 10 + "300301" + "00" * 16, "not_supported"),
    ],
)
def test_strange_offers_are_refused(offer, reason):
    with pytest.raises(ChipError) as error:
        open_channel(Replay(("", offer, 0x9000)), K128)
    assert error.value.reason == reason


def test_each_session_has_a_challenge_of_its_own():
    seen = set()
    for _ in range(2):
        card = Replay(("", SESSIONS[0].offer, 0x9000))
        with pytest.raises(ChipError):
            open_channel(card, FACTORY_TEST_KEYS)
        seen.add(card.sent[0])
    assert len(seen) == 2


@pytest.mark.parametrize("size", [16, 24, 32])
def test_derivation_agrees_with_another_implementation(size):
    key, context = bytes(range(size)), bytes(range(100, 116))
    before = bytes(11) + b"\x06\x00" + (size * 8).to_bytes(2, "big")
    other = KBKDFCMAC(
        algorithm=algorithms.AES,
        mode=Mode.CounterMode,
        length=size,
        rlen=1,
        llen=None,
        location=CounterLocation.MiddleFixed,
        label=None,
        context=None,
        fixed=before + context,
        break_location=len(before),
    )
    assert derive(key, before, context, size) == other.derive(key)


def test_diversified_key_is_the_published_one():
    master = bytes.fromhex("8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD")
    keys = diversify(master, bytes.fromhex("D9B1DE5D0362DEDCE4FB"), 0x30)
    expected = "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781"
    assert keys.encryption.hex().upper() == expected
    assert len({keys.encryption, keys.mac, keys.data_encryption}) == 3
    assert diversify(master, b"another card", 0x30).mac != keys.mac


@pytest.mark.parametrize("new", [K128, K192, K256])
def test_put_keys_carries_encrypted_keys_and_checks_what_the_card_took(new):
    checks = check_value(new.encryption) + check_value(new.mac) + check_value(new.data_encryption)
    recorded = SESSIONS[0]
    channel, card = _opened(recorded, ("", (bytes([new.version]) + checks).hex(), 0x9000))
    channel._session.level = SecurityLevel.C_MAC
    channel.put_keys(new, recorded.keys, 0x30)
    sent = bytes.fromhex(card.sent[-1])
    assert sent[:4].hex() == "84d83081"
    data = sent[5:-9]
    assert data[0] == new.version
    size = len(new.encryption)
    block = -(-size // 16) * 16
    assert data[1:4] == bytes([0x88, block + 1, size])
    clear = decrypt(recorded.keys.data_encryption, bytes(16), data[4 : 4 + block])
    assert clear[:size] == new.encryption
    assert data[4 + block : 8 + block] == b"\x03" + checks[:3]


def test_card_that_took_other_keys_is_told():
    channel, _ = _opened(SESSIONS[1], ("", "30" + "00" * 9, 0x9000))
    with pytest.raises(ChipError) as error:
        channel.put_keys(K128, K128, 0x30)
    assert error.value.reason == "mismatch"


@pytest.mark.parametrize("level", [PERSONALISING, SecurityLevel.C_MAC])
def test_longest_data_just_fits(level):
    recorded = SESSIONS[1]
    card = Replay((recorded.update, recorded.offer, 0x9000), ("", "", 0x9000), ("", "", 0x9000))
    channel = open_channel(card, recorded.keys, level, bytes.fromhex(recorded.update)[5:13])
    longest = channel.longest_data()
    channel.send(Command(0xE2, 0x00, 0x00, bytes(longest), cla=0x80))
    assert len(card.sent[-1]) // 2 <= 5 + 255
    assert longest == (239 if level == PERSONALISING else 247)


def test_keys_are_never_shown():
    assert "encryption" not in repr(FACTORY_TEST_KEYS)
    with pytest.raises(ValueError, match="16, 24 or 32"):
        CardManagerKeys(bytes(16), bytes(16), bytes(24))
