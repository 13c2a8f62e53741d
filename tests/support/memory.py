"""Looks for marks in the memory of a process, and in files."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

CHUNK = 16 * 1024 * 1024
_LINE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$")
_SKIPPED = ("[vvar]", "[vsyscall]", "[vdso]")


def spellings(text: str) -> tuple[bytes, ...]:
    """How a text may lie in memory: UTF-8, and as Qt and Python keep it in wider letters."""
    wide = text.encode("utf-16-le")
    found = {text.encode(), wide}
    if max(map(ord, text)) > 0xFFFF:
        found.add(text.encode("utf-32-le"))
    return tuple(found)


def in_memory(pid: int | str, marks: Mapping[str, Iterable[bytes]]) -> Counter[str]:
    """Count each mark in what a process can write to. pid may be "self"."""
    found: Counter[str] = Counter()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            parts = _LINE.match(line)
            if parts is None or "w" not in parts[3] or parts[4] in _SKIPPED:
                continue
            _search(memory, int(parts[1], 16), int(parts[2], 16), marks, found)
    return found


def around(pid: int | str, mark: bytes, before: int = 48, after: int = 48) -> list[bytes]:
    """What lies around a mark, for whoever has to find out who holds it."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            parts = _LINE.match(line)
            if parts is None or "w" not in parts[3] or parts[4] in _SKIPPED:
                continue
            data = _read(memory, int(parts[1], 16), int(parts[2], 16))
            at = data.find(mark)
            while at >= 0:
                found.append(data[max(0, at - before) : at + len(mark) + after])
                at = data.find(mark, at + 1)
    return found


def in_files(folder: Path, marks: Mapping[str, Iterable[bytes]]) -> Counter[str]:
    """Count the files in which each mark stands, by mark and file."""
    found: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for name, spelt in marks.items():
                if any(mark in content for mark in spelt):
                    found[f"{name} in {file.relative_to(folder)}"] += 1
    return found


def _search(memory, begin: int, end: int, marks, found: Counter[str]) -> None:
    longest = max(len(mark) for spelt in marks.values() for mark in spelt)
    at = begin
    while at < end:
        data = _read(memory, at, min(end, at + CHUNK + longest))
        for name, spelt in marks.items():
            found[name] += sum(data.count(mark) for mark in spelt)
        at += CHUNK


def _read(memory, begin: int, end: int) -> bytes:
    try:
        memory.seek(begin)
        return memory.read(end - begin)
    except (OSError, ValueError):
        return b""
