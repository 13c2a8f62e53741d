"""Rules that the database itself keeps, written for each dialect."""

from alembic import op

_FUNCTION = """
CREATE OR REPLACE FUNCTION smartics_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$
"""


def refuse(name: str, event: str, table: str, message: str, when: str | None = None) -> None:
    """Make a trigger that refuses an event on rows of a table.

    Args:
        name: The trigger's.
        event: "UPDATE", "DELETE", "INSERT" or "UPDATE OF column".
        table: The table's name.
        message: What the error says; it holds nothing of the row.
        when: A condition on OLD and NEW without subqueries, which PostgreSQL does not allow here.
    """
    if op.get_bind().dialect.name == "sqlite":
        condition = f" WHEN {when}" if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(_FUNCTION)
    condition = f" WHEN ({when})" if when else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition}"
        f" EXECUTE FUNCTION smartics_refuse('{message}')"
    )


def refuse_where(name: str, event: str, table: str, message: str, condition: str) -> None:
    """Make a trigger that refuses an event where a condition holds that looks at other tables.

    condition: on OLD and NEW, with subqueries that both databases understand.
    """
    if op.get_bind().dialect.name == "sqlite":
        refuse(name, event, table, message, condition)
        return
    # PostgreSQL lets a subquery stand in the function only, not in the trigger's WHEN.
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',"
        f" MESSAGE = '{message}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def append_only(table: str) -> None:
    """Let nobody change or remove what was written into a table."""
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_no_{event.lower()}"
        refuse(name, event, table, f"{table} is append-only")
