"""What is said of a call: tag and place, in the office's three languages, never who it is."""

from collections.abc import Sequence
from typing import assert_never

from common.domain.language import Language
from common.domain.queue import Stage
from common.i18n.texts import texts
from common.ui.speech.voice import Utterance
from common.wire.shapes import Call

CALLED_IN = (Language.TRADITIONAL, Language.SIMPLIFIED, Language.ENGLISH)
"""Heard: Cantonese, Putonghua, English."""
NOTES = "♪"
"""Stands for the tone that makes the hall listen."""
MANY = 3
"""So many that wait are too many to say each in full: that takes 13 s, half as long briefly."""


def called(call: Call, language: Language) -> str:
    """Return the whole sentence of a call."""
    key = f"display-call-{kind_of(call.stage)}"
    return texts(language).text(key, tag=call.tag_number, place=call.place)


def called_briefly(call: Call, language: Language) -> str:
    """Return tag and place alone."""
    words = texts(language)
    return words.text("display-call-briefly", tag=call.tag_number, place=call.place)


def utterances(call: Call, waiting: int) -> Sequence[Utterance]:
    """Return what is said of a call.

    Where many wait, words are left out and no language: who understands one only is called too,
    and a hall that is listening needs no tone.

    Args:
        call: The call whose turn it is.
        waiting: How many calls are to be said, this one included.
    """
    if waiting >= MANY:
        return [Utterance((called_briefly(call, one),), one) for one in CALLED_IN]
    tone = Utterance((NOTES,), CALLED_IN[0])
    return [tone, *(Utterance((called(call, one),), one) for one in CALLED_IN)]


def kind_of(stage: Stage) -> str:
    """Return the word by which texts know the kind of place where a stage is done."""
    match stage:
        case Stage.KIOSK | Stage.BOOTH | Stage.COUNTER:
            return str(stage)
        case Stage.FORM | Stage.DONE:  # nobody is called there
            return "other"
    assert_never(stage)
