"""Challenges and organisations as rows of a file."""

from sqlalchemy.orm import Session

from db.models import (
    OrganisationKind,
    OrganisationStatus,
)
from portal import wording
from portal.challenges.queries import ListFilter, every_challenge
from portal.errors import N_
from portal.organisations.places import industry_name, town_name
from portal.organisations.queries import every_organisation
from portal.permissions import Actor
from portal.web.lists.asked import Asked, Table, code, day, member

_LEVELS = frozenset("123456789")


def challenges(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    wanted = ListFilter(
        industry=code(asked.get("industry")),
        town=asked.get("town") or None,
        trl=int(asked["trl"]) if asked.get("trl") in _LEVELS else None,
        band=asked.get("band") or None,
        group=asked.get("group") or None,
        text=asked.get("text", ""),
        closes_before=day(asked.get("before")),
        mine=asked.get("mine") == "True",
        reached=asked.get("reached", ""),
        period=asked.get("submitted", ""),
    )
    header = (
        N_("Number"),
        N_("Title"),
        N_("Enterprise"),
        N_("Status"),
        N_("Industry"),
        N_("Town"),
        N_("Readiness wanted"),
        N_("Deadline"),
    )
    rows = every_challenge(session, actor, wanted, order=asked.get("order", "closing"))
    return header, (
        (
            row.number,
            row.title,
            row.organisation,
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
            row.trl_wanted,
            row.closes_at,
        )
        for row in rows
    )


def organisations(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    header = (N_("Name of the organisation"), N_("Kind"), N_("Status"), N_("Industry"), N_("Town"))
    rows = every_organisation(
        session,
        actor,
        text=asked.get("text", ""),
        kind=member(OrganisationKind, asked.get("kind")),
        status=member(OrganisationStatus, asked.get("status")),
    )
    return header, (
        (
            row.name,
            wording.label(row.kind, language),
            wording.label(row.status, language),
            industry_name(row.industry_code, language),
            town_name(row.town_code, language),
        )
        for row in rows
    )
