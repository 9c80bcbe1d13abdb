"""The gate in front of Streamlit and every plain route."""
