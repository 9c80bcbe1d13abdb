"""Take the pictures again: every page for every role, in every look by one of them, empty pages and dialogs."""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from playwright.sync_api import Browser, Error, FilePayload, sync_playwright
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    Challenge,
    ChallengeStatus,
    Landing,
    LandingStage,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Proposal,
    ProposalStatus,
    Role,
    Talent,
    TalentPost,
    TalentStage,
    ValidationPlan,
    ValidationStatus,
    Venture,
    VentureStatus,
    Visit,
    VisitStatus,
)
from portal.accounts.sessions import create_session
from portal.permissions import Action
from portal.transactions import reading, writing
from portal.ui.page_table import PAGES
from tests.e2e.conftest import FLAGS
from tests.e2e.people import Somebody
from tests.e2e.portal_process import ROOT, PortalProcess
from tests.e2e.words import word
from tests.factories import add_member, add_organisation
from tests.imports.samples import csv_file, row
from tools.find_chromium import find

OUT = ROOT / "screenshots"
WINDOW, LONGEST = 900, 4000
PLAIN = ("login", "apply", "forgot", "nowhere")


class Look(NamedTuple):
    """How a picture is taken: language, width, light or dark."""

    language: str = "zh-CN"
    width: int = 1280
    dark: bool = False

    @property
    def code(self) -> str:
        return "en" if self.language == "en" else "zh_CN"

    def __str__(self) -> str:
        return f"{self.code}-{self.width}{'-dark' if self.dark else ''}"


FIRST, PHONE = Look(), Look(width=390, dark=True)
PARTS = ("roles", "looks", "dialogs", "plain", "empty")
LOOKS = [Look(language, width, dark) for language in ("zh-CN", "en") for width in (1280, 390) for dark in (False, True)]
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
# To whom a page matters most: this role's is taken in every look.
MATTERS = {
    "home": Role.OPERATOR,
    "challenges": Role.VISITOR,
    "challenge": Role.OPERATOR,
    "challenge-edit": Role.ENTERPRISE_ADMIN,
    "desk": Role.OPERATOR,
    "proposals": Role.RESEARCHER,
    "clearances": Role.INSTITUTE_ADMIN,
    "proposal-edit": Role.RESEARCHER,
    "proposal": Role.INSTITUTE_ADMIN,
    "evaluations": Role.OPERATOR,
    "evaluation": Role.ENTERPRISE_ADMIN,
    "validations": Role.ENTERPRISE_ADMIN,
    "validation": Role.ENTERPRISE_ADMIN,
    "validation-plan": Role.ENTERPRISE_ADMIN,
    "landings": Role.LEADER,
    "landing": Role.OPERATOR,
    "landing-new": Role.OPERATOR,
    "agreements": Role.LEADER,
    "agreement": Role.OPERATOR,
    "agreement-edit": Role.OPERATOR,
    "commitments": Role.OPERATOR,
    "university": Role.LEADER,
    "visits": Role.RESEARCHER,
    "visit": Role.ENTERPRISE_ADMIN,
    "visit-edit": Role.OPERATOR,
    "visit-group": Role.INSTITUTE_ADMIN,
    "my-visits": Role.RESEARCHER,
    "talents": Role.OPERATOR,
    "talent": Role.ENTERPRISE_ADMIN,
    "talent-edit": Role.OPERATOR,
    "talent-pool": Role.OPERATOR,
    "talent-funnel": Role.LEADER,
    "my-data": Role.RESEARCHER,
    "ventures": Role.LEADER,
    "venture": Role.OPERATOR,
    "venture-edit": Role.RESEARCHER,
    "cockpit": Role.LEADER,
    "four-chains": Role.LEADER,
    "chain-records": Role.LEADER,
    "chain-editions": Role.APPROVER,
    "chain-method": Role.AUDITOR,
    "notices": Role.ENTERPRISE_ADMIN,
    "account": Role.RESEARCHER,
    "members": Role.ENTERPRISE_ADMIN,
    "organisations": Role.OPERATOR,
    "organisation": Role.OPERATOR,
    "import": Role.OPERATOR,
    "people": Role.PLATFORM_ADMIN,
    "settings": Role.PLATFORM_ADMIN,
    "trail": Role.AUDITOR,
    "help": Role.VISITOR,
}
# A link of the page server never wraps; what does not fit is cut off.
CUT = """() => [...document.querySelectorAll("[data-testid=stPageLink-NavLink] > span")]
  .filter(span => span.scrollWidth > span.clientWidth + 1).map(span => span.textContent)"""
