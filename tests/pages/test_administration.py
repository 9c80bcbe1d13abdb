"""The pages of the platform admin and the auditor: a refusal is said, and who acted reads well."""

import pytest

from db.models import Role
from portal.accounts.commands import propose_official_role
from portal.events import record_event
from portal.house_rules import house_rules
from portal.permissions import Action, Actor
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.factories import add_member, add_organisation

pytestmark = pytest.mark.usefixtures("sqlite_url")


def test_a_setting_out_of_bounds_is_refused_in_words() -> None:
    with writing() as session:
        admin = add_member(session, Role.PLATFORM_ADMIN)
        before = house_rules(session)
    at = open_as(admin, "admin/settings.py")
    # The browser keeps a number beyond the field's own limits to itself, and nothing happens at all.
    assert all(field.max is None or field.max > 10**6 for field in at.number_input)

    at.number_input[0].set_value(9999)
    next(button for button in at.button if button.label == "Save").click().run()

    assert "The value must lie between" in texts(at)
    with reading() as session:
        assert house_rules(session) == before


def test_whoever_signs_in_is_no_visitor_in_the_trail() -> None:
    with writing() as session:
        auditor = add_member(session, Role.AUDITOR)
        nameless = Actor(Role.VISITOR, person_id=auditor.person_id)
        record_event(session, nameless, Action.SIGN_IN, "person", auditor.acting_person)
    at = open_as(auditor, "admin/trail.py")

    assert not at.exception
    shown = "\n".join(str(table.value.to_csv()) for table in at.table)
    assert auditor.name in shown
    assert "Visitor" not in shown


def test_the_only_platform_admin_is_told_who_is_missing_and_chooses_the_role() -> None:
    with writing() as session:
        admin = add_member(session, Role.PLATFORM_ADMIN)
        enterprise = add_organisation(session, name="孤身公司")
        alone = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    at = open_as(admin, "admin/people.py")

    role = next(one for one in at.selectbox if one.label == "Role")
    assert role.value is None
    fields = {field.label: field for field in at.text_input}
    fields["E-mail"].input("new@example.org")
    fields["Name"].input("新人")
    propose = next(button for button in at.button if button.label == "Propose")
    propose.click().run()
    assert "Please choose a role." in texts(at)
    with writing() as session:
        propose_official_role(session, admin, email="new@example.org", name="新人", role=Role.EXPERT)
    at.run()
    assert "a second one must be invited first" in texts(at)
    assert "Another platform admin decides" not in texts(at)

    at.button(key=f"disable_{alone.person_id}").click().run()
    assert "This is the last admin of 孤身公司" in texts(at)


def test_a_search_for_nobody_says_so() -> None:
    with writing() as session:
        admin = add_member(session, Role.PLATFORM_ADMIN)
    at = open_as(admin, "admin/people.py")

    at.text_input(key="search").input("nobody of that name").run()

    assert "Nobody is found" in texts(at)
