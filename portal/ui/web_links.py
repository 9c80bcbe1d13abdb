"""Links to our own plain routes, opened in the same tab: sign-in, files, exports."""

from html import escape
from urllib.parse import quote
from uuid import UUID

import streamlit as st

_STYLE = (
    "display:inline-block;padding:.35rem .6rem;border-radius:.4rem;"
    "text-decoration:none;color:inherit;font-size:.875rem;"
)
_STRONG = _STYLE + "border:1px solid currentColor;"
_FILE = _STYLE.replace("text-decoration:none", "text-decoration:underline")


def web_link(text: str, address: str, *, strong: bool = False, is_file: bool = False) -> None:
    """A link that leaves the page script for a plain route of ours; the text is shown literally.

    `st.link_button` and links in Markdown would open another tab.
    """
    style = _STRONG if strong else _FILE if is_file else _STYLE
    st.html(f'<a href="{escape(address)}" target="_self" style="{style}">{escape(text)}</a>', width="content")


def file_link(text: str, file_id: UUID) -> None:
    """A download: the route asks the record behind the file each time."""
    web_link(text, f"/files/{quote(str(file_id))}", is_file=True)


def picture(data_address: str, alt: str, *, width: int) -> None:
    """A picture that is part of the page: `st.image` would publish it at an address of its own."""
    assert data_address.startswith("data:image/")
    st.html(f'<img src="{escape(data_address)}" alt="{escape(alt)}" width="{width}">', width="content")
