"""The simulated chip's protocols: each opens what it should, and nothing else does."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key

from hardware.simulation.chip import SimulatedChip, altered, cloned, personalised_chip
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.objects import encode
from tests.support.chip_terminal import Refused, Terminal, cv_certificate
from tests.support.chips import CAN, GROUP_1, INFORMATION, SERIAL, issued_chip, powered

GROUP_2 = encode(0x75, bytes(range(256)) * 160)
GROUP_3 = encode(0x63, b"fingers")
ALL_READABLE = 0x03
CVCA_1, CVCA_2, VERIFIER, STATION = b"UTCVCA00001", b"UTCVCA00002", b"UTDV00001", b"UTIS00001"


def refusal(what, *arguments, **named):
    with pytest.raises(Refused) as caught:
        what(*arguments, **named)
    return f"{caught.value.status_word:04X}"


def agreement_key(memory):
    key = load_der_private_key(bytes.fromhex(memory["agreement_keys"][0]["key"]), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.public_key()


@pytest.mark.parametrize("suite", [1, 2, 3, 4])
@pytest.mark.parametrize("parameters", [8, 10, 12, 13, 15, 16, 17, 18])
def test_pace_on_every_curve(suite, parameters):
    terminal = Terminal(powered(issued_chip(pace=[(2, suite, parameters)])))
    terminal.pace(CAN, suite=suite, parameters=parameters)
    terminal.select_application()
    assert terminal.read(0x0101) == GROUP_1


@pytest.mark.parametrize(
    ("kind", "suite", "parameters"),
    [(1, 2, 0), (1, 1, 1), (1, 4, 2), (3, 2, 0), (3, 4, 2)]
    + [(4, suite, parameters) for suite in (1, 2, 3, 4) for parameters in (12, 13, 18)],
)
def test_pace_in_fields_and_with_integrated_mapping(kind, suite, parameters):
    terminal = Terminal(powered(issued_chip(pace=[(kind, suite, parameters)])))
    terminal.pace(INFORMATION, 1, kind=kind, suite=suite, parameters=parameters)
    terminal.select_application()
    assert terminal.read(0x0101) == GROUP_1


def test_integrated_mapping_is_not_offered_where_it_is_not_defined():
    """The prime of P-224 is 1 modulo 4."""
    terminal = Terminal(powered(issued_chip(pace=[(4, 2, 10)])))
    assert refusal(terminal.pace, CAN, kind=4, parameters=10) == "6A80"


@pytest.mark.parametrize("parameters", [12, 13])
def test_the_mapping_proves_the_chip(parameters):
    """Clause 4.4.3.5.2: the chip's mapping key is its static key times the proof."""
    name = {12: ec.SECP256R1(), 13: ec.BrainpoolP256R1()}[parameters]
    key = ec.generate_private_key(name)
    memory = issued_chip(pace=[(2, 2, parameters), (6, 2, parameters)], mapping_key=key)
    memory["master_files"]["011D"] = "3000"

    def proven(memory):
        terminal = Terminal(powered(memory))
        terminal.pace(CAN, kind=6, parameters=parameters)
        assert terminal.read(0x011D) == b"\x30\x00"
        curve = Curve.named(name.name)
        number = int.from_bytes(terminal.mapping_proof, "big")
        static = key.public_key().public_numbers()
        proof = ec.derive_private_key(number, name)
        point = curve.multiply(proof, number, curve.encode((static.x, static.y)))
        return curve.encode(point) == terminal.mapping_public

    assert proven(memory)
    assert not proven(cloned(memory))


def test_a_wrong_password_opens_nothing_and_makes_the_chip_slow():
    waited: list[float] = []
    memory = issued_chip()
    terminal = Terminal(SimulatedChip(memory, lambda: None, wait=waited.append))
    for _ in range(5):
        assert refusal(terminal.pace, "654321") == "6300"
    assert waited == [0.5, 1.0, 2.0]
    terminal.select_application()
    assert refusal(terminal.read, 0x0101) == "6982"
    terminal.pace(CAN)
    assert memory["failures"]["password"] == 0
    terminal.messaging = None
    terminal.select_application()
    terminal.pace(CAN)
    assert waited == [0.5, 1.0, 2.0, 4.0]


