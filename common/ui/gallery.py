"""Paints every screen in every look, onto a page to browse: smartics gallery OUT."""

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication

from common.domain.language import OFFICE_LANGUAGES, Language
from common.ui.accessibility import faults
from common.ui.app import make_app
from common.ui.looks import LANDSCAPE, PORTRAIT, Look, looks
from common.ui.screen import Screen
from common.ui.window import StationWindow

PACKAGES = (
    "common.ui.screens",
    "kiosk_tag.screens",
    "kiosk_registration.screens",
    "kiosk_collection.screens",
    "booth.screens",
    "booth.display.screens",
)
PAGE = Path(__file__).parent / "gallery_page.html"
DOCS = (
    ("kiosk_tag", "welcome-ready", PORTRAIT, Look(Language.TRADITIONAL)),
    ("kiosk_tag", "your_tag-printed", PORTRAIT, Look(Language.ENGLISH)),
    ("kiosk_registration", "give_finger-press_harder", PORTRAIT, Look(Language.SIMPLIFIED)),
    ("common_ui", "type_number-first", PORTRAIT, Look(Language.ENGLISH, low=True)),
    ("kiosk_tag", "your_tag-printed", PORTRAIT, Look(Language.TRADITIONAL, 2.0)),
    ("kiosk_collection", "take_new_card-sample", PORTRAIT, Look(Language.ENGLISH, contrast=True)),
    ("kiosk_registration", "insert_card-first", LANDSCAPE, Look(Language.TRADITIONAL)),
)
"""What README.md shows."""
DOCS_ZOOM = 0.4
TITLE_KEY = "common-station"


@dataclass(frozen=True, slots=True)
class Preview:
    """One screen with sample values, and the window it belongs in."""

    app: str
    screen_file: str
    name: str
    screen: Screen
    size: tuple[int, int]
    public: bool
    scrolls: bool

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The displays it is made for: a kiosk may hang either way."""
        return (PORTRAIT, LANDSCAPE) if self.public and self.size == PORTRAIT else (self.size,)

    @property
    def title(self) -> str:
        """What the picture's file is called, without language and size."""
        return f"{self.screen_file}-{self.name}"


def previews(packages: Sequence[str] = PACKAGES) -> Iterator[Preview]:
    """Return what the screens' modules offer by `previews()`.

    A package may say SIZE and PUBLIC for all its screens; a module may say its own. A module
    whose screens are long by nature says SCROLLS.
    """
    for package_name in packages:
        package = importlib.import_module(package_name)
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda part: part.name):
            module = importlib.import_module(f"{package_name}.{found.name}")
            if found.ispkg or not hasattr(module, "previews"):
                continue
            yield from _previews(package, module)


def _previews(package: ModuleType, module: ModuleType) -> Iterator[Preview]:
    app = package.__name__.removesuffix(".screens").replace(".", "_")
    size = getattr(module, "SIZE", getattr(package, "SIZE", PORTRAIT))
    public = getattr(module, "PUBLIC", getattr(package, "PUBLIC", True))
    scrolls = getattr(module, "SCROLLS", False)
    for name, screen in module.previews().items():
        file = module.__name__.rpartition(".")[2]
        yield Preview(app, file, name, screen, size, public, scrolls)


