"""Rules that the platform admin may change while the portal runs, with their defaults and bounds."""

from dataclasses import dataclass, fields
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Setting
from portal import clock
from portal.errors import N_, Invalid, NotFound
from portal.events import record_event
from portal.ids import stable_id
from portal.permissions import Action, Actor, authorize


@dataclass(frozen=True)
class HouseRules:
    """Every rule with the value in force; all are whole numbers."""

    minimum_open_days: int = 21
    refining_rounds: int = 3
    refining_workdays: int = 2
    opening_window_minutes: int = 30
    reminder_days: int = 3
    invitation_days: int = 7
    # landings: days that a project may stay in each stage, `norm_days_` and the stage
    norm_days_lead: int = 90
    norm_days_agreement_signed: int = 60
    norm_days_company_registered: int = 90
    norm_days_site_secured: int = 120
    norm_days_construction: int = 365
    norm_days_acceptance: int = 90
    norm_days_in_production: int = 365
    norm_days_office_in_use: int = 90
    norm_days_team_on_board: int = 180
    stage_norm_days: int = 90
    review_notice_days: int = 90


class Rule(NamedTuple):
    """One row of the settings page."""

    name: str
    label: str
    value: int
    default: int
    least: int
    most: int


LABELS: dict[str, str] = {
    "minimum_open_days": N_("Days a challenge stays open at least"),
    "refining_rounds": N_("Times a challenge may be returned for improvement"),
    "refining_workdays": N_("Workdays to take up a submitted challenge"),
    "opening_window_minutes": N_("Minutes within which both sides open the proposals"),
    "reminder_days": N_("Days before a deadline when people are reminded"),
    "invitation_days": N_("Days an invitation stays valid"),
    "norm_days_lead": N_("Landing project: days from the lead to the signed agreement"),
    "norm_days_agreement_signed": N_("Landing project: days from the signed agreement to the registered company"),
    "norm_days_company_registered": N_("Landing project: days from the registered company to the site or office"),
    "norm_days_site_secured": N_("Landing project: days from the secured site to the start of construction"),
    "norm_days_construction": N_("Landing project: days of construction"),
    "norm_days_acceptance": N_("Landing project: days from acceptance to production"),
    "norm_days_in_production": N_("Landing project: days from production to full capacity"),
    "norm_days_office_in_use": N_("Landing project: days from the office in use to the team on board"),
    "norm_days_team_on_board": N_("Landing project: days from the team on board to the first revenue"),
    "stage_norm_days": N_("Days a landing project may stay in one stage before it counts as at risk"),
    "review_notice_days": N_("Days before an agreement ends when its renewal has to be decided"),
}
BOUNDS: dict[str, tuple[int, int]] = {
    "minimum_open_days": (1, 180),
    "refining_rounds": (1, 10),
    "refining_workdays": (1, 20),
    "opening_window_minutes": (5, 240),
    "reminder_days": (1, 30),
    "invitation_days": (1, 30),
    **{name: (7, 1500) for name in LABELS if name.startswith("norm_days_")},
    "stage_norm_days": (7, 720),
    "review_notice_days": (7, 720),
}


def house_rules(session: Session) -> HouseRules:
    """The rules in force."""
    known = {field.name for field in fields(HouseRules)}
    stored = {row.name: int(row.value) for row in session.scalars(select(Setting)) if row.name in known}
    return HouseRules(**stored)


def list_rules(session: Session, actor: Actor) -> list[Rule]:
    """Every rule for the settings page. Raises: Forbidden."""
    authorize(actor, Action.CHANGE_SETTING)
    now = house_rules(session)
    default = HouseRules()
    return [Rule(name, LABELS[name], getattr(now, name), getattr(default, name), *BOUNDS[name]) for name in LABELS]


def change_rule(session: Session, actor: Actor, *, name: str, value: int) -> None:
    """Put another value in force from now on.

    Raises: Forbidden, NotFound for an unknown rule, Invalid outside its bounds.
    """
    authorize(actor, Action.CHANGE_SETTING)
    if name not in BOUNDS:
        raise NotFound
    least, most = BOUNDS[name]
    if not least <= value <= most:
        raise Invalid(N_("The value must lie between {least} and {most}."), field=name, least=least, most=most)
    row = session.get(Setting, name) or Setting(name=name, value="", changed_at=clock.now())
    row.value, row.changed_by, row.changed_at = str(value), actor.person_id, clock.now()
    session.add(row)
    record_event(session, actor, Action.CHANGE_SETTING, "setting", stable_id(name), fields=[name, str(value)])
