"""What the clock says about talents: whose twelve months are complete, once a day, to the operators."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Role, Talent
from portal import clock
from portal.errors import N_
from portal.notifications.commands import notify, people_with_role
from portal.talents.queries import is_due


def remind_of_stays(session: Session) -> int:
    """Tell the operators how many people wait for the step “stayed 12 months”; returns how many. It moves nobody."""
    waiting = session.scalar(select(func.count()).select_from(Talent).where(is_due())) or 0
    if waiting:
        notify(
            session,
            person_ids=people_with_role(session, Role.OPERATOR),
            message=N_("{count} talents joined twelve months ago; please find out whether they stayed."),
            params={"count": waiting},
            page="talents",
            dedupe_key=f"talents:stays:{clock.today()}",
        )
    return waiting
