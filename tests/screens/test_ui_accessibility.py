"""The audit finds what is wrong: each fault is planted, and nothing else is."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from common.domain.language import Language
from common.ui.accessibility import faults, luminance
from common.ui.looks import Look
from common.ui.screen import Screen
from tests.support.qt import station_window

PAGE = """import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    required property var model
    title: "A page"

    %s
}
"""
GOOD = """
    SecondaryButton { text: "One" }
    SecondaryButton { text: "Two" }
"""
PLANTED = {
    "is only 200 x 30": """
    Touchable { name: "Small"; Layout.preferredWidth: 200; Layout.preferredHeight: 30 }""",
    "Button without a name": "Touchable { Layout.preferredHeight: 90; Layout.fillWidth: true }",
    "two controls are called 'Same'": """
    SecondaryButton { text: "Same" }
    SecondaryButton { text: "Same" }""",
    "has a name of 95 letters": f"""
    Touchable {{ name: "{"long " * 19}"; Layout.preferredHeight: 90; Layout.fillWidth: true }}""",
    "cut short": """
    Words {
        text: "Words that do not fit into their place by far"
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
        Layout.maximumWidth: 200
    }""",
    "taller than its place": """
    Item {
        Layout.preferredHeight: 120
        Layout.fillWidth: true
        Words { text: "Many words, and many words. ".repeat(8); width: 400; height: 60 }
    }""",
    "outside its button": """
    Touchable {
        name: "Wide"
        Layout.preferredWidth: 200
        Layout.preferredHeight: 100
        Words { text: "Wider than its button"; wrapMode: Text.NoWrap; width: 600 }
    }""",
    "is only 2 from": """
    RowLayout {
        spacing: 2
        SecondaryButton { text: "One" }
        SecondaryButton { text: "Two" }
    }""",
    "'One' lies on 'Two'": """
    Item {
        Layout.preferredHeight: 200
        Layout.fillWidth: true
        SecondaryButton { text: "One"; width: 300; height: 100 }
        SecondaryButton { text: "Two"; x: 100; y: 60; width: 300; height: 100 }
    }""",
    "'One' lies on 'A word'": """
    Item {
        Layout.preferredHeight: 200
        Layout.fillWidth: true
        SecondaryButton { text: "One"; width: 300; height: 100 }
        Body { text: "A word"; width: 300; height: 60 }
    }""",
    "the text 'Below' lies on 'Above'": """
    Item {
        Layout.preferredHeight: 200
        Layout.fillWidth: true
        Words { text: "Below"; width: 300 }
        Words { text: "Above"; width: 300; y: 10 }
    }""",
    "outside the window": """
    Item {
        Layout.preferredHeight: 100
        Words { text: "Far away"; x: 2000; width: 300 }
    }""",
    "contrast of only": """
    Words { text: "Pale words"; color: "#C8CCD2" }""",
    "without a role": """
    FocusScope {
        Layout.preferredHeight: 100
        Layout.fillWidth: true
        activeFocusOnTab: true
    }""",
    "Tab reaches 'Deaf' 0 times": """
    Item {
        Layout.preferredHeight: 100
        Layout.fillWidth: true
        Accessible.role: Accessible.Button
        Accessible.name: "Deaf"
    }""",
    "Tab goes up": """
    Item {
        Layout.preferredHeight: 600
        Layout.fillWidth: true
        SecondaryButton { text: "Third"; y: 400; width: 300; height: 100 }
        SecondaryButton { text: "Second"; y: 200; width: 300; height: 100 }
        SecondaryButton { text: "First"; width: 300; height: 100 }
    }""",
    "Tab goes back in a row": """
    Item {
        Layout.preferredHeight: 100
        Layout.fillWidth: true
        SecondaryButton { text: "Right"; x: 400; width: 300; height: 100 }
        SecondaryButton { text: "Left"; width: 300; height: 100 }
    }""",
    "is too high": """
    Item {
        Layout.preferredHeight: 100
        Layout.fillWidth: true
        SecondaryButton { text: "High"; width: 300; height: 100 }
    }""",
}


@pytest.fixture(scope="module")
def window(qapp):
    with station_window() as made:
        yield made


def found(window, folder: Path, content: str) -> list[str]:
    file = folder / "planted.qml"
    file.write_text(PAGE % content, "utf-8")
    window.show(Screen(file))
    told = []
    for look in (Look(Language.ENGLISH), Look(Language.ENGLISH, low=True)):
        look.wear(window)
        told += faults(window, window.picture())
    return told


def test_a_sound_page_has_no_faults(window, tmp_path):
    assert found(window, tmp_path, GOOD) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(window, tmp_path, fault):
    told = found(window, tmp_path, PLANTED[fault])
    assert any(fault in words for words in told), told


def test_luminance_is_that_of_the_standard():
    white, black = QColor("white"), QColor("black")
    assert luminance((white.red(), white.green(), white.blue())) == pytest.approx(1)
    assert luminance((black.red(), black.green(), black.blue())) == 0
