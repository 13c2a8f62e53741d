"""The pages as an app: installable by Chromium's own judgement, helpful offline, discreet."""

import json

import pytest

from common.domain.language import OFFICE_LANGUAGES
from tests.web.line import line_to

IS_ACTIVE = """
return navigator.serviceWorker.getRegistration().then((one) => Boolean(one && one.active
  && one.active.state === "activated" && one.active.scriptURL.endsWith(arguments[0])));
"""


@pytest.fixture(autouse=True)
def workers(browser):
    browser.workers(are_asked=True)


SETTLED = "return navigator.serviceWorker.ready.then((one) => Boolean(one.active))"


def test_chromium_would_install_it(site, browser):
    browser.open("/", "en")
    assert browser.run(SETTLED)
    browser.until(
        lambda: browser.run("return Boolean(navigator.serviceWorker.controller)"), "a worker"
    )
    found = browser.driver.execute_cdp_cmd("Page.getAppManifest", {})
    assert found["errors"] == []
    assert json.loads(found["data"])["display"] == "standalone"
    judged = browser.driver.execute_cdp_cmd("Page.getInstallabilityErrors", {})
    # A window without a profile to install into is the test's, not the page's.
    serious = [one for one in judged["installabilityErrors"] if one["errorId"] != "in-incognito"]
    assert serious == []


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_without_a_network_it_says_what_to_do(site, browser, language):
    with line_to(site.address) as line:
        browser.driver.get(f"{line.address}/?lang={language}")
        address = browser.run("return document.body.dataset.worker")
        browser.until(lambda: browser.run(IS_ACTIVE, address), "the worker of this language")
        line.cut()
        browser.driver.get(f"{line.address}/status")
        assert browser.one("html").get_attribute("lang") == language
        assert browser.one("[data-again]").is_displayed()
        colour = "return getComputedStyle(document.querySelector('.top')).backgroundColor"
        assert browser.run(colour) == "rgb(7, 44, 80)"
        line.mend()
        browser.one("[data-again]").click()
        browser.until(lambda: browser.every("#identity_number"), "the page itself")


def test_no_page_about_a_person_is_kept(site, browser):
    for name in ("letter, form done", "form, review", "tag, waiting", "status, ready"):
        browser.open(site.pages[name], "en")
    browser.run(SETTLED)
    kept = browser.run(
        """
        const keys = (name) => caches.open(name).then((one) => one.keys());
        return caches.keys().then((names) => Promise.all(names.map(keys)))
          .then((all) => all.flat().map((one) => new URL(one.url).pathname));
        """
    )
    assert kept
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline"}


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_manifest_speaks_the_language(site, language):
    answer = site.office.http.get("/manifest.webmanifest", params={"lang": language})
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert (told["lang"], told["start_url"], told["scope"]) == (language, "/", "/")
    for icon in told["icons"]:
        assert site.office.http.get(icon["src"]).status_code == 200
