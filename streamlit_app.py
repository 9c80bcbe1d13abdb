"""The application that uvicorn or `streamlit run` serves."""

import streamlit as st

from portal.operations.starting import require_ready
from portal.ui.page_table import PAGES
from portal.web.app import SCRIPT, app_parts
from portal.worker.child import worker_beside

app = st.App(SCRIPT, **app_parts(pages=[row.url_path for row in PAGES], ready=require_ready, beside=worker_beside))
