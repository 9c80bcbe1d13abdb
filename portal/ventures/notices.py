"""Who is told about a venture: by its number alone, since mails may lie on strange servers."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Role, Venture
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role


def tell_next(session: Session, venture: Venture) -> None:
    """Whoever acts next: the institute, the enterprise, the scientist, the operators."""
    admins = {
        "draft": [],
        "institute_consented": people_with_role(session, Role.ENTERPRISE_ADMIN, venture.enterprise_id),
        "enterprise_consented": [venture.scientist_id],
        "submitted": people_with_role(session, Role.OPERATOR),
        "expert_review": [row.person_id for row in venture.experts],
        "objected": people_with_role(session, Role.APPROVER),
    }.get(venture.status.value, [])
    message = N_("Application {number} of a scientist-entrepreneur waits for you: it is “{status}”.")
    _tell(session, venture, admins, message, f"next:{venture.status.value}:{venture.version}")


def tell_written(session: Session, venture: Venture) -> None:
    """The institute's admins endorse what is written."""
    people = people_with_role(session, Role.INSTITUTE_ADMIN, venture.institute_id)
    message = N_("Application {number} of a scientist-entrepreneur is written and waits for your endorsement.")
    _tell(session, venture, people, message, f"written:{venture.version}")


def tell_parties(session: Session, venture: Venture) -> None:
    """Where it stands now: to the scientist and the two houses."""
    people = {
        venture.scientist_id,
        *people_with_role(session, Role.INSTITUTE_ADMIN, venture.institute_id),
        *people_with_role(session, Role.ENTERPRISE_ADMIN, venture.enterprise_id),
    }
    message = N_("Application {number} of a scientist-entrepreneur is now “{status}”.")
    _tell(session, venture, people, message, f"now:{venture.status.value}:{venture.version}")


def _tell(
    session: Session,
    venture: Venture,
    people: Iterable[UUID],
    message: str,
    key: str,
    params: Mapping[str, object] | None = None,
) -> None:
    notify(
        session,
        person_ids=people,
        message=message,
        params={"number": venture.number, "status": venture.status, **(params or {})},
        page="venture",
        object_id=venture.id,
        dedupe_key=f"venture:{venture.id}:{key}",
    )
