"""Compares two files, or the many pairs that a CSV file names, whatever the files show."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from office.commands.answers import (
    COULD_NOT,
    NO,
    YES,
    CouldNotError,
    complain,
    could_not,
    plain,
    show_json,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Likeness(Generic[T]):
    """One way to compare files.

    Attributes:
        prepare: Makes of a file what can be compared; raises CouldNotError.
        score: How alike two prepared files are.
        threshold: The score from which two files are a match.
        fmr: Which share of strangers would match at the threshold.
        remarks: What else there is to say about a score, by its JSON key.
        about: What else there is to say about two prepared files, by its JSON key.
    """

    prepare: Callable[[Path], T]
    score: Callable[[T, T], float]
    threshold: float
    fmr: float
    remarks: Callable[[float], Mapping[str, Any]] = lambda _: {}
    about: Callable[[T, T], Mapping[str, Any]] = lambda _a, _b: {}


@dataclass(frozen=True, slots=True)
class _Pair:
    a: str
    b: str
    error: str = ""


def answer(
    likeness: Likeness[T], a: Path | None, b: Path | None, pairs: Path | None, as_json: bool
) -> NoReturn:
    """Compare a with b, or every pair of the CSV file; print the answer and end.

    Many pairs end with 0 when at least one of them could be compared: each tells its own answer.
    """
    if pairs is not None and a is None:
        raise SystemExit(_answer_pairs(likeness, pairs, as_json))
    if a is None or b is None or pairs is not None:
        could_not("give either two files or --pairs FILE")
    try:
        found = _scored(likeness, likeness.prepare(a), likeness.prepare(b))
    except CouldNotError as error:
        could_not(str(error))
    if as_json:
        show_json({**found, **_scale(likeness)})
    else:
        print(f"{_words(found)}; a match from {likeness.threshold:g},")
        print(f"where about {likeness.fmr:.2%} of strangers would match")
    raise SystemExit(YES if found["match"] else NO)


def _answer_pairs(likeness: Likeness[T], file: Path, as_json: bool) -> int:
    try:
        named = _read_pairs(file)
    except CouldNotError as error:
        could_not(str(error))
    found = _compare_pairs(likeness, named, file.parent)
    if as_json:
        show_json({"pairs": found, **_scale(likeness)})
    else:
        for row in found:
            print(f"{row['error'] or _words(row)}: {plain(row['a'])}, {plain(row['b'])}")
    if all(row["error"] for row in found):
        complain(f"none of the {len(found)} pairs of {file} could be compared: see their errors")
        return COULD_NOT
    return YES


def _compare_pairs(likeness: Likeness[T], pairs: list[_Pair], folder: Path) -> list[dict[str, Any]]:
    """Prepare every file once, however many pairs name it."""
    prepared: dict[Path, T | CouldNotError] = {}

    def get(name: str) -> T:
        path = _located(name, folder)
        if path not in prepared:
            try:
                prepared[path] = likeness.prepare(path)
            except CouldNotError as error:
                prepared[path] = error
        found = prepared[path]
        if isinstance(found, CouldNotError):
            raise found
        return found

    def row(pair: _Pair) -> dict[str, Any]:
        found: dict[str, Any] = {"score": None, "match": False}
        error = pair.error or None
        if not error:
            try:
                found = _scored(likeness, get(pair.a), get(pair.b))
            except CouldNotError as why:
                error = str(why)
        return {"a": pair.a, "b": pair.b, **found, "error": error}

    return [row(pair) for pair in pairs]


def _located(name: str, folder: Path) -> Path:
    """A path as typed, or where it is not there, as seen from the CSV file's folder."""
    path = Path(name)
    beside = folder / path
    return beside if not path.exists() and beside.exists() else path


def _read_pairs(file: Path) -> list[_Pair]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [(row, number) for number, row in enumerate(csv.reader(lines), 1) if any(row)]
    except OSError as error:
        raise CouldNotError(f"{file} cannot be read ({error.strerror}): check the path") from None
    except (UnicodeDecodeError, csv.Error):
        raise CouldNotError(f"{file} is no CSV file in UTF-8: save it as one") from None
    if rows and [cell.strip().lower() for cell in rows[0][0]] == ["a", "b"]:
        del rows[0]
    if not rows:
        raise CouldNotError(f"{file} names no pairs: write two paths a line, with a comma between")
    return [_pair(row, number) for row, number in rows]


def _pair(row: list[str], number: int) -> _Pair:
    cells = [cell.strip() for cell in row]
    if len(cells) != 2 or not all(cells):
        wrong = f"row {number} does not hold two paths: put a path with a comma in quotation marks"
        return _Pair(cells[0], ",".join(cells[1:]), wrong)
    return _Pair(*cells)


def _scored(likeness: Likeness[T], a: T, b: T) -> dict[str, Any]:
    score = likeness.score(a, b)
    said = {**likeness.remarks(score), **likeness.about(a, b)}
    return {"score": score, "match": score >= likeness.threshold, **said}


def _scale(likeness: Likeness[T]) -> dict[str, float]:
    return {"threshold": likeness.threshold, "fmr_at_threshold": likeness.fmr}


def _words(found: Mapping[str, Any]) -> str:
    words = f"{'match' if found['match'] else 'no match'}, score {found['score']:.2f}"
    if max(found.get("faces", [1])) > 1:
        words += " (of the largest face in a picture with several)"
    return words
