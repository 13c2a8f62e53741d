"""The card on a virtual reader, with the test in vpcd's place."""

import json
import socket
import subprocess
import sys

import pytest

from hardware.simulation.chip import ATR, SimulatedChip
from hardware.simulation.vpcd import VpcdCard, chip_in_file
from tests.support.chips import issued_chip, powered

SELECT = bytes.fromhex("00A4040C07A0000002471001")
PATIENCE_S = 20


class Vpcd:
    """The driver's end of the line."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE_S)
        self.port = self.listener.getsockname()[1]
        self.line: socket.socket | None = None

    def __enter__(self) -> "Vpcd":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        self.listener.close()

    def accept(self) -> None:
        self.hang_up()
        self.line = self.listener.accept()[0]
        self.line.settimeout(PATIENCE_S)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None

    def tell(self, message: bytes) -> None:
        assert self.line is not None
        self.line.sendall(len(message).to_bytes(2, "big"))
        self.line.sendall(message)

    def hear(self) -> bytes:
        size = int.from_bytes(self._take(2), "big")
        return self._take(size)

    def ask(self, message: bytes) -> bytes:
        self.tell(message)
        return self.hear()

    def is_over(self) -> bool:
        assert self.line is not None
        return self.line.recv(1) == b""

    def _take(self, count: int) -> bytes:
        assert self.line is not None
        data = b""
        while len(data) < count:
            piece = self.line.recv(count - len(data))
            assert piece, "the card is gone"
            data += piece
        return data


@pytest.fixture
def driver():
    with Vpcd() as vpcd:
        yield vpcd


def test_a_card_speaks_until_it_is_taken_away(driver):
    memory = issued_chip()
    with VpcdCard(lambda: powered(memory), driver.port) as card:
        driver.accept()
        driver.tell(b"\x01")
        assert driver.ask(b"\x04") == ATR
        assert driver.ask(SELECT) == b"\x90\x00"
        assert driver.ask(bytes.fromhex("0084000008"))[-2:] == b"\x90\x00"
        driver.tell(b"\x02")
        assert driver.ask(bytes.fromhex("0084000008")) == b"\x69\x85"
        assert driver.ask(b"") == b"\x67\x00"
        assert card.is_seen
    assert driver.is_over()
    assert not card.is_seen


def test_a_card_comes_back_after_the_service_ended(driver):
    with VpcdCard(lambda: powered(issued_chip()), driver.port) as card:
        for _ in range(2):
            driver.accept()
            assert driver.ask(b"\x04") == ATR
            driver.hang_up()
        card.insert()
        driver.accept()
        assert card.wait_until_seen(PATIENCE_S)


@pytest.mark.parametrize("fault", [{"mute": True}, {"torn_after": 0}])
def test_a_silent_chip_hangs_nobody(driver, fault):
    memory = issued_chip(faults=fault)
    with VpcdCard(lambda: powered(memory), driver.port):
        driver.accept()
        driver.tell(SELECT)
        assert driver.is_over()
        memory["faults"] = {}
        driver.accept()
        assert driver.ask(SELECT) == b"\x90\x00"


def test_a_card_is_taken_away_before_its_reader_is_there():
    with Vpcd() as nobody:
        port = nobody.port
    card = VpcdCard(lambda: powered(issued_chip()), port)
    card.remove()
    card.insert()
    card.remove()
    card.remove()
    assert not card.is_seen


@pytest.mark.parametrize("in_world", [False, True])
def test_a_card_in_a_file_keeps_what_happens_to_it(tmp_path, in_world):
    path = tmp_path / "world.json"
    memory = issued_chip()
    world = {"things": [{"id": "a", "data": {}}, {"id": "b", "data": {"chip": memory}}]}
    path.write_text(json.dumps(world if in_world else memory), "utf-8")
    chip = chip_in_file(path, "b" if in_world else None)()
    assert isinstance(chip, SimulatedChip)
    nonce = bytes.fromhex("0084000008")
    wrong = bytes.fromhex("0082000028") + bytes(40) + b"\x28"
    assert [chip.transmit(one)[-2:].hex() for one in (SELECT, nonce, wrong)][-1] == "6300"
    kept = json.loads(path.read_text("utf-8"))
    kept = kept["things"][1]["data"]["chip"] if in_world else kept
    assert kept["failures"] == {"password": 1}
    if in_world:
        with pytest.raises(LookupError):
            chip_in_file(path, "a")


def test_the_program(driver, tmp_path):
    path = tmp_path / "chip.json"
    path.write_text(json.dumps(issued_chip()), "utf-8")
    command = [sys.executable, "-m", "hardware.simulation.vpcd", path, "--port", str(driver.port)]
    with subprocess.Popen(command) as program:
        try:
            driver.accept()
            assert driver.ask(b"\x04") == ATR
            program.terminate()
            assert program.wait(PATIENCE_S) == 0
        finally:
            program.kill()
    assert driver.is_over()
