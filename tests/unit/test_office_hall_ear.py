"""The hall's ear knows a call by how it sounds, and nothing that it has not heard."""

from threading import Event, Thread
from typing import Any

import pytest

from booth.display.engines import hall_engine
from booth.display.wording import called
from common.domain.language import Language
from common.domain.queue import Stage
from common.station.config import EngineConfig
from common.ui.speech.voice import LOUDEST, Utterance, sound
from common.wire.shapes import Call
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.outputs import output_at
from office.hall_ear import HallEar
from tests.support.backend_office import MORNING

CALL = Call(tag_number="A007", place="B1", stage=Stage.BOOTH, called_at=MORNING, times=1)


class Bench:
    """A person's hands on one sound card."""

    def __init__(self, card: SimulatedSoundCard) -> None:
        self._card = card

    def act(self, station: str, device: str, verb: str, **arguments: Any) -> dict[str, Any]:
        assert (station, device) == ("display-1", "loudspeaker")
        return self._card.act(verb, arguments)


@pytest.fixture
def card(tmp_path):
    made = SimulatedSoundCard("display-1.loudspeaker", 0, World(tmp_path / "world"), {})
    made.start()
    yield made
    made.stop()


def test_a_call_is_known_by_its_sound_in_its_language(card):
    ended, engine = Event(), hall_engine(EngineConfig())
    ear = HallEar(Bench(card))
    listener = Thread(target=ear.listen, args=(ended,))
    listener.start()
    output = output_at(f"tcp://127.0.0.1:{card.port}")

    def say(call: Call, language: Language) -> None:
        said = Utterance((called(call, language),), language)
        output.play(sound(engine, said, 1.0, LOUDEST, Event()), 22050, Event())

    def comes(place: str | None, tag: str, language: Language) -> bool:
        return any(ear.place_called(tag, language) == place or ended.wait(0.05) for _ in range(200))

    kiosk = CALL.model_copy(update={"place": "K1", "stage": Stage.KIOSK})
    say(kiosk, Language.TRADITIONAL)
    assert comes("K1", "A007", Language.TRADITIONAL)
    say(CALL, Language.TRADITIONAL)
    assert comes("B1", "A007", Language.TRADITIONAL), "the last call counts"
    assert ear.place_called("A007", Language.ENGLISH) is None, "it was not said in English"
    assert ear.place_called("A008", Language.TRADITIONAL) is None
    assert [(one.tag, one.place, one.language) for one in ear.calls()] == [
        ("A007", "K1", "zh-Hant"),
        ("A007", "B1", "zh-Hant"),
    ]
    ended.set()
    listener.join(10)
    engine.close()
