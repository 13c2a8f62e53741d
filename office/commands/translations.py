"""smartics texts: what translators get, and what comes back from them."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from common.domain.language import ASSIST_LANGUAGES, OWN_NAMES, Language
from common.i18n.steps import FILES, NEEDED, checked, readiness, steps
from common.i18n.translation import Screens, export, take_back
from office.commands.answers import COULD_NOT, NO, complain

ROOT = Path(__file__).parents[2]
APPS = ("kiosk_tag", "kiosk_registration", "kiosk_collection", "common/ui")
KEY = re.compile(r"\"((?:common|tag|registration|bench|collection|papers)-[a-z0-9_-]+)\"")

app = typer.Typer(no_args_is_help=True, help="Texts of the kiosks in the languages we help in.")

Wanted = Annotated[Language, typer.Argument(help="id, fil, hi, ne, ur or th.")]


@app.command("export")
def export_po(
    language: Wanted, file: Annotated[Path, typer.Argument(help="The PO file to write.")]
) -> None:
    """Write a PO file for a translator: English, traditional Chinese beside it, our draft."""
    _only_helping(language)
    file.write_bytes(export(language, screens()))
    print(f"{file}: {_how_many()} texts")


@app.command("import")
def import_po(
    language: Wanted, file: Annotated[Path, typer.Argument(help="The translator's PO file.")]
) -> None:
    """Take a translator's PO file; 1 when something in it is wrong or missing."""
    _only_helping(language)
    try:
        taken = take_back(language, file.read_bytes())
    except (OSError, ValueError) as error:
        complain(f"{file}: {error}")
        raise SystemExit(COULD_NOT) from error
    for line in taken.wrong:
        complain(line)
    print(f"{taken.texts} texts, {taken.checked} checked, {len(taken.missing)} missing")
    if taken.wrong or taken.missing:
        raise SystemExit(NO)


@app.command("state")
def state() -> None:
    """Say which kiosks can be shown in which language."""
    for language in ASSIST_LANGUAGES:
        have = sum(len(steps(language, name)) for name in FILES)
        seen = len(checked(language))
        kiosks = ", ".join(f"{one} {readiness(language, one).name.lower()}" for one in NEEDED)
        done = f"{have} of {_how_many()}, {seen} checked"
        print(f"{language} {OWN_NAMES[language]}: {done}; {kiosks}")


def screens() -> Screens:
    """Find which screens name a text; a name that ends in a hyphen stands for all that follow."""
    found: dict[str, list[str]] = defaultdict(list)
    keys = [key for name in FILES for key in steps(Language.ENGLISH, name)]
    for folder in APPS:
        for file in sorted((ROOT / folder).rglob("screens/*")):
            if file.suffix not in (".qml", ".py"):
                continue
            screen = f"{folder.replace('/', '_')}/{file.stem}"
            for named in KEY.findall(file.read_text("utf-8")):
                for key in keys:
                    is_meant = key == named or (named.endswith("-") and key.startswith(named))
                    if is_meant and screen not in found[key]:
                        found[key].append(screen)
    return found


def _how_many() -> int:
    return sum(len(steps(Language.ENGLISH, name)) for name in FILES)


def _only_helping(language: Language) -> None:
    if language not in ASSIST_LANGUAGES:
        complain(f"{language} is complete in its .ftl files: {', '.join(ASSIST_LANGUAGES)} are not")
        raise SystemExit(COULD_NOT)
