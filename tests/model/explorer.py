"""Explores every way that a program can take, by running the program itself.

Whatever can go this way or that asks the explorer. It runs the program again and again from the
places it has not been to, until there are none. A state is what is lasting (disk, mechanics) and
where the program stands: its stack with what its variables hold. A state met before is not
followed a second time, so that loops end.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

END = -1
"""The state in which a run has come to its end."""


class MetBeforeError(BaseException):
    """The run has come to a state that was explored already; no code catches it on its way."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A way not taken yet: where the run starts, what it chooses, and the state before."""

    start: Hashable
    choices: tuple[str, ...]
    before: int


@dataclass
class Explorer:
    """Remembers states and ways. choose() is asked by the program's surroundings.

    Attributes:
        states: Every state met, with its number.
        edges: From a state's number to those that follow it without a power cut.
        starts: The lasting states that the power may come back to.
    """

    states: dict[Hashable, int] = field(default_factory=dict)
    edges: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    starts: set[Hashable] = field(default_factory=set)
    _open: deque[Branch] = field(default_factory=deque)
    _branch: Branch = field(default_factory=lambda: Branch(None, (), END))
    _step: int = 0
    _at: int = END
    _taken: list[str] = field(default_factory=list)

    def explore(self, starts: Iterable[Hashable], run: Callable[[Any], None]) -> None:
        """Run the program from each start, in every way there is.

        run raises MetBeforeError, or what a broken promise raises.
        """
        for start in starts:
            self._starts_at(start, start)
        while self._open:
            self._branch = self._open.popleft()
            self._step, self._at, self._taken = 0, END, []
            try:
                run(self._branch.start)
            except MetBeforeError:
                continue
            except Exception as error:
                error.add_note(f"from {self._branch.start} by {self.way()}")
                raise
            self.edges[self._at].add(END)

    def power_may_fail(self, lasting: Callable[[], tuple[Hashable, Hashable]]) -> None:
        """The power may fail here, and comes back in a run of its own.

        lasting returns what tells this state from others, and the state itself.
        """
        if self._step >= len(self._branch.choices):
            self._starts_at(*lasting())

    def _starts_at(self, key: Hashable, lasting: Hashable) -> None:
        if key not in self.starts:
            self.starts.add(key)
            self._open.append(Branch(lasting, (), END))

    def choose(self, options: tuple[str, ...], state: Callable[[], Hashable]) -> str:
        """Take one of the options here, and leave the others for later runs."""
        if self._step < len(self._branch.choices):
            option = self._branch.choices[self._step]
            self._step += 1
            self._at = self._branch.before
            self._taken.append(option)
            return option
        here = state()
        number = self.states.get(here)
        is_new = number is None
        if number is None:
            number = self.states[here] = len(self.states)
        if self._at != END:
            self.edges[self._at].add(number)
        if not is_new:
            raise MetBeforeError
        self._at = number
        for option in options[1:]:
            way = (*self._taken, option)
            self._open.append(Branch(self._branch.start, way, number))
        self._step += 1
        self._taken.append(options[0])
        # From here on this run is a way of its own: what it chose is known.
        self._branch = Branch(self._branch.start, tuple(self._taken), number)
        return options[0]

    def way(self) -> str:
        """Tell what was chosen, without the usual."""
        return " ".join(self._taken)

    def without_end(self) -> list[Hashable]:
        """Return the states from which no way without a power cut leads to an end."""
        back: dict[int, set[int]] = defaultdict(set)
        for before, afters in self.edges.items():
            for after in afters:
                back[after].add(before)
        good, open_ = {END}, [END]
        while open_:
            for before in back[open_.pop()] - good:
                good.add(before)
                open_.append(before)
        return [state for state, number in self.states.items() if number not in good]
