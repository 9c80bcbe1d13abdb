"""Who sees which talent record, and how much of it: consent, employer, and readings that were recorded first."""

from datetime import timedelta
from enum import IntEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import ConsentUse, Talent, TalentConsent, TalentPost, TalentReading
from portal import clock
from portal.errors import N_, Forbidden, Invalid, NotFound
from portal.permissions import ORGANISATION_ADMINS, Actor, Role, Side
from portal.talents.rules import CONSENTED_READERS, FIGURES_ONLY, LOGGED_READERS, sides

READING_LASTS = timedelta(hours=1)
_T = Talent


class Sight(IntEnum):
    """How much of a record a reader sees; each sees what the ones before see."""

    CARD = 1  # name, field, town, employer
    CLOSED = 2  # an official before the reading is recorded: everything but who it is
    MATCHING = 3  # and class, posts, steps
    OWN = 4  # somebody of one's own organisation
    FULL = 5  # and contact, certificate, consents, pool


def consents_to(use: ConsentUse) -> ColumnElement[bool]:
    """Those who agree to a use at this moment: asked anew each time, so that a withdrawal acts at once."""
    live = select(TalentConsent.talent_id).where(TalentConsent.use == use, TalentConsent.withdrawn_at.is_(None))
    return _T.id.in_(live)


def works_for(organisation_id: UUID) -> ColumnElement[bool]:
    """Those who hold a post there today, the main one or another."""
    today = clock.today()
    here = select(TalentPost.talent_id).where(
        TalentPost.organisation_id == organisation_id,
        TalentPost.since <= today,
        or_(TalentPost.until.is_(None), TalentPost.until >= today),
    )
    return _T.id.in_(here)


def own_people(actor: Actor) -> ColumnElement[bool]:
    """The people of the organisation whose admin this is."""
    if actor.role in ORGANISATION_ADMINS and actor.organisation_id is not None and actor.organisation_verified:
        return works_for(actor.organisation_id)
    return false()


def is_self(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.person_id is None else _T.person_id == actor.person_id


def details_to(actor: Actor) -> ColumnElement[bool]:
    """Those whose class, channel and steps this reader may know; filters by them ask this one."""
    if actor.role in LOGGED_READERS or actor.role is Role.CLOCK:
        return true()
    arms = [is_self(actor), own_people(actor)]
    if actor.role in CONSENTED_READERS and (actor.organisation_id is None or actor.organisation_verified):
        arms.append(consents_to(ConsentUse.MATCHING))
    return or_(*arms)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lists, details, exports and counts ask this one."""
    if actor.role in FIGURES_ONLY:
        return is_self(actor)
    return or_(consents_to(ConsentUse.PUBLIC_CARD), details_to(actor))


def require_persons(actor: Actor) -> None:
    """Raises: Forbidden in a role that reads figures, or nothing, of people."""
    if actor.role in FIGURES_ONLY:
        raise Forbidden(N_("In this role you read figures about people at most, never the people themselves."))


def get_talent(session: Session, actor: Actor, talent_id: UUID, *, lock: bool = False) -> Talent:
    """The record, for whoever sees at least its card. `lock` keeps others from changing it meanwhile.

    Raises: NotFound.
    """
    query = select(_T).where(_T.id == talent_id, visible_to(actor))
    if lock:
        query = query.with_for_update(of=_T).execution_options(populate_existing=True)
    talent = session.scalars(query).one_or_none()
    if talent is None:
        raise NotFound
    return talent


def sides_of(session: Session, actor: Actor, talent: Talent) -> frozenset[Side]:
    """With the side of the organisation somebody works for."""
    own = session.scalar(select(exists().where(_T.id == talent.id, own_people(actor))))
    return sides(actor, talent) | ({Side.OWN} if own else frozenset())


def has_opened(session: Session, actor: Actor, talent_id: UUID) -> bool:
    """Whether this official recorded what the record is read for, within the last hour."""
    query = select(TalentReading.id).where(
        TalentReading.talent_id == talent_id,
        TalentReading.reader_id == actor.person_id,
        TalentReading.role == str(actor.role),
        TalentReading.read_at > clock.now() - READING_LASTS,
    )
    return session.scalar(query.limit(1)) is not None


def sight_of(session: Session, actor: Actor, talent: Talent) -> Sight:
    """How much this actor sees of a record that is visible to them."""
    where = sides_of(session, actor, talent)
    if Side.SELF in where:
        return Sight.FULL
    if actor.role in LOGGED_READERS:
        return Sight.FULL if has_opened(session, actor, talent.id) else Sight.CLOSED
    if Side.OWN in where:
        return Sight.OWN
    consented = session.scalar(select(exists().where(_T.id == talent.id, and_(details_to(actor)))))
    return Sight.MATCHING if consented else Sight.CARD


def require_opened(session: Session, actor: Actor, talent: Talent) -> None:
    """An official changes a record only after saying what for; the person's own hand needs no reason.

    Raises: Invalid.
    """
    if Side.SELF in sides(actor, talent) or actor.role not in LOGGED_READERS:
        return
    if not has_opened(session, actor, talent.id):
        raise Invalid(N_("Please open the record first and say what for."), field="purpose")


def require_another(actor: Actor, talent: Talent) -> None:
    """Nobody decides about oneself. Raises: Forbidden."""
    if Side.SELF in sides(actor, talent):
        raise Forbidden(N_("This is your own record; somebody else must do this."))
