"""Reads on talents: the list, one record as far as the reader sees it, and one's own with everything in it."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    ConsentUse,
    Organisation,
    Person,
    ReadingPurpose,
    Role,
    Talent,
    TalentChannel,
    TalentClass,
    TalentConsent,
    TalentField,
    TalentPool,
    TalentPost,
    TalentReading,
    TalentStage,
    TalentStep,
)
from portal import clock
from portal.errors import NotFound
from portal.paging import COUNT_LIMIT, first_row
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, can
from portal.talents.access import (
    Sight,
    details_to,
    get_talent,
    is_self,
    own_people,
    require_persons,
    sides_of,
    sight_of,
    visible_to,
    works_for,
)
from portal.talents.pool import PoolStay, stays_of
from portal.talents.posts import posts_of
from portal.talents.rules import (
    BY_THE_EMPLOYER,
    LOGGED_READERS,
    a_year_after,
    a_year_before,
    at_least,
    masked,
    next_stage,
)
from portal.talents.sources import numbers_of
from portal.talents.workflow import TALENT_WORKFLOW
from portal.wording import searched

NONE = "none"
"""In the address of the list beside classes and towns: those without one."""

_T = Talent
_WITHIN = (
    Action.EDIT_TALENT,
    Action.CLASSIFY_TALENT,
    Action.RECORD_POST,
    Action.GIVE_CONSENT,
    Action.WITHDRAW_CONSENT,
    Action.SELECT_FOR_POOL,
    Action.NOTE_GROWTH,
    Action.LEAVE_POOL,
    Action.DELETE_TALENT,
)


class TalentFilter(NamedTuple):
    """What the reader asks for; empty fields do not narrow. Class and town also take `none`."""

    text: str = ""
    talent_class: str = ""
    field: TalentField | None = None
    channel: TalentChannel | None = None
    town: str = ""
    reached: TalentStage | None = None  # came at least that far
    cohort: int | None = None  # the year of the first contact
    in_pool: bool = False
    is_due: bool = False  # joined twelve months ago and waits for the step that says so
    employer: UUID | None = None  # hold a post there today


class TalentRow(NamedTuple):
    """One line of the list; what this reader may not know is None or empty, and a name may be masked."""

    id: UUID
    number: str
    name: str
    sight: Sight
    talent_class: TalentClass | None
    field: TalentField
    speciality: str
    channel: TalentChannel | None
    town_code: str
    employer: str
    post: str
    stage: TalentStage | None
    arrived_on: date | None


class TalentPage(NamedTuple):
    rows: list[TalentRow]
    total: int  # stops at 1,001


class StepRow(NamedTuple):
    """One step; a source is words or a record by its number and page."""

    stage: TalentStage
    happened_on: date
    source: str
    page: str | None
    object_id: UUID | None
    entered_at: datetime


class PostRow(NamedTuple):
    id: UUID
    employer: str
    post: str
    is_main: bool
    since: date
    until: date | None
    may_end: bool


class ConsentRow(NamedTuple):
    """The latest word on one use; never given when `given_at` is None."""

    use: ConsentUse
    purpose: str
    given_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.given_at is not None and self.withdrawn_at is None


class ReadingRow(NamedTuple):
    """An official opened the record."""

    read_at: datetime
    reader: str
    role: Role
    purpose: ReadingPurpose
    words: str


class TalentDetail(NamedTuple):
    """One record; what lies beyond this reader's sight is empty."""

    row: TalentRow
    is_self: bool
    class_edition: str
    certificate_number: str
    certificate_on: date | None
    phone: str
    email: str
    account: str
    steps: list[StepRow]
    posts: list[PostRow]
    consents: list[ConsentRow]
    stays: list[PoolStay]
    readings: list[ReadingRow]
    next_stage: TalentStage | None
    actions: tuple[Action, ...]
    version: int


def list_talents(
    session: Session, actor: Actor, wanted: TalentFilter | None = None, *, offset: int = 0, limit: int = 20
) -> TalentPage:
    """People by the last change of their record. Raises: Forbidden in a role that sees no persons."""
    require_persons(actor)
    query = _filtered(actor, wanted or TalentFilter())
    total = session.scalar(select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery())) or 0
    limit = min(max(limit, 1), 100)
    page = query.order_by(_T.changed_at.desc(), _T.id).offset(first_row(offset, limit, total)).limit(limit)
    rows = session.execute(_rows(actor).where(_T.id.in_(page)).order_by(_T.changed_at.desc(), _T.id))
    return TalentPage([_row(actor, *row) for row in rows], total)


