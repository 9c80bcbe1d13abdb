"""Every read of every role on real records: what comes back, and that nothing else comes back with it."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from db.models import ChallengeStatus, Disclosure, OrganisationKind, ReadingPurpose, Role
from portal.accounts.queries import list_people
from portal.agreements.commitment_queries import list_commitments
from portal.agreements.queries import agreement_detail, list_agreements
from portal.challenges.addenda import list_addenda
from portal.challenges.confidential import read_confidential
from portal.challenges.desk import desk_queues
from portal.challenges.details import challenge_detail
from portal.challenges.nda import accept_nda
from portal.challenges.queries import ListFilter, list_challenges
from portal.challenges.questions import list_questions
from portal.errors import Forbidden, NotFound, NotSignedIn, PortalError
from portal.files.queries import open_file
from portal.house_rules import list_rules
from portal.imports.queries import list_imports
from portal.landings.queries import landing_detail, list_landings
from portal.metrics.queries import pipeline, public_figures
from portal.metrics.trail import list_trail
from portal.metrics.universities import university
from portal.organisations.queries import list_members, list_organisations, organisation_detail
from portal.permissions import Actor
from portal.proposals.access import get_proposal
from portal.proposals.content import read_submission
from portal.proposals.lists import awarded_proposal
from portal.proposals.queries import proposal_view
from portal.reviews.queries import evaluation_detail
from portal.talents.access import Sight
from portal.talents.commands import open_talent
from portal.talents.figures import funnel
from portal.talents.queries import talent_detail
from portal.validation.queries import plan_detail
from portal.ventures.queries import list_ventures, venture_detail
from portal.visits.details import visit_detail
from portal.visits.people import list_participants
from tests.matrix.doors import Door, doors
from tests.matrix.table import PUBLISHED, READS, expected, sees_challenge
from tests.matrix.world import NDA, PUBLIC, ROLES, SEALED, VERIFIED, Place, World

S = ChallengeStatus
REFUSALS = (NotFound, Forbidden, NotSignedIn)
Probe = Callable[[Session, Actor, World], Any]


def section(session: Session, actor: Actor, place: Place, level: Disclosure) -> Any:
    if level is Disclosure.NDA and not may_record(session, actor, place):
        return None
    detail = challenge_detail(session, actor, place.id)
    return next(row.content for row in detail.sections if row.disclosure is level)


def may_record(session: Session, actor: Actor, place: Place) -> bool:
    """Accept what can be accepted, and have the reading recorded."""
    read_confidential(session, actor, challenge_id=place.id)
    return True


def asked(session: Session, actor: Actor, place: Place, key: str) -> bool:
    rows = list_questions(session, actor, place.id)
    return any(row.id == place.records[key] for row in rows)


def words(session: Session, actor: Actor, world: World, status: ChallengeStatus) -> str:
    proposal_id = world.places[status].records["proposal_id"]
    return read_submission(session, actor, get_proposal(session, actor, proposal_id)).summary


def line(session: Session, actor: Actor, world: World) -> str:
    detail = plan_detail(session, actor, world.places[S.VALIDATING].records["plan_id"])
    return detail.line or ""


def sees_person(session: Session, actor: Actor, talent_id: UUID, *, least: Sight) -> bool:
    """Whether the reader gets the name and that much more; officials say first what for."""
    if READS["talent, whole"][actor.role].endswith("l"):
        open_talent(session, actor, talent_id=talent_id, purpose=ReadingPurpose.SERVICE)
    row = talent_detail(session, actor, talent_id).row
    return "**" not in row.name and row.sight >= least


PROBES: dict[str, Probe] = {
    "talent, public card": lambda s, a, w: sees_person(s, a, w.shared["public_talent_id"], least=Sight.CARD),
    "talent, consented": lambda s, a, w: sees_person(s, a, w.shared["consented_talent_id"], least=Sight.MATCHING),
    "talent, whole": lambda s, a, w: sees_person(s, a, w.shared["talent_id"], least=Sight.OWN),
    "talent, figures": lambda s, a, _w: funnel(s, a),
    "challenge, public section": lambda s, a, w: section(s, a, w.places[S.OPEN], Disclosure.PUBLIC),
    "challenge, signed-in section": lambda s, a, w: section(s, a, w.places[S.OPEN], Disclosure.VERIFIED),
    "challenge, NDA section": lambda s, a, w: section(s, a, w.places[S.OPEN], Disclosure.NDA),
    "question, answered": lambda s, a, w: asked(s, a, w.places[S.OPEN], "answered_question_id"),
    "question, waiting": lambda s, a, w: asked(s, a, w.places[S.OPEN], "question_id"),
    "addendum, prepared": lambda s, a, w: "未发补充" in repr(list_addenda(s, a, w.places[S.OPEN].id)),
    "proposal before the opening": lambda s, a, w: words(s, a, w, S.CLOSED),
    "proposal after the opening": lambda s, a, w: words(s, a, w, S.EVALUATING),
    "evaluation": lambda s, a, w: evaluation_detail(s, a, w.places[S.EVALUATING].id),
    "imports": lambda s, a, _w: list_imports(s, a) is not None,
    "awarded proposal, its cover": lambda s, a, w: awarded_proposal(s, a, w.places[S.SOLVED].id),
    "validation, before its result": lambda s, a, w: plan_detail(s, a, w.places[S.VALIDATING].records["plan_id"]),
    "validation, its line and device": line,
    "landing, whole": lambda s, a, w: landing_detail(s, a, w.shared["landing_id"]),
    "landing, public summary": lambda s, a, w: landing_detail(s, a, w.shared["public_landing_id"]),
    "agreement, whole": lambda s, a, w: agreement_detail(s, a, w.shared["agreement_id"]).row.is_full,
    "agreement, its existence": lambda s, a, w: agreement_detail(s, a, w.shared["agreement_id"]),
    "university, what came of it": lambda s, a, w: university(s, a, w.shared["institute_id"]),
    "visit, planned": lambda s, a, w: visit_detail(s, a, w.shared["planned_visit_id"]),
    "visit, published": lambda s, a, w: visit_detail(s, a, w.shared["visit_id"]),
    "visit, participants": lambda s, a, w: list_participants(s, a, w.shared["visit_id"]).rows,
    "venture, before the district": lambda s, a, w: venture_detail(s, a, w.shared["draft_venture_id"]),
    "venture, once submitted": lambda s, a, w: venture_detail(s, a, w.shared["venture_id"]),
    "venture, since its notice": lambda s, a, w: venture_detail(s, a, w.shared["noticed_venture_id"]),
    "dashboard, public figures": lambda s, _a, _w: public_figures(s),
    "dashboard, cockpit": lambda s, a, _w: pipeline(s, a),
    "desk": lambda s, a, _w: desk_queues(s, a),
    "organisation, verified": lambda s, a, w: organisation_detail(s, a, w.lead.organisation_id),
    "organisation, applied": lambda s, a, w: organisation_detail(s, a, w.shared["organisation_id"]),
    "accounts": lambda s, a, _w: list_people(s, a).rows,
    "settings": lambda s, a, _w: list_rules(s, a),
    "people of an organisation": lambda s, a, w: list_members(s, a, home_of(a, w)),
}

UNPROBED = {
    # Each has rows of its own in the tests named, or is a subset of what the leak test below reads.
    "award": "test_the_award_is_public_and_its_sum_is_not",
    "validation, result of a solved": "tests/validation/test_visibility.py",
    "audit trail": "test_the_trail_of_each_role",
    "self": "tests/accounts",
    "talent, own data": "tests/talents/test_own_data.py",
}


def home_of(actor: Actor, world: World) -> UUID:
    """The insiders' own organisation; for a stranger that of the enterprise."""
    enterprise = world.insiders[Role.ENTERPRISE_ADMIN].organisation_id
    is_inside = any(actor == known for known in world.insiders.values())
    return actor.organisation_id or enterprise if is_inside else enterprise


