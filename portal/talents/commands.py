"""What happens to a talent record as a whole: registered, opened for a purpose, edited, classified, deleted."""

from datetime import date
from secrets import randbelow
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import (
    ConsentUse,
    Person,
    ReadingPurpose,
    Talent,
    TalentChannel,
    TalentClass,
    TalentConsent,
    TalentField,
    TalentNote,
    TalentPool,
    TalentPost,
    TalentReading,
    TalentStage,
    TalentStep,
)
from portal import clock
from portal.accounts.rules import clean_name, clean_phone, normal_email
from portal.errors import N_, Forbidden, Invalid
from portal.events import record_event
from portal.notifications.commands import notify
from portal.organisations.places import is_town
from portal.permissions import ORGANISATION_ADMINS, Action, Actor, Role, Side, authorize
from portal.talents.access import get_talent, has_opened, require_another, require_opened, sides_of
from portal.talents.posts import add_first_post
from portal.talents.rules import CONSENT_WORDS, refuse_identity_number, require_day, sides
from portal.talents.sources import find_source
from portal.texts import needed, one_line
from portal.workflow import require_version


def register_talent(
    session: Session,
    actor: Actor,
    *,
    name: str,
    field: TalentField | None,
    channel: TalentChannel | None,
    reached_on: date,
    source: str,
    consent: bool,
    speciality: str = "",
    town_code: str | None = None,
    arrived_on: date | None = None,
    phone: str = "",
    email: str = "",
    account_email: str = "",
    post: str = "",
    employer_id: UUID | None = None,
    employer_name: str = "",
    post_since: date | None = None,
    talent_id: UUID | None = None,
) -> UUID:
    """Begin to follow a person who agreed to it, from the day of the first contact; a post is the main one.

    An organisation's admin registers people of the own organisation. `talent_id` is a token of the form: the same one
    again returns the first record instead of a second one.

    Raises: Forbidden, NotFound, Invalid for any field or without the person's consent.
    """
    authorize(actor, Action.REGISTER_TALENT)
    if talent_id is not None and session.get(Talent, talent_id) is not None:
        return get_talent(session, actor, talent_id).id
    if actor.role in ORGANISATION_ADMINS:
        if actor.organisation_id is None or not actor.organisation_verified:
            raise Forbidden
        employer_id, employer_name, account_email = actor.organisation_id, "", ""
        post = needed(one_line(post, 100, field="post"), N_("Please write the post."), field="post")
    if not consent:
        raise Invalid(N_("Without the person's consent no record is kept."), field="consent")
    if channel is None:
        raise Invalid(N_("Please choose the channel."), field="channel")
    require_day(reached_on, clock.today(), field="reached_on")
    known_from = find_source(session, actor, source)
    now = clock.now()
    talent = Talent(
        id=talent_id or uuid4(),
        number=_free_number(session),
        person_id=_account(session, account_email),
        channel=channel,
        stage=TalentStage.REACHED,
        cohort=reached_on.year,
        is_demo=actor.is_demo,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
        **_person_fields(name, field, speciality, town_code, phone, email),
        arrived_on=_arrived(arrived_on),
    )
    session.add(talent)
    session.flush()
    entered = {"talent_id": talent.id, "entered_by": actor.acting_person}
    follow = ConsentUse.FOLLOW
    session.add(TalentConsent(use=follow, purpose=CONSENT_WORDS[follow], given_at=now, **entered))
    session.add(
        TalentStep(
            stage=TalentStage.REACHED,
            happened_on=reached_on,
            source_type=known_from.kind,
            source_id=known_from.object_id,
            source_words=known_from.words,
            entered_at=now,
            **entered,
        )
    )
    if post or employer_id or employer_name:
        add_first_post(session, actor, talent, post, employer_id, employer_name, post_since or reached_on)
    _record(session, actor, talent, Action.REGISTER_TALENT, ("name", "field", "channel", follow.value))
    if actor.role is Role.OPERATOR:
        # Whoever has just typed it has read it.
        _read(session, actor, talent, ReadingPurpose.REGISTRATION, "")
    _tell_account(session, talent)
    return talent.id


