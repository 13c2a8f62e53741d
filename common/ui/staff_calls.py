"""Where a kiosk's screens call staff, and what they may say of it."""

from collections.abc import Callable
from dataclasses import replace

from common.ui.screen import Screen

BUTTON = "call_staff"


def told(screen: Screen) -> Screen:
    """Return a screen as it is once staff were told."""
    return _with(screen, is_told=True)


def _with(screen: Screen, is_told: bool) -> Screen:
    return replace(screen, values={**screen.values, "staff_told": is_told})


class StaffCalls:
    """Gives each screen of a kiosk its call: the button's, or the screen's own as it comes.

    The flow leads the person to where it always leads; the call goes out beside that. From then
    on, until the next welcome, the screens know whether staff were told.

    Args:
        call: Calls staff to this station, at once and without waiting; tells whether they hear.
    """

    def __init__(self, call: Callable[[], bool]) -> None:
        self._call = call
        self._told = self._is_under_way = False

    def on(self, screen: Screen) -> Screen:
        """Return the screen with what it says and does about a call."""
        if screen.calls_staff:
            # A card that sticks, is freed and sticks again is one trouble: it calls once.
            self._told = self._told if self._is_under_way else self._call()
            self._is_under_way = True
        elif screen.values.get("resets"):
            self._told = self._is_under_way = False
        actions = dict(screen.actions)
        if BUTTON in actions:
            actions[BUTTON] = self._touched(actions[BUTTON])
        return replace(_with(screen, self._told), actions=actions)

    def _touched(self, action: Callable[[str], object]) -> Callable[[str], object]:
        def act(value: str) -> object:
            event = action(value)
            self._told = self._call()
            return event

        return act
