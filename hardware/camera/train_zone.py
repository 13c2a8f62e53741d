"""Makes zone_weights.npz out of the font OCR-B: python -m hardware.camera.train_zone OCRB.otf OUT.

Lines of random characters are drawn, bent and spoilt as a cheap camera spoils them; the network of
zone_glyphs learns their windows. It takes some minutes on one core. The same seed, font and
libraries give weights of the same worth, not the same bytes.
"""

import argparse
import hashlib
import logging
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hardware.camera.interface import Pixels
from hardware.camera.zone_glyphs import (
    GLYPHS,
    LAYERS,
    NOTHING,
    PITCH,
    STRIP_HEIGHT,
    WINDOW_HEIGHT,
    WINDOW_WIDTH,
    Floats,
    normalised,
    scores,
    windows,
)

log = logging.getLogger(__name__)

DRAWN_PITCH = 60
"""Pixels a character in the drawing, before the camera makes it small."""

EM_A_PITCH = 1 / 0.72
"""OCR-B at 10 characters an inch: the pitch of 2.54 mm is 0.72 of the em of 10 pt."""

CENTRED, ASIDE = 0.17, 0.30
"""Within so much of a pitch a glyph counts as centred; from so much on as beside."""

TURNED = "AEFGJKLPRTVY347<"
"""Glyphs that turned upside down look like no other: of these the network learns that they are
nothing, so that a zone that lies upside down is not taken for one."""

LEAST_CONTRAST = 3.0
"""Ink is at least so many times darker than the noise is strong; worse nobody could read."""

CELLS = 14
HIDDEN = (192, 96)
BATCH = 256
RATE = 1.2e-3
DECAY = 1e-5


class Drawing:
    """The glyphs as masks (1 ink, 0 paper) of DRAWN_PITCH pixels, at several strengths of ink."""

    def __init__(self, font_file: Path) -> None:
        font = ImageFont.truetype(str(font_file), round(DRAWN_PITCH * EM_A_PITCH))
        upright = [_mask(font, glyph) for glyph in GLYPHS]
        turned = [np.ascontiguousarray(_mask(font, glyph)[::-1, ::-1]) for glyph in TURNED]
        plain = [*upright, *turned]
        self.strengths = [
            [_with_gain(mask, gain) for mask in plain] for gain in (-3, -2, -1, 0, 1, 2, 3, 4)
        ]

    def line(self, text: list[int], rng: Generator) -> Floats:
        """Draw a line, each glyph a little off its place.

        Numbers of text are those of GLYPHS; NOTHING stays empty, and -1 downwards are the
        turned ones.
        """
        masks = self.strengths[rng.integers(len(self.strengths))]
        line = np.zeros((3 * DRAWN_PITCH, len(text) * DRAWN_PITCH), np.float32)
        for at, glyph in enumerate(text):
            if glyph == NOTHING:
                continue
            x = at * DRAWN_PITCH + int(rng.integers(-1, 2))
            y = DRAWN_PITCH // 2 + int(rng.integers(-1, 2))
            x = min(max(x, 0), line.shape[1] - DRAWN_PITCH)
            mask = masks[glyph if glyph >= 0 else len(GLYPHS) - 1 - glyph]
            place = line[y : y + mask.shape[0], x : x + DRAWN_PITCH]
            np.maximum(place, mask, out=place)
        return line


def _mask(font: ImageFont.FreeTypeFont, glyph: str) -> Floats:
    """Draw one glyph so that the middle of a capital lies in the middle of 2 x 1 pitches."""
    picture = Image.new("L", (DRAWN_PITCH, 2 * DRAWN_PITCH))
    capital = -font.getbbox("H", anchor="ls")[1]
    baseline = DRAWN_PITCH + capital / 2
    ImageDraw.Draw(picture).text((DRAWN_PITCH / 2, baseline), glyph, 255, font=font, anchor="ms")
    return (np.asarray(picture, np.float32) / 255).astype(np.float32)


