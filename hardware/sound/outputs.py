"""Which sound output an address means."""

from hardware.sound.aplay import Aplay
from hardware.sound.interface import SoundOutput
from hardware.sound.pcm_stream import PcmStream


def output_at(address: str) -> SoundOutput:
    """Return the output of an address: `alsa:DEVICE`, or `tcp://host:port` of a sound server.

    Raises:
        ValueError: The address is neither.
    """
    if address.startswith("alsa:"):
        return Aplay(address.removeprefix("alsa:"))
    if address.startswith("tcp://"):
        return PcmStream(address)
    raise ValueError(f"a sound output is written alsa:DEVICE or tcp://host:port, not {address!r}")
