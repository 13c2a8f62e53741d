"""How every command answers: words or one JSON object, and an exit status."""

import json
import sys
from typing import Annotated, Any, NoReturn, TypeAlias

import typer

YES, NO, COULD_NOT = 0, 1, 2

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
]


class CouldNotError(Exception):
    """Something cannot be done; the message says what and what to do about it."""


def could_not(sentence: str) -> NoReturn:
    """Say in one line what is wrong, and end with status 2."""
    complain(sentence)
    raise SystemExit(COULD_NOT)


def complain(sentence: str) -> None:
    """Put one line on standard error."""
    print(f"smartics: {' '.join(sentence.split())}", file=sys.stderr)


def show_json(found: Any) -> None:
    """Print one JSON value; in ASCII, so that no terminal's encoding can spoil it."""
    print(json.dumps(found))


def plain(text: str) -> str:
    """The text with everything escaped that could play tricks on a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
