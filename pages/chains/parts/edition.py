"""One edition: what it rests on, its points and weights, and the two acts that end its waiting."""

import streamlit as st

from pages.chains.parts.head import amount
from portal.metrics.four_chains.degrees import EditionRow, weights_of
from portal.metrics.four_chains.editions import discard_edition, publish_edition
from portal.metrics.four_chains.workflow import EditionStatus
from portal.permissions import Action
from portal.ui import _, date_time, escape, label, month, read
from portal.ui.lists import table
from portal.ui.record import confirm_dialog, reason_dialog
from portal.ui.run import perform_and_tell
from portal.ui.tones import badge


def show_edition(row: EditionRow) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Edition {number}', number=row.number)}**", width="content")
            badge(row.status)
        st.text(_("Base period {first} to {last}", first=month(row.base_from), last=month(row.base_until)))
        if row.note:
            st.text(row.note)
        st.caption(_signatures(row))
        _buttons(row)
        with st.expander(_("Reference points and weights"), icon=":material/table:"):
            _weights(row)


def _signatures(row: EditionRow) -> str:
    words = _("Prepared by {who}, {when}", who=escape(row.prepared_by) or "—", when=date_time(row.prepared_at))
    if row.decided_at is None:
        return words
    who, when = escape(row.decided_by) or "—", date_time(row.decided_at)
    if row.status is EditionStatus.PUBLISHED:
        return words + " · " + _("Published by {who}, {when}", who=who, when=when)
    return words + " · " + _("Discarded by {who}, {when}", who=who, when=when)


def _buttons(row: EditionRow) -> None:
    with st.container(horizontal=True):
        if Action.PUBLISH_EDITION in row.actions and st.button(
            label(Action.PUBLISH_EDITION), type="primary", key=f"publish-{row.id}"
        ):
            confirm_dialog(
                label(Action.PUBLISH_EDITION),
                _("Every frozen month is scored by it, and it is the one shown first. It cannot be changed any more."),
                lambda: perform_and_tell(
                    publish_edition, _("The edition is published."), edition_id=row.id, version=row.version
                ),
                key="publish_edition",
            )
        if Action.DISCARD_EDITION in row.actions and st.button(label(Action.DISCARD_EDITION), key=f"discard-{row.id}"):
            reason_dialog(
                label(Action.DISCARD_EDITION),
                _("It keeps its number and is not shown any more."),
                lambda reason: perform_and_tell(
                    discard_edition,
                    _("The edition is discarded."),
                    edition_id=row.id,
                    version=row.version,
                    reason=reason,
                ),
                key="discard_edition",
            )


def _weights(row: EditionRow) -> None:
    table(
        [
            {
                _("Chain"): label(weight.chain),
                _("Indicator"): _(weight.indicator.label),
                _("Smallest"): amount(weight.low, weight.indicator.unit),
                _("Largest"): amount(weight.high, weight.indicator.unit),
                _("Weight"): f"{weight.weight:.1%}",
            }
            for weight in read(weights_of, edition_id=row.id)
        ]
    )
