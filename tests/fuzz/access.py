"""BAC and PACE with a chip that answers whatever the data say."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import bac, pace
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.security_infos import parse
from hardware.smartcard.security_info_data import (
    PACE_ECDH_CAM,
    PACE_ECDH_GM,
    Suite,
    pace_info,
    security_infos,
)
from hardware.smartcard.tlv import build
from tests.fuzz.babbler import Babbler, answers

MRZ = Password.from_mrz("L898902C3", "740812", "120415")
WAYS = tuple(
    parse(security_infos([pace_info(protocol, Suite.AES_128, 12)])).pace[0]
    for protocol in (PACE_ECDH_GM, PACE_ECDH_CAM)
)
POINT = bytes.fromhex(
    "04"
    "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
)


def _step(tag: int, value: bytes) -> bytes:
    return build(0x7C, build(tag, value)) + b"\x90\x00"


def seeds() -> list[bytes]:
    """The first byte: 0 BAC, 1 and 2 PACE. Conversations that go on to their last step."""
    ok = b"\x90\x00"
    keys = (_step(0x80, bytes(16)), _step(0x82, POINT), _step(0x84, POINT))
    last = build(0x7C, build(0x86, bytes(8)) + build(0x8A, bytes(32)))
    return [
        b"\x00" + answers(bytes(8) + ok, bytes(40) + ok),
        b"\x01" + answers(ok, *keys, _step(0x86, bytes(8))),
        b"\x02" + answers(ok, *keys, last + ok),
        b"\x01" + answers(ok, keys[0], _step(0x82, b"\x04" + bytes(64))),
        b"\x01" + answers(b"\x6a\x80"),
    ]


def fuzz_one(data: bytes) -> None:
    """Run one of them; no chip gets through without the password."""
    link = CardLink(Babbler(data[1:]))
    try:
        if data[:1] in (b"\x01", b"\x02"):
            pace.run(link, WAYS[data[0] - 1], MRZ)
        else:
            bac.run(link, MRZ)
    except ChipError:
        return
    raise AssertionError("a chip that knows nothing opened a session")
