"""Lines of about one length: never more of them than before, and no word alone on the last one."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtQml import QQmlComponent

from common.domain.language import OFFICE_LANGUAGES, Language
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


def laid_out(words, text, width, even):
    words.setProperty("even", even)
    words.setProperty("width", width)
    words.setProperty("text", text)
    return words.property("lineCount"), words.property("contentWidth")


@pytest.mark.parametrize("language", [*OFFICE_LANGUAGES, Language.THAI, Language.URDU])
def test_even_lines_are_as_many_and_shorter(words, language):
    narrowed = 0
    for text in (texts(language).text(key) for key in KEYS):
        for width in WIDTHS:
            lines, most = laid_out(words, text, width, even=False)
            even_lines, even_most = laid_out(words, text, width, even=True)
            assert even_lines == lines, (text, width)
            assert even_most <= most + 1, (text, width)
            narrowed += even_most < most - 8
    # Where words are not parted by spaces, lines stay as they are.
    assert bool(narrowed) is (language is not Language.THAI)


def test_a_line_that_is_alone_stays_as_it_is(words):
    lines, most = laid_out(words, "Back", 400, even=True)
    assert (lines, words.property("spare")) == (1, 0)
    assert most < 400
