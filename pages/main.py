"""The one script that Streamlit runs: who is signed in, which language, which page."""

import streamlit as st

from portal.ui.run import begin_run, one_view, told_at_head
from portal.ui.shell import navigation, who_i_am
from portal.ui.words import _

with one_view():
    current = begin_run()
    st.set_page_config(page_title=_("Yuhang collaboration portal"), page_icon=":material/hub:", layout="wide")
    page = navigation(current)
    who_i_am(current)
    with told_at_head():
        page.run()
