"""Every command by everybody whom the table does not name, in the status where it would work: refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from db.models import (
    AgreementPart,
    ChallengeStatus,
    CommitmentStatus,
    ConsentUse,
    CooperationField,
    Disclosure,
    EvidenceType,
    FigureKind,
    FirstLevel,
    LandingCategory,
    LandingFlag,
    LandingLane,
    LandingStage,
    LossCause,
    MoneySource,
    NdaMode,
    OrganisationKind,
    ParticipantStatus,
    ProposalSectionKey,
    ProposalStatus,
    ReadingPurpose,
    ReplyReason,
    Role,
    RunStage,
    SectionKey,
    SourceKind,
    TalentChannel,
    TalentClass,
    TalentField,
    TalentStage,
    VentureAdvice,
    VentureParty,
    VenturePhase,
)
from portal import clock
from portal.challenges.workflow import CHALLENGE_WORKFLOW
from portal.errors import Forbidden, NotFound, NotSignedIn, PortalError
from portal.metrics.four_chains.months import Month
from portal.permissions import GRANTS, Action, Actor, Side
from portal.proposals.workflow import PROPOSAL_WORKFLOW
from tests.factories import credit_code
from tests.matrix.doors import Door, doors
from tests.matrix.table import EVERYBODYS
from tests.matrix.world import OPENED, Place, World
from tests.visits.world import form as visit_form

S = ChallengeStatus
REFUSALS = (NotFound, Forbidden, NotSignedIn)
COMMANDS = [door for door in doors() if door.actions and not set(door.actions) <= EVERYBODYS]

TEXT = "为矩阵测试而写的一句话"
VALUES: dict[str, Any] = {
    "version": None,
    "approve": True,
    "confirm": True,
    "dry_run": True,
    "walked_away": False,
    "is_public": True,
    "is_material": True,
    "is_plan": True,
    "closes_at": lambda: clock.now() + timedelta(days=60),
    "happened_on": clock.today,
    "ran_on": clock.today,
    "base_from": lambda: Month.before_this().shift(-5).first,
    "base_until": lambda: Month.before_this().first,
    "since": clock.today,
    "as_of": clock.today,
    "starts_on": clock.today,
    "ends_on": clock.today,
    "due_on": clock.today,
    "signed_on": None,
    "part": AgreementPart.BODY,
    "field": CooperationField.TALENT,
    "fields": (CooperationField.TALENT,),
    "institutes": (),
    "others": (),
    "done_on": clock.today,
    "advice": VentureAdvice.FOR,
    "phase": VenturePhase.ATTRACT,
    "party": VentureParty.DISTRICT,
    "experts": (),
    "money": "100",
    "amount": "100",
    "share": "50",
    "shares": [],
    "days": {},
    "people": [],
    "held_on": clock.today,
    "level": FirstLevel.CITY,
    "evidence_type": EvidenceType.BUSINESS_LICENCE,
    "sum_fen": 100_000,
    "value": 3,
    "digest": "0" * 64,
    "content": {},
    "comments": {SectionKey.PROBLEM: TEXT},
    "confirmed": {},
    "entries": [],
    "values": {},
    "rows": [],
    "prepared": None,
    "email": "somebody@example.org",
    "role": Role.RESEARCHER,
    "kind": OrganisationKind.ENTERPRISE,
    "credit_code": lambda: credit_code(999_999_999),
    "end": LandingStage.TERMINATED,
    "stage": RunStage.PILOT,
    "flag": LandingFlag.AT_RISK,
    "category": LandingCategory.TECHNOLOGY,
    "lane": LandingLane.HEAVY,
    "cause": LossCause.MARKET,
    "source": MoneySource.BANK,
    "town_code": "wuchang",
    "code": ReplyReason.OUTRANKED,
    "mode": NdaMode.ON_REQUEST,
    "disclosure": Disclosure.VERIFIED,
    "key": SectionKey.TODAY,
    "channel": TalentChannel.FAIR,
    "talent_class": TalentClass.E,
    "reached_on": clock.today,
    "selected_on": clock.today,
    "noted_on": clock.today,
    "left_on": clock.today,
    "until": clock.today,
    "consent": True,
    "use": ConsentUse.MAIL,
    "purpose": ReadingPurpose.SERVICE,
    "follow": True,
    "score": 4,
    "step": ParticipantStatus.CONTACT_MADE,
    "form": visit_form,
}
"""What a command is given by the name of its parameter; ids come from the world, other names get a sentence."""
BY_COMMAND: dict[str, dict[str, Any]] = {
    "proposals.commands.save_section": {"key": ProposalSectionKey.PLAN},
    "proposals.attachments.attach_file": {"content": b"a,b\n1,2\n", "name": "a.csv"},
    "challenges.commands.attach_file": {"content": b"a,b\n1,2\n", "name": "a.csv"},
    "landings.steps.record_step": {"stage": LandingStage.COMPANY_REGISTERED},
    "visits.registration.register_group": {"rows": "张三,示例大学,材料"},
    "visits.attendance.check_in": {"ticket": ""},
    "visits.attendance.give_feedback": {"ticket": ""},
    "landings.steps.record_figure": {"kind": FigureKind.INVESTMENT},
    "landings.sources.claim_source": {"kind": SourceKind.VISIT, "object_id": None},
    "talents.steps.record_talent_step": {"stage": TalentStage.VISITED},
    "talents.posts.record_post": {"employer_name": TEXT},
    "agreements.commands.attach_document": {"content": b"a,b\n1,2\n", "name": "a.csv"},
    "agreements.commitments.report_commitment": {"status": CommitmentStatus.ON_TRACK},
    "talents.commands.register_talent": {"field": TalentField.MATERIALS},
    "talents.commands.edit_talent": {"field": TalentField.MATERIALS},
    "house_rules.change_rule": {"name": "reminder_days"},
    "accounts.officials.propose_official_role": {"role": Role.LEADER},
}

OTHER_IDS = {
    "accounts.officials.decide_official_role": {"membership_id": "proposed_membership_id"},
    "landings.sources.decide_shares": {"decision_id": "share_decision_id"},
    "landings.talks.close_talk": {"talk_id": "held_talk_id"},
    "ventures.commands.edit_venture": {"venture_id": "draft_venture_id"},
    "ventures.commands.endorse_venture": {"venture_id": "draft_venture_id"},
    "ventures.commands.host_venture": {"venture_id": "draft_venture_id"},
    "ventures.commands.submit_venture": {"venture_id": "draft_venture_id"},
    "agreements.commands.prepare_renewal": {"agreement_id": "running_agreement_id"},
    "agreements.commands.terminate_agreement": {"agreement_id": "running_agreement_id"},
    "proposals.submission.acknowledge_addendum": {"addendum_id": "published_addendum_id"},
    "reviews.awards.decide_award": {"decision_id": "award_decision_id"},
}
"""Where the record of the world has a longer name than the parameter."""
NOT_REACHED = {
    # They need a co-applicant who was invited and a batch that was imported: tests/proposals and tests/imports.
    "answer_co_application",
    "undo_import",
}


def places_for(door: Door, world: World) -> Iterator[Place]:
    """Where the act is possible by its workflow, and an open, an evaluated and a solved challenge."""
    sources: set[Any] = set()
    for workflow in (CHALLENGE_WORKFLOW, PROPOSAL_WORKFLOW):
        for step in workflow.transitions:
            if step.action in door.actions:
                sources.update(step.sources)
    found = [status for status in S if status in sources or OPENED.get(status) in sources]
    if ProposalStatus.SUBMITTED in sources:
        found.append(S.OPEN)
    yield from (world.places[status] for status in dict.fromkeys([*found, S.OPEN, S.EVALUATING, S.SOLVED]))


def arguments(door: Door, world: World, place: Place) -> dict[str, Any] | None:
    """None when the place has no record of the kind that the command is about."""
    known = {**world.shared, **place.records, "broker_id": world.insiders[Role.BROKER].person_id}
    known["organiser_id"] = world.insiders[Role.ENTERPRISE_ADMIN].organisation_id
    known |= {"batch_id": UUID(int=1), "co_applicant_id": UUID(int=2), "enterprise_id": None, "institute_id": None}
    known["employer_id"] = None
    values: dict[str, Any] = {}
    special = BY_COMMAND.get(f"{door.found.module}.{door.found.name}", {})
    for parameter in door.found.parameters:
        name = parameter.name
        if name in special:
            values[name] = special[name]
        elif name.endswith("_id"):
            name_there = OTHER_IDS.get(f"{door.found.module}.{door.found.name}", {}).get(name, name)
            if name_there not in known:
                return None
            values[name] = known[name_there]
        elif parameter.default is parameter.empty or name in ("reason", "version"):
            value = VALUES.get(name, TEXT)
            values[name] = value() if callable(value) else value
    if door.found.name == "create_landing":
        values["landing_id"] = None
    if door.found.name == "register_talent":
        values["talent_id"] = None
    if door.found.name == "plan_visit":
        values["visit_id"] = None
    return values


def roles_of(door: Door) -> dict[Role, set[Side]]:
    found: dict[Role, set[Side]] = {}
    for action in door.actions:
        for grant in GRANTS[action]:
            found.setdefault(grant.role, set()).add(grant.side)
    return found


def is_named(door: Door, role: Role, where: str) -> bool:
    """Whether the table may let them: their role, and, from one side only, that they are on a side at all."""
    sides = roles_of(door).get(role, set())
    needs_no_record = not any(parameter.name.endswith("_id") for parameter in door.found.parameters)
    return bool(sides) and (where != "stranger" or Side.ANY in sides or needs_no_record)


@pytest.mark.parametrize("door", COMMANDS, ids=lambda door: f"{door.found.module}.{door.found.name}")
def test_nobody_else_gets_through(session: Session, world: World, door: Door) -> None:
    calls = ((place, arguments(door, world, place)) for place in places_for(door, world))
    tried, wrong, reached = 0, [], []
    for place, values in [call for call in calls if call[1] is not None][:3]:
        for role, where, actor in world.everybody():
            tried += 1
            result = fire(session, actor, door, values)
            if is_named(door, role, where):
                reached += [] if isinstance(result, REFUSALS) else [role]
            elif not isinstance(result, REFUSALS):
                wrong.append((place.name, role.value, where, repr(result)))

    assert tried, "the world has no record for this command: please add one, or its name to OTHER_IDS"
    assert wrong == []
    assert reached or door.found.name in NOT_REACHED, "not even those whom the table names came as far as the act"


def fire(session: Session, actor: Actor, door: Door, values: dict[str, Any]) -> Any:
    """What comes back, a refusal included; nothing that was written stays."""
    nested = session.begin_nested()
    try:
        return door.found.function(session, actor, **values)
    except PortalError as error:
        return error
    except (KeyError, TypeError, AttributeError) as error:
        # Past the rights, a made-up argument may be of a shape that no form sends.
        return error
    finally:
        nested.rollback()


def test_visitors_have_no_account_to_act_on(session: Session, world: World) -> None:
    visitor = world.insiders[Role.VISITOR]
    for door in doors():
        if door.actions and door.found.name in ("change_password", "update_profile", "switch_membership", "mark_read"):
            values = arguments(door, world, world.places[S.OPEN])
            assert values is not None
            assert isinstance(fire(session, visitor, door, values), REFUSALS), door.found.name


def test_every_act_of_a_person_is_tried() -> None:
    tried = {action for door in COMMANDS for action in door.actions}

    assert set(Action) - tried - EVERYBODYS == {
        Action.CLOSE_CHALLENGE,
        Action.FREEZE_MONTH,
        Action.START_AGREEMENT,
        Action.CALL_REVIEW,
        Action.EXPIRE_AGREEMENT,
        Action.REMIND_OWNER,
        Action.MOVE_UP,
        Action.MARK_ABSENT,
        Action.PURGE_VISIT,
        Action.READ_PROPOSAL,
        Action.READ_COCKPIT,
        Action.READ_AUDIT_TRAIL,
        Action.READ_TALENT_FIGURES,
    }


def is_on_the_side(door: Door, role: Role, where: str) -> bool:
    """Like `is_named`; a colleague on the team alone is named only by what the team may do."""
    sides = roles_of(door).get(role, set())
    return is_named(door, role, where) and (where != "team" or bool(sides & {Side.ANY, Side.TEAM}))


def worst(door: Door, values: dict[str, Any]) -> dict[str, Any]:
    """Nothing written where a sentence is asked for, and drawn from a page that is out of date."""
    words = {parameter.name for parameter in door.found.parameters if not parameter.name.endswith("_id")}
    empty = {name for name in words if values.get(name) == TEXT}
    return {name: "" if name in empty else -1 if name == "version" else value for name, value in values.items()}


@pytest.mark.parametrize("door", COMMANDS, ids=lambda door: f"{door.found.module}.{door.found.name}")
def test_rights_are_asked_before_anything_else(session: Session, world: World, door: Door) -> None:
    """Neither a missing reason nor a passed deadline, an old page nor another status is told to whom it is not for."""
    wrong = []
    clock.set_offset(timedelta(days=10).total_seconds())
    tried = [*[place.status for place in places_for(door, world)][:2], S.OPEN, S.CLOSED]
    for status in dict.fromkeys(tried):
        values = arguments(door, world, world.places[status])
        for role, where, actor in world.everybody() if values is not None else ():
            if is_on_the_side(door, role, where):
                continue
            result = fire(session, actor, door, worst(door, values))
            if not isinstance(result, REFUSALS):
                wrong.append((status.value, role.value, where, repr(result)))
    assert wrong == []
