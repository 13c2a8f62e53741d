"""The gallery: its pictures, what the audit says beside them, and its page in a real browser."""

import json
import re

import pytest
from PySide6.QtGui import QImage
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from common.ui.gallery import DOCS, Preview, paint, previews
from common.ui.screen import Screen
from tests.support.parts import part_screen
from tests.web.browser import running_browser, why_not

SIZE = (1280, 800)
FAULTY = """import QtQuick
import QtQuick.Layouts
import Smartics
Page {
    required property var model
    title: "<script>alert(1)</script>"
    Touchable { name: "Small"; Layout.preferredWidth: 30; Layout.preferredHeight: 30 }
}
"""


def preview(name: str, screen: Screen, public: bool) -> Preview:
    return Preview("tests", "screen", name, screen, SIZE, public, scrolls=False)


@pytest.fixture(scope="module")
def gallery(qapp, tmp_path_factory):
    out = tmp_path_factory.mktemp("gallery")
    file = out / "faulty.qml"
    file.write_text(FAULTY, "utf-8")
    found = [
        preview("sound", part_screen("desk", {}, {"holder": "CHAN Tai Man"}), public=False),
        preview("faulty", Screen(file), public=True),
    ]
    return out, paint(out, found, zoom=0.25)


def test_each_look_is_painted_and_looked_over(gallery):
    out, painted = gallery
    told = re.search(r'type="application/json">(.*?)</script>', (out / "index.html").read_text())
    assert told is not None
    known = json.loads(told[1])
    assert [one["file"] for one in known] == [str(one.file.relative_to(out)) for one in painted]
    assert len({one.file for one in painted}) == len(painted) == 3 + 3 * 3 * 2
    assert all(QImage(str(one.file)).width() == SIZE[0] // 4 for one in painted)
    for one in painted:
        assert bool(one.faults) == (one.preview.name == "faulty"), one.faults


def test_its_page_is_filtered_browsed_by_keys_and_asks_nothing_of_the_network(gallery):
    if reason := why_not():
        pytest.skip(reason)
    out, painted = gallery
    assert "http" not in (out / "index.html").read_text().replace("http-equiv", "")
    with running_browser("") as browser:
        browser.driver.get((out / "index.html").as_uri())
        assert f"{len(painted)} of {len(painted)} pictures" in browser.text
        assert len(browser.every("figure")) == len(painted)
        assert "'Small' is only 30 x 30" in browser.text
        assert browser.findings() == []
        Select(browser.one("select[name=language]")).select_by_value("zh-Hant")
        browser.one("input[name=faults]").click()
        assert len(browser.every("figure")) == 6
        browser.one("h1").click()
        browser.one("body").send_keys("jj")
        assert browser.focused == browser.every("figure button")[1]
        browser.focused.send_keys(Keys.ENTER)
        assert browser.one("dialog").get_attribute("open")
        first = browser.one("#picture").get_attribute("src")
        browser.focused.send_keys(Keys.ARROW_RIGHT)
        assert browser.one("#picture").get_attribute("src") != first
        browser.focused.send_keys(Keys.ESCAPE)
        assert not browser.one("dialog").get_attribute("open")
        browser.driver.refresh()
        assert len(browser.every("figure")) == 6, "the address keeps what was asked for"


def test_what_the_readme_shows_exists():
    known = {(one.app, one.title): one for one in previews()}
    for app, title, size, _ in DOCS:
        assert size in known[app, title].sizes
