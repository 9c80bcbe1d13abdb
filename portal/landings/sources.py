"""To whom a project is owed: claims of other sources, shares prepared by one person and decided by another."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from db.models import (
    ClaimStatus,
    Decision,
    DecisionKind,
    DecisionStatus,
    Landing,
    LandingClaim,
    LandingShare,
    SourceKind,
)
from portal import clock
from portal.errors import N_, Forbidden, Invalid, NotFound, NotPossibleNow
from portal.events import record_event
from portal.landings.access import get_landing
from portal.landings.notices import tell_of_claim, tell_of_prepared_shares, tell_of_shares
from portal.landings.records import require_records
from portal.landings.rules import WHOLE, Share, parse_share, require_share, require_whole, sides
from portal.landings.workflow import CLAIM_WORKFLOW
from portal.organisations.access import acts_for
from portal.permissions import Action, Actor, authorize
from portal.texts import needed, one_line, paragraphs
from portal.workflow import advance, require_version


def claim_source(
    session: Session,
    actor: Actor,
    *,
    landing_id: UUID,
    kind: SourceKind,
    share: str,
    reason: str,
    object_id: UUID | None = None,
    words: str = "",
) -> UUID:
    """Say that the project is owed to this source by so many per cent; an open claim of the source is the same claim.

    Nothing changes until two people have decided: shares and claim are shown side by side.

    Raises: NotFound, Forbidden, Invalid.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.CLAIM_SOURCE, sides(actor, landing))
    wanted = _tidy(Share(kind, object_id, words, parse_share(share)))
    require_share(wanted)
    require_records(session, actor, [wanted])
    why = needed(paragraphs(reason, 600, field="claim_reason"), N_("Please say why."), field="claim_reason")
    for known in session.scalars(open_claims(landing_id)):
        if (known.kind, known.object_id, known.words) == wanted.source:
            return known.id
    claim = LandingClaim(
        landing_id=landing_id,
        status=ClaimStatus.OPEN,
        **wanted._asdict(),
        reason=why,
        claimed_by=actor.acting_person,
        claimed_at=clock.now(),
    )
    session.add(claim)
    landing.changed_at = clock.now()
    session.flush()
    _record(session, actor, landing, Action.CLAIM_SOURCE, (kind.value, str(claim.id)))
    tell_of_claim(session, actor, landing, claim)
    return claim.id


def prepare_shares(
    session: Session, actor: Actor, *, landing_id: UUID, version: int | None, shares: Sequence[Share], reason: str
) -> UUID:
    """Put new shares of all sources before an approver; the open claims are answered with them.

    Raises: NotFound, Forbidden for who acts for a party, Stale, Invalid unless they sum to 100 % exactly and without a
    reason, NotPossibleNow while others wait for a decision.
    """
    landing = get_landing(session, actor, landing_id, lock=True)
    authorize(actor, Action.PREPARE_SHARES, sides(actor, landing))
    require_version(landing, version)
    _require_impartial(session, actor, landing)
    if session.scalars(prepared_decision(landing_id)).first() is not None:
        raise NotPossibleNow(N_("Shares are prepared already; an approver decides."))
    tidy = [_tidy(row) for row in shares]
    require_whole(tidy)
    require_records(session, actor, tidy)
    why = needed(paragraphs(reason, 2000, field="shares_reason"), N_("Please say why."), field="shares_reason")
    claims = sorted(str(row.id) for row in session.scalars(open_claims(landing_id)))
    decision = Decision(
        kind=DecisionKind.ATTRIBUTION,
        object_id=landing_id,
        payload={"shares": [_packed(row) for row in tidy], "claims": claims},
        reason=why,
        prepared_by=actor.acting_person,
        prepared_at=clock.now(),
    )
    session.add(decision)
    landing.changed_at = clock.now()
    session.flush()
    _record(session, actor, landing, Action.PREPARE_SHARES, (str(decision.id),))
    tell_of_prepared_shares(session, actor, landing, decision)
    return decision.id


