"""Rough use in a real browser: rows 33–35, 43–45 and 49 of the bad inputs."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocket, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Addendum,
    Challenge,
    ChallengeStatus,
    Landing,
    Notification,
    Organisation,
    Person,
    PlanCharacteristic,
    ProposalSubmission,
    Question,
    Role,
    RubricCriterion,
    SectionKey,
    Terms,
)
from portal import clock, wording
from portal.accounts.commands import change_password
from portal.accounts.passwords import hash_password
from portal.accounts.sessions import create_session
from portal.permissions import VISITOR, Action, Actor
from portal.transactions import reading, writing
from tests.challenges.samples import add_cast, draft, refining, section_of
from tests.e2e.people import PASSWORD, Somebody
from tests.e2e.portal_process import PortalProcess
from tests.e2e.words import said, word
from tests.matrix import world as matrix
from tests.proposals import samples as proposals

BEGINS, ENDS = "起首", "收尾"
"""The hostile text between them must be read on screen letter by letter."""


class Beacon(ThreadingHTTPServer):
    """A stranger's server that notes who asks for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Notes)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Notes(BaseHTTPRequestHandler):
    server: Beacon

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def beacon() -> Iterator[Beacon]:
    server = Beacon()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def somebody(portal: PortalProcess, browser: Browser) -> Iterator[Somebody]:
    """One browser context for all of it, since a fresh one loads every script anew; `enter` changes who sits there."""
    portal.adopt()
    somebody = Somebody(browser, portal.url)
    yield somebody
    somebody.close()


def enter(somebody: Somebody, actor: Actor) -> None:
    """Sit down in front of the browser as somebody else, signed in already; a visitor comes without a session."""
    somebody.page.goto("about:blank")
    somebody.context.clear_cookies()
    if actor.person_id is not None:
        with writing() as session:
            token = create_session(session, actor.person_id, actor.membership_id)
        somebody.context.add_cookies([{"name": "portal_session", "value": token, "url": somebody.url}])


def email_of(actor: Actor) -> str:
    """The address of somebody who gets the usual password."""
    with writing() as session:
        person = session.get_one(Person, actor.acting_person)
        person.password_hash = hash_password(PASSWORD)
        return person.email


# Rows 33 to 35


def hostile(beacon: Beacon) -> str:
    return (
        f"{BEGINS}![p]({beacon.url}/p.png) [q](javascript:alert(1)) [r](data:text/html,x) [s](//evil.example) "
        f'<img src="{beacon.url}/i.png"> <b>t</b> :red[u] $v$ =1+1 **w** `x`{ENDS}'
    )


def plant(session: Session, monkeypatch: pytest.MonkeyPatch, text: str) -> matrix.World:
    """A record of every kind with the text in every field that a person fills in freely."""
    for name in ("PUBLIC", "VERIFIED", "NDA", "SEALED"):
        monkeypatch.setattr(matrix, name, text)
    world = matrix.make_world(session)
    challenges = select(Challenge.id).where(Challenge.title.startswith("课题之名"))
    names = [actor.person_id for actor in (world.lead, world.insiders[Role.ENTERPRISE_ADMIN])]
    everything: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
        (Question, Question.challenge_id.in_(challenges), ("text",)),
        (Question, Question.challenge_id.in_(challenges) & (Question.answer != ""), ("answer",)),
        (Addendum, Addendum.challenge_id.in_(challenges), ("title", "text")),
        (Terms, Terms.challenge_id.in_(challenges), ("text",)),
        (AcceptanceMetric, AcceptanceMetric.challenge_id.in_(challenges), ("name", "unit", "method")),
        (RubricCriterion, RubricCriterion.challenge_id.in_(challenges), ("name", "description")),
        (PlanCharacteristic, PlanCharacteristic.name == "厚度", ("name", "unit", "method")),
        (Landing, Landing.title.in_(("落地详情", "公开项目")), ("title", "summary", "public_summary")),
        (Organisation, Organisation.name.startswith("示例机构"), ("name", "summary")),
        (Person, Person.id.in_(names), ("name",)),
        (Challenge, Challenge.id.in_(challenges), ("title", "summary")),
    )
    for table, which, columns in everything:
        session.execute(update(table).where(which).values(dict.fromkeys(columns, text)))
    session.execute(
        update(Notification).where(Notification.person_id.in_(names)).values(params={"title": text, "name": text})
    )
    return world


