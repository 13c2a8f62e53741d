"""The smartics command: what a technician types."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from common.domain.language import OFFICE_LANGUAGES, Language
from common.station.config import ConfigError, StationConfig, StationKind, read
from hardware.simulation.timing import Timing
from office.commands import (
    chips,
    codes,
    devices,
    faces,
    fingers,
    matching,
    officer_cards,
    pki,
    translations,
    trust,
)
from office.commands.answers import NO, complain, could_not
from office.stations import log, run_station
from office.store import NoPostgresqlError, Store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
backend = typer.Typer(no_args_is_help=True, help="The central service.")
app.add_typer(backend, name="backend")
backend.command("pair")(trust.pair)
backend.command("revoke")(trust.revoke)
backend.command("stations")(trust.stations)
backend.add_typer(trust.officer, name="officer")
app.add_typer(devices.app, name="devices")
app.add_typer(fingers.app, name="finger")
app.add_typer(faces.app, name="face")
app.add_typer(matching.app, name="matching")
app.add_typer(codes.app, name="code")
app.add_typer(chips.app, name="chip")
app.add_typer(pki.app, name="pki")
app.add_typer(translations.app, name="texts")
app.add_typer(officer_cards.app, name="officer-card")

CONFIG = typer.Option("--config", help="The TOML file that describes it.")
JSON = typer.Option("--json", help="Print one JSON object and nothing else.")


def main() -> None:
    """Run the command that was typed; 2 with one line on standard error where it could not."""
    log()
    try:
        app()
    except (ConfigError, NoPostgresqlError) as error:
        could_not(str(error))


@app.command("office")
def run_office(
    auto: Annotated[bool, typer.Option("--auto", help="Play applicants, no screen.")] = False,
    applicants: Annotated[int, typer.Option(min=1, max=500)] = 3,
    out: Annotated[Path | None, typer.Option(help="Folder for pictures and summary.json.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Keep the office in this folder.")] = None,
    unplug: Annotated[
        int, typer.Option(min=0, help="With --auto: pull each device's plug so often.")
    ] = 0,
    by_keypad: Annotated[
        bool,
        typer.Option("--by-keypad", help="With --auto: they only hear the kiosks and press keys."),
    ] = False,
    large_text: Annotated[
        bool, typer.Option("--large-text", help="With --auto: they want text twice as large.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option(help="With --auto: what all of them read.")
    ] = None,
    by_proxy: Annotated[
        bool,
        typer.Option("--by-proxy", help="With --auto: every third sends somebody for the card."),
    ] = False,
    seed: Annotated[int, typer.Option(help="Which plug is pulled when.")] = 1,
    timing: Annotated[
        Timing, typer.Option(help="Whether simulated motors take their time.")
    ] = Timing.INSTANT,
    store: Annotated[
        Store, typer.Option(help="Where the backend of a new office keeps its tables.")
    ] = Store.SQLITE,
) -> None:
    """Run a whole office: backend, stations, simulated devices."""
    from office import opening  # noqa: PLC0415 (Qt and OpenCV only where they are needed)

    home = folder or Path(mkdtemp(prefix="smartics-"))
    screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not auto and not screen and sys.platform != "win32":
        print("No display here: playing applicants instead (--auto).", file=sys.stderr)
        auto = True
    if auto:
        # Whoever ends the day ends its programs, too.
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
        if by_proxy and by_keypad:
            could_not("--by-proxy: who collects for another does not play by ear yet")
        day = opening.Day(
            applicants=applicants,
            unplug=unplug,
            seed=seed,
            timing=timing,
            store=store,
            by_keypad=by_keypad,
            large_text=large_text,
            language=language,
            by_proxy=by_proxy,
        )
        raise SystemExit(opening.play(home, out or Path("out"), day))
    opening.open_windows(home, timing, store)


@app.command("gallery")
def gallery(
    out: Annotated[Path, typer.Argument(help="Folder for the pictures and their page.")],
    only: Annotated[str, typer.Option(help="Only screens whose name contains this.")] = "",
    zoom: Annotated[float, typer.Option(min=0.1, max=1, help="The pictures' size.")] = 0.5,
    docs: Annotated[bool, typer.Option("--docs", help="Only what README.md shows.")] = False,
    helping: Annotated[
        bool, typer.Option("--helping", help="Kiosks in all nine languages.")
    ] = False,
) -> None:
    """Paint every screen in every look, audited, onto a page to browse."""
    from common.ui import gallery as easel  # noqa: PLC0415 (Qt only where it is needed)

    easel.begin()
    found = [one for one in easel.previews() if only in one.title]
    languages = tuple(Language) if helping else OFFICE_LANGUAGES
    painted = easel.paint_docs(out) if docs else easel.paint(out, found, zoom, languages)
    faulty = sum(bool(one.faults) for one in painted)
    print(f"{len(painted)} pictures in {out}, {faulty} with faults")
    raise SystemExit(1 if faulty else 0)


@app.command("libfprint-helper", hidden=True)
def libfprint_helper() -> None:
    """Run the process in which libfprint lives; the driver starts it."""
    from hardware.fingerprint import libfprint_helper as helper  # noqa: PLC0415 (one driver's)

    helper.main()


class Work(StrEnum):
    """What a station can be told to do: to run as its kind, or to pair."""

    PAIR = "pair"
    TAG = "tag"
    REGISTRATION = "registration"
    BENCH = "bench"
    COLLECTION = "collection"
    BOOTH = "booth"
    DISPLAY = "display"


@app.command()
def station(
    work: Annotated[Work, typer.Argument(help="Its kind, to run it; or pair.")],
    config: Annotated[Path, CONFIG],
    code: Annotated[str, typer.Option(help="With pair: the code that a supervisor told.")] = "",
    at: Annotated[str, typer.Option(help="With pair: another address to pair at.")] = "",
) -> None:
    """Run one station, or pair it with its backend."""
    if work is Work.PAIR:
        _pair(read(config), code, at)
        return
    try:
        status = run_station(StationKind(work.value), config)
    except ConfigError as error:
        could_not(str(error))
    raise SystemExit(status)


def _pair(config: StationConfig, code: str, at: str) -> None:
    from common.station.pairing import pair  # noqa: PLC0415 (only here)
    from common.sync.client import BackendUnreachableError, RefusedError  # noqa: PLC0415

    try:
        found = pair(config, code or typer.prompt("Code"), at=at)
    except BackendUnreachableError as error:
        could_not(f"no answer from {at or config.backend_address} ({error}); try again")
    except RefusedError as refusal:
        complain(f"{refusal.problem}: {refusal.detail}")
        raise SystemExit(NO) from refusal
    print(f"{found.station} is paired until {found.certificate_ends:%Y-%m-%d}, and renews itself")


@app.command("simulation")
def simulate(config: Annotated[Path, CONFIG]) -> None:
    """Run the simulated devices of an office."""
    from hardware.simulation.__main__ import main as run  # noqa: PLC0415

    run(str(config))


@contextmanager
def told() -> Iterator[None]:
    """Say in one line why the backend could not, instead of a traceback."""
    from backend.keys import SecretError  # noqa: PLC0415 (only where the backend is asked for)
    from backend.ledger import LedgerError  # noqa: PLC0415
    from backend.settings import SettingsError  # noqa: PLC0415
    from backend.store import StoreError  # noqa: PLC0415

    try:
        yield
    except (SettingsError, SecretError, StoreError, LedgerError) as error:
        could_not(str(error))


@backend.command()
def serve(config: Annotated[Path, CONFIG]) -> None:
    """Serve until told to end."""
    from backend.serve import serve as run  # noqa: PLC0415

    with told():
        run(config)


@backend.command()
def migrate(config: Annotated[Path, CONFIG]) -> None:
    """Bring the tables to the newest schema."""
    from backend.serve import migrate as run  # noqa: PLC0415

    with told():
        run(config)


@backend.command()
def openapi() -> None:
    """Print the OpenAPI document of the backend's addresses for programs."""
    from backend.serve import describe  # noqa: PLC0415

    print(json.dumps(describe(), indent=2, ensure_ascii=False))


