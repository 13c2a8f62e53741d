"""The tokens keep the numbers for reading and touching: contrast, letters, targets."""

import json
from itertools import product

import pytest

from common.ui.window import HERE

TOKENS = json.loads((HERE / "tokens.json").read_text("utf-8"))
MM = 0.248  # one pixel of a 21.5 inch screen of 1080 x 1920

TEXT_PAIRS = [
    *product(("ink", "quiet"), ("ground", "surface", "soft", "press")),
    *product(("ink",), ("goodSoft", "warnSoft", "badSoft")),
    *product(("brand",), ("surface", "soft", "ground")),
    ("overBrand", "brand"),
    ("overBrand", "brandPress"),
    ("bad", "surface"),
    ("bad", "ground"),
    ("good", "surface"),
    ("warn", "surface"),
    ("overBrandQuiet", "bandTop"),
    ("overBrandQuiet", "bandBottom"),
    ("overBrandQuiet", "callTop"),
    ("overBrandQuiet", "callBottom"),
]
LINE_PAIRS = [
    ("line", "surface"),
    ("line", "ground"),
    ("brand", "surface"),
    ("bandLine", "bandBottom"),
    ("bandLine", "bandTop"),
    ("bad", "badSoft"),
    ("good", "goodSoft"),
    ("warn", "warnSoft"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_known_ratio():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("look", ["calm", "contrast"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out(look, text, ground):
    colours = TOKENS["colour"][look]
    assert contrast(colours[text], colours[ground]) >= (7 if look == "contrast" else 4.5)


@pytest.mark.parametrize("look", ["calm", "contrast"])
@pytest.mark.parametrize(("line", "ground"), LINE_PAIRS)
def test_edges_can_be_seen(look, line, ground):
    colours = TOKENS["colour"][look]
    assert contrast(colours[line], colours[ground]) >= 3


@pytest.mark.parametrize("look", ["calm", "contrast"])
@pytest.mark.parametrize("ground", ["ground", "surface", "brand", "bandTop", "bandBottom"])
def test_one_of_the_two_focus_tones_stands_out_on_every_ground(look, ground):
    colours = TOKENS["colour"][look]
    best = max(contrast(colours[tone], colours[ground]) for tone in ("focus", "focusDark"))
    assert best >= 3


def test_both_looks_name_the_same_colours():
    assert TOKENS["colour"]["calm"].keys() == TOKENS["colour"]["contrast"].keys()


def test_targets_are_as_large_as_a_fingertip():
    assert TOKENS["target"]["public"] * MM >= 19.8


def test_letters_can_be_read_at_arms_length():
    assert TOKENS["type"]["body"] >= 32
    assert TOKENS["type"]["body"] * 0.73 * MM >= 4.8  # ADA 707.7.2: capitals of 3/16 inch
    assert TOKENS["type"]["display"] >= 60
    # EN 301 549, 5.1.4: in the large text, capitals of 0.7 degrees at 600 mm
    assert TOKENS["type"]["note"] * 1.5 * 0.73 * MM >= 7.3
