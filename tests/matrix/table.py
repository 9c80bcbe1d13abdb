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
talent, public card              R  R  R  R  R  R  -  R  R  Rl Rl -  Rl -
talent, consented                -  R  R  -  R  R  -  R  R  Rl Rl -  Rl -
talent, whole                    -  -  o  -  o  -  -  -  -  Rl Rl -  Rl -
talent, figures                  -  -  -  -  -  -  -  -  -  R  R  R  R  -
talent, own data                 -  R  R  R  R  R  R  R  R  R  R  R  R  R
agreement, whole                 -  -  o  o  o  o  -  -  -  R  R  R  R  -
agreement, its existence         -  o  o  o  o  o  -  R  R  R  R  R  R  -
university, what came of it      -  R  R  R  R  R  -  R  R  R  R  R  R  -
visit, planned                   -  -  o  -  o  o  -  -  -  R  R  -  R  -
visit, published                 R  R  R  R  R  R  R  R  R  R  R  R  R  R
visit, participants              -  -  o  -  o  -  -  -  -  R  -  -  -  -
venture, before the district     -  -  o  o  o  o  -  -  -  -  -  -  -  -
venture, once submitted          -  -  o  o  o  o  o  -  -  R  R  -  R  -
venture, since its notice        -  -  o  o  o  o  o  -  -  R  R  R  R  -
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
        # A colleague of the party's own house.
        "agreement, whole",
        "agreement, its existence",
    },
    Role.BROKER: {
        "proposal before the opening",
        "proposal after the opening",
        "validation, before its result",
        "agreement, whole",
        "agreement, its existence",
        "venture, before the district",
        "venture, once submitted",
        "venture, since its notice",
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
_GUESTS = " ".join(f"{code}@self" for code in CODES if code not in ("CL", "VI"))
"""Whoever takes part in a visit does so as a person; without an account by a ticket, as a visitor."""

_SELF = " ".join(f"{code}@self" for code in CODES if code not in ("VI", "CL"))
"""What is kept about a person is the person's own, whichever hat is worn."""

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
        "EA@own EM@own IA@own OP": "edit_landing record_step record_figure plan_stages claim_first claim_source",
        "OP": "verify_step verify_first refuse_first prepare_shares",
        "OP CL": "flag_landing",
        "OP AP": "end_landing",
        "AP": "decide_shares hold_talk",
        "AP@self": "close_talk",
    },
    "dashboard": {
        "LD OP AP AU": "read_cockpit",
        "OP": "prepare_edition",
        "AP": "publish_edition",
        "OP AP": "discard_edition",
        "CL": "freeze_month",
    },
    "talent record": {
        "EA IA OP": "register_talent",
        "OP": "classify_talent take_back_talent_step select_for_pool note_growth leave_pool export_talents",
        "EA@own IA@own OP": "record_post record_talent_step",
        f"OP {_SELF}": "edit_talent give_consent withdraw_consent delete_talent",
        "OP AP AU": "open_talent",
        "LD OP AP AU": "read_talent_figures",
    },
    "agreement": {
        "OP": "create_agreement edit_agreement prepare_renewal abandon_agreement add_commitment edit_commitment",
        # Each party's admin for the party, the approver for the district; the last one renews the predecessor.
        "AP EA@own IA@own": "sign_agreement renew_agreement",
        "AP": "terminate_agreement",
        "CL": "start_agreement call_review expire_agreement remind_owner",
        "OP EA@own IA@own": "report_commitment",
        "OP AP": "drop_commitment",
    },
    "visit": {
        "EA IA OP": "plan_visit",
        "EA@own IA@own OP BR@assigned": "edit_visit debrief_visit",
        "EA@own IA@own OP": "open_registration cancel_visit tick_off record_contact record_outcome",
        "EA@own IA@own OP CL": "hold_visit",
        "RS EM IA": "register_for_visit",
        "IA": "register_group",
        f"{_GUESTS} VI@self": "check_in give_feedback",
        f"{_GUESTS} IA@institute": "change_consent",
        f"{_GUESTS} IA@institute EA@own IA@own OP": "cancel_registration",
        "CL": "move_up mark_absent purge_visit",
    },
    "venture": {
        "RS": "create_venture",
        "RS@self": "edit_venture submit_venture exit_venture",
        "IA@institute": "endorse_venture",
        "EA@enterprise": "host_venture",
        "EX@assigned": "advise_venture",
        "OP": "return_venture review_venture propose_venture decline_venture object_to_venture start_venture"
        " complete_venture move_phase add_task",
        "AP": "uphold_objection dismiss_objection approve_venture terminate_venture",
        "OP IA@institute EA@enterprise": "finish_task",
    },
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
    "agreements.access": "get_agreement! get_commitment!",
    "agreements.commands": "create_agreement edit_agreement attach_document=edit_agreement"
    " sign_agreement=sign_agreement,renew_agreement prepare_renewal abandon_agreement terminate_agreement",
    "agreements.commitments": "add_commitment edit_commitment report_commitment drop_commitment",
    "agreements.commitment_queries": "list_commitments~agreement,_whole commitments_of~agreement,_whole",
    "agreements.queries": "list_agreements~agreement,_its_existence agreement_detail~agreement,_its_existence",
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
    " challenge_rubric~challenge,_public_section every_challenge~challenge,_public_section",
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
    "landings.firsts": "claim_first verify_first refuse_first",
    "landings.plans": "plan_stages",
    "landings.queries": "list_landings~landing,_public_summary landing_detail~landing,_public_summary"
    " landings_of_challenge~landing,_public_summary landing_sources~landing,_public_summary"
    " every_landing~landing,_public_summary",
    "landings.records": "names_of! require_records!",
    "landings.sources": "claim_source prepare_shares decide_shares",
    "landings.steps": "record_step verify_step record_figure",
    "landings.talks": "hold_talk close_talk",
    "landings.views": "landing_board~landing,_public_summary landing_timeline~landing,_public_summary"
    " landing_towns~landing,_public_summary",
    "metrics.four_chains.degrees": "require_edition! list_editions~dashboard,_cockpit weights_of~dashboard,_cockpit"
    " frozen_months~dashboard,_cockpit degrees_over_time~dashboard,_cockpit degrees_by_town~dashboard,_cockpit",
    "metrics.four_chains.editions": "prepare_edition publish_edition discard_edition",
    "metrics.four_chains.evidence": "parts_of~dashboard,_cockpit records_of~dashboard,_cockpit",
    "metrics.queries": "pipeline~dashboard,_cockpit landings_by_stage~dashboard,_cockpit"
    " landings_by_town~dashboard,_cockpit overdue~dashboard,_cockpit posted_between~dashboard,_cockpit",
    "metrics.trail": "list_trail~audit_trail export_trail~audit_trail record_trail!",
    "metrics.trail_records": "records_of!",
    "metrics.universities": "university~university,_what_came_of_it came_of_it~university,_what_came_of_it",
    "metrics.waiting": "waiting_for~self",
    "metrics.waiting.agreements": "to_sign! renewals! late_commitments!",
    "metrics.waiting.both": "addenda! openings! rankings! contracts! terms! plans! runs! no_plan_yet! co_applications!",
    "metrics.waiting.district": "applications! to_take! refining! to_approve! to_publish! eligibility! nobody_left!"
    " negotiations! decisions! countersignatures! steps! official_roles! firsts!"
    " claimed_sources! prepared_shares! support_talks!",
    "metrics.waiting.enterprise": "returned! drafts! questions! nda_requests!",
    "metrics.waiting.institute": "clearances! my_drafts! to_acknowledge!",
    "metrics.waiting.kinds": "my_turns!",
    "metrics.waiting.visits": "to_debrief! to_answer!",
    "metrics.waiting.ventures": "ventures!",
    "notifications.commands": "mark_read=update_profile mark_all_read=update_profile",
    "notifications.queries": "unread_count~self list_notifications~self",
    "organisations.access": "get_organisation!",
    "organisations.commands": "apply_for_organisation verify_organisation reject_organisation disable_organisation"
    " enable_organisation invite_member invite_broker disable_member",
    "organisations.queries": "list_organisations~organisation,_verified organisation_detail~organisation,_verified"
    " every_organisation~organisation,_verified list_members~people_of_an_organisation"
    " verified_organisations~organisation,_verified",
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
    "talents.access": "get_talent! has_opened!",
    "talents.commands": "register_talent open_talent edit_talent classify_talent delete_talent",
    "talents.consents": "give_consent withdraw_consent",
    "talents.exports": "export_rows~talent,_public_card export_talents",
    "talents.figures": "funnel~talent,_figures cohorts~talent,_figures",
    "talents.pool": "select_for_pool note_growth leave_pool list_pool~talent,_whole",
    "talents.posts": "record_post end_post=record_post",
    "talents.queries": "list_talents~talent,_public_card talent_detail~talent,_public_card my_talent~talent,_own_data"
    " my_talent_data~talent,_own_data",
    "talents.sources": "find_source!",
    "talents.steps": "record_talent_step take_back_talent_step",
    "validation.access": "sight_of! get_plan!",
    "validation.commands": "start_runs=start_runs,start_validation lock_data"
    " judge_validation=judge_validation,rework_challenge close_actions"
    " sign_off=sign_off,solve_challenge,fail_challenge abort_validation=abort_validation,rework_challenge",
    "validation.plans": "write_plan save_plan=write_plan agree_plan",
    "validation.queries": "list_plans~validation,_result_of_a_solved plans_of_challenge~validation,_result_of_a_solved"
    " startable_plans~validation,_result_of_a_solved plan_detail~validation,_result_of_a_solved",
    "validation.runs": "record_run correct_measurement exclude_run",
    "visits.access": "get_visit! get_participant!",
    "visits.attendance": "check_in tick_off give_feedback record_contact=record_contact,record_outcome record_outcome",
    "visits.commands": "plan_visit edit_visit open_registration hold_visit debrief_visit cancel_visit",
    "visits.feeds": "renew_calendar=update_profile revoke_calendar=update_profile calendar_since~self",
    "visits.people": "list_participants~visit,_participants list_own_group~visit,_published"
    " outcome_counts~visit,_published what_became~visit,_published feedback_summary~visit,_published"
    " own_answer~visit,_published may_record~visit,_published",
    "visits.details": "visit_detail~visit,_published visit_form~visit,_planned",
    "visits.queries": "list_visits~visit,_published shown_rows!",
    "visits.registration": "register_for_visit register_group cancel_registration change_consent",
    "ventures.access": "get_venture!",
    "ventures.commands": "create_venture edit_venture endorse_venture host_venture submit_venture return_venture"
    " review_venture advise_venture propose_venture decline_venture object_to_venture uphold_objection"
    " dismiss_objection approve_venture exit_venture terminate_venture",
    "ventures.growing": "start_venture move_phase complete_venture add_task finish_task",
    "ventures.queries": "list_ventures~venture,_since_its_notice venture_detail~venture,_since_its_notice"
    " experts~venture,_once_submitted",
    "workflow": "advance!",
}
"""Every function a page could call. `name` fires the act of its name, `name=act,act` those acts; `name~object` reads
that row (its finer rows through it); `name!` is called by other functions alone, and by no page."""

