"""The pages of visits, run as those who use them."""

import pytest
from sqlalchemy import select

from db.models import ParticipantStatus, Visit, VisitItem, VisitParticipant, VisitStatus
from portal import clock
from portal.transactions import reading, writing
from portal.visits.commands import edit_visit
from portal.visits.rules import code_of_day, spaced
from tests.apptest import open_as, texts
from tests.visits.world import announce, form, group, make_world, on_the_day, plan, register, researcher

VISIT = "visits/visit.py"
S = ParticipantStatus


@pytest.fixture
def scene(sqlite_url):
    with writing() as session:
        world = make_world(session)
        return world, announce(session, world)


def page(actor, script=VISIT, **query):
    at = open_as(actor, script, **query)
    assert not at.exception, at.exception
    return at


def click(at, words):
    [button] = [button for button in at.button if button.label == words]
    button.click()
    at.run()
    assert not at.exception, at.exception


def shown(at):
    tables = "\n".join(str(table.value.to_csv()) for table in at.table)
    return (texts(at) + "\n".join(str(html.proto.body) for html in at.get("html")) + tables).replace("\\", "")


def rows_of(visit):
    with reading() as session:
        return session.scalars(select(VisitParticipant).where(VisitParticipant.visit_id == visit.id)).all()


def confirm(at, key):
    """The button at the end of a dialog."""
    at.button(key=key).click()
    at.run()
    assert not at.exception, at.exception


def test_registering_asks_for_consent(scene):
    world, visit = scene
    at = page(world.researcher, id=visit.id)
    click(at, "Register")
    assert "deleted 90 days after" in shown(at)
    confirm(at, "do_register")
    assert "Please agree to the use of the data" in shown(at)
    assert rows_of(visit) == []

    click(at, "Register")
    at.text_input(key="my_field").input("材料")
    at.text_input(key="my_phone").input("13800001234")
    at.checkbox(key="my_consent").check()
    confirm(at, "do_register")

    [row] = rows_of(visit)
    assert (row.status, row.field, row.follow_agreed) == (S.REGISTERED, "材料", False)
    assert f"Ticket {spaced(row.ticket)}" in shown(at)


def test_when_it_is_full_one_joins_the_waiting_list(scene):
    world, visit = scene
    with writing() as session:
        for _ in range(2):
            register(session, researcher(session, world), visit)
    at = page(world.researcher, id=visit.id)
    at.button(key="register").click()
    at.run()
    at.checkbox(key="my_consent").check()
    confirm(at, "do_register")
    assert "Number 1 on the list" in shown(at)

    click(at, "Cancel the registration")
    confirm(at, "cancel_mine_confirm")

    assert [row.status for row in rows_of(visit)].count(S.CANCELLED) == 1


def test_visitors_read_the_programme_and_no_names(scene):
    world, visit = scene
    with writing() as session:
        group(session, world.partner, visit)
    for actor in (None, world.leader, world.member):
        said = shown(page(actor, id=visit.id))
        assert "参观展厅" in said
        assert "梦航智谷科技园" in said
        assert "张三" not in said
    assert "Sign in to register" in shown(page(None, id=visit.id))
    assert "Taken: fewer than 5" in shown(page(world.leader, id=visit.id))


def test_the_organiser_sees_the_code_and_ticks_people_off(scene):
    world, visit = scene
    with writing() as session:
        rows = group(session, world.partner, visit)
    on_the_day(visit)
    at = page(world.admin, id=visit.id, tab="Check-in")
    code = code_of_day(visit.check_in_secret, clock.today())
    assert f"{code[:3]} {code[3:]}" in shown(at)
    assert "data:image/svg+xml" in shown(at)
    assert f"/check-in/{visit.id}" in shown(at)
    at.session_state["tab"] = "Participants"
    at.run()
    said = shown(at)
    assert all(name in said for name in ("张三", "李四", "13800001234"))

    at.button(key=f"tick_{rows[0].id}").click()
    at.run()

    assert {row.name: row.status for row in rows_of(visit)}["张三"] is S.ATTENDED


