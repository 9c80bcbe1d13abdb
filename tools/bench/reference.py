"""Serves the plain page, as the portal is served: one process, no collection after each run."""

import gc
from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("plain.py"))
gc.collect()
gc.freeze()
