"""The hall's panel in a real browser: it shows, says, outlives an outage and catches up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.ui import WebDriverWait

from backend.serve import create_app
from common.domain.clock import system_clock
from tests.support.backend_office import BackendOffice, enrol_all, office_settings

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
NUMBERS = ("A123456(3)", "AB987654(3)", "E364912(5)")
PATIENCE_S = 40

pytestmark = pytest.mark.skipif(
    not (CHROMIUM.exists() and DRIVER.exists()), reason="chromium and chromedriver are missing"
)


@pytest.fixture
def browser(tmp_path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--autoplay-policy=no-user-gesture-required",
        "--window-size=1920,1080",
        f"--user-data-dir={tmp_path / 'chromium'}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = Chrome(options=options, service=ChromeService(str(DRIVER)))
    try:
        yield found
    finally:
        found.quit()


@contextmanager
def serving(settings: Any, port: int) -> Iterator[BackendOffice]:
    """Run the backend at a fixed port, on the true clock: the panel shows what time it is."""
    app = create_app(settings, system_clock)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        threading.Event().wait(0.02)
    store = app.state.service.store
    store.submit(lambda transaction: enrol_all(transaction, settings)).result()
    office = BackendOffice(f"http://127.0.0.1:{port}", system_clock)  # type: ignore[arg-type]
    try:
        with office.http:
            yield office
    finally:
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def until(browser: Chrome, script: str, wanted: object) -> None:
    """Wait until a script gives what is wanted."""
    seen: list[object] = [None]

    def is_there(_browser: Chrome) -> bool:
        seen[0] = browser.execute_script(f"return {script}")
        return seen[0] == wanted

    WebDriverWait(browser, PATIENCE_S, 0.1).until(is_there, f"{script} is {seen[0]!r}")


def shown(name: str) -> str:
    return f"document.getElementById('{name}').textContent.trim()"


def call(office: BackendOffice, place: str) -> None:
    office.good("booth-1", "/v1/queue/call", {"place": place, "stages": ["booth"]})


def test_the_panel_calls_outlives_an_outage_and_catches_up(browser, tmp_path):
    settings, port = office_settings(tmp_path, ()), free_port()
    caption = "document.querySelector('#said [lang=en]').textContent"
    with serving(settings, port) as office:
        for number in NUMBERS:
            office.registered(number)
        browser.get(f"http://127.0.0.1:{port}/display/HQ")
        until(browser, shown("waiting"), "3")
        assert browser.execute_script("return document.getElementById('newest').hidden")
        call(office, "R1")
        until(browser, shown("tag"), "W001")
        until(browser, shown("place"), "R1")
        until(browser, caption, "Tag W001, please go to R1")
        assert browser.execute_script("return document.getElementById('lost').hidden")
        assert [entry["message"] for entry in browser.get_log("browser")] == []
        # Nobody touched the page, and yet there is sound: a kiosk is started so.
        assert browser.execute_script("return document.getElementById('muted').hidden")
    until(browser, "document.getElementById('lost').hidden", wanted=False)
    assert "since" in browser.execute_script(f"return {shown('lost')}")
    assert browser.execute_script(f"return {shown('tag')}") == "W001"
    kept = browser.execute_script("return localStorage.getItem('panel HQ')")
    assert "W001" in kept
    assert "CHAN" not in kept
    with serving(settings, port) as office:
        # This call is made before the panel has found its way back.
        call(office, "R2")
        until(browser, "document.getElementById('lost').hidden", wanted=True)
        until(browser, caption, "Tag W002, please go to R2")
        assert browser.execute_script(f"return {shown('tag')}") == "W002"
        assert browser.execute_script("return document.getElementById('calls').rows.length") == 1


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (1080, 1920), (3840, 2160), (1280, 720)]
)
def test_nothing_is_cut_on_any_screen(browser, tmp_path, width, height):
    settings, port = office_settings(tmp_path, ()), free_port()
    with serving(settings, port) as office:
        for number in NUMBERS:
            office.registered(number)
        for place in ("R1", "R12", "BOOTH-07"):
            call(office, place)
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        browser.get(f"http://127.0.0.1:{port}/display/HQ")
        until(browser, shown("place"), "BOOTH-07")
        cut = browser.execute_script("""
          const outside = (box, edge) => box.left < edge.left - 1 || box.right > edge.right + 1
            || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
          const screen = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
          const cut = [];
          const box = (id) => document.getElementById(id).getBoundingClientRect();
          for (const id of ["tag", "place"]) if (outside(box(id), box("newest"))) cut.push(id);
          for (const part of document.querySelectorAll("h1, #clock, #calls tr, #waiting, footer"))
            if (outside(part.getBoundingClientRect(), screen)) cut.push(part.tagName + part.id);
          return cut;
        """)
        assert cut == []
        tall = browser.execute_script(
            "return document.getElementById('tag').getBoundingClientRect().height"
        )
        # Read from ten metres away: an eighth of the shorter side at the least.
        assert tall >= min(width, height) / 8


def test_a_page_that_finds_no_backend_shows_what_it_knew(browser, tmp_path):
    settings, port = office_settings(tmp_path, ()), free_port()
    with serving(settings, port) as office:
        page = httpx.get(f"http://127.0.0.1:{port}/display/HQ").text
        office.registered(NUMBERS[0])
        call(office, "R1")
        browser.get(f"http://127.0.0.1:{port}/display/HQ")
        until(browser, shown("tag"), "W001")
    assert "W001" not in page
    until(browser, "document.getElementById('lost').hidden", wanted=False)
    until(browser, shown("tag"), "W001")
