"""The pages of agreements, commitments and universities, run as each role."""

from datetime import timedelta

import pytest

from db.models import Agreement, AgreementStatus, Commitment, CommitmentStatus, Role
from portal import clock
from portal.transactions import reading, writing
from tests.agreements.world import content, draft, in_force, make_world, promise, report
from tests.apptest import open_as, texts

AGREEMENT = "agreements/agreement.py"


@pytest.fixture
def made(sqlite_url):
    """An agreement with one commitment, in force or a draft."""

    def make(state=in_force, **changes):
        with writing() as session:
            world = make_world(session)
            agreement = state(session, world, **changes)
            commitment = promise(session, world, agreement)
            return world, agreement.id, commitment.id

    return make


def page(actor, agreement_id, **query):
    at = open_as(actor, AGREEMENT, id=agreement_id, **query)
    assert not at.exception, at.exception
    return at


def shown(at):
    return (texts(at) + "\n".join(str(table.value.to_csv()) for table in at.table)).replace("\\", "")


def keys(at):
    return {button.key for button in at.button}


def press(at, key):
    at.button(key=key).click().run()
    assert not at.exception, at.exception


def stored(kind, key):
    with reading() as session:
        return session.get_one(kind, key)


def test_an_operator_drafts_an_agreement(sqlite_url) -> None:
    with writing() as session:
        world = make_world(session)
    at = open_as(world.operator, "agreements/edit.py")
    at.text_input(key="title_new").set_value("余杭区与示例大学战略合作协议")
    at.text_area(key="group_district_new").set_value("沈立")
    press(at, "save")
    assert "at least one of the five fields" in shown(at)
    assert at.text_input(key="title_new").value == "余杭区与示例大学战略合作协议"

    from portal.agreements.workflow import CooperationField

    at.button_group(key="fields_new").set_value([CooperationField.TALENT])
    at.selectbox(key="office_new").set_value(world.office.id)
    at.multiselect(key="institutes_new").set_value([world.university.id])
    press(at, "save")
    assert "Line 1 of the steering group" in shown(at)
    at.text_area(key="group_district_new").set_value("沈立，局长")
    press(at, "save")

    with reading() as session:
        agreement = session.query(Agreement).one()
    assert agreement.title == "余杭区与示例大学战略合作协议"
    assert "The draft is saved" in shown(at)


def test_the_draft_is_changed_on_the_same_form(made) -> None:
    world, agreement_id, _commitment = made(draft)
    at = open_as(world.operator, "agreements/edit.py", id=agreement_id)
    assert at.text_area(key=f"group_institute_{agreement_id}").value == "陆远，副校长"

    at.text_input(key=f"title_{agreement_id}").set_value("改了名的协议")
    press(at, "save")

    assert stored(Agreement, agreement_id).title == "改了名的协议"


def test_what_is_signed_offers_no_form(made) -> None:
    world, agreement_id, _commitment = made()

    at = open_as(world.operator, "agreements/edit.py", id=agreement_id)

    assert "cannot be changed now" in shown(at)
    assert "save" not in keys(at)


def test_the_university_signs_in_a_dialog_that_says_what_it_means(made) -> None:
    world, agreement_id, _commitment = made(draft)
    at = page(world.institute_admin, agreement_id)
    assert "Still to sign" in shown(at)
    press(at, "sign_agreement")
    assert "Any later change voids it" in shown(at)

    press(at, "sign_confirm")

    assert "You have signed" in shown(at)
    assert "sign_agreement" not in keys(page(world.institute_admin, agreement_id))


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_watchers_have_nothing_to_press(made, role) -> None:
    world, agreement_id, _commitment = made()

    pressed = keys(page(world.officials[role], agreement_id))

    assert not {key for key in pressed if key and key.split("_")[0] in ("report", "drop", "edit", "sign", "terminate")}


def test_existence_alone_is_shown_to_a_steward(made) -> None:
    world, agreement_id, _commitment = made()
    for actor in (world.officials[Role.STEWARD], world.enterprise_member):
        said = shown(page(actor, agreement_id))
        assert "余杭区与示例大学战略合作协议" in said
        assert "its parties and the district" in said
        for hidden in ("引进博士", "沈立", "CNY", "AG-20", "内部约定", "Commitments"):
            assert hidden not in said.replace("See the commitments", "")


def test_a_commitment_is_added_and_reported_on(made) -> None:
    world, agreement_id, commitment_id = made()
    at = page(world.institute_admin, agreement_id)
    press(at, "report_commitment_1")
    press(at, "do_report")
    assert "Please say what was done" in shown(at)
    press(at, "report_commitment_1")
    at.text_area(key="report_words").set_value("首批到岗 7 人")
    press(at, "do_report")

    assert stored(Commitment, commitment_id).status is CommitmentStatus.ON_TRACK
    assert "首批到岗 7 人" in shown(page(world.researcher, agreement_id))


