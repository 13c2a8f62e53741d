"""SBI's building blocks against literal values; its records against another reader and writer."""

import base64
import json
import socket
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from PIL import Image

from common.matching.finger_records import fir_2011
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage
from common.matching.finger_template import FingerPosition
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.sbi import discovery
from hardware.sbi.biometrics import FINGERS, BioType, Slap, slap_of
from hardware.sbi.codes import error_of
from hardware.sbi.devices import callback_address, info_of
from hardware.sbi.fields import base64url, moment, parsed, score
from hardware.sbi.hash_chain import linked
from hardware.sbi.records import finger_picture
from hardware.sbi.refusals import AnswerRefusedError, Refusal
from hardware.sbi.sealed import nonce_and_additional
from hardware.sbi.tokens import Judge
from hardware.sbi.trust import Domain, Trust
from hardware.simulation.sbi_keys import authority, key, leaf, publish, signed
from hardware.simulation.sbi_records import finger_record
from tests.contract.rigs.fingerprint_scanners import RIGS

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_hash_chain_has_the_binary_reading() -> None:
    first = linked("", b"ISO-ONE")
    assert first == "1D0E4C73F20466771E11294A31EC1F170C0B4AFD2900215AABCBFB876D2CEB1D"
    second = "59A5882FC6C3E18F742CFBC53A7199CD02AA5201D4FA1A1C97591162D2036D6E"
    assert linked(first, b"ISO-TWO") == second
    with pytest.raises(AnswerRefusedError, match="malformed"):
        linked("no hash", b"")


def test_nonce_and_additional_data_come_from_time_and_transaction() -> None:
    nonce, additional = nonce_and_additional("2026-01-02T03:04:05Z", "txn-0001")
    assert nonce.hex() == "3032543047425e190a00056b"
    assert additional.hex() == "2d30312d3032543047425e190a00056b"


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        ("100", DeviceFaultError, "not_registered"),
        ("101", DeviceFaultError, "no_biometric"),
        ("106", DeviceAbsentError, "106"),
        ("109", DeviceFaultError, "count"),
        ("110", DeviceFaultError, "not_ready"),
        ("111", DeviceBusyError, "111"),
        ("703", DeviceBusyError, "703"),
        ("121", DeviceFaultError, "refused"),
        ("500", DeviceFaultError, "refused"),
        ("607", DeviceFaultError, "refused"),
        ("700", DeviceFaultError, "stream_stopped"),
        ("701", DeviceTimeoutError, "701"),
        ("801", DeviceTimeoutError, "801"),
        ("999", DeviceFaultError, "fault"),
        ("a\nb" * 9, DeviceFaultError, "fault"),
    ],
)
def test_every_code_is_an_error_of_ours_with_the_code_kept(
    code: str, kind: type[Exception], word: str
) -> None:
    error = error_of(code)
    assert type(error) is kind or isinstance(error, kind)
    assert word in str(error)
    assert "\n" not in str(error)
    if isinstance(error, DeviceFaultError):
        assert error.code == code or len(error.code) == 8


def test_fingers_belong_to_slaps_and_have_their_iso_positions() -> None:
    assert (FINGERS["Right Thumb"], FINGERS["Left IndexFinger"]) == (1, 7)
    assert slap_of("Left IndexFinger") is Slap.LEFT
    assert {name for slap in Slap for name in slap.fingers} == set(FINGERS)
    assert [len(slap.fingers) for slap in Slap] == [4, 4, 2]
    with pytest.raises(ValueError, match="no finger"):
        slap_of("Left Ear")


@pytest.mark.parametrize(
    "there", ["http://10.0.0.1:4501/", "https://127.0.0.1:4501/", "http://127.0.0.1/", "ftp:x"]
)
def test_no_other_machine_is_asked_for_fingers(there: str) -> None:
    with pytest.raises(AnswerRefusedError) as caught:
        callback_address(there, "")
    assert caught.value.reason is Refusal.OTHER_HOST


def test_the_callback_takes_precedence() -> None:
    assert callback_address("http://127.0.0.1:4555/", "http://127.0.0.1:4501").endswith(":4555")
    assert callback_address("", "http://127.0.0.1:4501").endswith(":4501")
    with pytest.raises(AnswerRefusedError, match="malformed"):
        callback_address("http://127.0.0.1:99999999/", "")


def test_numbers_and_times_are_read_as_they_come_in_the_wild() -> None:
    assert [score({"s": value}, "s") for value in ("60.0", 60, 60.0, "60")] == [60.0] * 4
    wrongs: tuple[object, ...] = ("nan", "-1", "101", True, None, [], "1e999")
    for wrong in wrongs:
        with pytest.raises(AnswerRefusedError):
            score({"s": wrong}, "s")
    assert moment({"t": "2026-01-02T03:04:05Z"}, "t") == NOW
    assert moment({"t": "2026-01-02T11:04:05.000+08:00"}, "t") == NOW
    for late in ("2026-01-02T03:04:05", "soon", 1, None):
        with pytest.raises(AnswerRefusedError):
            moment({"t": late}, "t")


