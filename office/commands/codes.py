"""smartics code: reads the QR and bar codes in pictures."""

from pathlib import Path
from typing import Annotated

import typer

from office.commands.answers import (
    COULD_NOT,
    NO,
    YES,
    AsJson,
    CouldNotError,
    complain,
    plain,
    show_json,
)

app = typer.Typer(no_args_is_help=True, help="QR and bar codes.")


@app.callback()
def group() -> None:
    """QR and bar codes."""


@app.command()
def read(
    images: Annotated[list[Path], typer.Argument(help="Pictures, photographs or scans.")],
    as_json: AsJson = False,
) -> None:
    """Print every code that can be read; 1 when there is none."""
    codes: list[dict[str, str]] = []
    errors = []
    for image in images:
        try:
            codes += _read(image)
        except CouldNotError as error:
            errors.append(str(error))
    if as_json:
        show_json({"codes": codes, "errors": errors})
    else:
        for code in codes:
            print(f"{code['file']}  {code['type']}  {plain(code['text'])}")
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        complain(errors[0] + more)
        raise SystemExit(COULD_NOT)
    raise SystemExit(YES if codes else NO)


def _read(image: Path) -> list[dict[str, str]]:
    from hardware.camera.codes import Symbology, read_codes  # noqa: PLC0415 (zxing)
    from office.commands.pictures import read_grey  # noqa: PLC0415 (Pillow, NumPy)

    return [
        {"file": str(image), "type": code.symbology.value, "text": code.text}
        for code in read_codes(read_grey(image), tuple(Symbology))
    ]
