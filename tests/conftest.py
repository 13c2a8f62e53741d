"""What every test finds: a Qt without a display, standing still; a PC/SC service of its own."""

import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["SMARTICS_STILL"] = "1"
os.environ.pop("SMARTICS_TOUCH_PORT", None)

from types import SimpleNamespace

import pytest
from hypothesis import settings
from PySide6.QtGui import QGuiApplication
from serial.urlhandler import protocol_socket
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

from tests.support import pcscd as own_pcscd
from tests.support.stores import cluster, database, module_database

__all__ = ("cluster", "database", "module_database")

# The machine's own card readers are nobody's to play with, whether a test asks for them or not.
os.environ[own_pcscd.SOCKET_VARIABLE] = str(own_pcscd.socket_path())

# pyserial sleeps 0.3 s whenever it closes a socket; the simulators need no such rest.
vars(protocol_socket)["time"] = SimpleNamespace(sleep=lambda _seconds: None)

# How long an example takes depends on what else the machine does; no test asserts a time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

OFFICES = (
    "tests/benchmarks/test_kiosk_start.py",
    "tests/benchmarks/test_touch_while_devices_are_slow.py",
    "tests/journeys/",
)
"""Tests that run a whole office, which is enough for one machine."""
WEB = "tests/web/"
"""Tests that share one office and one browser, which take as long to start as a walk takes."""
SPREAD = (
    "tests/contract/test_every_driver.py",
    "tests/contract/test_openapi.py",
    "tests/contract/test_recordings.py",
    "tests/screens/test_ui_previews.py",
)
"""Files of many tests that share little: any worker may have a part of them."""
LONGEST = (
    *OFFICES,
    WEB,
    "tests/architecture/",
    "tests/benchmarks/",
    "tests/faults/",
    "tests/model/",
    "tests/flows/",
    "tests/unit/test_backend_",
    "tests/unit/test_matching_fingers.py",
    "tests/unit/test_people.py",
    "tests/unit/test_cli_",
)
"""What is begun first, in this order: at the end nobody waits for one long file."""


class ByFile(LoadGroupScheduling):  # type: ignore[misc]  # it has no types
    """Sends the tests of a file to one worker: it opens their office, draws their people once.

    xdist's own groups (the mark xdist_group) rest on Node._nodeid, which pytest 9.2 reads no
    more: with them each worker would run an office of its own, all at once.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(OFFICES):
            return "office"
        if nodeid.startswith(WEB):
            return WEB
        return nodeid if nodeid.startswith(SPREAD) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # the order is that of the collection, see below
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    def turn(item):
        found = (n for n, begin in enumerate(LONGEST) if item.nodeid.startswith(begin))
        return next(found, len(LONGEST))

    items.sort(key=turn)


def pytest_collection_finish():
    """What was imported stays: whoever collects garbage need not look through it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp_cls():
    return QGuiApplication


@pytest.fixture(scope="session")
def session_pcscd():
    if reason := own_pcscd.why_not():
        pytest.skip(reason)
    service = own_pcscd.Pcscd()
    yield service
    service.remove()


@pytest.fixture
def pcscd(session_pcscd):
    return session_pcscd.ensure()
