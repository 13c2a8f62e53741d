"""Reading an identity chip whole: order, proofs, doubts, and chips that mean no good."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.simulation.chip import ATR, SimulatedChip, altered, cloned
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, StoreData
from hardware.smartcard.card_data import CardOptions
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.identity_chip import (
    ALL_GROUPS,
    EVERYTHING,
    ChipReading,
    Doubt,
    Proof,
    doubt,
    read,
    read_files,
    read_serial,
)
from hardware.smartcard.lds import (
    CARD_ACCESS,
    CARD_SECURITY,
    DG1,
    DG2,
    DG3,
    DG11,
    DG14,
    DG15,
    EF_COM,
    EF_SOD,
    encode,
)
from hardware.smartcard.pki.sod import build_card_security, build_sod
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.terminal_authentication import Terminal
from hardware.smartcard.tlv import build, parse_one
from tests.support.chips import (
    SERIAL,
    content,
    issued_chip,
    number,
    pace_info,
    public_info,
    security_infos,
)
from tests.support.issued_cards import CAN, TODAY, Country, country, issued, zone_password

Memory = dict[str, Any]

WRONG = Password.can("999999")
RIGHT = Password.can(CAN)
CURVE = ec.SECP256R1()


class Reader:
    """Passes on what a chip and its reader say, and counts it; tests may change it on the way."""

    takes_extended_length = True

    def __init__(
        self,
        memory: Memory,
        change: Callable[[bytes, bytes], bytes] = lambda _command, answer: answer,
        *,
        extended: bool = True,
    ) -> None:
        self._chip = SimulatedChip(memory, lambda: None)
        self._change = change
        self.takes_extended_length = extended
        self.commands: list[bytes] = []

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command)
        return self._change(command, self._chip.transmit(command))


def reading(
    memory: Memory,
    passwords: Sequence[Password] = (RIGHT,),
    trust: TrustStore | None = None,
    terminal: Terminal | None = None,
    wanted: frozenset[int] | None = None,
    on: date = TODAY,
) -> ChipReading:
    trust = country().trust if trust is None else trust
    return read(Reader(memory), passwords, trust, terminal, wanted, on=on, atr=ATR)


def signed(memory: Memory, land: Country | None = None) -> Memory:
    """Sign what the chip holds, as its issuer would."""
    signer = (land or country()).document_signer
    groups = {
        int(fid, 16): bytes.fromhex(data)
        for fid, data in memory["files"].items()
        if fid not in ("011E", "011D")
    }
    memory["files"]["011D"] = build_sod(groups, signer).hex()
    return memory


def plain_chip(**changes: Any) -> Memory:
    """A chip of another maker, with the groups of our holder, signed."""
    files = encode(content())
    held = {**files, **changes.pop("files", {})}
    memory = issued_chip(files=held, **changes)
    memory["passwords"] = {"mrz": content().mrz.information(), "can": CAN}
    access = memory["master_files"].get("011C")
    if access:  # DG14 repeats what EF.CardAccess says
        infos = parse_one(bytes.fromhex(access), 0x31)
        infos += parse_one(parse_one(bytes.fromhex(memory["files"]["010E"]), 0x6E), 0x31)
        memory["files"]["010E"] = build(0x6E, build(0x31, infos)).hex()
    return signed(memory)


def test_a_card_is_read_whole():
    found = reading(issued(), terminal=country().terminal())
    assert (found.protocol, found.mapping) == ("PACE", "CAM")
    assert found.passive.outcome == "verified"
    assert (found.chip_authentication, found.fingers_granted) == (Proof.VERIFIED, True)
    assert found.content == content()
    assert set(found.files) == {EF_SOD, DG14, DG1, DG2, DG11, DG3}
    assert set(found.master_files) == {CARD_ACCESS}
    assert doubt(found) is None


def test_without_a_terminal_the_mapping_is_the_proof():
    found = reading(issued())
    assert (found.chip_authentication, found.fingers_granted) == (Proof.VERIFIED, False)
    assert set(found.master_files) == {CARD_ACCESS, CARD_SECURITY}
    assert found.content == content(fingers=())
    assert doubt(found) is None


def test_a_card_without_pace_is_opened_with_its_zone():
    found = reading(issued(JMRTD), [RIGHT, zone_password()], terminal=country().terminal())
    assert (found.protocol, found.mapping, found.fingers_granted) == ("BAC", "", True)
    assert found.content == content()
    assert doubt(found) is None


def test_few_commands_are_enough():
    """EF.ATR/INFO, EF.CardAccess, PACE (5), EF.CardSecurity, SELECT, EF.SOD, DG14, and the rest."""
    assert reading(issued(), wanted=frozenset({DG1})).apdus == 12
    assert reading(issued()).apdus == 14
    reader = Reader(issued(), extended=False)
    found = read(reader, [RIGHT], country().trust, on=TODAY, atr=ATR)
    assert found.content == content(fingers=())
    assert found.apdus == len(reader.commands)
    assert max(map(len, reader.commands)) <= 5 + 255


def test_a_portrait_of_the_usual_size_takes_few_commands_too():
    noise = Random(1).randbytes(3 * 300 * 400)
    out = BytesIO()
    Image.frombytes("RGB", (300, 400), noise).save(out, "JPEG", quality=60)
    large = out.getvalue()
    assert len(large) > 0x8000
    memory = country().card(holder=content(portrait_jpeg=large))
    found = reading(memory)
    assert found.content.portrait_jpeg == large
    assert found.apdus < 40


@pytest.mark.parametrize("wanted", [frozenset({DG1}), frozenset({DG1, DG11}), frozenset()])
def test_no_more_is_read_than_is_wanted(wanted):
    found = reading(issued(), wanted=wanted, terminal=country().terminal())
    assert set(found.files) == {EF_SOD, DG14, DG1} | wanted
    assert found.content.portrait_jpeg == b""
    assert not found.fingers_granted


def test_everything_can_be_wanted():
    options = CardOptions(active_authentication=True)
    memory = country().card(StoreData(options))
    found = reading(memory, terminal=country().terminal(), wanted=EVERYTHING)
    assert found.active_authentication is Proof.VERIFIED
    assert {EF_COM, DG15} <= set(found.files)
    assert reading(memory).active_authentication is Proof.ABSENT


def test_passwords_are_tried_in_their_order_and_once():
    memory = issued()
    assert reading(memory, [WRONG, zone_password()]).protocol == "PACE"
    assert memory["failures"]["password"] == 0
    with pytest.raises(ChipError) as caught:
        reading(memory, [WRONG, Password.can("000000")])
    assert caught.value.reason == "wrong_password"
    assert memory["failures"]["password"] == 2


def test_a_kind_of_password_that_the_chip_lacks_is_passed_over():
    memory = issued()
    assert reading(memory, [Password.pin("123456"), RIGHT]).protocol == "PACE"
    with pytest.raises(ChipError, match="refused"):
        reading(memory, [Password.pin("123456")])
    with pytest.raises(ChipError, match="wrong_password"):
        reading(memory, [Password.pin("123456"), WRONG])
    with pytest.raises(ChipError, match="wrong_password"):
        reading(memory, [])


def test_a_wrong_pin_costs_one_try():
    memory = issued()
    memory["passwords"]["pin"] = "314159"
    assert reading(memory, [Password.pin("000000"), RIGHT]).protocol == "PACE"
    assert memory["failures"]["pin"] == 1


def test_bac_is_no_way_around_pace():
    reader = Reader(issued())
    with pytest.raises(ChipError, match="wrong_password"):
        read(reader, [WRONG], country().trust, on=TODAY, atr=ATR)
    assert not any(command[1] == 0x84 for command in reader.commands)


def test_a_chip_without_pace_asks_for_the_zone():
    with pytest.raises(ChipError, match="wrong_password"):
        reading(issued(JMRTD), [RIGHT])
    other = content(personal_number="A123456(3)").mrz
    wrong = Password.from_mrz_text(replace(other, document_number="X1").text())
    with pytest.raises(ChipError, match="wrong_password"):
        reading(issued(JMRTD), [wrong])
    assert reading(issued(JMRTD), [wrong, zone_password()]).protocol == "BAC"


@pytest.mark.parametrize("profile", [STORE_DATA, JMRTD])
def test_a_copy_is_known(profile):
    memory = cloned(issued(profile))
    for terminal in (None, country().terminal()):
        found = reading(memory, [zone_password()], terminal=terminal)
        assert found.chip_authentication is Proof.FAILED
        assert found.passive.outcome == "verified"
        assert not found.fingers_granted
        assert found.content == content(fingers=())
        assert doubt(found) is Doubt.CLONED


@pytest.mark.parametrize("profile", [STORE_DATA, JMRTD])
@pytest.mark.parametrize("group", [DG1, DG2, DG11])
def test_a_changed_bit_is_known(profile, group):
    found = read_files(
        Reader(altered(issued(profile), group)),
        [zone_password()],
        country().trust,
        on=TODAY,
        atr=ATR,
    )
    assert (found.passive.outcome, found.passive.reason) == ("failed", "altered")
    assert found.chip_authentication is Proof.VERIFIED
    assert doubt(found) is Doubt.ALTERED


def test_a_changed_key_is_no_proof():
    memory = issued(JMRTD)
    copied = issued_chip(agreement=((CURVE, None),), agreement_suites=(1,))
    memory["files"]["010E"] = copied["files"]["010E"]
    memory["agreement_keys"] = copied["agreement_keys"]
    found = reading(memory, [zone_password()])
    assert found.chip_authentication is Proof.FAILED
    assert doubt(found) is Doubt.ALTERED


def test_a_changed_signing_key_is_no_proof():
    memory = plain_chip(agreement=(), signing_key=ec.generate_private_key(CURVE))
    other = issued_chip(signing_key=ec.generate_private_key(CURVE))
    memory["files"]["010F"], memory["signing_key"] = other["files"]["010F"], other["signing_key"]
    found = reading(memory)
    assert found.active_authentication is Proof.FAILED
    assert doubt(found) is Doubt.ALTERED


def test_a_file_in_the_place_of_another_is_malformed():
    memory = issued()
    memory["files"]["0102"] = memory["files"]["010B"]
    with pytest.raises(ChipError, match="DG2 is something else"):
        read_files(Reader(signed(memory)), [RIGHT], country().trust, on=TODAY, atr=ATR)


def test_one_failed_proof_outweighs_another():
    found = replace(reading(issued()), active_authentication=Proof.FAILED)
    assert found.is_proven
    assert doubt(found) is Doubt.CLONED


def test_another_country_s_card_is_foreign():
    land = Country()
    for trust in (TrustStore(), TrustStore([land.root_certificate])):
        found = reading(issued(), trust=trust)
        assert found.passive.outcome == "no_trust_anchor"
        assert found.chip_authentication is Proof.VERIFIED
        assert doubt(found) is Doubt.FOREIGN
    none = read(Reader(issued()), [RIGHT], None, on=TODAY, atr=ATR)
    assert doubt(none) is Doubt.FOREIGN


def test_the_signer_s_time_is_over():
    found = reading(issued(), on=date(2037, 1, 1))
    assert found.passive.reason == "expired"
    assert doubt(found) is Doubt.EXPIRED
    only_mapping = mapping_chip()
    assert doubt(reading(only_mapping)) is None
    assert doubt(reading(only_mapping, on=date(2037, 1, 1))) is Doubt.EXPIRED


@pytest.mark.parametrize(
    ("outcome", "reason", "proof", "found"),
    [
        ("verified", "", Proof.VERIFIED, None),
        ("verified", "", Proof.ABSENT, Doubt.CLONED),
        ("verified", "", Proof.FAILED, Doubt.CLONED),
        ("failed", "revoked", Proof.VERIFIED, Doubt.REVOKED),
        ("failed", "revoked", Proof.FAILED, Doubt.CLONED),
        ("failed", "altered", Proof.FAILED, Doubt.ALTERED),
        ("failed", "unsigned_group", Proof.VERIFIED, Doubt.ALTERED),
        ("failed", "bad_signature", Proof.VERIFIED, Doubt.ALTERED),
        ("failed", "malformed", Proof.VERIFIED, Doubt.ALTERED),
        ("failed", "not_supported", Proof.VERIFIED, Doubt.FOREIGN),
        ("no_trust_anchor", "", Proof.VERIFIED, Doubt.FOREIGN),
    ],
)
def test_the_gravest_doubt_is_told(outcome, reason, proof, found):
    one = reading(issued(JMRTD), [zone_password()])
    passive = replace(one.passive, outcome=outcome, reason=reason)
    assert doubt(replace(one, passive=passive, chip_authentication=proof)) is found


def test_a_chip_that_cannot_prove_itself_is_told_apart():
    old = plain_chip(agreement=(), pace=())
    del old["files"]["010E"]
    found = reading(signed(old), [zone_password()])
    assert doubt(found) is None
    assert not found.is_proven
    assert (found.chip_authentication, found.active_authentication) == (Proof.ABSENT, Proof.ABSENT)


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)]
)
def test_active_authentication_where_there_is_nothing_better(key):
    memory = plain_chip(agreement=(), signing_key=key)
    found = reading(memory)
    assert (found.active_authentication, found.chip_authentication) == (
        Proof.VERIFIED,
        Proof.ABSENT,
    )
    assert doubt(found) is None
    copied = reading(cloned(memory))
    assert copied.active_authentication is Proof.FAILED
    assert doubt(copied) is Doubt.CLONED
    mute = deepcopy(memory)
    del mute["signing_key"]
    assert doubt(reading(mute)) is Doubt.CLONED


def test_a_copy_that_hides_its_signing_key_is_known():
    memory = plain_chip(agreement=(), signing_key=ec.generate_private_key(CURVE))
    del memory["files"]["010F"]
    found = reading(memory)
    assert found.active_authentication is Proof.ABSENT
    assert doubt(found) is Doubt.CLONED


def mapping_chip(land: Country | None = None, **changes: Any) -> Memory:
    """A chip that proves itself by chip authentication mapping alone."""
    key = ec.generate_private_key(CURVE)
    memory = plain_chip(agreement=(), pace=((6, 2, 12),), mapping_key=key, **changes)
    infos = security_infos(pace_info(6, 2, 12), ("04007F0007020201 02", [public_info(key)]))
    signer = (land or country()).document_signer
    memory["master_files"]["011D"] = build_card_security(infos, signer).hex()
    return memory


def test_the_mapping_alone():
    memory = mapping_chip(trust_points=[country().trust_point.encode()])
    found = reading(memory)
    assert (found.mapping, found.chip_authentication) == ("CAM", Proof.VERIFIED)
    assert doubt(found) is None
    # With a terminal EF.CardSecurity is fetched later, and PACE's key stands for the terminal.
    fingers = reading(memory, terminal=country().terminal())
    assert (fingers.chip_authentication, fingers.fingers_granted) == (Proof.VERIFIED, True)


def test_the_mapping_of_a_copy():
    found = reading(cloned(mapping_chip()))
    assert found.chip_authentication is Proof.FAILED
    assert doubt(found) is Doubt.CLONED


def test_the_mapping_s_key_must_be_signed_by_somebody_we_know():
    """Else anybody could sign a key of his own for a copy of a genuine card."""
    forged = mapping_chip(Country())
    found = reading(forged)
    assert found.passive.outcome == "verified"
    assert found.chip_authentication is Proof.FAILED
    assert doubt(found) is Doubt.CLONED
    unknown = reading(forged, trust=TrustStore())
    assert unknown.chip_authentication is Proof.VERIFIED
    assert doubt(unknown) is Doubt.FOREIGN


@pytest.mark.parametrize("change", ["gone", "broken"])
def test_the_mapping_without_a_signature_that_holds(change):
    memory = mapping_chip()
    signed_key = memory["master_files"].pop("011D")
    if change == "broken":
        memory["master_files"]["011D"] = signed_key[:-8] + "0" * 8
    assert doubt(reading(memory)) is Doubt.CLONED


def test_a_broken_proof_by_mapping_outweighs_chip_authentication():
    memory = issued()
    memory["mapping_key"] = cloned(memory)["mapping_key"]
    assert reading(memory).chip_authentication is Proof.FAILED


def test_a_chip_that_offers_less_than_was_signed():
    """The forger takes the mapping out of EF.CardAccess, or the whole file away."""
    memory = issued()
    memory["master_files"]["011C"] = security_infos(pace_info(2, 2, 12)).hex()
    found = reading(memory)
    assert (found.mapping, found.chip_authentication) == ("GM", Proof.VERIFIED)
    del memory["master_files"]["011C"]
    with pytest.raises(ChipError, match="not_genuine"):
        reading(memory, [zone_password()])


def test_a_chip_that_offers_something_else_than_was_signed():
    memory = plain_chip()
    memory["master_files"]["011C"] = security_infos(pace_info(2, 2, 12), pace_info(1, 2, 0)).hex()
    with pytest.raises(ChipError) as caught:
        reading(memory)
    assert caught.value.reason == "not_genuine"


def test_pace_that_is_not_known_here_leaves_bac():
    access = [("04007F00070202 0409 02", [number(2), number(12)])]
    memory = plain_chip(pace=())
    memory["master_files"]["011C"] = security_infos(*access).hex()
    infos = parse_one(parse_one(bytes.fromhex(memory["files"]["010E"]), 0x6E), 0x31)
    infos += parse_one(security_infos(*access), 0x31)
    memory["files"]["010E"] = build(0x6E, build(0x31, infos)).hex()
    found = reading(signed(memory), [RIGHT, zone_password()])
    assert found.protocol == "BAC"
    assert doubt(found) is None


@pytest.mark.parametrize("pace", [((1, 2, 1),), ((4, 4, 13),), ((3, 1, 0),), ((2, 3, 18),)])
def test_other_ways_of_pace(pace):
    found = reading(plain_chip(pace=pace))
    assert found.protocol == "PACE"
    assert doubt(found) is None


def test_unknown_groups_are_skipped_and_ef_com_may_be_absent():
    memory = plain_chip(files={0x010C: b"\x6c\x00", 0x010D: b"\x6d\x01\x00"})
    del memory["files"]["011E"]
    found = reading(signed(memory))
    assert set(found.files) == {EF_SOD, DG14, DG1, DG2, DG11}
    assert doubt(found) is None
    assert EF_COM not in reading(memory, wanted=EVERYTHING).files


def test_fingers_that_are_not_kept_are_read_without_a_terminal():
    memory = plain_chip(fingers_open=True)
    found = reading(memory, wanted=ALL_GROUPS)
    assert found.fingers_granted
    assert found.content == content()


def test_a_signed_group_that_is_not_there_is_an_error():
    memory = issued()
    del memory["files"]["010B"]
    with pytest.raises(ChipError, match="no_file"):
        reading(memory)


def test_no_identity_card():
    memory = issued()
    memory["files"], memory["master_files"] = {}, {}
    with pytest.raises(ChipError):
        reading(memory)
    blank: Memory = {"serial": SERIAL, "applet": "store_data", "files": {}, "master_files": {}}
    with pytest.raises(ChipError):
        reading(blank)


@pytest.mark.parametrize(
    ("fid", "data"),
    [
        ("011D", "77023000"),
        ("011D", "7700"),
        ("011D", "30023000"),
        ("010E", "6E023100"),
        ("0101", "6F035F1F00"),
        ("0101", "61035F1F00"),
        ("0102", "7500"),
    ],
)
def test_files_that_make_no_sense(fid, data):
    memory = issued()
    memory["files"][fid] = data
    with pytest.raises(ChipError):
        reading(memory)


def test_what_cannot_be_understood_can_still_be_looked_at():
    memory = plain_chip()
    memory["files"]["0102"] = "75037F6100"
    found = read_files(Reader(signed(memory)), [RIGHT], country().trust, on=TODAY, atr=ATR)
    assert found.passive.outcome == "verified"
    assert found.files[DG2].hex() == "75037f6100"
    with pytest.raises(ChipError, match="malformed"):
        _ = found.content
    with pytest.raises(ChipError, match="malformed"):
        reading(memory)


def test_a_chip_can_be_read_again_without_new_power():
    reader = Reader(issued())
    for wanted in (ALL_GROUPS, frozenset({DG1})):
        found = read(reader, [RIGHT], country().trust, wanted=wanted, on=TODAY, atr=ATR)
        assert doubt(found) is None


def test_a_reader_that_spoils_long_answers_gets_short_ones():
    def spoil(_command: bytes, answer: bytes) -> bytes:
        return answer if len(answer) <= 258 else answer[:40] + b"\0" + answer[41:]

    memory = issued()
    found = read(Reader(memory, spoil), [RIGHT], country().trust, on=TODAY, atr=ATR)
    assert found.content == content(fingers=())
    assert doubt(found) is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(), st.lists(st.binary(max_size=260), min_size=1, max_size=5), st.booleans())
def test_no_answers_break_the_reader(random, answers, has_pace):
    def lie(_command: bytes, answer: bytes) -> bytes:
        known = (b"\x61\x05", b"\x90\x00", b"\x6c\x00", b"", b"\x63\x00", b"\x69\x82")
        return random.choice((*answers, *known)) if random.random() < 0.04 else answer

    memory = issued(STORE_DATA if has_pace else JMRTD)
    terminal = country().terminal()
    try:
        found = read(
            Reader(memory, lie), [zone_password()], country().trust, terminal, on=TODAY, atr=ATR
        )
    except ChipError:
        return
    if doubt(found) is None:
        assert found.content.mrz == content().mrz


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_files_break_the_reader(data):
    memory = issued()
    place = data.draw(st.sampled_from(("files", "master_files")))
    fid = data.draw(st.sampled_from(sorted(memory[place])))
    old = bytes.fromhex(memory[place][fid])
    at = data.draw(st.integers(0, len(old) - 1))
    new = old[:at] + data.draw(st.binary(max_size=6)) + old[at + data.draw(st.integers(0, 6)) :]
    memory[place][fid] = new.hex()
    try:
        found = reading(memory, terminal=country().terminal())
    except ChipError:
        return
    is_read = int(fid, 16) in (found.files if place == "files" else found.master_files)
    assert new == old or doubt(found) is not None or not is_read


def test_a_reading_says_nothing_of_its_holder():
    found = reading(issued())
    assert "CHAN" not in repr(found)
    assert "0x" in repr(found)


def test_the_serial_number():
    assert read_serial(Reader(issued())) == SERIAL
    for record in ("", "9F7F2A", "9F7F14" + 20 * "00", "9F802A" + 42 * "00"):
        with pytest.raises(ChipError, match="malformed"):
            read_serial(Reader(issued(), _says(bytes.fromhex(record) + b"\x90\x00")))


def _says(told: bytes) -> Callable[[bytes, bytes], bytes]:
    return lambda _command, _answer: told
