"""One challenge in every status, with all that belongs to it, and for each role somebody inside and a stranger."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    AcceptanceMetric,
    Addendum,
    AgreementPart,
    Award,
    Challenge,
    ChallengeSection,
    ChallengeStatus,
    CommitmentStatus,
    ConsentUse,
    CooperationField,
    Decision,
    DecisionKind,
    DecisionStatus,
    Disclosure,
    EvidenceType,
    FirstLevel,
    LandingCategory,
    LandingLane,
    LandingStage,
    LandingStep,
    LossCause,
    Membership,
    MembershipStatus,
    NdaAcceptance,
    NdaMode,
    NdaVersion,
    Notification,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    PlanCharacteristic,
    Proposal,
    ProposalSectionKey,
    ProposalStatus,
    Question,
    Role,
    RubricCriterion,
    RunStage,
    SectionKey,
    Snapshot,
    SourceKind,
    SupportTalk,
    TalentChannel,
    TalentField,
    TalentPost,
    TeamMember,
    Terms,
    ValidationRun,
    VentureAdvice,
    VentureParty,
    VenturePhase,
    VentureTask,
)
from portal import clock
from portal.agreements.commands import create_agreement, sign_agreement
from portal.agreements.commitments import add_commitment, report_commitment
from portal.agreements.jobs import turn_agreements
from portal.challenges.nda import accept_nda
from portal.landings.commands import (
    claim_first,
    claim_source,
    create_landing,
    end_landing,
    hold_talk,
    prepare_shares,
    publish_landing,
)
from portal.landings.rules import Share
from portal.landings.steps import record_step
from portal.metrics.four_chains.editions import LEAST_MONTHS, prepare_edition, publish_edition
from portal.metrics.four_chains.months import Month
from portal.permissions import VISITOR, Actor
from portal.proposals.access import get_proposal
from portal.proposals.attachments import attach_file
from portal.proposals.clearance import ask_clearance, clear_proposal, cover_of
from portal.proposals.commands import draft_proposal, save_section
from portal.proposals.submission import submit_proposal
from portal.talents.commands import register_talent
from portal.talents.consents import give_consent
from portal.talents.posts import record_post
from portal.validation.commands import judge_validation, lock_data, start_runs
from portal.validation.plans import agree_plan, save_plan, write_plan
from portal.validation.runs import record_run
from portal.ventures.commands import (
    advise_venture,
    create_venture,
    endorse_venture,
    host_venture,
    propose_venture,
    review_venture,
    submit_venture,
)
from portal.visits.commands import open_registration, plan_visit
from portal.visits.registration import register_for_visit, register_group
from tests.factories import add_challenge, add_member, add_organisation, add_person
from tests.visits.world import form as visit_form

S, P, K = ChallengeStatus, ProposalStatus, ProposalSectionKey

PUBLIC, VERIFIED, NDA, SEALED = "公开之言", "验证后之言", "保密之言", "封存之言"
"""Words that tell a leak: each stands in a place of the world that some may read, followed by the place's name."""

KINDS = {
    Role.ENTERPRISE_MEMBER: OrganisationKind.ENTERPRISE,
    Role.ENTERPRISE_ADMIN: OrganisationKind.ENTERPRISE,
    Role.RESEARCHER: OrganisationKind.INSTITUTE,
    Role.INSTITUTE_ADMIN: OrganisationKind.INSTITUTE,
    Role.BROKER: OrganisationKind.AGENCY,
}
ROLES = [role for role in Role if role is not Role.CLOCK]
ANSWERED = (S.OPEN, S.SUSPENDED, S.CLOSED, S.EVALUATING, S.NEGOTIATING, S.AWARDED, S.VALIDATING, S.SOLVED, S.UNSOLVED)
OPENED = {
    S.EVALUATING: P.IN_EVALUATION,
    S.NEGOTIATING: P.SHORTLISTED,
    S.AWARDED: P.AWARDED,
    S.VALIDATING: P.CONTRACTED,
    S.SOLVED: P.CONTRACTED,
    S.UNSOLVED: P.CONTRACTED,
}
"""From the evaluation on the proposals are opened; the status that ours then has."""


@dataclass
class Place:
    """One challenge and the records that hang on it."""

    status: ChallengeStatus
    number: str
    records: dict[str, UUID] = field(default_factory=dict)
    """By the name of the parameter with which commands take them."""

    @property
    def name(self) -> str:
        return self.status.value

    @property
    def id(self) -> UUID:
        return self.records["challenge_id"]

    @property
    def is_opened(self) -> bool:
        return self.status in OPENED


