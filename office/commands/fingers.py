"""smartics finger: compares, measures and enrols pictures of fingers, and shows records."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from office.commands.answers import (
    COULD_NOT,
    YES,
    AsJson,
    CouldNotError,
    complain,
    could_not,
    show_json,
)

app = typer.Typer(no_args_is_help=True, help="Fingers: compare, template, show, quality.")


class TemplateFormat(StrEnum):
    """The editions of ISO/IEC 19794-2 that a template can be written in."""

    ISO_2005 = "iso2005"
    ISO_2011 = "iso2011"


Dpi: TypeAlias = Annotated[int, typer.Option(help="The resolution of the pictures.")]


@app.command()
def compare(
    a: Annotated[Path | None, typer.Argument(help="A picture or a record.")] = None,
    b: Annotated[Path | None, typer.Argument(help="Another one.")] = None,
    pairs: Annotated[Path | None, typer.Option(help="A CSV file with two paths a line.")] = None,
    dpi: Dpi = 500,
    picture: Annotated[
        Path | None, typer.Option(help="Draw there which minutiae of A and B agree (.png).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether two pictures show the same finger."""
    from office.commands.comparison import answer  # noqa: PLC0415 (only what this one needs)
    from office.commands.finger_files import (  # noqa: PLC0415 (OpenCV, NBIS)
        draw_comparison,
        finger_likeness,
    )

    if picture is not None:
        if a is None or b is None:
            could_not("--picture shows two files: name both")
        try:
            draw_comparison(a, b, dpi, picture)
        except CouldNotError as error:
            could_not(str(error))

    answer(finger_likeness(dpi), a, b, pairs, as_json)


@app.command()
def template(
    image: Annotated[Path, typer.Argument(help="A picture of one fingertip, or a record.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the template goes.")],
    dpi: Dpi = 500,
    form: Annotated[
        TemplateFormat, typer.Option("--format", help="The edition of ISO/IEC 19794-2.")
    ] = TemplateFormat.ISO_2005,
    position: Annotated[
        int, typer.Option(min=0, max=10, help="Which finger: 1 right thumb to 10 left little.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Write a finger's minutiae as an ISO/IEC 19794-2 record."""
    from office.commands.finger_files import read_finger  # noqa: PLC0415 (OpenCV, NBIS)
    from office.commands.finger_records import as_record, finger_of  # noqa: PLC0415 (NumPy)

    try:
        found = finger_of(read_finger(image, dpi, position), position)
        output.write_bytes(as_record(found, form))
    except CouldNotError as error:
        could_not(str(error))
    except OSError as error:
        could_not(f"{output} cannot be written ({error.strerror}): choose another place")
    if as_json:
        minutiae = len(found.minutiae)
        show_json({"file": str(output), "minutiae": minutiae, "quality": found.quality})
    else:
        print(f"{output}: {len(found.minutiae)} minutiae, quality {found.quality}")


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A finger record: minutiae, images or WSQ.")],
    as_json: AsJson = False,
) -> None:
    """Say what a finger record holds."""
    from office.commands.finger_records import in_words, shown  # noqa: PLC0415 (NumPy)

    try:
        found = shown(file)
    except CouldNotError as error:
        could_not(str(error))
    if as_json:
        show_json(found)
    else:
        print("\n".join([found["record"], *map(in_words, found["fingers"])]))


@app.command()
def quality(
    images: Annotated[list[Path], typer.Argument(help="Pictures of one fingertip each.")],
    dpi: Dpi = 500,
    as_json: AsJson = False,
) -> None:
    """Tell the NFIQ 2 quality (0 to 100) of each picture, and how the next would be better."""
    files = [_judged(image, dpi) for image in images]
    if as_json:
        show_json({"files": files})
    else:
        for row in files:
            if not row["error"]:
                print(f"{row['quality']:3}  {row['advice']:14}  {row['file']}")
    errors = [row["error"] for row in files if row["error"]]
    if len(errors) == 1:
        complain(errors[0])
    elif errors:
        complain(f"{len(errors)} of {len(files)} files could not be judged, such as {errors[0]}")
    raise SystemExit(COULD_NOT if errors else YES)


def _judged(image: Path, dpi: int) -> dict[str, Any]:
    from common.matching.fingers import advice  # noqa: PLC0415 (OpenCV, NBIS)
    from office.commands.finger_files import read_impression  # noqa: PLC0415 (the same)

    try:
        found = read_impression(image, dpi)
    except CouldNotError as error:
        return {"file": str(image), "quality": None, "advice": None, "error": str(error)}
    return {
        "file": str(image),
        "quality": found.quality,
        "advice": advice(found).value,
        "error": None,
    }
