"""To whom a project is owed: shares that always sum to 100 %, claims beside them, two people who decide."""

import threading
from collections import Counter
from uuid import NAMESPACE_OID, uuid5

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.models import (
    ClaimStatus,
    Event,
    Landing,
    LandingClaim,
    LandingShare,
    OrganisationKind,
    Person,
    Role,
    SourceKind,
)
from portal.errors import Busy, Forbidden, Invalid, NotFound, NotPossibleNow, PortalError, Stale
from portal.landings.commands import claim_source, decide_shares, prepare_shares
from portal.landings.queries import landing_detail
from portal.landings.rules import WHOLE, Share, parse_share, require_whole
from portal.metrics.waiting import waiting_for
from portal.transactions import reading, writing
from tests.factories import add_challenge, add_member, add_organisation
from tests.landings.world import create, solved_world

K = SourceKind
VISIT = Share(K.VISIT, None, "三访第一期", 4000)


@pytest.fixture
def world(session):
    return solved_world(session)


@pytest.fixture
def landing(session, world):
    return create(session, world.admin, challenge_id=world.challenge.id)


def claim(session, actor, landing, **changes):
    values = {"kind": K.VISIT, "words": "三访第一期", "share": "40", "reason": "最早由三访活动接触"}
    return claim_source(session, actor, landing_id=landing.id, **(values | changes))


def prepare(session, actor, landing, *shares, **changes):
    values = {"version": None, "reason": "核对接洽记录"}
    return prepare_shares(session, actor, landing_id=landing.id, shares=shares, **(values | changes))


def shares_of(session, landing_id):
    rows = session.scalars(select(LandingShare).where(LandingShare.landing_id == landing_id))
    return sorted((row.kind.value, row.points) for row in rows)


def from_challenge(world, points):
    return Share(K.CHALLENGE, world.challenge.id, "", points)


def waits(session, actor):
    return {row.message for row in waiting_for(session, actor)}


def test_a_project_begins_as_owed_to_its_challenge_or_to_nobody(session, world, landing):
    direct = create(session, world.operator, institute_id=world.institute.id)

    assert shares_of(session, landing.id) == [("challenge", WHOLE)]
    assert shares_of(session, direct.id) == [("direct", WHOLE)]
    assert landing_detail(session, world.admin, landing.id).sources.shares[0].name == world.challenge.title


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [VISIT],
        [VISIT, Share(K.DIRECT, None, "", 5999)],
        [VISIT, Share(K.DIRECT, None, "", 6001)],
        [VISIT, VISIT._replace(points=6000)],
        [Share(K.DIRECT, None, "", WHOLE), VISIT._replace(points=0)],
        [Share(K.DIRECT, None, "", 10_100), VISIT._replace(points=-100)],
        [Share(K.AGREEMENT, None, "", WHOLE)],
        [Share(K.CHALLENGE, None, "", WHOLE)],
        [Share(K.DIRECT, None, "自己来的", WHOLE)],
        [Share(K.CHALLENGE, uuid5(NAMESPACE_OID, "1"), words, WHOLE // 2) for words in ("", "同一个")],
    ],
)
def test_what_is_not_the_whole_is_refused(shares):
    with pytest.raises(Invalid):
        require_whole(shares)


def test_thirds_are_exact():
    require_whole([Share(K.VISIT, None, name, points) for name, points in (("a", 3334), ("b", 3333), ("c", 3333))])


@pytest.mark.parametrize(("text", "points"), [("40", 4000), ("33.33", 3333), ("５０ %", 5000), ("100", WHOLE)])
def test_per_cent_as_people_write_it(text, points):
    assert parse_share(text) == points


@pytest.mark.parametrize("text", ["", "0", "-1", "100.01", "33.333", "NaN", "1e2", "half"])
def test_what_is_no_share(text):
    with pytest.raises(Invalid):
        parse_share(text)


def test_a_claim_is_shown_beside_the_shares_until_two_people_have_decided(session, world, landing):
    """domain.md 8 l: one landed project claimed by two sources."""
    claim_id = claim(session, world.institute_admin, landing)
    assert claim(session, world.institute_admin, landing) == claim_id
    sources = landing_detail(session, world.lead, landing.id).sources
    assert [row.share.kind for row in sources.shares] == [K.CHALLENGE]
    assert [(row.share.points, row.name) for row in sources.claims] == [(4000, "三访第一期")]
    assert "Prepare the shares of a project that is claimed twice" in waits(session, world.operator)

    decision_id = prepare(session, world.operator, landing, from_challenge(world, 7000), VISIT._replace(points=3000))

    assert shares_of(session, landing.id) == [("challenge", WHOLE)]
    approver = world.officials[Role.APPROVER]
    assert "Decide on the shares of a project's sources" in waits(session, approver)
    assert landing_detail(session, approver, landing.id).sources.prepared.may_decide
    decide_shares(session, approver, decision_id=decision_id, approve=True)
    assert shares_of(session, landing.id) == [("challenge", 7000), ("visit", 3000)]
    assert session.get_one(LandingClaim, claim_id).status is ClaimStatus.ACCEPTED
    assert landing_detail(session, world.lead, landing.id).sources.claims == []