@dataclass
class World:
    insiders: dict[Role, Actor]
    strangers: dict[Role, Actor]
    lead: Actor
    teammate: Actor
    team_broker: Actor
    """Insiders of the proposals alone: the broker of the challenges refines them and is on no team."""
    places: dict[ChallengeStatus, Place] = field(default_factory=dict)
    shared: dict[str, UUID] = field(default_factory=dict)

    def everybody(self) -> list[tuple[Role, str, Actor]]:
        """Role, place and person: inside the challenges, on the team alone, or a stranger of the same role."""
        found = [(role, "inside", actor) for role, actor in self.insiders.items()]
        found += [(Role.RESEARCHER, "team", self.teammate), (Role.BROKER, "team", self.team_broker)]
        # The district's roles belong to no organisation: nobody of them is a stranger.
        return found + [(role, "stranger", self.strangers[role]) for role in KINDS]


def make_world(session: Session) -> World:
    enterprise, institute, agency = (
        add_organisation(session, kind)
        for kind in (OrganisationKind.ENTERPRISE, OrganisationKind.INSTITUTE, OrganisationKind.AGENCY)
    )
    homes = {Role.RESEARCHER: institute, Role.INSTITUTE_ADMIN: institute, Role.BROKER: agency}
    insiders, strangers = {}, {}
    for role in ROLES:
        home = homes.get(role, enterprise) if role in KINDS else None
        insiders[role] = VISITOR if role is Role.VISITOR else add_member(session, role, home)
        away = add_organisation(session, KINDS[role]) if role in KINDS else None
        strangers[role] = VISITOR if role is Role.VISITOR else add_member(session, role, away)
    world = World(
        insiders,
        strangers,
        lead=insiders[Role.RESEARCHER],
        teammate=add_member(session, Role.RESEARCHER, institute),
        team_broker=add_member(session, Role.BROKER, agency),
    )
    for status in S:
        world.places[status] = _place(session, world, enterprise, status)
    _prove(session, world, world.places[S.VALIDATING], judge=False)
    for status in (S.SOLVED, S.UNSOLVED):
        _prove(session, world, world.places[status], judge=True)
    _land(session, world)
    _measure(session, world)
    _agree(session, world)
    _visit(session, world)
    _found_company(session, world)
    _share(session, world)
    _follow(session, world)
    session.flush()
    return world


def _place(session: Session, world: World, enterprise: Organisation, status: ChallengeStatus) -> Place:
    now = clock.now()
    challenge = add_challenge(
        session,
        enterprise,
        status=S.OPEN,
        title=f"课题之名{status.value}",
        broker_id=world.insiders[Role.BROKER].person_id,
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=5),
        submitted_at=None if status is S.DRAFT else now - timedelta(days=40),
        nda_mode=NdaMode.SELF_SERVICE,
    )
    place = Place(status, challenge.number, {"challenge_id": challenge.id})
    _write(session, world, place)
    if status in ANSWERED:
        _answer(session, world, place)
        _publish_addendum(session, world, place)
    challenge.status = status
    if status in OPENED or status in (S.CLOSED, S.NO_AWARD):
        challenge.closes_at = challenge.closed_at = now - timedelta(days=1)
    if status in OPENED:
        challenge.opened_at = now
        proposal = session.get_one(Proposal, place.records["proposal_id"])
        proposal.status = OPENED[status]
        session.flush()
        if status is not S.EVALUATING:
            _award(session, world, place)
    session.flush()
    return place


