"""What a line of the ledger is, byte by byte.

A line's text is canonical JSON of its columns: keys sorted, no spaces, times in UTC with
microseconds and a Z, hashes in hexadecimal. From it follow
- `head`: SHA-256 over the head of the station's line before (32 zero bytes before its first) and
  the text, so that a station can prove its own lines to anybody by itself;
- `nodes`: the nodes of the Merkle tree (RFC 9162) that are complete with this line, the first of
  them the line's own leaf. Proofs and the signed heads are made from them;
- `seal`: an HMAC with a key of the master key's over the seal of the line before (32 zero bytes
  before the first) and the leaf, which nobody else can make;
- `sums`: a CRC-32 of each column. They prove nothing; they say which column was changed.
"""

import hashlib
import struct
from datetime import UTC, datetime
from json import JSONEncoder
from zlib import crc32

FIRST_HEAD = FIRST_SEAL = bytes(32)
COLUMNS = (
    "at",
    "case_id",
    "fact_id",
    "kind",
    "number",
    "officer",
    "payload_hash",
    "received_at",
    "schema_version",
    "station",
    "station_number",
)
"""What a line's text holds, in its order."""

_SUMS = struct.Struct(f">{len(COLUMNS)}I")
_text = JSONEncoder().encode


def fields(
    at: str,
    case_id: str,
    fact_id: str,
    kind: str,
    number: int,
    officer: str | None,
    payload_hash: bytes,
    received_at: str,
    schema_version: int,
    station: str,
    station_number: int,
) -> list[bytes]:
    """Return the parts of a line's text, one for each of COLUMNS. Moments are written by `utc`."""
    return [
        # A changed database may hold what is no text; its bytes then count as they are.
        part.encode(errors="surrogateescape")
        for part in (
            f'"at":"{at}"',
            f'"case_id":{_text(case_id)}',
            f'"fact_id":{_text(fact_id)}',
            f'"kind":{_text(kind)}',
            f'"number":{number}',
            f'"officer":{_text(officer)}',
            f'"payload_hash":"{payload_hash.hex()}"',
            f'"received_at":"{received_at}"',
            f'"schema_version":{schema_version}',
            f'"station":{_text(station)}',
            f'"station_number":{station_number}',
        )
    ]


def line(parts: list[bytes]) -> bytes:
    """Put a line's text together."""
    return b"{" + b",".join(parts) + b"}"


def sums(parts: list[bytes]) -> bytes:
    """Return the check sums of a line's columns."""
    return _SUMS.pack(*map(crc32, parts))


def next_head(before: bytes, text: bytes) -> bytes:
    """Return the head of a station's chain after one more line."""
    return hashlib.sha256(before + text).digest()


def utc(moment: datetime) -> str:
    """Write a moment as a line's text has it, and as SQLite keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
