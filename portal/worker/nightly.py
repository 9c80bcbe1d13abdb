"""What is looked after once a night: every file against its row, the chain of events against itself."""

import logging
from uuid import UUID

from sqlalchemy import select

from db.models import Person, Role
from portal import clock
from portal.errors import N_
from portal.events import chain_head, verify_chain
from portal.files.commands import reconcile
from portal.notifications.commands import notify, people_with_role, queue_mail
from portal.transactions import reading, writing

log = logging.getLogger(__name__)


def check_files() -> int:
    """Remove old files without a row; report rows without a whole file to the platform admins."""
    with reading() as session:
        found = reconcile(session)
    bad = [*found.missing, *found.damaged]
    for file_id in bad:
        log.error("file %s is missing or damaged", file_id)
    if bad:
        tell(
            (Role.PLATFORM_ADMIN,),
            N_("{count} attachments are missing or damaged. The log names them; a backup may still hold them."),
            len(bad),
            f"files:{clock.today()}",
        )
    return found.removed


def check_chain() -> int:
    """Verify the audit trail: send its head to the auditors, or say that it was tampered with."""
    with reading() as session:
        count, faults = verify_chain(session)
        seq, digest = chain_head(session)
    for fault in faults:
        log.error("audit trail: event %d %s", fault.seq, fault.what)
    if faults:
        tell(
            (Role.AUDITOR, Role.PLATFORM_ADMIN),
            N_("The audit trail does not verify: {count} faults. Please keep the database as it is and look into it."),
            len(faults),
            f"chain-fault:{clock.today()}",
        )
    else:
        _mail_head(seq, digest)
    return count


def tell(roles: tuple[Role, ...], message: str, count: int, key: str) -> None:
    """Notify everybody in these roles of a number, once a key."""
    with writing() as session:
        people: set[UUID] = set()
        for role in roles:
            people.update(people_with_role(session, role))
        notify(session, person_ids=people, message=message, params={"count": count}, dedupe_key=key)


def _mail_head(seq: int, digest: str) -> None:
    """The head leaves the machine once a day: a rewritten chain cannot match what lies in strange mailboxes."""
    day = clock.today()
    with writing() as session:
        ids = people_with_role(session, Role.AUDITOR)
        for person in session.scalars(select(Person).where(Person.id.in_(ids), Person.mail_notices)):
            queue_mail(
                session,
                recipient=person.email,
                subject=N_("Head of the audit trail, {day}"),
                body=N_("Event number {number}\n{digest}\n\nPlease keep this mail: it proves what the trail held."),
                params={"day": day, "number": str(seq), "digest": digest},
                language=person.language,
                dedupe_key=f"chain-head:{day}:{person.id}",
                person_id=person.id,
            )