def test_a_pin_is_blocked_after_three_failures_and_freed_with_the_puk():
    memory = issued_chip()
    memory["passwords"] |= {"pin": "123123", "puk": "87654321"}
    terminal = Terminal(powered(memory))
    words = [refusal(terminal.pace, "999999", 3) for _ in range(4)]
    assert words == ["63C2", "63C1", "63C0", "6983"]
    terminal = Terminal(powered(memory))
    assert refusal(terminal.pace, "123123", 3) == "6983"
    assert refusal(terminal.do, "002C0303") == "6982"
    terminal.pace("87654321", 4)
    terminal.do("002C0303")
    terminal.pace("123123", 3)


def test_references_of_authorities_come_when_they_are_asked_for():
    key = ec.generate_private_key(ec.SECP256R1())
    first = cv_certificate(CVCA_1, CVCA_1, 0xC3, key, key, "250101")
    second = cv_certificate(CVCA_1, CVCA_2, 0xC3, key, key, "251231")
    memory = issued_chip(trust_points=[first, second])
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    assert not terminal.authorities
    template = encode(0x06, bytes.fromhex("04007F000703010201")) + encode(0x53, b"\x23")
    terminal.pace(CAN, template=encode(0x7F4C, template))
    assert terminal.authorities == (CVCA_2, CVCA_1)
    terminal.select_application()
    expected = encode(0x42, CVCA_2) + encode(0x42, CVCA_1)
    assert terminal.read(0x011C) == expected.ljust(36, b"\x00")


def test_pace_keeps_its_order():
    terminal = Terminal(powered(issued_chip()))
    choice = encode(0x80, bytes.fromhex("04007F00070202040202")) + encode(0x83, b"\x02")
    assert refusal(terminal.step, b"") == "6985"
    terminal.do("0022C1A4", choice)
    assert refusal(terminal.step, encode(0x81, bytes(65))) == "6A80"
    assert refusal(terminal.step, b"") == "6985"
    terminal.do("0022C1A4", choice)
    terminal.step(b"")
    assert refusal(terminal.step, encode(0x81, b"\x04" + bytes(64))) == "6A80"
    terminal.do("0022C1A4", choice)
    assert refusal(terminal.step, b"", last=True) == "6985"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (encode(0x80, bytes.fromhex("04007F00070202040204")) + encode(0x83, b"\x02"), "6A80"),
        (encode(0x80, bytes.fromhex("04007F00070202040202")) + encode(0x83, b"\x03"), "6A88"),
        (encode(0x80, bytes.fromhex("04007F00070202040202")), "6A88"),
        (
            encode(0x80, bytes.fromhex("04007F00070202040202"))
            + encode(0x83, b"\x02")
            + encode(0x84, b"\x0d"),
            "6A88",
        ),
        (b"\x80\x05", "6A80"),
        (b"", "6A80"),
    ],
)
def test_what_the_chip_does_not_offer(data, word):
    assert refusal(Terminal(powered(issued_chip())).do, "0022C1A4", data) == word


def test_ambiguous_parameters_must_be_told():
    terminal = Terminal(powered(issued_chip(pace=[(2, 2, 12), (2, 2, 13)])))
    choice = encode(0x80, bytes.fromhex("04007F00070202040202")) + encode(0x83, b"\x02")
    assert refusal(terminal.do, "0022C1A4", choice) == "6A88"
    terminal.pace(CAN, parameters=13)


def test_basic_access():
    terminal = Terminal(powered(issued_chip(files={0x0102: GROUP_2, 0x0103: GROUP_3})))
    assert refusal(terminal.basic_access, INFORMATION) == "6985"
    terminal.select_application()
    assert refusal(terminal.read, 0x0101) == "6982"
    assert refusal(terminal.basic_access, INFORMATION.replace("L", "M")) == "6300"
    terminal.basic_access(INFORMATION)
    assert terminal.read(0x0102, chunk=231) == GROUP_2
    assert refusal(terminal.read, 0x0103) == "6982"


def test_a_chip_that_leaves_all_to_pace():
    terminal = Terminal(powered(issued_chip(basic_access=False)))
    terminal.select_application()
    assert refusal(terminal.basic_access, INFORMATION) == "6985"


