"""Templates of the imports, to fill in: nothing in them depends on the reader but the language."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.errors import NotFound
from portal.files.rules import content_disposition
from portal.imports.template import template
from portal.web.language import language_of

KINDS = {"challenges.xlsx": "xlsx", "challenges.csv": "csv"}


async def download(request: Request) -> Response:
    """`/templates/challenges.xlsx`, `/templates/challenges.csv`. Raises: NotFound."""
    ending = KINDS.get(request.path_params["name"])
    if ending is None:
        raise NotFound
    name, media_type, content = await run_in_threadpool(template, ending, language_of(request.scope))
    headers = {"content-disposition": content_disposition(name), "cache-control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)
