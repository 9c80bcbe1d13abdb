"""The audit trail: who reads what, and nothing about sealed proposals before the opening."""

from datetime import timedelta
from uuid import uuid4

import pytest

from db.models import ChallengeStatus, Role
from portal import clock
from portal.errors import Forbidden
from portal.events import record_event
from portal.metrics.trail import TrailFilter, list_trail, record_trail
from portal.metrics.trail_records import TrailRecord
from tests.factories import add_challenge, add_member, add_organisation, add_person


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


def test_each_act_says_on_what(session) -> None:
    enterprise = add_organisation(session, name="余杭智造公司")
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    challenge = add_challenge(session, enterprise, title="降低镀膜返工率", status=ChallengeStatus.OPEN)
    record_event(session, admin, "submit_challenge", "challenge", challenge.id)
    record_event(session, admin, "ask_question", "question", uuid4(), parent_id=challenge.id)
    record_event(session, admin, "verify_organisation", "organisation", enterprise.id)
    record_event(session, admin, "disable_person", "person", admin.acting_person)
    record_event(session, admin, "import_challenges", "challenge", uuid4())

    def names(actor):
        return [row.record.name for row in list_trail(session, actor)]

    named = f"{challenge.number} · 降低镀膜返工率"
    auditor = add_member(session, Role.AUDITOR)
    assert names(auditor) == ["", admin.name, "余杭智造公司", named, named]
    rows = list_trail(session, auditor)
    assert [(row.record.page, row.record.id) for row in rows[3:]] == [("challenge", challenge.id)] * 2
    assert rows[0].record == TrailRecord(), "what is gone is named by no one and opens nothing"
    assert names(add_member(session, Role.PLATFORM_ADMIN)) == [admin.name, "余杭智造公司"]
    assert names(admin) == ["", admin.name, "余杭智造公司", named, named]


def test_a_record_that_the_reader_may_not_see_has_no_name(session) -> None:
    """A draft that was never handed in is its enterprise's alone, though the act on it is in the operator's trail."""
    enterprise = add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
    draft = add_challenge(session, enterprise, status=ChallengeStatus.DRAFT, submitted_at=None)
    record_event(session, admin, "edit_challenge", "challenge", draft.id)

    assert list_trail(session, add_member(session, Role.OPERATOR))[0].record == TrailRecord()
    assert list_trail(session, admin)[0].record.id == draft.id


def test_filters_by_act_and_by_whose_act(any_session) -> None:
    session = any_session
    auditor = add_member(session, Role.AUDITOR, person=add_person(session, name="沈 Auditor 明"))
    operator = add_member(session, Role.OPERATOR, person=add_person(session, name="王%敏"))
    record_event(session, auditor, "sign_in", "person", auditor.acting_person)
    record_event(session, operator, "take_challenge", "challenge", uuid4())

    def acts(**wanted):
        return [row.action for row in list_trail(session, auditor, TrailFilter(**wanted))]

    assert acts(person="auditor") == ["sign_in"]
    assert acts(person="%") == ["take_challenge"]
    assert acts(person="nobody\x00") == []
    assert acts(action="take_challenge") == ["take_challenge"]
    assert acts(action="take_challenge", person="auditor") == []
