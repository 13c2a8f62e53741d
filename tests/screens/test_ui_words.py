"""Lines of about one length: never more of them than before, and no word alone on the last one."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtQml import QQmlComponent

from common.domain.language import Language
from common.i18n.texts import texts
from tests.support.qt import station_window

KEYS = (
    "tag-welcome-title",
    "tag-welcome-companion-subtitle",
    "tag-next-parent",
    "tag-fee-lost",
    "tag-closed-detail",
    "tag-reception-card_doubtful",
    "papers-next-unsent",
)
WIDTHS = (330, 470, 610, 850)
WORDS = b"import Smartics\nWords {}"


@pytest.fixture
def words(qapp):
    with station_window() as window:
        component = QQmlComponent(window.view.engine())
        component.setData(WORDS, QUrl.fromLocalFile(str(__file__)))
        made = component.create()
        assert made is not None, component.errorString()
        yield made
        made.deleteLater()


def laid_out(words, text, width):
    words.setProperty("width", width)
    words.setProperty("text", text)
    return words.property("lineCount"), words.property("contentWidth")


def as_qt_would(words):
    words.setProperty("narrower", 0)
    return words.property("lineCount"), words.property("contentWidth")


@pytest.mark.parametrize("language", Language)
def test_even_lines_are_as_many_and_shorter(words, language):
    narrowed = 0
    for text in (texts(language).text(key) for key in KEYS):
        for width in WIDTHS:
            even_lines, even_most = laid_out(words, text, width)
            lines, most = as_qt_would(words)
            assert even_lines == lines, (text, width)
            assert even_most <= most + 1, (text, width)
            narrowed += even_most < most - 8
    assert narrowed


def test_no_word_is_broken_for_it(words):
    # Three lines of one word each; half as wide, all three would still be three when broken.
    text = "Identification Identification Identification"
    lines, _ = laid_out(words, text, 330)
    assert lines == 3
    assert words.property("contentWidth") + words.property("narrower") <= 330


def test_a_line_that_is_alone_and_a_long_text_stay_as_they_are(words):
    assert laid_out(words, "Back", 400)[0] == 1
    assert words.property("narrower") == 0
    assert laid_out(words, "Who comes late says why. " * 20, 400)[0] > 3
    assert words.property("narrower") == 0


def test_a_line_from_the_right_is_spared_on_its_left(words):
    words.setProperty("horizontalAlignment", 2)
    assert laid_out(words, "Please come to the counter of this hall", 400)[0] in (2, 3)
    assert words.property("leftPadding") == words.property("narrower") > 0
    assert words.property("rightPadding") == 0
