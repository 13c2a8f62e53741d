"""What a technician asks of the ledger without serving it: a check, a signed head."""

from pathlib import Path
from time import perf_counter

from backend import tree_heads
from backend.database import database_of, keys_of
from backend.ledger_check import Check
from backend.ledger_check import check as check_ledger
from backend.notes import Checkpoint, LogKey, NoteError
from backend.settings import read
from backend.store import Store, StoreError
from common.domain.clock import system_clock


class CheckRun(Check):
    """What a check found, and its pace."""

    lines_a_second: int


def check(config: Path, witness: Path | None = None) -> CheckRun:
    """Read the ledger from end to end; compare it with a checkpoint that was kept outside.

    Raises:
        SettingsError, SecretError, StoreError: The settings, a secret, the database or the
            checkpoint is wrong.
    """
    settings = read(config)
    keys = keys_of(settings)
    witnessed = [] if witness is None else [_witnessed(witness, LogKey("any", keys.log))]
    engine = database_of(settings).reader()
    try:
        # Not committed: with a damaged page SQLite refuses even that.
        with engine.connect() as connection:
            started = perf_counter()
            found = check_ledger(connection, keys, witnessed)
            pace = found["facts"] / (perf_counter() - started)
            return {**found, "lines_a_second": round(pace)}
    finally:
        engine.dispose()


def checkpoint(config: Path) -> str:
    """Sign the ledger as it is now, keep the head and return it (C2SP checkpoint).

    Raises:
        SettingsError, SecretError, StoreError: The settings, a secret or the database is wrong.
        LedgerError: The ledger is not as we left it.
    """
    settings = read(config)
    store = Store(database_of(settings), keys_of(settings), system_clock)
    try:
        return store.submit(lambda t: tree_heads.sign(t, settings.ledger_name)).result()
    finally:
        store.close()


def _witnessed(file: Path, key: LogKey) -> Checkpoint:
    try:
        return key.open(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise StoreError(f"{file.name} holds no checkpoint of this ledger: {error}") from error
