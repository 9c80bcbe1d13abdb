"""Run a page as somebody, without a browser."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from portal.accounts.sessions import create_session, key_of
from portal.permissions import Actor
from portal.transactions import writing
from portal.ui.page_table import PAGES
from portal.ui.run import _on_screen as on_screen

MAIN = Path(__file__).resolve().parent.parent / "pages" / "main.py"


def open_as(actor: Actor | None, script: str = "home.py", *, language: str = "en", **query: Any) -> AppTest:
    """The page as this actor (None: a visitor) sees it, after its first run.

    The actor's rows must be committed: a page reads in a transaction of its own.
    """
    # The next act asks the words of choices outside of any run, where nobody's language is known.
    on_screen.set(language)
    at = AppTest.from_file(str(MAIN), default_timeout=30)
    if actor is not None and actor.person_id is not None:
        with writing() as session:
            token = create_session(session, actor.person_id, actor.membership_id)
        at.user = {"session": key_of(token)}
    at.session_state["_language"] = language
    at.run()
    return at if script == "home.py" else turn_to(at, script, **query)


def turn_to(at: AppTest, script: str, **query: Any) -> AppTest:
    """Another page of the same session: quicker than a session for every page."""
    at.switch_page(str(MAIN.parent / script))
    at.query_params.clear()
    for name, value in query.items():
        at.query_params[name] = str(value)
    return at.run()


def texts(at: AppTest) -> str:
    """Everything that can be read on the page."""
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.text, *at.caption]
    parts += [*at.error, *at.warning, *at.info, *at.success]
    return "\n".join([str(part.value) for part in parts] + links(at))


def links(at: AppTest) -> list[str]:
    """The labels of the links to other pages."""
    return [str(link.proto.label) for link in at.get("page_link")]


def script_of(url_path: str) -> str:
    return next(row.script for row in PAGES if row.url_path == url_path)
