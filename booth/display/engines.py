"""What a hall's calls are made of: two notes, a studio's recordings of words, a speech program.

    python -m booth.display.engines OUT

lists what a studio records, and the name that each recording has: OUT/zh-Hant.csv for
PROMPTS/zh-Hant/. A call is put together of phrases, letters and digits, so that a few dozen
recordings say every tag and place. What one of them lacks, the speech program says whole.
"""

import csv
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from booth.display.wording import CALLED_IN, NOTES, called
from common.domain.clock import system_clock
from common.domain.language import Language
from common.domain.queue import Stage
from common.station.config import EngineConfig
from common.ui.loudspeaker import tone
from common.ui.speech.engine import Engine, Engines, Recordings, prompt_name
from common.ui.speech.opening import engine_of
from common.ui.speech.spelling import spelled
from common.wire.shapes import Call

SIGN = re.compile(r"((?<![A-Za-z])[A-Z](?![A-Za-z])|\d)")
"""A letter for itself, or a digit."""
BETWEEN = " ,，-。"


class Notes:
    """Sounds the tone with which kiosks call, where notes are wanted."""

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """Notes only."""
        del language, speed
        return text == NOTES

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Give the tone."""
        del text, language, speed, cancelled
        yield tone()

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Clips:
    """Puts a call together of recordings; one that is all there is said by one voice."""

    recordings: Recordings

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """Whether each part of it was recorded."""
        return all(self.recordings.can_say(part, language, speed) for part in parts_of(text))

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Give one part after the other."""
        for part in parts_of(text):
            yield from self.recordings.say(part, language, speed, cancelled)

    def close(self) -> None:
        """Nothing is held."""


def hall_engine(wanted: EngineConfig) -> Engine:
    """Make what calls in a hall."""
    clips = [Clips(Recordings(wanted.prompts))] if wanted.prompts else []
    return Engines([Notes(), *clips, engine_of(wanted)])


def parts_of(text: str) -> list[str]:
    """Take a spelled sentence apart: "Tag A-0 1, please" is "Tag", "A", "0", "1", "please"."""
    return [part for piece in SIGN.split(text) if (part := piece.strip(BETWEEN))]


def to_record(language: Language) -> list[str]:
    """Return the phrases of all calls, then the letters and digits."""
    sample = Call(tag_number="A0", place="A0", stage=Stage.BOOTH, called_at=system_clock(), times=1)
    calls = (sample.model_copy(update={"stage": stage}) for stage in Stage)
    phrases = [part for call in calls for part in parts_of(spelled(called(call, language)))]
    signs = string.ascii_uppercase + string.digits
    return list(dict.fromkeys([*(part for part in phrases if part not in signs), *signs]))


def main(out: Path) -> None:
    """Write a table for each language."""
    out.mkdir(parents=True, exist_ok=True)
    for language in CALLED_IN:
        with (out / f"{language}.csv").open("w", newline="", encoding="utf-8-sig") as made:
            table = csv.writer(made)
            table.writerow(("recording", "said"))
            table.writerows((prompt_name(part), part) for part in to_record(language))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
