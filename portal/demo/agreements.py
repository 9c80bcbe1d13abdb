"""The stories of the agreements with universities: drafted, signed, kept or not, renewed, expired, ended early."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AgreementPart, Commitment, CommitmentStatus, CooperationField, OrganisationKind, Role
from portal import clock
from portal.agreements.commands import (
    attach_document,
    create_agreement,
    edit_agreement,
    prepare_renewal,
    sign_agreement,
    terminate_agreement,
)
from portal.agreements.commitments import add_commitment, drop_commitment, report_commitment
from portal.agreements.jobs import remind_owners, turn_agreements
from portal.demo.content import agreements
from portal.demo.parties import Cast
from portal.demo.stories import Story, weave
from portal.house_rules import house_rules
from portal.permissions import Actor

DAY = timedelta(days=1)
_ADMINS = {
    OrganisationKind.INSTITUTE: Role.INSTITUTE_ADMIN,
    OrganisationKind.ENTERPRISE: Role.ENTERPRISE_ADMIN,
}


def agreement_stories(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    """One story for each agreement of the content; a renewal belongs to the one that it continues."""
    for row in agreements():
        yield _story(session, cast, row, now)


def _story(session: Session, cast: Cast, row: dict[str, Any], now: datetime) -> Story:
    operator = cast.one("", Role.OPERATOR)
    yield _noon(now, row["created"])
    agreement_id = create_agreement(session, operator, **_content(cast, row, row, now))
    _promise(session, cast, agreement_id, row["commitments"], now)
    _attach(session, operator, agreement_id, row)
    if row["signed"] is None:
        yield _noon(now, row["half"])
        sign_agreement(session, _admin(cast, row["institutes"][0]), agreement_id=agreement_id, version=None)
        return
    yield _noon(now, row["signed"])
    _sign(session, cast, row, agreement_id)
    acts = [
        _kept(session, cast, agreement_id, row["commitments"], now),
        _turned(session, row["starts"], row["ends"], now),
    ]
    if "renewal" in row:
        acts.append(_renewed(session, cast, row, agreement_id, now))
    if "terminated" in row:
        acts.append(_ended(session, cast, agreement_id, row["terminated"], now))
    yield from weave(acts)


def _content(cast: Cast, row: dict[str, Any], words: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the operator writes; title, term and money are those of the renewal where `words` is one."""
    return {
        "title": words["title"],
        "part": AgreementPart(row["part"]),
        "fields": [CooperationField(code) for code in row["fields"]],
        "office_id": cast.organisations[row["office"]].id,
        "institutes": [cast.organisations[key].id for key in row["institutes"]],
        "others": [cast.organisations[key].id for key in row["others"]],
        "starts_on": _day(now, words["starts"]),
        "ends_on": _day(now, words["ends"]),
        "money": f"{words['money_wan']} 万元",
        "summary": row["summary"],
        "district_group": "\n".join(row["district"]),
        "institute_group": "\n".join(row["institute"]),
    }


def _promise(session: Session, cast: Cast, agreement_id: UUID, rows: list[dict[str, Any]], now: datetime) -> None:
    operator = cast.one("", Role.OPERATOR)
    for row in rows:
        add_commitment(
            session,
            operator,
            agreement_id=agreement_id,
            text=row["text"],
            field=CooperationField(row["field"]),
            owner_id=cast.organisations[row["owner"]].id,
            responsible=row["responsible"],
            due_on=_day(now, row["due"]),
            measure=row["measure"],
        )


def _attach(session: Session, operator: Actor, agreement_id: UUID, row: dict[str, Any]) -> None:
    """The text of the agreement as a plain file."""
    lines = [row["title"], "", row["summary"], ""]
    lines += [
        f"{number}. {item['text']}（{item['measure']}）" for number, item in enumerate(row["commitments"], start=1)
    ]
    text = "\r\n".join([*lines, "", "本文本为演示数据。"])
    attach_document(
        session,
        operator,
        agreement_id=agreement_id,
        version=None,
        name=f"{row['title']}（演示）.txt",
        content=text.encode("utf-8-sig"),
    )