def test_an_old_document_opens_with_its_own_zone():
    terminal = Terminal(powered(personalised_chip(SERIAL, {0x0101: GROUP_1, 0x0103: GROUP_3})))
    assert refusal(terminal.pace, CAN) == "6A80"
    terminal.select_application()
    terminal.basic_access(INFORMATION)
    assert terminal.read(0x0101) == GROUP_1
    assert terminal.read(0x0103) == GROUP_3


@pytest.mark.parametrize(
    ("zone", "information"),
    [
        # ICAO Doc 9303-11 appendix D.2: long numbers go on in the optional data
        (
            "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2"
            "STEVENSON<<PETER<JOHN<<<<<<<<<",
            "D23145890734934071279507122",
        ),
        (
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<L898902C<3UTO6908061F9406236<<<<<<<2",
            "L898902C<369080619406236",
        ),
    ],
)
def test_keys_of_other_zones(zone, information):
    group = encode(0x61, encode(0x5F1F, zone.encode()))
    terminal = Terminal(powered(personalised_chip(SERIAL, {0x0101: group})))
    terminal.select_application()
    terminal.basic_access(information)
    assert terminal.read(0x0101) == group


@pytest.mark.parametrize("suite", [1, 2, 3, 4])
@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.BrainpoolP384R1()])
def test_chip_authentication_changes_the_keys(suite, curve):
    memory = issued_chip(agreement=[(curve, None)], agreement_suites=(1, 2, 3, 4))
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    terminal.select_application()
    terminal.chip_authentication(agreement_key(memory), suite)
    assert terminal.read(0x0101) == GROUP_1


def test_a_clone_fails_chip_authentication():
    memory = issued_chip()
    terminal = Terminal(powered(cloned(memory)))
    terminal.pace(CAN)
    terminal.select_application()
    terminal.chip_authentication(agreement_key(memory))
    assert refusal(terminal.read, 0x0101) == "6988"


def test_chip_authentication_chooses_among_keys():
    curves = [(ec.SECP256R1(), 1), (ec.SECP384R1(), 2)]
    memory = issued_chip(agreement=curves)
    terminal = Terminal(powered(memory))
    key = agreement_key(memory)
    assert refusal(terminal.chip_authentication, key) == "6982"
    terminal.pace(CAN)
    terminal.select_application()
    assert refusal(terminal.chip_authentication, key) == "6A88"
    assert refusal(terminal.chip_authentication, key, reference=3) == "6A88"
    assert refusal(terminal.chip_authentication, key, 4, 1) == "6A80"
    terminal.chip_authentication(key, reference=1)
    assert terminal.read(0x0101) == GROUP_1


def test_a_point_off_the_curve_leaves_the_old_keys():
    terminal = Terminal(powered(issued_chip()))
    terminal.pace(CAN)
    terminal.select_application()
    assert refusal(terminal.do, "002241A6", encode(0x91, b"\x04" + bytes(64))) == "6A80"
    assert terminal.read(0x0101) == GROUP_1


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_active_authentication_on_a_curve(curve):
    key = ec.generate_private_key(curve)
    terminal = Terminal(powered(issued_chip(signing_key=key)))
    assert refusal(terminal.do, "00880000", bytes(8), 256) == "6982"
    terminal.pace(CAN)
    terminal.select_application()
    signature = terminal.do("00880000", b"12345678", 256)
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    algorithm = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[curve.key_size]
    key.public_key().verify(encode_dss_signature(r, s), b"12345678", ec.ECDSA(algorithm))
    assert refusal(terminal.do, "00880000", bytes(7), 256) == "6700"


