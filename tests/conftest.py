"""What every test finds: a Qt without a display, drawn by software, standing still."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["SMARTICS_STILL"] = "1"
os.environ.pop("SMARTICS_TOUCH_PORT", None)

import pytest
from PySide6.QtGui import QGuiApplication


@pytest.fixture(scope="session")
def qapp_cls():
    return QGuiApplication
