"""Pairs the stations of a laid-out office, each with a code of its own, as a technician would."""

from concurrent.futures import ThreadPoolExecutor

from backend.commands import pairing as backend_pairing
from backend.commands.pairing import Code
from common.station.config import read
from common.station.pairing import pair
from office.commands.trust import operate
from office.layout import STATIONS, Layout

UNPAIRED_KINDS = ("display",)
"""A hall's panel shows what everybody may see, and asks without a key."""


def pair_all(layout: Layout) -> None:
    """Pair every station that is not paired yet; the backend must be running."""
    waiting = [
        plan.name
        for plan in STATIONS
        if plan.kind not in UNPAIRED_KINDS and not _is_paired(layout, plan.name)
    ]
    if not waiting:
        return
    with ThreadPoolExecutor() as pool:
        # Stretching a code is slow on purpose, and lets other threads run.
        codes = list(pool.map(Code, waiting))
    operate(
        layout.folder / "backend" / "backend.toml",
        lambda transaction, settings: [
            backend_pairing.offer(transaction, code, settings.trust, backend_pairing.BACKEND, None)
            for code in codes
        ],
    )
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda code: pair(read(layout.station_file(code.station)), code.text), codes))


def _is_paired(layout: Layout, name: str) -> bool:
    return (read(layout.station_file(name)).data / "identity.pem").exists()
