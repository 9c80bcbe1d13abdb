"""The audit trail: who reads what, and nothing about sealed proposals before the opening."""

from datetime import timedelta
from uuid import uuid4

import pytest

from db.models import Role
from portal import clock
from portal.errors import Forbidden
from portal.events import record_event
from portal.metrics.trail import TrailFilter, list_trail, record_trail
from tests.factories import add_challenge, add_member, add_organisation


def test_acts_on_a_sealed_proposal_appear_only_after_the_opening(session) -> None:
    auditor = add_member(session, Role.AUDITOR)
    researcher = add_member(session, Role.RESEARCHER, add_organisation(session))
    challenge = add_challenge(session)
    proposal_id = uuid4()
    record_event(session, researcher, "submit_proposal", "proposal", proposal_id, sealed_until_opened=challenge.id)

    assert list_trail(session, auditor) == []
    assert record_trail(session, auditor, proposal_id) == []
    challenge.opened_at = clock.now()
    session.flush()
    assert [row.action for row in list_trail(session, auditor)] == ["submit_proposal"]


def test_each_role_reads_its_part(session) -> None:
    enterprise = add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    record_event(session, admin, "submit_challenge", "challenge", uuid4())
    record_event(session, add_member(session, Role.PLATFORM_ADMIN), "change_setting", "setting", uuid4())

    def seen(role, organisation=None):
        return [row.action for row in list_trail(session, add_member(session, role, organisation))]

    assert seen(Role.AUDITOR) == ["change_setting", "submit_challenge"]
    assert seen(Role.OPERATOR) == ["submit_challenge"]
    assert seen(Role.PLATFORM_ADMIN) == ["change_setting"]
    assert seen(Role.ENTERPRISE_ADMIN, enterprise) == ["submit_challenge"]
    assert seen(Role.ENTERPRISE_ADMIN, add_organisation(session)) == []
    with pytest.raises(Forbidden):
        seen(Role.RESEARCHER, add_organisation(session))


def test_filters_by_day_and_kind(session) -> None:
    auditor = add_member(session, Role.AUDITOR)
    record_event(session, auditor, "a", "challenge", uuid4())
    today = clock.today()

    assert len(list_trail(session, auditor, TrailFilter(since=today, until=today))) == 1
    assert list_trail(session, auditor, TrailFilter(since=today + timedelta(days=1))) == []
    assert list_trail(session, auditor, TrailFilter(object_type="landing")) == []
