"""Who may do what, written down a second time as data: docs and code are held against these tables.

Roles by two letters: VI visitor, EM enterprise_member, EA enterprise_admin, RS researcher, IA institute_admin,
BR broker, EX expert, ST steward, LS lead_steward, OP operator, AP approver, LD leader, AU auditor,
PA platform_admin, CL clock.
"""

from db.models import ChallengeStatus, Role
from portal.permissions import Action

CODES = {
    "VI": Role.VISITOR,
    "EM": Role.ENTERPRISE_MEMBER,
    "EA": Role.ENTERPRISE_ADMIN,
    "RS": Role.RESEARCHER,
    "IA": Role.INSTITUTE_ADMIN,
    "BR": Role.BROKER,
    "EX": Role.EXPERT,
    "ST": Role.STEWARD,
    "LS": Role.LEAD_STEWARD,
    "OP": Role.OPERATOR,
    "AP": Role.APPROVER,
    "LD": Role.LEADER,
    "AU": Role.AUDITOR,
    "PA": Role.PLATFORM_ADMIN,
    "CL": Role.CLOCK,
}

_READS = """
object                           VI EM EA RS IA BR EX ST LS OP AP LD AU PA
challenge, public section        R  R  R  R  R  R  R  R  R  R  R  R  R  R
challenge, signed-in section     -  R  R  R  R  R  R  R  R  R  R  R  R  -
challenge, NDA section           -  o  o  ol ol ol -  -  -  Rl Rl -  -  -
question, answered               R  R  R  R  R  R  R  R  R  R  R  R  R  R
question, waiting                -  o  o  o  -  o  -  -  -  R  R  -  R  -
addendum, prepared               -  o  o  -  -  -  -  -  -  R  R  -  R  -
proposal before the opening      -  -  -  o  c  t  -  -  -  -  -  -  -  -
proposal after the opening       -  -  ol o  ol t  -  -  -  Rl Rl -  Rl -
awarded proposal, its cover      -  -  -  -  -  -  -  -  -  R  R  R  R  -
evaluation                       -  -  o  -  -  -  -  -  -  R  R  -  R  -
award                            R  R  R  R  R  R  R  R  R  R  R  R  R  R
validation, before its result    -  o  o  o  o  o  -  -  -  R  R  -  R  -
validation, its line and device  -  o  o  -  -  -  -  -  -  R  R  -  R  -
validation, result of a solved   R  R  R  R  R  R  R  R  R  R  R  R  R  R
landing, whole                   -  o  o  o  o  o  -  -  -  R  R  R  R  -
landing, public summary          R  R  R  R  R  R  R  R  R  R  R  R  R  R
dashboard, public figures        R  R  R  R  R  R  R  R  R  R  R  R  R  R
dashboard, cockpit               -  -  -  -  -  -  -  -  -  R  R  R  R  -
desk                             -  -  -  -  -  R  -  -  -  R  R  -  -  -
imports                          -  -  -  -  -  -  -  -  -  R  -  -  -  -
audit trail                      -  -  o  -  o  -  -  -  -  p  p  -  R  s
organisation, verified           R  R  R  R  R  R  R  R  R  R  R  R  R  R
organisation, applied            -  -  -  -  -  -  -  -  -  R  R  -  R  R
people of an organisation        -  -  o  -  o  -  -  -  -  R  -  -  -  R
accounts                         -  -  -  -  -  -  -  -  -  -  -  -  -  R
settings                         -  -  -  -  -  -  -  -  -  -  -  -  -  R
self                             R  R  R  R  R  R  R  R  R  R  R  R  R  R
"""
"""R whoever has the role; o only who stands inside (own organisation, own team, agreement accepted, assigned);
t on the team; c the cover sheet alone; p acts of the process; s acts on accounts; l each reading is recorded first."""

READS: dict[str, dict[Role, str]] = {}
_heads, *_lines = _READS.strip().splitlines()
for _line in _lines:
    _letters = _line.split()[-14:]
    _name = " ".join(_line.split()[:-14])
    READS[_name] = {CODES[code]: letters for code, letters in zip(_heads.split()[1:], _letters, strict=True)}

