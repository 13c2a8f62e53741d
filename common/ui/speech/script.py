"""Writes the studio's script: python -m common.ui.speech.script OUT.

One table for each language, with every sentence of the public kiosks that has no gaps, and the
name that its recording must have: OUT/zh-Hant.csv lists what belongs into PROMPTS/zh-Hant/. What
has gaps (a number, a name) stays with the speech program. Where a sentence is changed later, its
name changes with it: `--prompts FOLDER` writes only what that folder lacks.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fluent.runtime import FluentResource

from common.domain.language import Language
from common.i18n.texts import FOLDER, texts
from common.ui.speech.engine import prompt_name

STAFF_ONLY = {
    f"{name}.ftl"
    for name in ("booth", "display", "hall", "notices", "office", "staff", "web", "web_booking")
}
"""Texts that no kiosk says."""


def sentences(language: Language) -> Iterator[tuple[str, str]]:
    """Give key and sentence of all that can be recorded, each sentence once."""
    words, known = texts(language), set()
    for file in sorted((FOLDER / str(language)).glob("*.ftl")):
        if file.name in STAFF_ONLY:
            continue
        for entry in FluentResource(file.read_text("utf-8")).body:
            key = getattr(getattr(entry, "id", None), "name", "")
            try:
                said = words.text(key)
            except KeyError:
                continue  # it has gaps, or is no message
            if said not in known:
                known.add(said)
                yield key, said


def write(out: Path, prompts: Path | None = None) -> list[Path]:
    """Write a table for each language; return the files."""
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for language in (one for one in Language if (FOLDER / one).is_dir()):
        file = out / f"{language}.csv"
        with file.open("w", newline="", encoding="utf-8-sig") as made:
            table = csv.writer(made)
            table.writerow(("recording", "key", "sentence"))
            for key, said in sentences(language):
                name = prompt_name(said)
                if prompts is None or not (prompts / str(language) / name).is_file():
                    table.writerow((name, key, said))
        files.append(file)
    return files


def main(arguments: Sequence[str]) -> int:
    """Write the tables and tell how many sentences each has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--prompts", type=Path, help="only what this folder lacks")
    wanted = parser.parse_args(arguments)
    for file in write(wanted.out, wanted.prompts):
        print(f"{file}: {len(file.read_text('utf-8').splitlines()) - 1} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
