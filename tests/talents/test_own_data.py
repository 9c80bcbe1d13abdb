"""Data about oneself: see, correct, take along, decide about each use, delete without a trace."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, func, select

from db.models import ConsentUse, Notification, Role, Talent, TalentConsent, TalentField, TalentStage
from portal.errors import Forbidden, Invalid, NotFound, NotSignedIn
from portal.events import verify_chain
from portal.permissions import VISITOR
from portal.talents.access import Sight
from portal.talents.commands import classify_talent, delete_talent, edit_talent
from portal.talents.consents import give_consent, withdraw_consent
from portal.talents.figures import funnel
from portal.talents.pool import note_growth, select_for_pool
from portal.talents.posts import record_post
from portal.talents.queries import TalentFilter, list_talents, my_talent, my_talent_data, talent_detail
from tests.factories import add_member, add_organisation
from tests.talents.test_commands import CERTIFICATE, day
from tests.talents.world import make_world


@pytest.fixture
def world(session):
    return make_world(session)


def test_one_sees_everything_about_oneself_and_nothing_about_others(session, world):
    talent = world.mine(session, phone="13800000000")
    world.register(session, name="旁人")

    mine = my_talent(session, world.person)

    assert mine is not None
    assert (mine.row.id, mine.row.sight, mine.phone) == (talent.id, Sight.FULL, "13800000000")
    assert [row.reader for row in mine.readings] == [world.operator.name]
    assert my_talent(session, world.admin) is None
    assert my_talent(session, VISITOR) is None
    assert [row.id for row in list_talents(session, world.person).rows] == [talent.id]


def test_whoever_is_followed_is_told(session, world):
    world.mine(session)

    notice = session.scalars(select(Notification).where(Notification.person_id == world.person.person_id)).one()

    assert notice.page == "my-data"
    assert "林示例" not in repr((notice.message, notice.params))


def test_one_corrects_what_describes_oneself_and_not_the_rest(session, world):
    talent = world.mine(session)
    channel, account = talent.channel, talent.person_id

    edit_talent(
        session,
        world.person,
        talent_id=talent.id,
        version=talent.version,
        name="林更正",
        field=TalentField.ENERGY,
        phone="0571-88886666",
        channel=None,
        arrived_on=day(1),
        account_email="",
    )

    assert (talent.name, talent.field, talent.phone) == ("林更正", TalentField.ENERGY, "0571-88886666")
    assert (talent.channel, talent.person_id, talent.arrived_on) == (channel, account, None)
    with pytest.raises(Forbidden):
        classify_talent(session, world.person, talent_id=talent.id, version=None, talent_class=None)
    with pytest.raises(Forbidden):
        world.operator = world.person
        world.step(session, talent, TalentStage.VISITED, day(1))


def test_whichever_hat_is_worn_it_is_ones_own(session, world):
    """A leader sees no persons, and yet what is kept about herself."""
    talent = world.mine(session)
    for role in (Role.LEADER, Role.EXPERT, Role.PLATFORM_ADMIN, Role.STEWARD):
        hat = replace(world.person, role=role, organisation_id=None)
        assert my_talent(session, hat).row.name == talent.name
        assert talent_detail(session, hat, talent.id).row.sight is Sight.FULL


def test_one_takes_everything_along(session, world):
    talent = world.mine(session, speciality="铝箔", post="教授", employer_id=world.institute.id)
    world.step(session, talent, TalentStage.VISITED, day(5), source="签到表")
    select_for_pool(session, world.operator, talent_id=talent.id, selected_on=day(4), reason="骨干", plan="轮岗")
    note_growth(session, world.operator, talent_id=talent.id, noted_on=day(1), words="进步")
    give_consent(session, world.person, talent_id=talent.id, use=ConsentUse.MAIL)
    withdraw_consent(session, world.person, talent_id=talent.id, use=ConsentUse.MAIL)

    data = json.loads(json.dumps(my_talent_data(session, world.person)))

    assert (data["name"], data["speciality"], data["stage"]) == ("林示例", "铝箔", "visited")
    assert [step["source"] for step in data["steps"]] == ["三访签到表", "签到表"]
    assert data["posts"][0]["organisation"] == world.institute.name
    assert {row["use"]: bool(row["withdrawn_at"]) for row in data["consents"]} == {"follow": False, "mail": True}
    assert data["selection_pool"][0]["notes"][0]["words"] == "进步"
    assert data["read_by_officials"][0]["purpose"] == "registration"
    with pytest.raises(NotFound):
        my_talent_data(session, world.admin)
    with pytest.raises(NotSignedIn):
        my_talent_data(session, VISITOR)


# consents


def seen_by(session, actor, talent):
    """In the list and by itself alike."""
    listed = {row.id: row.sight for row in list_talents(session, actor).rows}
    try:
        alone = talent_detail(session, actor, talent.id).row.sight
    except NotFound:
        alone = None
    assert listed.get(talent.id) == alone
    return alone


def test_a_consent_shows_and_its_withdrawal_hides_at_once(session, world):
    talent = world.mine(session)
    stranger = add_member(session, Role.ENTERPRISE_MEMBER, add_organisation(session))
    broker = add_member(session, Role.BROKER, add_organisation(session))
    assert (seen_by(session, VISITOR, talent), seen_by(session, stranger, talent)) == (None, None)

    give_consent(session, world.person, talent_id=talent.id, use=ConsentUse.PUBLIC_CARD)
    assert (seen_by(session, VISITOR, talent), seen_by(session, stranger, talent)) == (Sight.CARD, Sight.CARD)
    give_consent(session, world.person, talent_id=talent.id, use=ConsentUse.MATCHING)
    assert (seen_by(session, VISITOR, talent), seen_by(session, broker, talent)) == (Sight.CARD, Sight.MATCHING)
    withdraw_consent(session, world.person, talent_id=talent.id, use=ConsentUse.MATCHING)
    assert (seen_by(session, VISITOR, talent), seen_by(session, broker, talent)) == (Sight.CARD, Sight.CARD)
    withdraw_consent(session, world.person, talent_id=talent.id, use=ConsentUse.PUBLIC_CARD)
    assert (seen_by(session, VISITOR, talent), seen_by(session, broker, talent)) == (None, None)


def test_the_card_holds_nothing_else_and_filters_tell_nothing_else(session, world):
    talent = world.mine(session, phone="13800000000", speciality="铝箔")
    classify_talent(session, world.operator, talent_id=talent.id, version=None, talent_class="b", **CERTIFICATE)
    give_consent(session, world.person, talent_id=talent.id, use=ConsentUse.PUBLIC_CARD)

    detail = talent_detail(session, VISITOR, talent.id)

    row = detail.row
    assert (row.name, row.speciality) == ("林示例", "铝箔")
    assert (row.talent_class, row.stage, row.channel, row.arrived_on, row.post) == (None, None, None, None, "")
    assert (detail.steps, detail.posts, detail.phone, detail.consents, detail.actions) == ([], [], "", [], ())
    for wanted in (
        TalentFilter(talent_class="b"),
        TalentFilter(reached=TalentStage.REACHED),
        TalentFilter(channel=talent.channel),
        TalentFilter(cohort=talent.cohort),
        TalentFilter(in_pool=True),
    ):
        assert list_talents(session, VISITOR, wanted).total == 0, wanted
        assert list_talents(session, world.operator, wanted).total == (0 if wanted.in_pool else 1), wanted
    assert list_talents(session, VISITOR, TalentFilter(text="铝箔", field=talent.field)).total == 1


def test_given_twice_and_withdrawn_twice_is_once(session, world):
    talent = world.mine(session)
    for act in (give_consent, give_consent, withdraw_consent, withdraw_consent, give_consent):
        act(session, world.person, talent_id=talent.id, use=ConsentUse.MATCHING)

    matching = TalentConsent.use == ConsentUse.MATCHING
    rows = session.scalars(select(TalentConsent).where(matching).order_by(TalentConsent.given_at)).all()
    assert [row.withdrawn_at is None for row in rows] == [False, True]
    assert "phone and e-mail stay with the district" in rows[0].purpose


def test_others_decide_about_no_consent(session, world):
    talent = world.employed(session)
    for act in (give_consent, withdraw_consent):
        with pytest.raises(Forbidden):
            act(session, world.admin, talent_id=talent.id, use=ConsentUse.MATCHING)
        with pytest.raises(NotFound):
            act(session, world.person, talent_id=talent.id, use=ConsentUse.MATCHING)


def test_without_the_first_consent_nothing_is_kept(session, world):
    talent = world.mine(session)
    with pytest.raises(Invalid, match="confirm"):
        withdraw_consent(session, world.person, talent_id=talent.id, use=ConsentUse.FOLLOW)

    withdraw_consent(session, world.person, talent_id=talent.id, use=ConsentUse.FOLLOW, confirm=True)

    assert session.scalar(select(func.count()).select_from(Talent)) == 0
    assert my_talent(session, world.person) is None


# deletion


CANARIES = ("金丝雀甲", "金丝雀乙", "13899990000", "canary@example.org", "金丝雀丙", "金丝雀丁", "金丝雀戊")
LATER = ("金丝雀己", "金丝雀庚", "金丝雀辛", "CANARY-7", "金丝雀壬")


def everything(session) -> str:
    """Every cell of every table."""
    tables = MetaData()
    tables.reflect(session.connection())
    return "\n".join(repr(session.execute(table.select()).all()) for table in tables.sorted_tables)


def test_deletion_leaves_no_word_of_it(any_session):
    session, world = any_session, make_world(any_session)
    name, speciality, phone, email, source, post, employer = CANARIES
    talent = world.mine(
        session,
        name=name,
        speciality=speciality,
        phone=phone,
        email=email,
        source=source,
        post=post,
        employer_name=employer,
    )
    reason, plan, note, number, words = LATER
    world.step(session, talent, TalentStage.VISITED, day(5), source=words)
    select_for_pool(session, world.operator, talent_id=talent.id, selected_on=day(4), reason=reason, plan=plan)
    note_growth(session, world.operator, talent_id=talent.id, noted_on=day(1), words=note)
    values = CERTIFICATE | {"certificate_number": number}
    classify_talent(session, world.operator, talent_id=talent.id, version=None, talent_class="a", **values)
    session.flush()
    before = everything(session)
    assert all(word in before for word in (*CANARIES, *LATER))
    total = funnel(session, world.operator).total
    assert total[:2] == (1, 1)
    with pytest.raises(Invalid, match="confirm"):
        delete_talent(session, world.person, talent_id=talent.id, confirm=False)

    delete_talent(session, world.person, talent_id=talent.id, confirm=True)

    after = everything(session)
    assert [word for word in (*CANARIES, *LATER) if word in after] == []
    assert str(talent.id) in after or talent.id.hex in after  # the chain still knows that there was a record
    assert verify_chain(session)[1] == []
    assert set(funnel(session, world.operator).total) == {0}


def test_others_delete_nobody(session, world):
    talent = world.employed(session)
    record_post(
        session,
        world.operator,
        talent_id=talent.id,
        version=None,
        post="教授",
        since=day(3),
        employer_id=world.institute.id,
    )
    for actor, refusal in ((world.admin, Forbidden), (world.institute_admin, Forbidden), (world.person, NotFound)):
        with pytest.raises(refusal):
            delete_talent(session, actor, talent_id=talent.id, confirm=True)
    with pytest.raises(NotFound):
        delete_talent(session, world.operator, talent_id=uuid4(), confirm=True)
    colleague = add_member(session, Role.OPERATOR)
    with pytest.raises(Invalid, match="open the record first"):
        delete_talent(session, colleague, talent_id=talent.id, confirm=True)
    delete_talent(session, world.operator, talent_id=talent.id, confirm=True)
    assert session.scalar(select(func.count()).select_from(Talent)) == 0
