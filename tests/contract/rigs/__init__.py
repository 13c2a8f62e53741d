"""The rigs of every driver, one module for each kind of device."""

from tests.contract.rigs import (
    cabinets,
    cameras,
    card_readers,
    card_units,
    code_scanners,
    document_readers,
    fingerprint_scanners,
    form_collectors,
    printers,
    signals,
    signature_pads,
)
from tests.support.rigs import Rig

RIGS: tuple[Rig, ...] = (
    *card_readers.RIGS,
    *card_units.RIGS,
    *cabinets.RIGS,
    *cameras.RIGS,
    *code_scanners.RIGS,
    *fingerprint_scanners.RIGS,
    *form_collectors.RIGS,
    *printers.RIGS,
    *document_readers.RIGS,
    *signature_pads.RIGS,
    *signals.RIGS,
)
