"""The pages of proposals, run as the people who use them."""

import logging

import pytest
from sqlalchemy import select

from db.models import (
    Challenge,
    ChallengeStatus,
    Organisation,
    Person,
    Proposal,
    ProposalSection,
    ProposalStatus,
    ProposalSubmission,
    Role,
)
from portal import clock
from portal.proposals.clearance import ask_clearance, return_proposal
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.partners import invite_co_applicant
from portal.proposals.queries import proposal_form
from portal.proposals.team import add_team_member
from portal.transactions import reading, writing
from tests.apptest import open_as, texts
from tests.factories import add_member, add_organisation
from tests.proposals.samples import CANARY, K, World, add_world, clear, complete, open_all, submitted, the_challenge
from tests.proposals.test_team import partner_admin

EDIT, VIEW, LIST, CLEAR = (f"proposals/{name}.py" for name in ("edit", "proposal", "list", "clearances"))
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


@pytest.fixture
def world(sqlite_url, caplog) -> World:
    caplog.set_level(logging.ERROR)
    with writing() as session:
        made = add_world(session, title="极细漆包线针孔控制")
    yield made
    assert [record.getMessage() for record in caplog.records] == []


def made(command, world: World, **kwargs):
    with writing() as session:
        return command(session, world, **kwargs)


def form_of(world: World, proposal_id):
    with reading() as session:
        return proposal_form(session, world.lead, proposal_id)


@LANGUAGES
def test_every_step_of_the_form_opens(world, language) -> None:
    proposal_id = made(complete, world)

    for step in [*(key.value for key in K), "files", "people", "submit", "nonsense"]:
        at = open_as(world.lead, EDIT, language=language, id=proposal_id, section=step)
        assert not at.exception, step
        assert f"标题{CANARY}" in texts(at)


@LANGUAGES
def test_an_answer_begins_with_a_click_on_its_challenge(world, language) -> None:
    at = open_as(world.lead, EDIT, language=language, challenge=world.challenge_id)
    assert "极细漆包线针孔控制" in texts(at)
    at.button(key="begin").click().run()

    with reading() as session:
        proposal = session.scalars(select(Proposal)).one()
        assert proposal.lead_id == world.lead.person_id
    again = open_as(world.lead, EDIT, challenge=world.challenge_id)
    assert not again.exception


def test_what_is_typed_is_saved_as_it_is_left(world) -> None:
    proposal_id = made(lambda session, w: draft_proposal(session, w.lead, challenge_id=w.challenge_id), world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="cover")

    at.text_input(key="proposal_cover_title").set_value("超声在线检测").run()
    at.text_input(key="proposal_cover_sum_fen").set_value("１２．５").run()

    content = form_of(world, proposal_id).sections[K.COVER].content
    assert (content["title"], content["sum_fen"]) == ("超声在线检测", 12_500_000)
    assert not at.exception


def test_a_refused_value_stays_in_its_field(world) -> None:
    proposal_id = made(complete, world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="cover")

    at.text_input(key="proposal_cover_sum_fen").set_value("许多").run()

    assert "not a number" in texts(at)
    assert at.text_input(key="proposal_cover_sum_fen").value == "许多"
    assert form_of(world, proposal_id).sections[K.COVER].content["sum_fen"] == 120_000_000


def test_a_promise_says_at_once_whether_it_keeps_the_limit(world) -> None:
    proposal_id = made(complete, world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="promises")
    first = f"proposal_promises_{world.metrics[0]}"
    assert at.text_input(key=first).value == "2.5"

    at.text_input(key=first).set_value("3").run()
    assert texts(at).count("Within the limits") == 1
    at.text_input(key=first).set_value("3.01").run()
    assert texts(at).count("Outside the limits") == 2


def test_two_tabs_on_one_section_show_both_and_lose_nothing(world) -> None:
    """Row 41."""
    proposal_id = made(complete, world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="plan")
    made(
        lambda session, w: save_section(
            session, w.lead, proposal_id=proposal_id, key=K.PLAN, content={"text": "他人的计划"}
        ),
        world,
    )

    at.text_area(key="proposal_plan_text").set_value("我的计划").run()
    assert "他人的计划" in texts(at)
    assert at.text_area(key="proposal_plan_text").value == "我的计划"
    assert form_of(world, proposal_id).sections[K.PLAN].content["text"] == "他人的计划"
    assert at.error
    at.text_area(key="proposal_plan_text").set_value("我的计划，又写了几句").run()
    assert not at.error
    at.button(key="keep_mine").click().run()

    assert form_of(world, proposal_id).sections[K.PLAN].content["text"] == "我的计划，又写了几句"


