"""Makes the one Qt application of a station and runs it until it is told to end."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFontDatabase, QGuiApplication

FONTS = Path(__file__).parent / "fonts"
TOUCH_PORT = "SMARTICS_TOUCH_PORT"
"""Only a station with a simulated touch screen has this variable: the port of its panel."""
SOFTWARE_FAULT = 70
"""Exit code after an unforeseen error (sysexits.h EX_SOFTWARE); the supervisor starts us anew."""

logger = logging.getLogger(__name__)


def make_app() -> QGuiApplication:
    """Return the application; drawn by software, since stations have no graphics card."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if sys.platform == "linux" and not (os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    running = QGuiApplication.instance()
    app = running if isinstance(running, QGuiApplication) else QGuiApplication(sys.argv[:1])
    app.setApplicationName("smartics")
    for file in sorted(FONTS.glob("*.[ot]t[cf]")):
        QFontDatabase.addApplicationFont(str(file))
    sys.excepthook = _end_on_fault
    qInstallMessageHandler(_log_message)
    return app


def fills_display() -> bool:
    """Tell whether the station's window fills the display; a simulated one stays in a window."""
    return TOUCH_PORT not in os.environ


def run(begin: Callable[[], None], end: Callable[[], None]) -> int:
    """Run begin, then the application until SIGTERM, SIGINT or its window's end, then end."""
    app = QGuiApplication.instance()
    if app is None:
        raise RuntimeError("make_app() comes first")
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not quit(): that asks the windows first, and a public one lets nobody close it.
        signal.signal(number, lambda *_: app.exit())
    # Python hears a signal only while it runs: Qt's own loop would hold it back.
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)
    pulse.start(200)
    begin()
    try:
        return app.exec()
    finally:
        end()


def _end_on_fault(
    _kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logger.critical("%s", where(error, trace))
    logging.shutdown()
    os._exit(SOFTWARE_FAULT)


def where(error: BaseException, trace: TracebackType | None = None) -> str:
    """Tell an error's kind and place. Never its words: they might name a person."""
    places = []
    step = trace or error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return f"{type(error).__name__} in " + " < ".join(reversed(places))


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    place = f" ({Path(context.file).name}:{context.line})" if context.file else ""
    logger.log(level, "Qt: %s%s", message, place)
