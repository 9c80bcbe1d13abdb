"""Write an agreement: a new draft, or the one in the address while it is negotiated."""

from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from portal import clock
from portal.agreements.commands import create_agreement, edit_agreement
from portal.agreements.queries import AgreementDetail, agreement_detail
from portal.agreements.workflow import AgreementPart, CooperationField, PartySide
from portal.organisations.queries import verified_organisations
from portal.organisations.workflow import OrganisationKind
from portal.permissions import Action
from portal.ui import _, ask, label, perform, read
from portal.ui.record import empty, title
from portal.ui.run import tell
from portal.ui.shell import open_page
from portal.wording import wan_from_fen

state: Any = st.session_state
chosen = ask("id")
known: AgreementDetail | None = read(agreement_detail, chosen) if chosen else None
if known is not None and Action.EDIT_AGREEMENT not in known.actions:
    empty(_("This agreement cannot be changed now, or not by you."), page="agreements", link=_("Agreements"))
    st.stop()
tag = str(chosen) if chosen else "new"
state.setdefault("agreement_token", uuid4())


def of_side(*sides: PartySide) -> list[UUID]:
    return [party.organisation_id for party in known.parties if party.side in sides] if known else []


def group(side: PartySide) -> str:
    rows = known.steering if known else ()
    return "\n".join(f"{row.name}，{row.post}" for row in rows if row.side is side)


def organisations(*kinds: OrganisationKind) -> dict[UUID, str]:
    return dict(read(verified_organisations, kinds=kinds))


title(label(Action.EDIT_AGREEMENT) if known else label(Action.CREATE_AGREEMENT))
if known and any(party.signed_at for party in known.parties):
    st.warning(_("Somebody has signed already. Any change voids the signatures, and everybody signs anew."))

name = st.text_input(_("Title") + " *", known.row.title if known else "", key=f"title_{tag}", max_chars=200)
parts = {part: label(part) for part in AgreementPart}
part: Any = st.selectbox(
    _("Part in “one body, two wings”"),
    list(parts),
    index=list(parts).index(known.row.part) if known and known.row.part else 0,
    format_func=parts.__getitem__,
    key=f"part_{tag}",
    help=_("The body is the whole partnership; a wing carries technology or talent on its own."),
)
words = {field: label(field) for field in CooperationField}
fields = st.pills(
    _("Fields of cooperation") + " *",
    list(words),
    selection_mode="multi",
    default=list(known.row.fields) if known else [],
    format_func=words.__getitem__,
    key=f"fields_{tag}",
)

st.subheader(_("Parties"), anchor=False)
offices = organisations(OrganisationKind.GOVERNMENT)
own = of_side(PartySide.DISTRICT)
office = st.selectbox(
    _("Office that acts for the district") + " *",
    list(offices),
    index=list(offices).index(own[0]) if own and own[0] in offices else None,
    format_func=offices.__getitem__,
    key=f"office_{tag}",
    placeholder=_("Please choose"),
)


def several(name: str, options: dict[UUID, str], before: list[UUID], key: str) -> list[UUID]:
    return st.multiselect(
        name,
        list(options),
        default=[one for one in before if one in options],
        format_func=options.__getitem__,
        key=f"{key}_{tag}",
        placeholder=_("Please choose"),
    )


institutes = several(
    _("Universities and institutes") + " *",
    organisations(OrganisationKind.INSTITUTE),
    of_side(PartySide.INSTITUTE),
    "institutes",
)
others = several(
    _("Enterprises, agencies and other offices that join"),
    organisations(OrganisationKind.ENTERPRISE, OrganisationKind.AGENCY, OrganisationKind.GOVERNMENT),
    of_side(PartySide.ENTERPRISE, PartySide.AGENCY, PartySide.OFFICE),
    "others",
)

st.subheader(_("Term and money"), anchor=False)
today = clock.today()
with st.container(horizontal=True, vertical_alignment="bottom"):
    starts_on = st.date_input(
        _("First day") + " *", known.row.starts_on if known else today, key=f"starts_{tag}", format="YYYY-MM-DD"
    )
    ends_on = st.date_input(
        _("Last day") + " *",
        known.row.ends_on if known else today.replace(year=today.year + 3, day=min(today.day, 28)),
        key=f"ends_{tag}",
        format="YYYY-MM-DD",
    )
    signed_on = st.date_input(
        _("Signing day, if it was signed on paper before"),
        known.signed_on if known else None,
        key=f"signed_{tag}",
        format="YYYY-MM-DD",
    )
money = st.text_input(
    _("Money promised, in 10,000 yuan (万元), if any"),
    f"{wan_from_fen(known.money_fen):f}" if known and known.money_fen else "",
    key=f"money_{tag}",
    max_chars=40,
    placeholder=_("Example: 1200, 1.2 亿元 or 3000 元"),
)

st.subheader(_("Steering group"), anchor=False)
st.caption(_("One person a line: name, comma, post. The first of each side is its co-chair."))
with st.container(horizontal=True):
    groups = {
        side: st.text_area(
            words_of_side,
            group(side),
            key=f"group_{side.value}_{tag}",
            max_chars=4000,
            placeholder=_("Example: Chen Hao, vice president"),
        )
        for side, words_of_side in (
            (PartySide.DISTRICT, _("Of the district")),
            (PartySide.INSTITUTE, _("Of the universities")),
        )
    }
summary = st.text_area(_("What is agreed"), known.summary if known else "", key=f"summary_{tag}", max_chars=4000)

if st.button(_("Save"), type="primary", key="save"):
    typed: dict[str, Any] = {
        "title": name,
        "part": part,
        "fields": fields,
        "office_id": office,
        "institutes": institutes,
        "others": others,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "signed_on": signed_on,
        "money": money,
        "summary": summary,
        "district_group": groups[PartySide.DISTRICT],
        "institute_group": groups[PartySide.INSTITUTE],
    }
    if known is None:
        made = perform(create_agreement, token=state["agreement_token"], **typed)
        if made:
            del state["agreement_token"]
            tell(_("The draft is saved; its commitments and its document can be added now."))
            open_page("agreement", made)
    elif perform(edit_agreement, agreement_id=known.row.id, version=known.version, **typed) is not None:
        tell(_("Saved."))
        open_page("agreement", known.row.id)
