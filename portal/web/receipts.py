"""A proposal's receipt as a text file to keep."""

from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.accounts.sessions import actor_of_session
from portal.files.rules import content_disposition
from portal.proposals.receipts import receipt_text
from portal.transactions import reading
from portal.web.identity import identity_of
from portal.web.language import language_of


async def receipt(request: Request) -> Response:
    """`/receipts/<submission>`. Raises: NotFound for everybody but the team and the institute's admin."""
    submission_id: UUID = request.path_params["submission_id"]
    key = identity_of(request.scope).key
    text = await run_in_threadpool(_text, key, submission_id, language_of(request.scope))
    headers = {
        "content-disposition": content_disposition(f"receipt-{submission_id}.txt"),
        "cache-control": "private, no-store",
    }
    # The mark at the start tells Windows that the text is UTF-8.
    return Response("\ufeff" + text, media_type="text/plain; charset=utf-8", headers=headers)


def _text(key: str | None, submission_id: UUID, language: str) -> str:
    with reading() as session:
        return receipt_text(session, actor_of_session(session, key), submission_id, language)