def talent_detail(session: Session, actor: Actor, talent_id: UUID) -> TalentDetail:
    """As much of a record as this reader may see now. Raises: NotFound."""
    talent = get_talent(session, actor, talent_id)
    return _detail(session, actor, talent, sight_of(session, actor, talent))


def my_talent(session: Session, actor: Actor) -> TalentDetail | None:
    """The record about whoever asks, with everything in it; None when none is kept."""
    if actor.person_id is None:
        return None
    talent = session.scalars(select(_T).where(_T.person_id == actor.person_id)).one_or_none()
    return None if talent is None else _detail(session, actor, talent, Sight.FULL)


def my_talent_data(session: Session, actor: Actor) -> dict[str, Any]:
    """Everything kept about whoever asks, to take along, as plain JSON values. Raises: NotSignedIn, NotFound."""
    actor.acting_person  # noqa: B018 – asks a visitor to sign in
    detail = my_talent(session, actor)
    if detail is None:
        raise NotFound
    row = detail.row
    return {
        "number": row.number,
        "name": row.name,
        "field": row.field,
        "speciality": row.speciality,
        "class": row.talent_class,
        "class_edition": detail.class_edition,
        "certificate_number": detail.certificate_number,
        "certificate_on": _iso(detail.certificate_on),
        "channel": row.channel,
        "town": row.town_code,
        "arrived_on": _iso(row.arrived_on),
        "phone": detail.phone,
        "email": detail.email,
        "account": detail.account,
        "stage": row.stage,
        "steps": [
            {
                "step": one.stage,
                "happened_on": _iso(one.happened_on),
                "source": one.source,
                "entered_at": _iso(one.entered_at),
            }
            for one in detail.steps
        ],
        "posts": [
            {
                "organisation": one.employer,
                "post": one.post,
                "is_main": one.is_main,
                "since": _iso(one.since),
                "until": _iso(one.until),
            }
            for one in detail.posts
        ],
        "consents": [
            {
                "use": one.use,
                "purpose": one.purpose,
                "given_at": _iso(one.given_at),
                "withdrawn_at": _iso(one.withdrawn_at),
            }
            for one in consents_of(session, row.id)
        ],
        "selection_pool": [
            {
                "selected_on": _iso(stay.selected_on),
                "selected_by": stay.selected_by,
                "reason": stay.reason,
                "plan": stay.plan,
                "left_on": _iso(stay.left_on),
                "left_reason": stay.left_reason,
                "notes": [
                    {"noted_on": _iso(note.noted_on), "words": note.words, "entered_by": note.entered_by}
                    for note in stay.notes
                ],
            }
            for stay in detail.stays
        ],
        "read_by_officials": [
            {
                "read_at": _iso(one.read_at),
                "reader": one.reader,
                "role": one.role,
                "purpose": one.purpose,
                "words": one.words,
            }
            for one in detail.readings
        ],
    }


def consents_of(session: Session, talent_id: UUID) -> list[ConsentRow]:
    """Every consent, given and withdrawn, newest first; the caller has made sure that the reader may see them."""
    query = select(TalentConsent).where(TalentConsent.talent_id == talent_id)
    rows = session.scalars(query.order_by(TalentConsent.given_at.desc(), TalentConsent.id))
    return [ConsentRow(row.use, row.purpose, row.given_at, row.withdrawn_at) for row in rows]


def _filtered(actor: Actor, wanted: TalentFilter) -> Select[Any]:
    """Ids of the people asked for. What a reader may not know of somebody does not filter them either."""
    query = select(_T.id).where(visible_to(actor))
    if text := searched(wanted.text):
        words = (_T.name, _T.speciality, _T.number)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in words)))
    if wanted.field is not None:
        query = query.where(_T.field == wanted.field)
    if wanted.town:
        query = query.where(_T.town_code.is_(None) if wanted.town == NONE else _T.town_code == wanted.town)
    inside = []
    if wanted.talent_class:
        known = wanted.talent_class in set(TalentClass)
        inside.append(_T.talent_class == TalentClass(wanted.talent_class) if known else _T.talent_class.is_(None))
    if wanted.channel is not None:
        inside.append(_T.channel == wanted.channel)
    if wanted.cohort is not None:
        inside.append(_T.cohort == wanted.cohort)
    if wanted.reached is not None:
        inside.append(_T.stage.in_(at_least(wanted.reached)))
    if wanted.is_due:
        inside.append(is_due())
    if wanted.employer is not None:
        inside.append(works_for(wanted.employer))
    if inside:
        query = query.where(details_to(actor), *inside)
    if wanted.in_pool:
        now = select(TalentPool.talent_id).where(TalentPool.left_on.is_(None))
        officials = actor.role in LOGGED_READERS
        query = query.where(_T.id.in_(now), *([] if officials else [is_self(actor)]))
    return query