@pytest.mark.parametrize(
    ("bits", "trailer", "algorithm"), [(1280, "bc", "sha1"), (2048, "34cc", "sha256")]
)
def test_active_authentication_with_message_recovery(bits, trailer, algorithm):
    """ISO 9796-2; the longer answer does not fit and is fetched with GET RESPONSE."""
    key = rsa.generate_private_key(65537, bits)
    terminal = Terminal(powered(issued_chip(signing_key=key)))
    terminal.pace(CAN)
    terminal.select_application()
    signature = terminal.do("00880000", b"12345678", 256)
    numbers = key.public_key().public_numbers()
    opened = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n).to_bytes(bits // 8, "big")
    size = hashlib.new(algorithm).digest_size
    end = len(opened) - len(trailer) // 2
    assert opened[:1].hex() == "6a"
    assert opened[end:].hex() == trailer
    first, digest = opened[1 : end - size], opened[end - size : end]
    assert hashlib.new(algorithm, first + b"12345678").digest() == digest


class Authorities:
    """A CVCA, its verifier and a station, each with a certificate."""

    def __init__(self, verifier_role: int = 0x80, rights: int = ALL_READABLE) -> None:
        self.root, self.verifier, self.station = (
            ec.generate_private_key(ec.SECP256R1()) for _ in range(3)
        )
        self.trust_point = cv_certificate(CVCA_1, CVCA_1, 0xC3, self.root, self.root)
        self.of_verifier = cv_certificate(
            CVCA_1, VERIFIER, verifier_role | 3, self.verifier, self.root, with_curve=False
        )
        self.of_station = self.certify(rights)

    def certify(self, rights: int, effective: str = "260201", expiry: str = "260301") -> bytes:
        return cv_certificate(
            VERIFIER,
            STATION,
            rights,
            self.station,
            self.verifier,
            effective,
            expiry,
            with_curve=False,
        )


def extended_access(memory, authorities, *, chip_authentication=True):
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    terminal.select_application()
    if chip_authentication:
        terminal.chip_authentication(agreement_key(memory))
    terminal.present(CVCA_1, authorities.of_verifier)
    terminal.present(VERIFIER, authorities.of_station)
    return terminal


def test_terminal_authentication_opens_the_fingers():
    authorities = Authorities()
    memory = issued_chip(files={0x0103: GROUP_3}, trust_points=[authorities.trust_point])
    terminal = extended_access(memory, authorities)
    assert refusal(terminal.read, 0x0103) == "6982"
    terminal.prove(STATION, authorities.station)
    assert terminal.read(0x0103) == GROUP_3
    assert memory["date"] == "260201"
    terminal.chip_authentication(agreement_key(memory))
    assert refusal(terminal.read, 0x0103) == "6982"
    assert refusal(terminal.prove, STATION, authorities.station) == "6982"


def test_terminal_authentication_after_basic_access():
    authorities = Authorities()
    memory = issued_chip(files={0x0103: GROUP_3}, trust_points=[authorities.trust_point])
    terminal = Terminal(powered(memory))
    terminal.select_application()
    terminal.basic_access(INFORMATION)
    assert terminal.identity == b"L898902C<3"
    terminal.chip_authentication(agreement_key(memory), 1)
    terminal.present(CVCA_1, authorities.of_verifier)
    terminal.present(VERIFIER, authorities.of_station)
    terminal.prove(STATION, authorities.station)
    assert terminal.read(0x0103) == GROUP_3


def test_terminal_authentication_after_the_mapping_of_that_name():
    authorities = Authorities()
    key = ec.generate_private_key(ec.SECP256R1())
    memory = issued_chip(
        files={0x0103: GROUP_3},
        pace=[(6, 2, 12)],
        mapping_key=key,
        trust_points=[authorities.trust_point],
    )
    terminal = Terminal(powered(memory))
    terminal.pace(CAN, kind=6)
    terminal.select_application()
    terminal.present(CVCA_1, authorities.of_verifier)
    terminal.present(VERIFIER, authorities.of_station)
    terminal.prove(STATION, authorities.station)
    assert terminal.read(0x0103) == GROUP_3


def test_terminal_authentication_needs_chip_authentication():
    authorities = Authorities()
    memory = issued_chip(files={0x0103: GROUP_3}, trust_points=[authorities.trust_point])
    terminal = extended_access(memory, authorities, chip_authentication=False)
    assert refusal(terminal.prove, STATION, authorities.station) == "6982"


@pytest.mark.parametrize(("rights", "readable"), [(0x00, ""), (0x01, "3"), (0x02, "4")])
def test_rights_are_those_of_the_whole_chain(rights, readable):
    authorities = Authorities(rights=rights)
    memory = issued_chip(
        files={0x0103: GROUP_3, 0x0104: GROUP_3}, trust_points=[authorities.trust_point]
    )
    terminal = extended_access(memory, authorities)
    terminal.prove(STATION, authorities.station)
    for group in "34":
        if group in readable:
            assert terminal.read(0x0100 + int(group)) == GROUP_3
        else:
            assert refusal(terminal.read, 0x0100 + int(group)) == "6982"


def test_another_station_s_signature_is_refused():
    authorities = Authorities()
    memory = issued_chip(files={0x0103: GROUP_3}, trust_points=[authorities.trust_point])
    terminal = extended_access(memory, authorities)
    assert refusal(terminal.prove, STATION, authorities.verifier) == "6300"
    assert refusal(terminal.read, 0x0103) == "6982"


def test_certificates_that_are_not_taken():
    authorities = Authorities()
    memory = issued_chip(trust_points=[authorities.trust_point], date="260215")
    terminal = extended_access(memory, authorities)
    outdated = authorities.certify(3, "260101", "260214")
    forged = authorities.of_verifier[:-1] + bytes([authorities.of_verifier[-1] ^ 1])
    by_root = cv_certificate(CVCA_1, STATION, 3, authorities.station, authorities.root)
    of_station = cv_certificate(STATION, b"UTIS00002", 3, authorities.station, authorities.station)
    assert refusal(terminal.present, CVCA_1, forged) == "6300"
    assert refusal(terminal.present, CVCA_1, by_root) == "6300"
    assert refusal(terminal.present, b"UTCVCA00009", authorities.of_verifier) == "6A88"
    terminal.present(CVCA_1, authorities.of_verifier)
    assert refusal(terminal.present, VERIFIER, outdated) == "6300"
    terminal.present(CVCA_1, authorities.of_verifier)
    terminal.present(VERIFIER, authorities.of_station)
    assert refusal(terminal.present, STATION, of_station) == "6300"
    assert refusal(terminal.do, "002A00BE", b"\x7f\x4e\x00") == "6985"


def test_a_foreign_verifier_does_not_set_the_date():
    authorities = Authorities(verifier_role=0x40)
    memory = issued_chip(trust_points=[authorities.trust_point], date="251231")
    extended_access(memory, authorities)
    assert memory["date"] == "260101"


def test_a_link_certificate_becomes_a_trust_point_for_good():
    authorities = Authorities()
    memory = issued_chip(files={0x0103: GROUP_3}, trust_points=[authorities.trust_point])
    new = ec.generate_private_key(ec.SECP384R1())
    link = cv_certificate(CVCA_1, CVCA_2, 0xC1, new, authorities.root, "260401")
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    terminal.present(CVCA_1, link)
    assert memory["date"] == "260401"
    assert len(memory["trust_points"]) == 2
    verifier = cv_certificate(CVCA_2, VERIFIER, 0x83, authorities.verifier, new, "260401")
    station = authorities.certify(3, "260402", "261231")
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    terminal.select_application()
    terminal.chip_authentication(agreement_key(memory))
    assert refusal(terminal.present, CVCA_1, Authorities().of_verifier) == "6300"
    terminal.present(CVCA_2, verifier)
    terminal.present(VERIFIER, station)
    terminal.prove(STATION, authorities.station)
    assert terminal.read(0x0103) == GROUP_3


def test_a_trust_point_that_has_expired_verifies_its_link_alone():
    authorities = Authorities()
    memory = issued_chip(trust_points=[authorities.trust_point], date="300101")
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    verifier = cv_certificate(
        CVCA_1, VERIFIER, 0x83, authorities.verifier, authorities.root, expiry="311231"
    )
    assert refusal(terminal.present, CVCA_1, verifier) == "6300"
    new = ec.generate_private_key(ec.SECP256R1())
    terminal.present(CVCA_1, cv_certificate(CVCA_1, CVCA_2, 0xC3, new, authorities.root, "291101"))
    assert memory["date"] == "300101"
    later = cv_certificate(CVCA_2, VERIFIER, 0x83, authorities.verifier, new, expiry="311231")
    assert refusal(terminal.present, CVCA_2, later) == "6300"


def test_an_altered_file_is_still_read():
    memory = altered(issued_chip(), 0x0101)
    terminal = Terminal(powered(memory))
    terminal.pace(CAN)
    terminal.select_application()
    assert terminal.read(0x0101) == GROUP_1[:-1] + bytes([GROUP_1[-1] ^ 1])
