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

from tests.support import pcscd as own_pcscd

# The machine's own card readers are nobody's to play with, whether a test asks for them or not.
os.environ[own_pcscd.SOCKET_VARIABLE] = str(own_pcscd.socket_path())

# pyserial sleeps 0.3 s whenever it closes a socket; the simulators need no such rest.
vars(protocol_socket)["time"] = SimpleNamespace(sleep=lambda _seconds: None)


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
