"""Every screen of every station, in each language and size: nothing is cut or too small."""

import pytest

from common.domain.language import Language
from common.ui.gallery import Preview, previews
from tests.support.qt import faults, render, scrolls

ALL = list(previews())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("preview", ALL, ids=lambda preview: f"{preview.app}-{preview.title}")
def test_a_screen_can_be_read_and_touched(qapp, preview: Preview, scale: float, language: Language):
    if not preview.public and scale > 1.0:
        pytest.skip("officers have no larger text")
    with render(preview.screen, language, preview.size, scale, preview.public) as shown:
        assert not faults(shown)
        assert shown.controls
        if preview.public and scale == 1.0 and not preview.scrolls:
            assert not scrolls(shown.window), "at the usual size everything is seen at once"


def test_previews_come_from_every_shared_screen():
    shared = {preview.screen_file for preview in ALL if preview.app == "common_ui"}
    assert shared == {"busy", "go_to_counter", "out_of_service", "take_card"}
