"""What a full read costs above its bare APDUs, and how many cards an encoder makes in an hour.

The floor of a read is the same number of APDUs of the same lengths, exchanged with a card that
computes nothing, over the same pcscd in the same run. Run with -s to see the tables.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter

import pytest
from PIL import Image

from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.smartcard import identity_chip
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, AppletProfile, StoreData
from hardware.smartcard.card_data import CardOptions
from hardware.smartcard.identity_chip import Proof
from hardware.smartcard.lds import DG1, DG2, ChipContent
from hardware.smartcard.pcsc_reader import PcscReader
from hardware.smartcard.personalisation import personalise, verify_personalised
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from tests.support.chips import content
from tests.support.issued_cards import CAN, TODAY, country
from tests.support.pcscd import USUAL

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]

ROUNDS = 7
REPLAYING = "tests.benchmarks.replaying_card"
PORTRAIT = 16_000
GENERIC: AppletProfile = StoreData(options=CardOptions(mapping_proof=False))
SLOW_S = 0.015
LENGTH = {False: "short", True: "extended"}


@dataclass(frozen=True)
class Case:
    name: str
    profile: AppletProfile
    extended: bool
    delay_s: float


CASES = [
    Case(
        f"{name}, {'extended' if extended else 'short'}, {delay_s * 1000:.0f} ms",
        profile,
        extended,
        delay_s,
    )
    for delay_s in (0.0, SLOW_S)
    for extended in (False, True)
    for name, profile in (("PACE-GM + CA", GENERIC), ("PACE-CAM", STORE_DATA))
]


def holder() -> ChipContent:
    """Somebody with a portrait of about 16 kB."""
    picture = Image.effect_noise((300, 400), 40).convert("RGB")
    for quality in range(5, 95):
        jpeg = BytesIO()
        picture.save(jpeg, "JPEG", quality=quality)
        if jpeg.tell() >= PORTRAIT:
            break
    return content(portrait_jpeg=jpeg.getvalue())


class Recorder:
    """Writes down what passes a reader."""

    def __init__(self, reader: PcscReader) -> None:
        self._reader = reader
        self.passed: dict[bytes, bytes] = {}
        self.commands: list[bytes] = []

    @property
    def takes_extended_length(self) -> bool:
        return self._reader.takes_extended_length

    def transmit(self, command: bytes) -> bytes:
        answer = self._reader.transmit(command)
        self.passed[command] = answer
        self.commands.append(command)
        return answer


@contextmanager
def card_process(*command: str) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", *command])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def reader_with_card(name: str) -> Iterator[PcscReader]:
    reader = PcscReader(name)
    reader.open()
    try:
        assert reader.wait_for_card(20.0, Event())
        yield reader
    finally:
        reader.close()


def read_once(reader: PcscReader, chip: object = None) -> tuple[float, identity_chip.ChipReading]:
    begun = perf_counter()
    atr = reader.connect()
    reading = identity_chip.read(
        chip or reader,  # type: ignore[arg-type] # the recorder is a Chip too
        [Password.can(CAN)],
        country().trust,
        wanted=frozenset({DG1, DG2}),
        on=TODAY,
        atr=atr,
    )
    seconds = perf_counter() - begun
    reader.disconnect()
    return seconds, reading


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_full_read_against_its_bare_apdus(pcscd, tmp_path: Path, case: Case):
    memory = country().card(case.profile, holder())
    memory |= {"extended": case.extended, "faults": {"delay_s": case.delay_s}}
    (tmp_path / "card.json").write_text(json.dumps(memory))
    name, port = USUAL[0], pcscd.port(USUAL[0])
    with (
        card_process("hardware.simulation.vpcd", str(tmp_path / "card.json"), "--port", str(port)),
        reader_with_card(pcscd.reader(name)) as reader,
    ):
        atr = reader.connect()
        reader.disconnect()
        recorder = Recorder(reader)
        _, reading = read_once(reader, recorder)
        reads = [read_once(reader)[0] for _ in range(ROUNDS)]
    assert reading.passive.outcome == "verified"
    assert reading.chip_authentication is Proof.VERIFIED
    told = {
        "atr": atr.hex(),
        "delay_s": case.delay_s,
        "answers": {sent.hex(): answer.hex() for sent, answer in recorder.passed.items()},
    }
    (tmp_path / "told.json").write_text(json.dumps(told))
    other, other_port = USUAL[1], pcscd.port(USUAL[1])
    floors = []
    with (
        card_process(
            "tests.benchmarks.replaying_card", str(tmp_path / "told.json"), str(other_port)
        ),
        reader_with_card(pcscd.reader(other)) as reader,
    ):
        for _ in range(ROUNDS):
            begun = perf_counter()
            reader.connect()
            for sent in recorder.commands:
                assert reader.transmit(sent) == recorder.passed[sent]
            floors.append(perf_counter() - begun)
            reader.disconnect()
    read_s, floor_s = median(reads), median(floors)
    size = len(reading.files[DG2])
    print(
        f"\n{case.name}: {reading.apdus} APDUs, DG2 {size} bytes, read {read_s * 1e3:.1f} ms, "
        f"floor {floor_s * 1e3:.1f} ms, ratio {read_s / floor_s:.2f}"
    )


def test_cards_an_hour():
    """Software alone, and with a chip of 15 ms an APDU and a transport of 1.2 s a motion."""
    motions = 3  # feed, to the engraver, out
    for name, profile in (("store_data", STORE_DATA), ("jmrtd", JMRTD)):
        for extended in (False, True):
            if profile is JMRTD and not extended:
                continue  # a trust point does not fit a short command there
            seconds, apdus = _make_one(profile, extended)
            real_s = seconds + apdus * SLOW_S + motions * 1.2
            print(
                f"\n{name}, {'extended' if extended else 'short'}: {apdus} APDUs, software "
                f"{seconds * 1e3:.0f} ms a card = {3600 / seconds:.0f} an hour; with 15 ms an APDU "
                f"and {motions} motions {real_s:.1f} s = {3600 / real_s:.0f} an hour (1000 wanted)"
            )
            assert apdus > 0


class Counted:
    def __init__(self, chip: SimulatedChip) -> None:
        self._chip = chip
        self.apdus = 0

    @property
    def takes_extended_length(self) -> bool:
        return self._chip.takes_extended_length

    def transmit(self, command: bytes) -> bytes:
        self.apdus += 1
        return self._chip.transmit(command)


def _make_one(profile: AppletProfile, extended: bool) -> tuple[float, int]:
    who, times, apdus = holder(), [], 0
    for number in range(ROUNDS):
        applet = "jmrtd" if profile is JMRTD else "store_data"
        memory = blank_chip(f"{0x0F00_0000 + number:016X}", applet, extended=extended)
        chip = Counted(SimulatedChip(memory, lambda: None))
        atr = SimulatedChip(memory, lambda: None).atr
        begun = perf_counter()
        trust_point = (country().trust_point.encode(),)
        signer = country().document_signer
        can = CAN if profile is STORE_DATA else ""
        written = personalise(
            chip, who, can, signer, trust_point, FACTORY_TEST_KEYS, profile, today=TODAY, atr=atr
        )
        fresh = Counted(SimulatedChip(memory, lambda: None))
        passwords = [Password.from_mrz_text(who.mrz.text())]
        passwords += [Password.can(CAN)] if can else []
        verify_personalised(
            fresh,
            who,
            passwords,
            country().trust,
            country().terminal(),
            today=TODAY,
            profile=profile,
            written=written,
            atr=atr,
        )
        times.append(perf_counter() - begun)
        apdus = chip.apdus + fresh.apdus
    return median(times), apdus