# Without blanks: long titles are broken into lines.
LOOK = """([begins, text]) => {
  const close = (words) => words.replace(/\\s+/g, "");
  const words = close(document.body.innerText), literal = close(text);
  const wrong = [];
  let shown = 0;
  for (let at = words.indexOf(begins); at >= 0; at = words.indexOf(begins, at + 1)) {
    const found = words.slice(at, at + literal.length);
    shown += 1;
    const whole = found.split("…")[0];
    if (whole.length < 20 || !literal.startsWith(whole)) wrong.push(found);
  }
  for (const link of document.querySelectorAll("a[href]")) {
    const isOurs = link.hostname === location.hostname && /^https?:$/.test(link.protocol);
    if (!isOurs && link.textContent !== link.getAttribute("href")) wrong.push(link.outerHTML.slice(0, 200));
  }
  for (const thing of document.querySelectorAll("img[src], iframe, object, embed, .katex"))
    if (!thing.src || new URL(thing.src).origin !== location.origin) wrong.push(thing.outerHTML.slice(0, 200));
  return [shown, wrong];
}"""


def test_what_people_write_is_read_literally_and_calls_nobody(somebody, beacon, monkeypatch) -> None:
    """Rows 33 to 35."""
    text = hostile(beacon)
    with writing() as session:
        world = plant(session, monkeypatch, text)
    places = {status: world.places[status].records for status in ChallengeStatus}
    open_one, evaluating = places[ChallengeStatus.OPEN], places[ChallengeStatus.EVALUATING]
    walks: tuple[tuple[Role, tuple[str, ...]], ...] = (
        (Role.VISITOR, ("challenges", "organisations", f"landing?id={world.shared['public_landing_id']}")),
        (
            Role.ENTERPRISE_ADMIN,
            (
                "home",
                "notices",
                f"challenge?id={open_one['challenge_id']}|{said('Acceptance metrics')}|{said('Rubric')}"
                f"|{said('Timeline')}|{said('Questions')}",
                f"challenge-edit?id={places[ChallengeStatus.DRAFT]['challenge_id']}",
                f"evaluation?id={places[ChallengeStatus.NEGOTIATING]['challenge_id']}|{said('Comparison')}",
                f"validation?id={places[ChallengeStatus.SOLVED]['plan_id']}|{said('Runs')}",
                f"landing?id={world.shared['landing_id']}|{said('About it')}",
            ),
        ),
        (
            Role.RESEARCHER,
            (
                "proposals",
                f"proposal-edit?id={open_one['proposal_id']}&section=promises",
                f"proposal-edit?id={open_one['proposal_id']}&section=submit",
            ),
        ),
        (Role.OPERATOR, ("desk", f"proposal?id={evaluating['proposal_id']}")),
    )
    seen: dict[str, int] = {}
    wrong: dict[str, list[str]] = {}
    for role, addresses in walks:
        enter(somebody, world.insiders[role])
        somebody.open()
        for walk in addresses:
            address, *tabs = walk.split("|")
            somebody.turn_to(address)
            for tab in ("", *tabs):
                if tab:
                    somebody.tab(tab)
                where = f"{role} {address} {tab}"
                seen[where], wrong[where] = somebody.page.evaluate(LOOK, [BEGINS, text])

    assert somebody.faults == []
    assert {where: found for where, found in wrong.items() if found} == {}
    assert [where for where, count in seen.items() if not count] == []
    assert beacon.asked == []