LISTS = [
    "home",
    "challenges",
    "desk",
    "proposals",
    "clearances",
    "evaluations",
    "validations",
    "landings",
    "agreements",
    "commitments",
    "visits",
    "my-visits",
    "talents",
    "talent-pool",
    "talent-funnel",
    "my-data",
    "ventures",
    "cockpit",
    "notices",
    "organisations",
    "trail",
]
EMPTY = (
    Role.VISITOR,
    Role.ENTERPRISE_ADMIN,
    Role.RESEARCHER,
    Role.INSTITUTE_ADMIN,
    Role.OPERATOR,
    Role.LEADER,
    Role.PLATFORM_ADMIN,
)


class Record(NamedTuple):
    """A record, what to call its picture, and whose it is."""

    name: str
    object_id: UUID
    owners: frozenset[UUID]  # organisations and people


class Dialog(NamedTuple):
    """An act at the head of a record, which asks before it happens."""

    role: Role
    page: str
    record: str
    act: Action


DIALOGS = (
    Dialog(Role.BROKER, "challenge", "refining", Action.RETURN_CHALLENGE),
    Dialog(Role.APPROVER, "challenge", "refining", Action.REJECT_CHALLENGE),
    Dialog(Role.OPERATOR, "challenge", "submitted", Action.TAKE_CHALLENGE),
    Dialog(Role.OPERATOR, "challenge", "approved", Action.PUBLISH_CHALLENGE),
    Dialog(Role.OPERATOR, "evaluation", "negotiating", Action.FALL_THROUGH),
    Dialog(Role.ENTERPRISE_ADMIN, "validation", "running", Action.LOCK_DATA),
    Dialog(Role.OPERATOR, "landing", "site_secured", Action.FLAG_LANDING),
    Dialog(Role.OPERATOR, "landing", "site_secured", Action.END_LANDING),
    Dialog(Role.OPERATOR, "venture", "public_notice", Action.OBJECT_TO_VENTURE),
    Dialog(Role.APPROVER, "agreement", "negotiating", Action.SIGN_AGREEMENT),
    Dialog(Role.APPROVER, "agreement", "effective", Action.TERMINATE_AGREEMENT),
    Dialog(Role.OPERATOR, "agreement", "review_due", Action.PREPARE_RENEWAL),
    Dialog(Role.OPERATOR, "visit", "registration_open", Action.CANCEL_VISIT),
    Dialog(Role.OPERATOR, "visit", "held", Action.DEBRIEF_VISIT),
)
# Records whose tabs are opened one after the other.
TABS = (
    (Role.RESEARCHER, "challenge", "open"),
    (Role.OPERATOR, "challenge", "open"),
    (Role.ENTERPRISE_ADMIN, "challenge", "open"),
    (Role.OPERATOR, "evaluation", "evaluating"),
    (Role.OPERATOR, "evaluation", "negotiating"),
    (Role.ENTERPRISE_ADMIN, "validation", "running"),
    (Role.LEADER, "validation", "signed_off"),
    (Role.OPERATOR, "landing", "site_secured"),
    (Role.OPERATOR, "agreement", "effective"),
    (Role.OPERATOR, "visit", "debriefed"),
    (Role.OPERATOR, "visit", "registration_open"),
    (Role.OPERATOR, "venture", "active"),
)


