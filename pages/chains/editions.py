"""Editions: reference points and weights of the four chains, prepared by an operator, published by an approver."""

import streamlit as st

from pages.chains.parts.edition import show_edition
from portal.metrics.four_chains.degrees import frozen_months, list_editions, may_prepare
from portal.metrics.four_chains.editions import LEAST_MONTHS, prepare_edition
from portal.permissions import Action
from portal.ui import _, actor, label, month, perform, read
from portal.ui.record import empty, title
from portal.ui.run import tell
from portal.ui.shell import page_link

title(_("Editions of the four chains"))
st.caption(
    _(
        "An edition freezes the smallest and largest value of every indicator over a base period, and the weights that "
        "follow from them. A new month changes nothing of the past; another base period is another edition."
    )
)
page_link(_("Back to the four chains"), "four-chains", icon=":material/arrow_back:")
months, editions = read(frozen_months), read(list_editions)


def prepare() -> None:
    """The form of the operator."""
    st.subheader(_("Prepare an edition"), anchor=False)
    if len(months) < LEAST_MONTHS:
        words = _("At least {count} frozen months are needed; there are {now}.", count=LEAST_MONTHS, now=len(months))
        st.caption(words)
        return
    with st.form("prepare"):
        with st.grid(2, min_column_width=200):
            first = st.selectbox(_("First month"), months, index=min(len(months), 12) - 1, format_func=month)
            last = st.selectbox(_("Last month"), months, index=0, format_func=month)
        note = st.text_area(_("Why this base period (optional)"), max_chars=600, height=80)
        sent = st.form_submit_button(label(Action.PREPARE_EDITION), type="primary")
    if sent and perform(prepare_edition, base_from=first, base_until=last, note=note):
        tell(_("The edition is prepared. Somebody else publishes it."))
        st.rerun()


if not editions:
    empty(_("There is no edition yet."))
for row in editions:
    show_edition(row)
if may_prepare(actor()):
    prepare()
