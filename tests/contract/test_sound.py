"""Each sound output: all samples come out, and a sound can be cut off in the middle."""

import stat
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest

from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.aplay import Aplay
from hardware.sound.interface import SoundOutput
from hardware.sound.outputs import output_at
from hardware.sound.pcm_stream import PcmStream

RATE = 22050
TONE = bytes(range(256)) * 200
HEARD = "import sys; out = open(sys.argv[0] + '.heard', 'ab', 0)\n"


def aplay(folder: Path, body: str) -> Aplay:
    """A program with aplay's arguments and pipe in its place."""
    file = folder / "aplay"
    file.write_text(f"#!{sys.executable}\n{HEARD}{body}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return Aplay("default", str(file))


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Callable[..., SimulatedSoundCard]]:
    cards = []

    def make(**options: object) -> SimulatedSoundCard:
        card = SimulatedSoundCard("tag-1.sound", 0, World(tmp_path / "world"), options)
        card.start()
        cards.append(card)
        return card

    yield make
    for one in cards:
        one.stop()


def at(card: SimulatedSoundCard) -> PcmStream:
    return PcmStream(f"tcp://127.0.0.1:{card.port}")


def endless() -> Iterator[bytes]:
    while True:
        yield TONE


def cut(output: SoundOutput, samples: Iterator[bytes], until: Callable[[], bool]) -> None:
    """Play until something is so, then cut; the wait ends by the cut alone."""
    cancelled, ended = Event(), Event()
    failures: list[BaseException] = []

    def play() -> None:
        try:
            output.play(samples, RATE, cancelled)
        except RequestCancelledError as error:
            failures.append(error)
        ended.set()

    thread = Thread(target=play)
    thread.start()
    while not until():
        assert not ended.wait(0.01)
    cancelled.set()
    thread.join(20)
    assert failures


def test_a_sound_server_hears_all_samples(card) -> None:
    made = card()
    at(made).play(iter([TONE, TONE[:10]]), RATE, Event())
    (heard,) = made.heard
    assert heard.samples == TONE + TONE[:10]
    assert not heard.was_cut
    assert heard.loudness > 0.1
    (told,) = made.act("listen", {})["sounds"]
    assert told["cut"] is False
    assert made.act("listen", {})["sounds"] == []
    with pytest.raises(LookupError):
        made.act("dance", {})


def test_several_may_hear_the_same_sounds_and_tell_them_apart(card) -> None:
    made = card()
    for samples in (TONE, TONE[:10], TONE):
        at(made).play(iter([samples]), RATE, Event())
    heard = made.act("hear", {})
    prints = [one["print"] for one in heard["sounds"]]
    assert heard["count"] == 3
    assert prints == [sha256(one).hexdigest() for one in (TONE, TONE[:10], TONE)]
    assert [one["print"] for one in made.act("hear", {"after": 1})["sounds"]] == prints[1:]
    assert made.act("hear", {"after": 3})["sounds"] == []
    made.act("listen", {})
    at(made).play(iter([TONE]), RATE, Event())
    assert made.act("hear", {"after": 2}) == {"count": 4, "sounds": heard["sounds"][2:]}


def test_a_sound_server_drops_what_it_has_not_played_when_the_sound_is_cut(card, tmp_path) -> None:
    made = card(timing="realistic")
    sent = Event()

    def samples() -> Iterator[bytes]:
        yield TONE
        sent.set()
        yield from endless()

    cut(at(made), samples(), sent.is_set)
    while not made.heard:
        made.ended.wait(0.01)
    (heard,) = made.heard
    assert heard.was_cut
    assert 0 < len(heard.samples) < 40 * len(TONE)


def test_a_sound_that_was_sent_whole_can_still_be_cut(card) -> None:
    made = card(timing="realistic")
    sent = Event()

    def samples() -> Iterator[bytes]:
        yield bytes(4 * RATE)
        sent.set()

    cut(at(made), samples(), sent.is_set)
    while not made.heard:
        made.ended.wait(0.01)
    assert made.heard[0].was_cut
    assert len(made.heard[0].samples) < 4 * RATE


def test_a_sound_server_that_is_away_is_told(card) -> None:
    made = card()
    made.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        at(made).play(iter([TONE]), RATE, Event())
    made.set_fault("unplugged", on=False)
    at(made).play(iter([TONE]), RATE, Event())
    assert made.heard[-1].samples == TONE


def test_alsa_is_given_samples_and_their_form(tmp_path) -> None:
    output = aplay(tmp_path, "out.write(' '.join(sys.argv[1:]).encode() + sys.stdin.buffer.read())")
    output.play(iter([TONE, TONE]), RATE, Event())
    told = (tmp_path / "aplay.heard").read_bytes()
    assert told == b"-q -D default -t raw -f S16_LE -c 1 -r 22050 -" + 2 * TONE


def test_an_alsa_sound_is_cut_although_its_pipe_is_full(tmp_path) -> None:
    output = aplay(tmp_path, "import signal; out.write(b'x'); signal.pause()")
    heard = tmp_path / "aplay.heard"
    cut(output, endless(), heard.exists)


def test_an_alsa_sound_is_cut_while_it_ends(tmp_path) -> None:
    body = "sys.stdin.buffer.read(); out.write(b'x'); import signal; signal.pause()"
    cut(aplay(tmp_path, body), iter([TONE]), (tmp_path / "aplay.heard").exists)


def test_an_alsa_device_that_is_away_is_told(tmp_path) -> None:
    with pytest.raises(DeviceAbsentError):
        aplay(tmp_path, "sys.stdin.buffer.read(); sys.exit(1)").play(iter([TONE]), RATE, Event())
    with pytest.raises(DeviceAbsentError):
        aplay(tmp_path, "sys.exit(1)").play(iter([TONE] * 40), RATE, Event())
    with pytest.raises(DeviceAbsentError, match="not installed"):
        Aplay("default", str(tmp_path / "none")).play(iter([TONE]), RATE, Event())


def test_an_address_says_which_output() -> None:
    assert isinstance(output_at("alsa:plughw:CARD=Headset"), Aplay)
    assert isinstance(output_at("tcp://127.0.0.1:4712"), PcmStream)
    for wrong in ("", "pulse:x", "tcp://nowhere"):
        with pytest.raises(ValueError, match="tcp://host:port"):
            output_at(wrong)