def _sign(session: Session, cast: Cast, row: dict[str, Any], agreement_id: UUID) -> None:
    """Each party's admin for the party, the approver for the district last."""
    signers = [_admin(cast, key) for key in (*row["institutes"], *row["others"]) if _kind(cast, key) in _ADMINS]
    for actor in (*signers, cast.one("", Role.APPROVER)):
        sign_agreement(session, actor, agreement_id=agreement_id, version=None)


def _kept(session: Session, cast: Cast, agreement_id: UUID, rows: list[dict[str, Any]], now: datetime) -> Story:
    """Reports on the commitments in the order of time, and the reminders of those that are late."""
    acts = []
    for number, row in enumerate(rows, start=1):
        acts += [(report["day"], number, row, report) for report in row["reports"]]
        acts += [(row["drop"]["day"], number, row, row["drop"])] if "drop" in row else []
        acts.append((row["due"] + 1, number, row, {}))
    for day, number, row, said in sorted(acts, key=lambda act: act[:2]):
        yield _noon(now, day)
        if not said:
            remind_owners(session)
            continue
        query = select(Commitment.id).where(Commitment.agreement_id == agreement_id, Commitment.number == number)
        target: dict[str, Any] = {"commitment_id": session.scalars(query).one(), "version": None}
        if "status" not in said:
            words = {"reason": said["reason"], "agreed_by": said["agreed_by"]}
            drop_commitment(session, cast.one("", Role.OPERATOR), **words, **target)
            continue
        status = CommitmentStatus(said["status"])
        owner = _admin(cast, row["owner"])
        report_commitment(session, owner, status=status, happened_on=clock.today(), words=said["words"], **target)


def _turned(session: Session, starts: int, ends: int, now: datetime) -> Story:
    """What the clock does on the first day, when the renewal has to be decided, and after the last day."""
    for day in (starts, ends - house_rules(session).review_notice_days, ends + 1):
        yield _noon(now, day) + timedelta(minutes=1)
        turn_agreements(session)


def _renewed(session: Session, cast: Cast, row: dict[str, Any], agreement_id: UUID, now: datetime) -> Story:
    """The successor with its own words and promises, signed while the old one is still in force."""
    renewal = row["renewal"]
    operator = cast.one("", Role.OPERATOR)
    yield _noon(now, renewal["drafted"])
    successor_id = prepare_renewal(session, operator, agreement_id=agreement_id, version=None)
    content = _content(cast, row, renewal, now) | {"signed_on": None}
    edit_agreement(session, operator, agreement_id=successor_id, version=None, **content)
    _promise(session, cast, successor_id, renewal["commitments"], now)
    _attach(session, operator, successor_id, renewal | {"summary": row["summary"]})
    yield _noon(now, renewal["signed"])
    _sign(session, cast, row, successor_id)
    turns = _turned(session, renewal["starts"], renewal["ends"], now)
    yield from weave([_kept(session, cast, successor_id, renewal["commitments"], now), turns])


def _ended(session: Session, cast: Cast, agreement_id: UUID, words: dict[str, Any], now: datetime) -> Story:
    yield _noon(now, words["day"])
    approver = cast.one("", Role.APPROVER)
    terminate_agreement(session, approver, agreement_id=agreement_id, version=None, reason=words["reason"])


def _day(now: datetime, day: int) -> date:
    """So many days from today; before it for a negative number."""
    return clock.local(now).date() + DAY * day


def _noon(now: datetime, day: int) -> datetime:
    at = _day(now, day)
    return clock.from_local(at.year, at.month, at.day, 12)


def _kind(cast: Cast, key: str) -> OrganisationKind:
    return cast.organisations[key].kind


def _admin(cast: Cast, key: str) -> Actor:
    """Who acts for that organisation; an operator for the district's offices."""
    role = _ADMINS.get(_kind(cast, key))
    return cast.one(key, role) if role else cast.one("", Role.OPERATOR)
