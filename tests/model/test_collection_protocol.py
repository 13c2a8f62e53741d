"""The release of a card, explored to its last state: every fault, every power cut, every hand.

The program that is explored is the real one; a fault planted in it is found. The acknowledgement
form takes the same ways as the old card and is explored at night.
"""

import inspect
import logging
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from common.domain.case import OldDocument
from kiosk_collection import flow, release
from kiosk_collection.outcome import Outcome
from kiosk_collection.perform import CollectionDesk
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.release_book import MAY_BE_OUT, Step
from tests.model.explorer import Explorer
from tests.model.machine import BrokenPromiseError, Lasting, Machine
from tests.model.program import Program


@pytest.fixture(autouse=True)
def _quiet():
    """Each of some ten thousand runs would write what failed in it."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def explored(document: OldDocument = OldDocument.OLD_CARD) -> Explorer:
    """Go every way there is, from the moment in which the document was read."""
    explorer = Explorer()

    def run(lasting: Lasting) -> None:
        program = Machine(explorer, lasting, document, Program).program
        program.run()

    explorer.explore([Lasting()], run)
    return explorer


@pytest.mark.parametrize(
    "document",
    [
        OldDocument.OLD_CARD,
        pytest.param(OldDocument.ACKNOWLEDGEMENT, marks=pytest.mark.night),
    ],
)
def test_never_both_out_never_both_in_and_always_an_end(document, capsys):
    explorer = explored(document)
    assert not explorer.without_end(), "from every state an end can be reached"
    with capsys.disabled():
        states, starts = len(explorer.states), len(explorer.starts)
        print(f"\n{document}: {states} states, {starts} of them after a power cut")
    assert len(explorer.states) > 5_000, "faults, cuts and hands were all let happen"


@contextmanager
def planted(owner: Any, name: str, right: str, wrong: str) -> Iterator[None]:
    """Plant a fault in a function of the program, for as long as the block runs."""
    original = inspect.getattr_static(owner, name)
    function: Any = original.fget if isinstance(original, property) else original
    source = textwrap.dedent(inspect.getsource(function))
    assert right in source, f"{name} has changed"
    scope: dict[str, Any] = {}
    altered = compile(source.replace(right, wrong), inspect.getfile(function), "exec")
    exec(altered, function.__globals__, scope)  # noqa: S102 (the program's own text)
    setattr(owner, name, scope[name])
    try:
        yield
    finally:
        setattr(owner, name, original)


NOTE, MOVE = "self._book.note(Step.PRESENTING)", "self._presenter.give_back()"
FAULTS = {
    "the card is presented before that is noted": (
        ReleaseDesk,
        "present",
        f"{NOTE}\n        {MOVE}",
        f"{MOVE}\n        {NOTE}",
    ),
    "a presenter that is silent has not given the card": (
        ReleaseDesk,
        "settle",
        "Fate.UNKNOWN",
        "Fate.BACK",
    ),
    "what may be out may go back all the same": (
        Outcome,
        "document_may_go_back",
        "is Fate.BACK",
        "is not Fate.ISSUED",
    ),
    "the person has the document back while the release is unclear": (
        flow,
        "after_release",
        "outcome.fate is Fate.UNKNOWN",
        "False",
    ),
    "a card is drawn in and not looked for afterwards": (
        ReleaseDesk,
        "_is_out",
        "self._presenter.draw_in()\n        where = self._presenter.position()",
        "self._presenter.draw_in()\n        where = CardPosition.INSIDE",
    ),
    "the document is kept before it is known that the card was taken": (
        ReleaseDesk,
        "present",
        NOTE,
        f"{NOTE}; self._escrow(self._book.must_be_open()).keep()",
    ),
    "a reservation without an answer is forgotten": (
        ReleaseDesk,
        "_settle_reservation",
        "self._book.note(Step.RESERVED)\n    return self._put_away()",
        "outcome = self._book.outcome(Fate.BACK)\n"
        "    self._book.end(self._book.must_be_open())\n"
        "    return outcome",
    ),
    "the card is put away while its person may still want time": (
        CollectionDesk,
        "_await_new_card_taken",
        "return NewCardLeft()",
        "return self._put_away(PutAway(UUID(int=1), HandOffReason.NOT_TAKEN))",
    ),
    "a mouth that was silent is open to the next person": (
        CollectionDesk,
        "_accept",
        "where in (Where.HELD, Where.OFFERED)",
        "False",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault):
    with planted(*FAULTS[fault]), pytest.raises((BrokenPromiseError, AssertionError)):
        assert not explored().without_end()


def test_a_fault_in_what_may_be_out_is_found(monkeypatch):
    monkeypatch.setattr(release, "MAY_BE_OUT", MAY_BE_OUT - {Step.TAKING_BACK})
    with pytest.raises(BrokenPromiseError):
        explored()
