"""Paints every preview of every screen: python -m common.ui.gallery OUT."""

import argparse
import html
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

from common.domain.language import OFFICE_LANGUAGES
from common.ui.app import make_app
from common.ui.screen import Screen
from common.ui.window import StationWindow

PACKAGES = (
    "common.ui.screens",
    "kiosk_tag.screens",
    "kiosk_registration.screens",
    "kiosk_collection.screens",
    "booth.screens",
)
SCALES = (1.0, 1.5)
TITLE_KEY = "common-station"
KIOSK = (1080, 1920)


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
    size = getattr(module, "SIZE", getattr(package, "SIZE", KIOSK))
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


def paint(out: Path, found: Sequence[Preview]) -> list[Path]:
    """Write the pictures and a page that shows them all; return the pictures."""
    pictures: list[Path] = []
    windows: dict[tuple[tuple[int, int], bool], StationWindow] = {}
    for preview in found:
        look = (preview.size, preview.public)
        if look not in windows:
            windows[look] = StationWindow(TITLE_KEY, OFFICE_LANGUAGES, preview.size, preview.public)
            windows[look].open()
        window = windows[look]
        window.show(preview.screen)
        for language in OFFICE_LANGUAGES:
            window.set_language(language)
            for scale in SCALES if preview.public else SCALES[:1]:
                window.set_looks(scale, contrast=False)
                settle()
                file = out / preview.app / f"{preview.title}-{language}-{scale}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                window.picture().save(str(file))
                pictures.append(file)
        window.set_looks(1.0, contrast=False)
    for window in windows.values():
        window.close()
    (out / "index.html").write_text(_page(out, pictures), "utf-8")
    return pictures


def _page(out: Path, pictures: Sequence[Path]) -> str:
    figures = "".join(
        f'<figure><a href="{(path := file.relative_to(out).as_posix())}">'
        f'<img src="{path}" loading="lazy" alt=""></a>'
        f"<figcaption>{html.escape(path)}</figcaption></figure>"
        for file in pictures
    )
    style = (
        "body{font:14px sans-serif;background:#dde3ea;display:flex;flex-wrap:wrap}"
        "figure{margin:8px;width:300px}img{width:100%;box-shadow:0 2px 8px #0004}"
    )
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>{figures}\n'


def main() -> None:
    """Paint the gallery into the folder given."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", type=Path)
    asked.add_argument("--module", action="append", help="a package of screens; all without it")
    asked.add_argument("--only", default="", help="only screens whose name contains this")
    args = asked.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["SMARTICS_STILL"] = "1"
    make_app()
    sys.excepthook = sys.__excepthook__  # previews are invented: an error may be told in full
    found = [preview for preview in previews(args.module or PACKAGES) if args.only in preview.title]
    pictures = paint(args.out, found)
    sys.stdout.write(f"{len(pictures)} pictures in {args.out}\n")
    QGuiApplication.quit()


if __name__ == "__main__":
    main()
