"""Chooses what people hold their papers to: a code scanner where there is one, else the camera."""

from common.equipment.codes import CodeDesk, ReadsCodes, ScannerDesk
from common.station.station import Station

SCANNER, CAMERA = "code_scanner", "camera"
"""Roles in station.toml; the scanner may be any driver of that kind."""


def code_reading(station: Station) -> ReadsCodes:
    """Build what reads codes.

    Raises:
        ConfigError: station.toml names neither a scanner nor a camera.
    """
    if SCANNER in station.config.devices:
        return ScannerDesk(station.device(SCANNER))
    return CodeDesk(station.device(CAMERA))
