"""Who may do what: one table of data. Pages, commands, routes and tests all ask it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from db.models import OrganisationKind, Role
from portal.errors import Forbidden, NotSignedIn

__all__ = ["GRANTS", "Action", "Actor", "Grant", "Role", "Side", "authorize", "can"]


class Side(StrEnum):
    """How an actor stands to a record; `portal.<feature>.rules` says which sides somebody is on."""

    ANY = "any"
    ENTERPRISE = "enterprise"  # acts for the enterprise that set the challenge
    INSTITUTE = "institute"  # acts for the institute that proposes
    OWN = "own"  # acts for the organisation the record belongs to
    LEAD = "lead"  # is the principal investigator
    TEAM = "team"  # is on the proposal's team
    CO_APPLICANT = "co_applicant"  # acts for an invited co-applicant
    ASSIGNED = "assigned"  # is the broker named for it
    SELF = "self"


class Action(StrEnum):
    """Every act of a user or of the clock, by the verb of its command."""

    # accounts
    SIGN_IN = "sign_in"
    REFUSE_SIGN_IN = "refuse_sign_in"
    SIGN_OUT = "sign_out"
    ACCEPT_INVITATION = "accept_invitation"
    REQUEST_PASSWORD_RESET = "request_password_reset"  # noqa: S105
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_PASSWORD = "change_password"  # noqa: S105
    SWITCH_MEMBERSHIP = "switch_membership"
    UPDATE_PROFILE = "update_profile"
    ENABLE_PERSON = "enable_person"
    REFUSE_OFFICIAL_ROLE = "refuse_official_role"
    # organisations
    APPLY_FOR_ORGANISATION = "apply_for_organisation"
    VERIFY_ORGANISATION = "verify_organisation"
    REJECT_ORGANISATION = "reject_organisation"
    DISABLE_ORGANISATION = "disable_organisation"
    ENABLE_ORGANISATION = "enable_organisation"
    INVITE_MEMBER = "invite_member"
    DISABLE_MEMBER = "disable_member"
    INVITE_BROKER = "invite_broker"
    PROPOSE_OFFICIAL_ROLE = "propose_official_role"
    DECIDE_OFFICIAL_ROLE = "decide_official_role"
    DISABLE_PERSON = "disable_person"
    CHANGE_SETTING = "change_setting"
    # challenges
    DRAFT_CHALLENGE = "draft_challenge"
    EDIT_CHALLENGE = "edit_challenge"
    SUBMIT_CHALLENGE = "submit_challenge"
    TAKE_CHALLENGE = "take_challenge"
    CHECK_CONFIDENTIALITY = "check_confidentiality"
    RETURN_CHALLENGE = "return_challenge"
    APPROVE_CHALLENGE = "approve_challenge"
    REJECT_CHALLENGE = "reject_challenge"
    PUBLISH_CHALLENGE = "publish_challenge"
    PREPARE_ADDENDUM = "prepare_addendum"
    CONFIRM_ADDENDUM = "confirm_addendum"
    PREPARE_EXTENSION = "prepare_extension"
    DECIDE_EXTENSION = "decide_extension"
    SUSPEND_CHALLENGE = "suspend_challenge"
    RESUME_CHALLENGE = "resume_challenge"
    CLOSE_CHALLENGE = "close_challenge"
    OPEN_PROPOSALS = "open_proposals"
    EVALUATE_CHALLENGE = "evaluate_challenge"
    DECLARE_NO_AWARD = "declare_no_award"
    SHORTLIST_CHALLENGE = "shortlist_challenge"
    FALL_THROUGH = "fall_through"
    AWARD_CHALLENGE = "award_challenge"
    START_VALIDATION = "start_validation"
    SOLVE_CHALLENGE = "solve_challenge"
    FAIL_CHALLENGE = "fail_challenge"
    REWORK_CHALLENGE = "rework_challenge"
    WITHDRAW_CHALLENGE = "withdraw_challenge"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    HIDE_QUESTION = "hide_question"
    WRITE_NDA = "write_nda"
    ACCEPT_NDA = "accept_nda"
    GRANT_NDA = "grant_nda"
    REVOKE_NDA = "revoke_nda"
    READ_CONFIDENTIAL = "read_confidential"
    IMPORT_CHALLENGES = "import_challenges"
    UNDO_IMPORT = "undo_import"
    # proposals
    DRAFT_PROPOSAL = "draft_proposal"
    EDIT_PROPOSAL = "edit_proposal"
    INVITE_CO_APPLICANT = "invite_co_applicant"
    ANSWER_CO_APPLICATION = "answer_co_application"
    ASK_CLEARANCE = "ask_clearance"
    CLEAR_PROPOSAL = "clear_proposal"
    RETURN_PROPOSAL = "return_proposal"
    SUBMIT_PROPOSAL = "submit_proposal"
    REPLACE_PROPOSAL = "replace_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    ACKNOWLEDGE_ADDENDUM = "acknowledge_addendum"
    HAND_OVER_PROPOSAL = "hand_over_proposal"
    READ_PROPOSAL = "read_proposal"
    # evaluation and award
    ACCEPT_ELIGIBLE = "accept_eligible"
    DECLARE_INELIGIBLE = "declare_ineligible"
    REINSTATE_PROPOSAL = "reinstate_proposal"
    EVALUATE_PROPOSAL = "evaluate_proposal"
    RECORD_RANKING = "record_ranking"
    AGREE_RANKING = "agree_ranking"
    SHORTLIST_PROPOSAL = "shortlist_proposal"
    RESERVE_PROPOSAL = "reserve_proposal"
    REJECT_PROPOSAL = "reject_proposal"
    DECLINE_AWARD = "decline_award"
    AWARD_PROPOSAL = "award_proposal"
    SIGN_CONTRACT = "sign_contract"
    WRITE_TERMS = "write_terms"
    ACCEPT_TERMS = "accept_terms"
    PREPARE_REPLY = "prepare_reply"
    PREPARE_AWARD = "prepare_award"
    DECIDE_AWARD = "decide_award"
    # validation
    WRITE_PLAN = "write_plan"
    AGREE_PLAN = "agree_plan"
    START_RUNS = "start_runs"
    RECORD_RUN = "record_run"
    CORRECT_MEASUREMENT = "correct_measurement"
    EXCLUDE_RUN = "exclude_run"
    LOCK_DATA = "lock_data"
    JUDGE_VALIDATION = "judge_validation"
    CLOSE_ACTIONS = "close_actions"
    SIGN_OFF = "sign_off"
    ABORT_VALIDATION = "abort_validation"
    # landings
    CREATE_LANDING = "create_landing"
    EDIT_LANDING = "edit_landing"
    RECORD_STEP = "record_step"
    VERIFY_STEP = "verify_step"
    RECORD_FIGURE = "record_figure"
    FLAG_LANDING = "flag_landing"
    END_LANDING = "end_landing"
    PLAN_STAGES = "plan_stages"
    CLAIM_FIRST = "claim_first"
    VERIFY_FIRST = "verify_first"
    REFUSE_FIRST = "refuse_first"
    CLAIM_SOURCE = "claim_source"
    PREPARE_SHARES = "prepare_shares"
    DECIDE_SHARES = "decide_shares"
    HOLD_TALK = "hold_talk"
    CLOSE_TALK = "close_talk"
    # talents
    REGISTER_TALENT = "register_talent"
    EDIT_TALENT = "edit_talent"
    CLASSIFY_TALENT = "classify_talent"
    RECORD_POST = "record_post"
    RECORD_TALENT_STEP = "record_talent_step"
    TAKE_BACK_TALENT_STEP = "take_back_talent_step"
    GIVE_CONSENT = "give_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    SELECT_FOR_POOL = "select_for_pool"
    NOTE_GROWTH = "note_growth"
    LEAVE_POOL = "leave_pool"
    OPEN_TALENT = "open_talent"
    EXPORT_TALENTS = "export_talents"
    DELETE_TALENT = "delete_talent"
    READ_TALENT_FIGURES = "read_talent_figures"
    # agreements
    CREATE_AGREEMENT = "create_agreement"
    EDIT_AGREEMENT = "edit_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    START_AGREEMENT = "start_agreement"
    CALL_REVIEW = "call_review"
    PREPARE_RENEWAL = "prepare_renewal"
    RENEW_AGREEMENT = "renew_agreement"
    EXPIRE_AGREEMENT = "expire_agreement"
    ABANDON_AGREEMENT = "abandon_agreement"
    TERMINATE_AGREEMENT = "terminate_agreement"
    ADD_COMMITMENT = "add_commitment"
    EDIT_COMMITMENT = "edit_commitment"
    REPORT_COMMITMENT = "report_commitment"
    DROP_COMMITMENT = "drop_commitment"
    REMIND_OWNER = "remind_owner"
    # visits
    PLAN_VISIT = "plan_visit"
    EDIT_VISIT = "edit_visit"
    OPEN_REGISTRATION = "open_registration"
    HOLD_VISIT = "hold_visit"
    DEBRIEF_VISIT = "debrief_visit"
    CANCEL_VISIT = "cancel_visit"
    REGISTER_FOR_VISIT = "register_for_visit"
    REGISTER_GROUP = "register_group"
    CANCEL_REGISTRATION = "cancel_registration"
    CHANGE_CONSENT = "change_consent"
    MOVE_UP = "move_up"
    CHECK_IN = "check_in"
    TICK_OFF = "tick_off"
    MARK_ABSENT = "mark_absent"
    RECORD_CONTACT = "record_contact"
    RECORD_OUTCOME = "record_outcome"
    GIVE_FEEDBACK = "give_feedback"
    PURGE_VISIT = "purge_visit"
    # ventures
    CREATE_VENTURE = "create_venture"
    EDIT_VENTURE = "edit_venture"
    ENDORSE_VENTURE = "endorse_venture"
    HOST_VENTURE = "host_venture"
    SUBMIT_VENTURE = "submit_venture"
    RETURN_VENTURE = "return_venture"
    REVIEW_VENTURE = "review_venture"
    ADVISE_VENTURE = "advise_venture"
    PROPOSE_VENTURE = "propose_venture"
    DECLINE_VENTURE = "decline_venture"
    OBJECT_TO_VENTURE = "object_to_venture"
    UPHOLD_OBJECTION = "uphold_objection"
    DISMISS_OBJECTION = "dismiss_objection"
    APPROVE_VENTURE = "approve_venture"
    EXIT_VENTURE = "exit_venture"
    TERMINATE_VENTURE = "terminate_venture"
    START_VENTURE = "start_venture"
    COMPLETE_VENTURE = "complete_venture"
    MOVE_PHASE = "move_phase"
    ADD_TASK = "add_task"
    FINISH_TASK = "finish_task"
    # looking at the whole
    READ_COCKPIT = "read_cockpit"
    FREEZE_MONTH = "freeze_month"
    PREPARE_EDITION = "prepare_edition"
    PUBLISH_EDITION = "publish_edition"
    DISCARD_EDITION = "discard_edition"
    READ_AUDIT_TRAIL = "read_audit_trail"


@dataclass(frozen=True)
class Grant:
    """A role may act from one side of the record."""

    role: Role
    side: Side = Side.ANY


@dataclass(frozen=True)
class Actor:
    """Who acts, wearing which hat; read afresh from the database at the start of every run."""

    role: Role
    person_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_kind: OrganisationKind | None = None
    organisation_verified: bool = False
    name: str = ""
    organisation_name: str = ""
    language: str = "zh_CN"
    is_demo: bool = False

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_official(self) -> bool:
        return self.role in OFFICIAL_ROLES

    @property
    def acting_person(self) -> UUID:
        """The person's id. Raises: NotSignedIn."""
        if self.person_id is None:
            raise NotSignedIn
        return self.person_id


