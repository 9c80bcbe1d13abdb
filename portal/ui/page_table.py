"""Every page of the portal in one table: script, title, address, who sees it, where it stands in the navigation."""

from typing import NamedTuple

from portal.errors import N_
from portal.permissions import GRANTS, Action, Actor, Role

R = Role
ALL = frozenset(Role) - {R.CLOCK}
SIGNED_IN = ALL - {R.VISITOR}
ENTERPRISE = frozenset({R.ENTERPRISE_MEMBER, R.ENTERPRISE_ADMIN})
INSTITUTE = frozenset({R.RESEARCHER, R.INSTITUTE_ADMIN})
DISTRICT = frozenset({R.OPERATOR, R.APPROVER})
WATCHERS = frozenset({R.LEADER, R.AUDITOR})

EVALUATORS = DISTRICT | {R.ENTERPRISE_ADMIN, R.AUDITOR}
ADMINS = frozenset({R.ENTERPRISE_ADMIN, R.INSTITUTE_ADMIN})
AGREEMENT_READERS = ADMINS | DISTRICT | WATCHERS | {R.RESEARCHER, R.BROKER}
AGREEMENT_KNOWERS = AGREEMENT_READERS | {R.ENTERPRISE_MEMBER, R.STEWARD, R.LEAD_STEWARD}
VENTURE_READERS = ADMINS | DISTRICT | WATCHERS | {R.RESEARCHER, R.BROKER, R.EXPERT}
COCKPIT_READERS = frozenset(grant.role for grant in GRANTS[Action.READ_COCKPIT])
VISIT_PLANNERS = frozenset(grant.role for grant in GRANTS[Action.EDIT_VISIT])
VISIT_GROUPS = frozenset(grant.role for grant in GRANTS[Action.REGISTER_GROUP])
TRAIL_READERS = frozenset(grant.role for grant in GRANTS[Action.READ_AUDIT_TRAIL])

# talents: who may see persons, and who reads figures of them
TALENT_READERS = ALL - {R.EXPERT, R.LEADER, R.PLATFORM_ADMIN}
TALENT_WRITERS = frozenset(grant.role for grant in GRANTS[Action.REGISTER_TALENT])
TALENT_OFFICIALS = frozenset(grant.role for grant in GRANTS[Action.OPEN_TALENT])
TALENT_FIGURE_READERS = frozenset(grant.role for grant in GRANTS[Action.READ_TALENT_FIGURES])


class PageRow(NamedTuple):
    """One page. `more` puts it behind “More”; `hidden` keeps it out of the navigation, its address still works."""

    script: str
    title: str
    icon: str
    url_path: str
    roles: frozenset[Role]
    more: bool = False
    hidden: bool = False