def _write(session: Session, world: World, place: Place) -> None:
    """Sections at the three levels, a metric, a criterion, questions, an addendum, an agreement."""
    now = clock.now()
    member, admin = world.insiders[Role.ENTERPRISE_MEMBER], world.insiders[Role.ENTERPRISE_ADMIN]
    levels = {
        SectionKey.PROBLEM: (Disclosure.PUBLIC, PUBLIC),
        SectionKey.TODAY: (Disclosure.VERIFIED, VERIFIED),
        SectionKey.CONFIDENTIAL: (Disclosure.NDA, NDA),
    }
    for key, (level, words) in levels.items():
        session.add(
            ChallengeSection(
                challenge_id=place.id,
                key=key,
                disclosure=level,
                content={"text": words + place.name},
                changed_at=now,
            )
        )
    metric = AcceptanceMetric(
        challenge_id=place.id, position=1, name="厚度", unit="μm", lower=Decimal(8), upper=Decimal(10)
    )
    criterion = RubricCriterion(challenge_id=place.id, position=1, name="方案", weight=100)
    nda = NdaVersion(challenge_id=place.id, number=1, text="协议", written_at=now)
    asked = {"challenge_id": place.id, "asked_by": world.lead.acting_person, "asked_at": now}
    waiting = Question(text="未答之问" + place.name, **asked)
    answered = Question(
        text="已答之问" + place.name, answer="答", answered_at=now, answered_by=member.person_id, **asked
    )
    addendum = Addendum(
        challenge_id=place.id,
        number=1,
        title="补充",
        text="未发补充" + place.name,
        prepared_by=admin.acting_person,
        prepared_at=now,
    )
    decision = Decision(
        kind=DecisionKind.EXTENSION,
        object_id=place.id,
        payload={"closes_at": (now + timedelta(days=20)).isoformat()},
        prepared_by=world.insiders[Role.OPERATOR].acting_person,
        prepared_at=now,
    )
    session.add_all([metric, criterion, nda])
    if place.status in ANSWERED:
        session.add_all([waiting, answered, addendum, decision])
    session.flush()
    place.records |= {
        "metric_id": metric.id,
        "criterion_id": criterion.id,
        "nda_version_id": nda.id,
    }
    if place.status in ANSWERED:
        place.records |= {
            "question_id": waiting.id,
            "answered_question_id": answered.id,
            "addendum_id": addendum.id,
            "decision_id": decision.id,
        }


def _answer(session: Session, world: World, place: Place) -> None:
    """A submitted proposal: sealed words, a file, a colleague and a broker on the team, a confirmed co-applicant."""
    challenge_id, lead = place.id, world.lead
    admin = world.insiders[Role.INSTITUTE_ADMIN]
    accept_nda(session, lead, challenge_id=challenge_id, nda_version_id=place.records["nda_version_id"])
    acceptance = select(NdaAcceptance.id).where(NdaAcceptance.challenge_id == challenge_id)
    proposal_id = draft_proposal(session, lead, challenge_id=challenge_id)
    for colleague in (world.teammate, world.team_broker):
        session.add(TeamMember(proposal_id=proposal_id, person_id=colleague.acting_person, added_at=clock.now()))
    session.flush()
    for key, content in _contents(place).items():
        save_section(session, lead, proposal_id=proposal_id, key=key, content=content)
    file_id = attach_file(session, lead, proposal_id=proposal_id, name="附件.csv", content="甲,乙\n1,2\n".encode())
    ask_clearance(session, lead, proposal_id=proposal_id)
    digest = cover_of(session, get_proposal(session, lead, proposal_id)).digest
    clear_proposal(session, admin, proposal_id=proposal_id, digest=digest)
    receipt = submit_proposal(session, lead, proposal_id=proposal_id)
    place.records |= {
        "proposal_id": proposal_id,
        "file_id": file_id,
        "submission_id": receipt.submission_id,
        "acceptance_id": session.scalars(acceptance).one(),
    }


def _publish_addendum(session: Session, world: World, place: Place) -> None:
    """A material one after the submission: the proposer has to acknowledge it."""
    now = clock.now()
    operator, admin = (world.insiders[role].acting_person for role in (Role.OPERATOR, Role.ENTERPRISE_ADMIN))
    said = {"title": "已发布", "text": "已发布", "is_material": True}
    written = {"prepared_by": admin, "prepared_at": now, "confirmed_by": operator, "published_at": now}
    addendum = Addendum(challenge_id=place.id, number=2, **said, **written)
    session.add(addendum)
    session.flush()
    place.records["published_addendum_id"] = addendum.id


def _contents(place: Place) -> dict[ProposalSectionKey, dict[str, Any]]:
    words = SEALED + place.name
    return {
        K.COVER: {"title": "封面之言" + place.name, "summary": words, "sum_fen": 123_456_700},
        K.PROMISES: {str(place.records["metric_id"]): "9.5"},
        K.APPROACH: {str(place.records["criterion_id"]): words},
        K.READINESS: {"now": 4, "after": 7, "note": words},
        K.ADVANTAGE: {"text": words},
        K.PLAN: {"text": words},
        K.TEAM: {"text": words},
        K.BUDGET: {"note": words},
    }


