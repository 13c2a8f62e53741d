"""Brings a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from backend.keys import Keys


def migrate(engine: Engine, keys: Keys | None = None) -> None:
    """Run the migrations that this database has not seen yet. Old ledger lines need the keys."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"], config.attributes["keys"] = connection, keys
        command.upgrade(config, "head")
