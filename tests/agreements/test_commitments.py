"""A promise from its first word to its end: reported on, delivered, dropped, never prettified."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import CommitmentReport, CommitmentStatus, CooperationField, OrganisationKind, Role
from portal import clock
from portal.agreements.commitment_queries import commitments_of, list_commitments
from portal.agreements.commitments import add_commitment, drop_commitment, edit_commitment
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.files.queries import open_file
from portal.permissions import Action
from tests.agreements.world import draft, in_force, later, make_world, promise, report, sign
from tests.factories import add_member, add_organisation

C = CommitmentStatus


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def agreement(session, world):
    return in_force(session, world)


@pytest.fixture
def commitment(session, world, agreement):
    return promise(session, world, agreement)


def drop(session, actor, commitment, **changes):
    values = {"reason": "场地调整", "agreed_by": "沈立与陆远，专班会议", "version": None}
    drop_commitment(session, actor, commitment_id=commitment.id, **(values | changes))


def edited(session, world, commitment, **changes):
    columns = ("text", "field", "owner_id", "responsible", "due_on", "measure")
    values = {name: getattr(commitment, name) for name in columns}
    return edit_commitment(session, world.operator, commitment_id=commitment.id, version=None, **(values | changes))


def test_the_owner_reports_until_it_is_delivered(session, world, commitment) -> None:
    report(session, world.institute_admin, commitment, C.ON_TRACK)
    report(session, world.institute_admin, commitment, C.AT_RISK, words="两处场地未落实")
    report(session, world.institute_admin, commitment, C.DELIVERED, file=("合同.txt", "合同".encode()))

    [row] = commitments_of(session, world.researcher, commitment.agreement_id)
    assert (row.status, row.done_on) == (C.DELIVERED, clock.today())
    assert [said.status for said in row.reports] == [C.DELIVERED, C.AT_RISK, C.ON_TRACK]
    assert open_file(session, world.broker, row.reports[0].file_id).content == "合同".encode()
    with pytest.raises(NotFound):
        open_file(session, world.enterprise_member, row.reports[0].file_id)


def test_the_same_promise_twice_is_one(session, world, agreement) -> None:
    assert promise(session, world, agreement).id == promise(session, world, agreement).id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "长" * 601}, "text"),
        ({"measure": ""}, "measure"),
        ({"field": CooperationField.ECOLOGY}, "field"),
        ({"field": None}, "field"),
        ({"owner_id": None}, "owner"),
        ({"due_on": clock.today() - timedelta(days=400)}, "due_on"),
        ({"due_on": clock.today() + timedelta(days=4000)}, "due_on"),
        ({"responsible": "长" * 61}, "responsible"),
    ],
)
def test_a_bad_promise_is_refused_by_field(session, world, agreement, changes, field) -> None:
    with pytest.raises(Invalid) as refused:
        promise(session, world, agreement, **changes)

    assert refused.value.field == field
    assert commitments_of(session, world.operator, agreement.id) == []


def test_a_stranger_owns_no_promise(session, world, agreement) -> None:
    with pytest.raises(Invalid, match="choose the party"):
        promise(session, world, agreement, owner_id=add_organisation(session).id)


@pytest.mark.parametrize("status", [C.ON_TRACK, C.AT_RISK, C.DELIVERED])
def test_every_report_says_something_that_has_happened(session, world, commitment, status) -> None:
    with pytest.raises(Invalid) as refused:
        report(session, world.institute_admin, commitment, status, words=" ")
    assert refused.value.field == "words"
    with pytest.raises(Invalid) as refused:
        report(session, world.institute_admin, commitment, status, happened_on=clock.today() + timedelta(days=1))
    assert refused.value.field == "happened_on"
    assert commitment.status is C.PLANNED


@pytest.mark.parametrize("status", [C.PLANNED, C.DROPPED])
def test_a_report_leads_nowhere_else(session, world, commitment, status) -> None:
    with pytest.raises(NotPossibleNow):
        report(session, world.institute_admin, commitment, status)


def test_another_party_does_not_report(session, world, commitment) -> None:
    with pytest.raises(Forbidden):
        report(session, world.enterprise_admin, commitment, C.DELIVERED)
    other = add_member(session, Role.INSTITUTE_ADMIN, add_organisation(session, OrganisationKind.INSTITUTE))
    with pytest.raises(NotFound):
        report(session, other, commitment, C.DELIVERED)


def test_nothing_is_reported_on_a_draft(session, world) -> None:
    commitment = promise(session, world, draft(session, world))

    with pytest.raises(NotPossibleNow):
        report(session, world.institute_admin, commitment, C.DELIVERED)


def test_dropping_needs_a_reason_and_who_agreed(session, world, commitment) -> None:
    for changes, field in (({"reason": " "}, "reason"), ({"agreed_by": " "}, "agreed_by")):
        nested = session.begin_nested()
        with pytest.raises(Invalid) as refused:
            drop(session, world.operator, commitment, **changes)
        nested.rollback()
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        drop(session, world.institute_admin, commitment)

    drop(session, world.operator, commitment)

    said = session.scalars(select(CommitmentReport)).one()
    assert (commitment.status, said.words, said.agreed_by) == (C.DROPPED, "场地调整", "沈立与陆远，专班会议")
    with pytest.raises(NotPossibleNow):
        report(session, world.institute_admin, commitment, C.DELIVERED)


def test_what_was_signed_is_not_moved_to_a_later_day(session, world, commitment) -> None:
    with pytest.raises(Invalid, match="What was signed"):
        edited(session, world, commitment, due_on=commitment.due_on + timedelta(days=100))

    assert edited(session, world, commitment, responsible="丁宁")
    assert not edited(session, world, commitment)


def test_a_promise_of_a_draft_is_changed_and_signed_anew(session, world) -> None:
    agreement = draft(session, world)
    commitment = promise(session, world, agreement)
    sign(session, agreement, world.institute_admin)

    assert edited(session, world, commitment, text="引进博士和工程师")

    assert not any(party.signed_at for party in agreement.parties)


def test_an_old_page_is_refused(session, world, commitment) -> None:
    old = commitment.version
    report(session, world.institute_admin, commitment, C.ON_TRACK)

    with pytest.raises(Stale):
        report(session, world.institute_admin, commitment, C.DELIVERED, version=old)


def test_the_list_tells_open_late_at_risk_and_kept_apart(session, world, agreement) -> None:
    kept, late, risky = (promise(session, world, agreement, text=text) for text in ("甲", "乙", "丙"))
    promise(session, world, agreement, text="丁", due_on=agreement.ends_on)
    promise(session, world, draft(session, world), text="草案之诺")
    report(session, world.institute_admin, kept, C.DELIVERED)
    later(150)
    report(session, world.institute_admin, risky, C.AT_RISK)

    def texts(**filters):
        return [row.text for row in list_commitments(session, world.operator, **filters).rows]

    assert sorted(texts(state="late")) == ["丙", "乙"]
    assert sorted(texts(state="open")) == ["丁", "丙", "乙"]
    assert (texts(state="at_risk"), texts(state="kept"), texts(state="dropped")) == (["丙"], ["甲"], [])
    assert len(texts()) == len(texts(state="' OR 1=1 --")) == 5
    assert len(texts(owner=world.university.id)) == len(texts(university=world.university.id)) == 5
    assert texts(owner=world.enterprise.id) == texts(field=CooperationField.INNOVATION) == []
    assert {row.text for row in list_commitments(session, world.operator).rows if row.is_late} == {"乙", "丙"}
    assert late.status is C.PLANNED


def test_buttons_are_those_that_would_work(session, world, commitment) -> None:
    def acts(actor):
        return set(commitments_of(session, actor, commitment.agreement_id)[0].actions)

    everything = {Action.REPORT_COMMITMENT, Action.EDIT_COMMITMENT, Action.DROP_COMMITMENT}
    assert acts(world.operator) == everything
    assert acts(world.institute_admin) == {Action.REPORT_COMMITMENT}
    assert acts(world.approver) == {Action.DROP_COMMITMENT}
    assert acts(world.enterprise_admin) == acts(world.researcher) == set()
    drop(session, world.approver, commitment)
    assert acts(world.operator) == set()


def test_nothing_is_added_to_what_has_ended(session, world, agreement) -> None:
    from portal.agreements.commands import terminate_agreement

    terminate_agreement(session, world.approver, agreement_id=agreement.id, version=None, reason="协商一致")

    with pytest.raises(NotPossibleNow):
        promise(session, world, agreement)
    with pytest.raises(Forbidden):
        add_commitment(
            session,
            world.institute_admin,
            agreement_id=agreement.id,
            text="甲",
            field=CooperationField.TALENT,
            owner_id=world.university.id,
            responsible="",
            due_on=agreement.ends_on,
            measure="乙",
        )
