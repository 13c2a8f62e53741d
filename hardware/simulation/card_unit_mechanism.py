"""The mechanism of a simulated CRT-571: what its commands do to the cards that lie in it."""

from collections.abc import Mapping
from typing import Any

from hardware.simulation.card_channel import CHIP_S, SimulatedCardChannel
from hardware.simulation.card_unit_chip import ChipSlot, Refused
from hardware.simulation.world import Thing, World

FIRMWARE = b"CRT-571-SIM-V1.00"
VERSIONS = {0x30: b"C571_V1.00_A_090910", 0x31: b"IC_V1.00", 0x32: b"RF_V1.00"}
SERIAL_NUMBER = b"571000000001"
CONFIGURATION = b"S1S2S3S4S5"
FULL_COUNT = 999


class PowerFailed(Exception):  # noqa: N818 (an event, not an error of the program)
    """Somebody pulled the mains plug: there is no answer."""


class CardUnitMechanism(SimulatedCardChannel):
    """Motors, sensors, chip and counter, by command and parameter. The line is elsewhere."""

    KIND = "crt571"
    FAULTS = frozenset(
        {
            "jammed",
            "slow",
            "mute",
            "bin_full",
            "lost_answer",
            "chip_dead",
            "card_too_long",
            "card_too_short",
            "moved_by_hand",
            "power_cut",
            "double_feed",
            "sensor_broken",
        }
    )

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self.chip_s = CHIP_S[options.get("timing", "instant")]
        self._slot = ChipSlot(world.changed, is_realistic=bool(self.chip_s))
        self.address = int(options.get("address", 0))
        self._sensors = int(options.get("sensors", 10))
        self._lacks = {bytes.fromhex(command) for command in options.get("lacks", ())}
        self._lamp = 0
        self._misfit = ""
        self.power_lost()

    def think(self) -> None:
        """Let the chip take its time, with nothing locked."""
        self._slot.think()

    def power_lost(self) -> None:
        """Forget all but the cards and the counter of the bin."""
        self._initialised = False
        self._entry_open = False
        self._lamp = 0
        self._misfit = ""
        self._slot.lose_power()

    def card_gone(self) -> None:
        """Nothing is left on the contacts."""
        self._slot.lose_power()

    def card_came(self, card: Thing) -> None:
        """Draw a card in; one of the wrong length stays at the gate, as the next status says."""
        for fault, code in (("card_too_long", "13"), ("card_too_short", "14")):
            if fault in self.faults:
                self._misfit = code
                self._world.move(card, self._gate)
                return
        super().card_came(card)

    def state(self) -> dict[str, Any]:
        """Tell where cards are, whether the gate takes one, and what the lamp does."""
        with self._world.lock:
            return super().state() | {
                "chip_powered": self._slot.chip is not None,
                "lamp": ("off", "on", "flashing", "disabled")[self._lamp >> 6]
                if self._lamp != 0xFF
                else "flashing",
            }

    def status_characters(self) -> bytes:
        """ST0 channel, ST1 stacker, ST2 bin."""
        channel = b"0"
        if self._world.one_at(self._gate):
            channel = b"1"
        elif self._world.one_at(self._inside):
            channel = b"2"
        stock = len(self._world.at(self._feeder))
        stacker = b"0" if stock == 0 else b"1" if stock <= self._low else b"2"
        return channel + stacker + (b"1" if self.bin_is_full() else b"0")

    def do(self, request: bytes, data: bytes) -> bytes:
        """Do what a command says and return what it answers, or raise Refused."""
        if request in self._lacks:
            raise Refused("00")
        if request[0] != 0x30 and not self._initialised:
            raise Refused("B0")
        inside, is_dead = self._world.one_at(self._inside), "chip_dead" in self.faults
        match tuple(request):
            case (0x30, mode):
                return self._initialise(mode)
            case (0x31, what):
                return self._look(what, data)
            case (0x32, where):
                return self._move(where)
            case (0x33, 0x30 | 0x31 as choice):
                self._entry_open = choice == 0x30
                return b""
            case (0x50, 0x30 | 0x31 as mode):
                return self._slot.detect(mode, inside)
            case (0x51, verb):
                return self._slot.contacts(verb, data, inside, is_dead=is_dead)
            case (0x60, verb):
                return self._slot.radio(verb, data, inside, is_dead=is_dead)
            case (0x52 | 0x53 | 0x54, _):
                raise Refused("03")  # no sockets for further chips, no memory cards
            case (0xA2 | 0xA3 | 0xA4 | 0xA5 | 0xFF, verb):
                return self._tell(request[0], verb, data)
        raise Refused("00")

    def _look(self, what: int, data: bytes) -> bytes:
        if "sensor_broken" in self.faults:
            raise Refused("12")
        match what:
            case 0x30:
                misfit, self._misfit = self._misfit, ""
                if misfit:
                    raise Refused(misfit)
                return b""
            case 0x31:
                blocked = {0: self._gate, 2: self._inside, 6: self._feeder}
                return b"".join(
                    b"1" if at in blocked and self._world.at(blocked[at]) else b"0"
                    for at in range(self._sensors)
                )
            case 0x60:
                if len(data) != 1:
                    raise Refused("04")
                self._lamp = data[0]
                return b""
        raise Refused("01")

    def _tell(self, what: int, verb: int, data: bytes) -> bytes:
        memory = self._world.memory(self._name)
        match what, verb:
            case 0xA2, 0x30:
                return bytes([len(SERIAL_NUMBER)]) + SERIAL_NUMBER
            case 0xA3, 0x30:
                return CONFIGURATION
            case 0xA4, 0x30 | 0x31 | 0x32:
                return VERSIONS[verb]
            case 0xA5, 0x30:
                return b"%03d" % memory.get("binned", 0)
            case 0xA5, 0x31:
                if len(data) != 3 or not data.isdigit():
                    raise Refused("04")
                memory["binned"] = int(data)
                self._world.remember()
                return b""
            case 0xFF, 0x30:
                if len(data) != 1 or data[0] > 0x0E:
                    raise Refused("04")
                self.address = data[0]
                return b""
        raise Refused("01")

    def _initialise(self, mode: int) -> bytes:
        if mode not in (0x30, 0x31, 0x33, 0x34, 0x35, 0x37):
            raise Refused("01")
        if "jammed" in self.faults:
            raise Refused("10")
        self.power_lost()
        self._initialised = True
        if self.channel() is not None and mode in (0x30, 0x34):
            self._move(0x30)
        elif self.channel() is not None and mode in (0x31, 0x35):
            self._move(0x33)
        return FIRMWARE

    def _move(self, where: int) -> bytes:
        if where not in (0x30, 0x31, 0x32, 0x33, 0x39):
            raise Refused("01")
        if self._slot.holds_card:
            raise Refused("05")
        card = self.channel()
        if card is None and where == 0x33:
            raise Refused("02")
        self._check_bin(where)
        if card is None:
            card = self._drawn()
        if "jammed" in self.faults:
            raise Refused("10")
        self.motions += 1
        self._perhaps_disturb(card, where)
        self._arrive(card, where)
        return b""

    def _check_bin(self, where: int) -> None:
        if where != 0x33:
            return
        if self.bin_is_full():
            raise Refused("A1")
        if self._world.memory(self._name).get("binned", 0) >= FULL_COUNT:
            raise Refused("50")

    def _drawn(self) -> Thing:
        """The lowest card of the stacker; where two stick together, none passes the gap."""
        card = self._world.one_at(self._feeder)
        if card is None:
            raise Refused("A0")
        if "double_feed" in self.faults:
            self.motions += 1
            raise Refused(self.dice.choice(("10", "A0")))
        return card

    def _perhaps_disturb(self, card: Thing, where: int) -> None:
        if self.happens_once("moved_by_hand"):
            raise Refused("16" if card.place == self._gate else "45")
        for fault, code in (("card_too_long", "13"), ("card_too_short", "14")):
            if fault in self.faults and card.place == self._feeder:
                raise Refused(code)
        if self.happens_once("power_cut"):
            if self.dice.random() < 0.5:
                self._arrive(card, where)
            self.power_lost()
            raise PowerFailed

    def _arrive(self, card: Thing, where: int) -> None:
        place = {0x30: self._gate, 0x33: self._bin, 0x39: self._floor}.get(where, self._inside)
        if card.place != place:
            self._world.move(card, place)
        if where == 0x33:
            self._world.memory(self._name)["binned"] = (
                self._world.memory(self._name).get("binned", 0) + 1
            )
            self._world.remember()
        self._slot.lose_power()
        self._slot.on_contacts = where == 0x31
