"""Attachments: the record a file belongs to is asked on each request, and no browser shows it in our origin."""

from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

# Each feature that owns attachments says at import who may read them.
import portal.agreements.access
import portal.challenges.details
import portal.landings.access
import portal.organisations.access
import portal.proposals.attachments  # noqa: F401
from portal.accounts.sessions import actor_of_session
from portal.challenges.confidential import is_recorded_download, record_download
from portal.files.queries import OpenedFile, open_file
from portal.files.rules import content_disposition
from portal.transactions import reading, writing
from portal.web.identity import identity_of


async def download(request: Request) -> Response:
    """Raises: NotFound for unknown and forbidden alike, FileUnavailable."""
    key = identity_of(request.scope).key
    return attachment(await run_in_threadpool(_open, key, request.path_params["file_id"]))


def attachment(file: OpenedFile) -> Response:
    """The bytes as something to save, for nobody's cache."""
    headers = {
        "content-disposition": content_disposition(file.name),
        "cache-control": "private, no-store",
    }
    return Response(file.content, media_type=_harmless(file.media_type), headers=headers)


def _open(key: str | None, file_id: UUID) -> OpenedFile:
    with reading() as session:
        actor = actor_of_session(session, key)
        file = open_file(session, actor, file_id)
        is_recorded = is_recorded_download(session, actor, file_id)
    if is_recorded:
        # Recorded before the first byte leaves, with rights read once more.
        with writing() as session:
            record_download(session, actor_of_session(session, key), challenge_id=file.parent_id, file_id=file_id)
    return file


def _harmless(media_type: str) -> str:
    """Text a browser could take for a page goes out as plain bytes."""
    return "application/octet-stream" if any(word in media_type for word in ("html", "xml", "script")) else media_type
