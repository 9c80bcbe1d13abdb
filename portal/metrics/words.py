"""Words for the event table's codes: acts, kinds of record, statuses."""

from collections.abc import Sequence
from enum import StrEnum

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
from portal.i18n import translate
from portal.permissions import Action
from portal.reviews.workflow import WALKED_AWAY, Party
from portal.wording import label

OBJECTS = {
    "addendum": N_("Addendum"),
    "challenge": N_("Challenge"),
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
