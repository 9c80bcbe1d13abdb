"""From draft to open: who, when, what stands in the way, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import (
    Challenge,
    ChallengeStatus,
    Event,
    NdaVersion,
    Notification,
    OrganisationKind,
    OrganisationStatus,
    Person,
    ReturnComment,
    Role,
    SectionKey,
    Setting,
)
from portal import clock
from portal.challenges.commands import save_metrics, save_section
from portal.challenges.flow import (
    approve_challenge,
    confirm_confidentiality,
    publish_challenge,
    reject_challenge,
    return_challenge,
    submit_challenge,
    take_challenge,
)
from portal.challenges.rules import CONFIDENTIALITY_CHECKS
from portal.challenges.steps import steps_for
from portal.errors import Forbidden, Incomplete, Invalid, NotFound, NotPossibleNow, NotSignedIn, Stale
from portal.permissions import CLOCK, VISITOR, Action
from tests.challenges.samples import (
    add_cast,
    approved,
    checked,
    draft,
    opened_to_answers,
    refining,
    submitted,
)
from tests.factories import add_member, add_organisation

S = ChallengeStatus
ALL_CONFIRMED = dict.fromkeys(CONFIDENTIALITY_CHECKS, True)
DAY = 86_400


def messages(session, actor) -> list[str]:
    query = select(Notification.message).where(Notification.person_id == actor.person_id)
    return sorted(session.scalars(query))


def test_the_way_to_open(session):
    cast = add_cast(session)

    challenge = opened_to_answers(session, cast)

    assert challenge.status is S.OPEN
    assert challenge.opens_at <= clock.now() < challenge.closes_at
    acts = session.scalars(select(Event.action).where(Event.from_status.is_not(None)).order_by(Event.seq)).all()
    assert acts == [
        "submit_challenge",
        "take_challenge",
        "approve_challenge",
        "publish_challenge",
    ]
    assert (challenge.broker_id, challenge.refined_by) == (cast.broker.person_id, cast.operator.person_id)


def test_a_member_drafts_and_an_admin_submits(session):
    cast = add_cast(session)
    challenge = draft(session, cast)

    with pytest.raises(Forbidden):
        submit_challenge(session, cast.member, challenge_id=challenge.id)
    submit_challenge(session, cast.admin, challenge_id=challenge.id)

    assert challenge.status is S.SUBMITTED
    assert messages(session, cast.operator) == ["A challenge was submitted: {title}."]
    with pytest.raises(NotPossibleNow):
        submit_challenge(session, cast.admin, challenge_id=challenge.id)


def test_what_is_missing_is_named_section_by_section(session):
    cast = add_cast(session)
    challenge = draft(
        session, cast, problem={"summary": "", "town_code": None}, budget={"source": ""}, schedule={"closes_at": None}
    )
    save_metrics(session, cast.member, challenge_id=challenge.id, rows=[])

    with pytest.raises(Incomplete) as refusal:
        submit_challenge(session, cast.admin, challenge_id=challenge.id)

    assert [(section, message) for section, message, _params in refusal.value.missing] == [
        ("problem", "Problem: the summary is missing."),
        ("problem", "Problem: please choose the town."),
        ("metrics", "Acceptance metrics: at least one metric with unit and limit is needed."),
        ("budget", "Budget: the source of the money is missing."),
        ("schedule", "Schedule: the deadline is missing."),
    ]
    assert challenge.status is S.DRAFT


def test_optional_metrics_alone_are_not_enough(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    row = {"name": "Ra", "unit": "µm", "upper": "1", "mandatory": False}
    save_metrics(session, cast.member, challenge_id=challenge.id, rows=[row])

    with pytest.raises(Incomplete) as refusal:
        submit_challenge(session, cast.admin, challenge_id=challenge.id)
    assert [message for _section, message, _params in refusal.value.missing] == [
        "Acceptance metrics: at least one must be mandatory."
    ]


def test_an_unverified_enterprise_may_draft_and_not_submit(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    cast.enterprise.status = OrganisationStatus.APPLIED

    with pytest.raises(Incomplete) as refusal:
        submit_challenge(session, cast.admin, challenge_id=challenge.id)
    assert refusal.value.missing[0][0] == "organisation"


def test_a_deadline_too_near_is_named_before_submission(session):
    cast = add_cast(session)
    closes_at = clock.local(clock.now() + timedelta(days=20))
    challenge = draft(session, cast, schedule={"closes_at": f"{closes_at:%Y-%m-%d %H:%M}"})

    with pytest.raises(Incomplete) as refusal:
        submit_challenge(session, cast.admin, challenge_id=challenge.id)
    assert refusal.value.missing[0][2]["days"] == 21


def test_a_stale_click_is_refused(session):
    cast = add_cast(session)
    challenge = draft(session, cast)
    drawn = challenge.version
    save_section(session, cast.member, challenge_id=challenge.id, key=SectionKey.BACKGROUND, content={"text": "新"})

    with pytest.raises(Stale):
        submit_challenge(session, cast.admin, challenge_id=challenge.id, version=drawn)
    submit_challenge(session, cast.admin, challenge_id=challenge.id, version=challenge.version)


def test_an_operator_names_a_broker_of_a_verified_agency(session):
    cast = add_cast(session)
    challenge = submitted(session, cast)

    for nobody in (None, cast.approver.person_id):
        with pytest.raises(Invalid):
            take_challenge(session, cast.operator, challenge_id=challenge.id, broker_id=nobody)
    take_challenge(session, cast.operator, challenge_id=challenge.id, broker_id=cast.broker.person_id)

    assert challenge.status is S.REFINING
    assert messages(session, cast.broker) == ["Refining has begun: {title}."]
    assert messages(session, cast.admin) == ["Refining has begun: {title}."]


def test_a_broker_takes_it_for_oneself_alone(session):
    cast = add_cast(session)
    challenge = submitted(session, cast)
    other = add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY))

    with pytest.raises(Forbidden):
        take_challenge(session, cast.broker, challenge_id=challenge.id, broker_id=other.person_id)
    take_challenge(session, cast.broker, challenge_id=challenge.id)

    assert challenge.broker_id == challenge.refined_by == cast.broker.person_id
    with pytest.raises(NotFound):  # another broker does not see it any more
        take_challenge(session, other, challenge_id=challenge.id)


def test_it_comes_back_with_comments_per_section_and_is_submitted_again(session):
    cast = add_cast(session)
    challenge = checked(session, cast)

    return_challenge(
        session,
        cast.broker,
        challenge_id=challenge.id,
        comments={SectionKey.METRICS: "请补充寿命指标。", SectionKey.IP: " "},
        reason="指标不足以判断。",
    )

    assert (challenge.status, challenge.refining_rounds) == (S.DRAFT, 1)
    assert challenge.confidentiality_checked_by is None
    comments = session.scalars(select(ReturnComment)).all()
    assert [(row.section, row.text, row.round) for row in comments] == [(SectionKey.METRICS, "请补充寿命指标。", 1)]
    assert "A challenge came back with comments: {title}." in messages(session, cast.member)
    submit_challenge(session, cast.admin, challenge_id=challenge.id)
    assert challenge.status is S.SUBMITTED


@pytest.mark.parametrize(("comments", "reason"), [({}, "x"), ({SectionKey.IP: "  "}, "x"), ({SectionKey.IP: "x"}, " ")])
def test_returning_needs_a_reason_and_a_comment(session, comments, reason):
    cast = add_cast(session)
    challenge = refining(session, cast)

    with pytest.raises(Invalid):
        return_challenge(session, cast.operator, challenge_id=challenge.id, comments=comments, reason=reason)
    session.refresh(challenge)


def test_it_is_returned_at_most_as_often_as_the_house_rules_say(session):
    cast = add_cast(session)
    session.add(Setting(name="refining_rounds", value="1", changed_at=clock.now()))
    challenge = refining(session, cast)
    again = {"comments": {SectionKey.IP: "请说明。"}, "reason": "不完整"}
    return_challenge(session, cast.operator, challenge_id=challenge.id, **again)
    submit_challenge(session, cast.admin, challenge_id=challenge.id)
    take_challenge(session, cast.broker, challenge_id=challenge.id)

    with pytest.raises(Invalid) as refusal:
        return_challenge(session, cast.broker, challenge_id=challenge.id, **again)
    assert refusal.value.params == {"count": 1}


def test_the_confidentiality_check_needs_every_point(session):
    cast = add_cast(session)
    challenge = refining(session, cast)

    with pytest.raises(Invalid) as refusal:
        confirm_confidentiality(
            session, cast.broker, challenge_id=challenge.id, confirmed=ALL_CONFIRMED | {"people": False}
        )
    assert refusal.value.params == {"count": 1}
    with pytest.raises(Invalid):
        approve_challenge(session, cast.approver, challenge_id=challenge.id)
    confirm_confidentiality(session, cast.broker, challenge_id=challenge.id, confirmed=ALL_CONFIRMED)
    assert messages(session, cast.approver) == ["A refined challenge waits for your decision: {title}."]


@pytest.mark.parametrize("decide", [approve_challenge, reject_challenge])
@pytest.mark.parametrize("part", ["refined_by", "broker_id", "confidentiality_checked_by", "created_by"])
def test_whoever_refined_it_does_not_decide(session, decide, part):
    cast = add_cast(session)
    challenge = checked(session, cast)
    setattr(challenge, part, cast.approver.person_id)
    session.flush()
    more = {"reason": "x"} if decide is reject_challenge else {}

    with pytest.raises(Forbidden):
        decide(session, cast.approver, challenge_id=challenge.id, **more)
    decide(session, add_member(session, Role.APPROVER), challenge_id=challenge.id, **more)


@pytest.mark.parametrize("decide", [approve_challenge, reject_challenge])
def test_an_approver_of_the_enterprise_does_not_decide_on_its_challenge(session, decide):
    cast = add_cast(session)
    challenge = checked(session, cast)
    colleague = add_member(session, Role.ENTERPRISE_MEMBER, cast.enterprise)
    both = add_member(session, Role.APPROVER, None, session.get_one(Person, colleague.person_id))
    more = {"reason": "x"} if decide is reject_challenge else {}

    with pytest.raises(Forbidden, match="another role"):
        decide(session, both, challenge_id=challenge.id, **more)
    steps = {step.action: step.why_not for step in steps_for(session, both, challenge)}
    assert "another role" in steps[Action.APPROVE_CHALLENGE]
    assert "another role" in steps[Action.REJECT_CHALLENGE]


def test_a_rejection_tells_its_reason(session):
    cast = add_cast(session)
    challenge = checked(session, cast)

    with pytest.raises(Invalid):
        reject_challenge(session, cast.approver, challenge_id=challenge.id, reason="  ")
    reject_challenge(session, cast.approver, challenge_id=challenge.id, reason="指标无法在产线上测量。")

    assert (challenge.status, challenge.ended_reason) == (S.REJECTED, "指标无法在产线上测量。")
    assert "Your challenge was rejected, with a reason: {title}." in messages(session, cast.admin)


def test_publishing_makes_the_default_agreement_when_something_is_confidential(session):
    cast = add_cast(session)

    opened_to_answers(session, cast, confidential={"text": ""})
    assert session.scalars(select(NdaVersion)).all() == []
    confidential = opened_to_answers(session, cast)
    assert [row.challenge_id for row in session.scalars(select(NdaVersion))] == [confidential.id]


def test_a_deadline_that_came_too_near_is_moved_by_the_operator_and_never_earlier(session):
    cast = add_cast(session)
    challenge = approved(session, cast)
    planned = challenge.closes_at
    clock.set_offset(25 * DAY)

    with pytest.raises(Invalid) as refusal:
        publish_challenge(session, cast.operator, challenge_id=challenge.id)
    assert refusal.value.params["days"] == 21
    with pytest.raises(Invalid):
        publish_challenge(session, cast.operator, challenge_id=challenge.id, closes_at=planned - timedelta(seconds=1))
    publish_challenge(session, cast.operator, challenge_id=challenge.id, closes_at=planned + timedelta(days=10))
    assert challenge.closes_at == planned + timedelta(days=10)


def planned_opening(days: int) -> dict[str, str]:
    opens = clock.local(clock.now() + timedelta(days=days))
    return {"opens_on": f"{opens:%Y-%m-%d %H:%M}", "closes_at": f"{opens + timedelta(days=22):%Y-%m-%d %H:%M}"}


def test_a_planned_opening_is_kept_by_the_clock(session):
    cast = add_cast(session)
    challenge = approved(session, cast, schedule=planned_opening(10))

    for actor in (cast.operator, CLOCK):
        with pytest.raises(Invalid):
            publish_challenge(session, actor, challenge_id=challenge.id)
    clock.set_offset(10 * DAY)
    publish_challenge(session, CLOCK, challenge_id=challenge.id)
    assert challenge.status is S.OPEN


def test_the_clock_that_comes_late_gives_the_minimum_open_period(session):
    cast = add_cast(session)
    challenge = approved(session, cast, schedule=planned_opening(10))

    clock.set_offset(15 * DAY)
    publish_challenge(session, CLOCK, challenge_id=challenge.id)

    assert challenge.closes_at - challenge.opens_at >= timedelta(days=21)
    assert clock.local(challenge.closes_at).strftime("%H:%M") == "00:00"


ACTS = {
    S.DRAFT: submit_challenge,
    S.SUBMITTED: take_challenge,
    S.REFINING: approve_challenge,
    S.APPROVED: publish_challenge,
}
BROUGHT_TO = {S.DRAFT: draft, S.SUBMITTED: submitted, S.REFINING: checked, S.APPROVED: approved}
MAY = {
    submit_challenge: "admin",
    take_challenge: "broker",
    approve_challenge: "approver",
    publish_challenge: "operator",
}


@pytest.mark.parametrize("status", BROUGHT_TO, ids=str)
@pytest.mark.parametrize("act", MAY, ids=lambda act: act.__name__)
def test_every_act_has_its_status(session, status, act):
    cast = add_cast(session)
    challenge = BROUGHT_TO[status](session, cast)
    actor = getattr(cast, MAY[act])

    if ACTS[status] is act:
        act(session, actor, challenge_id=challenge.id)
        return
    expected = NotFound if status is S.DRAFT and act is not submit_challenge else NotPossibleNow
    with pytest.raises(expected):
        act(session, actor, challenge_id=challenge.id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLOCK}), ids=str)
@pytest.mark.parametrize("status", BROUGHT_TO, ids=str)
def test_nobody_else_may(session, status, role):
    """Every role that the table does not name: not found where it cannot see, forbidden where it can."""
    cast = add_cast(session)
    challenge = BROUGHT_TO[status](session, cast)
    act = ACTS[status]
    allowed = {
        submit_challenge: set(),
        take_challenge: {Role.OPERATOR, Role.BROKER},
        approve_challenge: {Role.APPROVER},
        publish_challenge: {Role.OPERATOR},
    }[act]
    if role in allowed:
        return
    stranger = VISITOR if role is Role.VISITOR else add_member(session, role, add_organisation(session))

    with pytest.raises((NotFound, Forbidden, NotSignedIn)):
        act(session, stranger, challenge_id=challenge.id)
    assert session.get_one(Challenge, challenge.id).status is status