def open_talent(
    session: Session, actor: Actor, *, talent_id: UUID, purpose: ReadingPurpose | None, words: str = ""
) -> None:
    """Read a person's record for a purpose, which the record and the person keep; it holds for an hour.

    Raises: NotFound, Forbidden, Invalid.
    """
    talent = get_talent(session, actor, talent_id)
    authorize(actor, Action.OPEN_TALENT, sides(actor, talent))
    if purpose is None:
        raise Invalid(N_("Please choose what you read it for."), field="purpose")
    said = refuse_identity_number(one_line(words, 300, field="words"), field="words")
    if not has_opened(session, actor, talent.id):
        _read(session, actor, talent, purpose, said)
        _record(session, actor, talent, Action.OPEN_TALENT, (purpose.value,))


def edit_talent(
    session: Session,
    actor: Actor,
    *,
    talent_id: UUID,
    version: int | None,
    name: str,
    field: TalentField | None,
    speciality: str = "",
    town_code: str | None = None,
    phone: str = "",
    email: str = "",
    channel: TalentChannel | None = None,
    arrived_on: date | None = None,
    account_email: str | None = None,
) -> bool:
    """Correct the record. The person corrects what describes the person, an operator also how and when they came.

    Returns whether anything changed. Raises: NotFound, Forbidden, Stale, Invalid.
    """
    talent = _mine(session, actor, talent_id, version, Action.EDIT_TALENT)
    wanted = _person_fields(name, field, speciality, town_code, phone, email)
    if Side.SELF not in sides(actor, talent):
        wanted["channel"] = channel or talent.channel
        wanted["arrived_on"] = _arrived(arrived_on)
        if account_email is not None:
            wanted["person_id"] = _account(session, account_email, beside=talent.id)
    changed = [key for key, value in wanted.items() if getattr(talent, key) != value]
    for key in changed:
        setattr(talent, key, wanted[key])
    if changed:
        talent.changed_at = clock.now()
        _record(session, actor, talent, Action.EDIT_TALENT, changed)
    if "person_id" in changed:
        _tell_account(session, talent)
    return bool(changed)


def classify_talent(
    session: Session,
    actor: Actor,
    *,
    talent_id: UUID,
    version: int | None,
    talent_class: TalentClass | None,
    class_edition: str = "",
    certificate_number: str = "",
    certificate_on: date | None = None,
) -> None:
    """Copy a class from its certificate: edition of the catalogue, number and day belong to it. None takes it away.

    Raises: NotFound, Forbidden for one's own record, Stale, Invalid for a class without its certificate.
    """
    talent = _mine(session, actor, talent_id, version, Action.CLASSIFY_TALENT)
    require_another(actor, talent)
    edition = number = day = None
    if talent_class is not None:
        edition, number = (
            refuse_identity_number(one_line(text, 40, field=key), field=key)
            for key, text in (("class_edition", class_edition), ("certificate_number", certificate_number))
        )
        needed(
            edition, N_("Please name the edition of the catalogue that the certificate follows."), field="class_edition"
        )
        needed(number, N_("Please write the number of the certificate."), field="certificate_number")
        if certificate_on is None:
            raise Invalid(N_("Please give the day of the certificate."), field="certificate_on")
        require_day(certificate_on, clock.today(), field="certificate_on")
        day = certificate_on
    talent.talent_class, talent.class_edition, talent.certificate_number = talent_class, edition, number
    talent.certificate_on, talent.changed_at = day, clock.now()
    _record(session, actor, talent, Action.CLASSIFY_TALENT, ("class", "certificate"))


def delete_talent(session: Session, actor: Actor, *, talent_id: UUID, confirm: bool) -> None:
    """Delete everything that is kept of the person here, at once. Ids in the chain of events stay, nothing else.

    Raises: NotFound, Forbidden, Invalid unless confirmed.
    """
    talent = _mine(session, actor, talent_id, None, Action.DELETE_TALENT)
    if not confirm:
        raise Invalid(N_("Please confirm that everything is to be deleted."), field="confirm")
    erase(session, actor, talent)


