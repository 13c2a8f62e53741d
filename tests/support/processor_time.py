"""Processor time of processes and all that they started, from /proc."""

import os
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def processor_seconds(*pids: int) -> float:
    """Return the seconds that these processes and their living descendants have used so far."""
    return sum(_used(pid) + processor_seconds(*_children(pid)) for pid in pids)


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # proc(5): utime, stime, and those of children that ended and were waited for.
    return sum(int(fields[n]) for n in (11, 12, 13, 14)) * _TICK_S


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            continue
    return found