def is_due() -> Any:
    """Those who joined twelve months ago and whose stay nobody has recorded yet."""
    cutoff = a_year_before(clock.today())
    joined = select(TalentStep.talent_id).where(
        TalentStep.stage == TalentStage.JOINED, TalentStep.happened_on <= cutoff
    )
    return and_(_T.stage == TalentStage.JOINED, _T.id.in_(joined))


def _rows(actor: Actor) -> Any:
    """Each record with the main post of today, and what decides how much of it is seen."""
    today = clock.today()
    main_today = and_(
        TalentPost.talent_id == _T.id,
        TalentPost.is_main,
        TalentPost.since <= today,
        or_(TalentPost.until.is_(None), TalentPost.until >= today),
    )
    return (
        select(
            _T,
            func.coalesce(Organisation.name, TalentPost.organisation_name, ""),
            func.coalesce(TalentPost.post, ""),
            is_self(actor).label("is_self"),
            own_people(actor).label("is_own"),
            details_to(actor).label("is_inside"),
        )
        .outerjoin(TalentPost, main_today)
        .outerjoin(Organisation, Organisation.id == TalentPost.organisation_id)
    )


def _row(
    actor: Actor, talent: Talent, employer: str, post: str, is_mine: bool, is_own: bool, is_inside: bool
) -> TalentRow:
    if is_mine:
        sight = Sight.FULL
    elif actor.role in LOGGED_READERS:
        sight = Sight.CLOSED
    elif is_own:
        sight = Sight.OWN
    else:
        sight = Sight.MATCHING if is_inside else Sight.CARD
    return _seen(talent, employer, post, sight)


def _seen(talent: Talent, employer: str, post: str, sight: Sight) -> TalentRow:
    """The line as this sight shows it."""
    inside = sight is not Sight.CARD
    return TalentRow(
        id=talent.id,
        number=talent.number,
        name=masked(talent.name) if sight is Sight.CLOSED else talent.name,
        sight=sight,
        talent_class=talent.talent_class if inside else None,
        field=talent.field,
        # What somebody works on and where, beside a class, would say who it is.
        speciality="" if sight is Sight.CLOSED else talent.speciality,
        channel=talent.channel if inside else None,
        town_code=talent.town_code or "",
        employer=employer,
        post=post if inside and sight is not Sight.CLOSED else "",
        stage=talent.stage if inside else None,
        arrived_on=talent.arrived_on if inside and sight is not Sight.CLOSED else None,
    )


def _detail(session: Session, actor: Actor, talent: Talent, sight: Sight) -> TalentDetail:
    _talent, employer, post, *_how = session.execute(_rows(actor).where(_T.id == talent.id)).one()
    posts = _posts(session, actor, talent) if sight >= Sight.MATCHING else []
    where = sides_of(session, actor, talent)
    full, is_mine = sight is Sight.FULL, actor.person_id is not None and talent.person_id == actor.person_id
    has_account = full and talent.person_id is not None
    account = session.scalar(select(Person.email).where(Person.id == talent.person_id)) if has_account else None
    stays = stays_of(session, talent.id) if full else []
    actions: tuple[Action, ...] = ()
    if sight >= Sight.OWN:
        allowed = [action for action in _WITHIN if can(actor, action, where)]
        actions = (*_steps_for(actor, talent, where), *_fitting(allowed, stays, is_mine))
    elif can(actor, Action.OPEN_TALENT) and not is_mine:
        actions = (Action.OPEN_TALENT,)
    return TalentDetail(
        row=_seen(talent, employer, post, sight),
        is_self=is_mine,
        class_edition=(talent.class_edition or "") if full else "",
        certificate_number=(talent.certificate_number or "") if full else "",
        certificate_on=talent.certificate_on if full else None,
        phone=(talent.phone or "") if full else "",
        email=(talent.email or "") if full else "",
        account=account or "",
        steps=_steps(session, talent.id) if sight >= Sight.MATCHING else [],
        posts=posts,
        consents=_latest(session, talent.id) if full else [],
        stays=stays,
        readings=_readings(session, talent.id) if full else [],
        next_stage=_next_stage(actor, talent) if Action.RECORD_TALENT_STEP in actions else None,
        actions=actions,
        version=talent.version,
    )