def erase(session: Session, actor: Actor, talent: Talent) -> None:
    """Delete a record that was loaded with the right to it."""
    _record(session, actor, talent, Action.DELETE_TALENT)
    if talent.person_id is not None and talent.person_id != actor.person_id:
        notify(
            session,
            person_ids=[talent.person_id],
            message=N_("The talent record about you was deleted at your request."),
            page="my-data",
            dedupe_key=f"talent:{talent.id}:deleted",
        )
    stays = select(TalentPool.id).where(TalentPool.talent_id == talent.id)
    session.execute(delete(TalentNote).where(TalentNote.pool_id.in_(stays)))
    for table in (TalentPool, TalentReading, TalentStep, TalentPost, TalentConsent):
        session.execute(delete(table).where(table.talent_id == talent.id))
    session.delete(talent)
    session.flush()


def _mine(session: Session, actor: Actor, talent_id: UUID, version: int | None, action: Action) -> Talent:
    """The record, locked, for an act of this actor."""
    talent = get_talent(session, actor, talent_id, lock=True)
    authorize(actor, action, sides_of(session, actor, talent))
    require_opened(session, actor, talent)
    require_version(talent, version)
    return talent


def _person_fields(
    name: str, field: TalentField | None, speciality: str, town_code: str | None, phone: str, email: str
) -> dict[str, Any]:
    if field is None:
        raise Invalid(N_("Please choose the field of work."), field="field")
    if town_code and not is_town(town_code):
        raise Invalid(N_("Please choose the town or subdistrict."), field="town_code")
    return {
        "name": refuse_identity_number(clean_name(name), field="name"),
        "field": field,
        "speciality": refuse_identity_number(one_line(speciality, 200, field="speciality"), field="speciality"),
        "town_code": town_code or None,
        "phone": clean_phone(refuse_identity_number(phone, field="phone")),
        "email": normal_email(email) if email.strip() else None,
    }


def _arrived(day: date | None) -> date | None:
    if day is not None:
        require_day(day, clock.today(), field="arrived_on")
    return day


def _account(session: Session, email: str, *, beside: UUID | None = None) -> UUID | None:
    """The account of that address, named by an operator and never guessed. Raises: Invalid."""
    if not email.strip():
        return None
    found = session.scalar(select(Person.id).where(Person.email == normal_email(email)))
    if found is None:
        raise Invalid(N_("There is no account with this e-mail address."), field="account_email")
    taken = session.scalar(select(Talent.id).where(Talent.person_id == found))
    if taken not in (None, beside):
        raise Invalid(N_("Another talent record belongs to this account already."), field="account_email")
    return found


def _free_number(session: Session) -> str:
    """`RC-2026-483920`: by chance, so that it tells neither how many there are nor who was deleted."""
    year = clock.today().year
    while True:
        number = f"RC-{year}-{randbelow(10**6):06d}"
        if session.scalar(select(Talent.id).where(Talent.number == number)) is None:
            return number


def _read(session: Session, actor: Actor, talent: Talent, purpose: ReadingPurpose, words: str) -> None:
    session.add(
        TalentReading(
            talent_id=talent.id,
            reader_id=actor.acting_person,
            role=str(actor.role),
            purpose=purpose,
            words=words,
            read_at=clock.now(),
        )
    )
    session.flush()


def _tell_account(session: Session, talent: Talent) -> None:
    if talent.person_id is not None:
        notify(
            session,
            person_ids=[talent.person_id],
            message=N_("The district keeps a talent record about you. You can see, correct, take along and delete it."),
            page="my-data",
            dedupe_key=f"talent:{talent.id}:kept",
        )


def _record(
    session: Session, actor: Actor, talent: Talent, action: Action, fields: tuple[str, ...] | list[str] = ()
) -> None:
    """Names of fields alone: the chain outlives the record."""
    record_event(session, actor, action, "talent", talent.id, fields=fields)
