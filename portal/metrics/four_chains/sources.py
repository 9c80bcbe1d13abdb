"""What each indicator counts: records with their town and amount, a query for any month."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select

from db.models import (
    Award,
    Challenge,
    Event,
    FigureKind,
    FirstStatus,
    Landing,
    LandingFigure,
    LandingFirst,
    LandingStage,
    LandingStep,
    MoneySource,
    Proposal,
    ProposalStatus,
    Talent,
    TalentClass,
    TalentPost,
    TalentStage,
    TalentStep,
    ValidationPlan,
    ValidationStatus,
    Verdict,
)
from portal.challenges.progress import NEVER_OPEN
from portal.landings.workflow import ENDS
from portal.metrics.four_chains.months import Month
from portal.permissions import Action

Rows = Select[*tuple[Any, ...]]
"""Columns town_code, object_id, amount: a row a record; a record may stand in several rows."""

HIGH_CLASSES = (TalentClass.A, TalentClass.B, TalentClass.C)
_ONE = literal(1).label("amount")


def arrived(*classes: TalentClass) -> Callable[[Month], Rows]:
    """People who arrived in the month: of these classes, or, with none named, of any other or no class."""
    others = or_(Talent.talent_class.is_(None), Talent.talent_class.not_in(HIGH_CLASSES))
    wanted = Talent.talent_class.in_(classes) if classes else others

    def rows(month: Month) -> Rows:
        return select(Talent.town_code, Talent.id.label("object_id"), _ONE).where(
            wanted, Talent.arrived_on >= month.first, Talent.arrived_on < month.next_first
        )

    return rows


def dual_posts(month: Month) -> Rows:
    """Posts beside the main one that somebody held on the last day of the month."""
    return (
        select(Talent.town_code, Talent.id.label("object_id"), _ONE)
        .join(TalentPost, TalentPost.talent_id == Talent.id)
        .where(
            TalentPost.is_main.is_(False),
            TalentPost.since < month.next_first,
            or_(TalentPost.until.is_(None), TalentPost.until >= month.last),
        )
    )


def retained(month: Month) -> Rows:
    return (
        select(Talent.town_code, Talent.id.label("object_id"), _ONE)
        .join(TalentStep, TalentStep.talent_id == Talent.id)
        .where(
            TalentStep.stage == TalentStage.RETAINED,
            TalentStep.happened_on >= month.first,
            TalentStep.happened_on < month.next_first,
        )
    )


def published(month: Month) -> Rows:
    return select(Challenge.town_code, Challenge.id.label("object_id"), _ONE).where(
        Challenge.status.not_in(NEVER_OPEN), Challenge.opens_at >= month.starts_at, Challenge.opens_at < month.ends_at
    )


def opened_proposals(month: Month) -> Rows:
    """Counted in the month of the opening: before it, how many there are is nobody's business."""
    return (
        select(Challenge.town_code, Challenge.id.label("object_id"), _ONE)
        .join(Proposal, Proposal.challenge_id == Challenge.id)
        .where(
            Challenge.opened_at >= month.starts_at,
            Challenge.opened_at < month.ends_at,
            Proposal.submission_number.is_not(None),
            Proposal.status != ProposalStatus.WITHDRAWN,
        )
    )


def validated(month: Month) -> Rows:
    return (
        select(Challenge.town_code, ValidationPlan.id.label("object_id"), _ONE)
        .join(Challenge, Challenge.id == ValidationPlan.challenge_id)
        .where(
            ValidationPlan.status == ValidationStatus.SIGNED_OFF,
            ValidationPlan.verdict.in_((Verdict.PASSED, Verdict.CONDITIONAL)),
            ValidationPlan.changed_at >= month.starts_at,
            ValidationPlan.changed_at < month.ends_at,
        )
    )


def contracts(month: Month, amount: Any) -> Rows:
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


def reached(*stages: LandingStage) -> Callable[[Month], Rows]:
    def rows(month: Month) -> Rows:
        return (
            select(Landing.town_code, Landing.id.label("object_id"), _ONE)
            .join(LandingStep, LandingStep.landing_id == Landing.id)
            .where(
                LandingStep.stage.in_(stages),
                LandingStep.happened_on >= month.first,
                LandingStep.happened_on < month.next_first,
            )
        )

    return rows


def firsts(month: Month) -> Rows:
    """Firsts and flagships, in the month in which somebody verified the claim."""
    return (
        select(Landing.town_code, Landing.id.label("object_id"), _ONE)
        .join(LandingFirst, LandingFirst.landing_id == Landing.id)
        .where(
            LandingFirst.status == FirstStatus.VERIFIED,
            LandingFirst.decided_at >= month.starts_at,
            LandingFirst.decided_at < month.ends_at,
        )
    )


def standing(kind: FigureKind, *sources: MoneySource) -> Callable[[Month], Rows]:
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
