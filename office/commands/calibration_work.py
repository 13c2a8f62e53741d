"""Extracts and compares captures in several processes; templates stay in memory alone."""

import time
from collections.abc import Callable, Iterator, Sequence, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from office.commands.answers import CouldNotError
from office.commands.calibration_engines import engine_named, why_not
from office.commands.calibration_labels import Capture
from office.commands.calibration_progress import Progress
from office.commands.calibration_request import Request

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_Answer: TypeAlias = tuple[list[Any], float]
"""What was found for each item, and the seconds of a processor that it took."""

Part = TypeVar("Part", bound=Sized)

_FILES_AT_ONCE = 4
_TILE = 16
"""Pairs are compared in squares of so many captures a side: each is then prepared rarely."""

_WAITING_PER_PROCESS = 3


@dataclass(frozen=True)
class Stage:
    """What a stage of the work took.

    Attributes:
        items: How many captures or pairs.
        elapsed_s: On the wall.
        processor_s: Of all processors together.
    """

    items: int
    elapsed_s: float
    processor_s: float


@dataclass(frozen=True)
class Measured:
    """What one engine made of the captures.

    Attributes:
        engine: Its name.
        failures: Why a capture could not be used, by its index.
        scores: (p,) of each pair; minus infinity where a capture could not be used.
        extraction, comparison: What they took.
    """

    engine: str
    failures: dict[int, str]
    scores: Floats
    extraction: Stage
    comparison: Stage


def measure(captures: list[Capture], pairs: Ints, request: Request) -> Iterator[Measured]:
    """Measure one engine after the other.

    Raises:
        CouldNotError: An engine cannot be had, or a process died.
    """
    try:
        with _pool(request.processes) as pool:
            for engine in request.engines:
                yield _measured(pool, engine, captures, pairs, request)
    except BrokenProcessPool:
        raise CouldNotError(
            "a process ended in the middle of its work, perhaps for want of memory:"
            " try fewer --processes"
        ) from None


def _pool(processes: int) -> ProcessPoolExecutor:
    # Threads of libraries do not survive a fork, so each process starts afresh.
    return ProcessPoolExecutor(processes, get_context("spawn"), _settle)


def _settle() -> None:
    """Leave the other processors to the other processes."""
    cv2.setNumThreads(1)


def _measured(
    pool: ProcessPoolExecutor, engine: str, captures: list[Capture], pairs: Ints, request: Request
) -> Measured:
    found: dict[int, Any] = {}
    failures: dict[int, str] = {}
    scores = np.full(len(pairs), -np.inf)

    def extract(part: range) -> Future[_Answer]:
        return pool.submit(_extract, engine, request.dpi, [captures[i].file for i in part])

    def keep_templates(part: range, answers: list[Any]) -> None:
        for i, answer in zip(part, answers, strict=True):
            (failures if isinstance(answer, str) else found)[i] = answer

    def compare(tile: Ints) -> Future[_Answer]:
        needed = {int(i): found[int(i)] for i in np.unique(pairs[tile])}
        return pool.submit(_compare, engine, request.dpi, needed, pairs[tile])

    def keep_scores(tile: Ints, answers: list[float]) -> None:
        scores[tile] = answers

    parts = _parts(len(captures))
    extracted = _run(f"{engine}: extracting", parts, extract, keep_templates, request.processes)
    tiles = _tiles(pairs, np.flatnonzero(np.isin(pairs, list(found)).all(axis=1)))
    compared = _run(f"{engine}: comparing", tiles, compare, keep_scores, request.processes)
    return Measured(engine, failures, scores, extracted, compared)


def _parts(count: int) -> list[range]:
    """Indices of captures, a few at a time."""
    return [range(i, min(i + _FILES_AT_ONCE, count)) for i in range(0, count, _FILES_AT_ONCE)]


def _tiles(pairs: Ints, usable: Ints) -> list[Ints]:
    """The usable pairs' indices in squares of captures that follow one another."""
    if not len(usable):
        return []
    rows, columns = (pairs[usable] // _TILE).T
    squares = rows * (int(columns.max()) + 1) + columns
    order = np.argsort(squares, kind="stable")
    starts = np.flatnonzero(np.diff(squares[order])) + 1
    return np.split(usable[order], starts)


def _extract(engine: str, dpi: int, files: list[Path]) -> _Answer:
    """Templates of files, or why there is none."""
    if reason := why_not(engine):
        raise CouldNotError(reason)
    chosen = engine_named(engine, dpi)
    began = time.process_time()
    answers: list[Any] = []
    for file in files:
        try:
            answers.append(chosen.extract(file))
        except CouldNotError as error:
            answers.append(str(error).removeprefix(str(file)).lstrip(": "))
    return answers, time.process_time() - began


def _compare(engine: str, dpi: int, templates: dict[int, Any], pairs: Ints) -> _Answer:
    chosen = engine_named(engine, dpi)
    began = time.process_time()
    prepared = {i: chosen.prepare(template) for i, template in templates.items()}
    answers = [chosen.score(prepared[int(a)], prepared[int(b)]) for a, b in pairs]
    return answers, time.process_time() - began


def _run(
    name: str,
    parts: Sequence[Part],
    begin: Callable[[Part], Future[_Answer]],
    keep: Callable[[Part, list[Any]], None],
    processes: int,
) -> Stage:
    """Have all parts done, and tell how far it is."""
    progress = Progress(name, sum(map(len, parts)))
    processor_s = 0.0
    for part, (answers, seconds) in _as_done(parts, begin, processes * _WAITING_PER_PROCESS):
        keep(part, answers)
        processor_s += seconds
        progress.advance(len(answers))
    return Stage(progress.total, progress.end(), processor_s)


def _as_done(
    parts: Sequence[Part], begin: Callable[[Part], Future[_Answer]], most: int
) -> Iterator[tuple[Part, _Answer]]:
    """The parts with their answers as they come; few are under way, so that memory stays small."""
    ahead = iter(parts)
    under_way = {begin(part): part for part in islice(ahead, most)}
    while under_way:
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            yield under_way.pop(future), future.result()
            following = next(ahead, None)
            if following is not None:
                under_way[begin(following)] = following
