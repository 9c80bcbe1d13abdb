"""How the degree of coordination comes about, its limits, and what it does not say."""

import streamlit as st

from portal.metrics.four_chains.indicators import INDICATORS
from portal.metrics.rules import UPPER_LIMITS
from portal.metrics.words import GRADES
from portal.ui import _, label
from portal.ui.lists import table
from portal.ui.record import title
from portal.ui.shell import page_link

title(_("How the four chains are measured"))
page_link(_("Back to the four chains"), "four-chains", icon=":material/arrow_back:")

st.subheader(_("From records to a degree"), anchor=False)
steps = (
    _(
        "Every indicator counts or sums records of this portal, by town and calendar month in Beijing time. In the "
        "night after a month its values are frozen; what is entered later changes no past month."
    ),
    _(
        "An edition takes the smallest and the largest value over all towns and months of a base period as reference "
        "points. A value becomes its place between them, from 0 to 1; beyond them it is cut off, and the page says so."
    ),
    _(
        "Within a chain the indicators weigh by entropy: what tells towns and months apart weighs more, what is the "
        "same everywhere weighs nothing. If all of a chain are the same everywhere, they weigh alike."
    ),
    _("The score U of a chain is the sum of weight times place. T is the mean of the four scores."),
    _("The coupling C compares the geometric with the arithmetic mean of the scores: 1 when all four are alike."),
    _("The degree of coordination is D = √(C × T). The district's scores are the means of its towns' scores."),
)
st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate(steps, 1)))
st.latex(r"C=\frac{4\sqrt[4]{U_1U_2U_3U_4}}{U_1+U_2+U_3+U_4}\qquad T=\tfrac14\sum_k U_k\qquad D=\sqrt{C\,T}")
st.write(
    _(
        "Beside it stands the corrected degree of Wang Shujia et al. (2021), whose coupling spreads over the whole "
        "scale from 0 to 1 and takes account of how far the chains lie apart:"
    )
)
st.latex(
    r"C'=\sqrt{\Bigl[1-\overline{|U_i-U_j|}\Bigr]\Bigl(\prod_i\tfrac{U_i}{\max U}\Bigr)^{1/(n-1)}}"
    r"\qquad D'=\sqrt{C'\,T}"
)

st.subheader(_("What it does not say"), anchor=False)
limits = (
    _("It is no measure of quality: it says how much there is and how even, not how good."),
    _("Four chains that are equally low are fully coupled: C is 1. Always read D together with T and the four scores."),
    _("A chain with nothing at all makes D zero, whatever the others do."),
    _("It compares within this district and base period; figures of other districts or editions are no comparison."),
    _("It counts what is in the portal. What happens outside, or is entered late, is missing."),
    _("It shows what happens together, not what caused what. It ranks no person and no organisation."),
)
st.markdown("\n".join(f"- {text}" for text in limits))

st.subheader(_("The indicators"), anchor=False)
table(
    [
        {
            _("Chain"): label(one.chain),
            _("Indicator"): _(one.label),
            _("What counts"): _(one.source),
            _("Unit"): _(one.unit.name),
        }
        for one in INDICATORS
    ]
)

st.subheader(_("The ten grades of D"), anchor=False)
bounds = (0.0, *UPPER_LIMITS, 1.0)
table(
    [
        {_("From above"): f"{low:.1f}", _("Up to"): f"{high:.1f}", _("Grade"): _(GRADES[grade])}
        for grade, low, high in zip(GRADES, bounds, bounds[1:], strict=False)
    ]
)
