"""What the portal keeps about whoever asks, as a file to take along."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.accounts.sessions import actor_of_session
from portal.files.rules import content_disposition
from portal.talents.queries import my_talent_data
from portal.transactions import reading
from portal.web.identity import identity_of


async def talent(request: Request) -> Response:
    """`/my-data/talent.json`. Raises: NotSignedIn, NotFound when nothing is kept."""
    content = await run_in_threadpool(_talent, identity_of(request.scope).key)
    headers = {
        "content-disposition": content_disposition(f"my-talent-record-{clock.today():%Y%m%d}.json"),
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="application/json; charset=utf-8", headers=headers)


def _talent(key: str | None) -> bytes:
    with reading() as session:
        data = my_talent_data(session, actor_of_session(session, key))
    return json.dumps(data, ensure_ascii=False, indent=2).encode()
