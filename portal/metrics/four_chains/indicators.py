"""The indicators of the four chains as data: every one is a list of records, counted or summed by town and month.

The list behind a figure is the very query that made it, so the two cannot disagree.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, literal, or_, select

from db.models import (
    Award,
    Chain,
    Challenge,
    Event,
    FigureKind,
    Landing,
    LandingFigure,
    LandingStage,
    LandingStep,
    MoneySource,
    Proposal,
    ProposalStatus,
    ValidationPlan,
    ValidationStatus,
    Verdict,
)
from portal.challenges.progress import NEVER_OPEN
from portal.errors import N_
from portal.landings.workflow import ENDS
from portal.metrics.four_chains.months import Month
from portal.metrics.rules import Direction
from portal.permissions import Action

Rows = Select[*tuple[Any, ...]]
"""Columns town_code, object_id, amount: what one month counts, a row a record."""


class Unit(NamedTuple):
    """How a value is written: as a count with its word, as money in fen, or as a ratio."""

    name: str
    is_money: bool = False
    digits: int = 0


class Indicator(NamedTuple):
    """One indicator. `page` opens its records; `over` divides the sum by another one, as for a ratio."""

    key: str
    label: str
    chain: Chain
    unit: Unit
    source: str
    page: str
    rows: Callable[[Month], Rows]
    over: Callable[[Month], Rows] | None = None
    direction: Direction = Direction.POSITIVE


COUNT, PROJECTS, PERSONS = Unit(N_("records")), Unit(N_("projects")), Unit(N_("persons"))
MONEY, RATIO = Unit(N_("yuan"), is_money=True), Unit(N_("times"), digits=2)


def _published(month: Month) -> Rows:
    return select(Challenge.town_code, Challenge.id.label("object_id"), literal(1).label("amount")).where(
        Challenge.status.not_in(NEVER_OPEN), Challenge.opens_at >= month.starts_at, Challenge.opens_at < month.ends_at
    )


def _opened_proposals(month: Month) -> Rows:
    """Counted in the month of the opening: before it, how many there are is nobody's business."""
    return (
        select(Challenge.town_code, Challenge.id.label("object_id"), literal(1).label("amount"))
        .join(Proposal, Proposal.challenge_id == Challenge.id)
        .where(
            Challenge.opened_at >= month.starts_at,
            Challenge.opened_at < month.ends_at,
            Proposal.submission_number.is_not(None),
            Proposal.status != ProposalStatus.WITHDRAWN,
        )
    )


def _validated(month: Month) -> Rows:
    return (
        select(Challenge.town_code, ValidationPlan.id.label("object_id"), literal(1).label("amount"))
        .join(Challenge, Challenge.id == ValidationPlan.challenge_id)
        .where(
            ValidationPlan.status == ValidationStatus.SIGNED_OFF,
            ValidationPlan.verdict.in_((Verdict.PASSED, Verdict.CONDITIONAL)),
            ValidationPlan.changed_at >= month.starts_at,
            ValidationPlan.changed_at < month.ends_at,
        )
    )


def _contracts(month: Month, amount: Any) -> Rows:
    """Contracts that both sides signed in the month: the investigator's confirmation completes them."""
    signed = (
        select(Event.object_id)
        .where(
            Event.action == Action.SIGN_CONTRACT.value,
            Event.to_status == ProposalStatus.CONTRACTED.value,
            Event.happened_at >= month.starts_at,
            Event.happened_at < month.ends_at,
        )
        .distinct()
    )
    return (
        select(Challenge.town_code, Challenge.id.label("object_id"), amount.label("amount"))
        .join(Award, and_(Award.challenge_id == Challenge.id, Award.revoked_at.is_(None)))
        .where(Award.proposal_id.in_(signed))
    )


def _reached(*stages: LandingStage) -> Callable[[Month], Rows]:
    def rows(month: Month) -> Rows:
        return (
            select(Landing.town_code, Landing.id.label("object_id"), literal(1).label("amount"))
            .join(LandingStep, LandingStep.landing_id == Landing.id)
            .where(
                LandingStep.stage.in_(stages),
                LandingStep.happened_on >= month.first,
                LandingStep.happened_on < month.next_first,
            )
        )

    return rows


