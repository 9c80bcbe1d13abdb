"""The row “agreement” of the permission matrix: whole, existence alone, or nothing; in lists, details and figures."""

from uuid import uuid4

import pytest

from db.models import CooperationField, OrganisationKind, Role
from portal.agreements.commitment_queries import commitments_of, list_commitments
from portal.agreements.queries import agreement_detail, list_agreements
from portal.errors import NotFound
from portal.permissions import VISITOR
from tests.agreements.world import in_force, make_world, promise
from tests.factories import add_member, add_organisation

WHOLE = {"institute_admin", "researcher", "enterprise_admin", "broker", "operator", "approver", "leader", "auditor"}
EXISTENCE = {"enterprise_member", "steward", "lead_steward"}


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def agreement(session, world):
    agreement = in_force(session, world)
    promise(session, world, agreement)
    return agreement


def readers(session, world):
    """Everybody of the agreement, the officials, and a stranger of each kind."""
    away = {
        Role.INSTITUTE_ADMIN: OrganisationKind.INSTITUTE,
        Role.RESEARCHER: OrganisationKind.INSTITUTE,
        Role.ENTERPRISE_ADMIN: OrganisationKind.ENTERPRISE,
        Role.ENTERPRISE_MEMBER: OrganisationKind.ENTERPRISE,
        Role.BROKER: OrganisationKind.AGENCY,
    }
    return {
        "visitor": VISITOR,
        **{role.value: actor for role, actor in world.officials.items()},
        **{f"other {role}": add_member(session, role, add_organisation(session, kind)) for role, kind in away.items()},
        **{name: getattr(world, name) for name in (WHOLE | EXISTENCE) if hasattr(world, name)},
    }


def test_who_knows_how_much(session, world, agreement) -> None:
    whole, existence = set(), set()
    for name, actor in readers(session, world).items():
        listed = [row.id for row in list_agreements(session, actor).rows]
        promised = list_commitments(session, actor).total
        try:
            detail = agreement_detail(session, actor, agreement.id)
        except NotFound:
            assert (listed, promised) == ([], 0), name
            continue
        assert listed == [agreement.id], name
        assert promised == int(detail.row.is_full), name
        (whole if detail.row.is_full else existence).add(name)

    assert (whole, existence) == (WHOLE, EXISTENCE)


@pytest.mark.parametrize("reader", ["enterprise_member", "steward"])
def test_existence_is_title_university_and_status_alone(session, world, agreement, reader) -> None:
    actor = getattr(world, reader, None) or world.officials[Role.STEWARD]

    detail = agreement_detail(session, actor, agreement.id)
    [row] = list_agreements(session, actor).rows

    assert row == detail.row
    assert (row.title, row.universities, row.status) == (agreement.title, ("示例大学",), agreement.status)
    assert (row.number, row.part, row.fields, row.starts_on, row.ends_on, row.changed_at) == (
        "",
        None,
        (),
        None,
        None,
        None,
    )
    assert not any(detail[1:])
    with pytest.raises(NotFound):
        commitments_of(session, actor, agreement.id)


def test_filters_tell_a_steward_nothing_of_the_content(session, world, agreement) -> None:
    steward, operator = world.officials[Role.STEWARD], world.operator

    def total(actor, **filters):
        return list_agreements(session, actor, **filters).total

    for filters in ({"field": CooperationField.TALENT}, {"within": 2000}):
        assert (total(operator, **filters), total(steward, **filters)) == (1, 0)
    for filters in ({"university": world.university.id}, {"status": agreement.status}):
        assert (total(operator, **filters), total(steward, **filters)) == (1, 1)


def test_filters(session, world, agreement) -> None:
    def total(**filters):
        return list_agreements(session, world.operator, **filters).total

    assert (total(within=999), total(within=1000), total(within=10**9)) == (0, 1, 1)
    assert (total(university=world.enterprise.id), total(university=uuid4())) == (1, 0)
    assert (total(field=CooperationField.ECOLOGY), total(field=CooperationField.INNOVATION)) == (0, 1)


def test_unknown_is_not_found(session, world) -> None:
    with pytest.raises(NotFound):
        agreement_detail(session, world.operator, uuid4())
    with pytest.raises(NotFound):
        commitments_of(session, world.operator, uuid4())