def test_a_group_is_registered_by_a_table_and_reads_its_tickets(scene):
    world, visit = scene
    at = page(world.partner, "visits/group.py", id=visit.id)
    at.text_area[0].input("张三,示例大学")
    at.checkbox[0].check()
    click(at, "Register a group")
    assert "Line 1" in shown(at)
    assert at.text_area[0].value == "张三,示例大学"

    at.text_area[0].input("张三,示例大学,材料\n李四,示例大学,机械,13800001234")
    click(at, "Register a group")

    said = shown(at)
    assert "2 people are on the list" in said
    for row in rows_of(visit):
        assert spaced(row.ticket) in said
    at.selectbox(key="leaver").select(rows_of(visit)[0].id)
    at.run()
    click(at, "Cancel the registration")
    confirm(at, "cancel_one_confirm")
    assert sorted(row.status for row in rows_of(visit)) == [S.CANCELLED, S.REGISTERED]


def test_planning_by_the_form(scene):
    world, _visit = scene
    at = page(world.admin, "visits/edit.py")
    at.text_input(key="meeting").input("地铁站 A 口")
    at.button(key="save").click()
    at.run()
    assert "Please choose the town" in texts(at)
    assert at.text_input(key="meeting").value == "地铁站 A 口"
    at.selectbox(key="town").select("pingyao")
    at.text_input(key="title").input("走进仓前")
    row = {"day": "1", "start": "9:00", "end": "10:00", "what": "参观"}
    at.session_state["programme_None_0"] = {"edited_rows": {0: row}, "added_rows": [], "deleted_rows": []}
    at.button(key="save").click()
    at.run()
    assert not at.exception

    with reading() as session:
        visit = session.scalars(select(Visit).where(Visit.title == "走进仓前")).one()
        item = session.scalars(select(VisitItem).where(VisitItem.visit_id == visit.id)).one()
    assert (visit.status, visit.organiser_id, item.from_minute) == (VisitStatus.PLANNED, world.enterprise.id, 540)


def test_the_form_of_a_visit_is_filled_and_announcing_says_what_is_missing(scene):
    world, visit = scene
    with writing() as session:
        bare = plan(session, world, programme=[], contact="")
    at = page(world.admin, "visits/edit.py", id=visit.id)
    assert at.text_input(key="title").value == visit.title
    assert at.number_input(key="capacity").value == 2
    at.number_input(key="capacity").set_value(3)
    at.button(key="save").click()
    at.run()
    with reading() as session:
        kept = session.get_one(Visit, visit.id)
        assert (kept.capacity, kept.sequence) == (3, 0)

    at = page(world.admin, id=bare.id)
    click(at, "Announce the visit")
    at.button(key="announce_confirm").click()
    at.run()

    assert "The programme is empty." in shown(at)
    assert "The contact is missing." in shown(at)


def test_a_form_that_is_out_of_date_saves_nothing(scene):
    world, visit = scene
    at = page(world.admin, "visits/edit.py", id=visit.id)
    with writing() as session:
        edit_visit(session, world.operator, visit_id=visit.id, version=None, form=form(world, capacity=9))
    at.text_input(key="title").input("别的名字")
    at.button(key="save").click()
    at.run()
    assert "Somebody else changed this record" in texts(at)
    with reading() as session:
        kept = session.get_one(Visit, visit.id)
        assert (kept.title, kept.capacity) == ("走进瓶窑", 9)


def test_lists_filter_by_time_kind_and_free_places(scene):
    world, visit = scene
    with writing() as session:
        full = announce(session, world, title="名额已满", capacity=1)
        register(session, researcher(session, world), full)
        past = announce(session, world, title="昨日之访", days=1)
        register(session, world.researcher, visit)
        now = session.get_one(Visit, past.id)
        now.starts_on = now.ends_on = clock.today().replace(year=clock.today().year - 1)
    said = texts(page(world.researcher, "visits/list.py"))
    assert "走进瓶窑" in said
    assert "名额已满" in said
    assert "昨日之访" not in said
    assert "名额已满" not in texts(page(None, "visits/list.py", free="True"))
    assert "昨日之访" in texts(page(None, "visits/list.py", when="past"))
    assert "No visit fits these filters" in texts(page(None, "visits/list.py", kind="window"))
    mine = texts(page(world.researcher, "visits/mine.py"))
    assert "走进瓶窑" in mine
    assert "名额已满" not in mine


def test_the_calendar_address_is_shown_once(scene):
    world, _visit = scene
    at = page(world.researcher, "account/profile.py")
    click(at, "Make an address")
    [code] = at.code
    assert "/calendar/" in code.value

    at.run()

    assert list(at.code) == []
    assert "Take the address back" in [button.label for button in at.button]
