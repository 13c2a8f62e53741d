"""Which device people hold their papers to."""

from pathlib import Path

import pytest

from common.equipment.codes import CodeDesk, ScannerDesk
from common.station.codes import code_reading
from common.station.config import ConfigError
from common.station.station import Station
from tests.support.identities import pair_beforehand

STATION = """\
[station]
name = "tag-1"
kind = "tag"
office = "HQ"

[backend]
address = "http://127.0.0.1:1"
key = "file:tag-1.key"
"""
CAMERA = """
[devices.camera]
driver = "mjpeg"
address = "http://127.0.0.1:1/stream"
"""
SCANNER = """
[devices.code_scanner]
driver = "line_scanner"
address = "socket://127.0.0.1:1"
options = { trigger = "honeywell" }
"""


@pytest.mark.parametrize(
    ("devices", "desk"),
    [(CAMERA, CodeDesk), (SCANNER, ScannerDesk), (CAMERA + SCANNER, ScannerDesk), ("", None)],
)
def test_a_scanner_goes_before_a_camera(devices: str, desk: type | None, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text(STATION + devices)
    pair_beforehand(file)
    station = Station.from_file(file)
    try:
        if desk is None:
            with pytest.raises(ConfigError, match=r"devices\.camera"):
                code_reading(station)
        else:
            assert isinstance(code_reading(station), desk)
    finally:
        station.stop()
