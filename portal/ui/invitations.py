"""What both forms of invitation ask: in which language the mail speaks to somebody who has no account yet."""

import streamlit as st

from portal.i18n import LANGUAGES
from portal.ui.words import _

_EACH = ""


def mail_language() -> str | None:
    """The language chosen for the mail; None for each of them, which is the default."""
    words = {_EACH: _("Chinese and English"), **LANGUAGES}
    return st.selectbox(_("Language of the mail"), list(words), format_func=words.__getitem__) or None
