"""Looks for marks in the memory of a process, and in files."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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
    names = {spelt: name for name, several in marks.items() for spelt in several}
    found = Counter(dict.fromkeys(marks, 0))
    found.update(names[spelt] for spelt, _ in _places(pid, names, 0))
    return found


def around(pid: int | str, mark: bytes, beside: int = 48) -> list[bytes]:
    """What lies around a mark, for whoever has to find out who holds it."""
    return [context for _, context in _places(pid, [mark], beside)]


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


def _places(pid: int | str, marks: Iterable[bytes], beside: int) -> Iterator[tuple[bytes, bytes]]:
    """Give each mark found with what lies around it. All are looked for in one pass."""
    longest_first = sorted(marks, key=len, reverse=True)
    wanted = re.compile(b"|".join(map(re.escape, longest_first)))
    overlap = len(longest_first[0])
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            parts = _LINE.match(line)
            if parts is None or "w" not in parts[3] or parts[4] in _SKIPPED:
                continue
            begin, end = int(parts[1], 16), int(parts[2], 16)
            for at in range(begin, end, CHUNK):
                data = _read(memory, at, min(end, at + CHUNK + overlap))
                for hit in wanted.finditer(data):
                    if hit.start() < CHUNK:  # what begins later is the next piece's
                        yield hit[0], data[max(0, hit.start() - beside) : hit.end() + beside]


def _read(memory, begin: int, end: int) -> bytes:
    try:
        memory.seek(begin)
        return memory.read(end - begin)
    except (OSError, ValueError):
        return b""
