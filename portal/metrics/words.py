"""Words for the event table's codes: acts, kinds of record, statuses."""

from collections.abc import Sequence
from enum import StrEnum

from db.models import (
    AgreementStatus,
    ChallengeStatus,
    ClaimStatus,
    CommitmentStatus,
    EditionStatus,
    FirstStatus,
    ImportStatus,
    LandingStage,
    MembershipStatus,
    OrganisationStatus,
    ParticipantStatus,
    ProposalStatus,
    TalentStage,
    TalkStatus,
    ValidationStatus,
    VentureStatus,
    VisitStatus,
)
from portal.errors import N_
from portal.i18n import translate
from portal.metrics.rules import Grade
from portal.permissions import Action
from portal.reviews.workflow import WALKED_AWAY, Party
from portal.wording import label

OBJECTS = {
    "addendum": N_("Addendum"),
    "agreement": N_("University agreement"),
    "challenge": N_("Challenge"),
    "edition": N_("Edition"),
    "commitment": N_("Commitment"),
    "export": N_("Export"),
    "file": N_("File"),
    "import": N_("Import"),
    "landing": N_("Landing project"),
    "landing_claim": N_("Claim to a landing project"),
    "landing_first": N_("First of its kind"),
    "membership": N_("Membership"),
    "nda": N_("NDA"),
    "opening_key": N_("Opening key"),
    "organisation": N_("Organisation"),
    "participant": N_("Participant of a visit"),
    "person": N_("Account"),
    "proposal": N_("Proposal"),
    "question": N_("Question"),
    "setting": N_("Setting"),
    "support_talk": N_("Support talk"),
    "snapshot": N_("Frozen month"),
    "talent": N_("Talent record"),
    "validation": N_("Line validation"),
    "visit": N_("Visit"),
    "venture": N_("Venture"),
}
STATUSES: dict[str, type[StrEnum]] = {
    "agreement": AgreementStatus,
    "challenge": ChallengeStatus,
    "edition": EditionStatus,
    "commitment": CommitmentStatus,
    "import": ImportStatus,
    "landing": LandingStage,
    "landing_claim": ClaimStatus,
    "landing_first": FirstStatus,
    "membership": MembershipStatus,
    "organisation": OrganisationStatus,
    "participant": ParticipantStatus,
    "proposal": ProposalStatus,
    "support_talk": TalkStatus,
    "talent": TalentStage,
    "validation": ValidationStatus,
    "visit": VisitStatus,
    "venture": VentureStatus,
}


def action_words(code: str, language: str) -> str:
    """The verb of an act; a code that is no user's act is the name of a kind of record or stands as it is."""
    return label(Action(code), language) if code in set(Action) else object_words(code, language)


def object_words(code: str, language: str) -> str:
    return translate(OBJECTS[code], language) if code in OBJECTS else code


def status_words(object_type: str, code: str, language: str) -> str:
    """The word for a status of that kind of record; empty for none."""
    words = STATUSES.get(object_type)
    return label(words(code), language) if words and code else code


def detail_words(action: str, fields: Sequence[str], language: str) -> str:
    """What the fields of an act say to everybody who may see it; empty for most."""
    sides = [party for party in Party if party in fields] if action == Action.FALL_THROUGH else []
    return translate(WALKED_AWAY[sides[0]], language) if sides else ""


GRADES = {
    Grade.EXTREME_IMBALANCE: N_("extreme imbalance"),
    Grade.SEVERE_IMBALANCE: N_("severe imbalance"),
    Grade.MODERATE_IMBALANCE: N_("moderate imbalance"),
    Grade.MILD_IMBALANCE: N_("mild imbalance"),
    Grade.NEAR_IMBALANCE: N_("near imbalance"),
    Grade.BARE_COORDINATION: N_("bare coordination"),
    Grade.PRIMARY_COORDINATION: N_("primary coordination"),
    Grade.INTERMEDIATE_COORDINATION: N_("intermediate coordination"),
    Grade.GOOD_COORDINATION: N_("good coordination"),
    Grade.EXCELLENT_COORDINATION: N_("excellent coordination"),
}
"""The ten grades of the degree of coordination, in the words of the literature."""
