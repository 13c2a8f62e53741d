"""Opens the encrypted SQLite files in which a station keeps what must survive it."""

from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

KEY_BYTES = 32


class BookError(Exception):
    """The key does not fit the file, or has another length."""


def open_book(file: Path, key: bytes, schema: str) -> Any:
    """Open or make a SQLCipher file with a raw 32-byte key: FULL sync, foreign keys kept.

    Raises:
        BookError: It does not open with this key.
    """
    if len(key) != KEY_BYTES:
        raise BookError(f"the key must be {KEY_BYTES} bytes")
    file.parent.mkdir(parents=True, exist_ok=True)
    book = sqlcipher.connect(str(file), isolation_level=None, check_same_thread=False)
    try:
        book.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        book.execute("PRAGMA journal_mode = WAL")
        book.execute("PRAGMA synchronous = FULL")
        book.execute("PRAGMA foreign_keys = ON")
        book.execute("PRAGMA secure_delete = ON")
        book.executescript(schema)
    except sqlcipher.DatabaseError as error:
        book.close()
        raise BookError("it does not open with this key") from error
    return book
