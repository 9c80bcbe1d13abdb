"""SQLite's write-ahead log: a reader that never ends keeps it from being folded back, and it grows."""

import logging
from pathlib import Path

from sqlalchemy import make_url

from db.models import Role
from portal import clock
from portal.errors import N_
from portal.settings import settings
from portal.transactions import database
from portal.worker.nightly import tell

log = logging.getLogger(__name__)

MEGABYTE = 1024**2
MOST_WAITING = 64 * MEGABYTE


def check_write_log() -> int:
    """Tell the platform admins, once a day, when too much waits in the log. Returns 0: it moves no record."""
    waiting = waiting_bytes()
    if waiting > MOST_WAITING:
        log.error("%d MB wait in the write-ahead log: a long reader or a stuck backup holds it", waiting // MEGABYTE)
        tell(
            (Role.PLATFORM_ADMIN,),
            N_("{count} MB of changes wait in the database's log. A reader or a backup that does not end holds it up."),
            waiting // MEGABYTE,
            f"write-log:{clock.today()}",
        )
    return 0


def waiting_bytes() -> int:
    """What cannot be folded back into the database now; a file that is merely large but free again counts nothing."""
    url = make_url(settings().effective_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return 0
    path = Path(f"{url.database}-wal")
    if not path.exists() or path.stat().st_size <= MOST_WAITING:
        return 0
    with database().engine.connect() as connection:
        raw = connection.connection.cursor()
        page_size = raw.execute("PRAGMA page_size").fetchone()[0]
        _busy, written, folded = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int((written - folded) * page_size)
