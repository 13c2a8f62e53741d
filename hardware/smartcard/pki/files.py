"""Writes small files so that after a power cut there is the old one or the new one, never half."""

import os
from pathlib import Path
from secrets import token_hex

PRIVATE, PUBLIC = 0o600, 0o644


def write_whole(path: Path, content: bytes, mode: int = PUBLIC) -> None:
    """Put content in place in one step, on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        _write_new(scratch, content, mode)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_first(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Put content in place unless there is something already.

    Raises:
        FileExistsError: There is, and it stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        _write_new(scratch, content, mode)
        # A link, unlike a rename, never takes the place of another file.
        path.hardlink_to(scratch)
    finally:
        scratch.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system knows such a thing."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
