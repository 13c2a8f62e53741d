"""Backups: one sealed file that holds a database as it was at one moment.

The chunks of the file are a manifest, the database's bytes, and their SHA-256. The master key is
in no backup: without it a backup cannot be opened, so it is kept elsewhere.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, text

from backend import ledger, snapshots
from backend.database import database_of, keys_of
from backend.keys import Keys, SealError
from backend.notes import Checkpoint, LogKey
from backend.postgresql import PostgresqlServer
from backend.sealed_file import Sealer, unsealed
from backend.settings import Settings, read
from backend.store import StoreError
from common.domain.clock import system_clock


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(_Part):
    """What a database was at one moment: its schema's revision, its ledger's length and head."""

    revision: str
    lines: int
    checkpoint: str


class Manifest(_Part):
    """What a backup says of itself. copy_key opens a SQLite copy; a dump has none."""

    made_at: datetime
    database: Literal["sqlite", "postgresql"]
    moment: Moment
    copy_key: str | None = None


class Digest(_Part):
    """How many bytes the database has in the backup, and their SHA-256."""

    length: int
    sha256: str


def backup(config: Path, to: Path) -> tuple[Manifest, Digest]:
    """Write a backup, while the backend serves, and read it back.

    Raises:
        SettingsError, SecretError, StoreError: The settings, a secret or the database is wrong, a
            program is missing, or the file exists already.
        LedgerError: The ledger is not as we left it; a check says where.
    """
    settings = read(config)
    keys = keys_of(settings)
    if to.exists():
        raise StoreError(f"{to.name} exists already")
    part = to.with_name(to.name + ".part")
    try:
        snapshots.make_private(part)
        with part.open("wb") as file:
            digest = _write(Sealer(file, keys.backups), settings, keys, to)
            file.flush()
            os.fsync(file.fileno())
        manifest = manifest_of(part, keys)
        for _ in data_of(part, keys):
            pass  # each chunk proves itself, and the last one all of them
        part.replace(to)
    except OSError as error:
        raise StoreError(f"the backup could not be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest, digest


def manifest_of(file: Path, keys: Keys) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        StoreError: It cannot be read, or does not open with this master key.
    """
    with _opened(file, keys) as chunks:
        return Manifest.model_validate_json(next(chunks))


def data_of(file: Path, keys: Keys) -> Iterator[bytes]:
    """Yield the database's bytes; they are proved whole only when all were yielded.

    Raises:
        StoreError: The file cannot be read, is of another master key, or was changed.
    """
    length, sha256 = 0, hashlib.sha256()
    with _opened(file, keys) as chunks:
        next(chunks)
        chunk = next(chunks)
        for following in chunks:
            length += len(chunk)
            sha256.update(chunk)
            yield chunk
            chunk = following
        if Digest.model_validate_json(chunk) != Digest(length=length, sha256=sha256.hexdigest()):
            raise StoreError("the backup does not hold what was put into it")


def _write(sealer: Sealer, settings: Settings, keys: Keys, to: Path) -> Digest:
    def ask(connection: Connection) -> Moment:
        return moment_of(connection, keys, settings.ledger_name)

    database = database_of(settings)
    if isinstance(database, PostgresqlServer):
        with snapshots.of_postgresql(database, ask) as (moment, stream):
            manifest = Manifest(made_at=system_clock(), database="postgresql", moment=moment)
            return _put(sealer, manifest, stream)
    with snapshots.of_sqlite(database, to, ask) as (moment, key, copy), copy.open("rb") as stream:
        manifest = Manifest(
            made_at=system_clock(), database="sqlite", moment=moment, copy_key=key.hex()
        )
        return _put(sealer, manifest, stream)


def _put(sealer: Sealer, manifest: Manifest, stream: BinaryIO) -> Digest:
    length, sha256 = 0, hashlib.sha256()
    sealer.write(manifest.model_dump_json().encode())
    for piece in snapshots.pieces(stream):
        length += len(piece)
        sha256.update(piece)
        sealer.write(piece)
    digest = Digest(length=length, sha256=sha256.hexdigest())
    sealer.write(digest.model_dump_json().encode(), last=True)
    return digest


def moment_of(connection: Connection, keys: Keys, name: str) -> Moment:
    """Say what a database is at this moment.

    Raises:
        LedgerError: The ledger does not end where we left it.
    """
    size, root = ledger.end(connection, keys)
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    checkpoint = LogKey(name, keys.log).sign(str(Checkpoint(name, size, root)))
    return Moment(revision=str(revision), lines=size, checkpoint=checkpoint)


@contextmanager
def _opened(file: Path, keys: Keys) -> Iterator[Iterator[bytes]]:
    try:
        with file.open("rb") as opened:
            yield unsealed(opened, keys.backups)
    except OSError as error:
        raise StoreError(f"{file.name}: {error.strerror}") from error
    except (SealError, ValidationError, StopIteration) as error:
        raise StoreError(f"{file.name}: {error}") from error
