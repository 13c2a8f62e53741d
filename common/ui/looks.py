"""The ways one screen can look: by language, text size, contrast, reach and display."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from common.domain.language import OFFICE_LANGUAGES, Language
from common.ui.window import SCALES, StationWindow

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
SHOWN_SCALES = tuple(scale for scale in SCALES if scale != 1.25)
"""What fits at the usual size and at 1.5 fits between them."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a person may have chosen."""

    language: Language
    scale: float = 1.0
    contrast: bool = False
    low: bool = False

    def __str__(self) -> str:
        extras = ("-contrast" if self.contrast else "") + ("-low" if self.low else "")
        return f"{self.language}-x{self.scale:g}{extras}"

    def wear(self, window: StationWindow) -> None:
        """Give a window this look, laid out."""
        if window.language != self.language:
            window.set_language(self.language)
        window.set_looks(self.scale, self.contrast, self.low)
        window.lay_out()


def looks(
    size: tuple[int, int],
    public: bool,
    contrasts: tuple[bool, ...],
    languages: Sequence[Language] = OFFICE_LANGUAGES,
) -> Iterator[Look]:
    """Return each look that can be chosen on a display, language by language.

    Officers have no larger text and no contrast to choose; only a tall screen has a low part.

    Args:
        size: The display's width and height in pixels.
        public: Whether the public uses it.
        contrasts: Whether contrast is high: both, or calm colours alone.
        languages: In which languages the public may read it.
    """
    if not public:
        yield from map(Look, OFFICE_LANGUAGES)
        return
    lows = (False, True) if size[1] > size[0] else (False,)
    for language, low, scale, contrast in product(languages, lows, SHOWN_SCALES, contrasts):
        yield Look(language, scale, contrast, low)