def settle(milliseconds: int = 60) -> None:
    """Let Qt lay out and paint."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@dataclass(frozen=True, slots=True)
class Painted:
    """One picture, and what the audit found on it."""

    preview: Preview
    size: tuple[int, int]
    look: Look
    file: Path
    faults: tuple[str, ...]

    def told(self, home: Path, zoom: float) -> dict[str, object]:
        """Return what the page knows about it."""
        look, (width, height) = self.look, self.size
        return {
            "app": self.preview.app,
            "title": self.preview.title,
            "language": str(look.language),
            "scale": f"x{look.scale:g}",
            "colours": "contrast" if look.contrast else "calm",
            "reach": "low" if look.low else "usual",
            "display": f"{width} x {height}",
            "width": round(width * zoom),
            "height": round(height * zoom),
            "file": self.file.relative_to(home).as_posix(),
            "faults": self.faults,
        }


class Easel:
    """Windows of each size, and the warnings that QML gave meanwhile."""

    def __init__(self, languages: Sequence[Language] = OFFICE_LANGUAGES) -> None:
        self.languages = languages
        self.warnings: list[str] = []
        self._windows: dict[tuple[tuple[int, int], bool], StationWindow] = {}
        self._before = qInstallMessageHandler(self._hear)

    def close(self) -> None:
        """Take the windows down."""
        for window in self._windows.values():
            window.close()
        qInstallMessageHandler(self._before)

    def window(self, size: tuple[int, int], public: bool) -> StationWindow:
        """Return the window of this size."""
        if (size, public) not in self._windows:
            spoken = self.languages if public else OFFICE_LANGUAGES
            made = StationWindow(TITLE_KEY, spoken, size, public)
            made.open()
            self._windows[size, public] = made
        return self._windows[size, public]

    def paint(
        self,
        preview: Preview,
        size: tuple[int, int],
        asked: Sequence[Look],
        name: Callable[[Look], Path],
        zoom: float,
    ) -> Iterator[Painted]:
        """Write a screen's pictures in these looks."""
        window = self.window(size, preview.public)
        window.set_looks(1.0, contrast=False)
        window.show(preview.screen)
        settle()
        for look in asked:
            look.wear(window)
            picture = window.picture()
            found = (*faults(window, picture), *self.warnings)
            self.warnings.clear()
            file = name(look)
            file.parent.mkdir(parents=True, exist_ok=True)
            smooth = Qt.TransformationMode.SmoothTransformation
            picture.scaledToWidth(round(size[0] * zoom), smooth).save(str(file))
            yield Painted(preview, size, look, file, found)

    def _hear(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            self.warnings.append(message)


def paint(
    out: Path,
    found: Sequence[Preview],
    zoom: float = 0.5,
    languages: Sequence[Language] = OFFICE_LANGUAGES,
) -> list[Painted]:
    """Write every look of these screens and the page that shows them; return the pictures."""
    easel = Easel(languages)
    painted: list[Painted] = []
    for preview in found:
        for size in preview.sizes:
            stem = f"{preview.title}-{size[0]}x{size[1]}"
            painted += easel.paint(
                preview,
                size,
                list(looks(size, preview.public, (False, True), languages)),
                partial(_file, out / preview.app, stem),
                zoom,
            )
    easel.close()
    told = json.dumps([one.told(out, zoom) for one in painted], ensure_ascii=False)
    page = PAGE.read_text("utf-8").replace("/*DATA*/", told.replace("</", "<\\/"))
    (out / "index.html").write_text(page, "utf-8")
    return painted


def _file(folder: Path, stem: str, look: Look) -> Path:
    return folder / f"{stem}-{look}.png"


def _always(file: Path, _look: Look) -> Path:
    return file


def paint_docs(out: Path) -> list[Painted]:
    """Write the few pictures that README.md shows."""
    easel = Easel()
    known = {(preview.app, preview.title): preview for preview in previews()}
    painted: list[Painted] = []
    for app, title, size, look in DOCS:
        file = out / f"screen-{title.replace('_', '-')}-{look}.png"
        preview = known[app, title]
        painted += easel.paint(preview, size, [look], partial(_always, file), DOCS_ZOOM)
    easel.close()
    return painted


def begin() -> None:
    """Make the application that paints; nothing moves, and nothing is shown on a display."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["SMARTICS_STILL"] = "1"
    make_app()
    sys.excepthook = sys.__excepthook__  # previews are invented: an error may be told in full


def main() -> None:
    """Paint the gallery into the folder given; 1 where the audit found something."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", type=Path)
    asked.add_argument("--module", action="append", help="a package of screens; all without it")
    asked.add_argument("--only", default="", help="only screens whose name contains this")
    asked.add_argument("--zoom", type=float, default=0.5, help="the pictures' size")
    asked.add_argument(
        "--helping", action="store_true", help="in all languages that kiosks help in"
    )
    asked.add_argument("--docs", action="store_true", help="only what README.md shows")
    args = asked.parse_args()
    begin()
    if args.docs:
        painted = paint_docs(args.out)
    else:
        found = [one for one in previews(args.module or PACKAGES) if args.only in one.title]
        languages = tuple(Language) if args.helping else OFFICE_LANGUAGES
        painted = paint(args.out, found, args.zoom, languages)
    faulty = [one for one in painted if one.faults]
    sys.stdout.write(f"{len(painted)} pictures in {args.out}, {len(faulty)} with faults\n")
    QGuiApplication.quit()
    raise SystemExit(1 if faulty else 0)


if __name__ == "__main__":
    main()