def records(session: Session, page: str) -> list[Record]:
    """Records of the kinds that look different, for a page that shows one."""
    drafts = {"challenge-edit": [ChallengeStatus.DRAFT], "proposal-edit": [ProposalStatus.DRAFT]}
    match page:
        case "challenge" | "challenge-edit":
            first = (ChallengeStatus.OPEN, ChallengeStatus.EVALUATING, ChallengeStatus.SOLVED)
            some: Iterable = drafts.get(page, [*first, *(set(ChallengeStatus) - {*first, ChallengeStatus.DRAFT})])
            where = [(status.value, Challenge.status == status) for status in some]
            return _found(session, Challenge, where, "organisation_id", "broker_id")
        case "evaluation":
            judged = ("closed", "evaluating", "negotiating", "awarded", "no_award")
            where = [(name, Challenge.status == ChallengeStatus(name)) for name in judged]
            found = _found(session, Challenge, where, "organisation_id")
            return [row._replace(owners=row.owners | _proposers(session, row.object_id)) for row in found]
        case "proposal" | "proposal-edit":
            some = drafts.get(page, [ProposalStatus.SUBMITTED, ProposalStatus.IN_EVALUATION])
            where = [(status.value, Proposal.status == status) for status in some]
            return _found(session, Proposal, where, "institute_id", "lead_id")
        case "validation" | "validation-plan":
            some = [ValidationStatus.PLANNED] if page == "validation-plan" else ValidationStatus
            where = [(status.value, ValidationPlan.status == status) for status in some]
            return _found(session, ValidationPlan, where, "enterprise_id", "institute_id", "lead_id")
        case "landing":
            stages = (LandingStage.SITE_SECURED, LandingStage.IN_PRODUCTION, LandingStage.LOST)
            where = [(stage.value, Landing.stage == stage) for stage in stages]
            return _found(session, Landing, where, "enterprise_id", "institute_id")
        case "agreement" | "agreement-edit":
            some = [AgreementStatus.NEGOTIATING] if page == "agreement-edit" else AgreementStatus
            where = [(status.value, Agreement.status == status) for status in some]
            found = _found(session, Agreement, where, "id")
            return [row._replace(owners=_parties(session, row.object_id)) for row in found]
        case "venture" | "venture-edit":
            some = [VentureStatus.INSTITUTE_CONSENTED] if page == "venture-edit" else VentureStatus
            where = [(status.value, Venture.status == status) for status in some]
            return _found(session, Venture, where, "institute_id", "enterprise_id", "scientist_id")
        case "university":
            agreed = Organisation.id.in_(select(AgreementParty.organisation_id))
            where = [("agreed", (Organisation.kind == OrganisationKind.INSTITUTE) & agreed)]
            return _found(session, Organisation, where, "id")
        case "visit" | "visit-edit" | "visit-group":
            some = [VisitStatus.REGISTRATION_OPEN] if page != "visit" else VisitStatus
            where = [(status.value, Visit.status == status) for status in some]
            return _found(session, Visit, where, "organiser_id", "partner_id", "broker_id")
        case "talent":
            steps = (TalentStage.RETAINED, TalentStage.REACHED)
            rows = session.execute(
                select(Talent.id, Talent.stage, TalentPost.organisation_id)
                .outerjoin(TalentPost, (TalentPost.talent_id == Talent.id) & TalentPost.is_main)
                .where(Talent.stage.in_(steps))
                .order_by(Talent.created_at.desc(), Talent.id)
            ).all()
            first = {row.stage: row for row in reversed(rows)}
            return [
                Record(stage.value, first[stage].id, frozenset({first[stage].organisation_id} - {None}))
                for stage in steps
                if stage in first
            ]
        case "organisation":
            statuses = (OrganisationStatus.VERIFIED, OrganisationStatus.APPLIED)
            where = [(status.value, Organisation.status == status) for status in statuses]
            return _found(session, Organisation, where, "id")
    return []


def _found(session: Session, table: type, where: list[tuple[str, ColumnElement[bool]]], *owners: str) -> list[Record]:
    found = []
    for name, clause in where:
        row = session.scalar(select(table).where(clause).limit(1))
        if row is not None:
            found.append(Record(name, row.id, frozenset(getattr(row, owner) for owner in owners) - {None}))
    return found


def _proposers(session: Session, challenge_id: UUID) -> frozenset[UUID]:
    rows = session.execute(select(Proposal.lead_id, Proposal.institute_id).where(Proposal.challenge_id == challenge_id))
    return frozenset(owner for row in rows for owner in row)


def _parties(session: Session, agreement_id: UUID) -> frozenset[UUID]:
    query = select(AgreementParty.organisation_id).where(AgreementParty.agreement_id == agreement_id)
    return frozenset(session.scalars(query))


def token_for(role: Role, owners: frozenset[UUID] = frozenset()) -> str:
    """A session of somebody in that role: of the record's own people where the role has an organisation."""
    if role is Role.VISITOR:
        return ""
    with writing() as session:
        query = select(Membership).where(Membership.role == role).order_by(Membership.created_at, Membership.id)
        found = session.scalars(query).all()
        own = [row for row in found if {row.person_id, row.organisation_id} & owners]
        # A person before an organisation: the lead of a proposal, not just anybody of the institute.
        own.sort(key=lambda row: row.person_id not in owners)
        membership = (own or found)[0]
        return create_session(session, membership.person_id, membership.id)