def test_every_row_is_probed() -> None:
    assert set(PROBES) | set(UNPROBED) == set(READS)
    assert set(PROBES) & set(UNPROBED) == set()


@pytest.mark.parametrize("name", PROBES)
def test_who_reads_it(session: Session, world: World, name: str) -> None:
    signer = world.insiders[Role.INSTITUTE_ADMIN]
    records = world.places[S.OPEN].records
    ids = {"challenge_id": records["challenge_id"], "nda_version_id": records["nda_version_id"]}
    accept_nda(session, signer, **ids)
    differences = []
    for role, where, actor in world.everybody():
        try:
            found = bool(PROBES[name](session, actor, world))
        except REFUSALS:
            found = False
        if found is not expected(name, role, where):
            differences.append((role.value, where, found))
    assert differences == []


def test_the_institutes_admin_reads_the_cover_sheet_alone(session: Session, world: World) -> None:
    admin = world.insiders[Role.INSTITUTE_ADMIN]
    proposal_id = world.places[S.OPEN].records["proposal_id"]

    view = proposal_view(session, admin, proposal_id)

    assert (view.title, view.sum_fen, view.document) == ("封面之言open", 123_456_700, None)
    assert SEALED not in repr(view)


def test_lists_counts_and_searches_show_the_same_challenges(session: Session, world: World) -> None:
    for role, where, actor in world.everybody():
        inside = where == "inside"
        visible = {status for status in S if sees_challenge(role, status, inside=inside)}
        page = list_challenges(session, actor, limit=100)
        searched = list_challenges(session, actor, ListFilter(text="课题之名"), limit=100)
        assert {row.status for row in page.rows} == visible, (role, where)
        assert page.total == searched.total == len(page.rows) == len(searched.rows) == len(visible), (role, where)
        for status in (S.DRAFT, S.SUBMITTED, S.REJECTED, S.WITHDRAWN, S.OPEN):
            place = world.places[status]
            exact = list_challenges(session, actor, ListFilter(text=place.number))
            assert exact.total == (status in visible), (role, where, status)


