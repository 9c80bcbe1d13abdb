"""The indicators of the four chains as data: every one is a list of records, counted or summed by town and month.

The list behind a figure is the very query that made it, so the two cannot disagree.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import literal

from db.models import Award, Chain, FigureKind, LandingStage, MoneySource
from portal.errors import N_
from portal.metrics.four_chains.months import Month
from portal.metrics.four_chains.sources import (
    HIGH_CLASSES,
    Rows,
    arrived,
    contracts,
    dual_posts,
    firsts,
    opened_proposals,
    published,
    reached,
    retained,
    standing,
    validated,
)
from portal.metrics.rules import Direction


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
    is_personal: bool = False  # counts persons: small numbers are hidden from who may not see them


COUNT, PROJECTS = Unit(N_("records")), Unit(N_("projects"))
PERSONS, POSTS = Unit(N_("persons")), Unit(N_("posts"))
MONEY, RATIO = Unit(N_("yuan"), is_money=True), Unit(N_("times"), digits=2)


_PRIVATE = (MoneySource.ENTERPRISE, MoneySource.VENTURE, MoneySource.BANK)

INDICATORS: tuple[Indicator, ...] = (
    # talent
    Indicator(
        "arrivals_high",
        N_("Arrivals of class A to C"),
        Chain.TALENT,
        PERSONS,
        N_("People with a certificate of class A, B or C who arrived in the month"),
        "talent",
        arrived(*HIGH_CLASSES),
        is_personal=True,
    ),
    Indicator(
        "arrivals",
        N_("Other arrivals"),
        Chain.TALENT,
        PERSONS,
        N_("People of class D or E, or without a certificate, who arrived in the month"),
        "talent",
        arrived(),
        is_personal=True,
    ),
    Indicator(
        "dual_posts",
        N_("Dual posts"),
        Chain.TALENT,
        POSTS,
        N_("Posts beside the main one that somebody held on the last day of the month"),
        "talent",
        dual_posts,
        is_personal=True,
    ),
    Indicator(
        "retained",
        N_("Stayed for twelve months"),
        Chain.TALENT,
        PERSONS,
        N_("People whose stay of twelve months was recorded for a day of the month"),
        "talent",
        retained,
        is_personal=True,
    ),
    # innovation
    Indicator(
        "challenges_published",
        N_("Challenges published"),
        Chain.INNOVATION,
        COUNT,
        N_("Challenges that opened for proposals in the month"),
        "challenge",
        published,
    ),
    Indicator(
        "proposals_opened",
        N_("Proposals opened"),
        Chain.INNOVATION,
        COUNT,
        N_("Proposals of challenges whose proposals were opened in the month; sealed ones never count"),
        "challenge",
        opened_proposals,
    ),
    Indicator(
        "solutions_validated",
        N_("Solutions validated on the line"),
        Chain.INNOVATION,
        COUNT,
        N_("Line validations signed off in the month as passed, with or without conditions"),
        "validation",
        validated,
    ),
    Indicator(
        "contracts_signed",
        N_("Technology contracts signed"),
        Chain.INNOVATION,
        COUNT,
        N_("Contracts on awarded proposals that both sides signed in the month"),
        "challenge",
        lambda month: contracts(month, literal(1)),
    ),
    # industry
    Indicator(
        "companies_registered",
        N_("Projects landed"),
        Chain.INDUSTRY,
        PROJECTS,
        N_("Landing projects whose company was registered in the month"),
        "landing",
        reached(LandingStage.COMPANY_REGISTERED),
    ),
    Indicator(
        "projects_in_production",
        N_("Projects in production or with revenue"),
        Chain.INDUSTRY,
        PROJECTS,
        N_("Landing projects that went into production, or had their first revenue, in the month"),
        "landing",
        reached(LandingStage.IN_PRODUCTION, LandingStage.FIRST_REVENUE),
    ),
    Indicator(
        "jobs",
        N_("Jobs in landing projects"),
        Chain.INDUSTRY,
        PERSONS,
        N_("Actual jobs of living projects by the end of the month, newest figure of each"),
        "landing",
        standing(FigureKind.JOBS),
    ),
    Indicator(
        "output",
        N_("Output of landing projects"),
        Chain.INDUSTRY,
        MONEY,
        N_("Actual output of living projects by the end of the month, newest figure of each"),
        "landing",
        standing(FigureKind.OUTPUT),
    ),
    Indicator(
        "firsts",
        N_("Firsts and flagships"),
        Chain.INDUSTRY,
        COUNT,
        N_("Firsts in the country, province or city, and flagships, verified in the month"),
        "landing",
        firsts,
    ),
    # capital
    Indicator(
        "contract_value",
        N_("Value of technology contracts"),
        Chain.CAPITAL,
        MONEY,
        N_("Sums of the contracts signed in the month"),
        "challenge",
        lambda month: contracts(month, Award.sum_fen),
    ),
    Indicator(
        "venture_money",
        N_("Venture money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual venture investment in living projects by the end of the month"),
        "landing",
        standing(FigureKind.INVESTMENT, MoneySource.VENTURE),
    ),
    Indicator(
        "enterprise_money",
        N_("Enterprise and bank money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual investment of enterprises and banks in living projects by the end of the month"),
        "landing",
        standing(FigureKind.INVESTMENT, MoneySource.ENTERPRISE, MoneySource.BANK),
    ),
    Indicator(
        "government_money",
        N_("Government money invested"),
        Chain.CAPITAL,
        MONEY,
        N_("Actual government investment in living projects by the end of the month"),
        "landing",
        standing(FigureKind.INVESTMENT, MoneySource.GOVERNMENT),
    ),
    Indicator(
        "leverage",
        N_("Leverage of government money"),
        Chain.CAPITAL,
        RATIO,
        N_("Other money for each yuan of government money in living projects; 0 where there is no government money"),
        "landing",
        standing(FigureKind.INVESTMENT, *_PRIVATE),
        over=standing(FigureKind.INVESTMENT, MoneySource.GOVERNMENT),
    ),
)
"""In the order of the chains."""


def indicator_of(key: str) -> Indicator | None:
    return next((one for one in INDICATORS if one.key == key), None)


def of_chain(chain: Chain) -> list[Indicator]:
    return [one for one in INDICATORS if one.chain is chain]


def measured(keys: Collection[str]) -> list[Indicator]:
    """These indicators as they stand above; one of an old edition that is no longer measured is left out."""
    return [one for one in INDICATORS if one.key in keys]
