"""Runs migrations on their own connection, in one transaction.

On SQLite foreign keys are off meanwhile: with them on, a batch rebuild empties every ON DELETE CASCADE child. They are
checked before the commit instead.
"""

from alembic import context
from sqlalchemy import JSON, Connection, Engine, create_engine, event, make_url

import db.models  # noqa: F401 - fills the metadata
from db.base import Base
from db.session import BUSY_TIMEOUT_S, make_engine

config = context.config


def engine_for(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url)
    make_engine(url).dispose()  # refuses an old SQLite or an unwritable folder
    from pysqlite3 import dbapi2

    engine = create_engine(url, module=dbapi2, connect_args={"timeout": BUSY_TIMEOUT_S, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_up(connection, _record):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def render_item(kind, item, autogen_context):
    """JSON columns are JSONB on PostgreSQL; rendered by the name of our own variant."""
    if kind == "type" and isinstance(item, JSON):
        return "db.types.PORTABLE_JSON"
    return False


def run(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"{len(broken)} rows would lose what they refer to; nothing was changed")


if context.is_offline_mode():
    raise RuntimeError("migrations need a database to run on")

url = config.attributes.get("url") or config.get_main_option("sqlalchemy.url")
engine = engine_for(url)
try:
    with engine.connect() as connection:
        run(connection)
finally:
    engine.dispose()