def test_the_look_and_the_beacon_would_find_it(somebody, beacon) -> None:
    rendered = f'<p>{BEGINS}</p><img src="{beacon.url}/p.png"><a href="javascript:alert(1)">q</a><b>t</b>{ENDS}'
    somebody.page.goto(beacon.url)
    with somebody.page.expect_response("**/p.png"):
        somebody.page.set_content(rendered)
    assert "/p.png" in beacon.asked

    somebody.page.goto("about:blank")
    somebody.page.set_content(rendered)
    shown, wrong = somebody.page.evaluate(LOOK, [BEGINS, hostile(beacon)])
    assert (shown, len(wrong)) == (1, 3)
    # Here a browser may well complain of what the portal never lets it see.
    somebody.faults.clear()


# Row 11


def test_a_flood_of_text_is_refused_and_the_page_goes_on(somebody) -> None:
    """A megabyte without a blank, pasted over what was saved."""
    with writing() as session:
        cast = add_cast(session)
        challenge = draft(session, cast)
    enter(somebody, cast.member)
    somebody.open("challenge-edit", id=challenge.id, section="background")
    field = somebody.page.get_by_role("textbox", name=said("Background"))
    somebody.fill(said("Background"), "已存之言")

    field.fill("x" * 1_000_000)
    field.press("Tab")
    somebody.sees("1000000")
    with reading() as session:
        assert section_of(session, challenge, SectionKey.BACKGROUND).content == {"text": "已存之言"}
    somebody.fill(said("Background"), "改短之言")
    somebody.does_not_see("1000000")
    with reading() as session:
        assert section_of(session, challenge, SectionKey.BACKGROUND).content == {"text": "改短之言"}
    assert somebody.faults == []


# Rows 43 to 45


def test_a_session_that_ends_in_mid_edit_loses_nothing(somebody) -> None:
    """Rows 44 and 45: led to the sign-in and back to the same section; nothing is left in other tabs or behind."""
    with writing() as session:
        cast = add_cast(session)
        challenge = draft(session, cast)
    address = email_of(cast.member)
    enter(somebody, VISITOR)
    somebody.sign_in(address)
    somebody.open("challenge-edit", id=challenge.id, section="background")
    somebody.fill(said("Background"), "离线也要留住的话")

    # The password is changed on another device.
    with writing() as session:
        change_password(session, cast.member, current=PASSWORD, new=PASSWORD + "2", key=None)
    somebody.page.wait_for_timeout(1000)
    _go_on_to_the_last_section(somebody)
    somebody.sees(said("Your session has ended. Please sign in again; drafts that were saved are kept."))
    somebody.page.locator("input[name=email]").fill(address)
    somebody.page.locator("input[name=password]").fill(PASSWORD + "2")
    somebody.page.locator("form button").first.click()
    somebody.idle()
    assert f"/challenge-edit?id={challenge.id}" in somebody.page.url
    assert "section=background" in somebody.page.url
    expect(somebody.page.get_by_role("textbox", name=said("Background"))).to_have_value("离线也要留住的话")

    _sign_out_elsewhere(somebody, "离线也要留住的话")
    assert somebody.faults == []


def _go_on_to_the_last_section(somebody: Somebody) -> None:
    """A click that is refused, and leads to the sign-in at once."""
    somebody.page.get_by_test_id("stRadio").get_by_text(said("Check and submit")).click()
    somebody.page.wait_for_url("**/login?done=ended", timeout=3000)


def _sign_out_elsewhere(somebody: Somebody, secret: str) -> None:
    """Sign out in one tab: the other is refused at its next click, and going back shows nothing."""
    other = somebody.context.new_page()
    other.goto(f"{somebody.url}/logout")
    other.locator("form button").first.click()
    other.wait_for_url(f"{somebody.url}/")
    other.close()
    somebody.page.wait_for_timeout(1000)
    _go_on_to_the_last_section(somebody)
    somebody.page.go_back()
    somebody.sees(said("Please sign in"))
    somebody.does_not_see(secret)
    expect(somebody.page.get_by_role("textbox")).to_have_count(0)


