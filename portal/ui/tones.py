"""The tone of every status: grey draft, amber waiting, green open, blue in evaluation, primary done, red negative."""

from enum import Enum
from typing import Literal

import streamlit as st

from db.models import (
    ChallengeStatus,
    CoApplicantStatus,
    DecisionStatus,
    ImportStatus,
    LandingFlag,
    LandingStage,
    MembershipStatus,
    OrganisationStatus,
    ProposalStatus,
    ValidationStatus,
    Verdict,
)
from portal.ui.words import label

Tone = Literal["gray", "orange", "green", "blue", "primary", "red"]

_GRAY, _AMBER, _GREEN, _BLUE, _DONE, _RED = "gray", "orange", "green", "blue", "primary", "red"

TONES: dict[Enum, str] = {
    **dict.fromkeys((ChallengeStatus.DRAFT, ProposalStatus.DRAFT, LandingStage.LEAD, ValidationStatus.PLANNED), _GRAY),
    **dict.fromkeys(
        (
            ChallengeStatus.SUBMITTED,
            ChallengeStatus.REFINING,
            ChallengeStatus.APPROVED,
            ChallengeStatus.SUSPENDED,
            ProposalStatus.INTERNAL_CHECK,
            ProposalStatus.RESERVE,
            ValidationStatus.CONDITIONAL,
            ValidationStatus.INCONCLUSIVE,
            Verdict.CONDITIONAL,
            Verdict.INCONCLUSIVE,
            LandingFlag.AT_RISK,
            OrganisationStatus.APPLIED,
            MembershipStatus.PROPOSED,
            DecisionStatus.PREPARED,
            CoApplicantStatus.INVITED,
        ),
        _AMBER,
    ),
    **dict.fromkeys(
        (
            ChallengeStatus.OPEN,
            ProposalStatus.SUBMITTED,
            ProposalStatus.ELIGIBLE,
            ValidationStatus.RUNNING,
            LandingFlag.ON_TRACK,
            OrganisationStatus.VERIFIED,
            MembershipStatus.ACTIVE,
            CoApplicantStatus.CONFIRMED,
            DecisionStatus.APPROVED,
        ),
        _GREEN,
    ),
    **dict.fromkeys(
        (
            ChallengeStatus.SOLVED,
            ChallengeStatus.AWARDED,
            ProposalStatus.AWARDED,
            ProposalStatus.CONTRACTED,
            ValidationStatus.PASSED,
            ValidationStatus.SIGNED_OFF,
            Verdict.PASSED,
            LandingStage.IN_PRODUCTION,
            LandingStage.AT_CAPACITY,
            LandingStage.FIRST_REVENUE,
            ImportStatus.DONE,
        ),
        _DONE,
    ),
    **dict.fromkeys(
        (
            ChallengeStatus.UNSOLVED,
            ChallengeStatus.REJECTED,
            ChallengeStatus.WITHDRAWN,
            ChallengeStatus.NO_AWARD,
            ProposalStatus.INELIGIBLE,
            ProposalStatus.NOT_SELECTED,
            ProposalStatus.WITHDRAWN,
            ProposalStatus.DECLINED,
            ValidationStatus.FAILED,
            ValidationStatus.ABORTED,
            Verdict.FAILED,
            LandingFlag.STALLED,
            LandingStage.LOST,
            LandingStage.RELOCATED,
            LandingStage.TERMINATED,
            OrganisationStatus.REJECTED,
            OrganisationStatus.DISABLED,
            MembershipStatus.DISABLED,
            MembershipStatus.REFUSED,
            CoApplicantStatus.DECLINED,
            DecisionStatus.REFUSED,
            ImportStatus.UNDONE,
        ),
        _RED,
    ),
}


def tone_of(member: Enum) -> Tone:
    """Whatever stands nowhere else is under way: blue."""
    return TONES.get(member, _BLUE)  # type: ignore[return-value]


def badge(member: Enum) -> None:
    """A status as a word with its tone; a tone never stands alone."""
    st.badge(label(member), color=tone_of(member))