ON_THE_TEAM = {
    Role.RESEARCHER: {
        "proposal before the opening",
        "proposal after the opening",
        "validation, before its result",
        "landing, whole",
    },
    Role.BROKER: {
        "proposal before the opening",
        "proposal after the opening",
        "validation, before its result",
    },
}


def expected(name: str, role: Role, where: str) -> bool:
    """Whether somebody of this role reads that object: inside, on the proposal's team alone, or as a stranger."""
    letter = READS[name][role].rstrip("l")
    if letter == "R":
        return True
    if where == "team":
        return name in ON_THE_TEAM[role]
    return letter == "o" and where == "inside"


_EVERYBODY = " ".join(code for code in CODES if code != "CL")

ACTS: dict[str, dict[str, str]] = {
    "self": {
        _EVERYBODY: "sign_in refuse_sign_in sign_out accept_invitation request_password_reset reset_password"
        " change_password switch_membership update_profile",
    },
    "organisations and people": {
        _EVERYBODY: "apply_for_organisation",
        "OP": "verify_organisation reject_organisation invite_broker",
        "OP PA": "disable_organisation enable_organisation",
        "EA@own IA@own": "invite_member",
        "EA@own IA@own PA": "disable_member",
        "PA": "propose_official_role decide_official_role refuse_official_role disable_person enable_person"
        " change_setting",
    },
    "challenge": {
        "EA EM": "draft_challenge",
        "EA@enterprise EM@enterprise": "edit_challenge",
        "EA@enterprise": "submit_challenge withdraw_challenge",
        "OP BR": "take_challenge",
        "OP BR@assigned": "check_confidentiality return_challenge",
        "AP": "approve_challenge reject_challenge decide_extension suspend_challenge resume_challenge"
        " declare_no_award award_challenge",
        "OP CL": "publish_challenge",
        "OP": "prepare_extension evaluate_challenge shortlist_challenge fall_through import_challenges undo_import",
        "EA@enterprise OP": "prepare_addendum confirm_addendum",
        "CL": "close_challenge",
        "EA@enterprise RS@lead": "start_validation",
        "EA@enterprise RS@lead OP": "solve_challenge fail_challenge rework_challenge",
    },
    "challenge, NDA section": {
        "EA@enterprise": "write_nda grant_nda revoke_nda",
        "RS IA": "accept_nda",
        "EA@enterprise EM@enterprise BR@assigned OP AP RS IA": "read_confidential",
    },
    "question and answer": {
        "RS IA": "ask_question",
        "EA@enterprise EM@enterprise": "answer_question",
        "OP BR@assigned": "hide_question",
    },
    "proposal before the opening": {
        "RS": "draft_proposal",
        "RS@team BR@team": "edit_proposal",
        "RS@lead": "invite_co_applicant ask_clearance submit_proposal replace_proposal withdraw_proposal"
        " acknowledge_addendum",
        "IA@institute": "clear_proposal return_proposal",
        "IA@co_applicant EA@co_applicant": "answer_co_application",
        "RS@lead IA@institute": "hand_over_proposal",
    },
    "opening act": {"EA@enterprise OP": "open_proposals"},
    "proposal after the opening": {
        "RS@team BR@team IA@institute EA@enterprise OP AP AU": "read_proposal",
        "OP": "accept_eligible declare_ineligible reinstate_proposal evaluate_proposal shortlist_proposal"
        " reserve_proposal",
        "EA@enterprise OP": "record_ranking agree_ranking",
        # With the end of the whole challenge: by its withdrawal, by the decision, or by the clock.
        "EA@enterprise OP AP CL": "reject_proposal",
    },
    "award": {
        "EA@enterprise OP": "write_terms prepare_reply",
        "EA@enterprise RS@lead": "accept_terms sign_contract",
        "RS@lead": "decline_award",
        "OP": "prepare_award",
        "AP": "decide_award award_proposal",
    },
    "validation run": {
        "EA@enterprise EM@enterprise RS@lead": "write_plan",
        "EA@enterprise RS@lead": "agree_plan start_runs",
        "EA@enterprise EM@enterprise": "record_run correct_measurement exclude_run",
        "EA@enterprise": "lock_data judge_validation close_actions abort_validation",
        "EA@enterprise RS@lead OP": "sign_off",
    },
    "landing": {
        "EA EM IA OP": "create_landing",
        "EA@own EM@own IA@own OP": "edit_landing record_step record_figure",
        "OP": "verify_step",
        "OP CL": "flag_landing",
        "OP AP": "end_landing",
    },
    "dashboard": {"LD OP AP AU": "read_cockpit"},
    "audit trail": {"AU OP AP PA EA IA": "read_audit_trail"},
}
"""By object: which roles, from which side, fire which acts."""

