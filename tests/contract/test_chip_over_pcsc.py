"""A whole identity chip over a real PC/SC service: read both ways, and torn away at every APDU."""

from collections.abc import Callable
from datetime import date
from threading import Event, Lock, Thread

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hardware.core.errors import DeviceError
from hardware.simulation.chip import SimulatedChip, atr_of, blank_chip
from hardware.simulation.vpcd import VpcdCard
from hardware.smartcard.card_data import CardOptions, prepare
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import CARD_ACCESS, DG1, DG2, DG14, EF_COM, EF_SOD
from hardware.smartcard.link import CardLink
from hardware.smartcard.pcsc_reader import PcscReader
from hardware.smartcard.protocols import bac, chip_authentication, pace, security_infos
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.tlv import build
from tests.support.chips import SERIAL, content, jpeg
from tests.support.pcscd import READERS, VirtualCard

pytestmark = pytest.mark.timeout(110)

APPLICATION = bytes.fromhex("A0000002471001")
CAN = "123456"
PERSON_S = 20.0
LENGTHS = {"extended": True, "short": False}
GROUPS = (EF_COM, EF_SOD, DG14, DG1, DG2)


class ChipCard(VirtualCard):
    """A card with a chip, which loses its session with its power, and may be torn away."""

    def __init__(self, port, memory):
        super().__init__(port, self._transmit, atr_of(extended=memory["extended"]))
        self._memory = memory
        self._chip = SimulatedChip(memory, lambda: None)
        self.apdus_left: int | None = None

    def _transmit(self, command):
        if self.apdus_left is not None:
            if self.apdus_left == 0:
                return None
            self.apdus_left -= 1
        return self._chip.transmit(command)

    def _control(self, control):
        if control in {1, 2}:
            self._chip = SimulatedChip(self._memory, lambda: None)
        return super()._control(control)


@pytest.fixture(scope="module")
def prepared():
    return prepare(
        content(portrait_jpeg=jpeg(120, 160)),
        CAN,
        CardOptions(),
        lambda _groups: build(0x77, build(0x30, bytes(1500))),
        lambda infos: build(0x30, infos),
        (),
        date(2026, 11, 23),
    )


@pytest.fixture(scope="module", params=list(LENGTHS.values()), ids=list(LENGTHS))
def memory(prepared, request):
    key = prepared.keys.agreement.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    zone = content().mrz.text()
    return {
        **blank_chip(SERIAL, extended=request.param),
        "locked": True,
        "files": {f"{fid:04X}": data.hex() for fid, data in prepared.files.items()},
        "master_files": {f"{fid:04X}": data.hex() for fid, data in prepared.master_files.items()},
        "passwords": {"mrz": zone[5:15] + zone[30:37] + zone[38:45], "can": CAN},
        "agreement_keys": [{"id": None, "key": key.hex()}],
    }


def read_with_pace(reader):
    link = CardLink(reader, reader.connect())
    infos = security_infos.parse(link.read_file(CARD_ACCESS, 0x1C))
    chosen = next(info for info in infos.pace if info.mapping == "GM")
    pace.run(link, chosen, Password.can(CAN))
    link.select_application(APPLICATION)
    group_14 = link.read_file(DG14)
    own = security_infos.parse(group_14[group_14.index(b"\x31") :])
    chip_authentication.run(link, chip_authentication.choose(own))
    return {fid: link.read_file(fid) for fid in GROUPS}, link.apdus


def read_with_bac(reader):
    link = CardLink(reader, reader.connect())
    link.select_application(APPLICATION)
    bac.run(link, Password.from_mrz_text(content().mrz.text()))
    return {fid: link.read_file(fid) for fid in GROUPS}, link.apdus


READS: list[Callable[[PcscReader], tuple[dict[int, bytes], int]]] = [read_with_pace, read_with_bac]


@pytest.fixture
def reader(pcscd):
    reader = PcscReader(pcscd.reader("Virtual A"))
    reader.open()
    yield reader
    reader.close()


@pytest.mark.parametrize("read", READS)
def test_a_whole_chip_is_read(pcscd, reader, prepared, memory, read):
    card = VpcdCard(lambda: SimulatedChip(memory, lambda: None), pcscd.port("Virtual A"))
    with card:
        assert reader.wait_for_card(PERSON_S, Event())
        for _ in range(2):  # the second time with the power cut in between
            files, apdus = read(reader)
            assert files == {fid: prepared.files[fid] for fid in GROUPS}
            assert apdus < (20 if memory["extended"] else 60)
    assert reader.wait_removed(PERSON_S, Event())


@pytest.mark.parametrize("read", READS)
def test_a_chip_may_be_torn_away_at_every_apdu(pcscd, reader, prepared, memory, read):
    """In sixteen slots at once: each removal and each insertion takes pcscd 0.4 s to see."""
    pcscd.restart(readers=READERS)
    slots = [(name, slot) for name in READERS for slot in (0, 1)]
    expected = {fid: prepared.files[fid] for fid in GROUPS}
    lock, apdus, failures = Lock(), [0], [0]
    after: list[int] = []
    problems: list[BaseException] = []

    def next_number():
        with lock:
            after.append(len(after))
            return after[-1]

    def tear(name, slot):
        reader = PcscReader(pcscd.reader(name, slot))
        reader.open()
        # One more than there are, so that the last reading is a whole one.
        while (number := next_number()) <= apdus[0]:
            with ChipCard(pcscd.port(name, slot), memory) as card:
                assert reader.wait_for_card(PERSON_S, Event())
                files, apdus_now = read(reader)
                assert files == expected
                assert apdus_now == apdus[0]
                card.apdus_left = number
                try:
                    read(reader)
                except (ChipError, DeviceError):
                    assert number < apdus[0]
                    failures[0] += 1
                else:
                    assert number == apdus[0]
            assert reader.wait_removed(PERSON_S, Event())
        reader.close()

    def guarded(name, slot):
        try:
            tear(name, slot)
        except BaseException as error:
            problems.append(error)

    with ChipCard(pcscd.port("Virtual A"), memory):
        assert reader.wait_for_card(PERSON_S, Event())
        _, apdus[0] = read(reader)
    reader.close()
    threads = [Thread(target=guarded, args=slot) for slot in slots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    assert failures[0] == apdus[0]
