"""What a person agrees to, use by use, and takes back; a withdrawal acts with the next read, everywhere."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ConsentUse, Talent, TalentConsent
from portal import clock
from portal.errors import N_, Invalid
from portal.events import record_event
from portal.permissions import Action, Actor, authorize
from portal.talents.access import get_talent, require_opened, sides_of
from portal.talents.commands import erase
from portal.talents.rules import CONSENT_WORDS


def give_consent(session: Session, actor: Actor, *, talent_id: UUID, use: ConsentUse) -> None:
    """Agree to a use in the words shown, by the person or by an operator who holds the signed form.

    A repeat changes nothing. Raises: NotFound, Forbidden.
    """
    talent = _locked(session, actor, talent_id, Action.GIVE_CONSENT)
    if _live(session, talent, use) is not None:
        return
    session.add(
        TalentConsent(
            talent_id=talent.id,
            use=use,
            purpose=CONSENT_WORDS[use],
            given_at=clock.now(),
            entered_by=actor.acting_person,
        )
    )
    _changed(session, actor, talent, Action.GIVE_CONSENT, use)


def withdraw_consent(
    session: Session, actor: Actor, *, talent_id: UUID, use: ConsentUse, confirm: bool = False
) -> None:
    """Take a consent back. Without the one to be followed no record is kept: it is deleted, which must be confirmed.

    A repeat changes nothing. Raises: NotFound, Forbidden, Invalid.
    """
    talent = _locked(session, actor, talent_id, Action.WITHDRAW_CONSENT)
    if use is ConsentUse.FOLLOW:
        if not confirm:
            raise Invalid(N_("Without this consent the record is deleted; please confirm that."), field="confirm")
        record_event(session, actor, Action.WITHDRAW_CONSENT, "talent", talent.id, fields=(use.value,))
        erase(session, actor, talent)
        return
    consent = _live(session, talent, use)
    if consent is None:
        return
    consent.withdrawn_at = clock.now()
    _changed(session, actor, talent, Action.WITHDRAW_CONSENT, use)


def _live(session: Session, talent: Talent, use: ConsentUse) -> TalentConsent | None:
    query = select(TalentConsent).where(
        TalentConsent.talent_id == talent.id, TalentConsent.use == use, TalentConsent.withdrawn_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def _locked(session: Session, actor: Actor, talent_id: UUID, action: Action) -> Talent:
    talent = get_talent(session, actor, talent_id, lock=True)
    authorize(actor, action, sides_of(session, actor, talent))
    require_opened(session, actor, talent)
    return talent


def _changed(session: Session, actor: Actor, talent: Talent, action: Action, use: ConsentUse) -> None:
    talent.changed_at = clock.now()
    session.flush()
    record_event(session, actor, action, "talent", talent.id, fields=(use.value,))
