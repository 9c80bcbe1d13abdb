"""A page of a hundred plain elements and nothing else: says how fast the machine is that the figures come from."""

import streamlit as st

for number in range(100):
    st.markdown(f"line {number}")