def test_published_statuses_are_written_twice_alike() -> None:
    from portal.challenges.workflow import PUBLISHED as IN_CODE

    assert PUBLISHED == IN_CODE


def test_unknown_and_foreign_ids_look_alike(session: Session, world: World) -> None:
    """Row 39: an id of another kind of record, an unknown one, and the ends of the range."""
    records = world.places[S.OPEN].records
    others = [records[name] for name in ("challenge_id", "proposal_id", "question_id", "file_id")]
    others += [world.shared[name] for name in ("landing_id", "organisation_id", "person_id")]
    strange = [uuid4(), UUID(int=0), UUID(int=2**128 - 1), *others]
    seen: dict[str, set[str]] = {}
    for door in doors():
        ids = [parameter.name for parameter in door.found.parameters if parameter.name.endswith("_id")]
        if not door.reads or len(ids) != 1 or door.found.name in ANSWERS_EMPTY:
            continue
        own = {value for place in world.places.values() for key, value in place.records.items() if key == ids[0]}
        own |= {value for key, value in world.shared.items() if key in (ids[0], f"public_{ids[0]}")}
        for wrong in set(strange) - own:
            result = ask(session, world.insiders[Role.OPERATOR], door, {ids[0]: wrong})
            seen.setdefault(door.found.name, set()).add(type(result).__name__)

    assert {name: kinds for name, kinds in seen.items() if kinds != {"NotFound"}} == {}
    assert len(seen) > 15


ANSWERS_EMPTY = frozenset(
    {
        # Lists and small questions, empty for what there is not.
        "may_ask",
        "my_proposal_for",
        "list_members",
        "landings_of_challenge",
        "plans_of_challenge",
        "award_of",
        "awarded_proposal",
        "own_award",
        "my_sessions",
    }
)
UNASKED = frozenset({"check_import"})
"""Takes a file that was read already; its tests are those of the imports."""


OTHERS: dict[str, Any] = {"branch": "answered", "language": "en", "kinds": tuple(OrganisationKind)}


def ask(session: Session, actor: Actor, door: Door, ids: dict[str, UUID]) -> Any:
    """What comes back, a refusal included; nothing that was written stays."""
    nested = session.begin_nested()
    try:
        positional, named = [], {}
        for parameter in door.found.parameters:
            if parameter.name not in ids and parameter.default is not parameter.empty:
                continue
            value = ids.get(parameter.name, OTHERS.get(parameter.name))
            if parameter.kind is parameter.KEYWORD_ONLY:
                named[parameter.name] = value
            else:
                positional.append(value)
        result = door.found.function(session, actor, *positional, **named)
        # What comes row by row is looked at as a whole.
        return list(result) if isinstance(result, Iterator) else result
    except PortalError as error:
        return error
    finally:
        nested.rollback()


def not_for(role: Role, where: str, world: World) -> dict[str, str]:
    """Words and ids that this reader must not get, with what they are."""
    inside, team = where == "inside", where == "team"
    found: dict[str, str] = {}

    def forbid(allowed: bool, *words: object) -> None:
        found.update({} if allowed else {str(word): str(words[0]) for word in words})

    for status, place in world.places.items():
        name, records = place.name, place.records
        sees = sees_challenge(role, status, inside=inside)
        forbid(sees, "课题之名" + name)
        forbid(sees and expected("challenge, signed-in section", role, where), VERIFIED + name)
        # Until a reading is recorded the enterprise alone has them.
        forbid(inside and role in (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_MEMBER), NDA + name)
        forbid(sees and expected("question, waiting", role, where), "未答之问" + name)
        forbid(sees and expected("addendum, prepared", role, where), "未发补充" + name)
        if "proposal_id" in records:
            when = "after" if place.is_opened else "before"
            letter = f"proposal {when} the opening"
            reads = expected(letter, role, where)
            forbid(reads, SEALED + name, records["file_id"])
            # Title, sum and receipt are for the admin who cleared the cover sheet too.
            is_admin = inside and role is Role.INSTITUTE_ADMIN
            awarded = expected("awarded proposal, its cover", role, where) and status in AWARDED
            forbid(reads or is_admin or awarded, "封面之言" + name, records["proposal_id"])
            forbid(reads or is_admin, records["submission_id"])
        if "plan_id" in records:
            reads = expected("validation, its line and device", role, where)
            forbid(reads, "产线之名" + name, "设备之名" + name)
    forbid(expected("landing, whole", role, where), "落地详情")
    # What was said in a support talk is for the two who took part.
    forbid(role in (Role.APPROVER, Role.OPERATOR), "谈话之言")
    # The operator of the world has opened it; the others do not read a name before they say what for.
    opened = role not in (Role.APPROVER, Role.AUDITOR)
    forbid(expected("talent, whole", role, where) and opened, "众人不见")
    forbid(role is Role.OPERATOR, "13800000000")
    forbid(expected("agreement, whole", role, where), "协议详情", "承诺之言", "主席之名")
    forbid(expected("agreement, its existence", role, where), "协议之名")
    forbid(expected("visit, planned", role, where), "未定之访")
    forbid(expected("visit, participants", role, where), "随团之人", "13700001234")
    forbid(expected("venture, before the district", role, where), "未交之案")
    forbid(expected("venture, once submitted", role, where), "已交之案")
    forbid(expected("venture, since its notice", role, where), "公示之案")
    forbid(expected("organisation, applied", role, where), "applicant@example.org", "申请中的机构")
    assert not team or found
    return found


