"""Posts, also several at once: the list, the form for another one, and the end of one."""

from typing import Any
from uuid import UUID

import streamlit as st

from portal import clock
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import ORGANISATION_ADMINS, Action
from portal.talents.posts import end_post, record_post
from portal.talents.queries import PostRow, TalentDetail
from portal.talents.rules import FIRST_DAY
from portal.ui import _, actor, day, label, perform, read
from portal.ui.record import begin_afresh, dialog_button, fresh
from portal.ui.run import tell

KINDS = tuple(OrganisationKind)


def show(record: TalentDetail) -> None:
    if not record.posts:
        st.caption(_("No post is recorded yet."))
    for row in record.posts:
        _post(record, row)
    if Action.RECORD_POST in record.actions:
        _form(record)


def _post(record: TalentDetail, row: PostRow) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if row.is_main:
                st.badge(_("Main post"), color="primary")
            else:
                st.badge(_("Another post"), color="blue")
            st.text(f"{row.post} · {row.employer}", width="content")
        end = day(row.until) if row.until else _("today")
        st.caption(f"{day(row.since)} – {end}")
        if row.may_end and Action.RECORD_POST in record.actions and st.button(_("End it"), key=f"end_{row.id}"):
            _end(record, row)


def organisation_field(key: str, *, needed: bool) -> None:
    """An organisation of the portal, or another one by its name; an admin's own one is set."""
    if actor().role in ORGANISATION_ADMINS:
        st.text(_("Employer: {name}", name=actor().organisation_name))
        return
    names = dict(read(verified_organisations, kinds=KINDS))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Employer") + (" *" if needed else ""),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=fresh(f"{key}_id"),
            placeholder=_("Choose an organisation"),
        )
        st.text_input(_("or, if it is not in the list, its name"), key=fresh(f"{key}_name"), max_chars=200)


def chosen_organisation(key: str) -> dict[str, Any]:
    """What was chosen there, as commands take it; the choice wins over the name."""
    state: Any = st.session_state
    chosen: UUID | None = state.get(fresh(f"{key}_id"))
    return {"employer_id": chosen, "employer_name": "" if chosen else state.get(fresh(f"{key}_name"), "")}


def _form(record: TalentDetail) -> None:
    with st.expander(label(Action.RECORD_POST), icon=":material/add:"), st.form("post", border=False):
        organisation_field("post", needed=True)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Post") + " *", key=fresh("post"), max_chars=100)
            st.date_input(_("Since"), clock.today(), key=fresh("post_since"), format="YYYY-MM-DD", min_value=FIRST_DAY)
        has_main = any(row.is_main and row.until is None for row in record.posts)
        ways = {"main": _("Main post")}
        if has_main:
            ways = {
                "beside": _("Beside the main post"),
                "ends": _("Main post; the present one ends the day before"),
                "keeps": _("Main post; the present one goes on beside it"),
            }
        st.radio(_("Kind"), list(ways), format_func=ways.__getitem__, key=fresh("post_way"))
        st.form_submit_button(label(Action.RECORD_POST), type="primary", on_click=_save, args=(record,))


def _save(record: TalentDetail) -> None:
    state: Any = st.session_state
    way = state[fresh("post_way")]
    done = perform(
        record_post,
        talent_id=record.row.id,
        version=record.version,
        post=state[fresh("post")],
        since=state[fresh("post_since")],
        is_main=way != "beside",
        keeps_present=way == "keeps",
        **chosen_organisation("post"),
    )
    if done:
        tell(_("The post is recorded."))
        begin_afresh()


def _end(record: TalentDetail, row: PostRow) -> None:
    heading = _("End it")
    others = {post.id: f"{post.post} · {post.employer}" for post in record.posts if _is_beside(post, row)}

    def fire() -> bool:
        state: Any = st.session_state
        done = perform(
            end_post,
            talent_id=record.row.id,
            post_id=row.id,
            version=record.version,
            until=state["post_until"],
            successor=state.get("successor"),
        )
        if done:
            tell(_("The post is ended."))
        return bool(done)

    @st.dialog(heading)
    def ask_end() -> None:
        st.text(f"{row.post} · {row.employer}")
        st.date_input(_("Last day"), clock.today(), key="post_until", format="YYYY-MM-DD", min_value=FIRST_DAY)
        if row.is_main and others:
            st.selectbox(_("Main post from then on"), list(others), format_func=others.__getitem__, key="successor")
        dialog_button(heading, fire, key="do_end_post")

    ask_end()


def _is_beside(post: PostRow, ended: PostRow) -> bool:
    return post.id != ended.id and not post.is_main and post.until is None