def _with_gain(mask: Floats, gain: int) -> Floats:
    if gain == 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(gain) + 1, abs(gain) + 1))
    change = cv2.dilate if gain > 0 else cv2.erode
    return np.asarray(change(mask, kernel), np.float32)


def random_text(rng: Generator) -> list[int]:
    """Invent a line's cells; some lines end early, some are torn by blanks."""
    text = rng.integers(0, len(GLYPHS), CELLS)
    text[rng.random(CELLS) < 0.12] = GLYPHS.index("<")
    if rng.random() < 0.25:
        text[rng.random(CELLS) < 0.25] = NOTHING
    if rng.random() < 0.2:
        turned = rng.random(CELLS) < rng.choice((0.3, 0.9))
        text[turned] = -1 - rng.integers(0, len(TURNED), int(turned.sum()))
        text[turned & (rng.random(CELLS) < 0.3)] = -len(TURNED)
    ends = rng.integers(0, 4, 2) * (rng.random(2) < 0.4)
    text[: ends[0]] = NOTHING
    text[CELLS - ends[1] :] = NOTHING
    return [int(cell) for cell in text]


def paper(height: int, width: int, pitch: float, rng: Generator) -> Floats:
    """Paint paper of brightness about 1, with tints, fine lines and sometimes an edge."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(pitch)
    light = np.ones((height, width), np.float32)
    for _ in range(rng.integers(0, 4)):
        angle, wave = rng.uniform(0, np.pi), rng.uniform(0.25, 4)
        bend = rng.uniform(0, 1) * np.sin(x * rng.uniform(0.2, 2) + rng.uniform(0, 6))
        phase = (x * np.cos(angle) + y * np.sin(angle) + bend) * (2 * np.pi / wave)
        light -= rng.uniform(0, 0.14) * (np.sin(phase) > rng.uniform(0, 0.95))
    slope = rng.uniform(-0.5, 0.5, 2) * (rng.random() < 0.5)
    light *= 1 + slope[0] * (x / x.max() - 0.5) + slope[1] * (y / max(float(y.max()), 1) - 0.5)
    if rng.random() < 0.2:
        edge = rng.uniform(0.3, 2.5)
        place = x if rng.random() < 0.5 else x.max() - x
        light[place < edge] *= rng.uniform(0.1, 1.6)
    if rng.random() < 0.1:
        light[(y.max() - y if rng.random() < 0.5 else y) < rng.uniform(0.1, 0.6)] *= rng.uniform(
            0.1, 1.6
        )
    return light


def strip(drawing: Drawing, rng: Generator) -> tuple[Pixels, list[int], NDArray[np.float64]]:
    """Make one spoilt strip; return it with its cells and where their middles came to lie.

    Returns:
        The grey strip; its cells; an array of (column, row) of each cell's middle.
    """
    text = random_text(rng)
    line = drawing.line(text, rng)
    if rng.random() < 0.25:  # other print above or below
        other = drawing.line([int(cell) for cell in rng.integers(0, len(GLYPHS), CELLS)], rng)
        shift = int(rng.uniform(1.25, 1.8) * DRAWN_PITCH) * (1 if rng.random() < 0.5 else -1)
        moved = np.roll(other, shift, axis=0)
        moved[: max(shift, 0)] = 0
        moved[other.shape[0] + min(shift, 0) :] = 0
        line = np.maximum(line, moved)
    pitch = float(np.exp(rng.uniform(np.log(9.5), np.log(38))))
    to_camera = _bend(rng, pitch)
    width, height = int((CELLS + 1) * pitch) + 4, int(2.6 * pitch)
    soft = cv2.GaussianBlur(line, (0, 0), 0.38 * DRAWN_PITCH / pitch)
    ink = cv2.warpAffine(soft, to_camera[:2], (width, height), flags=cv2.INTER_LINEAR)
    ground = paper(height, width, pitch, rng)
    bright, strength = rng.uniform(60, 250), rng.uniform(0.3, 0.95)
    noise = rng.uniform(0, min(18.0, bright * strength / LEAST_CONTRAST))
    grey = _spoil(bright * ground * (1 - ink * strength), pitch, noise, rng)
    back = np.diag([PITCH / pitch, PITCH / pitch, 1.0])
    back[1, 2] = STRIP_HEIGHT / 2 - height / 2 * PITCH / pitch
    size = (int(width * PITCH / pitch), STRIP_HEIGHT)
    way = cv2.INTER_AREA if pitch > PITCH else cv2.INTER_LINEAR
    if pitch > 1.3 * PITCH:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.35 * pitch / PITCH), np.uint8)
    seen = cv2.warpAffine(grey, back[:2], size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    middles = np.array([((at + 0.5) * DRAWN_PITCH, 1.5 * DRAWN_PITCH, 1.0) for at in range(CELLS)])
    return seen.astype(np.uint8), text, (back @ to_camera @ middles.T).T[:, :2]


def _bend(rng: Generator, pitch: float) -> NDArray[np.float64]:
    """Turn, slant and stretch a drawn line into the camera's pixels."""
    scale = pitch / DRAWN_PITCH
    angle = np.deg2rad(rng.normal(0, 1.0))
    wide, high = np.exp(rng.normal(0, 0.03)), np.exp(rng.normal(0, 0.06))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[wide, rng.normal(0, 0.05)], [0.0, high]])
    matrix = np.eye(3)
    matrix[:2, :2] = scale * turn @ slant
    middle = np.array([CELLS * DRAWN_PITCH / 2, 1.5 * DRAWN_PITCH])
    goal = np.array([(CELLS + 1) * pitch / 2, 1.3 * pitch]) + rng.uniform(-0.5, 0.5, 2)
    matrix[:2, 2] = goal - matrix[:2, :2] @ middle
    return matrix