def test_leaving_for_another_step_and_coming_back_keeps_the_words(world) -> None:
    proposal_id = made(complete, world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="plan")
    at.text_area(key="proposal_plan_text").set_value("新的计划").run()

    at.radio(key="proposal_section").set_value("team").run()
    at.radio(key="proposal_section").set_value("plan").run()

    assert at.text_area(key="proposal_plan_text").value == "新的计划"


def test_from_the_last_step_to_a_receipt_and_back(world) -> None:
    proposal_id = made(complete, world)
    made(lambda session, w: clear(session, w, proposal_id), world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="submit")

    at.button(key="submit_proposal").click().run()
    at.button(key="submit_confirm").click().run()

    receipt = form_of(world, proposal_id).receipts[0]
    assert receipt.content_hash in [block.value for block in at.code]
    assert "Your proposal was received" in texts(at)
    at.button(key="withdraw_proposal").click().run()
    at.button(key="withdraw_confirm").click().run()
    assert form_of(world, proposal_id).head.status is ProposalStatus.WITHDRAWN


def test_a_second_click_of_a_page_drawn_before_gives_the_same_receipt(world) -> None:
    """Row 43."""
    proposal_id = made(complete, world)
    made(lambda session, w: clear(session, w, proposal_id), world)
    tabs = [open_as(world.lead, EDIT, id=proposal_id, section="submit") for _ in range(2)]
    for at in tabs:
        at.button(key="submit_proposal").click().run()
    for at in tabs:
        at.button(key="submit_confirm").click().run()

    with reading() as session:
        row = session.scalars(select(ProposalSubmission)).one()
    assert all(row.content_hash in [block.value for block in at.code] for at in tabs)


def test_what_is_missing_leads_to_its_place(world) -> None:
    proposal_id = made(lambda session, w: draft_proposal(session, w.lead, challenge_id=w.challenge_id), world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="submit")
    assert at.button(key="submit_proposal").disabled

    at.button(key="go_0").click().run()

    assert at.radio(key="proposal_section").value == "cover"


def test_clearing_from_the_leader_to_the_admin_and_back(world) -> None:
    proposal_id = made(complete, world)
    at = open_as(world.lead, EDIT, id=proposal_id, section="submit")
    at.button(key="ask_clearance").click().run()
    at.button(key="ask_confirm").click().run()

    admin = open_as(world.institute, CLEAR)
    assert f"标题{CANARY}" in texts(admin)
    assert str(world.challenge_id) in str([link.proto.query_string for link in admin.get("page_link")])
    assert f"计划{CANARY}" not in texts(admin)
    admin.button(key=f"return_{proposal_id}").click().run()
    admin.text_area(key="return_note").set_value("请补充")
    admin.button(key="return_confirm").click().run()
    assert form_of(world, proposal_id).clearance_note == "请补充"
    for section in ("cover", "submit"):
        assert "请补充" in texts(open_as(world.lead, EDIT, id=proposal_id, section=section))
    made(lambda session, w: ask_clearance(session, w.lead, proposal_id=proposal_id), world)
    assert "请补充" not in texts(open_as(world.lead, EDIT, id=proposal_id))
    admin = open_as(world.institute, CLEAR)
    admin.button(key=f"clear_{proposal_id}").click().run()
    admin.button(key="clear_confirm").click().run()

    assert form_of(world, proposal_id).is_cleared


def test_only_who_can_be_invited_stands_in_the_list(world) -> None:
    proposal_id = made(complete, world)
    with writing() as session:
        other = partner_admin(session)
        own = session.get_one(Organisation, world.lead.organisation_id).name
        asker_id = session.get_one(Challenge, world.challenge_id).organisation_id
        asker = session.get_one(Organisation, asker_id).name

    at = open_as(world.lead, EDIT, id=proposal_id, section="people")

    offered = next(box for box in at.selectbox if box.label == "Organisation").options
    assert other.organisation_name in offered
    assert not {own, asker} & set(offered)