class Camera:
    """A browser that looks at one portal as anybody."""

    def __init__(self, browser: Browser, portal: PortalProcess, prefix: str = "") -> None:
        self.browser, self.portal, self.prefix = browser, portal, prefix
        self.faults: list[str] = []
        self.taken = 0

    @contextmanager
    def somebody(self, look: Look) -> Iterator[Somebody]:
        somebody = Somebody(self.browser, self.portal.url, width=look.width, language=look.language, dark=look.dark)
        yield somebody
        self.faults += somebody.faults
        somebody.close()

    def pages(self, role: Role, look: Look, only: list[str]) -> None:
        """The pages of a role, each with its records."""
        with self.somebody(look) as somebody:
            for row in PAGES:
                if role not in row.roles or row.url_path not in only:
                    continue
                with reading() as session:
                    found = records(session, row.url_path)
                # One person sees them all, the others the first two, and in other looks the first does.
                found = found[:1] if look != FIRST else found if role is MATTERS[row.url_path] else found[:2]
                for record in found or [None]:
                    self.be(somebody, role, record.owners if record else frozenset())
                    query = {"lang": look.code} | ({"id": str(record.object_id)} if record else {})
                    somebody.open("" if row.url_path == "home" else row.url_path, **query)
                    self.take(somebody, row.url_path, record.name if record else "", role.value, str(look))

    def dialogs(self, look: Look) -> None:
        """What asks before it happens, and what stands behind tabs."""
        for role, page, name, act in DIALOGS:
            with self.at_record(look, role, page, name) as somebody:
                if somebody is None:
                    continue
                somebody.context.set_default_timeout(5_000)
                try:
                    somebody.act(word(act))
                except (AssertionError, Error):
                    self.faults.append(f"{page} {name}: no {act.value} for the {role.value}")
                    continue
                self.take(somebody, "dialog", page, act.value, role.value, str(look))
        for role, page, name in TABS if look == FIRST else ():
            with self.at_record(look, role, page, name) as somebody:
                tabs = somebody.page.get_by_role("tab").all() if somebody else []
                for number, tab in enumerate(tabs):
                    tab.click()
                    somebody.idle()
                    self.take(somebody, "tab", page, name, str(number), role.value, str(look))

    def imports(self, look: Look) -> None:
        """A file of challenges: read, imported, and asked whether to take it back."""
        with reading() as session:
            is_enterprise = Organisation.kind == OrganisationKind.ENTERPRISE
            code = session.scalars(select(Organisation.credit_code).where(is_enterprise)).first() or ""
        content = csv_file([row(code, number, reference=f"{look}-{number}") for number in (1, 2)])
        with self.somebody(look) as somebody:
            self.be(somebody, Role.OPERATOR)
            somebody.open("import", lang=look.code)
            files = [FilePayload(name="课题.csv", mimeType="text/csv", buffer=content)]
            somebody.page.locator("input[type=file]").set_input_files(files)
            for name, button in (("read", "import_now"), ("done", ""), ("undo", "undo_")):
                if name == "undo":
                    somebody.page.locator(f"[class*=st-key-{button}] button").first.click()
                somebody.idle()
                self.take(somebody, "import", name, str(look))
                if name == "read":
                    somebody.page.locator(f".st-key-{button} button").click()

    @contextmanager
    def at_record(self, look: Look, role: Role, page: str, name: str) -> Iterator[Somebody | None]:
        with reading() as session:
            record = next((found for found in records(session, page) if found.name == name), None)
        if record is None:
            self.faults.append(f"{page}: no record {name}")
            yield None
            return
        with self.somebody(look) as somebody:
            self.be(somebody, role, record.owners)
            somebody.open(page, id=record.object_id, lang=look.code)
            yield somebody

    def plain(self, look: Look) -> None:
        """The pages outside of the app: sign in, apply, a lost password, an address that is none."""
        with self.somebody(look) as somebody:
            for path in PLAIN:
                somebody.page.goto(f"{self.portal.url}/{path}?lang={look.code}")
                self.take(somebody, path, str(look))

    def be(self, somebody: Somebody, role: Role, owners: frozenset[UUID] = frozenset()) -> None:
        somebody.context.clear_cookies()
        if token := token_for(role, owners):
            cookie = {"name": "portal_session", "value": token, "url": self.portal.url}
            somebody.context.add_cookies([cookie])  # type: ignore[list-item]

    def take(self, somebody: Somebody, *names: str) -> None:
        """As long as what is on the page: the app scrolls inside of itself, so the window grows."""
        page = somebody.page
        page.wait_for_timeout(300)
        width, tall = (page.viewport_size or {"width": FIRST.width})["width"], WINDOW
        # Twice: a diagram is drawn only when it comes into view.
        for _again in range(2):
            inside = page.locator("[data-testid=stMain], [role=dialog]")
            heights = inside.evaluate_all("found => found.map(element => element.scrollHeight)")
            needed = min(LONGEST, max([WINDOW, *heights]))
            if needed > tall:
                tall = needed
                page.set_viewport_size({"width": width, "height": tall})
                page.wait_for_timeout(300)
        name = "-".join(name for name in (self.prefix, *names) if name)
        self.faults += [f"{name}: cut off: {text}" for text in page.evaluate(CUT)]
        page.screenshot(path=str(OUT / f"{name}.png"), full_page=True)
        page.set_viewport_size({"width": width, "height": WINDOW})
        self.taken += 1


