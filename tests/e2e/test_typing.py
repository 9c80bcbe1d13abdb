"""Row 44: a long text is saved while it is typed, and no letter of it is lost or moved by the saving."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from db.models import ChallengeSection, SectionKey
from portal.accounts.commands import change_password
from portal.accounts.sessions import create_session
from portal.proposals.queries import proposal_form
from portal.proposals.workflow import ProposalSectionKey
from portal.transactions import reading, writing
from tests.challenges.samples import add_cast, draft
from tests.e2e.people import PASSWORD, Somebody
from tests.e2e.portal_process import PortalProcess
from tests.e2e.test_rough_use import email_of
from tests.e2e.words import said
from tests.proposals import samples as proposals

LETTERS = "The quick brown fox jumps over the lazy dog 0123456789. "


@pytest.fixture(scope="module")
def somebody(portal: PortalProcess, browser: Browser) -> Iterator[Somebody]:
    portal.adopt()
    somebody = Somebody(browser, portal.url)
    yield somebody
    somebody.close()


def enter(somebody: Somebody, actor: Any) -> None:
    somebody.page.goto("about:blank")
    somebody.context.clear_cookies()
    with writing() as session:
        token = create_session(session, actor.person_id, actor.membership_id)
    somebody.context.add_cookies([{"name": "portal_session", "value": token, "url": somebody.url}])


def stored(challenge_id: UUID) -> str:
    with reading() as session:
        query = select(ChallengeSection.content).where(
            ChallengeSection.challenge_id == challenge_id, ChallengeSection.key == SectionKey.BACKGROUND
        )
        return str(session.scalars(query).one().get("text") or "")


def until(ask: Any, expected: str, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and ask() != expected:
        time.sleep(0.2)
    assert ask() == expected


def begun(somebody: Somebody) -> tuple[Any, Any, Any]:
    with writing() as session:
        cast = add_cast(session)
        challenge = draft(session, cast)
    enter(somebody, cast.member)
    somebody.open("challenge-edit", id=challenge.id, section="background")
    field = somebody.page.get_by_role("textbox", name=said("Background"))
    field.fill("")
    return cast, challenge, field


@pytest.mark.parametrize(("delay", "times"), [(5, 40), (50, 6)])
def test_fast_typing_is_saved_whole_without_leaving_the_field(somebody, delay, times) -> None:
    _cast, challenge, field = begun(somebody)
    text = LETTERS * times

    field.press_sequentially(text, delay=delay, timeout=120_000)

    expect(field).to_have_value(text)
    until(lambda: stored(challenge.id), text.strip())
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == len(text)
    assert somebody.faults == []


def test_typing_on_while_it_saves_keeps_the_place_in_the_middle(somebody) -> None:
    """Longer than it waits at the latest: saved while somebody types on in the middle of a text."""
    _cast, challenge, field = begun(somebody)
    field.fill("[]")
    field.press("Home")
    field.press("ArrowRight")
    text = LETTERS * 5
    began = time.monotonic()
    field.press_sequentially(text, delay=50, timeout=120_000)
    saved = stored(challenge.id)

    assert time.monotonic() - began > 12
    assert len(saved) > 2
    expect(field).to_have_value(f"[{text}]")
    assert field.evaluate("field => field.selectionStart") == len(text) + 1
    until(lambda: stored(challenge.id), f"[{text}]")
    assert somebody.faults == []


def test_half_a_word_of_an_input_method_is_not_handed_in(somebody) -> None:
    _cast, challenge, field = begun(somebody)
    field.press_sequentially("已存", delay=20)
    until(lambda: stored(challenge.id), "已存")
    devtools = somebody.context.new_cdp_session(somebody.page)

    devtools.send("Input.imeSetComposition", {"text": "zhongwen", "selectionStart": 8, "selectionEnd": 8})
    somebody.page.wait_for_timeout(4000)
    assert stored(challenge.id) == "已存"
    devtools.send("Input.insertText", {"text": "中文"})

    until(lambda: stored(challenge.id), "已存中文")
    expect(field).to_have_value("已存中文")


def test_what_stands_in_a_field_when_the_session_ends_is_there_after_signing_in(somebody) -> None:
    cast, challenge, field = begun(somebody)
    address = email_of(cast.member)
    field.press_sequentially("没有离开过的字段", delay=20)
    until(lambda: stored(challenge.id), "没有离开过的字段")

    with writing() as session:
        change_password(session, cast.member, current=PASSWORD, new=PASSWORD + "2", key=None)
    somebody.page.wait_for_timeout(1000)
    field.press_sequentially("。", delay=20)

    # The pause after the next letter finds out: nobody types on for long into a page that saves nothing.
    somebody.page.wait_for_url("**/login?done=ended", timeout=10_000)
    somebody.page.locator("input[name=email]").fill(address)
    somebody.page.locator("input[name=password]").fill(PASSWORD + "2")
    somebody.page.locator("form button").first.click()
    somebody.idle()
    assert f"/challenge-edit?id={challenge.id}" in somebody.page.url
    assert "section=background" in somebody.page.url
    expect(somebody.page.get_by_role("textbox", name=said("Background"))).to_have_value("没有离开过的字段")
    assert somebody.faults == []


def test_a_proposal_is_saved_the_same_way(somebody) -> None:
    with writing() as session:
        world = proposals.add_world(session)
        proposal_id = proposals.complete(session, world)
    enter(somebody, world.lead)
    somebody.open("proposal-edit", id=proposal_id, section="plan")
    field = somebody.page.get_by_test_id("stTextArea").get_by_role("textbox").first
    field.fill("")

    field.press_sequentially(LETTERS, delay=5)

    def plan() -> str:
        with reading() as session:
            return str(
                proposal_form(session, world.lead, proposal_id).sections[ProposalSectionKey.PLAN].content["text"]
            )

    until(plan, LETTERS.strip())
    expect(field).to_have_value(LETTERS)
    assert somebody.faults == []