VISITOR = Actor(Role.VISITOR)
CLOCK = Actor(Role.CLOCK)

OFFICIAL_ROLES = frozenset(
    {
        Role.OPERATOR,
        Role.APPROVER,
        Role.LEADER,
        Role.AUDITOR,
        Role.PLATFORM_ADMIN,
        Role.EXPERT,
        Role.STEWARD,
        Role.LEAD_STEWARD,
    }
)
"""Given by the district, by two people; the rest are given by an organisation."""

ORGANISATION_ADMINS = frozenset({Role.ENTERPRISE_ADMIN, Role.INSTITUTE_ADMIN})
PROPOSERS = frozenset({Role.RESEARCHER, Role.INSTITUTE_ADMIN})

_enterprise_admin = Grant(Role.ENTERPRISE_ADMIN, Side.ENTERPRISE)
_enterprise_member = Grant(Role.ENTERPRISE_MEMBER, Side.ENTERPRISE)
_enterprise = (_enterprise_admin, _enterprise_member)
_institute_admin = Grant(Role.INSTITUTE_ADMIN, Side.INSTITUTE)
_lead = Grant(Role.RESEARCHER, Side.LEAD)
_team = (Grant(Role.RESEARCHER, Side.TEAM), Grant(Role.BROKER, Side.TEAM))
_operator = Grant(Role.OPERATOR)
_approver = Grant(Role.APPROVER)
_clock = Grant(Role.CLOCK)
_platform_admin = Grant(Role.PLATFORM_ADMIN)
_broker = Grant(Role.BROKER, Side.ASSIGNED)
_own_admins = (Grant(Role.ENTERPRISE_ADMIN, Side.OWN), Grant(Role.INSTITUTE_ADMIN, Side.OWN))
_landing_parties = (
    *_own_admins,
    Grant(Role.ENTERPRISE_MEMBER, Side.OWN),
    _operator,
)

