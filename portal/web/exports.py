"""Lists as files: what this reader may see of them, with the filters of the page."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from db.models import (
    AgreementStatus,
    CooperationField,
    FirstLevel,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    OrganisationKind,
    OrganisationStatus,
    ReadingPurpose,
    TalentChannel,
    TalentField,
    TalentStage,
    VenturePhase,
    VentureStatus,
    VisitKind,
)
from portal import clock, wording
from portal.accounts.sessions import actor_of_session
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.queries import list_agreements
from portal.challenges.queries import ListFilter, every_challenge
from portal.errors import N_, NotFound
from portal.events import record_event
from portal.files.rules import content_disposition
from portal.i18n import translate
from portal.ids import stable_id
from portal.landings.filters import LandingFilter
from portal.landings.queries import RUNNING, every_landing
from portal.metrics.trail import TrailFilter, export_trail
from portal.metrics.words import action_words, object_words, status_words
from portal.organisations.places import industry_name, town_name
from portal.organisations.queries import every_organisation
from portal.permissions import Actor
from portal.tables import write_csv, write_xlsx
from portal.talents.exports import export_rows, export_talents
from portal.talents.queries import TalentFilter
from portal.transactions import reading, writing
from portal.ventures.queries import list_ventures
from portal.visits.people import list_participants
from portal.visits.queries import MINE, PAST, UPCOMING, list_visits
from portal.visits.rules import SMALL
from portal.web.export_words import about, used_filters
from portal.web.identity import identity_of
from portal.web.language import language_of

Asked = dict[str, str]
Table = tuple[tuple[str, ...], Iterable[Sequence[object]]]
PAGE = 100
MOST = 1000
_LEVELS = frozenset("123456789")
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
    rows = every_challenge(session, actor, wanted, order=asked.get("order", "closing"))
    return header, (
        (
            row.number,
            row.title,
            row.organisation,
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
            row.trl_wanted,
            row.closes_at,
        )
        for row in rows
    )


def _landings(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Kind"),
        N_("Lane"),
        N_("Stage"),
        N_("In this stage since"),
        N_("Days over the norm"),
        N_("Town"),
        N_("Status"),
        N_("Firsts"),
        N_("Enterprise"),
        N_("Institute"),
    )
    wanted = LandingFilter(
        stage=_member(LandingStage, asked.get("stage")),
        running=asked.get("stage") == RUNNING,
        town=asked.get("town") or None,
        category=_member(LandingCategory, asked.get("category")),
        lane=_member(LandingLane, asked.get("lane")),
        flag=_member(LandingFlag, asked.get("flag")),
        first=_member(FirstLevel, asked.get("first")),
    )
    return header, (
        (
            row.number,
            row.title,
            wording.label(row.category, language),
            wording.label(row.lane, language),
            wording.label(row.stage, language),
            row.stage_since,
            row.days_over or None,
            town_name(row.town_code, language),
            wording.label(row.flag, language) if row.flag else "",
            wording.word(row.firsts, language),
            row.enterprise,
            row.institute,
        )
        for row in every_landing(session, actor, wanted)
    )


def _agreements(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Status"),
        N_("Universities"),
        N_("Fields of cooperation"),
        N_("Part in “one body, two wings”"),
        N_("First day"),
        N_("Last day"),
    )
    rows = every_row(
        partial(
            list_agreements,
            session,
            actor,
            university=_id(asked.get("university")),
            field=_member(CooperationField, asked.get("field")),
            status=_member(AgreementStatus, asked.get("status")),
            within=_days(asked.get("within")),
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.status, language),
            wording.word(row.universities, language),
            wording.word(row.fields, language),
            wording.label(row.part, language) if row.part else "",
            row.starts_on or "",
            row.ends_on or "",
        )
        for row in rows
    ]


def _commitments(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("University agreement"),
        N_("Number"),
        N_("Commitment"),
        N_("Field"),
        N_("Owner"),
        N_("Responsible"),
        N_("Due on"),
        N_("Measure of success"),
        N_("Status"),
        N_("Past the due day"),
        N_("Done on"),
    )
    rows = every_row(
        partial(
            list_commitments,
            session,
            actor,
            state=asked.get("state", ""),
            field=_member(CooperationField, asked.get("field")),
            owner=_id(asked.get("owner")),
            university=_id(asked.get("university")),
        )
    )
    return header, [
        (
            row.agreement,
            row.number,
            row.text,
            wording.label(row.field, language),
            row.owner,
            row.responsible,
            row.due_on,
            row.measure,
            wording.label(row.status, language),
            translate(N_("yes"), language) if row.is_late else "",
            row.done_on or "",
        )
        for row in rows
    ]


def _visits(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (
        N_("Number"),
        N_("Title"),
        N_("Kind"),
        N_("Status"),
        N_("First day"),
        N_("Last day"),
        N_("Town"),
        N_("Organiser"),
        N_("Partner"),
        N_("Places"),
        N_("Places taken"),
        N_("On the waiting list"),
    )
    rows = every_row(
        partial(
            list_visits,
            session,
            actor,
            when=_when(asked.get("when"), actor),
            kind=_member(VisitKind, asked.get("kind")),
            town=asked.get("town") or None,
            only_free=asked.get("free") == "True",
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.kind, language),
            wording.label(row.status, language),
            row.starts_on,
            row.ends_on,
            town_name(row.town_code, language),
            row.organiser,
            row.partner,
            row.capacity,
            f"<{SMALL}" if row.taken is None else row.taken,
            f"<{SMALL}" if row.waiting is None else row.waiting,
        )
        for row in rows
    ]


def _when(text: str | None, actor: Actor) -> str:
    if text == MINE and not actor.signed_in:
        return UPCOMING
    return text if text in (PAST, MINE) else UPCOMING


def _participants(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    """Of one visit, for those who read the names; beside the event of every export one on the visit itself."""
    visit_id = _id(asked.get("id"))
    if visit_id is None:
        raise NotFound
    header = (
        N_("Name"),
        N_("School"),
        N_("Field of study"),
        N_("Phone"),
        N_("Status"),
        N_("Signed up on"),
        N_("To be followed"),
    )
    rows = list(every_row(partial(list_participants, session, actor, visit_id)))
    record_event(session, actor, "export", "visit", visit_id, fields=("participants",))
    return header, [
        (
            row.name,
            row.school or row.organisation,
            row.field,
            row.phone,
            wording.label(row.status, language),
            row.registered_at,
            translate(N_("yes") if row.follow_agreed else N_("no"), language),
        )
        for row in rows
    ]


def _ventures(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Number"), N_("Title"), N_("Status"), N_("Phase"), N_("Scientist"), N_("Institute"), N_("Enterprise"))
    rows = every_row(
        partial(
            list_ventures,
            session,
            actor,
            status=_member(VentureStatus, asked.get("status")),
            phase=_member(VenturePhase, asked.get("phase")),
        )
    )
    return header, [
        (
            row.number,
            row.title,
            wording.label(row.status, language),
            wording.label(row.phase, language) if row.phase else "",
            row.scientist,
            row.institute,
            row.enterprise,
        )
        for row in rows
    ]


def _organisations(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Name of the organisation"), N_("Kind"), N_("Status"), N_("Industry"), N_("Town"))
    rows = every_organisation(
        session,
        actor,
        text=asked.get("text", ""),
        kind=_member(OrganisationKind, asked.get("kind")),
        status=_member(OrganisationStatus, asked.get("status")),
    )
    return header, (
        (
            row.name,
            wording.label(row.kind, language),
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
        )
        for row in rows
    )


def _talents(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    """As the list shows it; with the names for an operator who gives a purpose."""
    cohort = asked.get("cohort", "")
    wanted = TalentFilter(
        text=asked.get("text", ""),
        talent_class=asked.get("class", ""),
        field=_member(TalentField, asked.get("field")),
        channel=_member(TalentChannel, asked.get("channel")),
        town=asked.get("town", ""),
        reached=_member(TalentStage, asked.get("reached")),
        cohort=int(cohort) if cohort.isascii() and cohort.isdecimal() and len(cohort) == 4 else None,
        in_pool=asked.get("pool") == "True",
        is_due=asked.get("due") == "True",
    )
    purpose = _member(ReadingPurpose, asked.get("purpose"))
    if purpose is not None:
        rows = export_talents(session, actor, wanted=wanted, purpose=purpose)
    else:
        rows = export_rows(session, actor, wanted)
    header = (
        N_("Number"),
        N_("Name"),
        N_("Class"),
        N_("Field of work"),
        N_("Speciality"),
        N_("Channel"),
        N_("Town"),
        N_("Employer"),
        N_("Step"),
        N_("Arrived on"),
    )
    return header, [
        (
            row.number,
            row.name,
            wording.label(row.talent_class, language) if row.talent_class else "",
            wording.label(row.field, language),
            row.speciality,
            wording.label(row.channel, language) if row.channel else "",
            town_name(row.town_code, language),
            row.employer,
            wording.label(row.stage, language) if row.stage else "",
            row.arrived_on or "",
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
    return header, (
        (
            row.happened_at,
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
    )


EXPORTS: dict[str, Callable[[Session, Actor, Asked, str], Table]] = {
    "agreements": _agreements,
    "commitments": _commitments,
    "challenges": _challenges,
    "landings": _landings,
    "organisations": _organisations,
    "talents": _talents,
    "trail": _trail,
    "visit-participants": _participants,
    "ventures": _ventures,
    "visits": _visits,
}
"""Every list that can be taken along, in every form; each asks the same query as its page."""

RECORDED = frozenset({"talents", "visit-participants"})
"""Lists of persons: whose names were read is written down with the file, in one transaction."""


def every_row(ask: Callable[..., Any]) -> Iterable[Any]:
    """Every row of a list that knows pages alone, page by page, up to where it stops counting.

    A list that may grow longer has an `every_…` beside it that streams.
    """
    for offset in range(0, MOST, PAGE):
        page = ask(offset=offset, limit=PAGE)
        yield from page.rows
        # Asking past the end would give the last page once more.
        if offset + PAGE >= page.total:
            return


def _member(members: Any, text: str | None) -> Any:
    return members(text) if text in {member.value for member in members} else None


def _days(text: str | None) -> int | None:
    """A whole number of days of at most four digits, or nothing."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 4 else None


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
