"""The rigs of every driver, one module for each kind of device."""

from tests.contract.rigs import (
    cabinets,
    cameras,
    card_units,
    fingerprint_scanners,
    form_collectors,
    printers,
)
from tests.support.rigs import Rig

RIGS: tuple[Rig, ...] = (
    *card_units.RIGS,
    *cabinets.RIGS,
    *cameras.RIGS,
    *fingerprint_scanners.RIGS,
    *form_collectors.RIGS,
    *printers.RIGS,
)
