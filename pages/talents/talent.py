"""One talent: the public card, or the journey, posts, consents, pool and history as far as the reader may see them."""

import streamlit as st

from pages.talents.panels import about, consents, journey, opening, pool, posts
from portal.organisations.places import town_name
from portal.permissions import Action
from portal.talents.access import Sight
from portal.talents.queries import talent_detail
from portal.talents.workflow import TALENT_WORKFLOW
from portal.ui import _, ask, day, label, language, read
from portal.ui.history import record_history
from portal.ui.record import diagram, empty, facts, head, title
from portal.ui.shell import open_page

chosen = ask("id")
if chosen is None:
    empty(_("Choose a person from the list."), page="talents", link=_("Talents"))
    st.stop()
record = read(talent_detail, chosen)
row = record.row
town = town_name(row.town_code, language())

if row.sight is Sight.CARD or row.stage is None:
    title(row.name)
    if row.speciality:
        st.text(row.speciality)
    facts([(_("Field of work"), label(row.field)), (_("Employer"), row.employer or "—"), (_("Town"), town or "—")])
    st.caption(_("This card is public with the person's consent; it disappears when the consent is withdrawn."))
    st.stop()

line = " · ".join(part for part in (row.speciality, row.post) if part)
head(row.name, row.stage, over=f"{row.number} · {label(row.field)}", line=line)
facts(
    [
        (_("Class"), label(row.talent_class) if row.talent_class else _("Without a class")),
        (_("Channel"), label(row.channel) if row.channel else "—"),
        (_("Town"), town or "—"),
        *([] if row.sight is Sight.CLOSED else [(_("Arrived on"), day(row.arrived_on))]),
        (_("Employer"), row.employer or "—"),
    ]
)
if row.sight is Sight.CLOSED:
    opening.show(record)
    st.stop()

if Action.EDIT_TALENT in record.actions and st.button(
    label(Action.EDIT_TALENT), icon=":material/edit:", key="edit_record"
):
    open_page("my-data" if record.is_self else "talent-edit", None if record.is_self else row.id)
tabs = {"journey": _("Journey"), "posts": _("Posts")}
if row.sight is Sight.FULL:
    tabs |= {"about": _("Certificate and contact"), "consents": _("Consents"), "pool": _("Selection pool")}
    tabs |= {"history": _("History")}
for key, tab in zip(tabs, st.tabs(list(tabs.values()), key="tab", on_change="rerun"), strict=True):
    if not tab.open:
        continue
    with tab:
        if key == "journey":
            journey.show(record)
        elif key == "posts":
            posts.show(record)
        elif key == "about":
            about.show(record)
        elif key == "consents":
            consents.show(record)
        elif key == "pool":
            pool.show(record)
        else:
            opening.readings(record)
            record_history(row.id)
            diagram(TALENT_WORKFLOW, row.stage)