def _spoil(grey: Floats, pitch: float, noise: float, rng: Generator) -> Pixels:
    """Blur, shake, make noise, and save as JPEG."""
    sigma = rng.uniform(0, min(2.0, 0.095 * pitch))
    if sigma > 0.2:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32)
    if rng.random() < 0.15:  # the hand moved
        length = max(2, int(rng.uniform(0.08, 0.2) * pitch))
        kernel = np.full((1, length), 1 / length, np.float32)
        moved = cv2.filter2D(grey, -1, kernel if rng.random() < 0.6 else kernel.T)
        grey = np.asarray(moved, np.float32)
    noisy = grey + rng.normal(0, noise, grey.shape) * (rng.random() < 0.85)
    spoilt = np.clip(noisy, 0, 255).astype(np.uint8)
    if rng.random() < 0.8:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))]
        jpeg = cv2.imencode(".jpg", spoilt, quality)[1]
        spoilt = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.uint8)
    return spoilt


def samples(drawing: Drawing, rng: Generator) -> tuple[Floats, list[int]]:
    """Cut one strip into windows with their classes: centred ones, and ones that lie beside."""
    seen, text, middles = strip(drawing, rng)
    ink = normalised(seen)
    cut, classes = [], []
    half_width, half_height = WINDOW_WIDTH // 2, WINDOW_HEIGHT // 2
    for cell, (x, y) in zip(text, middles, strict=True):
        for aside in (False, True):
            off = rng.uniform(ASIDE, 0.5) * rng.choice((-1, 1)) if aside else rng.uniform(-1, 1)
            column = round(x + off * PITCH * (1.0 if aside else CENTRED))
            row = round(y + rng.uniform(-CENTRED, CENTRED) * PITCH)
            fits = half_width <= column <= ink.shape[1] - half_width
            if (aside and rng.random() < 0.4) or not fits:
                continue
            if not half_height <= row <= STRIP_HEIGHT - half_height:
                continue
            cut.append(windows(ink, np.array([column]), row))
            classes.append(NOTHING if aside or cell < 0 else cell)
    return np.concatenate(cut), classes