def _steps_for(actor: Actor, talent: Talent, where: Any) -> list[Action]:
    if actor.person_id is not None and talent.person_id == actor.person_id:
        return []
    acts = [action for action in TALENT_WORKFLOW.actions_from(talent.stage) if can(actor, action, where)]
    if _next_stage(actor, talent) is None and Action.RECORD_TALENT_STEP in acts:
        acts.remove(Action.RECORD_TALENT_STEP)
    return acts


def _fitting(allowed: list[Action], stays: list[PoolStay], is_mine: bool) -> list[Action]:
    """Into the pool or out of it; nobody decides about oneself."""
    in_pool = any(stay.left_on is None for stay in stays)
    off = {Action.SELECT_FOR_POOL} if in_pool else {Action.NOTE_GROWTH, Action.LEAVE_POOL}
    if is_mine:
        off |= {Action.CLASSIFY_TALENT, Action.SELECT_FOR_POOL, Action.NOTE_GROWTH, Action.LEAVE_POOL}
    return [action for action in allowed if action not in off]


def _next_stage(actor: Actor, talent: Talent) -> TalentStage | None:
    """The step that this actor could record next."""
    stage = next_stage(talent.stage)
    return None if actor.role in ORGANISATION_ADMINS and stage not in BY_THE_EMPLOYER else stage


def _steps(session: Session, talent_id: UUID) -> list[StepRow]:
    query = select(TalentStep).where(TalentStep.talent_id == talent_id)
    rows = sorted(session.scalars(query), key=lambda row: list(TalentStage).index(row.stage))
    numbers = numbers_of(session, ((row.source_type, row.source_id) for row in rows))
    return [
        StepRow(
            row.stage,
            row.happened_on,
            numbers.get(row.source_id, "") if row.source_id else row.source_words,
            row.source_type,
            row.source_id,
            row.entered_at,
        )
        for row in rows
    ]


def _posts(session: Session, actor: Actor, talent: Talent) -> list[PostRow]:
    rows = posts_of(session, talent.id)
    ids = {row.organisation_id for row in rows if row.organisation_id is not None}
    names: dict[UUID | None, str] = {}
    if ids:
        found = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
        names = {row.id: row.name for row in found}
    everywhere = actor.role is Role.OPERATOR
    return [
        PostRow(
            row.id,
            names.get(row.organisation_id, row.organisation_name),
            row.post,
            row.is_main,
            row.since,
            row.until,
            row.until is None
            and (everywhere or (actor.role in ORGANISATION_ADMINS and row.organisation_id == actor.organisation_id)),
        )
        for row in rows
    ]


def _latest(session: Session, talent_id: UUID) -> list[ConsentRow]:
    """The newest word on each use, in the order of the uses."""
    newest: dict[ConsentUse, ConsentRow] = {}
    for row in consents_of(session, talent_id):
        newest.setdefault(row.use, row)
    return [newest.get(use, ConsentRow(use, "", None, None)) for use in ConsentUse]


def _readings(session: Session, talent_id: UUID) -> list[ReadingRow]:
    query = (
        select(TalentReading, Person.name)
        .join(Person, Person.id == TalentReading.reader_id)
        .where(TalentReading.talent_id == talent_id)
        .order_by(TalentReading.read_at.desc(), TalentReading.id)
        .limit(100)
    )
    return [
        ReadingRow(row.read_at, name, Role(row.role), row.purpose, row.words) for row, name in session.execute(query)
    ]


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def stay_complete_on(detail: TalentDetail) -> date | None:
    """The first day on which the step “stayed 12 months” may lie; None before joining."""
    joined = next((row.happened_on for row in detail.steps if row.stage is TalentStage.JOINED), None)
    return None if joined is None else a_year_after(joined)
