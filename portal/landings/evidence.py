"""What proves that a stage is reached: the kinds of paper that fit each stage, as data."""

from db.models import EvidenceType, LandingStage
from portal.errors import N_, Invalid

_E, _S = EvidenceType, LandingStage
EVIDENCE: dict[LandingStage, tuple[EvidenceType, ...]] = {
    _S.AGREEMENT_SIGNED: (_E.INVESTMENT_AGREEMENT,),
    _S.COMPANY_REGISTERED: (_E.BUSINESS_LICENCE,),
    _S.SITE_SECURED: (_E.LAND_GRANT, _E.LEASE),
    _S.CONSTRUCTION: (_E.CONSTRUCTION_PERMIT,),
    _S.ACCEPTANCE: (_E.ACCEPTANCE_FILING,),
    _S.IN_PRODUCTION: (_E.PRODUCTION_PROOF, _E.FIRST_INVOICE),
    _S.AT_CAPACITY: (_E.CAPACITY_REPORT,),
    _S.OFFICE_IN_USE: (_E.LEASE, _E.OCCUPANCY_PROOF),
    _S.TEAM_ON_BOARD: (_E.SOCIAL_INSURANCE,),
    _S.FIRST_REVENUE: (_E.REVENUE_VOUCHER,),
}
"""The first of each is what is usually handed in."""


def require_evidence(stage: LandingStage, kind: EvidenceType | None) -> EvidenceType:
    """The kind of paper, one that fits the stage. Raises: Invalid."""
    if kind is None or kind not in EVIDENCE.get(stage, ()):
        raise Invalid(N_("Please choose the kind of evidence that fits this stage."), field="evidence_type")
    return kind