def test_base64url_takes_padding_and_nothing_else() -> None:
    assert base64url("SVNP", "x") == base64url("SVNP==", "x") == b"ISO"
    for wrong in ("SV+P", "SV/P", "SV P", "S", "é", ""):
        with pytest.raises(AnswerRefusedError):
            base64url(wrong, "x")


def test_a_tower_of_brackets_is_no_json() -> None:
    with pytest.raises(AnswerRefusedError):
        parsed("[" * 100_000)


# Tokens


@pytest.fixture(scope="module")
def judge() -> Judge:
    trust = Trust({Domain.DEVICE: [authority("device", DAY)], Domain.FTM: [authority("ftm", DAY)]})
    return Judge(trust, lambda: NOW)


def token(*, issuer: str = "device", signer: str = "device", is_expired: bool = False) -> str:
    return signed({"a": 1}, leaf("device", issuer, DAY, is_expired=is_expired), signer)


def with_header(**changes: object) -> str:
    head, body, signature = token().split(".")
    fields = json.loads(base64.urlsafe_b64decode(head + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**fields, **changes}).encode()).rstrip(b"=")
    return f"{changed.decode()}.{body}.{signature}"


def refused(judge: Judge, text: str, domain: Domain = Domain.DEVICE) -> Refusal:
    with pytest.raises(AnswerRefusedError) as caught:
        judge.opened(text, domain)
    return caught.value.reason


def test_a_token_of_a_believed_device_is_opened(judge: Judge) -> None:
    assert judge.opened(token(), Domain.DEVICE) == {"a": 1}


def test_each_way_not_to_be_believed_has_its_reason(judge: Judge) -> None:
    assert refused(judge, token(), Domain.FTM) is Refusal.UNTRUSTED_DEVICE
    assert refused(judge, token(issuer="stranger")) is Refusal.UNTRUSTED_DEVICE
    assert refused(judge, token(signer="forger")) is Refusal.WRONG_SIGNATURE
    assert refused(judge, token(is_expired=True)) is Refusal.EXPIRED_CERTIFICATE
    for algorithm in ("none", "HS256", "RS512", None):
        assert refused(judge, with_header(alg=algorithm)) is Refusal.WRONG_SIGNATURE
    for chain in (None, [], [1], ["AAAA"], "x", ["=" * 8], [""] * 6):
        assert refused(judge, with_header(x5c=chain)) is Refusal.MALFORMED
    assert refused(judge, with_header(crit=["b64"], b64=False)) is Refusal.MALFORMED
    assert refused(judge, with_header(typ="other")) is Refusal.WRONG_SIGNATURE  # it is signed too
    for text in ("", "a.b", "a.b.c.d", "....", "ü.ü.ü"):
        assert refused(judge, text) is Refusal.MALFORMED
    assert refused(Judge(Trust({}), lambda: NOW), token()) is Refusal.UNTRUSTED_DEVICE
    later = Judge(judge.trust, lambda: NOW + timedelta(days=40))
    assert refused(later, token()) is Refusal.EXPIRED_CERTIFICATE


def test_a_device_may_not_sign_for_another_as_an_authority_does(judge: Judge) -> None:
    """The middle of this chain is a device's certificate, which is no authority."""
    middle = leaf("device", "device", DAY, is_expired=False)
    end = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "end")]))
        .issuer_name(middle.subject)
        .public_key(key("forger").public_key())
        .serial_number(7)
        .not_valid_before(DAY)
        .not_valid_after(DAY + timedelta(days=9))
        .sign(key("device"), hashes.SHA256())
    )
    text = signed({"a": 1}, end, "forger")
    chain = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in (end, middle)]
    head, body, _ = text.split(".")
    fields = {"alg": "RS256", "x5c": chain}
    head = base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()
    signature = key("forger").sign(f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    text = f"{head}.{body}." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert refused(judge, text) is Refusal.UNTRUSTED_DEVICE


def test_a_key_that_is_not_rsa_signs_nothing(judge: Judge) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elliptic")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority("device", DAY).subject)
        .public_key(elliptic.public_key())
        .serial_number(9)
        .not_valid_before(DAY)
        .not_valid_after(DAY + timedelta(days=9))
        .sign(key("device"), hashes.SHA256())
    )
    assert refused(judge, signed({}, certificate, "device")) is Refusal.WRONG_SIGNATURE


