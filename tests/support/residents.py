"""Fills a backend's tables as if so many residents had been served: rows that nobody reads."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

STEP = 500_000

_SERVED = "2021-03-04T05:06:07.000000Z"


@dataclass(frozen=True, slots=True)
class _Words:
    """How a database spells what the rows are made of; n counts them."""

    numbers: str
    hash: str
    bytes: str

    def of(self, first: int, last: int) -> str:
        """Name the source of the numbers from first to last."""
        return self.numbers.format(first=first, last=last)


_SQLITE = _Words(
    numbers=(
        "(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last})"
        " SELECT n FROM c) AS numbers"
    ),
    hash="lower(hex(randomblob(32)))",
    bytes="randomblob({size})",
)
_POSTGRESQL = _Words(
    numbers="generate_series({first}, {last}) AS numbers(n)",
    hash="md5(n::text || 'a') || md5(n::text || 'b')",
    bytes="decode(repeat(md5(n::text), {size} / 16), 'hex')",
)


def fill(engine: Engine, residents: int, office: str) -> None:
    """Write a collected case with its tag and data key for each resident.

    Cards are left out: the database lets none in without its lawful history.
    """
    words = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
    for first in range(1, residents + 1, STEP):
        last = min(residents, first + STEP - 1)
        with engine.begin() as connection:
            _fill_some(connection, words, words.of(first, last), office)


def _fill_some(connection: Connection, words: _Words, numbers: str, office: str) -> None:
    case = _key("0190", connection)
    small, large = (words.bytes.format(size=size) for size in (64, 320))
    rows = {
        "data_keys(subject, wrapped)": f"{case}, {small}",
        (
            "cases(case_id, office, person, state, old_document, done, identity, particulars,"
            " receipt_number, ready_on, opened_at, submitted_at)"
        ): (
            f"{case}, '{office}', {words.hash}, 'collected', 'old_card', 'submitted collected',"
            f" {small}, {large}, 'OLD-' || n, '2021-03-11', '{_SERVED}', '{_SERVED}'"
        ),
        (
            "tags(tag_id, office, day, number, case_id, service, stage, status, issued_at,"
            " order_at, times, misses)"
        ): (
            # A day has its thousand numbers of each letter.
            f"{_key('0192', connection)}, '{office}',"
            f" 'old day ' || (n / 999), 'W' || (n % 999), {case}, 'W', 'done', 'done',"
            f" '{_SERVED}', '{_SERVED}', 1, 0"
        ),
    }
    for into, values in rows.items():
        statement = f"INSERT INTO {into} SELECT {values} FROM {numbers}"  # noqa: S608 (all of it ours)
        connection.execute(text(statement))


def _key(beginning: str, connection: Connection) -> str:
    """Spell an identifier made of n, in the shape of the product's."""
    if connection.dialect.name == "sqlite":
        return f"printf('{beginning}0000-0000-7000-8000-%012x', n)"
    return f"'{beginning}0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')"
