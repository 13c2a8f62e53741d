"""A language that nobody speaks: English with accents, in brackets, two fifths longer.

What a screen shows without brackets is not in the texts; what is cut would be cut in a translation.
"""

import re
from math import ceil

from common.domain.language import Language
from common.i18n.texts import Texts, TextValue, texts

_ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
_LONGER = 0.4


class Pseudo(Texts):
    """The texts of the pseudo-locale."""

    def __init__(self) -> None:
        super().__init__(Language.ENGLISH)

    def text(self, key: str, **values: TextValue) -> str:
        """Return the English text, dressed up; as long as a long translation."""
        return stretched(texts(Language.ENGLISH).text(key, **values))


def stretched(english: str) -> str:
    """Accent a text and lengthen its words, so that it wraps where words would."""
    more = ceil(len(english) * _LONGER)
    words = re.split(r"( )", english.translate(_ACCENTS))
    share = -(-more // max(1, len(words) // 2 + 1))
    longer = [word if word == " " else word + "~" * min(share, max(0, more)) for word in words]
    return f"[{''.join(longer)[: len(english) + more]}]"