@backend.command("packet-key")
def packet_key(config: Annotated[Path, CONFIG]) -> None:
    """Make the key that packets are sealed to: packet.key to open them, packet.pub for the edge."""
    from backend.packet_secrets import make_packet_key  # noqa: PLC0415

    with told():
        private, public = make_packet_key(config)
    print(f'packet_key = "file:{private.name}"          # where packets are opened')
    print(f'packet_public_key = "file:{public.name}"   # where they only come in')


@backend.command("open-packets")
def open_packets(
    config: Annotated[Path, CONFIG],
    once: Annotated[bool, typer.Option(help="Open what waits, then end.")] = False,
) -> None:
    """Open packets as a program of its own, beside a backend that holds no packet key."""
    from backend.packet_opening import run  # noqa: PLC0415

    with told():
        print(f"{run(config, once=once)} packets opened")


@backend.command()
def check(
    config: Annotated[Path, CONFIG],
    witness: Annotated[
        Path | None, typer.Option(help="A checkpoint that was kept outside; compare with it.")
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Verify the ledger from its first fact to its last; name the first line that was changed."""
    from backend.upkeep import check as run  # noqa: PLC0415

    with told():
        found = run(config, witness)
    if as_json:
        print(json.dumps(found))
    else:
        verdict = "whole"
        if not found["chain_ok"]:
            verdict = f"BROKEN from line {found['first_bad']} ({found['where']})"
        pace = f"{found['lines_a_second']} lines a second"
        print(f"{found['facts']} facts, chain {verdict}; {pace}")
    raise SystemExit(0 if found["chain_ok"] else 1)


@backend.command()
def checkpoint(config: Annotated[Path, CONFIG]) -> None:
    """Print the ledger's signed head, for a witness outside to keep."""
    from backend.upkeep import checkpoint as run  # noqa: PLC0415

    with told():
        print(run(config), end="")


@backend.command()
def backup(
    config: Annotated[Path, CONFIG],
    to: Annotated[Path, typer.Option(help="The file to write; it must not exist.")],
) -> None:
    """Write one sealed file with everything but the master key, while the backend serves."""
    from backend.backup import backup as run  # noqa: PLC0415

    with told():
        manifest, digest = run(config, to)
    moment = manifest.moment
    print(f"{to}: {moment.lines} lines, schema {moment.revision}, {digest.length} bytes of data")
    print(f"SHA-256 {digest.sha256}, read back and whole")


@backend.command()
def restore(
    config: Annotated[Path, CONFIG],
    source: Annotated[Path, typer.Option("--from", help="A file that backup wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also in place of a database with newer lines.")
    ] = False,
) -> None:
    """Put a backup in the database's place and check its ledger; the backend must be stopped."""
    from backend.restore import restore as run  # noqa: PLC0415

    with told():
        done = run(config, source, force=force)
    moment = done.manifest.moment
    print(f"restored {moment.lines} lines of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC, all whole")
    if done.aside is not None:
        print(
            f"the database before, with {done.replaced} lines, is {done.aside}: delete it in time"
        )
    if done.erased:
        print(f"erased again, because they were erased since: {len(done.erased)} cases")
    for case in done.still_open:
        print(f"erased since, but open in the backup; erase when closed: {case}")