def _award(session: Session, world: World, place: Place) -> None:
    """The award and its terms; while they negotiate it is prepared only."""
    now, records = clock.now(), place.records
    operator, approver = (world.insiders[role].acting_person for role in (Role.OPERATOR, Role.APPROVER))
    both = {"challenge_id": place.id, "proposal_id": records["proposal_id"]}
    terms = Terms(number=1, sum_fen=100_000_000, text="约定", written_by=operator, written_at=now, **both)
    decision = Decision(kind=DecisionKind.AWARD, object_id=place.id, prepared_by=operator, prepared_at=now)
    session.add_all([terms, decision])
    session.flush()
    decision.payload = {"proposal_id": str(records["proposal_id"]), "terms_id": str(terms.id)}
    records |= {"terms_id": terms.id, "award_decision_id": decision.id}
    if place.status is S.NEGOTIATING:
        return
    decision.status, decision.decided_by, decision.decided_at = DecisionStatus.APPROVED, approver, now
    session.add(Award(terms_id=terms.id, decision_id=decision.id, sum_fen=100_000_000, awarded_at=now, **both))


def _prove(session: Session, world: World, place: Place, *, judge: bool) -> None:
    """A validation with one run, as far as the verdict if wanted; the challenge keeps the status it was given."""
    challenge, admin = session.get_one(Challenge, place.id), world.insiders[Role.ENTERPRISE_ADMIN]
    challenge.status = S.AWARDED
    session.flush()
    plan_id = write_plan(session, admin, challenge_id=place.id)
    today = clock.today()
    days = {"starts_on": today, "ends_on": today + timedelta(days=9)}
    save_plan(
        session,
        admin,
        plan_id=plan_id,
        version=None,
        sampling="每卷一片",
        decision_rule="",
        line="产线之名" + place.name,
        **days,
    )
    for actor in (admin, world.lead):
        agree_plan(session, actor, plan_id=plan_id, version=None)
    start_runs(session, admin, plan_id=plan_id, version=None)
    key = session.scalars(select(PlanCharacteristic.id).where(PlanCharacteristic.plan_id == plan_id)).one()
    member = world.insiders[Role.ENTERPRISE_MEMBER]
    values = {key: "9.0" if place.status is not S.UNSOLVED else "99"}
    run = {"stage": RunStage.PILOT, "ran_on": today, "values": values, "device": "设备之名" + place.name}
    record_run(session, member, plan_id=plan_id, version=None, **run)
    if judge:
        lock_data(session, admin, plan_id=plan_id, version=None)
        judge_validation(session, admin, plan_id=plan_id, version=None)
    challenge.status = place.status
    run_id = session.scalars(select(ValidationRun.id).where(ValidationRun.plan_id == plan_id)).one()
    place.records |= {"plan_id": plan_id, "run_id": run_id, "characteristic_id": key}
    session.flush()


def _land(session: Session, world: World) -> None:
    """A project from the solved challenge that is not published, and a published one without a challenge."""
    admin = world.insiders[Role.ENTERPRISE_ADMIN]
    common = {"category": LandingCategory.TECHNOLOGY, "lane": LandingLane.HEAVY, "town_code": "wuchang"}
    common |= {"since": clock.today(), "summary": "落地详情"}
    solved = world.places[S.SOLVED].id
    inner = create_landing(session, admin, title="落地详情", challenge_id=solved, **common)
    outer = create_landing(session, admin, title="公开项目", enterprise_id=admin.organisation_id, **common)
    publish_landing(session, admin, landing_id=outer, version=None, is_public=True, public_summary="落地摘要")
    step = {"stage": LandingStage.AGREEMENT_SIGNED, "happened_on": clock.today(), "evidence": "落地详情"}
    step["evidence_type"] = EvidenceType.INVESTMENT_AGREEMENT
    record_step(session, admin, landing_id=inner, version=None, **step)
    query = select(LandingStep.id).where(LandingStep.landing_id == inner, LandingStep.stage == step["stage"])
    step_id = session.scalars(query).one()
    world.shared |= {"landing_id": inner, "public_landing_id": outer, "step_id": step_id}
    _claim(session, world, inner)
    for name in ("talk_id", "held_talk_id"):
        world.shared[name] = _lose(
            session, world, create_landing(session, admin, title="落地详情", challenge_id=solved, **common)
        )
    approver, operator = (world.insiders[role] for role in (Role.APPROVER, Role.OPERATOR))
    held = {"held_on": clock.today(), "notes": "谈话之言", "people": [operator.acting_person]}
    hold_talk(session, approver, talk_id=world.shared["held_talk_id"], version=None, **held)


