"""What came of the work with one university: agreements and commitments, answers and awards, projects landed."""

import streamlit as st

from portal.metrics.universities import BRANCHES, Result, University, came_of_it, university
from portal.ui import _, ask, day, plural, read
from portal.ui.figures import figure
from portal.ui.lists import Card, cards, offset_of, page_number
from portal.ui.record import empty, title
from portal.ui.shell import record_link
from portal.ui.words import escape

PAGE = 12

chosen = ask("id")
if chosen is None:
    empty(
        _("Choose a university from its agreement or from the organisations."), page="agreements", link=_("Agreements")
    )
    st.stop()
found: University = read(university, chosen)
here = str(found.id)

st.caption(_("What came of the work with this university"))
title(escape(found.name))
record_link(_("See the organisation"), "organisation", found.id, icon=":material/apartment:")


def finding(row: University) -> str:
    """One sentence that says what came of it, with the landed projects first."""
    landed = row.technology + row.talent
    if not any((row.agreements, row.answered, row.awarded, landed)):
        return _("Nothing has come of it yet that you may see here.")
    return _(
        "Landed projects: {landed}. Challenges answered: {answered}, of which solved: {solved}.",
        landed=landed,
        solved=row.solved,
        answered=row.answered,
    )


st.text(finding(found))


def agreed() -> None:
    st.subheader(_("Agreed and kept"), anchor=False)
    with st.grid(4, min_column_width=140) as grid:
        asked = {"university": here}
        figure(grid, _("Agreements"), f"{found.agreements}", link=_("Open the list"), page="agreements", filters=asked)
        if not found.has_commitments:
            return
        for name, count, state in (
            (_("Commitments delivered"), found.kept, "kept"),
            (_("Commitments open"), found.open, "open"),
            (_("Of these overdue"), found.late, "late"),
        ):
            figure(
                grid, name, f"{count}", link=_("Open the list"), page="commitments", filters=asked | {"state": state}
            )


def people() -> None:
    st.subheader(_("People who came"), anchor=False)
    if found.people is None:
        st.caption(_("In this role you read figures about people at most, never the people themselves."))
        return
    asked = {"employer": here, "reached": "joined"}
    with st.grid(4, min_column_width=140) as grid:
        figure(grid, _("Hold a post there"), f"{found.people}", link=_("Open the list"), page="talents", filters=asked)


agreed()
people()
NAMES = {
    "answered": (_("Challenges answered"), found.answered),
    "awarded": (_("Challenges awarded"), found.awarded),
    "solved": (_("Challenges solved"), found.solved),
    "technology": (_("Technology projects landed"), found.technology),
    "talent": (_("Talent projects landed"), found.talent),
}
st.subheader(_("Answered and landed"), anchor=False)


def chosen_branch() -> str:
    """The one in the address, or the first behind which something stands."""
    asked = st.query_params.get("branch", "")
    return asked if asked in BRANCHES else next((code for code in reversed(BRANCHES) if NAMES[code][1]), "answered")


def choose(code: str) -> None:
    st.query_params["branch"] = code
    st.query_params.pop("page", None)


branch = chosen_branch()
with st.grid(5, min_column_width=140) as grid:
    for code, (name, count) in NAMES.items():
        with grid.cell():
            st.metric(name, f"{count}")
            is_here = code == branch
            icon = ":material/arrow_downward:" if is_here else ":material/arrow_forward:"
            words = _("Listed below") if is_here else _("Open the list")
            st.button(
                words, key=f"open_{code}", icon=icon, type="tertiary", disabled=is_here, on_click=choose, args=(code,)
            )
st.caption(_("An answer counts from the opening of its challenge on; what is still sealed stands in no figure."))

st.subheader(NAMES[branch][0], anchor=False)
behind = read(came_of_it, found.id, branch=branch, offset=offset_of(size=PAGE), limit=PAGE)
page = "landing" if branch in ("technology", "talent") else "challenge"


def card(row: Result) -> Card:
    since = _("since {day}", day=day(row.since)) if row.since else ""
    return Card(row.title, page, row.id, badges=[row.status], note=" · ".join(filter(None, (row.number, since))))


if behind.rows:
    cards(map(card, behind.rows))
    page_number(behind.total, size=PAGE)
elif not behind.hidden:
    empty(_("Nothing stands behind this figure yet."))
if behind.hidden:
    st.caption(
        plural(
            "{count} more was opened and not awarded: it is counted here and read by those who evaluate.",
            "{count} more were opened and not awarded: they are counted here and read by those who evaluate.",
            behind.hidden,
        )
    )
