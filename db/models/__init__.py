"""Every table, one file per aggregate."""

from db.models.account import (
    LoginSession,
    Membership,
    MembershipStatus,
    OneTimeLink,
    OneTimeLinkKind,
    Person,
    RateCount,
    Role,
)
from db.models.agreement import (
    Agreement,
    AgreementField,
    AgreementPart,
    AgreementParty,
    AgreementStatus,
    Commitment,
    CommitmentReport,
    CommitmentStatus,
    CooperationField,
    PartySide,
    SteeringMember,
)
from db.models.award import Award, Reply, ReplyReason, Terms
from db.models.challenge import (
    AcceptanceMetric,
    Addendum,
    Challenge,
    ChallengeFile,
    ChallengeSection,
    ChallengeStatus,
    Disclosure,
    IpRegime,
    NdaAcceptance,
    NdaMode,
    NdaVersion,
    OpeningKey,
    Question,
    ReturnComment,
    RubricCriterion,
    SectionKey,
)
from db.models.common import (
    Decision,
    DecisionKind,
    DecisionStatus,
    Event,
    EventHead,
    FileObject,
    ImportBatch,
    ImportStatus,
    Lease,
    Notification,
    OutboxMail,
    Setting,
)
from db.models.landing import (
    FigureKind,
    Landing,
    LandingCategory,
    LandingFigure,
    LandingFlag,
    LandingLane,
    LandingStage,
    LandingStep,
    LossCause,
    MoneySource,
)
from db.models.organisation import Organisation, OrganisationKind, OrganisationStatus
from db.models.proposal import (
    AddendumAcknowledgement,
    CoApplicant,
    CoApplicantStatus,
    Proposal,
    ProposalFile,
    ProposalSection,
    ProposalSectionKey,
    ProposalStatus,
    ProposalSubmission,
    Ranking,
    TeamMember,
)
from db.models.validation import (
    Measurement,
    PlanCharacteristic,
    RunStage,
    SignOff,
    ValidationPlan,
    ValidationRun,
    ValidationStatus,
    Verdict,
)
from db.models.venture import (
    Venture,
    VentureAdvice,
    VentureExpert,
    VentureObjection,
    VentureParty,
    VenturePhase,
    VentureStatus,
    VentureTask,
)

__all__ = [name for name in dir() if name[0].isupper()]