def decide_shares(
    session: Session, actor: Actor, *, decision_id: UUID, approve: bool, reason: str = "", version: int | None = None
) -> None:
    """Put the prepared shares in force and answer the claims, or refuse them with a reason; claims stay open then.

    `version` is that of the prepared decision.

    Raises: NotFound, Forbidden for whoever prepared them or acts for a party, NotPossibleNow, also when a claim came in
    meanwhile, Stale, Invalid for a refusal without a reason.
    """
    known = session.get(Decision, decision_id)
    if known is None or known.kind is not DecisionKind.ATTRIBUTION:
        raise NotFound
    landing = get_landing(session, actor, known.object_id, lock=True)
    authorize(actor, Action.DECIDE_SHARES, sides(actor, landing))
    if known.prepared_by == actor.person_id:
        raise Forbidden(N_("Whoever prepared the shares does not decide on them; another approver must."))
    _require_impartial(session, actor, landing)
    # Read again under the lock: somebody may have decided while this one waited.
    query = select(Decision).where(Decision.id == decision_id).with_for_update()
    decision = session.scalars(query.execution_options(populate_existing=True)).one()
    if decision.status is not DecisionStatus.PREPARED:
        raise NotPossibleNow(status=decision.status)
    require_version(decision, version)
    words = paragraphs(reason, 2000, field="reason")
    claims = list(session.scalars(open_claims(landing.id)))
    if approve:
        if sorted(str(row.id) for row in claims) != decision.payload["claims"]:
            raise NotPossibleNow(N_("A claim came in after the shares were prepared; please have them prepared anew."))
        replace_shares(session, landing, [_unpacked(row) for row in decision.payload["shares"]])
        _answer(session, actor, landing, claims, decision)
    else:
        needed(words, N_("Please give a reason; the other side will read it."), field="reason")
    decision.status = DecisionStatus.APPROVED if approve else DecisionStatus.REFUSED
    decision.decided_by, decision.decided_at, decision.decision_reason = actor.acting_person, clock.now(), words
    landing.changed_at = decision.decided_at
    session.flush()
    _record(session, actor, landing, Action.DECIDE_SHARES, (str(decision.id), decision.status.value), words)
    tell_of_shares(session, actor, landing, decision, {row.claimed_by for row in claims})


def replace_shares(session: Session, landing: Landing, shares: Iterable[Share]) -> None:
    """All shares of a project at once, the project being locked; they sum to 100 % in the database, or nothing is done.

    Raises: Invalid.
    """
    rows = list(shares)
    require_whole(rows)
    session.execute(delete(LandingShare).where(LandingShare.landing_id == landing.id))
    session.add_all(LandingShare(landing_id=landing.id, **row._asdict()) for row in rows)
    session.flush()
    total = session.scalar(select(func.sum(LandingShare.points)).where(LandingShare.landing_id == landing.id))
    if total != WHOLE:
        raise Invalid(N_("The shares of this project do not sum to 100 %."), field="shares")


def first_share(landing: Landing) -> Share:
    """What a project is owed to before anybody says more: its challenge, or nobody's record."""
    if landing.challenge_id is not None:
        return Share(SourceKind.CHALLENGE, landing.challenge_id, "", WHOLE)
    return Share(SourceKind.DIRECT, None, "", WHOLE)


def open_claims(landing_id: UUID) -> Select[LandingClaim]:
    return (
        select(LandingClaim)
        .where(LandingClaim.landing_id == landing_id, LandingClaim.status == ClaimStatus.OPEN)
        .order_by(LandingClaim.claimed_at, LandingClaim.id)
    )


def prepared_decision(landing_id: UUID) -> Select[Decision]:
    """The shares that wait for an approver."""
    return select(Decision).where(
        Decision.object_id == landing_id,
        Decision.kind == DecisionKind.ATTRIBUTION,
        Decision.status == DecisionStatus.PREPARED,
    )


def prepared_shares(decision: Decision) -> list[Share]:
    return [_unpacked(row) for row in decision.payload["shares"]]


def _answer(
    session: Session, actor: Actor, landing: Landing, claims: Sequence[LandingClaim], decision: Decision
) -> None:
    """Whose source stands in the new shares is taken up, whatever the share."""
    named = {row.source for row in prepared_shares(decision)}
    for claim in claims:
        taken = (claim.kind, claim.object_id, claim.words) in named
        with session.no_autoflush:  # status and decision are written together, as their constraint says
            claim.decision_id = decision.id
            advance(
                session,
                actor,
                CLAIM_WORKFLOW,
                claim,
                Action.DECIDE_SHARES,
                target=ClaimStatus.ACCEPTED if taken else ClaimStatus.REFUSED,
                extra_sides=sides(actor, landing),
            )


def _require_impartial(session: Session, actor: Actor, landing: Landing) -> None:
    if acts_for(session, actor.acting_person, [landing.enterprise_id, landing.institute_id]):
        raise Forbidden(N_("You act for one of the parties in another role; somebody else must do this."))


def _tidy(share: Share) -> Share:
    """A record goes by its id, everything else by its words on one line."""
    return share._replace(words="" if share.object_id else one_line(share.words, 200, field="source"))


def _packed(share: Share) -> list[Any]:
    return [share.kind.value, str(share.object_id) if share.object_id else None, share.words, share.points]


def _unpacked(row: Sequence[Any]) -> Share:
    kind, object_id, words, points = row
    return Share(SourceKind(kind), UUID(object_id) if object_id else None, words, points)


def _record(
    session: Session, actor: Actor, landing: Landing, action: Action, fields: tuple[str, ...], reason: str = ""
) -> None:
    record_event(
        session, actor, action, "landing", landing.id, fields=fields, reason=reason, parent_id=landing.challenge_id
    )
