"""What is called aloud in the hall, told by ear alone: by how each sentence sounds.

The sound card of the hall's loudspeaker keeps what came out of it. A call is known by its samples,
as a person knows a voice: the sentence is said once more beside it, by the same program, and is
compared. Nobody here asks the panel or the centre what was meant.
"""

import logging
from dataclasses import dataclass
from hashlib import sha256
from threading import Event, Lock
from typing import Any, Protocol

from booth.display.engines import hall_engine
from booth.display.wording import CALLED_IN, called, called_briefly
from common.domain.clock import system_clock
from common.domain.language import Language
from common.domain.queue import Stage
from common.station.config import EngineConfig
from common.ui.speech.engine import Engine, EngineError
from common.ui.speech.voice import LOUDEST, Utterance, sound
from common.wire.shapes import Call
from office.bench_client import CannotError

logger = logging.getLogger(__name__)

STATION, LOUDSPEAKER = "display-1", "loudspeaker"
PLACES = {"K1": Stage.KIOSK, "B1": Stage.BOOTH, "C1": Stage.COUNTER}
"""Where one is called to in this office, and what is done there."""
LISTEN_EVERY_S = 0.3


class Bench(Protocol):
    """What reaches a simulated device."""

    def act(self, station: str, device: str, verb: str, **arguments: Any) -> dict[str, Any]:
        """Do something to it."""
        ...


@dataclass(frozen=True, slots=True)
class CallHeard:
    """A sentence that came out of the hall's loudspeaker."""

    tag: str
    place: str
    language: Language


class HallEar:
    """Listens until the day has ended; may be asked from any thread."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._lock = Lock()
        self._awaited: set[tuple[str, str]] = set()
        self._unlearnt: list[tuple[str, str]] = []
        self._meaning: dict[str, CallHeard] = {}
        """How a sentence sounds (a print of its samples) -> what it says."""
        self._sounds: list[str] = []

    def listen(self, ended: Event) -> None:
        """Keep what is heard, and learn how the sentences sound that somebody waits for."""
        engine = hall_engine(EngineConfig())
        count = 0
        try:
            while not ended.wait(LISTEN_EVERY_S):
                try:
                    while self._unlearnt:
                        self._learn(*self._unlearnt.pop(), engine)
                    count = self._hear(count)
                except (CannotError, EngineError) as error:
                    logger.debug("the hall's loudspeaker: %s", error)
        finally:
            engine.close()

    def await_call(self, tag: str, *places: str) -> None:
        """Listen for a tag that may be called to these places, or was."""
        wanted = [(tag, place) for place in places if place in PLACES]
        with self._lock:
            self._unlearnt += [one for one in wanted if one not in self._awaited]
            self._awaited.update(wanted)

    def place_called(self, tag: str, language: Language) -> str | None:
        """Tell where this tag was called to last, to who understands one language."""
        self.await_call(tag, *PLACES)
        places = [
            call.place for call in self.calls() if (call.tag, call.language) == (tag, language)
        ]
        return places[-1] if places else None

    def calls(self) -> list[CallHeard]:
        """Return all that was understood, in the order in which it was said."""
        with self._lock:
            return [self._meaning[one] for one in self._sounds if one in self._meaning]

    def _hear(self, count: int) -> int:
        heard = self._bench.act(STATION, LOUDSPEAKER, "hear", after=count)
        with self._lock:
            self._sounds += [one["print"] for one in heard["sounds"] if not one["cut"]]
        return int(heard["count"])

    def _learn(self, tag: str, place: str, engine: Engine) -> None:
        call = Call(
            tag_number=tag, place=place, stage=PLACES[place], called_at=system_clock(), times=1
        )
        for language in CALLED_IN:
            for text in (called(call, language), called_briefly(call, language)):
                said = Utterance((text,), language)
                samples = b"".join(sound(engine, said, 1.0, LOUDEST, Event()))
                with self._lock:
                    meaning = CallHeard(tag, place, language)
                    self._meaning[sha256(samples).hexdigest()] = meaning
