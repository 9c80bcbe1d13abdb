"""Every page of every role, in both languages, on a phone: nothing is wider than the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from portal.permissions import Role
from portal.ui.page_table import PAGES
from tests.e2e.people import Somebody
from tests.e2e.portal_process import PortalProcess
from tests.e2e.words import said, word

PHONE = 390
ROLES = (
    Role.VISITOR,
    Role.ENTERPRISE_MEMBER,
    Role.ENTERPRISE_ADMIN,
    Role.RESEARCHER,
    Role.INSTITUTE_ADMIN,
    Role.BROKER,
    Role.OPERATOR,
    Role.APPROVER,
    Role.LEADER,
    Role.AUDITOR,
    Role.PLATFORM_ADMIN,
)
WIDER = """() => {
  const room = document.documentElement.clientWidth;
  const isCut = (element) => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(parent).overflowX)
          && parent.scrollWidth > parent.clientWidth && parent.dataset.testid !== "stMain") return true;
    }
    return false;
  };
  return [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter((element) => element.getClientRects().length && element.getBoundingClientRect().right > room + 1
            && !isCut(element))
    .slice(0, 3).map((element) => `${element.dataset.testid || element.tagName}: ${element.textContent.slice(0, 40)}`);
}"""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """A portal full of demonstration data, with its role buttons."""
    portal = PortalProcess(tmp_path_factory.mktemp("demonstration"), PORTAL_DEMO="1")
    portal.command("migrate")
    portal.command("demo")
    portal.start()
    yield portal
    portal.stop()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_no_page_is_wider_than_a_phone(demonstration: PortalProcess, browser: Browser, role: Role) -> None:
    somebody = Somebody(browser, demonstration.url, width=PHONE)
    if role is Role.VISITOR:
        somebody.open()
    else:
        somebody.sign_in_as(word(role))
    mine = [row for row in PAGES if role in row.roles]
    wide = {}
    for row in mine:
        if row.hidden and row.url_path not in ("notices", "account", "landing-new"):
            continue
        somebody.turn_to(row.url_path)
        wide |= _measured(somebody, row.url_path)
        if record := _first_record(somebody):
            wide |= _measured(somebody, f"{row.url_path} → {record}")
    assert wide == {}
    assert somebody.faults == []
    somebody.close()


def _measured(somebody: Somebody, where: str) -> dict[str, list[str]]:
    """What sticks out on this page, in Chinese and in English."""
    found = {}
    for language in ("zh", "en"):
        if wider := somebody.page.evaluate(WIDER):
            found[f"{where} {language}"] = wider
        here, there = ("English", "中文") if language == "zh" else ("中文", "English")
        somebody.click(here)
        # On a busy machine the run may begin later than anybody waits for it.
        expect(somebody.button(there)).to_be_visible()
    return found


def _first_record(somebody: Somebody) -> str:
    """Open the first record of a list; its address, or nothing."""
    before = somebody.page.url
    main = somebody.page.get_by_test_id("stMain")
    links = main.locator("a[href*='id=']").or_(main.get_by_role("button", name=said("Open it")))
    if links.count() == 0:
        return ""
    links.first.click()
    somebody.idle()
    return "" if somebody.page.url == before else somebody.page.url.rsplit("/", 1)[-1].split("?")[0]
