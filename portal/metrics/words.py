"""Words for the event table's codes: acts, kinds of record, statuses."""

from enum import StrEnum

from db.models import (
    AgreementStatus,
    ChallengeStatus,
    CommitmentStatus,
    ImportStatus,
    LandingStage,
    MembershipStatus,
    OrganisationStatus,
    ProposalStatus,
    ValidationStatus,
    VentureStatus,
)
from portal.errors import N_
from portal.i18n import translate
from portal.permissions import Action
from portal.wording import label

OBJECTS = {
    "addendum": N_("Addendum"),
    "agreement": N_("University agreement"),
    "challenge": N_("Challenge"),
    "commitment": N_("Commitment"),
    "export": N_("Export"),
    "file": N_("File"),
    "import": N_("Import"),
    "landing": N_("Landing project"),
    "membership": N_("Membership"),
    "nda": N_("NDA"),
    "opening_key": N_("Opening key"),
    "organisation": N_("Organisation"),
    "person": N_("Account"),
    "proposal": N_("Proposal"),
    "question": N_("Question"),
    "setting": N_("Setting"),
    "validation": N_("Line validation"),
    "venture": N_("Venture"),
}
STATUSES: dict[str, type[StrEnum]] = {
    "agreement": AgreementStatus,
    "challenge": ChallengeStatus,
    "commitment": CommitmentStatus,
    "import": ImportStatus,
    "landing": LandingStage,
    "membership": MembershipStatus,
    "organisation": OrganisationStatus,
    "proposal": ProposalStatus,
    "validation": ValidationStatus,
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
