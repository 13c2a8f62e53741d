"""What the desk says about a photograph: every rule has its words and its drawing."""

import pytest

from booth.screens.values import advice
from common.domain.language import OFFICE_LANGUAGES
from common.domain.portrait import Finding, PortraitCheck, PortraitRule
from common.i18n.texts import texts
from common.matching.portrait_rules import LIMITS
from common.ui.pictures import MODULE


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
@pytest.mark.parametrize("rule", list(PortraitRule))
def test_every_rule_says_what_is_wrong_and_what_to_do(rule, language):
    shown = advice(LIMITS[rule].find(rule, -1e7))
    words = texts(language)
    fault, remedy = words.text(str(shown["fault_key"])), words.text(str(shown["advice_key"]))
    assert fault
    assert remedy
    assert fault != remedy
    assert (MODULE / "pictograms" / f"{shown['pictogram']}.svg").is_file()


@pytest.mark.parametrize(
    ("rule", "value", "measured", "allowed"),
    [
        (PortraitRule.FACING, -13.42, "−13.4°", "−10° – 10°"),
        (PortraitRule.HEAD_SIZE, 0.98, "98 %", "54 % – 95 %"),
        (PortraitRule.OVER_EXPOSURE, 0.3, "30 %", "≤ 8 %"),
        (PortraitRule.EYES_OPEN, 0.08, "8 %", "≥ 14 %"),
        (PortraitRule.EYE_DISTANCE, 44.8, "44.8 px", "≥ 90 px"),
        (PortraitRule.SHARPNESS, 3.0, "3", "≥ 25"),
        (PortraitRule.CONTRAST, 3.25, "3.2 bit", "5 bit – 8 bit"),
    ],
)
def test_what_was_measured_is_told_in_signs_that_every_language_has(rule, value, measured, allowed):
    shown = advice(LIMITS[rule].find(rule, value))
    assert (shown["measured"], shown["allowed"]) == (measured, allowed)


def test_a_limit_includes_its_ends():
    limit = LIMITS[PortraitRule.UPRIGHT]
    assert limit.find(PortraitRule.UPRIGHT, 8).ok
    assert not limit.find(PortraitRule.UPRIGHT, 8.01).ok


def test_a_check_is_acceptable_when_nothing_is_broken():
    good = Finding(PortraitRule.CONTRAST, 7, "5..8", True)
    bad = Finding(PortraitRule.CONTRAST, 2, "5..8", False)
    assert PortraitCheck((good,)).acceptable
    assert not PortraitCheck((good, bad)).acceptable
    assert PortraitCheck((good, bad)).broken == (bad,)