def gather(drawing: Drawing, strips: int, rng: Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Make many windows and their classes."""
    made = [samples(drawing, rng) for _ in range(strips)]
    cut = np.concatenate([cut for cut, _ in made]).astype(np.float16).astype(np.float32)
    return cut, np.array([one for _, classes in made for one in classes])


def train(drawing: Drawing, rounds: int, strips: int, seed: int) -> tuple[Floats, ...]:
    """Learn, with fresh windows in each round, by Adam with a falling rate."""
    rng = np.random.default_rng(seed)
    sizes = (WINDOW_WIDTH * WINDOW_HEIGHT, *HIDDEN, NOTHING + 1)
    weights: list[Floats] = []
    for many, few in pairwise(sizes):
        weights.append(rng.normal(0, np.sqrt(2 / many), (many, few)).astype(np.float32))
        weights.append(np.zeros(few, np.float32))
    adam = Adam(weights)
    for number in range(rounds):
        cut, classes = gather(drawing, strips, rng)
        rate = RATE * (0.5 + 0.5 * np.cos(np.pi * number / rounds)) + 1e-5
        for chosen in batches(len(classes), rng):
            adam.step(gradients(weights, cut[chosen], classes[chosen]), rate)
        right = float(np.mean(scores(tuple(weights), cut).argmax(axis=1) == classes))
        log.info("round %d of %d: %.4f of its own windows right", number + 1, rounds, right)
    return tuple(weights)


def batches(count: int, rng: Generator) -> Iterator[NDArray[np.int64]]:
    """Deal all numbers below count into batches, twice."""
    for _ in range(2):
        order = rng.permutation(count)
        for start in range(0, count - BATCH + 1, BATCH):
            yield order[start : start + BATCH]


def gradients(
    weights: list[Floats], cut: Floats, classes: NDArray[np.int64]
) -> list[NDArray[np.float32]]:
    """Return the gradient of the cross entropy for each array of weights."""
    layers = [cut]
    for at in range(LAYERS - 1):
        layers.append(np.maximum(layers[-1] @ weights[2 * at] + weights[2 * at + 1], 0))
    values = layers[-1] @ weights[-2] + weights[-1]
    error = np.exp(values - values.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    smooth = 0.01
    error -= smooth / error.shape[1]
    error[np.arange(len(classes)), classes] -= 1 - smooth
    error /= len(classes)
    result: list[NDArray[np.float32]] = []
    for at in reversed(range(LAYERS)):
        result[:0] = [layers[at].T @ error, error.sum(axis=0)]
        if at:
            error = (error @ weights[2 * at].T) * (layers[at] > 0)
    return result


class Adam:
    """Moving means of the gradients and their squares (Kingma and Ba), with weight decay."""

    def __init__(self, weights: list[Floats]) -> None:
        self._weights = weights
        self._first = [np.zeros_like(one) for one in weights]
        self._second = [np.zeros_like(one) for one in weights]
        self._steps = 0

    def step(self, slopes: list[NDArray[np.float32]], rate: float) -> None:
        """Move the weights a little downhill."""
        self._steps += 1
        whole = rate * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        for at, slope in enumerate(slopes):
            self._first[at] += 0.1 * (slope - self._first[at])
            self._second[at] += 0.001 * (slope * slope - self._second[at])
            move = whole * self._first[at] / (np.sqrt(self._second[at]) + 1e-7)
            self._weights[at] -= (move + rate * DECAY * self._weights[at]).astype(np.float32)


def main() -> None:
    """Train, save, and say the hash that zone_glyphs must know."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("font", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--strips", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    wishes = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cv2.setNumThreads(1)
    weights = train(Drawing(wishes.font), wishes.rounds, wishes.strips, wishes.seed)
    kept = {f"a{at}": one.astype(np.float16) for at, one in enumerate(weights)}
    with wishes.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **kept)
    log.info("sha256 %s", hashlib.sha256(wishes.out.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
