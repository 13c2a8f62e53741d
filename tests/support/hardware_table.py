"""The table of kinds and drivers in hardware/README.md, made of what there is.

`python -m tests.support.hardware_table` writes it anew; a test keeps it true.
"""

from pathlib import Path

from hardware.catalog import DRIVERS
from tests.contract.rigs import RIGS

README = Path("hardware/README.md")
BEGIN, END = "<!-- kinds and drivers -->", "<!-- end of kinds and drivers -->"
RECORDINGS = Path("tests/contract/recordings")
SUITES = Path("tests/contract")
HEAD = (
    "| Kind | Driver | Speaks | Simulation | Recordings | Contract |",
    "|---|---|---|---|---|---|",
)


def table() -> str:
    """Return the table's lines: one for each driver, by kind and name."""
    rows = [
        _row(name) for name in sorted(DRIVERS, key=lambda name: (DRIVERS[name].kind.value, name))
    ]
    return "\n".join((*HEAD, *rows))


def _row(name: str) -> str:
    driver = DRIVERS[name]
    simulations = sorted({f"`{rig.simulation}`" for rig in RIGS if rig.driver == name})
    recordings = sorted(file.stem for file in (RECORDINGS / name).glob("*.txt"))
    suites = [f"`{file.name}`" for file in sorted(SUITES.glob("test_*.py")) if _is_of(file, name)]
    every = ["every driver"] if simulations else []
    cells = (
        driver.kind.value.replace("_", " "),
        f"`{name}`",
        driver.speaks,
        ", ".join(simulations) or "none",
        ", ".join(recordings) or ("none" if driver.is_recordable else "not through links"),
        ", ".join([*every, *suites]) or "none",
    )
    return f"| {' | '.join(cells)} |"


def _is_of(file: Path, driver: str) -> bool:
    """Tell whether a suite is named after the driver, or after its kind and runs it."""
    stem = file.stem.removeprefix("test_")
    return stem.startswith((driver, DRIVERS[driver].kind.value))


def within(text: str) -> str:
    """Return a README with the table as it is now."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(within(README.read_text("utf-8")), "utf-8")
