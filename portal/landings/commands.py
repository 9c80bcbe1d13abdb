"""What happens to a landing project: recorded, edited, published, flagged, ended."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Award,
    Challenge,
    ChallengeStatus,
    Landing,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Proposal,
)
from portal import clock
from portal.errors import N_, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.landings.access import get_landing
from portal.landings.firsts import claim_first, refuse_first, verify_first
from portal.landings.notices import tell_of_end
from portal.landings.plans import plan_stages
from portal.landings.rules import require_lane, require_past, sides
from portal.landings.sources import (
    claim_source,
    decide_shares,
    first_share,
    prepare_shares,
    replace_shares,
)
from portal.landings.steps import record_figure, record_step, verify_step
from portal.landings.talks import close_talk, hold_talk, open_talk
from portal.landings.workflow import ENDS, LANES, WORKFLOWS
from portal.organisations.places import is_industry, is_town
from portal.permissions import Action, Actor, Role, authorize
from portal.texts import needed, one_line, paragraphs
from portal.workflow import advance, require_version

__all__ = [
    "claim_first",
    "claim_source",
    "close_talk",
    "create_landing",
    "decide_shares",
    "edit_landing",
    "end_landing",
    "flag_landing",
    "hold_talk",
    "plan_stages",
    "prepare_shares",
    "publish_landing",
    "record_figure",
    "record_step",
    "refuse_first",
    "verify_first",
    "verify_step",
]


def create_landing(
    session: Session,
    actor: Actor,
    *,
    title: str,
    category: LandingCategory,
    lane: LandingLane,
    town_code: str,
    since: date,
    summary: str = "",
    place: str = "",
    industry_code: str | None = None,
    challenge_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    institute_id: UUID | None = None,
    landing_id: UUID | None = None,
) -> UUID:
    """Record a project as a lead since a day: from a solved challenge, which gives its two parties, or on its own.

    `landing_id` is a token of the form: the same one again returns the first project instead of a second one.

    Raises: Forbidden, NotFound, Invalid, NotPossibleNow when the challenge is not solved.
    """
    authorize(actor, Action.CREATE_LANDING)
    if landing_id is not None and session.get(Landing, landing_id) is not None:
        return get_landing(session, actor, landing_id).id
    if challenge_id is not None:
        enterprise_id, institute_id = _parties(session, actor, challenge_id)
    else:
        _require_parties(session, actor, enterprise_id, institute_id)
    require_lane(category, lane)
    require_past(since, clock.today(), field="since")
    now = clock.now()
    landing = Landing(
        id=landing_id or uuid4(),
        number=_next_number(session),
        title=_title(title),
        summary=paragraphs(summary, 2000, field="summary"),
        category=category,
        lane=lane,
        stage=LandingStage.LEAD,
        stage_since=since,
        lead_since=since,
        flag=LandingFlag.ON_TRACK,
        town_code=_town(town_code),
        place=one_line(place, 200, field="place"),
        industry_code=_industry(industry_code),
        challenge_id=challenge_id,
        enterprise_id=enterprise_id,
        institute_id=institute_id,
        is_demo=actor.is_demo,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
    )
    session.add(landing)
    session.flush()
    replace_shares(session, landing, [first_share(landing)])
    _record(session, actor, landing, Action.CREATE_LANDING, ("title", "town", "parties"))
    return landing.id


def edit_landing(
    session: Session,
    actor: Actor,
    *,
    landing_id: UUID,
    version: int | None,
    title: str,
    summary: str,
    town_code: str,
    place: str,
    industry_code: str | None,
) -> bool:
    """Change the words and the place. Returns whether anything changed.

    Raises: NotFound, Forbidden, Stale, Invalid, NotPossibleNow once it ended.
    """
    landing = _living(session, actor, landing_id, version, Action.EDIT_LANDING)
    wanted: dict[str, Any] = {
        "title": _title(title),
        "summary": paragraphs(summary, 2000, field="summary"),
        "town_code": _town(town_code),
        "place": one_line(place, 200, field="place"),
        "industry_code": _industry(industry_code),
    }
    changed = [name for name, value in wanted.items() if getattr(landing, name) != value]
    for name in changed:
        setattr(landing, name, wanted[name])
    if changed:
        landing.changed_at = clock.now()
        _record(session, actor, landing, Action.EDIT_LANDING, changed)
    return bool(changed)


def publish_landing(
    session: Session, actor: Actor, *, landing_id: UUID, version: int | None, is_public: bool, public_summary: str
) -> None:
    """Show the project with a short summary to everybody, or take it back.

    Raises: NotFound, Forbidden, Stale, Invalid without a summary.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.EDIT_LANDING, sides(actor, landing))
    require_version(landing, version)
    words = paragraphs(public_summary, 600, field="public_summary")
    if is_public:
        needed(words, N_("Please write the summary that everybody will read."), field="public_summary")
    landing.is_public, landing.public_summary = is_public, words
    landing.changed_at = clock.now()
    _record(session, actor, landing, Action.EDIT_LANDING, ("public" if is_public else "not public",))


