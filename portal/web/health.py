"""Whether the portal can work: the database answers and has the newest schema."""

import logging
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from db.migrate import current_revision, newest_revision
from portal.transactions import database

log = logging.getLogger(__name__)


async def healthz(_request: Request) -> Response:
    """200 when ready, 503 otherwise; says nothing more to strangers."""
    ready = await run_in_threadpool(is_ready)
    return PlainTextResponse("ok" if ready else "not ready", 200 if ready else 503)


def is_ready() -> bool:
    try:
        return current_revision(database().engine) == _newest()
    except Exception:
        log.exception("the database does not answer")
        return False


@cache
def _newest() -> str:
    return newest_revision()