def test_an_invited_admin_confirms(world) -> None:
    proposal_id = made(complete, world)
    with writing() as session:
        admin = partner_admin(session)
        target = {"proposal_id": proposal_id, "organisation_id": admin.organisation_id}
        invite_co_applicant(session, world.lead, **target, part="承担盐雾试验")
    at = open_as(admin, CLEAR)
    assert "承担盐雾试验" in texts(at)

    at.button(key=f"confirm_{proposal_id}").click().run()
    at.button(key="answer_confirm").click().run()

    assert form_of(world, proposal_id).partners[0].status == "confirmed"
    assert not at.exception


def test_the_list_says_what_comes_next(world) -> None:
    proposal_id = made(complete, world)

    assert "Finish and submit it" in texts(open_as(world.lead, LIST))
    made(lambda session, w: clear(session, w, proposal_id), world)
    assert "not answered a challenge yet" in texts(open_as(world.colleague, LIST))


@LANGUAGES
def test_the_view_before_and_after_the_opening(world, language) -> None:
    receipt = made(submitted, world)
    for actor in (world.lead, world.institute):
        at = open_as(actor, VIEW, language=language, id=receipt.proposal_id)
        assert (f"计划{CANARY}" in texts(at)) is (actor is world.lead)
        assert receipt.content_hash in [block.value for block in at.code]
    hidden = open_as(world.enterprise, VIEW, language=language, id=receipt.proposal_id)
    assert CANARY not in texts(hidden)
    made(open_all, world)

    for actor in (world.lead, world.institute, world.enterprise):
        at = open_as(actor, VIEW, language=language, id=receipt.proposal_id)
        assert f"计划{CANARY}" in texts(at)
        assert not at.exception


def test_after_the_close_the_draft_is_shown_as_closed(world) -> None:
    receipt = made(submitted, world)
    with writing() as session:
        challenge = the_challenge(session, world)
        challenge.status, challenge.closed_at = ChallengeStatus.CLOSED, clock.now()

    at = open_as(world.lead, EDIT, id=receipt.proposal_id)

    assert "deadline has passed" in texts(at)
    assert receipt.content_hash in [block.value for block in at.code]


def test_words_that_look_like_markup_stay_words(world) -> None:
    """Rows 33 to 35: in titles, partners' parts, notes and file names."""
    word = "![x](http://evil.example/a) :red[b] <script>alert(1)</script> **c** $d$"
    with writing() as session:
        proposal_id = complete(session, world, word=word)
        ask_clearance(session, world.lead, proposal_id=proposal_id)
        return_proposal(session, world.institute, proposal_id=proposal_id, note=word)
        organisation = add_organisation(session, name=f"机构{word}")
        target = {"proposal_id": proposal_id, "organisation_id": organisation.id}
        invite_co_applicant(session, world.lead, **target, part=word)

    for script, query in (
        (LIST, {}),
        *((EDIT, {"id": proposal_id, "section": step}) for step in ("cover", "submit", "people")),
    ):
        at = open_as(world.lead, script, **query)
        assert not at.exception
        for block in (*at.markdown, *at.caption, *at.title, *at.warning, *at.info):
            assert "![x](" not in str(block.value), (script, block)
            assert "<script>" not in str(block.value), (script, block)


def test_a_colleague_writes_but_does_not_submit(world) -> None:
    proposal_id = made(complete, world)
    with writing() as session:
        email = session.scalars(select(Person.email).where(Person.id == world.colleague.person_id)).one()
        add_team_member(session, world.lead, proposal_id=proposal_id, email=email)

    at = open_as(world.colleague, EDIT, id=proposal_id, section="plan")
    at.text_area(key="proposal_plan_text").set_value("同事的计划").run()
    at.radio(key="proposal_section").set_value("submit").run()

    assert form_of(world, proposal_id).sections[K.PLAN].content["text"] == "同事的计划"
    assert "submit_proposal" not in [button.key for button in at.button]
    with reading() as session:
        changed = session.scalars(select(ProposalSection).where(ProposalSection.key == K.PLAN)).one()
        assert changed.changed_by == world.colleague.person_id


def test_an_enterprise_reads_of_its_part_and_not_of_clearing(world) -> None:
    with writing() as session:
        enterprise = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))

    at = open_as(enterprise, CLEAR)

    assert [heading.value for heading in at.title] == ["Answering together"]
    assert "your institute" not in texts(at)
