"""What a scanner may say: the prefix, the AIM identifier, and which characters a code may hold."""

from dataclasses import dataclass
from enum import StrEnum

from hardware.camera.codes import Symbology
from hardware.code_scanner.interface import Code

AIM_FLAG, AIM_SIZE = "]", 3
AIM_LETTERS = {
    "A": Symbology.CODE_39,
    "C": Symbology.CODE_128,
    "E": Symbology.EAN_13,
    "L": Symbology.PDF417,
    "Q": Symbology.QR,
    "d": Symbology.DATA_MATRIX,
    "z": Symbology.AZTEC,
}
"""ISO/IEC 15424: ] and a letter for the symbology, then a modifier. ]E4 is EAN-8."""

EAN_8 = "]E4"
MOST_CHARACTERS = 512


class Allowed(StrEnum):
    """Which characters a code may hold; a scan with any other is not a scan of ours."""

    ASCII = "ascii"
    """Space to tilde: tokens and addresses. A byte of noise shows in most cases."""
    TEXT = "text"
    """Anything printable in UTF-8."""


@dataclass(frozen=True, slots=True)
class ScanRules:
    """How the scanner of one station is set up.

    Attributes:
        prefix: What it puts before every code.
        has_aim: Whether an AIM identifier comes before the code, after the prefix.
        most: How many characters a code may have.
        allowed: Which.
    """

    prefix: str = ""
    has_aim: bool = False
    most: int = MOST_CHARACTERS
    allowed: Allowed = Allowed.ASCII

    def code(self, scanned: bytes, symbology: Symbology | None = None) -> Code | None:
        """Read one scan; None for what these rules do not allow, and then nothing of it counts."""
        try:
            text = scanned.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if not text.startswith(self.prefix):
            return None
        text = text.removeprefix(self.prefix)
        if self.has_aim:
            identifier, text = text[:AIM_SIZE], text[AIM_SIZE:]
            if len(identifier) < AIM_SIZE or identifier[0] != AIM_FLAG:
                return None
            if identifier != EAN_8:
                symbology = AIM_LETTERS.get(identifier[1])
        if not 0 < len(text) <= self.most or not self._is_allowed(text):
            return None
        return Code(text, symbology)

    @property
    def most_bytes(self) -> int:
        """How long a scan can be, with all that comes before its text."""
        a_character = 4 if self.allowed is Allowed.TEXT else 1
        return len(self.prefix.encode()) + AIM_SIZE + self.most * a_character

    def _is_allowed(self, text: str) -> bool:
        return text.isprintable() and (self.allowed is Allowed.TEXT or text.isascii())
