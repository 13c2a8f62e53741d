"""Makes the clips that the hall's panel speaks with.

    python installers/voice_clips.py

Needs espeak-ng and opusenc (Debian: espeak-ng, opus-tools), at making only: neither is part of the
product, and what espeak-ng says is not under its licence. Clips are mono Opus at 16 kHz.
"""

import io
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent.parent / "backend" / "web" / "static" / "voice"
LETTERS = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}
ENGLISH = dict(enumerate("zero one two three four five six seven eight nine".split()))  # noqa: SIM905
CHINESE = dict(enumerate("零一二三四五六七八九"))
SAID = {
    # In Hong Kong letters are said in English in every language.
    "en": ("en-gb", 145, {"tag": "tag", "goto": "please go to", **ENGLISH, **LETTERS}),
    "yue": ("yue", 140, {"tag": "籌號", "goto": "請到", **CHINESE}),
    "cmn": ("cmn", 150, {"tag": "筹号", "goto": "请到", **CHINESE}),
}
QUIET = 0.02
PAUSE_S = 0.06


def spoken(voice: str, speed: int, text: str) -> tuple[int, "np.ndarray"]:
    """Let espeak-ng say a text; return the rate and the samples between -1 and 1."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    said = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    with wave.open(io.BytesIO(said)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32768
        return sound.getframerate(), samples


def trimmed(samples: "np.ndarray", rate: int) -> "np.ndarray":
    """Cut the silence off both ends, leave a breath, and make every clip equally loud."""
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.abs(samples).max())
    cut = samples[loud[0] : loud[-1] + 1]
    cut = cut / np.sqrt(np.mean(cut**2)) * 0.16
    return np.concatenate([np.clip(cut, -0.98, 0.98), np.zeros(int(PAUSE_S * rate))])


def encode(samples: "np.ndarray", rate: int, file: Path) -> None:
    """Write Opus."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, rate, len(samples), "NONE", ""))
        sound.writeframes((samples * 32767).astype("<i2").tobytes())
    command = ["opusenc", "--quiet", "--bitrate", "24", "--serial", "1", "--padding", "0"]
    command += ["--discard-comments", "-", str(file)]
    subprocess.run(command, check=True, input=out.getvalue())  # noqa: S603


def main() -> int:
    """Make every clip anew."""
    for language, (voice, speed, texts) in SAID.items():
        folder = HERE / language
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            rate, samples = spoken(voice, speed, str(text))
            encode(trimmed(samples, rate), rate, folder / f"{name}.opus")
    return 0


if __name__ == "__main__":
    sys.exit(main())
