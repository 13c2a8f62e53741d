"""What a panel knows after a restart: the last state's number, and the calls it has yet to say."""

import logging
from pathlib import Path

from pydantic import ValidationError

from booth.display.calling import Line

logger = logging.getLogger(__name__)


class Memory:
    """One small file of tags and places. Where it cannot be kept the panel works all the same."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "line.json"
        self._kept = ""
        self._is_told = False

    def recall(self) -> Line:
        """Return what was kept, or a line that has seen nothing: nothing is called after it."""
        try:
            return Line.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return Line()
        except (OSError, ValidationError) as error:
            logger.warning(
                "the panel begins anew: its memory is unreadable (%s)", type(error).__name__
            )
            return Line()

    def keep(self, line: Line) -> None:
        """Write a line down, if it is another than before."""
        text = line.model_dump_json()
        if text == self._kept:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch = self._file.with_suffix(".new")
            scratch.write_text(text, "utf-8")
            scratch.replace(self._file)
        except OSError as error:
            if not self._is_told:
                logger.warning("the panel cannot keep its memory: %s", error.strerror)
            self._is_told = True
        else:
            self._kept, self._is_told = text, False
