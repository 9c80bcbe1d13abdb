"""Words on screen: messages, values and user text in the reader's language, never as Markdown."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import streamlit as st

from portal import i18n, wording
from portal.ui.run import language

_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in r"\`*_{}[]()<>#+-.!|~$:&^=@/"} | {"\n": " ", "\r": " "})


# Signs with a meaning anywhere, those that begin a list or a heading, and the dot of an address.
_ACTIVE = re.compile(r"[\\`*_\[\]<>$~:&@|]|^[#+\-=]|(?<=^\d)\)|(?<!\d)\.|\.(?!\d)")


def _(message: str, /, **params: Any) -> str:
    """The message in the language on screen."""
    return i18n.translate(message, language(), **params)


def plural(singular: str, many: str, count: int, /, **params: Any) -> str:
    """The message by number, `{count}` filled."""
    return i18n.translate_plural(singular, many, count, language(), **params)


def label(member: Enum) -> str:
    """The word for an enum member."""
    return wording.label(member, language())


def date_time(instant: datetime | None) -> str:
    return "—" if instant is None else wording.date_time(instant, language())


def day(value: date | None) -> str:
    return "—" if value is None else wording.day(value, language())


def month(value: date) -> str:
    return wording.month(value, language())


def time_left(until: datetime) -> str:
    return wording.time_left(until, language())


def ago(instant: datetime) -> str:
    return wording.ago(instant, language())


def money(fen: int | None) -> str:
    return "—" if fen is None else wording.money(fen, language())


def about(fen: int) -> str:
    """A sum over many records, rounded."""
    return wording.about(fen, language())


def number(value: Decimal | int | None) -> str:
    return "—" if value is None else wording.number(value)


def escape(text: str) -> str:
    """User text for the few places that only take Markdown (labels, titles): shown literally, on one line."""
    return str(text).translate(_MARKDOWN)


def plain_label(text: str) -> str:
    """User text as the label of a field, which a screen reader reads out as it is written: only what Markdown would
    take for its own is escaped, so that `回收率 (%)` and `0.5 mm` stay as they are.
    """
    line = " ".join(str(text).split())
    return _ACTIVE.sub(r"\\\g<0>", line)


def unbroken(text: str) -> str:
    """Words of ours that a narrow table keeps on one line: Chinese would break after every sign."""
    return " ".join("\u2060".join(word) if not word.isascii() else word for word in text.split(" "))


def ask(name: str) -> UUID | None:
    """An id from the address; None when it is missing or no id at all. Rights are asked where it is used."""
    try:
        return UUID(st.query_params.get(name, ""))
    except ValueError:
        return None