def _claim(session: Session, world: World, landing_id: UUID) -> None:
    """The project is said to be a first, to be owed to another source, and shares are prepared."""
    admin, operator = world.insiders[Role.ENTERPRISE_ADMIN], world.insiders[Role.OPERATOR]
    world.shared["first_id"] = claim_first(
        session, admin, landing_id=landing_id, level=FirstLevel.NATIONAL, evidence="落地详情"
    )
    claim = {"kind": SourceKind.VISIT, "words": "落地详情", "share": "40", "reason": "落地详情"}
    claim_source(session, admin, landing_id=landing_id, **claim)
    shares = [Share(SourceKind.VISIT, None, "落地详情", 4000), Share(SourceKind.DIRECT, None, "", 6000)]
    world.shared["share_decision_id"] = prepare_shares(
        session, operator, landing_id=landing_id, version=None, shares=shares, reason="落地详情"
    )


def _lose(session: Session, world: World, landing_id: UUID) -> UUID:
    end_landing(
        session,
        world.insiders[Role.OPERATOR],
        landing_id=landing_id,
        version=None,
        end=LandingStage.LOST,
        reason="落地详情",
        cause=LossCause.FINANCING,
        lesson="落地详情",
    )
    return session.scalars(select(SupportTalk.id).where(SupportTalk.landing_id == landing_id)).one()


def _measure(session: Session, world: World) -> None:
    """Half a year of frozen months, one edition in force and one that waits."""
    operator, approver = (world.insiders[role] for role in (Role.OPERATOR, Role.APPROVER))
    last = Month.before_this()
    session.add_all(Snapshot(month=last.shift(-back).first, frozen_at=clock.now()) for back in range(LEAST_MONTHS))
    session.flush()
    base = {"base_from": last.shift(1 - LEAST_MONTHS).first, "base_until": last.first}
    publish_edition(session, approver, edition_id=prepare_edition(session, operator, **base), version=None)
    world.shared["edition_id"] = prepare_edition(session, operator, **base)


def _follow(session: Session, world: World) -> None:
    """A person with posts at both parties, one who may be shown for matching, and one with a public card."""
    operator, today = world.insiders[Role.OPERATOR], clock.today()
    common = {"field": TalentField.MATERIALS, "channel": TalentChannel.FAIR, "reached_on": today, "source": "名单"}
    homes = [world.insiders[role].organisation_id for role in (Role.ENTERPRISE_ADMIN, Role.INSTITUTE_ADMIN)]
    post = {"post": "工程师", "employer_id": homes[0]}
    whole = register_talent(session, operator, name="众人不见", consent=True, phone="13800000000", **common, **post)
    beside = {"post": "兼职研究员", "employer_id": homes[1], "since": today}
    record_post(session, operator, talent_id=whole, version=None, **beside)
    query = select(TalentPost.id).where(TalentPost.talent_id == whole, ~TalentPost.is_main)
    consented = register_talent(session, operator, name="对接之人", consent=True, **common)
    give_consent(session, operator, talent_id=consented, use=ConsentUse.MATCHING)
    public = register_talent(session, operator, name="名片之人", consent=True, **common)
    give_consent(session, operator, talent_id=public, use=ConsentUse.PUBLIC_CARD)
    world.shared |= {
        "talent_id": whole,
        "consented_talent_id": consented,
        "public_talent_id": public,
        "post_id": session.scalars(query).one(),
    }


def _agree(session: Session, world: World) -> None:
    """A draft that nobody has signed, and an agreement in force; the insiders' organisations are parties of both."""
    operator, institute = world.insiders[Role.OPERATOR], world.insiders[Role.INSTITUTE_ADMIN]
    enterprise, broker = world.insiders[Role.ENTERPRISE_ADMIN], world.insiders[Role.BROKER]
    office = add_organisation(session, OrganisationKind.GOVERNMENT)
    today = clock.today()
    made = []
    for _number in range(2):
        agreement_id = create_agreement(
            session,
            operator,
            title="协议之名",
            summary="协议详情",
            part=AgreementPart.BODY,
            fields=[CooperationField.TALENT],
            office_id=office.id,
            institutes=[institute.organisation_id],
            others=[enterprise.organisation_id, broker.organisation_id],
            starts_on=today,
            ends_on=today + timedelta(days=700),
            institute_group="主席之名，校长",
        )
        promise = {"text": "承诺之言", "field": CooperationField.TALENT, "measure": "人数"}
        promise |= {"owner_id": enterprise.organisation_id, "responsible": "", "due_on": today}
        made.append((agreement_id, add_commitment(session, operator, agreement_id=agreement_id, **promise)))
    (draft, _planned), (running, commitment) = made
    for actor in (institute, enterprise, world.insiders[Role.APPROVER]):
        sign_agreement(session, actor, agreement_id=running, version=None)
    turn_agreements(session)
    said = {"status": CommitmentStatus.AT_RISK, "happened_on": today, "words": "承诺之言"}
    report_commitment(session, enterprise, commitment_id=commitment, version=None, **said)
    world.shared |= {"agreement_id": draft, "running_agreement_id": running, "commitment_id": commitment}
    world.shared |= {
        "owner_id": enterprise.organisation_id,
        "office_id": office.id,
        "institute_id": institute.organisation_id,
    }


