"""Cutting a command APDU into its parts (ISO 7816-4 clause 5.2)."""

from dataclasses import dataclass

from hardware.simulation.chip.answers import SW, Refusal

SHORT_LIMIT = 256
EXTENDED_LIMIT = 0x10000
CHAINING = 0x10


@dataclass(frozen=True, slots=True, repr=False)
class Command:
    """One command. expected is Ne, the greatest number of answer bytes; None if there is no Le."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    expected: int | None
    extended: bool = False

    @property
    def parameters(self) -> int:
        """P1 and P2 as one number."""
        return self.p1 << 8 | self.p2

    @property
    def header(self) -> bytes:
        """The four bytes that secure messaging protects."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def chained(self) -> bool:
        """Whether more commands of a chain follow."""
        return bool(self.cla & CHAINING)


def cut(apdu: bytes) -> Command:
    """Tell the seven cases of a command APDU apart.

    Raises:
        Refusal: 6700, its lengths do not agree.
    """
    size = len(apdu)
    if size < 4:
        raise Refusal(SW.WRONG_LENGTH)
    cla, ins, p1, p2 = apdu[:4]
    if size == 4:
        return Command(cla, ins, p1, p2, b"", None)
    first = apdu[4]
    if size == 5:
        return Command(cla, ins, p1, p2, b"", first or SHORT_LIMIT)
    if first:
        end = 5 + first
        if size == end:
            return Command(cla, ins, p1, p2, apdu[5:end], None)
        if size == end + 1:
            return Command(cla, ins, p1, p2, apdu[5:end], apdu[end] or SHORT_LIMIT)
        raise Refusal(SW.WRONG_LENGTH)
    return _cut_extended(apdu, size)


def _cut_extended(apdu: bytes, size: int) -> Command:
    cla, ins, p1, p2 = apdu[:4]
    if size < 7:
        raise Refusal(SW.WRONG_LENGTH)
    count = apdu[5] << 8 | apdu[6]
    if size == 7:
        return Command(cla, ins, p1, p2, b"", count or EXTENDED_LIMIT, extended=True)
    end = 7 + count
    if count and size == end:
        return Command(cla, ins, p1, p2, apdu[7:end], None, extended=True)
    if count and size == end + 2:
        expected = (apdu[end] << 8 | apdu[end + 1]) or EXTENDED_LIMIT
        return Command(cla, ins, p1, p2, apdu[7:end], expected, extended=True)
    raise Refusal(SW.WRONG_LENGTH)
