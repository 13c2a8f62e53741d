"""A real Chromium without a window, driven by Selenium, that speaks to this machine only."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
PHONE, DESK, SMALLEST = (360, 740), (1280, 800), (320, 640)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-search-engine-choice-screen",
    "--hide-scrollbars",
    "--lang=en",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_PATIENCE_S = 20
_RUN_AXE = """
const done = arguments[arguments.length - 1];
const chosen = {runOnly: {type: "tag", values: arguments[0]}, resultTypes: ["violations"]};
const where = (node) => `${node.html.slice(0, 160)} — ${node.failureSummary.slice(0, 300)}`;
axe.run(document, chosen)
  .then((found) => done(found.violations.map((rule) => [rule.id, rule.nodes.map(where)])))
  .catch((error) => done([["axe itself", [String(error)]]]));
"""


def why_not() -> str | None:
    """Say why no browser can be run here, or None."""
    missing = [program for program in (CHROMIUM, DRIVER) if not Path(program).exists()]
    return f"{' and '.join(missing)} missing" if missing else None


@cache
def axe() -> str:
    """Return axe-core's script."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Finding:
    """What axe objects to."""

    rule: str
    where: tuple[str, ...]


class Browser:
    """One window."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def size(self, width: int, height: int, scale: float = 1) -> None:
        """Become a screen of so many CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def dark(self, *, is_dark: bool) -> None:
        """Prefer dark colours."""
        value = "dark" if is_dark else "light"
        features = [{"name": "prefers-color-scheme", "value": value}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def offline(self, *, is_offline: bool) -> None:
        """Take the network away, or give it back."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        conditions = {
            "offline": is_offline,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        }
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def open(self, path: str, language: str | None = None) -> None:
        """Open a page of the site."""
        if language is not None:
            path += ("&" if "?" in path else "?") + f"lang={language}"
        self.driver.get(self.address + path)

    def workers(self, *, are_asked: bool) -> None:
        """Let the service worker stand between pages and network, or pass it by."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        bypass = {"bypass": not are_asked}
        self.driver.execute_cdp_cmd("Network.setBypassServiceWorker", bypass)

    @property
    def path(self) -> str:
        """Where the window is."""
        return urlsplit(self.driver.current_url).path

    @property
    def text(self) -> str:
        """What is read on the page."""
        return self.one("body").text

    def one(self, selector: str) -> WebElement:
        """Find one element."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def every(self, selector: str) -> list[WebElement]:
        """Find elements."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *values)

    def until(self, condition: Any, what: str) -> Any:
        """Wait until something is so."""
        gone = (NoSuchElementException, StaleElementReferenceException)
        waiting = WebDriverWait(self.driver, _PATIENCE_S, 0.05, gone)
        return waiting.until(lambda _: condition(), what)

    def arrive(self, start: str) -> None:
        """Wait until the window is at an address that starts so."""
        self.until(lambda: self.path.startswith(start), f"{start}, not {self.path}")

    @property
    def focused(self) -> WebElement:
        """Return the element that has the keyboard."""
        return self.driver.switch_to.active_element

    def tab_to(self, selector: str, most: int = 120) -> WebElement:
        """Press the tabulator until an element has the keyboard; each stop must be seen."""
        for _ in range(most):
            self.focused.send_keys(Keys.TAB)
            here = self.focused
            if self.run("return arguments[0].matches(arguments[1])", here, selector):
                shown = self.run(
                    "const s = getComputedStyle(arguments[0]);"
                    "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2",
                    here,
                )
                assert shown, f"the focus on {selector} is not seen"
                return here
        raise AssertionError(f"the keyboard never reaches {selector}")

    def findings(self) -> list[Finding]:
        """Let axe check the page for WCAG 2.2, levels A and AA."""
        if not self.run("return typeof axe === 'object'"):
            self.run(axe())
        found = self.driver.execute_async_script(_RUN_AXE, list(RULES))
        return [Finding(rule, tuple(where)) for rule, where in found]

    def too_wide(self) -> list[str]:
        """Name what makes the page scroll sideways."""
        return self.run(
            """
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            return [...document.querySelectorAll("body *")]
              .filter((one) => one.getBoundingClientRect().right > room + 1)
              .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5);
            """
        )

    def small_targets(self, least: int = 44) -> list[str]:
        """Name what is pressed and is lower than so many pixels; links within sentences may be."""
        return self.run(
            """
            const pressed = "button, .button, .way, summary, select, textarea, .days a, .brand,"
              + " input:not([type=hidden]), .languages a, .links a";
            const height = (one) => one.getBoundingClientRect().height;
            return [...document.querySelectorAll(pressed)]
              .map((one) => one.closest("label") || one)
              .filter((one) => !one.closest(".hidden"))
              .filter((one) => height(one) && height(one) < arguments[0])
              .map((one) => one.outerHTML.slice(0, 120));
            """,
            least,
        )

    def elsewhere(self) -> list[str]:
        """Name what was loaded from any other place than the site."""
        loaded = self.run("return performance.getEntriesByType('resource').map((one) => one.name)")
        return [name for name in loaded if not name.startswith(self.address)]

    def complaints(self) -> list[str]:
        """Return what the console says, apart from a page that was meant to be refused."""
        entries = self.driver.get_log("browser")
        meant = (
            "the server responded with a status of 404",
            "the server responded with a status of 4",
        )
        return [
            entry["message"]
            for entry in entries
            if not (
                entry["source"] == "network" and any(words in entry["message"] for words in meant)
            )
        ]


@contextmanager
def running_browser(address: str, *, scripts: bool = True) -> Iterator[Browser]:
    """Run a Chromium with a fresh profile; scripts=False is a browser that knows no script."""
    profile = mkdtemp(prefix="smartics-web-")
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    downloads = {"download.default_directory": profile, "plugins.always_open_pdf_externally": True}
    blocked = {} if scripts else {"profile.managed_default_content_settings.javascript": 2}
    options.add_experimental_option("prefs", {**downloads, **blocked})
    driver = Chrome(options, ChromeService(DRIVER))
    try:
        driver.set_script_timeout(60)
        driver.set_page_load_timeout(60)
        yield Browser(driver, address)
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)
