"""Check in to a visit on a phone, by the code of the day; afterwards the same address takes feedback.

Whoever is signed in is known; everybody else types the ticket that came with the registration.
"""

from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.accounts import rate_limits
from portal.accounts.sessions import actor_of_session
from portal.errors import Invalid, PortalError, TooMany
from portal.transactions import reading, writing
from portal.visits import attendance
from portal.visits.attendance import UnknownTicket
from portal.visits.details import VisitDetail, visit_detail
from portal.visits.rules import clean_ticket
from portal.visits.workflow import VisitStatus
from portal.web.forms import check_token, read_form
from portal.web.forms_pages import form_page, refused
from portal.web.identity import identity_of
from portal.web.language import language_of
from portal.wording import day

FIELDS = ("code", "ticket", "score", "words")
OVER = (VisitStatus.HELD, VisitStatus.DEBRIEFED)


async def check_in(request: Request) -> Response:
    """`/check-in/<visit>`, with `?ticket=` for somebody without an account. Raises: NotFound."""
    key, visit_id = identity_of(request.scope).key, request.path_params["visit_id"]
    visit = await run_in_threadpool(_visit, key, visit_id)
    is_over = visit.row.status in OVER
    typed = dict.fromkeys(FIELDS, "") | {"ticket": request.query_params.get("ticket", "")[:20]}
    values = _values(visit, language_of(request.scope)) | {"is_visitor": identity_of(request.scope).is_visitor}
    template = "visit_feedback.html" if is_over else "check_in.html"
    if request.method == "GET":
        return form_page(request, template, **values, typed=typed, done=False, error="", field="")
    form = await read_form(request)
    typed |= {name: form.get(name, "") for name in FIELDS}
    try:
        check_token(request, form)
        await run_in_threadpool(_do, identity_of(request.scope).address, key, visit_id, typed, is_over)
    except UnknownTicket as error:
        return refused(request, template, Invalid(error.message, field="ticket"), **values, typed=typed, done=False)
    except PortalError as error:
        return refused(request, template, error, **values, typed=typed, done=False)
    return form_page(request, template, **values, typed=typed, done=True, error="", field="")


def _values(visit: VisitDetail, language: str) -> dict[str, Any]:
    row = visit.row
    days = [row.starts_on] if row.starts_on == row.ends_on else [row.starts_on, row.ends_on]
    return {
        "title": row.title,
        "days": " – ".join(day(one, language) for one in days),
        "meeting_point": visit.meeting_point,
        "is_known": visit.mine is not None,
        "visit_id": row.id,
    }


def _visit(key: str | None, visit_id: UUID) -> VisitDetail:
    with reading() as session:
        return visit_detail(session, actor_of_session(session, key), visit_id)


def _do(address: str, key: str | None, visit_id: UUID, typed: dict[str, str], is_over: bool) -> None:
    with writing() as session:
        actor = actor_of_session(session, key)
        who = clean_ticket(typed["ticket"]) or str(actor.person_id or "")
        allowed = rate_limits.count_attempt(session, rate_limits.check_in_limits(address, who, str(visit_id)))
    if not allowed:
        raise TooMany
    ticket = typed["ticket"]
    with writing() as session:
        actor = actor_of_session(session, key)
        if not is_over:
            attendance.check_in(session, actor, visit_id=visit_id, code=typed["code"], ticket=ticket)
            return
        score = int(typed["score"]) if typed["score"] in {"1", "2", "3", "4", "5"} else 0
        attendance.give_feedback(session, actor, visit_id=visit_id, score=score, words=typed["words"], ticket=ticket)
