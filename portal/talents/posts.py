"""Posts, also several at once (双聘): recorded and ended, with exactly one main post at any time."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organisation, OrganisationStatus, Talent, TalentPost
from portal import clock
from portal.errors import N_, Forbidden, Invalid, NotFound
from portal.events import record_event
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, authorize
from portal.talents.access import get_talent, require_opened, sides_of
from portal.talents.rules import Period, refuse_identity_number, require_day, require_one_main
from portal.texts import needed, one_line
from portal.workflow import require_version

_DAY = timedelta(days=1)


def record_post(
    session: Session,
    actor: Actor,
    *,
    talent_id: UUID,
    version: int | None,
    post: str,
    since: date,
    until: date | None = None,
    is_main: bool = False,
    keeps_present: bool = False,
    employer_id: UUID | None = None,
    employer_name: str = "",
) -> UUID:
    """Add a post. A new main post ends the present one the day before, or lets it go on beside (`keeps_present`).

    An organisation's admin records posts of the own organisation. The same post again returns the first one.

    Raises: NotFound, Forbidden, Stale, Invalid.
    """
    talent = _locked(session, actor, talent_id, version)
    if actor.role in ORGANISATION_ADMINS:
        employer_id, employer_name = actor.organisation_id, ""
    made = _post(session, actor, talent, post, employer_id, employer_name, since)
    made.is_main = is_main
    if until is not None:
        require_day(until, clock.today(), field="until")
        _require_after(since, until)
        made.until = until
    posts = posts_of(session, talent.id)
    if same := next((row for row in posts if _facts(row) == _facts(made)), None):
        return same.id
    added = [made]
    present = next((row for row in posts if row.is_main and row.until is None), None)
    if is_main and present is not None and present.since < since:
        _require_own(actor, present)
        present.until = since - _DAY
        if keeps_present:
            added.append(_copy(present, actor, since, is_main=False))
    _require_one_main([*posts, *added])
    session.flush()  # the present main post has ended before the next one is there
    session.add_all(added)
    _changed(session, actor, talent)
    return made.id


def end_post(
    session: Session,
    actor: Actor,
    *,
    talent_id: UUID,
    post_id: UUID,
    version: int | None,
    until: date,
    successor: UUID | None = None,
) -> None:
    """End a post with its last day; when the main post ends beside others, `successor` is the main post from then on.

    Raises: NotFound, Forbidden, Stale, Invalid.
    """
    talent = _locked(session, actor, talent_id, version)
    posts = posts_of(session, talent.id)
    ended = next((row for row in posts if row.id == post_id), None)
    if ended is None:
        raise NotFound
    _require_own(actor, ended)
    if ended.until is not None:
        raise Invalid(N_("This post has ended already."), field="until")
    require_day(until, clock.today(), field="until")
    _require_after(ended.since, until)
    ended.until = until
    session.flush()  # the main post has ended before another one is the main post
    added = []
    if ended.is_main and successor is not None:
        heir = next((row for row in posts if row.id == successor and row.until is None and not row.is_main), None)
        if heir is None:
            raise NotFound
        if heir.since > until:
            heir.is_main = True
        else:
            heir.until = until
            added.append(_copy(heir, actor, until + _DAY, is_main=True))
    _require_one_main([*posts, *added])
    session.add_all(added)
    _changed(session, actor, talent)


def add_first_post(
    session: Session,
    actor: Actor,
    talent: Talent,
    post: str,
    employer_id: UUID | None,
    employer_name: str,
    since: date,
) -> None:
    """The main post with which somebody is registered. Raises: Invalid, NotFound."""
    session.add(_post(session, actor, talent, post, employer_id, employer_name, since))
    session.flush()


def posts_of(session: Session, talent_id: UUID) -> list[TalentPost]:
    """In the order of time."""
    query = select(TalentPost).where(TalentPost.talent_id == talent_id)
    return list(session.scalars(query.order_by(TalentPost.since, TalentPost.is_main.desc(), TalentPost.id)))


def _post(
    session: Session,
    actor: Actor,
    talent: Talent,
    post: str,
    employer_id: UUID | None,
    employer_name: str,
    since: date,
) -> TalentPost:
    words = refuse_identity_number(one_line(post, 100, field="post"), field="post")
    needed(words, N_("Please write the post."), field="post")
    name = refuse_identity_number(one_line(employer_name, 200, field="employer"), field="employer")
    if employer_id is not None:
        organisation = session.get(Organisation, employer_id)
        if organisation is None or organisation.status is not OrganisationStatus.VERIFIED:
            raise NotFound
        name = ""
    elif not name:
        raise Invalid(N_("Please name the organisation."), field="employer")
    require_day(since, clock.today(), field="since")
    return TalentPost(
        talent_id=talent.id,
        organisation_id=employer_id,
        organisation_name=name,
        post=words,
        is_main=True,
        since=since,
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )


def _copy(row: TalentPost, actor: Actor, since: date, *, is_main: bool) -> TalentPost:
    """The same post from another day on, as the main one or beside it."""
    return TalentPost(
        talent_id=row.talent_id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        post=row.post,
        is_main=is_main,
        since=since,
        entered_by=actor.acting_person,
        entered_at=clock.now(),
    )


def _facts(row: TalentPost) -> tuple[object, ...]:
    return row.organisation_id, row.organisation_name, row.post, row.is_main, row.since, row.until


def _require_one_main(posts: list[TalentPost]) -> None:
    require_one_main([Period(row.is_main, row.since, row.until) for row in posts])


def _require_after(since: date, until: date) -> None:
    if until < since:
        raise Invalid(N_("A post cannot end before it begins."), field="until")


def _require_own(actor: Actor, row: TalentPost) -> None:
    """An organisation's admin changes nothing that stands at another one. Raises: Forbidden."""
    if actor.role in ORGANISATION_ADMINS and row.organisation_id != actor.organisation_id:
        raise Forbidden(N_("This post is at another organisation; please ask an operator to change it."))


def _locked(session: Session, actor: Actor, talent_id: UUID, version: int | None) -> Talent:
    talent = get_talent(session, actor, talent_id, lock=True)
    authorize(actor, Action.RECORD_POST, sides_of(session, actor, talent))
    require_opened(session, actor, talent)
    require_version(talent, version)
    return talent


def _changed(session: Session, actor: Actor, talent: Talent) -> None:
    talent.changed_at = clock.now()
    session.flush()
    record_event(session, actor, Action.RECORD_POST, "talent", talent.id, fields=("post", "employer", "dates"))
