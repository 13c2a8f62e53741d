"""smartics face: compares portraits, and judges whether one is fit for a card."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from office.commands.answers import NO, YES, AsJson, CouldNotError, could_not, show_json

app = typer.Typer(no_args_is_help=True, help="Faces: compare, check, portrait.")


@app.command()
def compare(
    a: Annotated[Path | None, typer.Argument(help="A picture with a face.")] = None,
    b: Annotated[Path | None, typer.Argument(help="Another one.")] = None,
    pairs: Annotated[Path | None, typer.Option(help="A CSV file with two paths a line.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether two pictures show the same person."""
    from office.commands.comparison import answer  # noqa: PLC0415 (only what this one needs)
    from office.commands.face_files import face_likeness  # noqa: PLC0415 (OpenCV)

    answer(face_likeness(), a, b, pairs, as_json)


@app.command()
def check(
    image: Annotated[Path, typer.Argument(help="A photograph.")], as_json: AsJson = False
) -> None:
    """Measure a photograph against the rules for a card's portrait."""
    from office.commands.face_files import check_file  # noqa: PLC0415 (OpenCV)

    try:
        found = check_file(image)
    except CouldNotError as error:
        could_not(str(error))
    if as_json:
        findings = [asdict(finding) for finding in found.findings]
        show_json({"acceptable": found.acceptable, "findings": findings})
    else:
        for finding in found.findings:
            sign = "ok " if finding.ok else "NOT"
            measured = f"{finding.value:g} {finding.unit} (allowed {finding.limit})"
            print(f"{sign}  {finding.rule:16}  {measured}")
    raise SystemExit(YES if found.acceptable else NO)


@app.command()
def portrait(
    image: Annotated[Path, typer.Argument(help="A photograph.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A file ending in .jpg or .jp2.")],
    budget: Annotated[int, typer.Option("--bytes", help="What the chip has room for.")] = 20_000,
    as_json: AsJson = False,
) -> None:
    """Cut a card's portrait out of a photograph, 35 x 45 mm, and pack it for the chip."""
    from office.commands.face_files import cut_file  # noqa: PLC0415 (OpenCV)

    try:
        size = cut_file(image, out, budget)
    except CouldNotError as error:
        could_not(str(error))
    if as_json:
        show_json({"file": str(out), "bytes": size})
    else:
        print(f"{out}: {size} bytes")