PAGES: tuple[PageRow, ...] = (
    PageRow("home.py", N_("Home"), "home", "home", ALL),
    # challenges
    PageRow("challenges/list.py", N_("Challenges"), "lightbulb", "challenges", ALL),
    PageRow("challenges/challenge.py", N_("Challenge"), "lightbulb", "challenge", ALL, hidden=True),
    PageRow("challenges/edit.py", N_("Edit a challenge"), "edit", "challenge-edit", ENTERPRISE, hidden=True),
    PageRow("challenges/desk.py", N_("Desk"), "inbox", "desk", DISTRICT | {R.BROKER}),
    # proposals
    PageRow("proposals/list.py", N_("My proposals"), "description", "proposals", INSTITUTE | {R.BROKER}),
    PageRow("proposals/clearances.py", N_("Clearances"), "approval", "clearances", ADMINS),
    PageRow(
        "proposals/edit.py",
        N_("Write a proposal"),
        "edit_document",
        "proposal-edit",
        frozenset({R.RESEARCHER, R.BROKER}),
        hidden=True,
    ),
    PageRow(
        "proposals/proposal.py",
        N_("Proposal"),
        "description",
        "proposal",
        INSTITUTE | DISTRICT | {R.BROKER, R.ENTERPRISE_ADMIN, R.AUDITOR},
        hidden=True,
    ),
    # reviews
    PageRow("reviews/list.py", N_("Evaluation"), "balance", "evaluations", EVALUATORS),
    PageRow(
        "reviews/evaluation.py",
        N_("Evaluation"),
        "balance",
        "evaluation",
        EVALUATORS | INSTITUTE | {R.BROKER},
        hidden=True,
    ),
    # validation
    PageRow("validation/list.py", N_("Line validation"), "precision_manufacturing", "validations", ALL),
    PageRow("validation/validation.py", N_("Line validation"), "fact_check", "validation", ALL, hidden=True),
    PageRow("validation/plan.py", N_("Validation plan"), "edit_note", "validation-plan", SIGNED_IN, hidden=True),
    # landings
    PageRow("landings/list.py", N_("Landing projects"), "location_city", "landings", ALL),
    PageRow("landings/landing.py", N_("Landing project"), "location_city", "landing", ALL, hidden=True),
    PageRow("landings/create.py", N_("New landing project"), "add_location", "landing-new", SIGNED_IN, hidden=True),
    # talents
    PageRow("talents/list.py", N_("Talents"), "groups", "talents", TALENT_READERS, more=True),
    PageRow("talents/talent.py", N_("Talent"), "person", "talent", TALENT_READERS, hidden=True),
    PageRow("talents/edit.py", N_("Talent record"), "person_edit", "talent-edit", TALENT_WRITERS, hidden=True),
    PageRow("talents/pool.py", N_("Selection pool"), "diversity_3", "talent-pool", TALENT_OFFICIALS, hidden=True),
    PageRow("talents/funnel.py", N_("Talent funnel"), "filter_alt", "talent-funnel", TALENT_FIGURE_READERS, more=True),
    # agreements
    PageRow("agreements/list.py", N_("Agreements"), "handshake", "agreements", AGREEMENT_KNOWERS, more=True),
    PageRow(
        "agreements/agreement.py", N_("University agreement"), "handshake", "agreement", AGREEMENT_KNOWERS, hidden=True
    ),
    PageRow(
        "agreements/edit.py",
        N_("Write an agreement"),
        "edit_document",
        "agreement-edit",
        frozenset({R.OPERATOR}),
        hidden=True,
    ),
    PageRow("agreements/commitments.py", N_("Commitments"), "task_alt", "commitments", AGREEMENT_READERS, more=True),
    PageRow("agreements/university.py", N_("University"), "school", "university", AGREEMENT_KNOWERS, hidden=True),
    # visits
    PageRow("visits/list.py", N_("Visits"), "hiking", "visits", ALL, more=True),
    PageRow("visits/visit.py", N_("Visit"), "hiking", "visit", ALL, hidden=True),
    PageRow("visits/edit.py", N_("Plan a visit"), "edit_calendar", "visit-edit", VISIT_PLANNERS, hidden=True),
    PageRow("visits/group.py", N_("Register a group"), "group_add", "visit-group", VISIT_GROUPS, hidden=True),
    PageRow("visits/mine.py", N_("My visits"), "event_available", "my-visits", SIGNED_IN, hidden=True),
    # ventures
    PageRow("ventures/list.py", N_("Scientist-entrepreneurs"), "rocket_launch", "ventures", VENTURE_READERS, more=True),
    PageRow("ventures/venture.py", N_("Venture"), "rocket_launch", "venture", VENTURE_READERS, hidden=True),
    PageRow(
        "ventures/edit.py",
        N_("Write an application"),
        "edit_document",
        "venture-edit",
        frozenset({R.RESEARCHER}),
        hidden=True,
    ),
    # figures
    PageRow("cockpit.py", N_("Cockpit"), "monitoring", "cockpit", COCKPIT_READERS),
    PageRow("chains/chains.py", N_("Four chains"), "join", "four-chains", COCKPIT_READERS, more=True),
    PageRow(
        "chains/records.py", N_("Records behind an indicator"), "list", "chain-records", COCKPIT_READERS, hidden=True
    ),
    PageRow("chains/editions.py", N_("Editions"), "tune", "chain-editions", COCKPIT_READERS, hidden=True),
    PageRow("chains/method.py", N_("Method"), "menu_book", "chain-method", COCKPIT_READERS, hidden=True),
    # organisations and people
    PageRow("account/notices.py", N_("Notices"), "notifications", "notices", SIGNED_IN, hidden=True),
    PageRow("account/profile.py", N_("My account"), "manage_accounts", "account", ALL, hidden=True),
    PageRow("account/my_data.py", N_("Data about me"), "shield_person", "my-data", SIGNED_IN, hidden=True),
    PageRow("organisations/members.py", N_("Our people"), "group", "members", ADMINS, more=True),
    PageRow("organisations/list.py", N_("Organisations"), "apartment", "organisations", ALL, more=True),
    PageRow("organisations/organisation.py", N_("Organisation"), "apartment", "organisation", ALL, hidden=True),
    # administration
    PageRow(
        "imports/challenges.py", N_("Import challenges"), "upload_file", "import", frozenset({R.OPERATOR}), more=True
    ),
    PageRow("admin/people.py", N_("Accounts and roles"), "badge", "people", frozenset({R.PLATFORM_ADMIN}), more=True),
    PageRow("admin/settings.py", N_("Settings"), "tune", "settings", frozenset({R.PLATFORM_ADMIN}), more=True),
    PageRow("admin/trail.py", N_("Audit trail"), "history", "trail", TRAIL_READERS, more=True),
    PageRow("help.py", N_("Help"), "help", "help", ALL, more=True),
)


def pages_for(actor: Actor) -> list[PageRow]:
    """The pages that this actor may open, in the order of the table."""
    return [row for row in PAGES if actor.role in row.roles]