AWARDED = (S.AWARDED, S.VALIDATING, S.SOLVED, S.UNSOLVED)
LOOKED_AT = (S.DRAFT, S.OPEN, S.CLOSED, S.EVALUATING, S.SOLVED)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_read_tells_more_than_the_table(session: Session, world: World, role: Role) -> None:
    """Every read of every feature, on every record: lists, details, counts, history, notices, trail."""
    leaks = set()
    for known, where, actor in world.everybody():
        if known is not role:
            continue
        forbidden = not_for(role, where, world)
        for door in doors():
            if not door.reads or door.found.name in UNASKED:
                continue
            for ids in calls(door, world):
                text = repr(ask(session, actor, door, ids))
                leaks |= {(where, door.found.name, what) for word, what in forbidden.items() if word in text}
    assert "\n".join(map(str, sorted(leaks))) == ""


def calls(door: Door, world: World) -> list[dict[str, UUID]]:
    """The ids to ask with: those of each place that has them all, or of the records without a place."""
    names = [parameter.name for parameter in door.found.parameters if parameter.name.endswith("_id")]
    if not names:
        return [{}]
    found = [world.places[status].records for status in LOOKED_AT]
    found += [world.shared, {"landing_id": world.shared["public_landing_id"]}]
    return [{name: records[name] for name in names} for records in found if set(names) <= set(records)]


def test_no_file_is_read_by_others(session: Session, world: World) -> None:
    for status in (S.OPEN, S.CLOSED, S.EVALUATING):
        when = "after" if world.places[status].is_opened else "before"
        for role, where, actor in world.everybody():
            try:
                got = bool(open_file(session, actor, world.places[status].records["file_id"]).content)
            except REFUSALS:
                got = False
            assert got is expected(f"proposal {when} the opening", role, where), (status, role, where)


def test_the_trail_of_each_role(session: Session, world: World) -> None:
    process = {
        "challenge",
        "proposal",
        "validation",
        "landing",
        "landing_claim",
        "landing_first",
        "support_talk",
        "organisation",
        "import",
        "nda",
        "question",
        "addendum",
        "agreement",
        "commitment",
        "visit",
    }
    for role, where, actor in world.everybody():
        letter = READS["audit trail"][role]
        try:
            rows = list_trail(session, actor, limit=10_000)
        except REFUSALS:
            assert letter == "-", (role, where)
            continue
        kinds = {row.object_type for row in rows}
        assert letter != "-", (role, where)
        assert kinds <= process or letter != "p"
        assert kinds <= {"person", "membership", "setting", "organisation"} or letter != "s"
        if letter == "o":
            assert {row.organisation for row in rows} <= {actor.organisation_name}, (role, where)


VENTURES = ("before the district", "once submitted", "since its notice")


def test_published_landings_and_verified_organisations_are_counted_alike(session: Session, world: World) -> None:
    for role, where, actor in world.everybody():
        landings = list_landings(session, actor, limit=100)
        assert landings.total == len(landings.rows) == (4 if expected("landing, whole", role, where) else 1)
        found = list_organisations(session, actor, text="申请中")
        assert found.total == len(found.rows) == expected("organisation, applied", role, where), (role, where)
        known = list_agreements(session, actor, limit=100)
        assert known.total == len(known.rows) == (2 if expected("agreement, its existence", role, where) else 0)
        seen = sum(expected(f"venture, {when}", role, where) for when in VENTURES)
        ventures = list_ventures(session, actor, limit=100)
        assert ventures.total == len(ventures.rows) == seen, (role, where)
        promised = list_commitments(session, actor, limit=100)
        assert promised.total == len(promised.rows) == (2 if expected("agreement, whole", role, where) else 0)
    assert PUBLIC
