"""Every public page against WCAG 2.2 AA, in every language, on a phone and on a desk."""

import re

import html5lib
import pytest

from common.domain.language import OFFICE_LANGUAGES
from tests.web.browser import DESK, PHONE, SMALLEST, axe

WEIGHT_BYTES = 60_000


def test_which_axe(capsys):
    version = re.search(r"axe v([0-9.]+)", axe()[:100])
    assert version is not None
    with capsys.disabled():
        print(f"\naxe-core {version[1]}")
    assert int(version[1].split(".")[1]) >= 12


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_axe_finds_nothing(site, browser, language):
    wrong, checked = {}, 0
    for name, path in site.pages.items():
        browser.open(path, language)
        assert browser.one("html").get_attribute("lang") == language
        for size in (PHONE, DESK):
            browser.size(*size)
            checked += 1
            if found := browser.findings():
                wrong[name, size] = found
    assert not wrong
    assert checked == 2 * len(site.pages)


def test_axe_finds_nothing_in_the_dark(site, browser):
    browser.dark(is_dark=True)
    browser.size(*PHONE)
    wrong = {}
    for name, path in site.pages.items():
        browser.open(path, "en")
        assert browser.run("return matchMedia('(prefers-color-scheme: dark)').matches")
        if found := browser.findings():
            wrong[name] = found
    assert not wrong


def test_forms_with_mistakes_are_as_clean_and_lead_to_their_fields(site, browser):
    for name, button in (
        ("enquiry", "form#form button:not(.hidden)"),
        ("status, asked", "form#form button:not(.hidden)"),
        ("form, review with gaps", ".button[value=finish]"),
        ("tag, gaps in the form", ".button[value=finish]"),
    ):
        browser.open(site.pages[name], "en")
        browser.one(button).click()
        browser.until(lambda: browser.every(".errors"), f"a summary on {name}")
        assert browser.focused.get_attribute("class") == "errors"
        assert browser.driver.title.startswith("Please check this")
        assert browser.findings() == [], name
        link = browser.one(".errors a")
        target = link.get_attribute("href").partition("#")[2]
        link.click()
        assert browser.until(lambda id_=target: browser.every(f"[id='{id_}']"), target)


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_nothing_scrolls_sideways_at_320_pixels(site, browser, language):
    # 320 CSS pixels are also what a desk of 1280 leaves at 400 % (WCAG 1.4.10).
    browser.size(*SMALLEST)
    wide = {}
    for name, path in site.pages.items():
        browser.open(path, language)
        if found := browser.too_wide():
            wide[name] = found
    assert not wide


def test_what_is_pressed_is_large_enough_for_a_thumb(site, browser):
    browser.size(*PHONE)
    small = {}
    for name, path in site.pages.items():
        browser.open(path, "en")
        if found := browser.small_targets():
            small[name] = found
    assert not small


def test_the_console_is_silent_and_nothing_comes_from_elsewhere(site, browser):
    for path in site.pages.values():
        browser.open(path)
        assert browser.elsewhere() == []
        assert browser.complaints() == []


def test_the_check_of_the_console_hears_something(site, browser):
    browser.open("/")
    browser.run("console.error('said by the test')")
    assert any("said by the test" in line for line in browser.complaints())


def test_axe_would_find_something(site, browser):
    browser.open("/find")
    browser.run("document.querySelector('label[for=year_of_birth]').remove()")
    assert [finding.rule for finding in browser.findings()] == ["label"]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_pages_are_valid_and_light(site, language):
    http = site.office.http
    shared = sum(
        len(http.get(f"/static/{name}").content) for name in ("web.css", "web.js", "mark.svg")
    )
    assert len(http.get("/static/web.css").content) < 30_000
    for name, path in site.pages.items():
        answer = http.get(path, params={"lang": language})
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(answer.text)
        assert parser.errors == [], name
        ids = re.findall(r'\bid="([^"]*)"', answer.text)
        assert len(ids) == len(set(ids)), name
        pictures = sum(
            len(http.get(src).content) for src in re.findall(r'src="(/letter[^"]+)"', answer.text)
        )
        assert len(answer.content) + shared + pictures < WEIGHT_BYTES, name