def _visit(session: Session, world: World) -> None:
    """One that is announced, with a group and somebody who came by themselves, and one that is being planned."""
    admin, partner = world.insiders[Role.ENTERPRISE_ADMIN], world.insiders[Role.INSTITUTE_ADMIN]
    broker = world.insiders[Role.BROKER].person_id
    ids = {}
    for name, title in (("visit_id", "公开之访"), ("planned_visit_id", "未定之访")):
        form = visit_form(title=title, capacity=20, partner_id=partner.organisation_id, broker_id=broker)
        ids[name] = plan_visit(session, world.insiders[Role.OPERATOR], form=form, organiser_id=admin.organisation_id)
    open_registration(session, admin, visit_id=ids["visit_id"], version=None)
    register_group(session, partner, visit_id=ids["visit_id"], rows="随团之人,示例大学,材料,13700001234", consent=True)
    participant_id = register_for_visit(session, world.lead, visit_id=ids["visit_id"], consent=True)
    world.shared |= ids | {"participant_id": participant_id}


def _found_company(session: Session, world: World) -> None:
    """An application of the lead that is not submitted, one that is, and one in its public notice."""
    operator, expert = world.insiders[Role.OPERATOR], world.insiders[Role.EXPERT]
    experts = [expert, *(add_member(session, Role.EXPERT) for _number in range(2))]
    parties = {
        "enterprise_id": world.insiders[Role.ENTERPRISE_ADMIN].organisation_id,
        "agency_id": world.insiders[Role.BROKER].organisation_id,
    }
    names = {"draft_venture_id": "未交之案", "venture_id": "已交之案", "noticed_venture_id": "公示之案"}
    for name, words in names.items():
        target = create_venture(session, world.lead, title=words, summary=words, plan=words, **parties)
        world.shared[name] = target
        ids = {"venture_id": target, "version": None}
        if name != "draft_venture_id":
            endorse_venture(session, world.insiders[Role.INSTITUTE_ADMIN], **ids)
            host_venture(session, world.insiders[Role.ENTERPRISE_ADMIN], **ids)
            submit_venture(session, world.lead, **ids)
            review_venture(session, operator, experts=[one.acting_person for one in experts], **ids)
        if name == "noticed_venture_id":
            for one in experts:
                advise_venture(session, one, advice=VentureAdvice.FOR, words=words, **ids)
            propose_venture(session, operator, **ids)
    task = VentureTask(
        venture_id=world.shared["venture_id"],
        phase=VenturePhase.ATTRACT,
        party=VentureParty.INSTITUTE,
        text="任务",
        due_on=clock.today(),
        words="",
        created_at=clock.now(),
    )
    session.add(task)
    session.flush()
    world.shared |= {"task_id": task.id, "agency_id": parties["agency_id"]}


def _share(session: Session, world: World) -> None:
    """Records that belong to no challenge."""
    applicant = add_organisation(
        session, status=OrganisationStatus.APPLIED, contact_email="applicant@example.org", name="申请中的机构"
    )
    home = world.insiders[Role.ENTERPRISE_ADMIN]
    colleague = add_member(session, Role.ENTERPRISE_MEMBER, session.get_one(Organisation, home.organisation_id))
    notice = Notification(
        person_id=home.acting_person, message="Hello", created_at=clock.now(), dedupe_key="matrix:hello"
    )
    person = add_person(session)
    proposed = Membership(
        person_id=person.id,
        role=Role.LEADER,
        status=MembershipStatus.PROPOSED,
        granted_by=world.lead.person_id,
        created_at=clock.now(),
    )
    session.add_all([notice, proposed])
    session.flush()
    world.shared |= {
        "organisation_id": applicant.id,
        "membership_id": colleague.membership_id,
        "proposed_membership_id": proposed.id,
        "person_id": person.id,
        "notification_id": notice.id,
    }
