"""What a station looks at between visits: is every device there, is every door as it should be."""

import logging
from collections.abc import Mapping
from typing import Any

from hardware.cabinet.interface import AlarmReason, Cabinet
from hardware.catalog import Kind
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceError
from hardware.core.keeper import Keeper
from hardware.signals.interface import InputName, Sensed, Signals

logger = logging.getLogger(__name__)

QUIET = frozenset({AlarmReason.ITEM_CHANGED})
"""Staff who load a magazine change what lies in it; such a change is told, but not as a warning."""


class Vigilance:
    """Looks at one device after another, and writes into the log what somebody must know.

    Nothing here names a person: slots have numbers, doors have names.
    """

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        """Remember of which kind the device in each role is."""
        self._kinds = kinds
        self._sensed: dict[tuple[str, InputName], Sensed] = {}

    def look(self, keeper: Keeper[Any]) -> None:
        """Look at one device, unless somebody uses it."""
        if keeper.health().state is not DeviceState.ONLINE:
            return
        try:
            match self._kinds[keeper.name]:
                case Kind.CABINET:
                    self._look_at_cabinet(keeper)
                case Kind.SIGNALS:
                    self._look_at_signals(keeper)
                case _:
                    pass  # its health says all that it senses while it rests
        except DeviceError:
            logger.debug("%s was not to be looked at", keeper.name)  # the keeper has said why

    def _look_at_cabinet(self, keeper: Keeper[Cabinet]) -> None:
        for alarm in keeper.use_if_free(lambda cabinet: cabinet.alarms()) or ():
            level = logging.INFO if alarm.reason in QUIET else logging.WARNING
            logger.log(level, "%s: slot %d %s", keeper.name, alarm.slot.number, alarm.reason)

    def _look_at_signals(self, keeper: Keeper[Signals]) -> None:
        for name, sensed in (keeper.use_if_free(lambda board: board.inputs()) or {}).items():
            before = self._sensed.get((keeper.name, name))
            self._sensed[keeper.name, name] = sensed
            if before is not None and before is not sensed:
                logger.warning("%s: %s %s, was %s", keeper.name, name, sensed, before)
