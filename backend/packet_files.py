"""The ciphertext of packets: one file for each chunk, named by its hash, and never changed."""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from common.wire.packets import leaf

_NAME = re.compile(r"[0-9a-f]{64}")


class PacketFiles:
    """A folder of chunks. What put() returned from outlives a power cut.

    File, then name, then folder are synced before anything is said about them in the database, so
    that a row never speaks of a file that is not there. A file without a row is harmless: the
    chunk comes again, or `sweep` takes it away.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, chunk: bytes) -> None:
        """Write a chunk; an older copy of the same name is replaced by the same bytes.

        Raises:
            OSError: The disk is full or broken; nothing of it stays.
        """
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
        try:
            with scratch.open("xb") as file:
                file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self._folder):
            _sync(folder)

    def get(self, name: str) -> bytes:
        """Read a chunk.

        Raises:
            OSError: It is not there, or the disk gives other bytes than were written.
        """
        chunk = self._path(name).read_bytes()
        if leaf(chunk).hex() != name:
            raise OSError("a chunk on the disk is not what was written")
        return chunk

    def has(self, name: str, size: int) -> bool:
        """Tell whether a chunk of this length lies here."""
        try:
            return self._path(name).stat().st_size == size
        except FileNotFoundError:
            return False

    def names(self, older_than_s: float, now_s: float) -> frozenset[str]:
        """Return the names of the files that were written so long ago, unfinished ones too."""
        if not self._folder.exists():
            return frozenset()
        return frozenset(
            path.name
            for path in self._folder.glob("*/*")
            if path.stat().st_mtime < now_s - older_than_s
        )

    def remove(self, names: Iterable[str]) -> None:
        """Remove files by the names that `names` gave; one that is gone already is gone."""
        for name in names:
            (self._folder / name[:2] / name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a chunk is named by its hash")
        return self._folder / name[:2] / name


def _sync(folder: Path) -> None:
    if os.name != "posix":  # Windows syncs a folder with its files and opens no folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