DOORS: dict[str, str] = {
    "accounts.commands": "sign_in sign_in_as_demo=sign_in refuse_sign_in sign_out accept_invitation"
    " request_password_reset reset_password change_password switch_membership update_profile"
    " set_language=update_profile end_session=sign_out end_other_sessions=sign_out",
    "accounts.invitations": "invite_person! add_membership!",
    "accounts.officials": "propose_official_role decide_official_role=decide_official_role,refuse_official_role"
    " disable_person enable_person",
    "accounts.queries": "my_memberships~self my_profile~self my_sessions~self list_people~accounts"
    " get_person~accounts pending_official_roles~accounts",
    "challenges.access": "get_challenge!",
    "challenges.addenda": "prepare_addendum confirm_addendum list_addenda~addendum,_prepared"
    " may_prepare_addendum~addendum,_prepared",
    "challenges.commands": "create_challenge=draft_challenge new_challenge! save_section=edit_challenge"
    " save_metrics=edit_challenge save_rubric=edit_challenge set_disclosure=edit_challenge"
    " attach_file=edit_challenge remove_attachment=edit_challenge editable_section!",
    "challenges.confidential": "read_confidential record_download=read_confidential is_recorded_download!",
    "challenges.copies": "copy_challenge=draft_challenge",
    "challenges.desk": "desk_queues~desk brokers~desk",
    "challenges.details": "challenge_detail~challenge,_public_section challenge_files~challenge,_public_section"
    " return_comments~challenge,_public_section",
    "challenges.drafts": "challenge_draft~challenge,_public_section",
    "challenges.extensions": "prepare_extension decide_extension suspend_challenge resume_challenge"
    " deadline_acts~challenge,_public_section",
    "challenges.flow": "submit_challenge take_challenge return_challenge confirm_confidentiality=check_confidentiality"
    " approve_challenge reject_challenge publish_challenge",
    "challenges.history": "challenge_history~challenge,_public_section challenge_moves~challenge,_public_section",
    "challenges.nda": "write_nda choose_nda_mode=write_nda accept_nda grant_nda revoke_nda",
    "challenges.nda_queries": "holds_nda! my_nda~challenge,_public_section may_write_nda~challenge,_public_section"
    " list_nda_requests~challenge,_NDA_section list_readers~challenge,_NDA_section",
    "challenges.queries": "list_challenges~challenge,_public_section challenge_metrics~challenge,_public_section"
    " challenge_rubric~challenge,_public_section",
    "challenges.questions": "ask_question answer_question hide_question list_questions~question,_answered"
    " may_ask~question,_answered",
    "events": "record_event! record_events!",
    "files.commands": "store_file!",
    "files.queries": "open_file~challenge,_public_section",
    "house_rules": "list_rules~settings change_rule=change_setting",
    "imports.commands": "import_challenges undo_import",
    "imports.queries": "check_import~imports list_imports~imports",
    "landings.access": "get_landing!",
    "landings.commands": "create_landing edit_landing publish_landing=edit_landing flag_landing end_landing",
    "landings.queries": "list_landings~landing,_public_summary landing_detail~landing,_public_summary"
    " landings_of_challenge~landing,_public_summary landing_sources~landing,_public_summary",
    "landings.steps": "record_step verify_step record_figure",
    "metrics.queries": "pipeline~dashboard,_cockpit landings_by_stage~dashboard,_cockpit"
    " landings_by_town~dashboard,_cockpit overdue~dashboard,_cockpit posted_between~dashboard,_cockpit",
    "metrics.trail": "list_trail~audit_trail export_trail~audit_trail record_trail!",
    "metrics.trail_records": "records_of!",
    "metrics.waiting": "waiting_for~self",
    "metrics.waiting.both": "addenda! openings! rankings! contracts! terms! plans! runs! no_plan_yet! co_applications!",
    "metrics.waiting.district": "applications! to_take! refining! to_approve! to_publish! eligibility! nobody_left!"
    " negotiations! decisions! countersignatures! steps! official_roles!",
    "metrics.waiting.enterprise": "returned! drafts! questions! nda_requests!",
    "metrics.waiting.institute": "clearances! my_drafts! to_acknowledge!",
    "metrics.waiting.kinds": "my_turns!",
    "notifications.commands": "mark_read=update_profile mark_all_read=update_profile",
    "notifications.queries": "unread_count~self list_notifications~self",
    "organisations.access": "get_organisation!",
    "organisations.commands": "apply_for_organisation verify_organisation reject_organisation disable_organisation"
    " enable_organisation invite_member invite_broker disable_member",
    "organisations.queries": "list_organisations~organisation,_verified organisation_detail~organisation,_verified"
    " list_members~people_of_an_organisation verified_organisations~organisation,_verified",
    "proposals.access": "get_proposal!",
    "proposals.attachments": "attach_file=edit_proposal remove_attachment=edit_proposal",
    "proposals.clearance": "ask_clearance clear_proposal return_proposal",
    "proposals.commands": "draft_proposal save_section=edit_proposal editable!",
    "proposals.content": "list_opened~proposal_after_the_opening",
    "proposals.duties": "cover_sheets_due~proposal_before_the_opening co_applications~proposal_before_the_opening"
    " leaderless~proposal_before_the_opening",
    "proposals.lists": "awarded_proposal~awarded_proposal,_its_cover"
    " list_mine~proposal_before_the_opening my_proposal_for~proposal_before_the_opening",
    "proposals.partners": "invite_co_applicant remove_co_applicant=invite_co_applicant answer_co_application"
    " possible_co_applicants~proposal_before_the_opening",
    "proposals.queries": "proposal_form~proposal_before_the_opening proposal_view~proposal_before_the_opening"
    " team_history~proposal_before_the_opening",
    "proposals.receipts": "receipt_text~proposal_before_the_opening get_receipt~proposal_before_the_opening"
    " list_receipts~proposal_before_the_opening",
    "proposals.submission": "submit_proposal=submit_proposal,replace_proposal withdraw_proposal acknowledge_addendum",
    "proposals.team": "add_team_member=edit_proposal remove_team_member=edit_proposal hand_over_proposal"
    " possible_leads~proposal_before_the_opening",
    "reviews.access": "get_evaluation! get_opened_proposal! get_own_proposal!",
    "reviews.awards": "prepare_award decide_award=decide_award,award_challenge,award_proposal,reject_proposal",
    "reviews.closing": "decline_award fall_through declare_no_award=declare_no_award,reject_proposal"
    " withdraw_challenge=withdraw_challenge,reject_proposal",
    "reviews.comparison": "compare_proposals~evaluation",
    "reviews.contracts": "sign_contract",
    "reviews.eligibility": "accept_eligible declare_ineligible reinstate_proposal"
    " evaluate_challenge=evaluate_challenge,evaluate_proposal",
    "reviews.opening": "turn_opening_key=open_proposals",
    "reviews.own_award": "own_award~award",
    "reviews.queries": "list_evaluations~evaluation evaluation_detail~evaluation terms_history~evaluation",
    "reviews.past": "past_negotiations~evaluation",
    "reviews.results": "award_of~award outcome_of~award",
    "reviews.ranking": "record_ranking agree_ranking"
    " shortlist_challenge=shortlist_challenge,shortlist_proposal,reserve_proposal",
    "reviews.replies": "prepare_reply",
    "reviews.terms": "write_terms accept_terms",
    "validation.access": "sight_of! get_plan!",
    "validation.commands": "start_runs=start_runs,start_validation lock_data"
    " judge_validation=judge_validation,rework_challenge close_actions"
    " sign_off=sign_off,solve_challenge,fail_challenge abort_validation=abort_validation,rework_challenge",
    "validation.plans": "write_plan save_plan=write_plan agree_plan",
    "validation.queries": "list_plans~validation,_result_of_a_solved plans_of_challenge~validation,_result_of_a_solved"
    " startable_plans~validation,_result_of_a_solved plan_detail~validation,_result_of_a_solved",
    "validation.runs": "record_run correct_measurement exclude_run",
    "workflow": "advance!",
}
"""Every function a page could call. `name` fires the act of its name, `name=act,act` those acts; `name~object` reads
that row (its finer rows through it); `name!` is called by other functions alone, and by no page."""