BY_THE_CLOCK = frozenset(
    {"close_challenge", "start_agreement", "call_review", "expire_agreement", "remind_owner"}
    | {"move_up", "mark_absent", "purge_visit", "freeze_month"}
)
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
    "/export/{name}.xlsx": ("/export/challenges.xlsx", 200, 200),
    "/templates/{name}": ("/templates/challenges.csv", 200, 200),
    "/files/{file_id:uuid}": ("/files/00000000-0000-0000-0000-000000000000", 404, 404),
    "/my-data/talent.json": ("/my-data/talent.json", 401, 404),
    "/check-in/{visit_id:uuid}": ("/check-in/00000000-0000-0000-0000-000000000000", 404, 404),
    "/calendar/visits.ics": ("/calendar/visits.ics", 200, 200),
    "/calendar/{token}.ics": ("/calendar/guess.ics", 404, 404),
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
    "talents": "VI EM EA RS IA BR ST LS OP AP AU",
    "talent": "VI EM EA RS IA BR ST LS OP AP AU",
    "talent-edit": "EA IA OP",
    "talent-pool": "OP AP AU",
    "talent-funnel": "OP AP LD AU",
    "my-data": _SIGNED,
    "agreements": "EM EA RS IA BR ST LS OP AP LD AU",
    "agreement": "EM EA RS IA BR ST LS OP AP LD AU",
    "agreement-edit": "OP",
    "commitments": "EA RS IA BR OP AP LD AU",
    "university": "EM EA RS IA BR ST LS OP AP LD AU",
    "visits": _EVERY,
    "visit": _EVERY,
    "visit-edit": "EA IA BR OP",
    "visit-group": "IA",
    "my-visits": _SIGNED,
    "ventures": "EA RS IA BR EX OP AP LD AU",
    "venture": "EA RS IA BR EX OP AP LD AU",
    "venture-edit": "RS",
    "cockpit": "OP AP LD AU",
    "four-chains": "OP AP LD AU",
    "chain-records": "OP AP LD AU",
    "chain-editions": "OP AP LD AU",
    "chain-method": "OP AP LD AU",
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
