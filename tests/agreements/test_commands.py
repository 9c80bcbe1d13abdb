"""Drafting, signing by every party, renewing and ending an agreement."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from db.models import (
    Agreement,
    AgreementStatus,
    CommitmentStatus,
    CooperationField,
    Event,
    FileObject,
    Notification,
    OrganisationKind,
    PartySide,
    Role,
)
from portal import clock
from portal.agreements.commands import (
    abandon_agreement,
    attach_document,
    create_agreement,
    prepare_renewal,
    sign_agreement,
    terminate_agreement,
)
from portal.agreements.queries import agreement_detail
from portal.errors import Forbidden, Invalid, NotFound, NotPossibleNow, Stale
from portal.files.queries import open_file
from portal.permissions import Action
from tests.agreements.world import content, draft, edit, in_force, make_world, promise, sign, signed
from tests.factories import actor_of, add_member, add_organisation, add_person

S = AgreementStatus


@pytest.fixture
def world(session):
    return make_world(session)


def told(session, actor):
    query = select(Notification.message).where(Notification.person_id == actor.person_id)
    return list(session.scalars(query.order_by(Notification.created_at)))


def signatures(agreement):
    return {party.side for party in agreement.parties if party.signed_at}


def test_what_is_drafted_is_what_stands_there(session, world) -> None:
    agreement = draft(session, world)
    detail = agreement_detail(session, world.operator, agreement.id)

    assert detail.row.number == f"AG-{clock.today().year}-0001"
    assert (detail.row.status, detail.money_fen) == (S.NEGOTIATING, 1_200_000_000)
    assert detail.row.fields == (CooperationField.TALENT, CooperationField.INNOVATION)
    assert [party.side for party in detail.parties] == [*list(PartySide)[:3], PartySide.AGENCY]
    assert [(row.name, row.is_chair) for row in detail.steering] == [("沈立", True), ("顾敏", False), ("陆远", True)]
    assert "waits for your signature" in told(session, world.institute_admin)[0]


def test_the_same_form_twice_is_one_agreement(session, world) -> None:
    token = uuid4()
    first, second = (create_agreement(session, world.operator, token=token, **content(world)) for _ in range(2))

    assert first == second
    assert session.scalar(select(func.count()).select_from(Agreement)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"fields": []}, "fields"),
        ({"office_id": None}, "office"),
        ({"institutes": []}, "institutes"),
        ({"ends_on": clock.today() - timedelta(days=1)}, "ends_on"),
        ({"signed_on": clock.today() + timedelta(days=1)}, "signed_on"),
        ({"money": "一千"}, "money"),
        ({"money": "-5"}, "sum"),
        ({"district_group": "沈立"}, "district_group"),
        ({"summary": "长" * 4001}, "summary"),
    ],
)
def test_bad_content_is_refused_by_field_and_changes_nothing(session, world, changes, field) -> None:
    with pytest.raises(Invalid) as refused:
        create_agreement(session, world.operator, **content(world, **changes))

    assert refused.value.field == field
    assert session.scalar(select(func.count()).select_from(Agreement)) == 0


def test_parties_are_of_their_kind_and_verified(session, world) -> None:
    from db.models import OrganisationStatus

    applied = add_organisation(session, OrganisationKind.INSTITUTE, status=OrganisationStatus.APPLIED)
    investor = add_organisation(session, OrganisationKind.INVESTOR)
    for changes in (
        {"institutes": [world.enterprise.id]},
        {"institutes": [applied.id]},
        {"institutes": [uuid4()]},
        {"office_id": world.university.id},
        {"others": [investor.id]},
    ):
        with pytest.raises(Invalid, match="verified organisation"):
            create_agreement(session, world.operator, **content(world, **changes))


def test_another_office_of_the_district_joins_without_a_signature(session, world) -> None:
    park = add_organisation(session, OrganisationKind.GOVERNMENT)
    agreement = signed(session, world, others=[world.enterprise.id, park.id])

    assert agreement.status is S.SIGNED
    assert signatures(agreement) == {PartySide.DISTRICT, PartySide.INSTITUTE, PartySide.ENTERPRISE}


def test_the_last_signature_makes_it_signed(session, world) -> None:
    agreement = draft(session, world)
    sign(session, agreement, world.institute_admin, world.approver)
    assert agreement.status is S.NEGOTIATING

    sign(session, agreement, world.enterprise_admin)

    assert (agreement.status, agreement.signed_on) == (S.SIGNED, clock.today())
    assert "Every party has signed" in told(session, world.operator)[-1]
    events = session.scalars(select(Event).where(Event.action == Action.SIGN_AGREEMENT).order_by(Event.seq)).all()
    assert [(event.to_status, event.fields) for event in events] == [
        (None, ["institute"]),
        (None, ["district"]),
        ("signed", ["enterprise"]),
    ]


def test_a_second_click_changes_nothing(session, world) -> None:
    agreement = draft(session, world)
    sign(session, agreement, world.institute_admin)
    [first] = [party.signed_at for party in agreement.parties if party.signed_at]

    sign(session, agreement, world.institute_admin)

    assert [party.signed_at for party in agreement.parties if party.signed_at] == [first]


def test_who_may_not_sign(session, world) -> None:
    agreement = draft(session, world)
    for actor in (world.operator, world.researcher, world.broker, world.officials[Role.LEADER]):
        with pytest.raises(Forbidden):
            sign_agreement(session, actor, agreement_id=agreement.id, version=None)
    other = add_member(session, Role.INSTITUTE_ADMIN, add_organisation(session, OrganisationKind.INSTITUTE))
    with pytest.raises(NotFound):
        sign_agreement(session, other, agreement_id=agreement.id, version=None)


def test_who_wrote_it_does_not_sign_it_for_the_district(session, world) -> None:
    from db.models import Membership, MembershipStatus, Person

    agreement = draft(session, world)
    person = session.get_one(Person, world.operator.acting_person)
    hat = Membership(person_id=person.id, role=Role.APPROVER, status=MembershipStatus.ACTIVE, created_at=clock.now())
    session.add(hat)
    session.flush()
    approver = actor_of(hat, person, None)

    with pytest.raises(Forbidden, match="another approver"):
        sign_agreement(session, approver, agreement_id=agreement.id, version=None)
    assert Action.SIGN_AGREEMENT not in agreement_detail(session, approver, agreement.id).actions


def test_an_approver_of_the_university_does_not_sign_for_the_district(session, world) -> None:
    agreement = draft(session, world)
    person = add_person(session)
    add_member(session, Role.RESEARCHER, world.university, person)
    approver = add_member(session, Role.APPROVER, None, person)

    with pytest.raises(Forbidden, match="in another role"):
        sign_agreement(session, approver, agreement_id=agreement.id, version=None)


def test_a_change_voids_the_signatures_and_tells_who_had_signed(session, world) -> None:
    agreement = draft(session, world)
    sign(session, agreement, world.institute_admin)

    assert edit(session, world, agreement, title="改了名的协议")

    assert signatures(agreement) == set()
    assert "sign again" in told(session, world.institute_admin)[-1]
    assert "sign again" not in " ".join(told(session, world.enterprise_admin))


def test_saving_the_same_words_changes_nothing(session, world) -> None:
    agreement = draft(session, world)
    sign(session, agreement, world.institute_admin)

    assert not edit(session, world, agreement)
    assert signatures(agreement) == {PartySide.INSTITUTE}


def test_a_commitment_and_a_document_are_signed_too(session, world) -> None:
    agreement = draft(session, world)
    sign(session, agreement, world.institute_admin)
    promise(session, world, agreement)
    assert signatures(agreement) == set()

    sign(session, agreement, world.institute_admin)
    target = {"agreement_id": agreement.id, "version": None}
    attach_document(session, world.operator, name="协议.txt", content="全文".encode(), **target)
    assert signatures(agreement) == set()


def test_a_signed_scan_is_added_and_read_by_parties_alone(session, world) -> None:
    agreement = signed(session, world)
    target = {"agreement_id": agreement.id, "version": None}
    file_id = attach_document(session, world.operator, name="扫描件.txt", content="扫描件".encode(), **target)

    assert signatures(agreement) == {PartySide.DISTRICT, PartySide.INSTITUTE, PartySide.ENTERPRISE}
    for actor in (world.researcher, world.broker, world.enterprise_admin, world.officials[Role.AUDITOR]):
        assert open_file(session, actor, file_id).content == "扫描件".encode()
    for actor in (world.enterprise_member, world.officials[Role.STEWARD], world.officials[Role.PLATFORM_ADMIN]):
        with pytest.raises(NotFound):
            open_file(session, actor, file_id)
    assert session.scalar(select(func.count()).select_from(FileObject)) == 1


def test_an_old_page_is_refused(session, world) -> None:
    agreement = draft(session, world)
    old = agreement.version
    edit(session, world, agreement, title="改了名的协议")

    with pytest.raises(Stale):
        sign_agreement(session, world.institute_admin, agreement_id=agreement.id, version=old)


def test_what_is_signed_is_not_edited(session, world) -> None:
    agreement = signed(session, world)

    with pytest.raises(NotPossibleNow):
        edit(session, world, agreement, title="改了名的协议")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fields": [CooperationField.ECOLOGY]}, "fields"),
        ({"others": []}, "parties"),
        ({"ends_on": clock.today() + timedelta(days=50)}, "ends_on"),
    ],
)
def test_no_commitment_is_cut_loose_by_an_edit(session, world, changes, field) -> None:
    agreement = draft(session, world)
    promise(session, world, agreement, owner_id=world.enterprise.id)

    with pytest.raises(Invalid) as refused:
        edit(session, world, agreement, **changes)

    assert refused.value.field == field


def test_a_term_that_is_over_is_not_signed(session, world) -> None:
    today = clock.today()
    agreement = draft(session, world, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=1))

    with pytest.raises(Invalid, match="correct it before signing"):
        sign(session, agreement, world.institute_admin)


def test_the_successor_follows_without_a_gap_and_renews_with_its_last_signature(session, world) -> None:
    old = in_force(session, world, ends_on=clock.today() + timedelta(days=400))
    target = {"agreement_id": old.id, "version": None}
    new_id = prepare_renewal(session, world.operator, **target)
    assert prepare_renewal(session, world.operator, **target) == new_id
    new = session.get_one(Agreement, new_id)
    assert (new.starts_on, new.ends_on - new.starts_on) == (old.ends_on + timedelta(days=1), timedelta(days=400))
    assert Action.PREPARE_RENEWAL not in agreement_detail(session, world.operator, old.id).actions

    sign(session, new, world.institute_admin, world.enterprise_admin)
    assert old.status is S.EFFECTIVE
    sign(session, new, world.approver)

    assert (old.status, new.status) == (S.RENEWED, S.SIGNED)
    assert agreement_detail(session, world.researcher, old.id).successor.id == new_id
    assert agreement_detail(session, world.researcher, new_id).predecessor.id == old.id


def test_after_a_broken_off_renewal_another_one_is_drafted(session, world) -> None:
    old = in_force(session, world)
    target = {"agreement_id": old.id, "version": None}
    first = prepare_renewal(session, world.operator, **target)
    abandon_agreement(session, world.operator, agreement_id=first, version=None, reason="条件未谈妥")

    second = prepare_renewal(session, world.operator, **target)

    assert second != first
    assert agreement_detail(session, world.operator, old.id).successor.id == second


def test_ending_early_drops_the_open_commitments_with_it(session, world) -> None:
    agreement = in_force(session, world)
    commitment = promise(session, world, agreement)

    terminate_agreement(session, world.approver, agreement_id=agreement.id, version=None, reason="协商一致")

    assert (agreement.status, commitment.status) == (S.TERMINATED, CommitmentStatus.DROPPED)
    assert commitment.done_on == clock.today()
    assert "has ended" in told(session, world.institute_admin)[-1]


def test_only_an_approver_ends_what_is_signed(session, world) -> None:
    agreement = in_force(session, world)
    target = {"agreement_id": agreement.id, "version": None, "reason": "协商一致"}

    with pytest.raises(NotPossibleNow):
        abandon_agreement(session, world.operator, **target)
    with pytest.raises(Invalid, match="reason"):
        terminate_agreement(session, world.approver, **(target | {"reason": " "}))
    with pytest.raises(Forbidden):
        terminate_agreement(session, world.operator, **target)


def test_notices_go_by_the_number_alone(session, world) -> None:
    signed(session, world)

    rows = session.scalars(select(Notification)).all()

    assert rows
    assert all("余杭区与示例大学" not in f"{row.message}{row.params}" for row in rows)


def test_events_hold_names_of_fields_and_no_values(session, world) -> None:
    agreement = signed(session, world)
    promise(session, world, agreement)

    said = repr([event.fields for event in session.scalars(select(Event))])

    for value in ("沈立", "范晓", "内部约定", "引进博士"):
        assert value not in said
