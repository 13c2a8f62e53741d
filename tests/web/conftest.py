"""One office and one browser for all pages."""

import pytest

from tests.web.browser import DESK, running_browser, why_not
from tests.web.site import running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    if reason := why_not():
        pytest.skip(reason)
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def only_browser(site):
    with running_browser(site.address) as running:
        yield running


@pytest.fixture
def browser(only_browser):
    """A window on nothing, without cookies, as large as a desk's."""
    only_browser.driver.get("about:blank")
    only_browser.offline(is_offline=False)
    only_browser.workers(are_asked=False)
    only_browser.dark(is_dark=False)
    only_browser.size(*DESK)
    only_browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    only_browser.driver.get_log("browser")
    return only_browser
