"""An office with its three public kiosks alone, for what is measured at a running kiosk."""

from collections.abc import Iterator

import pytest

from office.layout import STATIONS, lay_out
from office.office import Office

KIOSKS = ("tag-1", "registration-1", "collection-1")


@pytest.fixture(scope="package")
def kiosks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(lay_out(tmp_path_factory.mktemp("office")), windows=False)
    try:
        office.start([plan for plan in STATIONS if plan.name in KIOSKS])
        yield office
    finally:
        office.stop()
