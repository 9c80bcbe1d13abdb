"""The pages of challenges as each role meets them, without a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.models import Challenge, ChallengeStatus, Role, SectionKey
from portal.challenges.commands import attach_file
from portal.challenges.flow import return_challenge
from portal.challenges.queries import metrics_of
from portal.transactions import reading, writing
from tests.apptest import links, open_as, texts
from tests.challenges.samples import (
    Cast,
    add_cast,
    approved,
    checked,
    draft,
    opened_to_answers,
    refining,
    section_of,
    submitted,
)
from tests.factories import add_challenge, add_member, add_organisation

LIST, ONE, EDIT, DESK = (f"challenges/{name}.py" for name in ("list", "challenge", "edit", "desk"))


def staged(make: Callable[..., Challenge], **changes: Any) -> tuple[Cast, Challenge]:
    with writing() as session:
        cast = add_cast(session)
        return cast, make(session, cast, **changes)


def labels(at: Any) -> set[str]:
    found = {button.label for button in at.button}
    return found | {option for menu in at.get("menu_button") for option in menu.proto.options}


def stored(challenge: Challenge, look: Callable[[Session, Challenge], Any]) -> Any:
    with reading() as session:
        return look(session, session.get_one(Challenge, challenge.id))


def status_of(challenge: Challenge) -> ChallengeStatus:
    return stored(challenge, lambda _session, row: row.status)


@pytest.mark.usefixtures("sqlite_url")
class TestList:
    def test_a_visitor_sees_what_is_open_and_nothing_else(self):
        cast, _challenge = staged(opened_to_answers)
        with writing() as session:
            add_challenge(session, cast.enterprise, title="藏着的草稿")
            add_challenge(session, cast.enterprise, status=ChallengeStatus.SOLVED, title="已经解决")

        at = open_as(None, LIST)

        assert not at.exception
        assert "1 challenges" in texts(at) or "1 challenge" in texts(at)
        assert [link.proto.label for link in at.get("page_link") if "漆膜" in link.proto.label] != []
        everything = open_as(None, LIST, group="any")
        assert "2 challenges" in texts(everything)
        assert "藏着的草稿" not in str([link.proto.label for link in everything.get("page_link")])

    def test_filters_live_in_the_address_under_stable_codes(self):
        staged(opened_to_answers)

        for query, count in (
            ({"industry": "C38"}, 1),
            ({"industry": "C"}, 1),
            ({"industry": "A01"}, 0),
            ({"town": "pingyao"}, 1),
            ({"town": "nonsense"}, 1),
            ({"trl": "7"}, 1),
            ({"trl": "6"}, 0),
            ({"band": "300_1000"}, 1),
            ({"band": "under_100"}, 0),
            ({"text": "%"}, 0),
            ({"text": "漆膜"}, 1),
            ({"before": "2020-01-01"}, 0),
            ({"before": "x"}, 1),
            ({"page": "-1"}, 1),
            ({"page": "999999999"}, 1),
            ({"order": "'; DROP TABLE challenge"}, 1),
        ):
            for language in ("en", "zh_CN"):
                at = open_as(None, LIST, language=language, **query)
                assert not at.exception
                assert len([link for link in at.get("page_link") if "漆膜" in link.proto.label]) == count, query

    def test_a_choice_is_written_into_the_address(self):
        staged(opened_to_answers)
        at = open_as(None, LIST)

        at.selectbox(key="industry").set_value("A01").run()

        assert at.query_params["industry"] == "A01"
        at.selectbox(key="industry").set_value("any").run()
        assert "industry" not in at.query_params

    def test_the_table_shows_the_same_rows(self):
        staged(opened_to_answers)

        at = open_as(None, LIST, view="table")

        assert not at.exception
        assert [link for link in at.get("page_link") if "漆膜" in link.proto.label]

    def test_hostile_words_stay_words(self):
        with writing() as session:
            add_challenge(
                session,
                title=":red[x] ![](http://evil/a.png) **b** <b>",
                summary="[click](javascript:alert(1)) $x$ =1+1",
                status=ChallengeStatus.OPEN,
            )

        at = open_as(None, LIST)

        # A long title is broken into lines.
        titles = [link.proto.label.replace("  \n", "") for link in at.get("page_link")]
        label = next(title for title in titles if "evil" in title)
        assert "![](" not in label
        assert ":red[" not in label
        assert "**b**" not in label
        words = next(part.value for part in at.markdown if "javascript" in part.value)
        assert r"\[click\]\(javascript\:alert\(1\)\) \$x\$ \=1\+1" in words

    def test_only_an_enterprise_is_offered_to_set_a_challenge(self):
        cast, _challenge = staged(draft)

        assert "Set a challenge" in labels(open_as(cast.member, LIST))
        for actor in (None, cast.operator, cast.broker):
            assert "Set a challenge" not in labels(open_as(actor, LIST))

    def test_home_sets_a_challenge_at_once(self):
        with writing() as session:
            admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
        at = open_as(admin)

        next(button for button in at.button if button.label == "Set a challenge").click().run()

        assert not at.exception
        assert "edit_section" in at.session_state


@pytest.mark.usefixtures("sqlite_url")
class TestDetail:
    def test_a_draft_of_others_looks_like_nothing(self):
        cast, challenge = staged(draft)

        for actor in (None, cast.operator, cast.broker):
            at = open_as(actor, ONE, id=challenge.id)
            assert not at.exception
            assert [error.value for error in at.error] == [
                "This record does not exist\\, or you may not see it\\.".replace("\\,", ",")
            ]
            assert "Home" in links(at)
        for bad in ("-1", str(2**63), "x", ""):
            assert not open_as(None, ONE, id=bad).exception

    def test_a_visitor_reads_the_public_part_of_an_open_one(self):
        _cast, challenge = staged(opened_to_answers)

        at = open_as(None, ONE, id=challenge.id)

        shown = texts(at)
        assert "现有填料漆放置两周后出现沉降" in shown
        assert "炉温窗口" not in shown
        assert "Sign in as a member of a verified organisation" in shown
        assert labels(at) & {"Edit", "Publish", "Copy as a new draft", "Write a proposal"} == set()

    @pytest.mark.parametrize("tab", [1, 2, 3, 4, 5, 6])
    @pytest.mark.parametrize("language", ["en", "zh_CN"])
    def test_every_tab_opens(self, tab, language):
        cast, challenge = staged(opened_to_answers)

        for actor in (None, cast.member, cast.operator):
            at = open_as(actor, ONE, language=language, id=challenge.id)
            at.session_state["tab"] = at.tabs[tab].label
            at.run()
            assert not at.exception
            assert not at.error

    @pytest.mark.parametrize(
        ("make", "who", "offered"),
        [
            (draft, "member", {"Edit", "Copy as a new draft"}),
            (draft, "admin", {"Edit", "Submit the challenge", "Copy as a new draft"}),
            (submitted, "admin", {"Copy as a new draft"}),
            (submitted, "operator", {"Take it for refining"}),
            (submitted, "broker", {"Take it for refining"}),
            (refining, "broker", {"Confirm the confidentiality check", "Return for improvement"}),
            (refining, "operator", {"Confirm the confidentiality check", "Return for improvement"}),
            (refining, "approver", {"Reject the challenge"}),
            (checked, "approver", {"Approve", "Reject the challenge"}),
            (checked, "operator", {"Return for improvement"}),
            (approved, "operator", {"Publish"}),
            (approved, "approver", set()),
        ],
    )
    def test_each_role_is_offered_what_it_may_do(self, make, who, offered):
        cast, challenge = staged(make)

        at = open_as(getattr(cast, who), ONE, id=challenge.id)

        acts = {
            "Edit", "Copy as a new draft", "Submit the challenge", "Take it for refining", "Return for improvement",
            "Confirm the confidentiality check", "Approve", "Reject the challenge", "Publish",
        }  # fmt: skip
        assert labels(at) & acts == offered

    def test_the_head_leads_to_the_deadline_who_can_do_something_about_it(self):
        cast, challenge = staged(opened_to_answers)

        assert "Deadline and addenda" in labels(open_as(cast.operator, ONE, id=str(challenge.id)))
        assert "Deadline and addenda" not in labels(open_as(None, ONE, id=str(challenge.id)))

    def test_who_reads_the_cockpit_may_ask_how_far_a_challenge_has_come(self):
        cast, _challenge = staged(opened_to_answers)

        for actor, count in ((cast.operator, 0), (cast.member, 1)):
            at = open_as(actor, LIST, reached="solved", submitted="year")
            assert f"{count} challenge" in texts(at)

    def test_why_something_is_not_possible_is_said(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, ONE, id=challenge.id)
        assert "An admin of your enterprise submits it." in texts(at)

        with writing() as session:
            row = session.get_one(Challenge, challenge.id)
            row.status, row.submitted_at = ChallengeStatus.REFINING, row.created_at
            row.confidentiality_checked_by = cast.approver.person_id
        at = open_as(cast.approver, ONE, id=challenge.id)
        assert "another approver must" in texts(at)
        assert labels(at) & {"Approve", "Reject the challenge"} == set()

    def test_reading_under_duty_is_recorded_by_a_button(self):
        cast, challenge = staged(opened_to_answers)
        at = open_as(cast.operator, ONE, id=challenge.id)
        assert "炉温窗口" not in texts(at)

        at.button(key="read_confidential").click().run()

        assert "炉温窗口" in texts(at)

    def test_approving_asks_once_and_then_does_it(self):
        cast, challenge = staged(checked)
        at = open_as(cast.approver, ONE, id=challenge.id)

        at.button(key="act_approve_challenge").click().run()
        assert status_of(challenge) is ChallengeStatus.REFINING
        at.button(key="approve_challenge_confirm").click().run()

        assert status_of(challenge) is ChallengeStatus.APPROVED
        assert "The challenge is approved" in texts(at)


@pytest.mark.usefixtures("sqlite_url")
class TestEdit:
    def test_a_field_is_saved_as_it_is_left(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id)

        at.text_input(key="edit_problem_title").set_value("新的题目").run()

        assert not at.exception
        assert stored(challenge, lambda _session, row: row.title) == "新的题目"

    def test_every_section_opens_and_saves_nothing_by_itself(self):
        cast, challenge = staged(draft)
        before = stored(challenge, lambda _session, row: row.version)

        for language in ("en", "zh_CN"):
            for key in (*SectionKey, "submit"):
                at = open_as(cast.admin, EDIT, language=language, id=challenge.id, section=str(key))
                assert not at.exception, key
                assert not at.error, key
                assert "edit_section" in at.session_state
        assert stored(challenge, lambda _session, row: row.version) == before

    def test_a_refused_value_stays_typed_and_keeps_its_section_open(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id, section="budget")

        at.text_input(key="edit_budget_sum_fen").set_value("12,5").run()

        assert "is not a number" in texts(at)
        assert at.text_input(key="edit_budget_sum_fen").value == "12,5"
        at.radio(key="edit_section").set_value("ip").run()
        assert at.radio(key="edit_section").value == "budget"
        assert at.text_input(key="edit_budget_sum_fen").value == "12,5"

    def test_leaving_goes_to_the_next_section(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id, section="budget")

        at.radio(key="edit_section").set_value("ip").run()

        assert at.query_params["section"] == "ip"
        assert at.selectbox(key="edit_ip_regime").value == "jointly_owned"

    def test_the_next_section_is_one_click_away(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id)
        at.text_input(key="edit_problem_title").set_value("新的题目")

        at.button(key="onward").click().run()

        assert at.radio(key="edit_section").value == "background"
        assert stored(challenge, lambda _session, row: row.title) == "新的题目"
        at = open_as(cast.member, EDIT, id=challenge.id, section="attachments")
        at.button(key="onward").click().run()
        assert at.radio(key="edit_section").value == "submit"

    def test_a_section_that_nobody_has_to_fill_is_marked_optional(self):
        cast, challenge = staged(draft, background={"text": ""})

        at = open_as(cast.member, EDIT, id=challenge.id)
        names = "\n".join(at.radio(key="edit_section").options)
        assert ":material/remove: Background" in names
        assert ":material/remove: Attachments" in names
        assert "radio_button_unchecked" not in names

        with writing() as session:
            attach_file(session, cast.member, challenge_id=challenge.id, name="图.txt", content="图".encode())
        at.run()
        assert ":material/check_circle: Attachments" in "\n".join(at.radio(key="edit_section").options)

    def test_two_tabs_on_one_section_show_both_texts(self):
        cast, challenge = staged(draft)
        first = open_as(cast.member, EDIT, id=challenge.id, section="background")
        second = open_as(cast.admin, EDIT, id=challenge.id, section="background")

        first.text_area(key="edit_background_text").set_value("第一位写的").run()
        second.text_area(key="edit_background_text").set_value("第二位写的").run()

        assert "第一位写的" in texts(second)
        assert second.text_area(key="edit_background_text").value == "第二位写的"
        second.button(key="keep_mine").click().run()
        kept = stored(challenge, lambda session, row: section_of(session, row, SectionKey.BACKGROUND).content)
        assert kept == {"text": "第二位写的"}

    def test_whoever_types_on_before_deciding_is_not_refused_again_and_again(self):
        cast, challenge = staged(draft)
        first = open_as(cast.member, EDIT, id=challenge.id, section="background")
        second = open_as(cast.admin, EDIT, id=challenge.id, section="background")
        first.text_area(key="edit_background_text").set_value("第一位写的").run()
        second.text_area(key="edit_background_text").set_value("第二位写的").run()
        assert len(second.error) == 1

        second.text_area(key="edit_background_text").set_value("第二位又写的").run()

        assert not second.error
        assert "第一位写的" in texts(second)
        second.button(key="keep_mine").click().run()
        kept = stored(challenge, lambda session, row: section_of(session, row, SectionKey.BACKGROUND).content)
        assert kept == {"text": "第二位又写的"}
        second.text_area(key="edit_background_text").set_value("第三遍").run()
        kept = stored(challenge, lambda session, row: section_of(session, row, SectionKey.BACKGROUND).content)
        assert kept == {"text": "第三遍"}

    def test_taking_theirs_puts_it_into_the_field(self):
        cast, challenge = staged(draft)
        first = open_as(cast.member, EDIT, id=challenge.id, section="background")
        second = open_as(cast.admin, EDIT, id=challenge.id, section="background")
        first.text_area(key="edit_background_text").set_value("第一位写的").run()
        second.text_area(key="edit_background_text").set_value("第二位写的").run()

        second.button(key="take_theirs").click().run()

        assert second.text_area(key="edit_background_text").value == "第一位写的"
        assert not [button for button in second.button if button.key == "keep_mine"]

    def test_two_members_on_different_sections_disturb_nobody(self):
        cast, challenge = staged(draft)
        first = open_as(cast.member, EDIT, id=challenge.id, section="background")
        second = open_as(cast.admin, EDIT, id=challenge.id, section="line")

        first.text_area(key="edit_background_text").set_value("背景").run()
        second.text_area(key="edit_line_text").set_value("夜班可用").run()

        assert not second.error
        assert not second.warning

    def test_somebody_who_typed_nothing_simply_sees_the_newer_text(self):
        cast, challenge = staged(draft)
        idle = open_as(cast.admin, EDIT, id=challenge.id, section="background")
        writer = open_as(cast.member, EDIT, id=challenge.id, section="background")
        writer.text_area(key="edit_background_text").set_value("新背景").run()

        idle.run()

        assert idle.text_area(key="edit_background_text").value == "新背景"
        assert not idle.warning

    def test_a_deadline_of_24_00_reads_as_the_next_day(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id, section="schedule")

        at.text_input(key="edit_schedule_closes_at_time").set_value("24:00").run()

        assert not at.error
        kept = stored(challenge, lambda session, row: section_of(session, row, SectionKey.SCHEDULE).content)
        assert kept["closes_at"][11:16] == "00:00"

    def test_metrics_are_saved_once_every_row_can_be_accepted(self):
        cast, challenge = staged(draft)
        at = open_as(cast.member, EDIT, id=challenge.id, section="metrics")
        table = f"edit_table_metrics_{at.session_state['edit_drawn_metrics'][0]}"

        at.session_state[table] = {"edited_rows": {0: {"upper": "110"}}, "added_rows": [], "deleted_rows": []}
        at.run()
        assert "must lie below the upper limit" in texts(at)
        assert any(":material/edit_note: Acceptance metrics" in name for name in at.radio(key="edit_section").options)
        assert "Acceptance metrics: not saved" in texts(at)
        at.session_state[table] = {"edited_rows": {0: {"upper": "150.50"}}, "added_rows": [], "deleted_rows": [2]}
        at.run()

        assert not at.exception
        assert ": not saved" not in texts(at)
        rows = stored(challenge, lambda session, row: metrics_of(session, row.id))
        assert [(row.name, str(row.upper)) for row in rows] == [
            ("双边漆膜厚度", "150.50"),
            ("局部放电起始电压", "None"),
        ]

    def test_what_is_missing_is_listed_and_a_complete_one_is_submitted(self):
        cast, challenge = staged(draft, budget={"source": ""})
        at = open_as(cast.admin, EDIT, id=challenge.id, section="submit")
        assert "Budget: the source of the money is missing" in texts(at).replace("\\", "")
        assert at.button(key="submit").disabled

        at.button(key="go_budget").click().run()
        assert at.radio(key="edit_section").value == "budget"

        at = open_as(cast.admin, EDIT, id=challenge.id, section="budget")
        at.text_input(key="edit_budget_source").set_value("企业自筹").run()
        at.radio(key="edit_section").set_value("submit").run()
        at.button(key="submit").click().run()
        at.button(key="submit_challenge_confirm").click().run()

        assert status_of(challenge) is ChallengeStatus.SUBMITTED

    def test_the_word_on_the_whole_of_a_return_stands_beside_every_section(self):
        cast, challenge = staged(refining)
        with writing() as session:
            comments = {SectionKey.BUDGET: "请分项"}
            return_challenge(session, cast.broker, challenge_id=challenge.id, comments=comments, reason="补充*基线*")

        for section in ("problem", "submit"):
            assert "补充*基线*" in texts(open_as(cast.member, EDIT, id=challenge.id, section=section)).replace("\\", "")

    def test_a_submitted_one_cannot_be_edited(self):
        cast, challenge = staged(submitted)

        at = open_as(cast.admin, EDIT, id=challenge.id)

        assert not at.text_input
        assert "cannot be edited" in texts(at)


@pytest.mark.usefixtures("sqlite_url")
class TestDesk:
    @pytest.mark.parametrize("who", ["operator", "broker", "approver"])
    def test_the_desk_opens_with_and_without_work(self, who):
        cast, _challenge = staged(submitted)

        at = open_as(getattr(cast, who), DESK)

        assert not at.exception
        assert not at.error
        assert [link for link in at.get("page_link") if "漆膜" in link.proto.label]

    def test_an_empty_desk_says_so(self):
        with writing() as session:
            operator = add_member(session, Role.OPERATOR)
            add_organisation(session)

        assert "Nothing waits here now" in texts(open_as(operator, DESK))