BY_THE_CLOCK = frozenset({"close_challenge"})
"""Acts that no person has a command for."""

ROUTES: dict[str, tuple[str, int, int]] = {
    "/healthz": ("/healthz", 200, 200),
    "/assets/{name}": ("/assets/portal.css", 200, 200),
    "/login": ("/login", 200, 200),
    "/login/demo": ("/login/demo", 405, 405),
    "/logout": ("/logout", 200, 200),
    "/apply": ("/apply", 200, 200),
    "/forgot": ("/forgot", 200, 200),
    "/invitation/{token}": ("/invitation/guess", 404, 404),
    "/reset/{token}": ("/reset/guess", 404, 404),
    "/export/{name}.csv": ("/export/challenges.csv", 200, 200),
    "/templates/{name}": ("/templates/challenges.csv", 200, 200),
    "/files/{file_id:uuid}": ("/files/00000000-0000-0000-0000-000000000000", 404, 404),
    "/receipts/{submission_id:uuid}": ("/receipts/00000000-0000-0000-0000-000000000000", 404, 404),
}
"""An address of each route, and what GET gets: a visitor, and somebody signed in in whatever role."""

_EVERY = "VI EM EA RS IA BR EX ST LS OP AP LD AU PA"
_SIGNED = "EM EA RS IA BR EX ST LS OP AP LD AU PA"
PAGES: dict[str, str] = {
    "home": _EVERY,
    "challenges": _EVERY,
    "challenge": _EVERY,
    "challenge-edit": "EM EA",
    "desk": "BR OP AP",
    "proposals": "RS IA BR",
    "clearances": "EA IA",
    "proposal-edit": "RS BR",
    "proposal": "EA RS IA BR OP AP AU",
    "evaluations": "EA OP AP AU",
    "import": "OP",
    "evaluation": "EA RS IA BR OP AP AU",
    "validations": _EVERY,
    "validation": _EVERY,
    "validation-plan": _SIGNED,
    "landings": _EVERY,
    "landing": _EVERY,
    "landing-new": _SIGNED,
    "cockpit": "OP AP LD AU",
    "notices": _SIGNED,
    "account": _EVERY,
    "members": "EA IA",
    "organisations": _EVERY,
    "organisation": _EVERY,
    "people": "PA",
    "settings": "PA",
    "trail": "EA IA OP AP AU PA",
    "help": _EVERY,
}

S = ChallengeStatus
PUBLISHED = frozenset(
    {S.OPEN, S.SUSPENDED, S.CLOSED, S.EVALUATING, S.NEGOTIATING, S.AWARDED, S.VALIDATING, S.SOLVED, S.UNSOLVED}
    | {S.NO_AWARD}
)
SEES_FROM_SUBMISSION = frozenset({Role.OPERATOR, Role.APPROVER, Role.LEADER, Role.AUDITOR})


def sees_challenge(role: Role, status: ChallengeStatus, *, inside: bool) -> bool:
    """Whether a challenge exists for this reader; the draft of the world was never submitted."""
    if status in PUBLISHED:
        return True
    if inside and role in (Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_ADMIN, Role.BROKER):
        return True
    if role is Role.BROKER:
        return status is S.SUBMITTED
    return role in SEES_FROM_SUBMISSION and status is not S.DRAFT


EVERYBODYS = frozenset(
    Action(name) for rows in ACTS.values() for who, names in rows.items() if who == _EVERYBODY for name in names.split()
)
"""Acts that no role is kept from; who may do them to what is asked by the command itself."""
