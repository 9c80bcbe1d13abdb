"""What stands around every page: navigation, who I am, notices, language."""

from copy import copy
from functools import cache
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
from portal.ui.fold import LINE, fold
from portal.ui.page_table import PAGES, PageRow, pages_for
from portal.ui.run import actor, choose_language, language, perform, read, session_key
from portal.ui.web_links import web_link
from portal.ui.words import _, escape, label

NOT_YOURS = "not_yours.py"
PAGES_DIR = Path(__file__).resolve().parents[2] / "pages"
_ROWS = {row.url_path: row for row in PAGES}


def open_page(url_path: str, object_id: UUID | None = None) -> None:
    """Go to a page by its address, to one record if an id is given; where it is for other roles, it says so."""
    page = _page(_as_registered(_ROWS[url_path]), language())
    st.switch_page(page, query_params={"id": str(object_id)} if object_id else None)


def record_link(
    text: str,
    url_path: str,
    object_id: UUID | None,
    *,
    icon: str | None = None,
    strong: bool = False,
    width: int = LINE,
    below: str = "",
) -> None:
    """A link to a record's page inside the running app, or to the page itself; the text is shown literally.

    It is broken into lines of that width, in half-width letters; `below` is the rest of the link, less strong. Where
    the page is for other roles the words stand alone.
    """
    words = "  \n".join(escape(line) for line in fold(text, width))
    label = f"**{words}**" if strong else words
    if below:
        label += "  \n" + "  \n".join(escape(line) for line in fold(below, width))
    if not leads_to(url_path):
        st.markdown(label)
        return
    page_link(label, url_path, icon=icon, query_params={"id": str(object_id)} if object_id else None)


def page_link(label: str, url_path: str, *, icon: str | None = None, **options: Any) -> None:
    """A link to a page by its address, not drawn where the page is for other roles; the label is Markdown."""
    if not leads_to(url_path):
        return
    # An empty icon wins over the page's own, which would stand before every link.
    st.page_link(_page(_ROWS[url_path], language()), label=label, icon=icon or "", **options)


def leads_to(url_path: str) -> bool:
    """Whether whoever is on screen may open that page in the role worn now: a link elsewhere would break the run."""
    return actor().role in _ROWS[url_path].roles


def navigation(current: Actor) -> Any:
    """The pages of this actor at the top; at the address of another role's page stands a page that says so."""
    mine, code = pages_for(current), language()
    groups: dict[str, list[Any]] = {"": [], _("More"): []}
    for row in mine:
        groups[_("More") if row.more and not row.hidden else ""].append(copy(_page(row, code)))
    others = (row for row in PAGES if row not in mine)
    groups[""] += [copy(_page(_as_registered(row), code)) for row in others]
    return st.navigation({name: rows for name, rows in groups.items() if rows}, position="top")


def _as_registered(row: PageRow) -> PageRow:
    """What stands at that address for whoever is on screen."""
    return row if leads_to(row.url_path) else row._replace(script=NOT_YOURS, hidden=True)


@cache
def _page(row: PageRow, code: str) -> Any:
    """A page is checked and resolved once a process; `st.navigation` marks what it runs, so it gets copies."""
    return st.Page(
        PAGES_DIR / row.script,
        title=i18n.translate(row.title, code),
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
        page_link(_("My account"), "account", icon=":material/manage_accounts:")


def _hat_words(row: Any) -> str:
    return f"{label(row.role)} · {row.organisation_name}" if row.organisation_name else label(row.role)


def _change_hat() -> None:
    perform(switch_membership, membership_id=UUID(st.session_state["hat"]), key=session_key() or "")


def _bell() -> None:
    waiting = read(unread_count)
    page_link(
        _("Notices ({count})", count=waiting) if waiting else _("Notices"),
        "notices",
        icon=":material/notifications_active:" if waiting else ":material/notifications:",
    )


def _language_switch(current: Actor) -> None:
    other = next(code for code in i18n.LANGUAGES if code != language())
    if st.button(i18n.LANGUAGES[other], key="language", type="tertiary", icon=":material/translate:"):
        choose_language(other)
        if current.signed_in:
            perform(update_profile, language=other)
        st.rerun()