# What is kept about a person is the person's own, whichever hat is worn.
_talent_self = tuple(Grant(role, Side.SELF) for role in Role if role not in (Role.VISITOR, Role.CLOCK))

_anybody = tuple(Grant(role) for role in Role if role is not Role.CLOCK)
# Who takes part in a visit does so as a person, whatever hat is worn on the day.
_visit_guest = tuple(Grant(role, Side.SELF) for role in Role if role not in (Role.CLOCK, Role.VISITOR))
_ticket_holder = Grant(Role.VISITOR, Side.SELF)
_visit_organisers = (*_own_admins, _operator)

GRANTS: dict[Action, tuple[Grant, ...]] = {
    Action.SIGN_IN: _anybody,
    Action.REFUSE_SIGN_IN: _anybody,
    Action.SIGN_OUT: _anybody,
    Action.ACCEPT_INVITATION: _anybody,
    Action.REQUEST_PASSWORD_RESET: _anybody,
    Action.RESET_PASSWORD: _anybody,
    Action.CHANGE_PASSWORD: _anybody,
    Action.SWITCH_MEMBERSHIP: _anybody,
    Action.UPDATE_PROFILE: _anybody,
    Action.ENABLE_PERSON: (_platform_admin,),
    Action.REFUSE_OFFICIAL_ROLE: (_platform_admin,),
    Action.APPLY_FOR_ORGANISATION: _anybody,
    Action.VERIFY_ORGANISATION: (_operator,),
    Action.REJECT_ORGANISATION: (_operator,),
    Action.DISABLE_ORGANISATION: (_operator, _platform_admin),
    Action.ENABLE_ORGANISATION: (_operator, _platform_admin),
    Action.INVITE_MEMBER: _own_admins,
    Action.DISABLE_MEMBER: (*_own_admins, _platform_admin),
    Action.INVITE_BROKER: (_operator,),
    Action.PROPOSE_OFFICIAL_ROLE: (_platform_admin,),
    Action.DECIDE_OFFICIAL_ROLE: (_platform_admin,),
    Action.DISABLE_PERSON: (_platform_admin,),
    Action.CHANGE_SETTING: (_platform_admin,),
    Action.DRAFT_CHALLENGE: (Grant(Role.ENTERPRISE_ADMIN), Grant(Role.ENTERPRISE_MEMBER)),
    Action.EDIT_CHALLENGE: _enterprise,
    Action.SUBMIT_CHALLENGE: (_enterprise_admin,),
    Action.TAKE_CHALLENGE: (_operator, Grant(Role.BROKER)),
    Action.CHECK_CONFIDENTIALITY: (_operator, _broker),
    Action.RETURN_CHALLENGE: (_operator, _broker),
    Action.APPROVE_CHALLENGE: (_approver,),
    Action.REJECT_CHALLENGE: (_approver,),
    Action.PUBLISH_CHALLENGE: (_operator, _clock),
    Action.PREPARE_ADDENDUM: (_enterprise_admin, _operator),
    Action.CONFIRM_ADDENDUM: (_enterprise_admin, _operator),
    Action.PREPARE_EXTENSION: (_operator,),
    Action.DECIDE_EXTENSION: (_approver,),
    Action.SUSPEND_CHALLENGE: (_approver,),
    Action.RESUME_CHALLENGE: (_approver,),
    Action.CLOSE_CHALLENGE: (_clock,),
    Action.OPEN_PROPOSALS: (_enterprise_admin, _operator),
    Action.EVALUATE_CHALLENGE: (_operator,),
    Action.DECLARE_NO_AWARD: (_approver,),
    Action.SHORTLIST_CHALLENGE: (_operator,),
    Action.FALL_THROUGH: (_operator,),
    Action.AWARD_CHALLENGE: (_approver,),
    Action.START_VALIDATION: (_enterprise_admin, _lead),
    Action.SOLVE_CHALLENGE: (_enterprise_admin, _lead, _operator),
    Action.FAIL_CHALLENGE: (_enterprise_admin, _lead, _operator),
    Action.REWORK_CHALLENGE: (_enterprise_admin, _lead, _operator),
    Action.WITHDRAW_CHALLENGE: (_enterprise_admin,),
    Action.ASK_QUESTION: (Grant(Role.RESEARCHER), Grant(Role.INSTITUTE_ADMIN)),
    Action.ANSWER_QUESTION: _enterprise,
    Action.HIDE_QUESTION: (_operator, _broker),
    Action.WRITE_NDA: (_enterprise_admin,),
    Action.ACCEPT_NDA: (Grant(Role.RESEARCHER), Grant(Role.INSTITUTE_ADMIN)),
    Action.GRANT_NDA: (_enterprise_admin,),
    Action.REVOKE_NDA: (_enterprise_admin,),
    Action.READ_CONFIDENTIAL: (
        *_enterprise,
        _broker,
        _operator,
        _approver,
        Grant(Role.RESEARCHER),
        Grant(Role.INSTITUTE_ADMIN),
    ),
    Action.IMPORT_CHALLENGES: (_operator,),
    Action.UNDO_IMPORT: (_operator,),
    Action.DRAFT_PROPOSAL: (Grant(Role.RESEARCHER),),
    Action.EDIT_PROPOSAL: _team,
    Action.INVITE_CO_APPLICANT: (_lead,),
    Action.ANSWER_CO_APPLICATION: (
        Grant(Role.INSTITUTE_ADMIN, Side.CO_APPLICANT),
        Grant(Role.ENTERPRISE_ADMIN, Side.CO_APPLICANT),
    ),
    Action.ASK_CLEARANCE: (_lead,),
    Action.CLEAR_PROPOSAL: (_institute_admin,),
    Action.RETURN_PROPOSAL: (_institute_admin,),
    Action.SUBMIT_PROPOSAL: (_lead,),
    Action.REPLACE_PROPOSAL: (_lead,),
    Action.WITHDRAW_PROPOSAL: (_lead,),
    Action.ACKNOWLEDGE_ADDENDUM: (_lead,),
    Action.HAND_OVER_PROPOSAL: (_lead, _institute_admin),
    # The team reads its own; everybody else after the opening alone, and each reading is recorded.
    Action.READ_PROPOSAL: (*_team, _institute_admin, _enterprise_admin, _operator, _approver, Grant(Role.AUDITOR)),
    Action.ACCEPT_ELIGIBLE: (_operator,),
    Action.DECLARE_INELIGIBLE: (_operator,),
    Action.REINSTATE_PROPOSAL: (_operator,),
    Action.EVALUATE_PROPOSAL: (_operator,),
    Action.RECORD_RANKING: (_operator, _enterprise_admin),
    Action.AGREE_RANKING: (_operator, _enterprise_admin),
    Action.SHORTLIST_PROPOSAL: (_operator,),
    Action.RESERVE_PROPOSAL: (_operator,),
    # With the end of its challenge: an award, a fall-through, no award, a withdrawal (before the opening by the clock).
    Action.REJECT_PROPOSAL: (_operator, _approver, _enterprise_admin, _clock),
    Action.DECLINE_AWARD: (_lead,),
    Action.AWARD_PROPOSAL: (_approver,),
    Action.SIGN_CONTRACT: (_enterprise_admin, _lead),
    Action.WRITE_TERMS: (_operator, _enterprise_admin),
    Action.ACCEPT_TERMS: (_enterprise_admin, _lead),
    Action.PREPARE_REPLY: (_operator, _enterprise_admin),
    Action.PREPARE_AWARD: (_operator,),
    Action.DECIDE_AWARD: (_approver,),
    Action.WRITE_PLAN: (*_enterprise, _lead),
    Action.AGREE_PLAN: (_enterprise_admin, _lead),
    Action.START_RUNS: (_enterprise_admin, _lead),
    Action.RECORD_RUN: _enterprise,
    Action.CORRECT_MEASUREMENT: _enterprise,
    Action.EXCLUDE_RUN: _enterprise,
    Action.LOCK_DATA: (_enterprise_admin,),
    Action.JUDGE_VALIDATION: (_enterprise_admin,),
    Action.CLOSE_ACTIONS: (_enterprise_admin,),
    Action.SIGN_OFF: (_enterprise_admin, _lead, _operator),
    Action.ABORT_VALIDATION: (_enterprise_admin,),
    Action.CREATE_LANDING: (
        Grant(Role.ENTERPRISE_ADMIN),
        Grant(Role.ENTERPRISE_MEMBER),
        Grant(Role.INSTITUTE_ADMIN),
        _operator,
    ),
    Action.EDIT_LANDING: _landing_parties,
    Action.RECORD_STEP: _landing_parties,
    Action.VERIFY_STEP: (_operator,),
    Action.RECORD_FIGURE: _landing_parties,
    Action.FLAG_LANDING: (_operator, _clock),
    Action.END_LANDING: (_operator, _approver),
    Action.PLAN_STAGES: _landing_parties,
    Action.CLAIM_FIRST: _landing_parties,
    Action.VERIFY_FIRST: (_operator,),
    Action.REFUSE_FIRST: (_operator,),
    Action.CLAIM_SOURCE: _landing_parties,
    # To whom a project is owed is decided by two people: an operator prepares, an approver decides.
    Action.PREPARE_SHARES: (_operator,),
    Action.DECIDE_SHARES: (_approver,),
    # The operators' lead talks with those who carried a project that is lost; whoever held the talk closes it.
    Action.HOLD_TALK: (_approver,),
    Action.CLOSE_TALK: (Grant(Role.APPROVER, Side.SELF),),
    Action.REGISTER_TALENT: (_operator, Grant(Role.ENTERPRISE_ADMIN), Grant(Role.INSTITUTE_ADMIN)),
    Action.EDIT_TALENT: (_operator, *_talent_self),
    Action.CLASSIFY_TALENT: (_operator,),
    Action.RECORD_POST: (_operator, *_own_admins),
    Action.RECORD_TALENT_STEP: (_operator, *_own_admins),
    Action.TAKE_BACK_TALENT_STEP: (_operator,),
    Action.GIVE_CONSENT: (_operator, *_talent_self),
    Action.WITHDRAW_CONSENT: (_operator, *_talent_self),
    Action.SELECT_FOR_POOL: (_operator,),
    Action.NOTE_GROWTH: (_operator,),
    Action.LEAVE_POOL: (_operator,),
    Action.OPEN_TALENT: (_operator, _approver, Grant(Role.AUDITOR)),
    Action.EXPORT_TALENTS: (_operator,),
    Action.DELETE_TALENT: (_operator, *_talent_self),
    Action.READ_TALENT_FIGURES: (Grant(Role.LEADER), _operator, _approver, Grant(Role.AUDITOR)),
    # agreements: the operator writes, the approver signs for the district, each party's admin for the party
    Action.CREATE_AGREEMENT: (_operator,),
    Action.EDIT_AGREEMENT: (_operator,),
    Action.SIGN_AGREEMENT: (_approver, *_own_admins),
    Action.START_AGREEMENT: (_clock,),
    Action.CALL_REVIEW: (_clock,),
    Action.PREPARE_RENEWAL: (_operator,),
    # With the last signature under its successor.
    Action.RENEW_AGREEMENT: (_approver, *_own_admins),
    Action.EXPIRE_AGREEMENT: (_clock,),
    Action.ABANDON_AGREEMENT: (_operator,),
    Action.TERMINATE_AGREEMENT: (_approver,),
    Action.ADD_COMMITMENT: (_operator,),
    Action.EDIT_COMMITMENT: (_operator,),
    Action.REPORT_COMMITMENT: (_operator, *_own_admins),
    Action.DROP_COMMITMENT: (_operator, _approver),
    Action.REMIND_OWNER: (_clock,),
    # visits
    Action.PLAN_VISIT: (Grant(Role.ENTERPRISE_ADMIN), Grant(Role.INSTITUTE_ADMIN), _operator),
    Action.EDIT_VISIT: (*_visit_organisers, _broker),
    Action.OPEN_REGISTRATION: _visit_organisers,
    Action.HOLD_VISIT: (*_visit_organisers, _clock),
    Action.DEBRIEF_VISIT: (*_visit_organisers, _broker),
    Action.CANCEL_VISIT: _visit_organisers,
    Action.REGISTER_FOR_VISIT: (
        Grant(Role.RESEARCHER),
        Grant(Role.ENTERPRISE_MEMBER),
        Grant(Role.INSTITUTE_ADMIN),
    ),
    Action.REGISTER_GROUP: (Grant(Role.INSTITUTE_ADMIN),),
    Action.CANCEL_REGISTRATION: (*_visit_guest, *_visit_organisers, _institute_admin),
    Action.CHANGE_CONSENT: (*_visit_guest, _institute_admin),
    Action.MOVE_UP: (_clock,),
    Action.CHECK_IN: (*_visit_guest, _ticket_holder),
    Action.TICK_OFF: _visit_organisers,
    Action.MARK_ABSENT: (_clock,),
    Action.RECORD_CONTACT: _visit_organisers,
    Action.RECORD_OUTCOME: _visit_organisers,
    Action.GIVE_FEEDBACK: (*_visit_guest, _ticket_holder),
    Action.PURGE_VISIT: (_clock,),
    # ventures: three signatures, then the district checks and decides
    Action.CREATE_VENTURE: (Grant(Role.RESEARCHER),),
    Action.EDIT_VENTURE: (Grant(Role.RESEARCHER, Side.SELF),),
    Action.ENDORSE_VENTURE: (_institute_admin,),
    Action.HOST_VENTURE: (_enterprise_admin,),
    Action.SUBMIT_VENTURE: (Grant(Role.RESEARCHER, Side.SELF),),
    Action.RETURN_VENTURE: (_operator,),
    Action.REVIEW_VENTURE: (_operator,),
    Action.ADVISE_VENTURE: (Grant(Role.EXPERT, Side.ASSIGNED),),
    Action.PROPOSE_VENTURE: (_operator,),
    Action.DECLINE_VENTURE: (_operator,),
    Action.OBJECT_TO_VENTURE: (_operator,),
    Action.UPHOLD_OBJECTION: (_approver,),
    Action.DISMISS_OBJECTION: (_approver,),
    Action.APPROVE_VENTURE: (_approver,),
    Action.EXIT_VENTURE: (Grant(Role.RESEARCHER, Side.SELF),),
    Action.TERMINATE_VENTURE: (_approver,),
    Action.START_VENTURE: (_operator,),
    Action.COMPLETE_VENTURE: (_operator,),
    Action.MOVE_PHASE: (_operator,),
    Action.ADD_TASK: (_operator,),
    Action.FINISH_TASK: (_operator, _institute_admin, _enterprise_admin),
    Action.READ_COCKPIT: (Grant(Role.LEADER), _operator, _approver, Grant(Role.AUDITOR)),
    Action.FREEZE_MONTH: (_clock,),
    Action.PREPARE_EDITION: (_operator,),
    Action.PUBLISH_EDITION: (_approver,),
    Action.DISCARD_EDITION: (_operator, _approver),
    Action.READ_AUDIT_TRAIL: (
        Grant(Role.AUDITOR),
        _operator,
        _approver,
        _platform_admin,
        Grant(Role.ENTERPRISE_ADMIN),
        Grant(Role.INSTITUTE_ADMIN),
    ),
}


def can(actor: Actor, action: Action, sides: Collection[Side] = ()) -> bool:
    """Whether the table lets this actor do that from these sides of the record."""
    return any(grant.role == actor.role and (grant.side is Side.ANY or grant.side in sides) for grant in GRANTS[action])


def authorize(actor: Actor, action: Action, sides: Collection[Side] = ()) -> None:
    """Raises: NotSignedIn for a visitor, Forbidden for anybody else the table does not name."""
    if can(actor, action, sides):
        return
    if not actor.signed_in and actor.role is Role.VISITOR:
        raise NotSignedIn
    raise Forbidden
