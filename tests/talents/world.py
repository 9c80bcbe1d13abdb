"""An operator, an enterprise, an institute and the person who is followed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import (
    Organisation,
    OrganisationKind,
    Person,
    ReadingPurpose,
    Role,
    Talent,
    TalentChannel,
    TalentField,
    TalentStage,
)
from portal import clock
from portal.permissions import Actor
from portal.talents.commands import open_talent, register_talent
from portal.talents.rules import STAGES
from portal.talents.steps import record_talent_step
from tests.factories import add_member, add_organisation

FIELDS: dict[str, Any] = {
    "name": "林示例",
    "field": TalentField.MATERIALS,
    "channel": TalentChannel.VISIT,
    "source": "三访签到表",
    "consent": True,
}


@dataclass
class World:
    enterprise: Organisation
    institute: Organisation
    operator: Actor
    admin: Actor
    institute_admin: Actor
    person: Actor
    """A researcher of the institute, with an account of the same e-mail as the record names."""
    person_email: str

    def register(self, session: Session, **changes: Any) -> Talent:
        """Somebody, by the operator, who has the record open then."""
        values = FIELDS | {"reached_on": date(clock.today().year - 3, 1, 10)} | changes
        return session.get_one(Talent, register_talent(session, self.operator, **values))

    def employed(self, session: Session, **changes: Any) -> Talent:
        """Somebody with a main post at the enterprise."""
        post = {"post": "工程师", "employer_id": self.enterprise.id, "post_since": date(clock.today().year - 2, 3, 1)}
        return self.register(session, **(post | changes))

    def mine(self, session: Session, **changes: Any) -> Talent:
        """The record about the person with the account."""
        return self.register(session, account_email=self.person_email, **changes)

    def open(self, session: Session, talent_id: UUID, actor: Actor | None = None) -> None:
        open_talent(session, actor or self.operator, talent_id=talent_id, purpose=ReadingPurpose.SERVICE)

    def walk(self, session: Session, talent: Talent, stage: TalentStage, day: date) -> None:
        """Every step up to this one, all on one day, and the stay a year later."""
        for one in STAGES[1 : STAGES.index(stage) + 1]:
            late = STAGES.index(one) >= STAGES.index(TalentStage.RETAINED)
            happened = day.replace(year=day.year + 1) if late else day
            self.step(session, talent, one, happened)

    def step(self, session: Session, talent: Talent, stage: TalentStage, day: date, **changes: Any) -> UUID:
        values = {"version": None, "source": "名单"} | changes
        return record_talent_step(session, self.operator, talent_id=talent.id, stage=stage, happened_on=day, **values)


def make_world(session: Session) -> World:
    enterprise = add_organisation(session)
    institute = add_organisation(session, OrganisationKind.INSTITUTE)
    person = add_member(session, Role.RESEARCHER, institute)
    return World(
        enterprise=enterprise,
        institute=institute,
        operator=add_member(session, Role.OPERATOR),
        admin=add_member(session, Role.ENTERPRISE_ADMIN, enterprise),
        institute_admin=add_member(session, Role.INSTITUTE_ADMIN, institute),
        person=person,
        person_email=session.get_one(Person, person.acting_person).email,
    )
