"""The list as a file: as the reader sees it, or by name for an operator who says what for."""

from sqlalchemy.orm import Session

from db.models import ReadingPurpose, Talent, TalentReading
from portal import clock
from portal.errors import N_, Forbidden
from portal.events import record_events
from portal.permissions import Action, Actor, authorize
from portal.talents.access import require_persons
from portal.talents.queries import TalentFilter, TalentRow, list_talents

MOST_PERSONS = 1000
_PAGE = 100


def export_rows(session: Session, actor: Actor, wanted: TalentFilter | None = None) -> list[TalentRow]:
    """Every line of the list as this reader sees it. Raises: Forbidden, also beyond 1,000 persons."""
    require_persons(actor)
    rows: list[TalentRow] = []
    for offset in range(0, MOST_PERSONS, _PAGE):
        page = list_talents(session, actor, wanted, offset=offset, limit=_PAGE)
        if page.total > MOST_PERSONS:
            raise Forbidden(
                N_(
                    "This list holds more than {most} persons, too many for one person to take along. Please filter it."
                ),
                most=f"{MOST_PERSONS:,}",
            )
        rows += page.rows
        if offset + _PAGE >= page.total:
            break
    return rows


def export_talents(
    session: Session, actor: Actor, *, wanted: TalentFilter | None = None, purpose: ReadingPurpose
) -> list[TalentRow]:
    """The same with names, for a purpose: an event and an entry that the person sees, for everybody in the file.

    Raises: Forbidden.
    """
    authorize(actor, Action.EXPORT_TALENTS)
    rows = export_rows(session, actor, wanted)
    now = clock.now()
    named = []
    for row in rows:
        talent = session.get_one(Talent, row.id)
        named.append(row._replace(name=talent.name, speciality=talent.speciality, arrived_on=talent.arrived_on))
        session.add(
            TalentReading(
                talent_id=row.id,
                reader_id=actor.acting_person,
                role=str(actor.role),
                purpose=purpose,
                words="",
                read_at=now,
            )
        )
    record_events(session, actor, Action.EXPORT_TALENTS, "talent", [row.id for row in rows], fields=(purpose.value,))
    return named
