"""What stands around every page: navigation, who I am, notices, language."""

from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from portal import i18n
from portal.accounts.commands import switch_membership, update_profile
from portal.accounts.queries import my_memberships
from portal.notifications.queries import unread_count
from portal.permissions import Actor
from portal.settings import settings
from portal.ui.page_table import PAGES, PageRow, pages_for
from portal.ui.run import choose_language, language, perform, read, session_key
from portal.ui.web_links import web_link
from portal.ui.words import _, escape, label

NOT_YOURS = "not_yours.py"
PAGES_DIR = Path(__file__).resolve().parents[2] / "pages"


def page_path(script: str) -> str:
    """The absolute path by which Streamlit knows a page; `challenges/list.py` → for `st.switch_page` and links."""
    return str(PAGES_DIR / script)


def open_page(url_path: str, object_id: UUID | None = None) -> None:
    """Go to a page by its address, to one record if an id is given."""
    script = next(row.script for row in PAGES if row.url_path == url_path)
    st.switch_page(page_path(script), query_params={"id": str(object_id)} if object_id else None)


def navigation(current: Actor) -> Any:
    """The pages of this actor at the top; at the address of another role's page stands a page that says so."""
    mine = pages_for(current)
    groups: dict[str, list[Any]] = {"": [], _("More"): []}
    for row in mine:
        groups[_("More") if row.more and not row.hidden else ""].append(_page(row))
    groups[""] += [_page(row._replace(script=NOT_YOURS, hidden=True)) for row in PAGES if row not in mine]
    return st.navigation({name: rows for name, rows in groups.items() if rows}, position="top")


def _page(row: PageRow) -> Any:
    return st.Page(
        page_path(row.script),
        title=_(row.title),
        icon=f":material/{row.icon}:",
        url_path=row.url_path,
        default=row.url_path == "home",
        visibility="hidden" if row.hidden else "visible",
    )


def who_i_am(current: Actor) -> None:
    """One row under the navigation: demo mark, hat, bell, language, sign-in or out."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        if settings().demo:
            st.badge(_("Demonstration data"), icon=":material/science:", color="orange")
        if current.signed_in:
            _hat(current)
            _bell()
        _language_switch(current)
        if current.signed_in:
            web_link(_("Sign out"), "/logout")
        else:
            web_link(_("Apply to take part"), "/apply")
            web_link(_("Sign in"), "/login", strong=True)


def _hat(current: Actor) -> None:
    rows = read(my_memberships)
    words = {str(row.id): _hat_words(row) for row in rows}
    name = f"{current.name} · {label(current.role)}" if current.role.value != "visitor" else current.name
    with st.popover(escape(name), icon=":material/person:", type="tertiary"):
        if current.organisation_name:
            st.text(current.organisation_name)
        if len(rows) > 1:
            st.selectbox(
                _("Act as"),
                list(words),
                index=list(words).index(str(current.membership_id)) if str(current.membership_id) in words else 0,
                format_func=words.__getitem__,
                key="hat",
                on_change=_change_hat,
            )
        st.page_link(page_path("account/profile.py"), label=_("My account"), icon=":material/manage_accounts:")


def _hat_words(row: Any) -> str:
    return f"{label(row.role)} · {row.organisation_name}" if row.organisation_name else label(row.role)


def _change_hat() -> None:
    perform(switch_membership, membership_id=UUID(st.session_state["hat"]), key=session_key() or "")


def _bell() -> None:
    waiting = read(unread_count)
    st.page_link(
        page_path("account/notices.py"),
        label=_("Notices ({count})", count=waiting) if waiting else _("Notices"),
        icon=":material/notifications_active:" if waiting else ":material/notifications:",
    )


def _language_switch(current: Actor) -> None:
    other = next(code for code in i18n.LANGUAGES if code != language())
    if st.button(i18n.LANGUAGES[other], key="language", type="tertiary", icon=":material/translate:"):
        choose_language(other)
        if current.signed_in:
            perform(update_profile, language=other)
        st.rerun()
