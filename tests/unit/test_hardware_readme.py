"""hardware/README.md tells which drivers, simulations, recordings and suites there are."""

import re
from pathlib import Path

from hardware.catalog import DRIVERS
from hardware.simulation.devices import KINDS
from tests.contract.rigs import RIGS
from tests.support.hardware_table import README, within

TEXT = README.read_text("utf-8")


def test_the_table_of_drivers_is_true() -> None:
    """python -m tests.support.hardware_table writes it anew."""
    assert within(TEXT) == TEXT


def test_every_driver_has_its_address_and_options_told() -> None:
    addresses = TEXT.split("| Driver | Address | Options |")[1].split("\n\n")[0]
    for name, driver in DRIVERS.items():
        rows = [row for row in addresses.splitlines() if f"`{name}`" in row]
        assert rows, f"{name} has no row under Addresses"
        told_elsewhere = any("that driver's options" in row for row in rows)
        for option in driver.options:
            assert told_elsewhere or any(re.search(rf"\b{option}\b", row) for row in rows), (
                f"{name} has option {option}"
            )


def test_every_simulated_device_has_its_acts_and_faults_told() -> None:
    bench = TEXT.split("| Kind | Visitor | Staff | Places | Faults")[1].split("\n\n")[0]
    for kind in KINDS:
        assert re.search(rf"^\| .*`{kind}`", bench, re.MULTILINE), f"{kind} has no row"


def test_every_rig_has_a_simulated_device() -> None:
    assert {rig.simulation for rig in RIGS} <= set(KINDS)


def test_every_recordable_driver_has_recordings() -> None:
    missing = [
        name
        for name, driver in DRIVERS.items()
        if driver.is_recordable and not list(Path("tests/contract/recordings", name).glob("*.txt"))
    ]
    assert missing == []
