"""What every test finds: a Qt without a display, standing still; a PC/SC service of its own."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["SMARTICS_STILL"] = "1"
os.environ.pop("SMARTICS_TOUCH_PORT", None)

from types import SimpleNamespace

import pytest
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

OFFICES = (
    "tests/benchmarks/test_kiosk_start.py",
    "tests/benchmarks/test_touch_while_devices_are_slow.py",
    "tests/journeys/",
)
"""Tests that run a whole office, which is enough for one machine."""


class OneOfficeAtATime(LoadGroupScheduling):  # type: ignore[misc]  # it has no types
    """Sends all tests that run an office to one worker.

    xdist's own groups (the mark xdist_group) rest on Node._nodeid, which pytest 9.2 reads no
    more: with them each worker would run an office of its own, all at once.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "office" if nodeid.startswith(OFFICES) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return OneOfficeAtATime(config, log)


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