def fill_with_people() -> None:
    """One person per main role and nothing else."""
    with writing() as session:
        enterprise = add_organisation(session, name="杭州径山精密仪器有限公司")
        institute = add_organisation(session, OrganisationKind.INSTITUTE, name="杭州未来实验室")
        add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
        add_member(session, Role.RESEARCHER, institute)
        add_member(session, Role.INSTITUTE_ADMIN, institute)
        for role in (Role.OPERATOR, Role.LEADER, Role.PLATFORM_ADMIN):
            add_member(session, role)


def full(browser: Browser, folder: Path, chosen: argparse.Namespace) -> Camera:
    """The portal with the demonstration."""
    with portal_in(folder / "full", "demo", PORTAL_DEMO="1") as portal:
        camera = Camera(browser, portal)
        for role in chosen.role or WATCHED:
            if "roles" in chosen.part:
                camera.pages(role, FIRST, chosen.page)
            for look in LOOKS[1:] if "looks" in chosen.part else ():
                camera.pages(role, look, [page for page in chosen.page if MATTERS[page] is role])
        if "dialogs" in chosen.part:
            for look in (FIRST, PHONE):
                camera.dialogs(look)
                camera.imports(look)
        for look in LOOKS if "plain" in chosen.part else ():
            camera.plain(look)
        return camera


def bare(browser: Browser, folder: Path, chosen: argparse.Namespace) -> Camera:
    """The portal on its first day: people, and nothing done yet."""
    with portal_in(folder / "bare", "migrate") as portal:
        fill_with_people()
        camera = Camera(browser, portal, "empty")
        for role in EMPTY:
            for look in (FIRST, PHONE):
                camera.pages(role, look, [page for page in chosen.page if page in LISTS])
        return camera


@contextmanager
def portal_in(folder: Path, command: str, **settings: str) -> Iterator[PortalProcess]:
    folder.mkdir()
    portal = PortalProcess(folder, **settings)
    portal.adopt()
    portal.command(command)
    portal.start()
    try:
        yield portal
    finally:
        portal.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", action="append", type=Role, help="only these roles")
    parser.add_argument("--page", action="append", choices=list(MATTERS), help="only these pages, by address")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these parts")
    parser.add_argument("--quick", action="store_const", const=["roles"], dest="part", help="the same as --part roles")
    chosen = parser.parse_args()
    chosen.page = chosen.page or list(MATTERS)
    chosen.part = chosen.part or PARTS
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        cameras = [full(browser, Path(folder), chosen)] if set(chosen.part) - {"empty"} else []
        cameras += [bare(browser, Path(folder), chosen)] if "empty" in chosen.part else []
        browser.close()
    faults = [fault for camera in cameras for fault in camera.faults]
    print("\n".join(faults) or "nothing wrong in the browser's console")
    print(f"{sum(camera.taken for camera in cameras)} pictures in {OUT.name}/")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
