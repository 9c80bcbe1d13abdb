"""Take the pictures of every page again: Chinese and English, 1280 and 390 px, light and dark, as each role."""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from db.models import Role
from portal.ui.page_table import PAGES
from tests.e2e.conftest import FLAGS
from tests.e2e.people import Somebody
from tests.e2e.portal_process import ROOT, PortalProcess

sys.path.insert(0, str(ROOT / "tools"))
from find_chromium import find

OUT = ROOT / "screenshots"
LOOKS = [(language, width, dark) for language in ("zh-CN", "en") for width in (1280, 390) for dark in (False, True)]
WATCHED = (
    Role.VISITOR,
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


def records(role: Role) -> dict[str, list[str]]:
    """A few records of each kind that this role can look at, by the page that shows them."""
    from sqlalchemy import select

    from db.models import Challenge, ChallengeStatus, Landing, Organisation, ValidationPlan
    from portal.transactions import reading

    with reading() as session:
        by_status = {
            status: session.scalar(select(Challenge.id).where(Challenge.status == status).limit(1))
            for status in (ChallengeStatus.OPEN, ChallengeStatus.EVALUATING, ChallengeStatus.SOLVED)
        }
        found = {
            "challenge": [str(by_status[status]) for status in by_status if by_status[status]],
            "evaluation": [str(by_status[ChallengeStatus.EVALUATING])],
            "validation": [str(session.scalar(select(ValidationPlan.id).limit(1)))],
            "landing": [str(session.scalar(select(Landing.id).limit(1)))],
            "organisation": [str(session.scalar(select(Organisation.id).limit(1)))],
        }
    if role in (Role.VISITOR, Role.AUDITOR):
        del found["evaluation"]
    return found


def token_for(role: Role) -> str:
    """A session of the first demonstration person in that role."""
    from sqlalchemy import select

    from db.models import Membership
    from portal.accounts.sessions import create_session
    from portal.transactions import writing

    with writing() as session:
        query = select(Membership).where(Membership.role == role).order_by(Membership.created_at).limit(1)
        membership = session.scalars(query).one()
        return create_session(session, membership.person_id, membership.id)


def look(browser: Browser, portal: PortalProcess, role: Role, pages: list[str], looks: list[tuple]) -> list[str]:
    """Open every page of a role in every look; returns what went wrong in the browser."""
    faults: list[str] = []
    token = "" if role is Role.VISITOR else token_for(role)
    wanted = records(role)
    for language, width, dark in looks:
        person = Somebody(browser, portal.url, width=width, language=language, dark=dark)
        if token:
            person.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
        code = "en" if language == "en" else "zh_CN"
        for row in PAGES:
            if role not in row.roles or (pages and row.url_path not in pages):
                continue
            for number, chosen in enumerate(wanted.get(row.url_path, [""])):
                query = {"lang": code} | ({"id": chosen} if chosen else {})
                person.open("" if row.url_path == "home" else row.url_path, **query)
                name = f"{row.url_path}{number or ''}-{role}-{code}-{width}{'-dark' if dark else ''}.png"
                person.page.wait_for_timeout(400)
                person.page.screenshot(path=str(OUT / name), full_page=True)
        faults += [f"{role}: {fault}" for fault in person.faults]
        person.close()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", action="append", default=[], help="only these roles")
    parser.add_argument("--page", action="append", default=[], help="only these pages, by address")
    parser.add_argument("--quick", action="store_true", help="Chinese at 1280 px in light only")
    chosen = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = PortalProcess(Path(folder), PORTAL_DEMO="1")
        portal.adopt()
        portal.command("demo")
        portal.start()
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        faults: list[str] = []
        for role in WATCHED:
            if not chosen.role or role.value in chosen.role:
                faults += look(browser, portal, role, chosen.page, LOOKS[:1] if chosen.quick else LOOKS)
        browser.close()
        portal.stop()
    print("\n".join(faults) or f"pictures in {OUT.name}/, nothing wrong in the browser's console")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
