"""The confidentiality agreement: accepted by a person for an organisation, version by version, until it is revoked."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from db.models import (
    Disclosure,
    Event,
    Membership,
    MembershipStatus,
    NdaAcceptance,
    NdaMode,
    NdaVersion,
    OrganisationKind,
    Person,
    Role,
)
from portal.challenges.access import readable
from portal.challenges.confidential import read_confidential
from portal.challenges.history import challenge_history
from portal.challenges.jobs import close_due
from portal.challenges.nda import (
    accept_nda,
    choose_nda_mode,
    current_nda,
    ensure_default_nda,
    grant_nda,
    holds_nda,
    revoke_nda,
    write_nda,
)
from portal.challenges.nda_queries import NdaStanding, list_nda_requests, list_readers, my_nda
from portal.challenges.questions import ask_question
from portal.errors import DeadlinePassed, Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale
from portal.metrics.trail import export_trail, list_trail, record_trail
from portal.permissions import VISITOR, Action, Actor, can
from portal.proposals.commands import draft_proposal
from portal.reviews.commands import turn_opening_key, withdraw_challenge
from tests.challenges.samples import add_cast, draft, opened_to_answers
from tests.challenges_life.samples import jump, researcher, told
from tests.factories import add_member, add_organisation


def accept(session, actor, challenge) -> bool:
    return accept_nda(session, actor, challenge_id=challenge.id, nda_version_id=current_nda(session, challenge.id).id)


def on_request(session):
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    choose_nda_mode(session, cast.admin, challenge_id=challenge.id, mode=NdaMode.ON_REQUEST)
    return cast, challenge


def test_a_published_challenge_with_confidential_words_has_the_standard_agreement(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)

    nda = current_nda(session, challenge.id)
    assert nda.number == 1
    assert challenge.title in nda.text
    assert challenge.number in nda.text
    assert cast.enterprise.name in nda.text
    assert "{" not in nda.text
    ensure_default_nda(session, cast.operator, challenge)
    assert len(session.scalars(select(NdaVersion)).all()) == 1


def test_accepting_opens_the_confidential_sections_to_this_person_alone(session) -> None:
    challenge = opened_to_answers(session, add_cast(session))
    reader = researcher(session)
    colleague = add_member(session, Role.RESEARCHER, session.get(type(challenge.organisation), reader.organisation_id))
    assert my_nda(session, reader, challenge.id).may_accept

    assert accept(session, reader, challenge) is True
    assert accept(session, reader, challenge) is True  # a double click

    assert Disclosure.NDA in readable(session, reader, challenge)
    assert Disclosure.NDA not in readable(session, colleague, challenge)
    assert my_nda(session, reader, challenge.id).standing is NdaStanding.HELD
    acceptance = session.scalars(select(NdaAcceptance)).one()
    assert (acceptance.person_id, acceptance.organisation_id) == (reader.person_id, reader.organisation_id)
    event = session.scalars(select(Event).where(Event.action == "accept_nda")).one()
    assert (event.object_id, event.parent_id) == (acceptance.id, challenge.id)
    assert event.sealed_until_opened == challenge.id


def test_only_proposing_roles_of_verified_organisations_accept(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader = researcher(session)

    with pytest.raises(NotSignedIn):
        accept(session, VISITOR, challenge)
    with pytest.raises(Forbidden):
        accept(session, replace(reader, organisation_verified=False), challenge)
    for other in (cast.admin, cast.member, cast.operator, cast.approver, cast.broker):
        with pytest.raises(Forbidden):
            accept(session, other, challenge)
    assert accept(session, add_member(session, Role.INSTITUTE_ADMIN, add_organisation(session)), challenge)


def test_a_newer_version_must_be_accepted_anew(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader, late = researcher(session), researcher(session)
    accept(session, reader, challenge)
    old = current_nda(session, challenge.id)

    assert write_nda(session, cast.admin, challenge_id=challenge.id, text="第二版：另加数据销毁期限。") == 2
    assert write_nda(session, cast.admin, challenge_id=challenge.id, text=" 第二版：另加数据销毁期限。\r\n") == 2

    assert not holds_nda(session, reader, challenge.id)
    assert Disclosure.NDA not in readable(session, reader, challenge)
    assert my_nda(session, reader, challenge.id).standing is NdaStanding.OUTDATED
    assert [message for message in told(session, reader) if "new confidentiality agreement" in message]
    with pytest.raises(Stale):
        accept_nda(session, late, challenge_id=challenge.id, nda_version_id=old.id)
    assert accept(session, reader, challenge)
    assert holds_nda(session, reader, challenge.id)


def test_on_request_the_enterprise_decides_and_sees_name_and_organisation(session) -> None:
    cast, challenge = on_request(session)
    reader = researcher(session)

    assert accept(session, reader, challenge) is False

    assert not holds_nda(session, reader, challenge.id)
    assert my_nda(session, reader, challenge.id).standing is NdaStanding.WAITING
    assert any("asks to read" in message for message in told(session, cast.admin))
    request = list_nda_requests(session, cast.admin, challenge.id)[0]
    assert (request.person, request.organisation) == (reader.name, reader.organisation_name)
    assert list_nda_requests(session, cast.member, challenge.id) == []
    assert list_nda_requests(session, cast.operator, challenge.id) == []
    for other in (cast.member, cast.operator, cast.approver, reader):
        with pytest.raises((NotFound, Forbidden)):
            grant_nda(session, other, acceptance_id=request.id)
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    with pytest.raises(NotFound):
        grant_nda(session, stranger, acceptance_id=request.id)
    with pytest.raises(Stale):
        grant_nda(session, cast.admin, acceptance_id=request.id, version=request.version + 1)

    grant_nda(session, cast.admin, acceptance_id=request.id, version=request.version)

    assert holds_nda(session, reader, challenge.id)
    assert list_nda_requests(session, cast.admin, challenge.id)[0].granted_at is not None


def test_revoked_access_ends_at_the_next_look_and_no_new_version_brings_it_back(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader = researcher(session)
    accept(session, reader, challenge)
    row = session.scalars(select(NdaAcceptance)).one()
    with pytest.raises(Invalid):
        revoke_nda(session, cast.admin, acceptance_id=row.id, reason=" ")

    revoke_nda(session, cast.admin, acceptance_id=row.id, reason="资料被转发")

    assert Disclosure.NDA not in readable(session, reader, challenge)
    with pytest.raises(Forbidden):
        read_confidential(session, reader, challenge_id=challenge.id)
    assert accept(session, reader, challenge) is False  # no way back by oneself
    write_nda(session, cast.admin, challenge_id=challenge.id, text="第二版")
    assert accept(session, reader, challenge) is False
    assert not holds_nda(session, reader, challenge.id)
    request = list_nda_requests(session, cast.admin, challenge.id)[0]
    grant_nda(session, cast.admin, acceptance_id=request.id)
    assert holds_nda(session, reader, challenge.id)


def test_access_ends_with_the_employment_and_the_new_employer_gets_nothing(session) -> None:
    challenge = opened_to_answers(session, add_cast(session))
    reader = researcher(session)
    accept(session, reader, challenge)
    person = session.get(Person, reader.person_id)
    new_employer = add_organisation(session, OrganisationKind.INSTITUTE)
    elsewhere = add_member(session, Role.RESEARCHER, new_employer, person)

    assert not holds_nda(session, elsewhere, challenge.id)
    with pytest.raises(Forbidden):
        accept(session, elsewhere, challenge)  # one person, one side
    session.get(Membership, reader.membership_id).status = MembershipStatus.DISABLED
    session.flush()
    assert accept(session, elsewhere, challenge)
    assert holds_nda(session, elsewhere, challenge.id)
    assert not holds_nda(session, reader, challenge.id)


def seen_in_the_trail(session) -> set[str]:
    """What list and trail tell of the readers must begin at the same moment."""
    rows = list_trail(session, add_member(session, Role.AUDITOR), limit=100)
    return {row.action for row in rows} & {"accept_nda", "read_confidential", "draft_proposal"}


def test_who_read_is_told_from_the_opening_on_and_not_before(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader = researcher(session)
    accept(session, reader, challenge)
    read_confidential(session, reader, challenge_id=challenge.id)

    assert list_readers(session, cast.admin, challenge.id) is None
    assert list_nda_requests(session, cast.admin, challenge.id) == []
    assert seen_in_the_trail(session) == set()
    for other in (cast.operator, cast.approver, cast.broker, reader):
        with pytest.raises(Forbidden):
            list_readers(session, other, challenge.id)
    jump(challenge.closes_at)
    assert close_due(session) == 1
    # Closed and still sealed: no reader would mean no proposal, since every proposer accepts the agreement.
    assert list_readers(session, cast.admin, challenge.id) is None
    assert seen_in_the_trail(session) == set()
    turn_opening_key(session, cast.admin, challenge_id=challenge.id)
    assert list_readers(session, cast.admin, challenge.id) is None
    turn_opening_key(session, cast.operator, challenge_id=challenge.id)
    assert seen_in_the_trail(session) == {"accept_nda", "read_confidential"}
    rows = list_readers(session, cast.admin, challenge.id)
    assert [(row.person, row.organisation, row.reads) for row in rows] == [(reader.name, reader.organisation_name, 1)]


def test_a_withdrawn_challenge_tells_who_holds_its_secrets_and_no_more(session) -> None:
    """It is never opened: whose words they are must still know where they went; the proposals stay sealed."""
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader = researcher(session)
    accept(session, reader, challenge)
    read_confidential(session, reader, challenge_id=challenge.id)
    draft_proposal(session, reader, challenge_id=challenge.id)

    withdraw_challenge(session, cast.admin, challenge_id=challenge.id, reason="方向改了")

    rows = list_readers(session, cast.admin, challenge.id)
    assert [(row.person, row.reads) for row in rows] == [(reader.name, 1)]
    assert seen_in_the_trail(session) == {"accept_nda", "read_confidential"}
    inside = [row.action for row in challenge_history(session, cast.admin, challenge.id)]
    assert "read_confidential" in inside


def test_not_even_after_the_opening_does_the_page_tell_others_who_read(session) -> None:
    challenge = opened_to_answers(session, add_cast(session))
    reader = researcher(session)
    accept(session, reader, challenge)
    read_confidential(session, reader, challenge_id=challenge.id)
    challenge.opened_at = challenge.closed_at = challenge.closes_at
    session.flush()

    history = [row.action for row in record_trail(session, researcher(session), challenge.id)]
    assert "publish_challenge" in history
    assert "read_confidential" not in history
    trail = [row.action for row in list_trail(session, add_member(session, Role.AUDITOR), limit=100)]
    assert "read_confidential" in trail


def test_after_the_opening_every_door_tells_the_enterprise_and_the_auditor_alone(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    challenge.broker_id = cast.broker.person_id
    reader, auditor = researcher(session), add_member(session, Role.AUDITOR)
    accept(session, reader, challenge)
    read_confidential(session, reader, challenge_id=challenge.id)
    read_confidential(session, cast.operator, challenge_id=challenge.id)
    challenge.opened_at = challenge.closed_at = challenge.closes_at
    session.flush()

    def doors(actor: Actor) -> list[str]:
        """The name of the reader in history, trail and export."""
        rows = [("history", row.person) for row in challenge_history(session, actor, challenge.id)]
        if can(actor, Action.READ_AUDIT_TRAIL):
            rows += [("trail", row.person) for row in list_trail(session, actor, limit=100)]
            rows += [("export", row.person) for row in export_trail(session, actor)]
        return sorted({door for door, name in rows if name == reader.name})

    assert doors(auditor) == ["export", "history", "trail"]
    assert doors(cast.admin) == doors(cast.member) == ["history"]
    for actor in (cast.operator, cast.approver, cast.broker, researcher(session)):
        assert doors(actor) == []
    # What they read by duty stays theirs to answer for.
    assert "read_confidential" in {row.action for row in list_trail(session, cast.approver, limit=100)}


def test_nothing_is_accepted_or_written_after_the_close(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    reader = researcher(session)
    jump(challenge.closes_at)

    with pytest.raises(DeadlinePassed):
        accept(session, reader, challenge)
    close_due(session)
    with pytest.raises(NotPossibleNow):
        accept(session, reader, challenge)
    with pytest.raises(NotPossibleNow):
        write_nda(session, cast.admin, challenge_id=challenge.id, text="迟到的版本")


def test_only_the_enterprises_admin_writes_the_agreement(session) -> None:
    cast = add_cast(session)
    challenge = draft(session, cast)

    assert write_nda(session, cast.admin, challenge_id=challenge.id, text="企业自拟文本") == 1
    with pytest.raises(Forbidden):
        write_nda(session, cast.member, challenge_id=challenge.id, text="成员")
    with pytest.raises(NotFound):
        write_nda(session, cast.operator, challenge_id=challenge.id, text="经办")
    with pytest.raises(Invalid):
        write_nda(session, cast.admin, challenge_id=challenge.id, text=" \n ")
    with pytest.raises(Invalid):
        write_nda(session, cast.admin, challenge_id=challenge.id, text="长" * 8001)


def test_asking_a_question_tells_nobody_who_asked(session) -> None:
    cast = add_cast(session)
    challenge = opened_to_answers(session, cast)
    asker = researcher(session)
    ask_question(session, asker, challenge_id=challenge.id, text="漆液固含量范围是多少？")

    trail = list_trail(session, add_member(session, Role.AUDITOR), limit=100)
    assert "ask_question" not in [row.action for row in trail]
