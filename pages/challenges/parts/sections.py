"""The sections of a challenge as their reader may read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st

from portal.challenges.confidential import read_confidential
from portal.challenges.details import ChallengeDetail, Lock, SectionView, challenge_files
from portal.challenges.sections import SHAPES, Field, Kind
from portal.challenges.workflow import Disclosure, IpRegime, SectionKey
from portal.errors import N_
from portal.organisations.places import industry_name, town_name
from portal.ui import _, date_time, label, language, money, perform, read
from portal.ui.web_links import file_link

READING_WIDTH = 720  # about forty Chinese characters a line
IN_TABS_OF_THEIR_OWN = frozenset({SectionKey.METRICS, SectionKey.RUBRIC, SectionKey.SCHEDULE})
ABOVE = frozenset({"title", "summary", "industry_code", "town_code", "trl_wanted"})

LOCKS = {
    Lock.SIGN_IN: N_("Sign in as a member of a verified organisation to read this section."),
    Lock.VERIFY: N_("This section opens as soon as an operator has verified your organisation."),
    Lock.ACCEPT_NDA: N_("Accept the confidentiality agreement to read this section: see “Confidentiality”."),
    Lock.RECORD: N_("You may read this section. The reading is recorded with your name and the time."),
    Lock.CLOSED: N_("Only those who propose under the confidentiality agreement read this section."),
}


def show_sections(record: ChallengeDetail) -> None:
    """Every section that says something, in the order of the form."""
    if not record.sections:
        st.caption(_("Nothing was written yet."))
    with st.container(width=READING_WIDTH):
        for section in record.sections:
            if section.key not in IN_TABS_OF_THEIR_OWN:
                _show(record, section)
    if any(section.lock is Lock.RECORD for section in record.sections):
        _offer_reading(record.id)


def _show(record: ChallengeDetail, section: SectionView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(label(section.key), anchor=False, width="content")
        if section.disclosure is not Disclosure.PUBLIC:
            st.badge(label(section.disclosure), icon=":material/lock:", color="gray")
    if section.content is None:
        st.caption(f":material/lock: {_(LOCKS[section.lock])}")
        return
    show_content(section.key, section.content)
    if section.key is SectionKey.ATTACHMENTS:
        for file in read(challenge_files, record.id):
            file_link(f"{file.name} ({size(file.size)})", file.id)


def show_content(key: SectionKey, content: Mapping[str, Any], *, everything: bool = False) -> None:
    """The fields of a section that hold something; what stands in the head is left out."""
    for field in SHAPES[key].fields:
        value = content.get(field.name)
        if value in (None, "") or (key is SectionKey.PROBLEM and field.name in ABOVE and not everything):
            continue
        if field.kind is Kind.TEXT:
            if field.name == "note" or everything:
                st.caption(_(field.label))
            st.text(value)
        else:
            name, words = _(field.shown or field.label), in_words(field, value)
            st.text(_("{name}: {value}", name=name, value=words))


def in_words(field: Field, value: Any) -> str:
    """A stored value as the reader says it."""
    match field.kind:
        case Kind.INDUSTRY:
            return industry_name(value, language())
        case Kind.TOWN:
            return town_name(value, language())
        case Kind.MONEY:
            return money(value)
        case Kind.IP:
            return label(IpRegime(value))
        case Kind.MOMENT:
            return date_time(datetime.fromisoformat(value))
        case Kind.READINESS:
            return _("{level} of 9", level=value)
    return str(value)


def size(count: int) -> str:
    """`12 kB`, `3.4 MB`."""
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{max(1, round(count / 1024))} kB"


def _offer_reading(challenge_id: UUID) -> None:
    st.button(
        _("Read the confidential sections"),
        icon=":material/lock_open:",
        key="read_confidential",
        on_click=lambda: perform(read_confidential, challenge_id=challenge_id),
    )
