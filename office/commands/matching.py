"""smartics matching: measures how well fingers and faces are told apart on an office's captures."""

import os
from pathlib import Path
from typing import Annotated

import typer

from office.commands.answers import YES, AsJson, CouldNotError, could_not, show_json
from office.commands.calibration_request import FACE_ENGINE, FingerEngine, Kind, Request

app = typer.Typer(no_args_is_help=True, help="Matching of fingers and faces: calibrate.")

MOST_PROCESSES = 61
"""Windows can wait for no more."""


@app.callback()
def group() -> None:
    """Matching of fingers and faces: calibrate."""


@app.command()
def calibrate(
    folders: Annotated[list[Path], typer.Argument(help="Folders of labelled captures.")],
    kind: Annotated[Kind, typer.Option(help="What they show.")] = Kind.FINGER,
    dpi: Annotated[int, typer.Option(help="The resolution of finger pictures.")] = 500,
    engine: Annotated[
        list[FingerEngine] | None, typer.Option(help="For fingers: may be given several times.")
    ] = None,
    rate: Annotated[
        list[float] | None,
        typer.Option(help="A false match rate to find the threshold for; several times."),
    ] = None,
    strangers_across: Annotated[
        bool,
        typer.Option("--strangers-across", help="Each folder has its own people."),
    ] = False,
    count_failures: Annotated[
        bool, typer.Option(help="A pair with an unusable capture counts as missed.")
    ] = True,
    most_strangers: Annotated[
        int | None, typer.Option(min=1, help="Draw so many pairs of strangers, of very many.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="For report.md, det.png, rates.json.")] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, max=MOST_PROCESSES, help="As many as there are processors.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find error rates, and the thresholds for chosen ones, on captures whose people are known.

    Labels: a labels.csv with the columns file, subject, perhaps sensor;
    or names such as 101_3.png (subject 101; the folder is the sensor);
    or a folder for each subject.
    """
    from office.commands.calibration import run  # noqa: PLC0415 (OpenCV, NBIS)
    from office.commands.calibration_report import as_numbers, summary, write  # noqa: PLC0415

    fingers = [str(one) for one in dict.fromkeys(engine or [FingerEngine.BEST])]
    request = Request(
        folders=folders,
        kind=kind,
        dpi=dpi,
        engines=fingers if kind is Kind.FINGER else [FACE_ENGINE],
        rates=_rates(rate),
        strangers_across=strangers_across,
        count_failures=count_failures,
        most_strangers=most_strangers,
        processes=processes or min(os.cpu_count() or 1, MOST_PROCESSES),
    )
    if engine and kind is Kind.FACE:
        could_not("--engine is for fingers: leave it out with --kind face")
    try:
        # Before hours of work, not after them.
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        found = run(request)
        if out is not None:
            write(found, out)
    except CouldNotError as error:
        could_not(str(error))
    except OSError as error:
        could_not(f"{error.filename or out} cannot be used ({error.strerror}): check it")
    if as_json:
        show_json(as_numbers(found))
    else:
        print("\n".join(summary(found)))
    raise SystemExit(YES)


def _rates(wanted: list[float] | None) -> list[float]:
    rates = sorted(set(wanted or (1e-2, 1e-3, 1e-4)), reverse=True)
    if any(not 0 < rate < 1 for rate in rates):
        could_not("a --rate is a share of strangers, such as 1e-3: give one between 0 and 1")
    return rates