def test_dropping_names_who_agreed(made) -> None:
    world, agreement_id, commitment_id = made()
    at = page(world.operator, agreement_id)
    press(at, "drop_commitment_1")
    at.text_area(key="drop_reason").set_value("场地调整")
    press(at, "do_drop")
    assert "Please say who agreed" in shown(at)
    press(at, "drop_commitment_1")
    at.text_area(key="drop_reason").set_value("场地调整")
    at.text_input(key="drop_agreed").set_value("沈立与陆远")
    press(at, "do_drop")

    assert stored(Commitment, commitment_id).status is CommitmentStatus.DROPPED
    assert "Agreed by: 沈立与陆远" in shown(page(world.operator, agreement_id))


def test_a_renewal_is_the_first_thing_to_do_in_the_last_weeks(made) -> None:
    world, agreement_id, _commitment = made(ends_on=clock.today() + timedelta(days=120), starts_on=clock.today())
    assert "prepare_renewal" not in keys(page(world.operator, agreement_id))
    with writing() as session:
        session.get_one(Agreement, agreement_id).status = AgreementStatus.REVIEW_DUE

    at = page(world.operator, agreement_id)
    press(at, "prepare_renewal")
    press(at, "renew_confirm")

    assert "The renewal is drafted" in shown(at)
    with reading() as session:
        assert session.query(Agreement).filter_by(renews_id=agreement_id).count() == 1


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_tab_opens_for_every_reader(made, language) -> None:
    world, agreement_id, _commitment = made()
    for actor in (world.operator, world.approver, world.enterprise_admin, world.broker):
        at = page(actor, agreement_id, language=language)
        for tab in [tab.label for tab in at.tabs]:
            at.session_state["tab"] = tab
            at.run()
            assert not at.exception and not at.error, (actor.role, tab)


def test_the_list_keeps_its_filters_in_the_address(made) -> None:
    world, _agreement, _commitment = made()
    for query, is_there in (
        ({}, True),
        ({"view": "table"}, True),
        ({"university": world.university.id, "status": "effective", "field": "talent", "within": "365"}, False),
        ({"university": world.university.id, "status": "effective", "field": "talent"}, True),
        ({"field": "ecology"}, False),
        ({"field": "x'", "within": "²", "university": "x"}, True),
    ):
        at = open_as(world.operator, "agreements/list.py", **query)
        assert ("余杭区与示例大学战略合作协议" in shown(at)) is is_there, query
    assert "field" not in [box.key for box in open_as(world.enterprise_member, "agreements/list.py").selectbox]


def test_the_list_of_commitments_shows_what_is_open_first(made) -> None:
    world, _agreement, commitment_id = made()
    assert "引进博士" in shown(open_as(world.broker, "agreements/commitments.py"))
    with writing() as session:
        report(session, world.institute_admin, session.get_one(Commitment, commitment_id), CommitmentStatus.DELIVERED)

    assert "No commitment is open" in shown(open_as(world.broker, "agreements/commitments.py"))
    for query in ({"state": "kept"}, {"state": "any", "view": "table"}):
        assert "引进博士" in shown(open_as(world.broker, "agreements/commitments.py", **query)), query
    assert "fits these filters" in shown(open_as(world.broker, "agreements/commitments.py", owner=world.enterprise.id))


@pytest.mark.parametrize("branch", ["", "answered", "talent", "x'"])
def test_the_page_of_a_university(made, branch) -> None:
    world, _agreement, _commitment = made()

    for actor in (world.officials[Role.LEADER], world.institute_admin, world.officials[Role.STEWARD]):
        at = open_as(actor, "agreements/university.py", id=world.university.id, branch=branch)
        assert not at.exception
        assert at.metric[0].value == "1"
        assert "示例大学" in shown(at)
    assert len(at.metric) == 7  # no commitments for a steward, but the people who agreed to be shown


def test_a_figure_opens_its_list_on_the_page(made) -> None:
    world, _agreement, _commitment = made()
    at = open_as(world.operator, "agreements/university.py", id=world.university.id)

    press(at, "open_awarded")

    assert at.query_params["branch"] == "awarded"
    assert at.button(key="open_awarded").disabled


def test_the_organisation_leads_to_what_came_of_it(made) -> None:
    world, _agreement, _commitment = made()

    assert "What came of the work" in shown(
        open_as(world.officials[Role.LEADER], "organisations/organisation.py", id=world.university.id)
    )
    for actor, organisation in ((None, world.university), (world.operator, world.enterprise)):
        at = open_as(actor, "organisations/organisation.py", id=organisation.id)
        assert "What came of the work" not in shown(at)


def test_user_words_stay_words(made) -> None:
    hostile = "![x](http://evil.example/p) **b** :red[q] $a$"
    with writing() as session:
        world = make_world(session)
        changes = content(world, title=hostile, summary=hostile, institute_group=f"{hostile[:20]}，{hostile}")
        agreement = in_force(session, world, **changes)
        promise(session, world, agreement, text=hostile, measure=hostile, responsible=hostile[:50])
        agreement_id = agreement.id

    for script, query in (
        (AGREEMENT, {"id": agreement_id}),
        ("agreements/list.py", {}),
        ("agreements/commitments.py", {}),
    ):
        at = open_as(world.operator, script, **query)
        for part in [*at.markdown, *at.caption, *at.title]:
            assert "![x](http" not in str(part.value), script
            assert ":red[q]" not in str(part.value), script