def test_a_double_click_and_a_reload_give_one_receipt(somebody) -> None:
    """Row 43: in two tabs at that."""
    with writing() as session:
        world = proposals.add_world(session)
        proposal_id = proposals.complete(session, world)
        proposals.clear(session, world, proposal_id)
    enter(somebody, world.lead)
    somebody.open("proposal-edit", id=proposal_id, section="submit")
    duplicate = somebody.context.new_page()
    duplicate.goto(somebody.page.url)
    for page in (somebody.page, duplicate):
        page.get_by_role("button", name=word(Action.SUBMIT_PROPOSAL)).last.dblclick()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name=word(Action.SUBMIT_PROPOSAL)).dblclick()
        expect(dialog).to_have_count(0)
        received = said("Your proposal was received. The receipt stands below and can be kept.")
        expect(page.get_by_text(received).first).to_be_visible()

    with reading() as session:
        row = session.scalars(select(ProposalSubmission).where(ProposalSubmission.proposal_id == proposal_id)).one()
    somebody.page.reload()
    for page in (somebody.page, duplicate):
        expect(page.get_by_text(row.content_hash).first).to_be_visible()
    duplicate.close()
    assert somebody.faults == []


def test_a_refusal_in_a_dialog_keeps_it_open_with_what_was_typed(somebody) -> None:
    """A return without a comment on any section, and a checklist that is not complete."""
    with writing() as session:
        cast = add_cast(session)
        challenge = refining(session, cast)
    enter(somebody, cast.broker)
    somebody.open("challenge", id=challenge.id)
    somebody.act(word(Action.RETURN_CHALLENGE))
    dialog = somebody.page.get_by_role("dialog")
    dialog.get_by_label(said("On the whole")).fill("整体尚可")
    dialog.get_by_role("button", name=word(Action.RETURN_CHALLENGE)).click()
    expect(dialog.get_by_text(said("Please say for at least one section what to improve."))).to_be_visible()
    expect(dialog.get_by_label(said("On the whole"))).to_have_value("整体尚可")
    dialog.get_by_test_id("stButtonGroup").get_by_text(word(SectionKey.BUDGET), exact=True).click()
    dialog.get_by_role("textbox", name=word(SectionKey.BUDGET), exact=True).fill("请分项")
    somebody.confirm(word(Action.RETURN_CHALLENGE))
    somebody.sees(said("The challenge went back to the enterprise with your comments."))

    with writing() as session:
        challenge = refining(session, cast)
    somebody.open("challenge", id=challenge.id)
    somebody.act(word(Action.CHECK_CONFIDENTIALITY))
    dialog.locator("label").first.click()
    dialog.get_by_role("button", name=word(Action.CHECK_CONFIDENTIALITY)).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_role("checkbox").first).to_be_checked()
    assert somebody.faults == []


# Row 49


def test_the_countdown_follows_the_server(somebody) -> None:
    """Whatever the browser's clock and zone say, and however long the page stays open."""
    closes_at = clock.now() + timedelta(hours=5, minutes=30)
    with writing() as session:
        world = proposals.add_world(session)
        session.get_one(Challenge, world.challenge_id).closes_at = closes_at
    enter(somebody, VISITOR)
    devtools = somebody.context.new_cdp_session(somebody.page)
    devtools.send("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    somebody.page.clock.install()
    sockets: list[WebSocket] = []
    somebody.page.on("websocket", lambda socket: sockets.append(socket))
    for days in (1, -1):
        somebody.page.clock.set_system_time(clock.now() + timedelta(days=days))
        somebody.open("challenge", id=world.challenge_id)
        somebody.sees("还剩 5 小时")
        somebody.sees(wording.date_time(closes_at, "zh_CN"))
        somebody.sees("北京时间")

    somebody.idle()
    with sockets[-1].expect_event("framesent"), sockets[-1].expect_event("framereceived"):
        somebody.page.clock.fast_forward(3 * 86400 * 1000)
    somebody.idle()
    somebody.sees("还剩 5 小时")
    assert somebody.faults == []
