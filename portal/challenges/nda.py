"""The confidentiality agreement of a challenge: its versions, and who accepted which for which organisation."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Challenge,
    ChallengeStatus,
    Membership,
    MembershipStatus,
    NdaAcceptance,
    NdaMode,
    NdaVersion,
)
from portal import clock
from portal.challenges.access import get_challenge
from portal.challenges.nda_queries import NDA_WRITABLE, Nda, current_nda, holds_nda, latest_acceptance, takes_readers
from portal.challenges.rules import sides
from portal.challenges.texts import paragraphs
from portal.errors import N_, DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.events import record_event
from portal.notifications.commands import notify, people_with_role
from portal.permissions import Action, Actor, Role, Side, authorize
from portal.workflow import require_version

__all__ = [
    "Nda",
    "accept_nda",
    "choose_nda_mode",
    "current_nda",
    "ensure_default_nda",
    "grant_nda",
    "holds_nda",
    "revoke_nda",
    "write_nda",
]

TEXT_LIMIT = 8_000
STANDARD_TEXT = Path(__file__).parent / "data" / "standard_nda.txt"

_S = ChallengeStatus
_ACCEPTABLE = (_S.OPEN, _S.SUSPENDED)


def write_nda(session: Session, actor: Actor, *, challenge_id: UUID, text: str) -> int:
    """A new version, whose number is returned; whoever accepted an older one reads on only after accepting this.

    Raises: NotFound, Forbidden, NotPossibleNow after the close, Invalid for an empty or unchanged text.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.WRITE_NDA, sides(actor, challenge))
    _require_status(challenge, NDA_WRITABLE)
    text = paragraphs(text, TEXT_LIMIT, section=Action.WRITE_NDA, field="nda_text")
    if not text:
        raise Invalid(N_("Please write the text of the agreement."), field="nda_text")
    old = current_nda(session, challenge_id)
    if old is not None and old.text == text:
        return old.number
    holders = _people_of(session, old)
    version = _add_version(session, actor, challenge, text, (old.number if old else 0) + 1)
    if challenge.status in _ACCEPTABLE:
        notify(
            session,
            person_ids=holders,
            message=N_("“{title}” has a new confidentiality agreement. Please read and accept it to go on reading."),
            params={"title": challenge.title},
            page="challenge",
            object_id=challenge.id,
            dedupe_key=f"nda-version:{version.id}",
        )
    return version.number


def ensure_default_nda(session: Session, actor: Actor, challenge: Challenge) -> None:
    """The portal's standard text as the first version, unless the enterprise wrote its own.

    The challenge comes with its organisation loaded.
    """
    if current_nda(session, challenge.id) is None:
        text = STANDARD_TEXT.read_text(encoding="utf-8")
        facts = {"title": challenge.title, "number": challenge.number, "enterprise": challenge.organisation.name}
        for name, value in facts.items():
            text = text.replace(f"{{{name}}}", value)
        _add_version(session, actor, challenge, text.strip()[:TEXT_LIMIT], 1)


def choose_nda_mode(session: Session, actor: Actor, *, challenge_id: UUID, mode: NdaMode) -> None:
    """Each person accepts and reads at once, or asks and waits for the enterprise's word. Raises: as `write_nda`."""
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.WRITE_NDA, sides(actor, challenge))
    _require_status(challenge, NDA_WRITABLE)
    if challenge.nda_mode is not mode:
        challenge.nda_mode = mode
        record_event(session, actor, Action.WRITE_NDA, "challenge", challenge.id, fields=["nda_mode", mode.value])


def accept_nda(session: Session, actor: Actor, *, challenge_id: UUID, nda_version_id: UUID) -> bool:
    """Accept the version that was read, as this person for the organisation acted for now.

    Returns whether reading is possible at once; otherwise the enterprise grants it. A repeat changes nothing.

    Raises: NotFound, Forbidden, NotPossibleNow, DeadlinePassed, Stale when there is a newer version.
    """
    challenge = get_challenge(session, actor, challenge_id, lock=True)
    authorize(actor, Action.ACCEPT_NDA)
    if not actor.organisation_verified or actor.organisation_id is None:
        raise Forbidden(N_("Only members of a verified organisation can accept the agreement."))
    _require_status(challenge, _ACCEPTABLE)
    if not takes_readers(challenge):
        raise DeadlinePassed
    current = current_nda(session, challenge.id)
    if current is None:
        raise NotFound
    if current.id != nda_version_id:
        raise Stale(N_("There is a newer version of the agreement. Please read it before you accept."))
    before = latest_acceptance(session, actor.acting_person, challenge.id)
    if before is not None and before.organisation_id != actor.organisation_id:
        _refuse_two_sides(session, before)
    elif before is not None and before.nda_version_id == current.id:
        return before.granted_at is not None and before.revoked_at is None
    return _accept(session, actor, challenge, current, before)


def grant_nda(session: Session, actor: Actor, *, acceptance_id: UUID, version: int | None = None) -> None:
    """The enterprise lets the person read who asked, or whose access it had revoked.

    Raises: NotFound, Forbidden, Stale, NotPossibleNow after the close.
    """
    challenge, row = _own_acceptance(session, actor, acceptance_id, Action.GRANT_NDA, version)
    _require_status(challenge, _ACCEPTABLE)
    if row.granted_at is not None and row.revoked_at is None:
        return
    row.granted_at, row.granted_by, row.revoked_at = clock.now(), actor.person_id, None
    _record(session, actor, Action.GRANT_NDA, challenge, row)
    notify(
        session,
        person_ids=[row.person_id],
        message=N_("You may now read the confidential sections of “{title}”."),
        params={"title": challenge.title},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"nda-granted:{row.id}:{row.granted_at.isoformat()}",
    )


