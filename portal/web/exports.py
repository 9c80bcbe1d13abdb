"""Lists as files: what this reader may see of them, with the filters of the page."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from db.models import LandingCategory, LandingFlag, LandingStage, OrganisationKind, OrganisationStatus
from portal import clock, wording
from portal.accounts.sessions import actor_of_session
from portal.challenges.queries import ListFilter, list_challenges
from portal.errors import N_, NotFound
from portal.events import record_event
from portal.files.rules import content_disposition
from portal.i18n import translate
from portal.ids import stable_id
from portal.landings.queries import RUNNING, list_landings
from portal.metrics.trail import TrailFilter, export_trail
from portal.metrics.words import action_words, object_words, status_words
from portal.organisations.places import industry_name, town_name
from portal.organisations.queries import list_organisations
from portal.permissions import Actor
from portal.tables import csv_bytes
from portal.transactions import writing
from portal.web.identity import identity_of
from portal.web.language import language_of

Asked = dict[str, str]
Table = tuple[tuple[str, ...], Iterable[Sequence[object]]]
PAGE = 100
MOST = 1000
_LEVELS = frozenset("123456789")


async def export(request: Request) -> Response:
    """`/export/<list>.csv` with the query of the page. Raises: NotFound, Forbidden."""
    name = request.path_params["name"]
    # No text in a database holds a NUL, and PostgreSQL refuses even to look for one.
    asked = {key: value.replace("\x00", "") for key, value in request.query_params.items()}
    content = await run_in_threadpool(_export, identity_of(request.scope).key, name, asked, language_of(request.scope))
    headers = {
        "content-disposition": content_disposition(f"{name}-{clock.today():%Y%m%d}.csv"),
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _export(key: str | None, name: str, asked: Asked, language: str) -> bytes:
    make = EXPORTS.get(name)
    if make is None:
        raise NotFound
    with writing() as session:
        actor = actor_of_session(session, key)
        header, rows = make(session, actor, asked, language)
        content = csv_bytes([translate(word, language) for word in header], rows)
        if actor.signed_in:
            record_event(session, actor, "export", "export", stable_id(name), fields=(name,))
    return content


def _challenges(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    wanted = ListFilter(
        industry=_code(asked.get("industry")),
        town=asked.get("town") or None,
        trl=int(asked["trl"]) if asked.get("trl") in _LEVELS else None,
        band=asked.get("band") or None,
        group=asked.get("group") or None,
        text=asked.get("text", ""),
        closes_before=_date(asked.get("before")),
        mine=asked.get("mine") == "True",
        reached=asked.get("reached", ""),
        period=asked.get("submitted", ""),
    )
    header = (
        N_("Number"),
        N_("Title"),
        N_("Enterprise"),
        N_("Status"),
        N_("Industry"),
        N_("Town"),
        N_("Readiness wanted"),
        N_("Deadline"),
    )
    rows = every_row(partial(list_challenges, session, actor, wanted, order=asked.get("order", "closing")))
    return header, [
        (
            row.number,
            row.title,
            row.organisation,
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
            row.trl_wanted,
            _time(row.closes_at),
        )
        for row in rows
    ]


def _landings(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Number"), N_("Title"), N_("Kind"), N_("Stage"), N_("Town"), N_("Status"))
    rows = every_row(
        partial(
            list_landings,
            session,
            actor,
            stage=_member(LandingStage, asked.get("stage")),
            running=asked.get("stage") == RUNNING,
            town=asked.get("town") or None,
            category=_member(LandingCategory, asked.get("category")),
            flag=_member(LandingFlag, asked.get("flag")),
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.category, language),
            wording.label(row.stage, language),
            town_name(row.town_code, language),
            wording.label(row.flag, language) if row.flag else "",
        )
        for row in rows
    ]


def _organisations(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Name of the organisation"), N_("Kind"), N_("Status"), N_("Industry"), N_("Town"))
    rows = every_row(
        partial(
            list_organisations,
            session,
            actor,
            text=asked.get("text", ""),
            kind=_member(OrganisationKind, asked.get("kind")),
            status=_member(OrganisationStatus, asked.get("status")),
        )
    )
    return header, [
        (
            row.name,
            wording.label(row.kind, language),
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
        )
        for row in rows
    ]


def _trail(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    wanted = TrailFilter(
        asked.get("kind", ""),
        asked.get("act", ""),
        _id(asked.get("record")),
        _date(asked.get("since")),
        _date(asked.get("until")),
        asked.get("person", "")[:100],
    )
    header = (
        N_("Time"),
        N_("Who"),
        N_("Role"),
        N_("Organisation"),
        N_("Act"),
        N_("Record"),
        N_("Number and title"),
        N_("Record's id"),
        N_("Status before"),
        N_("Status after"),
        N_("Reason"),
        N_("Fields"),
        N_("Hash"),
    )
    return header, [
        (
            _time(row.happened_at),
            row.person,
            wording.label(row.role, language),
            row.organisation,
            action_words(row.action, language),
            object_words(row.object_type, language),
            row.record.name,
            row.object_id,
            status_words(row.object_type, row.from_status, language),
            status_words(row.object_type, row.to_status, language),
            row.reason,
            " ".join(row.fields),
            row.hash,
        )
        for row in export_trail(session, actor, wanted)
    ]


EXPORTS: dict[str, Callable[[Session, Actor, Asked, str], Table]] = {
    "challenges": _challenges,
    "landings": _landings,
    "organisations": _organisations,
    "trail": _trail,
}
"""Every list that can be taken along; each asks the same query as its page."""


def every_row(ask: Callable[..., Any]) -> Iterable[Any]:
    """Every row of a list, page by page, up to where the list itself stops counting."""
    for offset in range(0, MOST, PAGE):
        page = ask(offset=offset, limit=PAGE)
        yield from page.rows
        # Asking past the end would give the last page once more.
        if offset + PAGE >= page.total:
            return


def _member(members: Any, text: str | None) -> Any:
    return members(text) if text in {member.value for member in members} else None


def _code(text: str | None) -> str | None:
    """A code of a classification, or nothing."""
    return text if text and text.isascii() and text.isalnum() and len(text) <= 8 else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _time(instant: Any) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M}" if instant else ""
