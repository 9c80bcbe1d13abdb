"""Words for the event table's codes: acts, kinds of record, statuses."""

from enum import StrEnum
from typing import Any

from db.models import (
    ChallengeStatus,
    ImportStatus,
    LandingStage,
    MembershipStatus,
    OrganisationStatus,
    ProposalStatus,
    ValidationStatus,
)
from portal.errors import N_
from portal.permissions import Action
from portal.ui.words import _, label

OBJECTS = {
    "addendum": N_("Addendum"),
    "challenge": N_("Challenge"),
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
}
STATUSES: dict[str, type[StrEnum]] = {
    "challenge": ChallengeStatus,
    "import": ImportStatus,
    "landing": LandingStage,
    "membership": MembershipStatus,
    "organisation": OrganisationStatus,
    "proposal": ProposalStatus,
    "validation": ValidationStatus,
}


def action_words(code: str) -> str:
    """The verb of an act; a code that is no user's act is shown as it is."""
    return label(Action(code)) if code in set(Action) else code


def object_words(code: str) -> str:
    return _(OBJECTS[code]) if code in OBJECTS else code


def status_words(row: Any) -> str:
    """`Draft → Submitted`, or one word when the status stayed."""
    words = STATUSES.get(row.object_type)
    parts = [label(words(code)) if words else code for code in (row.from_status, row.to_status) if code]
    return " → ".join(dict.fromkeys(parts))
