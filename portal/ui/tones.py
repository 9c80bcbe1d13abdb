"""The tone of every status: grey draft, amber waiting, green open, blue in evaluation, primary done, red negative."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Literal

import streamlit as st

from db.models import (
    AgreementStatus,
    ChallengeStatus,
    ClaimStatus,
    CoApplicantStatus,
    CommitmentStatus,
    DecisionStatus,
    EditionStatus,
    FirstLevel,
    FirstStatus,
    ImportStatus,
    LandingFlag,
    LandingStage,
    MembershipStatus,
    OrganisationStatus,
    ParticipantStatus,
    ProposalStatus,
    TalentStage,
    TalkStatus,
    ValidationStatus,
    VentureAdvice,
    VentureStatus,
    Verdict,
    VisitStatus,
)
from portal.ui.words import escape, label
from portal.vocabulary import ByMember

Tone = Literal["gray", "orange", "green", "blue", "primary", "red"]

_GRAY, _AMBER, _GREEN, _BLUE, _DONE, _RED = "gray", "orange", "green", "blue", "primary", "red"


def _all(members: Iterable[Enum], tone: str) -> list[tuple[Enum, str]]:
    return [(member, tone) for member in members]


TONES: Mapping[Enum, str] = ByMember(
    (
        # ventures
        *_all((VentureStatus.DRAFT,), _GRAY),
        *_all(
            (
                VentureStatus.RETURNED,
                VentureStatus.INSTITUTE_CONSENTED,
                VentureStatus.ENTERPRISE_CONSENTED,
                VentureStatus.SUBMITTED,
                VentureStatus.OBJECTED,
            ),
            _AMBER,
        ),
        *_all((VentureStatus.ACTIVE, VentureStatus.APPROVED, VentureAdvice.FOR), _GREEN),
        (VentureStatus.COMPLETED, _DONE),
        *_all(
            (
                VentureStatus.NOT_PROPOSED,
                VentureStatus.UPHELD,
                VentureStatus.EXITED,
                VentureStatus.TERMINATED,
                VentureAdvice.AGAINST,
            ),
            _RED,
        ),
        # agreements
        (AgreementStatus.NEGOTIATING, _GRAY),
        (AgreementStatus.REVIEW_DUE, _AMBER),
        (AgreementStatus.EFFECTIVE, _GREEN),
        (AgreementStatus.RENEWED, _DONE),
        (AgreementStatus.TERMINATED, _RED),
        (AgreementStatus.EXPIRED, _GRAY),
        (CommitmentStatus.PLANNED, _GRAY),
        (CommitmentStatus.ON_TRACK, _GREEN),
        (CommitmentStatus.AT_RISK, _AMBER),
        (CommitmentStatus.DELIVERED, _DONE),
        (CommitmentStatus.DROPPED, _RED),
        *_all((ChallengeStatus.DRAFT, ProposalStatus.DRAFT, LandingStage.LEAD, ValidationStatus.PLANNED), _GRAY),
        # talents
        *_all((TalentStage.REACHED, TalentStage.VISITED), _GRAY),
        *_all((TalentStage.JOINED,), _GREEN),
        *_all((TalentStage.RETAINED, TalentStage.LEADS), _DONE),
        # visits
        (VisitStatus.PLANNED, _GRAY),
        (VisitStatus.REGISTRATION_OPEN, _GREEN),
        (VisitStatus.DEBRIEFED, _DONE),
        (VisitStatus.CANCELLED, _RED),
        *_all((ParticipantStatus.REGISTERED, ParticipantStatus.ATTENDED), _GREEN),
        (ParticipantStatus.WAITLISTED, _AMBER),
        *_all((ParticipantStatus.INTERN, ParticipantStatus.JOINED, ParticipantStatus.RETAINED_12M), _DONE),
        *_all((ParticipantStatus.CANCELLED, ParticipantStatus.NO_SHOW), _GRAY),
        *_all(
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
                FirstStatus.CLAIMED,
                ClaimStatus.OPEN,
                TalkStatus.DUE,
                OrganisationStatus.APPLIED,
                MembershipStatus.PROPOSED,
                DecisionStatus.PREPARED,
                EditionStatus.PREPARED,
                CoApplicantStatus.INVITED,
            ),
            _AMBER,
        ),
        *_all(
            (
                ChallengeStatus.OPEN,
                ProposalStatus.SUBMITTED,
                ProposalStatus.ELIGIBLE,
                ValidationStatus.RUNNING,
                LandingFlag.ON_TRACK,
                FirstStatus.VERIFIED,
                ClaimStatus.ACCEPTED,
                OrganisationStatus.VERIFIED,
                MembershipStatus.ACTIVE,
                CoApplicantStatus.CONFIRMED,
                DecisionStatus.APPROVED,
                EditionStatus.PUBLISHED,
            ),
            _GREEN,
        ),
        *_all(
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
                *FirstLevel,
                TalkStatus.CLOSED,
                ImportStatus.DONE,
            ),
            _DONE,
        ),
        *_all(
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
                EditionStatus.DISCARDED,
                ImportStatus.UNDONE,
            ),
            _RED,
        ),
    )
)


def tone_of(member: Enum) -> Tone:
    """Whatever stands nowhere else is under way: blue."""
    return TONES.get(member, _BLUE)  # type: ignore[return-value]


def badge_words(member: Enum) -> str:
    """The same inside Markdown."""
    return f":{tone_of(member)}-badge[{escape(label(member))}]"


def badge(member: Enum) -> None:
    """A status as a word with its tone; a tone never stands alone."""
    st.badge(label(member), color=tone_of(member))