def test_a_folder_of_authorities_is_read_and_what_is_none_left_out(tmp_path, judge: Judge) -> None:
    publish(tmp_path, NOW)
    der = authority("device", DAY).public_bytes(Encoding.DER)
    (tmp_path / "device" / "again.cer").write_bytes(der)
    (tmp_path / "device" / "broken.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    (tmp_path / "device" / "notes.txt").write_text("no certificate")
    from_folder = Judge(Trust.from_folder(tmp_path), lambda: NOW)
    assert from_folder.opened(token(), Domain.DEVICE) == {"a": 1}
    assert refused(Judge(Trust.from_folder(tmp_path / "x"), lambda: NOW), token())


# Devices


def described(judge: Judge, device_id: str, signer: str = "device") -> dict[str, object]:
    """What a service says of one device; its digitalId is signed by the device (L0)."""
    certificate = leaf("device", "device", DAY, is_expired=False)
    identity = {"serialNo": device_id, "make": "m", "model": "n", "type": "Finger"}
    fields = {
        "deviceId": device_id, "deviceCode": "c", "deviceStatus": "Ready", "certification": "L0",
        "specVersion": ["0.9.5"], "deviceSubId": ["0"], "env": "Developer",
        "digitalId": signed(identity, certificate, "device"),
    }  # fmt: skip
    return {"deviceInfo": signed(fields, certificate, signer), "error": {"errorCode": "0"}}


def test_a_device_is_believed_beside_one_that_is_not(judge: Judge) -> None:
    answer = [
        described(judge, "forged", "forger"),
        described(judge, "good"),
        {"deviceInfo": None, "error": {"errorCode": "110"}},
    ]
    good = info_of(answer, "good", judge)
    assert (good.digital_id.serial_number, good.identity_domain) == ("good", Domain.DEVICE)
    with pytest.raises(AnswerRefusedError, match="wrong_signature"):
        info_of(answer, "forged", judge)
    with pytest.raises(DeviceFaultError, match="not_ready 110"):
        info_of(answer, "gone", judge)
    with pytest.raises(DeviceAbsentError):
        info_of(answer[:2], "gone", judge)


def test_an_error_of_a_device_is_its_own(judge: Judge) -> None:
    answer = [described(judge, "good"), described(judge, "new") | {"error": {"errorCode": "100"}}]
    assert info_of(answer, "good", judge).device_id == "good"
    with pytest.raises(DeviceFaultError, match="not_registered 100"):
        info_of(answer, "new", judge)


# Records


def finger() -> np.ndarray:
    y, x = np.mgrid[0:120, 0:100]
    return (127 + 120 * np.sin((x + 2 * y) / 3)).astype(np.uint8)


@pytest.mark.parametrize(
    "coding",
    [ImageCoding.RAW, ImageCoding.PNG, ImageCoding.JPEG_2000_LOSSLESS],
    ids=lambda coding: coding.name,
)
def test_a_record_of_another_writer_is_read(coding: ImageCoding) -> None:
    pixels = finger()
    image = FingerImage.of(pixels, coding, dpi=500, position=FingerPosition.LEFT_INDEX)
    found = finger_picture(fir_2011.write([image]), "Left IndexFinger")
    assert (found.width, found.height, found.dots_per_inch) == (100, 120, 500)
    assert found.pixels == pixels.tobytes()


def test_the_simulated_record_is_read_by_another_reader() -> None:
    pixels = finger()
    record = finger_record(Image.fromarray(pixels), "Right Thumb", 78)
    (image,) = fir_2011.read(record)
    assert image.position is FingerPosition.RIGHT_THUMB
    assert (image.quality, image.dpi, image.coding) == (78, 500, ImageCoding.JPEG_2000_LOSSLESS)
    assert np.array_equal(image.pixels(), pixels)


def test_a_record_that_cannot_be_is_refused() -> None:
    record = finger_record(Image.fromarray(finger()), "Right Thumb", 78)
    for altered in (
        b"",
        record[:20],
        record[:-1],
        record + b"x",
        b"FMR" + record[3:],
        record[:40] + b"\x09" + record[41:],  # another finger
        record[:43] + bytes(8) + record[51:],  # no resolution
        record[:52] + b"\x02" + record[53:],  # WSQ
        record[:52] + b"\x00" + record[53:],  # raw, and yet not as many bytes as pixels
        record[:54] + b"\x00\x65" + record[56:],  # another width
        record[:54] + b"\xff\xff\xff\xff" + record[58:],  # four billion pixels
        record[:70] + bytes(200) + record[270:],
    ):
        with pytest.raises(AnswerRefusedError) as caught:
            finger_picture(altered, "Right Thumb")
        assert caught.value.reason is Refusal.WRONG_RECORD


# Discovery


def test_open_ports_are_found_among_closed_ones() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
        socket.create_server(("127.0.0.1", 0)) as shut,
    ):
        ports = [server.getsockname()[1] for server in (one, other, shut)]
        shut.close()
        assert discovery.open_ports(ports) == sorted(ports[:2])


def test_devices_are_found_and_others_on_such_ports_are_not(tmp_path) -> None:
    (rig,) = (rig for rig in RIGS if rig.driver == "sbi_finger")
    with rig.running(tmp_path) as running, socket.create_server(("127.0.0.1", 0)) as silent:
        ports = [int(running.address.rpartition(":")[2]), silent.getsockname()[1]]
        (found,) = discovery.find(BioType.FINGER, ports)
        assert found.address == running.address
        assert found.detail == "Invented Made-up Finger"
        assert discovery.find(BioType.FACE, ports) == []
