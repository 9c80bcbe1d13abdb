"""What is written in an agreement: terms, parties, fields and steering group, checked and put into its rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementField,
    AgreementPart,
    AgreementParty,
    CooperationField,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    PartySide,
    SteeringMember,
)
from portal import clock
from portal.agreements.rules import Member, parse_group, require_past, require_term
from portal.errors import N_, Invalid
from portal.texts import needed, one_line, paragraphs
from portal.wording import parse_money

_JOINING = {
    OrganisationKind.GOVERNMENT: PartySide.OFFICE,
    OrganisationKind.ENTERPRISE: PartySide.ENTERPRISE,
    OrganisationKind.AGENCY: PartySide.AGENCY,
}


class Content(NamedTuple):
    """The checked words of an agreement; `parties` and `steering` as they will stand in their rows."""

    columns: dict[str, Any]
    fields: frozenset[CooperationField]
    parties: dict[UUID, PartySide]
    steering: tuple[tuple[PartySide, Member], ...]


def checked(
    session: Session,
    *,
    title: str,
    summary: str,
    part: AgreementPart,
    fields: Sequence[CooperationField],
    office_id: UUID | None,
    institutes: Sequence[UUID],
    others: Sequence[UUID],
    starts_on: date,
    ends_on: date,
    money: str,
    signed_on: date | None,
    district_group: str,
    institute_group: str,
) -> Content:
    """The content, or the first thing that is wrong with it. Raises: Invalid."""
    title = needed(one_line(title, 200, field="title"), N_("Please give the agreement a title."), field="title")
    if not fields:
        raise Invalid(N_("Please choose at least one of the five fields."), field="fields")
    require_term(starts_on, ends_on)
    if signed_on is not None:
        require_past(signed_on, clock.today(), field="signed_on")
        if signed_on > ends_on:
            raise Invalid(N_("The signing day lies after the last day of the agreement."), field="signed_on")
    columns = {
        "title": title,
        "summary": paragraphs(summary, 4000, field="summary"),
        "part": part,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "money_fen": parse_money(money, field="money") if (money or "").strip() else None,
        "signed_on": signed_on,
    }
    groups = (
        (PartySide.DISTRICT, district_group, "district_group"),
        (PartySide.INSTITUTE, institute_group, "institute_group"),
    )
    steering = tuple((side, row) for side, text, field in groups for row in parse_group(text, field=field))
    return Content(columns, frozenset(fields), _parties(session, office_id, institutes, others), steering)


def write(agreement: Agreement, content: Content) -> list[str]:
    """Put the content into the agreement; returns the names of what changed."""
    changed = [name for name, value in content.columns.items() if getattr(agreement, name) != value]
    for name in changed:
        setattr(agreement, name, content.columns[name])
    if {row.field for row in agreement.covers} != content.fields:
        known = {row.field: row for row in agreement.covers}
        agreement.covers = [known.get(field) or AgreementField(field=field) for field in content.fields]
        changed.append("fields")
    if {row.organisation_id: row.side for row in agreement.parties} != content.parties:
        parties = {row.organisation_id: row for row in agreement.parties}
        agreement.parties = [
            parties.get(key) or AgreementParty(organisation_id=key, side=side) for key, side in content.parties.items()
        ]
        changed.append("parties")
    if [(row.side, Member(row.name, row.post)) for row in agreement.steering] != list(content.steering):
        agreement.steering = [
            SteeringMember(side=side, position=position, name=row.name, post=row.post)
            for position, (side, row) in enumerate(content.steering)
        ]
        changed.append("steering group")
    return changed


def _parties(
    session: Session, office_id: UUID | None, institutes: Sequence[UUID], others: Sequence[UUID]
) -> dict[UUID, PartySide]:
    """Every party by its side. Raises: Invalid without an office or an institute, or for one of another kind."""
    if office_id is None:
        raise Invalid(N_("Please choose the office that acts for the district."), field="office")
    if not institutes:
        raise Invalid(N_("Please choose at least one university or institute."), field="institutes")
    query = select(Organisation.id, Organisation.kind).where(
        Organisation.id.in_({office_id, *institutes, *others}), Organisation.status == OrganisationStatus.VERIFIED
    )
    kinds = {row.id: row.kind for row in session.execute(query)}
    found = {one: _JOINING.get(kinds[one]) if one in kinds else None for one in others}
    found |= {one: PartySide.INSTITUTE if kinds.get(one) is OrganisationKind.INSTITUTE else None for one in institutes}
    found[office_id] = PartySide.DISTRICT if kinds.get(office_id) is OrganisationKind.GOVERNMENT else None
    sides = {one: side for one, side in found.items() if side is not None}
    if len(sides) < len(found):
        message = N_("One of the parties is not a verified organisation of its kind; please choose anew.")
        raise Invalid(message, field="parties")
    return sides