def test_a_source_that_is_left_out_is_refused(session, world, landing):
    claim_id = claim(session, world.member, landing)
    decision_id = prepare(session, world.operator, landing, from_challenge(world, WHOLE))

    decide_shares(session, world.officials[Role.APPROVER], decision_id=decision_id, approve=True)

    assert session.get_one(LandingClaim, claim_id).status is ClaimStatus.REFUSED
    answered = select(func.count()).where(Event.object_id == claim_id, Event.to_status == "refused")
    assert session.scalar(answered) == 1


def test_a_claim_that_comes_in_meanwhile_is_not_passed_over(session, world, landing):
    decision_id = prepare(session, world.operator, landing, from_challenge(world, 6000), VISIT)
    claim(session, world.member, landing, kind=K.AGREEMENT, words="战略合作协议")

    with pytest.raises(NotPossibleNow, match="after the shares"):
        decide_shares(session, world.officials[Role.APPROVER], decision_id=decision_id, approve=True)


def test_prepared_shares_can_be_refused_with_a_reason(session, world, landing):
    approver = world.officials[Role.APPROVER]
    claim_id = claim(session, world.member, landing)
    decision_id = prepare(session, world.operator, landing, from_challenge(world, 6000), VISIT)
    with pytest.raises(NotPossibleNow):
        prepare(session, world.operator, landing, from_challenge(world, WHOLE))
    with pytest.raises(Invalid):
        decide_shares(session, approver, decision_id=decision_id, approve=False)
    with pytest.raises(Stale):
        decide_shares(session, approver, decision_id=decision_id, approve=True, version=99)

    decide_shares(session, approver, decision_id=decision_id, approve=False, reason="请再核对")

    assert shares_of(session, landing.id) == [("challenge", WHOLE)]
    assert session.get_one(LandingClaim, claim_id).status is ClaimStatus.OPEN
    with pytest.raises(NotPossibleNow):
        decide_shares(session, approver, decision_id=decision_id, approve=True)
    prepare(session, world.operator, landing, from_challenge(world, 5000), VISIT._replace(points=5000))


def test_who_prepared_does_not_decide_and_nobody_does_for_their_own(session, world, landing):
    person = session.get_one(Person, world.operator.person_id)
    decision_id = prepare(session, world.operator, landing, from_challenge(world, WHOLE))
    both = add_member(session, Role.APPROVER, None, person)
    inside = add_member(session, Role.APPROVER, None, session.get_one(Person, world.member.person_id))

    for actor in (both, inside, world.operator, world.admin):
        with pytest.raises(Forbidden):
            decide_shares(session, actor, decision_id=decision_id, approve=True)
    operator_inside = add_member(session, Role.OPERATOR, None, session.get_one(Person, world.admin.person_id))
    with pytest.raises(Forbidden):
        prepare(session, operator_inside, landing, from_challenge(world, WHOLE))


def test_bad_claims(session, world, landing):
    for wrong in ({"share": "0"}, {"words": " "}, {"reason": ""}, {"kind": K.CHALLENGE}):
        with pytest.raises(Invalid):
            claim(session, world.admin, landing, **wrong)
    hidden = add_challenge(session, add_organisation(session, OrganisationKind.ENTERPRISE))
    with pytest.raises(NotFound):
        claim(session, world.admin, landing, kind=K.CHALLENGE, object_id=hidden.id)
    with pytest.raises(NotFound):  # a kind whose records the portal does not keep is known by its words
        claim(session, world.admin, landing, object_id=world.challenge.id)
    for actor in (world.lead, world.officials[Role.LEADER]):
        with pytest.raises(Forbidden):
            claim(session, actor, landing)
    assert session.scalar(select(func.count()).select_from(LandingClaim)) == 0


def test_a_share_outside_the_whole_is_refused_by_the_database(session, world, landing):
    session.add(LandingShare(landing_id=landing.id, kind=K.DIRECT, words="", points=10_001))
    with pytest.raises(IntegrityError):
        session.flush()


def test_whatever_races_the_shares_are_whole(database_url):
    """On both databases: approvers, and operators who prepare, all at once."""
    with writing() as session:
        world = solved_world(session)
        landing_id = create(session, world.admin, challenge_id=world.challenge.id).id
        approvers = [add_member(session, Role.APPROVER) for _ in range(4)]
        operators = [add_member(session, Role.OPERATOR) for _ in range(4)]
        landing = session.get_one(Landing, landing_id)
        first = prepare(session, world.operator, landing, from_challenge(world, 5000), VISIT._replace(points=5000))
    acts = [lambda s, a=actor: decide_shares(s, a, decision_id=first, approve=True) for actor in approvers]
    others = [[from_challenge(world, 2500), VISIT._replace(points=7500)]] * 4
    acts += [
        lambda s, a=actor, rows=rows: prepare(s, a, s.get_one(Landing, landing_id), *rows)
        for actor, rows in zip(operators, others, strict=True)
    ]
    start, found = threading.Barrier(len(acts)), Counter()

    def run(act):
        start.wait()
        try:
            with writing() as session:
                act(session)
            found["done"] += 1
        except PortalError as refusal:
            found[type(refusal)] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(found) <= {"done", NotPossibleNow, Stale, Busy}
    assert 1 <= found["done"] <= 2  # one approver, and one operator who came after
    with reading() as session:
        assert shares_of(session, landing_id) == [("challenge", 5000), ("visit", 5000)]
