"""Whose captures lie in the folders of a calibration, and which sensor made them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from office.commands.answers import CouldNotError

LABELS = "labels.csv"
SUFFIXES = frozenset(
    [".png", ".bmp", ".tif", ".tiff", ".pgm", ".ppm", ".jpg", ".jpeg", ".jp2", ".wsq", ".fir"]
)
_COLUMNS = ("file", "subject")


@dataclass(frozen=True)
class Capture:
    """One file with its labels.

    Attributes:
        file: Where it is.
        subject: Who gave it; for fingers, which finger of whom.
        sensor: What made it.
        people: The folder within which one subject's name means one person.
    """

    file: Path
    subject: str
    sensor: str
    people: Path


def captures_in(folders: list[Path]) -> list[Capture]:
    """All labelled captures, each once, in the order of folders and names.

    Raises:
        CouldNotError: A folder or its labels.csv cannot be read, or there is nothing to compare.
    """
    found = {c.file.resolve(): c for folder in folders for c in _captures_of(folder)}
    if not found:
        raise CouldNotError(
            f"no captures in {', '.join(map(str, folders))}: give folders of pictures named"
            f" SUBJECT_NUMBER.png, of a folder for each subject, or with a {LABELS}"
        )
    return _with_short_names(list(found.values()))


def _captures_of(folder: Path) -> list[Capture]:
    if not folder.is_dir():
        raise CouldNotError(f"{folder} is no folder: give the one that holds the captures")
    try:
        if (folder / LABELS).exists():
            return list(_by_table(folder))
        files = sorted(file for file in folder.rglob("*") if _is_capture(file, folder))
    except OSError as error:
        raise CouldNotError(f"{folder} cannot be read ({error.strerror}): check it") from None
    return [_by_name(file) for file in files]


def _is_capture(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix.lower() in SUFFIXES and not hidden and file.is_file()


def _by_name(file: Path) -> Capture:
    subject, underscore, _ = file.stem.rpartition("_")
    folder = file.absolute().parent
    if not underscore or not subject:
        subject, folder = folder.name, folder.parent
    return Capture(file, subject, str(folder), folder)


def _by_table(folder: Path) -> Iterator[Capture]:
    table = folder / LABELS
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, skipinitialspace=True)
            rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
            missing = [name for name in _COLUMNS if name not in rows.fieldnames]
            if missing:
                raise CouldNotError(f"{table} begins without the columns file,subject: add them")
            for row in rows:
                yield _by_row(table, rows.line_num, row)
    except (UnicodeDecodeError, csv.Error):
        raise CouldNotError(f"{table} is no CSV file in UTF-8: save it as one") from None


def _by_row(table: Path, line: int, row: dict[str, str | None]) -> Capture:
    name, subject = ((row.get(column) or "").strip() for column in _COLUMNS)
    if not name or not subject or None in row:
        raise CouldNotError(f"line {line} of {table} needs a file and a subject: mend it")
    folder = table.parent.absolute()
    sensor = (row.get("sensor") or "").strip()
    return Capture(table.parent / name, subject, sensor or str(folder), folder)


def _with_short_names(captures: list[Capture]) -> list[Capture]:
    """Sensors named by no more of their folder's path than tells them apart."""
    names = {c.sensor for c in captures}
    short = {name: _shortest(name, names) for name in names}
    return [Capture(c.file, c.subject, short[c.sensor], c.people) for c in captures]


def _shortest(name: str, names: set[str]) -> str:
    parts = Path(name).parts
    for length in range(1, len(parts)):
        tail = parts[-length:]
        if sum(Path(other).parts[-length:] == tail for other in names) == 1:
            return "/".join(tail)
    return name
