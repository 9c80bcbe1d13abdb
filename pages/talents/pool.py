"""The selection pool: who is in it, since when, and when somebody last noted how they grow."""

import streamlit as st

from portal.talents.pool import PoolRow, list_pool
from portal.ui import _, day, label, plural, read
from portal.ui.lists import PAGE_SIZE, Card, cards, count_text, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import page_link

title(_("Selection pool"))
st.caption(_("People chosen early and grown with a plan; notes say how they grow. Open a record to see the plan."))
page_link(_("All talents"), "talents", icon=":material/groups:")
found = read(list_pool, offset=offset_of(), limit=PAGE_SIZE)
if not found.rows:
    empty(
        _("Nobody is in the selection pool yet. An operator takes people into it on their record."),
        page="talents",
        link=_("Talents"),
    )
    st.stop()
st.caption(_("{count} people", count=count_text(found.total)))


def card(row: PoolRow) -> Card:
    noted = plural("{count} note", "{count} notes", row.notes)
    last = _("the last on {day}", day=row.last_note_on) if row.last_note_on else _("no growth noted yet")
    return Card(
        row.name,
        "talent",
        row.id,
        badges=[row.talent_class],
        note=row.number,
        lines=[
            label(row.field),
            _("Selected on {day} by {name}", day=day(row.selected_on), name=row.selected_by),
            f"{noted} · {last}",
        ],
        alert="" if row.last_note_on else _("note missing"),
    )


cards(map(card, found.rows))
page_number(found.total)
