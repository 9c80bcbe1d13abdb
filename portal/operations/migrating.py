"""The schema: bring it up to date, or say that it is not."""

from db.migrate import current_revision, newest_revision, upgrade
from db.session import DatabaseRefused
from portal.settings import settings
from portal.transactions import database


def migrate() -> str:
    """Create or upgrade the schema, all of it or none; returns the revision it has now."""
    upgrade(settings().effective_database_url)
    return newest_revision()


def require_newest_schema() -> None:
    """Raises: DatabaseRefused for a database that is empty, older or newer than this version of the portal."""
    revision = current_revision(database().engine)
    if revision is None:
        raise DatabaseRefused("the database holds no tables yet: run `python -m portal migrate` first")
    if revision != newest_revision():
        raise DatabaseRefused(
            f"the database is at schema {revision}, this version needs {newest_revision()}: back it up, then run "
            "`python -m portal migrate`"
        )
