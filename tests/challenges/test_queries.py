"""The list with its filters, the desk, and how the database finds their rows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from db.models import ChallengeStatus, OrganisationKind, Role
from portal import clock
from portal.challenges.desk import brokers, desk_queues
from portal.challenges.progress import REACHED
from portal.challenges.queries import ORDERS, STATUS_GROUPS, ListFilter, _where, list_challenges, list_query
from portal.errors import Forbidden
from portal.permissions import VISITOR
from tests.challenges.samples import add_cast, approved, checked, refining, submitted
from tests.factories import add_challenge, add_member, add_organisation

S = ChallengeStatus


def titles(session, actor, order="closing", **wanted) -> list[str]:
    return [row.title for row in list_challenges(session, actor, ListFilter(**wanted), order=order).rows]


@pytest.fixture
def three(session):
    enterprise = add_organisation(session)
    start = clock.from_local(2027, 3, 1, 17, 0)
    common = {"organisation": enterprise, "status": S.OPEN}
    add_challenge(
        session, title="甲 100%_漆", industry_code="C38", town_code="pingyao", trl_wanted=7, closes_at=start,
        public_budget_fen=10**8 - 1, **common,
    )  # fmt: skip
    add_challenge(
        session, title="乙 铝箔", industry_code="C32", town_code="renhe", trl_wanted=6, public_budget_fen=10**8,
        closes_at=start + timedelta(days=1), **common,
    )  # fmt: skip
    add_challenge(
        session, title="丙 茶", industry_code="A01", town_code="jingshan", trl_wanted=8,
        closes_at=start + timedelta(days=2), **common,
    )  # fmt: skip
    return enterprise


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "甲乙丙"),
        ({"industry": "C38"}, "甲"),
        ({"industry": "C"}, "甲乙"),
        ({"town": "renhe"}, "乙"),
        ({"trl": 8}, "丙"),
        ({"band": "under_100"}, "甲"),
        ({"band": "100_300"}, "乙"),
        ({"band": "nonsense"}, "甲乙丙"),
        ({"closes_before": date(2027, 3, 1)}, "甲"),
        ({"closes_before": date(9999, 12, 31)}, "甲乙丙"),
        ({"text": "%"}, "甲"),
        ({"text": "_"}, "甲"),
        ({"text": "100%_漆"}, "甲"),
        ({"text": "铝"}, "乙"),
        ({"text": "' OR 1=1 --"}, ""),
        ({"text": "   "}, "甲乙丙"),
        ({"text": "x" * 10_000}, ""),
        ({"group": "open"}, "甲乙丙"),
        ({"group": "ended"}, ""),
        ({"group": "'; DROP TABLE challenge"}, "甲乙丙"),
    ],
)
def test_filters_narrow_and_take_signs_literally(session, three, wanted, found):
    assert "".join(title[0] for title in titles(session, VISITOR, **wanted)) == found


def test_a_number_finds_its_challenge(session, three):
    challenge = add_challenge(session, three, status=S.OPEN, title="丁")

    assert titles(session, VISITOR, text=challenge.number.lower()) == ["丁"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("closing", "甲乙丙"),
        ("budget", "乙甲丙"),
        ("readiness", "乙甲丙"),
        ("id; DROP TABLE challenge", "甲乙丙"),
    ],
)
def test_sorting_is_by_allow_list(session, three, order, found):
    assert "".join(title[0] for title in titles(session, VISITOR, order=order)) == found


@pytest.mark.parametrize(("offset", "limit", "count"), [(-5, 2, 2), (2, 2, 1), (10**9, 10**9, 3), (10**9, 2, 1)])
def test_pages_are_clamped(session, three, offset, limit, count):
    page = list_challenges(session, VISITOR, offset=offset, limit=limit)

    assert (len(page.rows), page.total) == (count, 3)


def test_the_count_stops_at_1001(session):
    enterprise = add_organisation(session)
    for _ in range(1005):
        add_challenge(session, enterprise, status=S.OPEN)

    assert list_challenges(session, VISITOR).total == 1001


def test_mine_is_ones_enterprises_or_ones_own_refining(session, three):
    cast = add_cast(session)
    add_challenge(session, cast.enterprise, title="自己的草稿")
    add_challenge(session, status=S.OPEN, title="我细化的", broker_id=cast.broker.person_id)

    assert titles(session, cast.member, mine=True) == ["自己的草稿"]
    assert titles(session, cast.broker, mine=True) == ["我细化的"]
    assert len(titles(session, cast.member)) == 5


def test_both_databases_list_the_same(any_session):
    enterprise = add_organisation(any_session)
    for number, closes in enumerate([3, None, 1, 2]):
        closes_at = clock.now() + timedelta(days=closes) if closes else None
        add_challenge(any_session, enterprise, status=S.OPEN, title=f"T{number}", closes_at=closes_at)

    assert titles(any_session, VISITOR, text="t") == ["T2", "T3", "T0", "T1"]


FILTERS = [
    ListFilter(),
    *(ListFilter(group=group) for group in STATUS_GROUPS),
    ListFilter(group="open", industry="C38"),
    ListFilter(industry="C"),
    ListFilter(town="renhe"),
    ListFilter(trl=7),
    ListFilter(band="100_300"),
    ListFilter(closes_before=date(2027, 3, 1)),
    ListFilter(text="漆"),
    ListFilter(mine=True),
    *(ListFilter(reached=step, period="year") for step in REACHED),
]


@pytest.mark.parametrize("role", [Role.VISITOR, Role.ENTERPRISE_ADMIN, Role.BROKER, Role.OPERATOR, Role.RESEARCHER])
@pytest.mark.parametrize("order", ORDERS)
def test_no_list_reads_the_whole_table(session, role, order):
    kind = {Role.ENTERPRISE_ADMIN: OrganisationKind.ENTERPRISE, Role.BROKER: OrganisationKind.AGENCY}.get(role)
    actor = (
        VISITOR
        if role is Role.VISITOR
        else add_member(session, role, add_organisation(session, kind) if kind else None)
    )

    for wanted in FILTERS:
        statement = list_query(_where(actor, wanted), order, 0, 20)
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", r"\:")))]
        assert not [step for step in plan if step.startswith("SCAN challenge")], (wanted, plan)
        assert any("INDEX ix_challenge" in step for step in plan), (wanted, plan)


def test_the_desk_holds_what_waits_for_each_role(session):
    cast = add_cast(session)
    rows = {
        "submitted": submitted(session, cast),
        "refining": refining(session, cast),
        "decide": checked(session, cast),
        "publish": approved(session, cast),
    }

    def desk(actor) -> dict[str, list]:
        return {queue.key: [row.id for row in queue.rows] for queue in desk_queues(session, actor)}

    everything = {key: [row.id] for key, row in rows.items()}
    assert desk(cast.operator) == everything
    assert desk(cast.broker) == {key: everything[key] for key in ("submitted", "refining", "decide")}
    assert list(desk(cast.approver)) == ["decide", "refining", "submitted"]
    other = add_member(session, Role.BROKER, add_organisation(session, OrganisationKind.AGENCY))
    assert desk(other) == {"submitted": everything["submitted"], "refining": [], "decide": []}
    for stranger in (VISITOR, cast.admin, add_member(session, Role.LEADER)):
        with pytest.raises(Forbidden):
            desk_queues(session, stranger)


def test_a_submitted_challenge_is_due_after_two_workdays(session):
    cast = add_cast(session)
    challenge = submitted(session, cast)
    challenge.submitted_at = clock.from_local(2026, 9, 30, 15, 30)
    session.flush()

    row = desk_queues(session, cast.operator)[0].rows[0]

    assert (row.due, row.provisional) == (clock.from_local(2026, 10, 9, 15, 30), False)


def test_an_operator_chooses_among_brokers_of_verified_agencies(session):
    cast = add_cast(session)

    assert brokers(session, cast.operator) == [(cast.broker.person_id, cast.broker.name, cast.broker.organisation_name)]
    with pytest.raises(Forbidden):
        brokers(session, cast.broker)
