"""The first platform admins and their one-time links, by the command line."""

import pytest
from sqlalchemy.orm import Session

from db.models import OneTimeLinkKind, Person, Role
from portal.accounts.links import use
from portal.errors import Invalid
from portal.events import verify_chain
from portal.operations.people import invite, list_people, reset_link
from portal.operations.refusals import OperationRefused
from portal.transactions import reading
from tests.factories import add_organisation, add_person
from tests.operations.conftest import Cli


def test_the_first_two_platform_admins_come_from_the_command_line(any_session: Session) -> None:
    for email in ("one@example.org", "two@example.org"):
        link = invite(any_session, email=email, name="", role=Role.PLATFORM_ADMIN)
        person_id = use(any_session, OneTimeLinkKind.INVITATION, link.rsplit("/", 1)[1])
        assert any_session.get_one(Person, person_id).email == email

    with pytest.raises(OperationRefused, match="two platform admins"):
        invite(any_session, email="three@example.org", name="", role=Role.PLATFORM_ADMIN)
    assert [(row.email, row.role) for row in list_people(any_session)] == [
        ("one@example.org", "platform_admin"),
        ("two@example.org", "platform_admin"),
    ]
    assert verify_chain(any_session)[1] == []


def test_other_official_roles_need_two_people_in_the_portal(session: Session) -> None:
    with pytest.raises(OperationRefused, match="another decides"):
        invite(session, email="op@example.org", name="", role=Role.OPERATOR)
    with pytest.raises(Invalid):
        invite(session, email="no address", name="", role=Role.PLATFORM_ADMIN)


def test_somebody_of_an_organisation_needs_its_code(session: Session) -> None:
    organisation = add_organisation(session)

    assert invite(
        session,
        email="admin@example.org",
        name="王芳",
        role=Role.ENTERPRISE_ADMIN,
        organisation_code=organisation.credit_code,
    )
    assert list_people(session)[0] == (
        "admin@example.org",
        "王芳",
        "enterprise_admin",
        organisation.name,
        "active, no password yet",
    )
    for code in ("", "unknown"):
        with pytest.raises(OperationRefused, match="credit code"):
            invite(session, email="x@example.org", name="", role=Role.ENTERPRISE_ADMIN, organisation_code=code)


@pytest.mark.parametrize("role", [Role.VISITOR, Role.CLOCK])
def test_nobody_is_invited_as_a_visitor_or_as_the_clock(session: Session, role: Role) -> None:
    with pytest.raises(OperationRefused, match="not a role"):
        invite(
            session, email="x@example.org", name="", role=role, organisation_code=add_organisation(session).credit_code
        )


def test_a_reset_link_for_whom_no_mail_reaches(session: Session) -> None:
    person = add_person(session, email="known@example.org")

    link = reset_link(session, email="Known@example.org")

    assert use(session, OneTimeLinkKind.PASSWORD_RESET, link.rsplit("/", 1)[1]) == person.id
    with pytest.raises(OperationRefused, match=r"unknown@example\.org"):
        reset_link(session, email="unknown@example.org")


def test_the_command_line_prints_the_link(sqlite_url: str, cli: Cli) -> None:
    said = cli("user", "invite", "first@example.org", "--role", "platform_admin")

    assert said.returncode == 0, said.stderr
    with reading() as session:
        assert len(list_people(session)) == 1
    assert "http://localhost:8501/" in said.stdout
    assert cli("user", "reset", "nobody@example.org").stderr == (
        "portal: no account that may sign in has the address nobody@example.org\n"
    )
    assert "first@example.org\tfirst\tplatform_admin" in cli("user", "list").stdout
