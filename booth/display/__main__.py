"""Runs the panel of a hall: python -m booth.display station.toml."""

import sys
from pathlib import Path

from booth.display.board import Board
from booth.display.caller import Caller
from booth.display.engines import hall_engine
from booth.display.feed import DisplayFeed
from booth.display.memory import Memory
from booth.display.screens import PUBLIC, SIZE
from booth.display.wording import CALLED_IN
from common.station.config import ConfigError, StationConfig, read
from common.station.service_manager import ServiceManager
from common.ui.app import make_app, run
from common.ui.speech.voice import Voice
from common.ui.touch_panel import open_panel
from common.ui.watchdog import Watchdog
from common.ui.window import StationWindow
from hardware.sound.outputs import output_at


def main(config: Path) -> None:
    """Build the panel, and show and call until told to end.

    Raises:
        ConfigError: station.toml is wrong.
    """
    make_app()
    settings = read(config)
    memory = Memory(settings.data)
    line = memory.recall()
    caller = Caller(hall_voice(settings), line, memory.keep)
    window = StationWindow("common-station", CALLED_IN[:1], settings.size or SIZE, PUBLIC)
    board = Board(window, caller)
    feed = DisplayFeed(settings.backend_address, settings.office, board.told, line.seen)
    touch = open_panel(window)
    manager = ServiceManager()
    watchdog = Watchdog(manager, lambda: "")
    caller.changed.connect(lambda: manager.tell(f"STATUS={status(caller)}"))

    def begin() -> None:
        window.open(full_screen=touch is None)
        board.show()
        feed.start()
        watchdog.begin()

    def end() -> None:
        watchdog.end()
        feed.stop()
        caller.close()
        if touch is not None:
            touch.close()
        window.close()

    run(begin, end)


def hall_voice(settings: StationConfig) -> Voice | None:
    """Open the voice at the hall's loudspeaker; None where station.toml names none.

    Raises:
        ConfigError: The loudspeaker's address is none.
    """
    if not settings.loudspeaker:
        return None
    try:
        output = output_at(settings.loudspeaker)
    except ValueError as error:
        raise ConfigError(f"{settings.file}: [sound]: {error}") from None
    return Voice(hall_engine(settings.hall_voice), output)


def status(caller: Caller) -> str:
    """Return in a few words what a service manager shows of the voice."""
    if caller.is_silent:
        return f"the voice fails, {len(caller.line.unsaid)} calls unsaid"
    return f"{len(caller.line.unsaid)} calls to be said"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