def revoke_nda(session: Session, actor: Actor, *, acceptance_id: UUID, reason: str, version: int | None = None) -> None:
    """End somebody's access, or refuse a request: from the next click on nothing confidential is shown.

    Raises: NotFound, Forbidden, Stale, Invalid without a reason.
    """
    challenge, row = _own_acceptance(session, actor, acceptance_id, Action.REVOKE_NDA, version)
    reason = paragraphs(reason, 600, section=Action.REVOKE_NDA, field="reason")
    if not reason:
        raise Invalid(N_("Please give a reason; the other side will read it."), field="reason")
    if row.revoked_at is not None:
        return
    row.revoked_at = clock.now()
    _record(session, actor, Action.REVOKE_NDA, challenge, row, reason)
    notify(
        session,
        person_ids=[row.person_id],
        message=N_("You can no longer read the confidential sections of “{title}”: {reason}"),
        params={"title": challenge.title, "reason": reason},
        page="challenge",
        object_id=challenge.id,
        dedupe_key=f"nda-revoked:{row.id}:{row.revoked_at.isoformat()}",
    )


def _accept(session: Session, actor: Actor, challenge: Challenge, current: Nda, before: NdaAcceptance | None) -> bool:
    now = clock.now()
    is_free = _needs_no_word(actor, challenge, before)
    row = _acceptance_of(session, actor.acting_person, current.id)
    if row is None:
        row = NdaAcceptance(nda_version_id=current.id, challenge_id=challenge.id, person_id=actor.acting_person)
        session.add(row)
    row.organisation_id, row.accepted_at, row.revoked_at = actor.organisation_id, now, None
    row.granted_at, row.granted_by = (now if is_free else None), None
    session.flush()
    _record(session, actor, Action.ACCEPT_NDA, challenge, row)
    if not is_free:
        notify(
            session,
            person_ids=people_with_role(session, Role.ENTERPRISE_ADMIN, challenge.organisation_id),
            message=N_("Somebody asks to read the confidential sections of “{title}”."),
            params={"title": challenge.title},
            page="challenge",
            object_id=challenge.id,
            dedupe_key=f"nda-asked:{row.id}:{now.isoformat()}",
        )
    return is_free


def _needs_no_word(actor: Actor, challenge: Challenge, before: NdaAcceptance | None) -> bool:
    """Whom the enterprise sent away cannot let themselves in again, neither by a new version nor a new employer."""
    if before is not None and before.revoked_at is not None:
        return False
    if challenge.nda_mode is NdaMode.SELF_SERVICE:
        return True
    return before is not None and before.granted_at is not None and before.organisation_id == actor.organisation_id


def _refuse_two_sides(session: Session, known: NdaAcceptance) -> None:
    """One person stands on one side of a challenge; who left the first organisation may begin anew."""
    still_there = session.scalar(
        select(func.count()).where(
            Membership.person_id == known.person_id,
            Membership.organisation_id == known.organisation_id,
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    if still_there:
        raise Forbidden(
            N_("You accepted this agreement for another organisation. One person stands on one side of a challenge.")
        )


def _own_acceptance(
    session: Session, actor: Actor, acceptance_id: UUID, action: Action, version: int | None
) -> tuple[Challenge, NdaAcceptance]:
    row = session.get(NdaAcceptance, acceptance_id)
    if row is None:
        raise NotFound
    challenge = get_challenge(session, actor, row.challenge_id, lock=True)
    if Side.ENTERPRISE not in sides(actor, challenge):
        raise NotFound
    authorize(actor, action, sides(actor, challenge))
    require_version(row, version)
    return challenge, row


def _add_version(session: Session, actor: Actor, challenge: Challenge, text: str, number: int) -> NdaVersion:
    version = NdaVersion(
        challenge_id=challenge.id, number=number, text=text, written_by=actor.person_id, written_at=clock.now()
    )
    session.add(version)
    session.flush()
    record_event(
        session, actor, Action.WRITE_NDA, "nda", version.id, fields=[f"version {number}"], parent_id=challenge.id
    )
    return version


def _record(
    session: Session, actor: Actor, action: Action, challenge: Challenge, row: NdaAcceptance, reason: str = ""
) -> None:
    """Who reads under NDA may be about to propose: the act stays sealed until the opening."""
    record_event(
        session,
        actor,
        action,
        "nda",
        row.id,
        reason=reason,
        fields=["nda_version", str(row.nda_version_id)],
        parent_id=challenge.id,
        sealed_until_opened=challenge.id,
    )


def _acceptance_of(session: Session, person_id: UUID, version_id: UUID) -> NdaAcceptance | None:
    query = select(NdaAcceptance).where(
        NdaAcceptance.person_id == person_id, NdaAcceptance.nda_version_id == version_id
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _people_of(session: Session, nda: Nda | None) -> list[UUID]:
    if nda is None:
        return []
    query = select(NdaAcceptance.person_id).where(
        NdaAcceptance.nda_version_id == nda.id, NdaAcceptance.revoked_at.is_(None)
    )
    return list(session.scalars(query))


def _require_status(challenge: Challenge, statuses: tuple[ChallengeStatus, ...]) -> None:
    if challenge.status not in statuses:
        raise NotPossibleNow(status=challenge.status)
