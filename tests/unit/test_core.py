"""The core: permissions, workflow, events, seal, words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

import db.models
from db.models import ChallengeStatus, Event, ProposalSection, ProposalSectionKey, Role
from portal import clock, i18n, wording
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import Forbidden, Invalid, NotPossibleNow, NotSignedIn
from portal.events import chain_head, record_event, verify_chain
from portal.landings.workflow import WORKFLOWS
from portal.permissions import GRANTS, VISITOR, Action, Side, authorize, can
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from portal.seal import ProposalKey, SealBroken, new_wrapped_key
from portal.ui.words import plain_label
from portal.validation.workflow import VALIDATION_WORKFLOW
from portal.visits.workflow import PARTICIPANT_WORKFLOW, VISIT_WORKFLOW
from portal.vocabulary import LABELS
from portal.workflow import advance
from tests.factories import add_challenge, add_member, add_organisation


def test_every_action_is_granted_to_somebody() -> None:
    assert set(GRANTS) == set(Action)
    assert all(GRANTS.values())


def test_every_enum_member_has_a_word_in_both_languages() -> None:
    enums = [item for item in vars(db.models).values() if isinstance(item, type) and issubclass(item, Enum)]
    members = [member for item in (*enums, Action) for member in item]

    assert [member for member in members if member not in LABELS] == []
    chinese = {wording.label(member, "zh_CN") for member in members}
    assert all(any("一" <= letter <= "鿿" for letter in words) for words in chinese)


@pytest.mark.parametrize(
    "workflow",
    [
        CHALLENGE_WORKFLOW,
        PROPOSAL_WORKFLOW,
        VALIDATION_WORKFLOW,
        *WORKFLOWS.values(),
        VISIT_WORKFLOW,
        PARTICIPANT_WORKFLOW,
    ],
    ids=lambda w: w.name,
)
def test_every_step_is_told_apart_by_source_action_and_target(workflow) -> None:
    keys = [(source, step.action, step.target) for step in workflow.transitions for source in step.sources]

    assert len(keys) == len(set(keys))


def test_advance_assigns_the_status_and_writes_one_event(session: Session) -> None:
    enterprise = add_organisation(session)
    challenge = add_challenge(session, enterprise)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)

    advance(session, admin, CHALLENGE_WORKFLOW, challenge, Action.SUBMIT_CHALLENGE)

    assert challenge.status is ChallengeStatus.SUBMITTED
    event = session.scalars(select(Event)).one()
    assert (event.from_status, event.to_status, event.person_id) == ("draft", "submitted", admin.person_id)


def test_advance_asks_for_the_side_before_the_status(session: Session) -> None:
    challenge = add_challenge(session)
    stranger = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    operator = add_member(session, Role.OPERATOR)

    with pytest.raises(Forbidden):
        advance(session, stranger, CHALLENGE_WORKFLOW, challenge, Action.SUBMIT_CHALLENGE)
    with pytest.raises(NotPossibleNow):
        advance(session, operator, CHALLENGE_WORKFLOW, challenge, Action.PUBLISH_CHALLENGE)
    with pytest.raises(NotSignedIn):
        authorize(VISITOR, Action.DRAFT_CHALLENGE)
    assert session.scalars(select(Event)).all() == []


def test_a_negative_end_needs_a_reason(session: Session) -> None:
    challenge = add_challenge(session, status=ChallengeStatus.REFINING)
    approver = add_member(session, Role.APPROVER)

    with pytest.raises(Invalid):
        advance(session, approver, CHALLENGE_WORKFLOW, challenge, Action.REJECT_CHALLENGE, reason="  ")

    assert challenge.status is ChallengeStatus.REFINING


def test_sides_decide(session: Session) -> None:
    admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))

    assert not can(admin, Action.SUBMIT_CHALLENGE)
    assert can(admin, Action.SUBMIT_CHALLENGE, {Side.ENTERPRISE})


def test_the_chain_holds_and_every_tampering_is_found(any_session: Session) -> None:
    session = any_session
    operator = add_member(session, Role.OPERATOR)
    for _ in range(5):
        record_event(session, operator, "test", "thing", uuid4(), fields=["标题"])
    assert verify_chain(session) == (5, [])
    assert chain_head(session)[0] == 5

    session.execute(Event.__table__.update().where(Event.seq == 3).values(reason="changed"))
    session.expire_all()
    assert [fault.seq for fault in verify_chain(session)[1]] == [3]
    session.execute(Event.__table__.update().where(Event.seq == 3).values(reason=""))
    session.execute(Event.__table__.delete().where(Event.seq == 5))
    session.expire_all()
    assert [fault.what for fault in verify_chain(session)[1]] == ["head"]


def test_a_sealed_column_refuses_words(session: Session) -> None:
    session.add(
        ProposalSection(
            proposal_id=uuid4(),
            key=ProposalSectionKey.PLAN,
            content="秘密",
            changed_at=clock.now(),  # type: ignore[arg-type]
        )
    )

    with pytest.raises(StatementError):
        session.flush()


def test_ciphertext_opens_only_in_its_own_place(environment) -> None:
    wrapped = new_wrapped_key("proposal-1")
    key = ProposalKey(wrapped, "proposal-1")
    sealed = key.seal("秘密配方".encode(), "section:1")

    assert key.open(sealed, "section:1").decode() == "秘密配方"
    assert "秘密配方".encode() not in sealed.token
    with pytest.raises(SealBroken):
        key.open(sealed, "section:2")
    with pytest.raises(SealBroken):
        ProposalKey(wrapped, "proposal-2")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12.5", 12_500_000),
        ("１２．５万", 12_500_000),
        ("3000 元", 300_000),
        ("1.2亿元", 12_000_000_000),
        ("0.000001", 1),
        ("12.5万 元", 12_500_000),
        ("0.3", 300_000),
    ],
)
def test_money_is_read_exactly(text: str, fen: int) -> None:
    assert wording.parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        *("-1", "0", "1e400", "1e-9", "NaN", "inf", "12,5", "1 234", "", "十二", "0.0000001", "9" * 50),
        # Sums of sums and chained units are never guessed at.
        *("0.1+0.2", "1万亿", "5万万", "1亿万", "1.2亿5000万", "12万5", "万亿", "元"),
    ],
)
def test_sums_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        wording.parse_money(text)


@pytest.mark.parametrize(("text", "said"), [("", "Please fill in"), ("两百万", "两百万"), ("1万亿元", "1万亿元")])
def test_a_refused_sum_is_quoted_as_it_was_typed(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        wording.parse_money(text)
    assert said in i18n.translate(refusal.value.message, "en", **refusal.value.params)


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (94_123_000, "94.123 万元", "CNY 941,230"),
        (12_345_000_000, "1.2345 亿元", "CNY 123.45 million"),
        (12_345_678_900, "12,345.6789 万元", "CNY 123,456,789"),
        (94_123_055, "941,230.55 元", "CNY 941,230.55"),
        (1, "0.01 元", "CNY 0.01"),
        (0, "0 元", "CNY 0"),
    ],
)
def test_a_sum_that_binds_is_never_rounded(fen: int, chinese: str, english: str) -> None:
    assert (wording.money(fen, "zh_CN"), wording.money(fen, "en")) == (chinese, english)


def test_a_sum_over_many_records_is_rounded() -> None:
    assert wording.about(12_345_678_900, "zh_CN") == "1.23 亿元"
    assert wording.about(12_345_678_900, "en") == "CNY 123.46 million"
    assert wording.about(94_123_055, "zh_CN") == "94.12 万元"
    assert wording.about(320_055, "zh_CN") == "3,200.55 元"


def test_words_of_values() -> None:
    instant = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)

    assert wording.date_time(instant, "zh_CN") == "2026年3月5日 17:00"
    assert wording.date_time(instant, "en") == "5 March 2026, 17:00"
    early = datetime(2026, 3, 4, 23, 36, tzinfo=UTC)  # already the next morning in Hangzhou
    assert wording.day(early, "zh_CN") == "2026年3月5日"
    assert wording.month(early.date(), "zh_CN") == "2026年3月"
    assert wording.money(120_000_000, "zh_CN") == "120 万元"
    assert wording.money(13_500_000_000, "zh_CN") == "1.35 亿元"
    assert wording.money(320_000, "zh_CN") == "3,200 元"
    assert wording.money(90_000_000, "en") == "CNY 900,000"
    assert wording.money(11_456_000_000, "en") == "CNY 114.56 million"
    assert wording.money(123_460_000, "en") == "CNY 1.2346 million"
    assert wording.number(Decimal("1234.50")) == "1,234.50"
    assert wording.time_left(clock.now() + timedelta(days=3, minutes=1), "zh_CN") == "还剩 3 天"


def test_an_empty_field_asks_for_a_number() -> None:
    for empty in ("", "  "):
        with pytest.raises(Invalid) as refusal:
            wording.parse_number(empty)
        assert refusal.value.message == "Please enter a number."


@pytest.mark.parametrize("name", ["系统总回收率 (%)", "厚度 0.5 mm", "Speed (m/s)"])
def test_the_label_of_a_field_is_read_out_as_it_is_written(name: str) -> None:
    assert plain_label(name) == name


def test_the_label_of_a_field_is_no_markdown() -> None:
    assert plain_label("![x](http://evil.example) *a* :red[q]\n$b$") == (
        "!\\[x\\](http\\://evil\\.example) \\*a\\* \\:red\\[q\\] \\$b\\$"
    )
