"""Whole ways through the pages: by keyboard, without scripts, with a connection that fails."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.web.browser import PHONE, running_browser, why_not
from tests.web.site import CODE, FORM

ANSWERS = {name: value for name, value in FORM.items() if name not in ("sex", "marital_status")}
DATE = {"date_of_birth-day": "6", "date_of_birth-month": "5", "date_of_birth-year": "1980"}
PARTS = (
    ("surname", "given_names", "chinese_name"),
    ("sex", *DATE, "place_of_birth", "nationality", "marital_status"),
    ("address", "telephone"),
)


def typed(name):
    return {**ANSWERS, **DATE}[name]


def test_booking_and_form_with_the_keyboard_alone(site, browser):
    browser.size(*PHONE)
    browser.open("/", "en")
    browser.tab_to(".skip").send_keys(Keys.ENTER)
    assert browser.run("return document.activeElement.id") == "main"
    browser.tab_to("a[href='/book']").send_keys(Keys.ENTER)
    browser.arrive("/book")
    browser.tab_to("input[name=slot]").send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    browser.arrive("/book/")
    browser.tab_to("input[name=reason]").send_keys(Keys.SPACE)
    for name, text in (("identity_number", "G123456(A)"), ("year_of_birth", "1980")):
        browser.tab_to(f"#{name}").send_keys(text)
    browser.tab_to("#enquiry_code").send_keys(CODE)
    browser.focused.send_keys(Keys.ENTER)
    browser.arrive("/letter/")
    browser.tab_to("a[href^='/form/']").send_keys(Keys.ENTER)
    browser.arrive("/form/")
    for fields in PARTS:
        for name in fields:
            field = browser.tab_to(f"[name='{name}']")
            if field.get_attribute("type") == "radio":
                field.send_keys(Keys.SPACE)
            else:
                field.send_keys(typed(name))
        title = browser.driver.title
        browser.tab_to(".button[value=next]").send_keys(Keys.ENTER)
        browser.until(lambda before=title: browser.driver.title != before, f"after {title}")
    assert "Check your answers" in browser.text
    assert "6 May 1980" in browser.text
    browser.tab_to(".button[value=finish]").send_keys(Keys.ENTER)
    browser.arrive("/letter/")
    assert "Your application form is complete." in browser.text


def test_the_same_without_scripts(site):
    if reason := why_not():
        pytest.skip(reason)
    with running_browser(site.address, scripts=False) as browser:
        browser.size(*PHONE)
        browser.open("/book", "zh-Hant")
        assert not browser.driver.find_elements(By.CSS_SELECTOR, "noscript")
        browser.one("input[name=slot]").click()
        browser.one("#form .button").click()
        browser.arrive("/book/")
        browser.one("input[name=reason]").click()
        browser.one("#identity_number").send_keys("AB123456(9)")
        browser.one("#year_of_birth").send_keys("1980")
        browser.one("#enquiry_code").send_keys("12", Keys.ENTER)
        browser.until(lambda: browser.every(".errors"), "a summary")
        assert [link.text for link in browser.every(".errors a")] == ["請輸入四位數字。"]
        assert browser.one("#identity_number").get_attribute("value") == "AB123456(9)"
        browser.one("#enquiry_code").send_keys(CODE, Keys.ENTER)
        browser.arrive("/letter/")
        browser.one("a[href^='/form/']").click()
        for fields in PARTS:
            for name in fields:
                field = browser.one(f"[name='{name}']")
                if field.get_attribute("type") == "radio":
                    field.click()
                else:
                    field.send_keys(typed(name))
            browser.one(".button[value=next]").click()
        browser.one(".button[value=finish]").click()
        browser.arrive("/letter/")
        assert "您的申請表已填妥。" in browser.text
        browser.open(site.pages["tag, waiting"])
        assert browser.one("[data-without-script]").is_displayed()


def test_a_change_of_language_keeps_the_page_and_what_was_typed(site, browser):
    browser.open("/find", "en")
    browser.one("#identity_number").send_keys("A12")
    browser.one("#year_of_birth").send_keys("1980", Keys.ENTER)
    browser.until(lambda: browser.every(".errors"), "a summary")
    browser.one("button[name=lang][value=zh-Hant]").click()
    browser.until(lambda: browser.one("html").get_attribute("lang") == "zh-Hant", "Chinese")
    assert browser.one("#identity_number").get_attribute("value") == "A12"
    assert browser.one("#year_of_birth").get_attribute("value") == "1980"
    assert not browser.every(".errors")
    browser.open(site.pages["form, name"])
    assert browser.one("html").get_attribute("lang") == "zh-Hant"
    browser.one("#surname").send_keys("LEUNG")
    browser.one("button[name=lang][value=zh-Hans]").click()
    browser.until(lambda: browser.one("html").get_attribute("lang") == "zh-Hans", "simplified")
    assert browser.path.startswith("/form/")
    assert browser.one("#surname").get_attribute("value") == "LEUNG"


def test_the_form_keeps_itself_and_says_what_is_wrong_at_the_field(site, browser):
    reference = site.book("WX123456(9)", 12)
    address = f"/form/{reference}?part=name"
    browser.open(address, "en")
    browser.one("#surname").send_keys("Fung", Keys.TAB)
    browser.until(lambda: "Saved at" in browser.one("[data-status]").text, "saved")
    browser.one("#chinese_name").send_keys("Fung", Keys.TAB)
    line = browser.until(lambda: browser.every("#chinese_name-error"), "an error")[0]
    assert line.text == "Please use at most six Chinese characters."
    field = browser.one("#chinese_name")
    assert "chinese_name-error" in field.get_attribute("aria-describedby")
    assert browser.findings() == []
    field.clear()
    field.send_keys("馮思詠", Keys.TAB)
    browser.until(lambda: not browser.every("#chinese_name-error"), "no error")
    browser.one("#chinese_codes").send_keys("7458 1835", Keys.TAB)
    browser.until(lambda: browser.every("#chinese_codes-error"), "a code is missing")
    browser.one("#chinese_codes").send_keys(" 6102", Keys.TAB)
    browser.until(lambda: not browser.every("#chinese_codes-error"), "codes")
    browser.until(lambda: "Saved at" in browser.one("[data-status]").text, "saved")
    browser.driver.get("about:blank")
    browser.open(f"/form/{reference}?part=review", "en")
    for text in ("FUNG", "馮思詠", "7458 1835 6102"):
        assert text in browser.text
    assert (
        browser.run("return Object.keys(localStorage).length + Object.keys(sessionStorage).length")
        == 0
    )


def test_what_could_not_be_saved_is_said_and_saved_later(site, browser):
    reference = site.book("Z683365(A)", 13)
    browser.open(f"/form/{reference}?part=contact", "en")
    browser.offline(is_offline=True)
    browser.one("#address").send_keys("2 Example Road", Keys.TAB)
    browser.until(lambda: "Not saved" in browser.one("[data-status]").text, "not saved")
    browser.offline(is_offline=False)
    browser.run("dispatchEvent(new Event('online'))")
    browser.until(lambda: "Saved at" in browser.one("[data-status]").text, "saved")
    assert "2 Example Road" in site.office.http.get(f"/form/{reference}?part=contact").text


def test_the_form_does_not_run_out(site, browser):
    reference = site.book("A100004(A)", 14)
    browser.open(f"/form/{reference}?part=name", "en")
    browser.one("#surname").send_keys("LEUNG")
    site.office.clock.advance(45 * 60)
    try:
        browser.one(".button[value=next]").click()
        browser.until(lambda: "About you" in browser.driver.title, "the next part")
        assert 'value="LEUNG"' in site.office.http.get(f"/form/{reference}?part=name").text
    finally:
        site.office.clock.advance(-45 * 60)


def test_the_queue_is_seen_to_move(site, browser):
    office = site.office
    tag = office.registered("A100009(0)")
    browser.size(*PHONE)
    browser.open(f"/tag/{tag['token']}", "en")
    assert "People ahead of you" in browser.text
    assert not browser.one("[data-without-script]").is_displayed()
    while True:
        called = office.good("booth-2", "/v1/queue/call", {"place": "R2", "stages": ["booth"]})[
            "tag"
        ]
        if called["number"] == tag["number"]:
            break
        action = {"tag_token": called["token"], "place": "R2"}
        office.good("booth-2", "/v1/queue/arrive", action)
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.until(lambda: browser.every(".big"), "the call")
    assert browser.one(".big").text == "R2"
    assert "R2" in browser.driver.title
    browser.offline(is_offline=True)
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.until(lambda: "No connection" in browser.text, "the loss is said")
    assert browser.one(".big").text == "R2"
