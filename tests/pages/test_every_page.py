"""Every page for every role: it opens without a fault, empty and with an unknown id, in both languages."""

import logging
from urllib.parse import urlsplit

import pytest

from db.models import OrganisationKind, Role
from portal.permissions import VISITOR, Actor
from portal.transactions import writing
from portal.ui.page_table import PAGES, pages_for
from tests.apptest import open_as, texts, turn_to
from tests.factories import add_member, add_organisation

ROLES_OF = {row.url_path: row.roles for row in PAGES}
ROLES = [role for role in Role if role is not Role.CLOCK]
KINDS = {
    Role.ENTERPRISE_MEMBER: OrganisationKind.ENTERPRISE,
    Role.ENTERPRISE_ADMIN: OrganisationKind.ENTERPRISE,
    Role.RESEARCHER: OrganisationKind.INSTITUTE,
    Role.INSTITUTE_ADMIN: OrganisationKind.INSTITUTE,
    Role.BROKER: OrganisationKind.AGENCY,
}


def somebody(role: Role) -> Actor | None:
    if role is Role.VISITOR:
        return None
    with writing() as session:
        organisation = add_organisation(session, KINDS[role]) if role in KINDS else None
        return add_member(session, role, organisation)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_opens_for_everybody_who_may_see_it(sqlite_url, role, language, caplog) -> None:
    """And links to no page of other roles."""
    actor = somebody(role)
    at = open_as(actor, language=language)

    for row in pages_for(actor or VISITOR):
        turn_to(at, row.script)
        assert not at.exception, (row.script, at.exception)
        assert texts(at), row.script
        targets = [urlsplit(link.proto.page).path.strip("/") or "home" for link in at.get("page_link")]
        assert all(role in ROLES_OF[target] for target in targets), (row.script, targets)
    faults = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert faults == []


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_an_unknown_record_looks_like_one_that_may_not_be_seen(sqlite_url, role, caplog) -> None:
    actor = somebody(role)
    hidden = [row for row in pages_for(actor or VISITOR) if row.hidden and row.url_path not in ("notices", "account")]

    at = open_as(actor)
    for row in hidden:
        turn_to(at, row.script, id="00000000-0000-0000-0000-000000000000")
        assert not at.exception, (row.script, at.exception)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_page_of_other_roles_is_not_there(sqlite_url, role) -> None:
    actor = somebody(role)
    mine = {row.script for row in pages_for(actor or VISITOR)}
    at = open_as(actor)

    for row in PAGES:
        if row.script not in mine:
            with pytest.raises(ValueError, match="page"):
                turn_to(at, row.script)
