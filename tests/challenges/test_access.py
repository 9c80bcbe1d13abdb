"""Who sees a challenge, its sections and its files: the rows of the permission matrix."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.models import (
    ChallengeStatus,
    Disclosure,
    Event,
    NdaVersion,
    OrganisationKind,
    OrganisationStatus,
    Proposal,
    Role,
    SectionKey,
)
from portal import clock
from portal.challenges.access import get_challenge, readable, readable_now
from portal.challenges.commands import attach_file, set_disclosure
from portal.challenges.confidential import read_confidential
from portal.challenges.details import Lock, challenge_detail, challenge_files, return_comments
from portal.challenges.flow import return_challenge, submit_challenge
from portal.challenges.history import challenge_history
from portal.challenges.nda import accept_nda
from portal.challenges.workflow import PUBLISHED
from portal.errors import Forbidden, NotFound, NotSignedIn
from portal.files.queries import open_file
from portal.permissions import CLOCK, VISITOR, Action, Actor
from tests.challenges.samples import add_cast, draft, opened_to_answers, refining, submitted
from tests.factories import add_challenge, add_member, add_organisation

S, D = ChallengeStatus, Disclosure
PUBLIC, SIGNED_IN, ALL = frozenset({D.PUBLIC}), frozenset({D.PUBLIC, D.VERIFIED}), frozenset(D)
KIND = {
    Role.RESEARCHER: OrganisationKind.INSTITUTE,
    Role.INSTITUTE_ADMIN: OrganisationKind.INSTITUTE,
    Role.ENTERPRISE_ADMIN: OrganisationKind.ENTERPRISE,
    Role.ENTERPRISE_MEMBER: OrganisationKind.ENTERPRISE,
    Role.BROKER: OrganisationKind.AGENCY,
}
FROM_SUBMISSION = {Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR, Role.CLOCK}


def somebody(session, role: Role, status: OrganisationStatus = OrganisationStatus.VERIFIED) -> Actor:
    if role in (Role.VISITOR, Role.CLOCK):
        return CLOCK if role is Role.CLOCK else VISITOR
    kind = KIND.get(role)
    return add_member(session, role, add_organisation(session, kind, status=status) if kind else None)


def sees(session, actor: Actor, challenge_id: UUID) -> bool:
    try:
        get_challenge(session, actor, challenge_id)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("role", sorted(Role), ids=str)
def test_who_sees_which_status(session, role):
    actor = somebody(session, role)
    found = {}
    for status in S:
        was_submitted = clock.now() if status is not S.DRAFT else None
        found[status] = sees(session, actor, add_challenge(session, status=status, submitted_at=was_submitted).id)

    expected = {status: status in PUBLISHED for status in S}
    if role in FROM_SUBMISSION:
        expected = {status: status is not S.DRAFT or role is Role.CLOCK for status in S}
    if role is Role.BROKER:
        expected[S.SUBMITTED] = True
    assert found == expected


def test_a_returned_or_withdrawn_draft_is_seen_by_officials_only_if_it_was_submitted(session):
    operator = somebody(session, Role.OPERATOR)

    for status in (S.DRAFT, S.WITHDRAWN):
        assert not sees(session, operator, add_challenge(session, status=status).id)
        assert sees(session, operator, add_challenge(session, status=status, submitted_at=clock.now()).id)


def test_the_own_enterprise_sees_everything_and_a_broker_what_is_assigned(session):
    cast = add_cast(session)

    for status in S:
        challenge = add_challenge(session, cast.enterprise, status=status, broker_id=cast.broker.person_id)
        assert sees(session, cast.member, challenge.id)
        assert sees(session, cast.broker, challenge.id)


@pytest.mark.parametrize("challenge_id", [uuid4(), UUID(int=0), UUID(int=2**128 - 1)])
def test_unknown_ids_and_ids_of_other_records_are_not_found(session, challenge_id):
    cast = add_cast(session)

    assert not sees(session, cast.operator, challenge_id)
    assert not sees(session, cast.operator, cast.enterprise.id)


MATRIX = {
    Role.VISITOR: PUBLIC,
    Role.PLATFORM_ADMIN: PUBLIC,
    Role.ENTERPRISE_MEMBER: SIGNED_IN,
    Role.ENTERPRISE_ADMIN: SIGNED_IN,
    Role.RESEARCHER: SIGNED_IN,
    Role.INSTITUTE_ADMIN: SIGNED_IN,
    Role.BROKER: SIGNED_IN,
    Role.EXPERT: SIGNED_IN,
    Role.STEWARD: SIGNED_IN,
    Role.LEAD_STEWARD: SIGNED_IN,
    Role.LEADER: SIGNED_IN,
    Role.AUDITOR: SIGNED_IN,
    Role.OPERATOR: ALL,
    Role.APPROVER: ALL,
    Role.CLOCK: ALL,
}


@pytest.mark.parametrize("role", sorted(Role), ids=str)
def test_which_levels_a_role_reads(session, role):
    challenge = add_challenge(session, status=S.OPEN)

    assert readable(session, somebody(session, role), challenge) == MATRIX[role]


@pytest.mark.parametrize("role", sorted(KIND), ids=str)
def test_members_of_unverified_organisations_read_what_visitors_read(session, role):
    challenge = add_challenge(session, status=S.OPEN)

    assert readable(session, somebody(session, role, OrganisationStatus.APPLIED), challenge) == PUBLIC


def test_the_enterprise_and_its_broker_read_everything(session):
    cast = add_cast(session)
    challenge = add_challenge(session, cast.enterprise, status=S.REFINING, broker_id=cast.broker.person_id)

    assert readable(session, cast.member, challenge) == readable_now(session, cast.member, challenge) == ALL
    assert readable(session, cast.broker, challenge) == ALL
    assert readable_now(session, cast.broker, challenge) == SIGNED_IN


def lock_of(session, actor: Actor, challenge_id: UUID, key: SectionKey = SectionKey.CONFIDENTIAL) -> Lock:
    return next(row.lock for row in challenge_detail(session, actor, challenge_id).sections if row.key is key)


def test_what_to_do_about_a_closed_section(session):
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    locks = {
        role: lock_of(session, somebody(session, role), challenge.id)
        for role in (Role.VISITOR, Role.RESEARCHER, Role.INSTITUTE_ADMIN, Role.LEADER, Role.AUDITOR, Role.OPERATOR)
    }

    assert locks == {
        Role.VISITOR: Lock.SIGN_IN,
        Role.RESEARCHER: Lock.ACCEPT_NDA,
        Role.INSTITUTE_ADMIN: Lock.ACCEPT_NDA,
        Role.LEADER: Lock.CLOSED,
        Role.AUDITOR: Lock.CLOSED,
        Role.OPERATOR: Lock.RECORD,
    }
    unverified = somebody(session, Role.RESEARCHER, OrganisationStatus.APPLIED)
    assert lock_of(session, unverified, challenge.id) is Lock.VERIFY
    assert lock_of(session, cast.member, challenge.id) is Lock.NONE


def test_reading_under_nda_is_recorded_before_anything_is_shown(session):
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    researcher = somebody(session, Role.RESEARCHER)

    for stranger in (researcher, somebody(session, Role.LEADER), somebody(session, Role.BROKER)):
        with pytest.raises(Forbidden):
            read_confidential(session, stranger, challenge_id=challenge.id)
    with pytest.raises(NotSignedIn):
        read_confidential(session, VISITOR, challenge_id=challenge.id)

    nda = session.scalars(select(NdaVersion)).one()
    accept_nda(session, researcher, challenge_id=challenge.id, nda_version_id=nda.id)
    assert lock_of(session, researcher, challenge.id) is Lock.RECORD
    for reader in (researcher, cast.operator, cast.broker):
        read_confidential(session, reader, challenge_id=challenge.id)
        read_confidential(session, reader, challenge_id=challenge.id)
        assert lock_of(session, reader, challenge.id) is Lock.NONE
    events = session.scalars(select(Event).where(Event.action == Action.READ_CONFIDENTIAL.value)).all()
    assert [(row.person_id, row.sealed_until_opened) for row in events] == [
        (researcher.person_id, challenge.id),
        (cast.operator.person_id, None),
        (cast.broker.person_id, None),
    ]
    clock.set_offset(31 * 60)
    assert lock_of(session, cast.operator, challenge.id) is Lock.RECORD


def test_who_was_interested_is_told_to_nobody_before_the_opening(session):
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    researcher = somebody(session, Role.RESEARCHER)
    nda = session.scalars(select(NdaVersion)).one()
    accept_nda(session, researcher, challenge_id=challenge.id, nda_version_id=nda.id)
    read_confidential(session, researcher, challenge_id=challenge.id)

    def reads(actor: Actor) -> list[str]:
        rows = challenge_history(session, actor, challenge.id)
        return [row.organisation for row in rows if row.action == Action.READ_CONFIDENTIAL.value]

    for actor in (cast.admin, cast.operator, somebody(session, Role.AUDITOR), researcher, VISITOR):
        assert reads(actor) == []
    challenge.opened_at = clock.now()
    session.flush()
    assert reads(cast.admin) == [researcher.organisation_name]
    assert reads(VISITOR) == []


def test_the_history_from_outside_tells_no_refining_and_no_names(session):
    cast = add_cast(session)
    challenge = refining(session, cast)
    return_challenge(
        session, cast.broker, challenge_id=challenge.id, comments={SectionKey.IP: "含内部信息"}, reason="内部原因"
    )
    submit_challenge(session, cast.admin, challenge_id=challenge.id)
    challenge.status = S.OPEN
    session.flush()

    outside = challenge_history(session, VISITOR, challenge.id)
    inside = challenge_history(session, cast.member, challenge.id)

    assert outside == []
    assert [row.action for row in inside[:4]] == [
        "submit_challenge",
        "return_challenge",
        "take_challenge",
        "submit_challenge",
    ]
    assert [row.action for row in inside].count("edit_challenge") == 1
    assert inside[1].reason == "内部原因"
    assert return_comments(session, VISITOR, challenge.id) == []
    assert [row.text for row in return_comments(session, cast.admin, challenge.id)] == ["含内部信息"]


def test_files_follow_the_level_of_their_section(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    file_id = attach_file(session, cast.member, challenge_id=challenge.id, name="图.txt", content="甲".encode())
    level = {"challenge_id": challenge.id, "key": SectionKey.ATTACHMENTS}
    researcher, stranger = somebody(session, Role.RESEARCHER), somebody(session, Role.ENTERPRISE_ADMIN)

    for actor in (VISITOR, researcher, stranger, cast.operator):
        with pytest.raises(NotFound):
            open_file(session, actor, file_id)
    set_disclosure(session, cast.member, disclosure=D.VERIFIED, **level)
    challenge.status = S.OPEN
    session.flush()
    with pytest.raises(NotFound):
        open_file(session, VISITOR, file_id)
    assert open_file(session, researcher, file_id).content == "甲".encode()
    challenge.status = S.DRAFT
    session.flush()
    set_disclosure(session, cast.member, disclosure=D.NDA, **level)
    challenge.status = S.OPEN
    session.flush()
    for actor in (VISITOR, researcher, stranger, cast.operator):
        with pytest.raises(NotFound):
            open_file(session, actor, file_id)
    assert challenge_files(session, cast.operator, challenge.id) == []
    read_confidential(session, cast.operator, challenge_id=challenge.id)
    assert open_file(session, cast.operator, file_id).name == "图.txt"
    assert [row.id for row in challenge_files(session, cast.operator, challenge.id)] == [file_id]


def test_the_detail_never_tells_of_proposals(session):
    """Field by field the same for everybody before and after proposals arrive."""
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    actors = [cast.admin, cast.operator, cast.approver, somebody(session, Role.LEADER), VISITOR]
    before = [challenge_detail(session, actor, challenge.id) for actor in actors]
    researcher = somebody(session, Role.RESEARCHER)
    from portal.seal import new_wrapped_key

    proposal_id = uuid4()
    session.add(
        Proposal(
            id=proposal_id,
            challenge_id=challenge.id,
            institute_id=researcher.organisation_id,
            lead_id=researcher.person_id,
            wrapped_key=new_wrapped_key(str(proposal_id)),
            created_at=clock.now(),
            changed_at=clock.now(),
        )
    )
    session.flush()

    assert [challenge_detail(session, actor, challenge.id) for actor in actors] == before


def test_a_visitor_reads_the_detail_of_an_open_challenge_only(session):
    cast = add_cast(session)
    hidden = submitted(session, cast)

    with pytest.raises(NotFound):
        challenge_detail(session, VISITOR, hidden.id)
    detail = challenge_detail(session, VISITOR, opened_to_answers(session, cast).id)
    assert (detail.broker, detail.is_inside, detail.is_own, detail.steps) == ("", False, False, ())
