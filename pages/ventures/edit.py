"""Write an application: a new one, or the one in the address until it is submitted."""

from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action
from portal.ui import _, ask, label, perform, read
from portal.ui.record import empty, title
from portal.ui.run import tell
from portal.ui.shell import open_page
from portal.ventures.commands import create_venture, edit_venture
from portal.ventures.queries import VentureDetail, venture_detail

state: Any = st.session_state
chosen = ask("id")
known: VentureDetail | None = read(venture_detail, chosen) if chosen else None
if known is not None and Action.EDIT_VENTURE not in known.actions:
    empty(
        _("This application cannot be changed now, or not by you."), page="ventures", link=_("Scientist-entrepreneurs")
    )
    st.stop()
tag = str(chosen) if chosen else "new"
state.setdefault("venture_token", uuid4())


def party(name: str, kind: OrganisationKind, before: UUID | None, key: str, words: str) -> UUID | None:
    rows = dict(read(verified_organisations, kinds=(kind,)))
    return st.selectbox(
        name,
        list(rows),
        index=list(rows).index(before) if before in rows else None,
        format_func=rows.__getitem__,
        key=f"{key}_{tag}",
        placeholder=words,
    )


title(label(Action.EDIT_VENTURE) if known else label(Action.CREATE_VENTURE))
if known and known.institute_signed_at:
    st.warning(_("It has been signed already. Any change takes the signatures back."))
name = st.text_input(_("Title") + " *", known.row.title if known else "", key=f"title_{tag}", max_chars=200)
summary = st.text_area(
    _("Summary") + " *",
    known.row.summary if known else "",
    key=f"summary_{tag}",
    max_chars=1000,
    help=_("It is read during the public notice."),
)
enterprise = party(
    _("Enterprise that hosts it") + " *",
    OrganisationKind.ENTERPRISE,
    known.enterprise_id if known else None,
    "enterprise",
    _("Please choose"),
)
agency = party(
    _("Transfer agency that accompanies it"),
    OrganisationKind.AGENCY,
    known.agency_id if known else None,
    "agency",
    _("None"),
)
plan = st.text_area(
    _("Plan"),
    known.plan if known else "",
    key=f"plan_{tag}",
    max_chars=8000,
    height=280,
    placeholder=_("What is founded, with which results, team, money and milestones; what each party gives."),
)

if st.button(_("Save"), type="primary", key="save"):
    typed: dict[str, Any] = {
        "title": name,
        "summary": summary,
        "plan": plan,
        "enterprise_id": enterprise,
        "agency_id": agency,
    }
    if known is None:
        made = perform(create_venture, token=state["venture_token"], **typed)
        if made:
            del state["venture_token"]
            tell(_("The application is saved; your institute endorses it next."))
            open_page("venture", made)
    elif perform(edit_venture, venture_id=known.row.id, version=known.version, **typed) is not None:
        tell(_("Saved."))
        open_page("venture", known.row.id)
