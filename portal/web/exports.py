"""Lists as files: what this reader may see of them, with the filters of the page."""

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from portal import clock
from portal.accounts.sessions import actor_of_session
from portal.errors import NotFound
from portal.events import record_event
from portal.files.rules import content_disposition
from portal.i18n import translate
from portal.ids import stable_id
from portal.tables import write_csv, write_xlsx
from portal.transactions import reading, writing
from portal.web.export_words import about, used_filters
from portal.web.identity import identity_of
from portal.web.language import language_of
from portal.web.lists import EXPORTS, RECORDED
from portal.web.lists.asked import Asked

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Every list is written in each of these forms."""


class Made(NamedTuple):
    """A finished file and what is recorded of it."""

    path: Path
    fields: tuple[str, ...]


async def export(request: Request) -> Response:
    """`/export/<list>.csv` or `.xlsx` with the query of the page: the reader's own view of it, made for this request.

    Nothing is kept: the file is removed once it is sent, also when the reader goes away meanwhile. Raises: NotFound,
    Forbidden.
    """
    name, form = request.path_params["name"], request.url.path.rpartition(".")[2]
    # No text in a database holds a NUL, and PostgreSQL refuses even to look for one.
    asked = {key: value.replace("\x00", "") for key, value in request.query_params.items()}
    key, language = identity_of(request.scope).key, language_of(request.scope)
    folder = Path(tempfile.mkdtemp(prefix="portal-export-"))
    try:
        made = await run_in_threadpool(_make, folder, key, name, form, asked, language)
        await run_in_threadpool(_record, key, name, made.fields)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    headers = {
        "content-disposition": content_disposition(f"{name}-{clock.today():%Y%m%d}.{form}"),
        "cache-control": "private, no-store",
    }
    return OneTimeFile(made.path, media_type=MEDIA[form], headers=headers)


class OneTimeFile(FileResponse):
    """A file that is gone after it was sent, or after the reader went away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(shutil.rmtree, Path(self.path).parent, ignore_errors=True)


def _make(folder: Path, key: str | None, name: str, form: str, asked: Asked, language: str) -> Made:
    """Written while it is read, in a transaction that keeps nobody from writing, unless readings are recorded."""
    make = EXPORTS.get(name)
    if make is None or form not in MEDIA:
        raise NotFound
    path = folder / f"list.{form}"
    with writing() if name in RECORDED else reading() as session:
        actor = actor_of_session(session, key)
        header, rows = make(session, actor, asked, language)
        words = [translate(word, language) for word in header]
        if form == "csv":
            count = write_csv(path, words, rows)
        else:
            count = write_xlsx(path, words, rows, about(actor, name, asked, language))
    return Made(path, (name, form, *used_filters(asked), f"rows={count}"))


def _record(key: str | None, name: str, fields: tuple[str, ...]) -> None:
    """Who took which list along, by the names of the filters and the number of rows; a visitor is nobody to record."""
    with writing() as session:
        actor = actor_of_session(session, key)
        if actor.signed_in:
            record_event(session, actor, "export", "export", stable_id(name), fields=fields)
