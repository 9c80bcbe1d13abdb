"""A proposal: an institute's sealed answer to one challenge (院所答题)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Keyed
from db.models.challenge import Challenge
from db.models.organisation import Organisation
from db.types import Sealed


class ProposalStatus(StrEnum):
    DRAFT = "draft"
    INTERNAL_CHECK = "internal_check"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    IN_EVALUATION = "in_evaluation"
    SHORTLISTED = "shortlisted"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined_by_proposer"


class ProposalSectionKey(StrEnum):
    """The sections a researcher fills in, in the order of the form."""

    COVER = "cover"  # title, sum, summary
    PROMISES = "promises"  # a value per acceptance metric
    APPROACH = "approach"  # an answer per rubric criterion
    READINESS = "readiness"
    ADVANTAGE = "advantage"
    PLAN = "plan"
    TEAM = "team"
    BUDGET = "budget"


class CoApplicantStatus(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Proposal(Keyed, Base):
    """The head of a proposal; every word of it is sealed, so even the title lives in a section."""

    __tablename__ = "proposal"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    # Assigned only by portal.workflow.advance, which also writes the event.
    status: Mapped[ProposalStatus] = mapped_column(default=ProposalStatus.DRAFT)
    # The proposal's own key, wrapped by the key file outside the database.
    wrapped_key: Mapped[Sealed]
    # What the institute's admin cleared: digest of title, sum and team; another digest asks for clearing again.
    cleared_digest: Mapped[str | None] = mapped_column(String(64))
    cleared_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    cleared_at: Mapped[datetime | None]
    # What the investigator asked to have cleared; set while the admin's answer is awaited.
    clearance_asked_digest: Mapped[str | None] = mapped_column(String(64))
    clearance_note: Mapped[Sealed | None]
    # Number of the submission that counts, the last one; None before the first and after a withdrawal.
    submission_number: Mapped[int | None]
    decision_reason: Mapped[Sealed | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    challenge: Mapped[Challenge] = relationship(lazy="raise")
    institute: Mapped[Organisation] = relationship(lazy="raise")
    team: Mapped[list["TeamMember"]] = relationship(lazy="raise", viewonly=True)
    co_applicants: Mapped[list["CoApplicant"]] = relationship(lazy="raise", viewonly=True)

    __table_args__ = (
        # One answer a person and challenge: a withdrawn one is taken up again, not written anew.
        UniqueConstraint("challenge_id", "lead_id"),
        Index("ix_proposal_challenge_status", "challenge_id", "status"),
        Index("ix_proposal_lead_changed", "lead_id", "changed_at"),
        Index("ix_proposal_institute_status", "institute_id", "status"),
    )
    __mapper_args__ = {"version_id_col": version}


class ProposalSection(Keyed, Base):
    """One section of a draft, encrypted from the first keystroke that is saved."""

    __tablename__ = "proposal_section"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    key: Mapped[ProposalSectionKey]
    # JSON by key: see portal.proposals.sections.
    content: Mapped[Sealed]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("proposal_id", "key"),)
    __mapper_args__ = {"version_id_col": version}


class ProposalSubmission(Keyed, Base):
    """What was handed in, as one sealed document: it counts, whatever the draft says later."""

    __tablename__ = "proposal_submission"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    # SHA-256 of the canonical JSON of the whole document with its file hashes; the receipt.
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[Sealed]
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("proposal_id", "number"),)


class ProposalFile(Keyed, Base):
    """An attachment of a proposal; its bytes, name and hash are sealed with the proposal's key."""

    __tablename__ = "proposal_file"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("file_object.id"), unique=True)
    removed_at: Mapped[datetime | None]


class TeamMember(Keyed, Base):
    """A person who works on the proposal and may read and write it."""

    __tablename__ = "team_member"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)


class CoApplicant(Keyed, Base):
    """Another organisation that answers together; its admin confirms or declines."""

    __tablename__ = "co_applicant"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[CoApplicantStatus] = mapped_column(default=CoApplicantStatus.INVITED)
    # What the invited organisation is told of its part, sealed like the rest.
    part: Mapped[Sealed]
    invited_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        UniqueConstraint("proposal_id", "organisation_id"),
        Index("ix_co_applicant_organisation", "organisation_id", "status"),
    )
    __mapper_args__ = {"version_id_col": version}


class AddendumAcknowledgement(Keyed, Base):
    """The proposer has read a material addendum and stands by the proposal."""

    __tablename__ = "addendum_acknowledgement"

    addendum_id: Mapped[UUID] = mapped_column(ForeignKey("addendum.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("addendum_id", "proposal_id"),)


class Ranking(Keyed, Base):
    """The rank that operator and enterprise admin gave one proposal, and why."""

    __tablename__ = "ranking"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), unique=True)
    rank: Mapped[int]
    reason: Mapped[Sealed]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    # The other side agrees; both set means the ranking is locked for the shortlist.
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("challenge_id", "rank"),)
    __mapper_args__ = {"version_id_col": version}
