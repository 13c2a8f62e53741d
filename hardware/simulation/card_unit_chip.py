"""The chip of the card inside a simulated card unit: by its contacts (51) or antenna (60)."""

from collections.abc import Callable
from threading import Event

from hardware.simulation.chip import ChipMuteError, PivChip, SimulatedChip, powered
from hardware.simulation.world import Thing

CARD_TYPE_CPU_T1 = b"11"
RADIO_TYPE_CPU_A = b"20"
FIRST_HISTORICAL = 4
"""In the ATR of a simulated chip: after 3B, T0, TD1 and TD2."""
ATQA, SAK_WITH_APDU = b"\x44\x03", b"\x20"
ATS_INTERFACE_BYTES = b"\x78\x77\x81\x02"


class Refused(Exception):  # noqa: N818 (an answer of the unit, not an error of the program)
    """The unit says no, with the two characters of its manual."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChipSlot:
    """Gives one card's chip power, over its contacts or over the air.

    A card's data may hold interface = "contact" | "contactless"; else its chip has both.
    """

    def __init__(self, saved: Callable[[Thing], None], *, is_realistic: bool) -> None:
        self._saved = saved
        self._is_realistic = is_realistic
        self._thinks_s = 0.0
        self._is_radio = False
        self.on_contacts = False
        self.chip: SimulatedChip | PivChip | None = None

    def lose_power(self) -> None:
        """Forget the chip; the contacts leave the card."""
        self.chip, self.on_contacts, self._is_radio = None, False, False

    @property
    def holds_card(self) -> bool:
        """Whether the contacts keep the card from moving."""
        return self.chip is not None and not self._is_radio

    def detect(self, mode: int, card: Thing | None) -> bytes:
        """50: which card is it; 00 where nothing is known of it."""
        if mode == 0x30:
            return CARD_TYPE_CPU_T1 if self.on_contacts and _has(card, "contact") else b"00"
        return RADIO_TYPE_CPU_A if _has(card, "contactless") else b"00"

    def contacts(self, verb: int, data: bytes, card: Thing | None, *, is_dead: bool) -> bytes:
        """51: on 30, off 31, status 32, APDU by T=0 33, by T=1 34, by either 39, warm reset 38."""
        match verb:
            case 0x30:
                if data not in (b"", b"\x30", b"\x33", b"\x35"):
                    raise Refused("04")
                if not self.on_contacts:
                    raise Refused("02")
                return b"\x31" + self._started(card, "contact", is_dead=is_dead).atr
            case 0x38:
                if not self.holds_card:
                    raise Refused("65")
                return b"\x31" + self._started(card, "contact", is_dead=is_dead).atr
            case 0x31:
                if not self._is_radio:
                    self.chip = None
                return b""
            case 0x32:
                return b"1" if self.holds_card else b"0"
            case 0x33:
                raise Refused("02" if card is None else "62")  # these chips speak T=1
            case 0x34 | 0x39:
                if card is None:
                    raise Refused("02")
                return self._asked(data, is_dead=is_dead, is_radio=False)
        raise Refused("00")

    def radio(self, verb: int, data: bytes, card: Thing | None, *, is_dead: bool) -> bytes:
        """60: on 30, off 31, status 32, APDU 34 (type A) and 35 (type B)."""
        match verb:
            case 0x30:
                if data and (len(data) != 2 or set(data) - set(b"AB0")):
                    raise Refused("04")
                self.lose_power()
                if b"A" not in (data or b"AB"):
                    raise Refused("61")  # these chips are of type A
                chip = self._started(card, "contactless", is_dead=is_dead)
                self._is_radio = True
                return (
                    b"A" + ATQA + b"\x07\x08\x01\x02\x03\x04\x05\x06" + SAK_WITH_APDU + _ats(chip)
                )
            case 0x31:
                if self._is_radio:
                    self.lose_power()
                return b""
            case 0x32:
                return RADIO_TYPE_CPU_A if self._is_radio else b"00"
            case 0x34:
                return self._asked(data, is_dead=is_dead, is_radio=True)
            case 0x35:
                raise Refused("62")
        raise Refused("00")

    def think(self) -> None:
        """Wait as long as the chip took for its last answer; the world goes on meanwhile."""
        seconds, self._thinks_s = self._thinks_s, 0.0
        if seconds:
            Event().wait(seconds)

    def _started(self, card: Thing | None, way: str, *, is_dead: bool) -> SimulatedChip | PivChip:
        if card is None:
            raise Refused("02")
        if is_dead or not _has(card, way):
            self.chip = None
            raise Refused("61")
        self.chip = powered(
            card.data["chip"],
            lambda: self._saved(card),
            wait=self._take_time if self._is_realistic else None,
        )
        return self.chip

    def _asked(self, command: bytes, *, is_dead: bool, is_radio: bool) -> bytes:
        """Pass a command on; the unit itself gives a silent chip up and powers it off."""
        if self.chip is None or self._is_radio != is_radio:
            raise Refused("65")
        if not 4 <= len(command) <= 261:
            raise Refused("04")
        try:
            answer = b"" if is_dead else self.chip.transmit(command)
        except ChipMuteError:
            answer = b""
        if not answer:
            self.chip = None
            raise Refused("63")
        return answer

    def _take_time(self, seconds: float) -> None:
        self._thinks_s += seconds


def _has(card: Thing | None, way: str) -> bool:
    return card is not None and "chip" in card.data and card.data.get("interface", way) == way


def _ats(chip: SimulatedChip | PivChip) -> bytes:
    """ISO 14443-4, 5.2: length, format, interface bytes, and the historical bytes of the ATR."""
    body = ATS_INTERFACE_BYTES + chip.atr[FIRST_HISTORICAL:-1]
    return bytes([len(body) + 1]) + body
