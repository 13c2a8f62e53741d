"""A simulated page printer: it prints the first page of every PDF that lands in its spool folder.

Place: NAME.tray, where the printed pages lie.
"""

import io
import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pypdfium2

from hardware.simulation.hands import hand_place, take_one
from hardware.simulation.papers import make_paper
from hardware.simulation.world import World

logger = logging.getLogger(__name__)

DOTS_PER_INCH = 110
LOOK_EVERY_S = 0.2


class SimulatedFormPrinter:
    """Watches a folder instead of a port.

    Options: folder (relative to the folder that the world's folder lies in; "spool" by default).
    Verbs: take {hand} returns {thing}.
    Faults: unplugged (the folder is not there); paper_out (documents wait).
    A printed page keeps its document's path in data.pdf; the document stays where it is.
    """

    FAULTS = frozenset({"unplugged", "paper_out"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del port  # documents come through the folder
        self._name = name
        self._world = world
        self._tray = f"{name}.tray"
        self._folder = world.folder.parent / options.get("folder", "spool")
        self._hidden = self._folder.with_name(f"{self._folder.name}.unplugged")
        self._faults: set[str] = set()
        self._refused: set[Path] = set()
        self._ended = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._plug()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._ended.clear()
        self._thread = Thread(target=self._watch, name=f"{self._name}-spool", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and leave the folder where it belongs."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._plug()

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take the page that lies lowest in the tray."""
        if verb != "take":
            raise LookupError(f"nobody can {verb} a form printer")
        return take_one(self._world, self._tray, hand_place(arguments))

    def state(self) -> dict[str, Any]:
        """Tell what lies in the tray and how much waits."""
        return {
            "kind": "form_printer",
            "faults": sorted(self._faults),
            "tray": [page.id for page in self._world.at(self._tray)],
            "waiting": len(self._waiting()),
        }

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off."""
        if fault not in self.FAULTS:
            raise LookupError(f"there is no fault {fault}")
        (self._faults.add if on else self._faults.discard)(fault)
        if fault == "unplugged":
            if on and self._folder.exists():
                self._folder.rename(self._hidden)
            elif not on:
                self._plug()

    def _plug(self) -> None:
        if self._hidden.exists() and not self._folder.exists():
            self._hidden.rename(self._folder)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            for document in self._waiting():
                if self._is_ready():
                    self._print(document)

    def _is_ready(self) -> bool:
        return not self._faults

    def _waiting(self) -> list[Path]:
        """Return the documents that became no page yet, in their order."""
        printed = {thing.data.get("pdf") for thing in self._world.all()}
        documents = sorted(self._folder.glob("[0-9]*.pdf"))
        return [d for d in documents if str(d) not in printed and d not in self._refused]

    def _print(self, document: Path) -> None:
        try:
            png = _first_page(document.read_bytes())
        except (OSError, pypdfium2.PdfiumError):
            self._refuse(document)
            return
        make_paper(self._world, self._tray, "form", png, pdf=str(document))

    def _refuse(self, document: Path) -> None:
        if document.exists():
            self._refused.add(document)
        logger.warning("%s cannot print a document", self._name)


def pages_of(pdf: bytes) -> list[bytes]:
    """Paint every page of a document, as PNG.

    Raises:
        PdfiumError: It is no document.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_painted(page) for page in document]
    finally:
        document.close()


def _painted(page: Any) -> bytes:
    png = io.BytesIO()
    page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB").save(png, "PNG")
    return png.getvalue()


def _first_page(pdf: bytes) -> bytes:
    return pages_of(pdf)[0]