def flag_landing(
    session: Session, actor: Actor, *, landing_id: UUID, version: int | None, flag: LandingFlag, reason: str
) -> None:
    """Say how the project stands and why; a flag set by hand is left alone by the clock until the next stage.

    Raises: NotFound, Forbidden, Stale, Invalid without a reason, NotPossibleNow once it ended.
    """
    landing = _living(session, actor, landing_id, version, Action.FLAG_LANDING)
    words = paragraphs(reason, 600, field="reason")
    needed(words, N_("Please give a reason; the other side will read it."), field="reason")
    landing.flag, landing.flag_reason = flag, words
    landing.changed_at = clock.now()
    _record(session, actor, landing, Action.FLAG_LANDING, (flag.value,), words)


def end_landing(
    session: Session,
    actor: Actor,
    *,
    landing_id: UUID,
    version: int | None,
    end: LandingStage,
    reason: str,
    cause: LossCause | None = None,
    lesson: str = "",
) -> None:
    """End a project: lost with its cause and what was learnt, relocated, or terminated. A loss opens a support talk.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow, Invalid for a loss without cause or lesson, or no reason.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.END_LANDING, sides(actor, landing))
    require_version(landing, version)
    if end not in ENDS:
        raise NotPossibleNow(status=landing.stage)
    words = paragraphs(lesson, 2000, field="lesson")
    if end is LandingStage.LOST:
        if cause is None:
            raise Invalid(N_("Please name the cause of the loss."), field="cause")
        needed(words, N_("Please say what was learnt."), field="lesson")
        landing.loss_cause, landing.loss_lesson = cause, words
    text = paragraphs(reason, 2000, field="reason")
    advance(session, actor, WORKFLOWS[landing.lane], landing, Action.END_LANDING, target=end, reason=text)
    landing.stage_since = clock.today()
    landing.changed_at = clock.now()
    session.flush()
    tell_of_end(session, actor, landing)
    if end is LandingStage.LOST:
        open_talk(session, actor, landing)


def _parties(session: Session, actor: Actor, challenge_id: UUID) -> tuple[UUID, UUID]:
    """Enterprise and institute of a solved challenge. Raises: NotFound, NotPossibleNow."""
    row = session.execute(
        select(Challenge, Proposal.institute_id)
        .join(Award, (Award.challenge_id == Challenge.id) & Award.revoked_at.is_(None))
        .join(Proposal, Proposal.id == Award.proposal_id)
        .where(Challenge.id == challenge_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    challenge, institute_id = row
    if actor.role is not Role.OPERATOR and actor.organisation_id not in (challenge.organisation_id, institute_id):
        raise NotFound
    if challenge.status is not ChallengeStatus.SOLVED:
        raise NotPossibleNow(status=challenge.status)
    return challenge.organisation_id, institute_id


def _require_parties(session: Session, actor: Actor, enterprise_id: UUID | None, institute_id: UUID | None) -> None:
    """The parties exist and are of their kind, and whoever records the project belongs to one of them."""
    if enterprise_id is None and institute_id is None:
        raise Invalid(N_("Please name the enterprise or the institute."), field="enterprise")
    pairs = ((enterprise_id, OrganisationKind.ENTERPRISE), (institute_id, OrganisationKind.INSTITUTE))
    for organisation_id, kind in pairs:
        if organisation_id is None:
            continue
        row = session.get(Organisation, organisation_id)
        if row is None or row.kind is not kind or row.status is not OrganisationStatus.VERIFIED:
            raise NotFound
    if actor.role is Role.OPERATOR:
        return
    own = institute_id if actor.role is Role.INSTITUTE_ADMIN else enterprise_id
    if own is None or own != actor.organisation_id:
        raise Invalid(N_("You can record a project of your own organisation only."), field="enterprise")


def _next_number(session: Session) -> str:
    """`LD-2026-0007`; two at once meet the unique column and one of them is asked to try again."""
    prefix = f"LD-{clock.today().year}-"
    last = session.scalar(select(func.max(Landing.number)).where(Landing.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _title(text: str) -> str:
    return needed(one_line(text, 200, field="title"), N_("Please give the project a title."), field="title")


def _town(code: str) -> str:
    if not is_town(code):
        raise Invalid(N_("Please choose the town or subdistrict."), field="town_code")
    return code


def _industry(code: str | None) -> str | None:
    if code and not is_industry(code):
        raise Invalid(N_("Please choose an industry from the list."), field="industry_code")
    return code or None


def _living(session: Session, actor: Actor, landing_id: UUID, version: int | None, action: Action) -> Landing:
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, action, sides(actor, landing))
    require_version(landing, version)
    if landing.stage not in LANES[landing.lane]:
        raise NotPossibleNow(status=landing.stage)
    return landing


def _record(
    session: Session,
    actor: Actor,
    landing: Landing,
    action: Action,
    fields: tuple[str, ...] | list[str] = (),
    reason: str = "",
) -> None:
    record_event(
        session, actor, action, "landing", landing.id, reason=reason, fields=fields, parent_id=landing.challenge_id
    )
