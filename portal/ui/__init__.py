"""The only part of portal that knows Streamlit: perform and read, text, navigation, tables, charts."""

from portal.ui.run import actor, language, perform, read
from portal.ui.words import (
    _,
    about,
    ago,
    ask,
    date_time,
    day,
    escape,
    label,
    money,
    month,
    number,
    plural,
    time_left,
)

__all__ = [
    "_",
    "about",
    "actor",
    "ago",
    "ask",
    "date_time",
    "day",
    "escape",
    "label",
    "language",
    "money",
    "month",
    "number",
    "perform",
    "plural",
    "read",
    "time_left",
]