def _standing(kind: FigureKind, *sources: MoneySource) -> Callable[[Month], Rows]:
    """What living projects have come to by the end of the month: the newest actual figure of each kind and source."""

    def rows(month: Month) -> Rows:
        place = func.row_number().over(
            partition_by=(LandingFigure.landing_id, LandingFigure.source),
            order_by=(LandingFigure.as_of.desc(), LandingFigure.entered_at.desc(), LandingFigure.id),
        )
        known = select(LandingFigure.landing_id, LandingFigure.amount, place.label("place")).where(
            LandingFigure.kind == kind, LandingFigure.is_plan.is_(False), LandingFigure.as_of < month.next_first
        )
        if sources:
            known = known.where(LandingFigure.source.in_(sources))
        newest = known.subquery()
        living = or_(Landing.stage.not_in(ENDS), Landing.stage_since >= month.next_first)
        return (
            select(Landing.town_code, Landing.id.label("object_id"), newest.c.amount.label("amount"))
            .join(newest, and_(newest.c.landing_id == Landing.id, newest.c.place == 1))
            .where(living)
        )

    return rows


_PRIVATE = (MoneySource.ENTERPRISE, MoneySource.VENTURE, MoneySource.BANK)

INDICATORS: tuple[Indicator, ...] = (
    # innovation
    Indicator(
        "challenges_published",
        N_("Challenges published"),
        Chain.INNOVATION,
        COUNT,
        N_("Challenges that opened for proposals in the month"),
        "challenge",
        _published,
    ),
    Indicator(
        "proposals_opened",
        N_("Proposals opened"),
        Chain.INNOVATION,
        COUNT,
        N_("Proposals of challenges whose proposals were opened in the month; sealed ones never count"),
        "challenge",
        _opened_proposals,
    ),
    Indicator(
        "solutions_validated",
        N_("Solutions validated on the line"),
        Chain.INNOVATION,
        COUNT,
        N_("Line validations signed off in the month as passed, with or without conditions"),
        "validation",
        _validated,
    ),
    Indicator(
        "contracts_signed",
        N_("Technology contracts signed"),
        Chain.INNOVATION,
        COUNT,
        N_("Contracts on awarded proposals that both sides signed in the month"),
        "challenge",
        lambda month: _contracts(month, literal(1)),
    ),
    # industry
    Indicator(
        "companies_registered",
        N_("Projects landed"),
        Chain.INDUSTRY,
        PROJECTS,
        N_("Landing projects whose company was registered in the month"),
        "landing",
        _reached(LandingStage.COMPANY_REGISTERED),
    ),
    Indicator(
        "projects_in_production",
        N_("Projects in production or with revenue"),
        Chain.INDUSTRY,
        PROJECTS,
        N_("Landing projects that went into production, or had their first revenue, in the month"),
        "landing",
        _reached(LandingStage.IN_PRODUCTION, LandingStage.FIRST_REVENUE),
    ),
    Indicator(
        "jobs",
        N_("Jobs in landing projects"),
        Chain.INDUSTRY,
        PERSONS,
        N_("Actual jobs of living projects by the end of the month, newest figure of each"),
        "landing",
        _standing(FigureKind.JOBS),
    ),
    # capital
    Indicator(
        "contract_value",
        N_("Value of technology contracts"),
        Chain.CAPITAL,
        MONEY,
        N_("Sums of the contracts signed in the month"),
        "challenge",
        lambda month: _contracts(month, Award.sum_fen),
    ),
    Indicator(
        "venture_money",
        N_("Venture money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual venture investment in living projects by the end of the month"),
        "landing",
        _standing(FigureKind.INVESTMENT, MoneySource.VENTURE),
    ),
    Indicator(
        "enterprise_money",
        N_("Enterprise and bank money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual investment of enterprises and banks in living projects by the end of the month"),
        "landing",
        _standing(FigureKind.INVESTMENT, MoneySource.ENTERPRISE, MoneySource.BANK),
    ),
    Indicator(
        "government_money",
        N_("Government money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual government investment in living projects by the end of the month"),
        "landing",
        _standing(FigureKind.INVESTMENT, MoneySource.GOVERNMENT),
    ),
    Indicator(
        "leverage",
        N_("Leverage of government money"),
        Chain.CAPITAL,
        RATIO,
        N_("Other money for each yuan of government money in living projects; 0 where there is no government money"),
        "landing",
        _standing(FigureKind.INVESTMENT, *_PRIVATE),
        over=_standing(FigureKind.INVESTMENT, MoneySource.GOVERNMENT),
    ),
)
"""In the order of the chains; the talent chain's stand in `portal.metrics.talent_indicators`."""


def indicator_of(key: str) -> Indicator | None:
    return next((one for one in INDICATORS if one.key == key), None)


def of_chain(chain: Chain) -> list[Indicator]:
    return [one for one in INDICATORS if one.chain is chain]


def measured(keys: Collection[str]) -> list[Indicator]:
    """These indicators as they stand above; one of an old edition that is no longer measured is left out."""
    return [one for one in INDICATORS if one.key in keys]
