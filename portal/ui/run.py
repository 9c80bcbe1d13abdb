"""One run of a page: who is signed in, reads, writes, and what is said about them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from portal import i18n
from portal.accounts.sessions import actor_of_session
from portal.errors import Incomplete, Invalid, NotFound, PortalError
from portal.faults import record_fault
from portal.permissions import Actor
from portal.transactions import reading, writing

P = ParamSpec("P")
T = TypeVar("T")

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
# Asked for each word on screen, so it is found once a run.
_on_screen: ContextVar[str | None] = ContextVar("language", default=None)
_view: ContextVar[Session | None] = ContextVar("view", default=None)
_NOTICES = "_notices"
_LANGUAGE = "_language"
SHORT = 60  # letters that a toast shows whole


@contextmanager
def one_view() -> Iterator[None]:
    """All that one run reads comes from one transaction: the page is consistent, and begins and ends it once."""
    with reading() as session:
        token = _view.set(session)
        try:
            yield
        finally:
            _view.reset(token)


@contextmanager
def _looking() -> Iterator[Session]:
    """The view of this run, or a transaction of its own outside of it (callbacks, fragments)."""
    view = _view.get()
    if view is None:
        with reading() as session:
            yield session
        return
    try:
        yield view
    except DBAPIError:
        # PostgreSQL answers nothing more in a transaction that failed.
        view.rollback()
        raise


def _look_anew() -> None:
    """After a write the view shows what is there now."""
    if (view := _view.get()) is not None:
        view.rollback()


def begin_run() -> Actor:
    """Read identity and rights afresh; the first thing of every run."""
    with _looking() as session:
        current = actor_of_session(session, session_key())
    _actor.set(current)
    _on_screen.set(_find_language(current))
    return current


def session_key() -> str | None:
    """The hash of the browser's session cookie, put there by the gate."""
    key = st.user.to_dict().get("session")
    return key if isinstance(key, str) else None


def actor() -> Actor:
    """Who runs this page; a fragment's own rerun looks again, since `pages/main.py` is not part of it."""
    context = get_script_run_ctx()
    known = _actor.get()
    if known is None or (context is not None and context.fragment_ids_this_run):
        return begin_run()
    return known


def language() -> str:
    """The language on screen."""
    return _on_screen.get() or _find_language(actor())


def _find_language(current: Actor) -> str:
    """Chosen in this tab, asked for in the address, the person's own, or the browser's."""
    chosen = st.session_state.get(_LANGUAGE) or st.query_params.get("lang")
    if chosen and i18n.is_language(chosen):
        return str(chosen)
    if current.signed_in:
        return current.language
    cookie = st.context.cookies.get("portal_lang")
    if cookie and i18n.is_language(cookie):
        return str(cookie)
    return i18n.best_language(st.context.headers.get("Accept-Language"))


def choose_language(code: str) -> None:
    """Show this tab in that language from now on."""
    st.session_state[_LANGUAGE] = code
    _on_screen.set(code)


def read(query: Callable[Concatenate[Session, Actor, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask one query as the person on screen, in a transaction that writes nothing."""
    with _looking() as session:
        return query(session, actor(), *args, **kwargs)


def perform(command: Callable[Concatenate[Session, Actor, P], Any], /, *args: P.args, **kwargs: P.kwargs) -> Any:
    """Run one command in the only transaction, with rights read inside it.

    A refusal is told on the page and returns None; nothing was changed then, and what was typed stays. A command that
    returns nothing is answered with True.
    """
    try:
        with writing() as session:
            result = command(session, actor_of_session(session, session_key()), *args, **kwargs)
    except PortalError as error:
        tell_refusal(error)
        return None
    except Exception as error:
        tell_fault(error, getattr(command, "__name__", ""))
        return None
    finally:
        _look_anew()
    return True if result is None else result


def perform_and_tell(
    command: Callable[Concatenate[Session, Actor, P], Any], message: str, /, *args: P.args, **kwargs: P.kwargs
) -> bool:
    """Run one command and say that it was done."""
    if perform(command, *args, **kwargs) is None:
        return False
    tell(message)
    return True


def tell(message: str, icon: str = ":material/check_circle:") -> None:
    """Say that something was done; shown at the head of the page that follows."""
    _notices().append(("success", message, icon))


def tell_refusal(error: PortalError) -> None:
    """Say why something was refused, field by field where it can."""
    code = language()
    text = i18n.translate(error.message, code, **error.params)
    if isinstance(error, Incomplete):
        lines = [f"- {i18n.translate(message, code, **params)}" for _section, message, params in error.missing]
        text = "\n".join([text, *map(_literal_line, lines)])
        _notices().append(("warning", text, ":material/checklist:"))
        return
    if isinstance(error, Invalid) and error.field:
        st.session_state["_invalid_field"] = error.field
    _notices().append(("error", _escaped(text), ":material/error:"))


def tell_fault(error: Exception, where: str = "") -> None:
    """A bug: its number for the user, its traceback in the log."""
    number = record_fault(error, where)
    text = i18n.translate(
        "Something went wrong on our side; nothing was saved. Error number: {number}. "
        "Please give it to the duty contact on the help page.",
        language(),
        number=number,
    )
    _notices().append(("error", text, ":material/bug_report:"))


@contextmanager
def told_at_head() -> Any:
    """Everything said while the page runs, or in a callback before it, is shown at its head.

    What was said before is drawn first: after `st.stop()` nothing can be drawn any more.
    """
    slot = st.container()
    before = _notices()
    since: list[tuple[str, str, str]] = []
    st.session_state[_NOTICES] = since
    _draw(slot, before)
    is_leaving, is_all, is_lost = False, False, False
    try:
        yield
    except PortalError as error:
        tell_refusal(error)
        is_all = True  # nothing else stands on the page, so it is said once
        is_lost = isinstance(error, NotFound)
    except Exception as error:
        tell_fault(error, "page")
        is_all = True
    except RerunException:
        # Another run, or another page, begins at once: what was said stands at its head.
        since[:0] = before
        is_leaving = True
        raise
    finally:
        if not is_leaving:
            _draw(slot, since, is_far=not is_all)
            since.clear()
            if is_lost:
                _draw_way_home(slot)


def told_here() -> None:
    """What was said is shown in place, for a dialog that stays open over the page."""
    _draw(st.container(), _notices(), is_far=False)
    _notices().clear()


def _draw(slot: Any, notices: list[tuple[str, str, str]], *, is_far: bool = True) -> None:
    """Far away is the head of a long page from its last button: what was said there is said where it is seen, too."""
    with slot:
        for kind, text, icon in notices:
            getattr(st, kind)(text, icon=icon)
            if is_far and (kind != "success" or len(text) <= SHORT):
                # A long toast would cover the page, and end in an English “view more”.
                st.toast(text if len(text) <= SHORT else _long_refusal(), icon=icon)


def _draw_way_home(slot: Any) -> None:
    from portal.ui.shell import page_link  # which itself asks who is on screen here

    with slot:
        page_link(i18n.translate("Home", language()), "home", icon=":material/home:")


def _long_refusal() -> str:
    return i18n.translate("This was not done; the reason stands at the head of the page.", language())


def _notices() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = st.session_state.setdefault(_NOTICES, [])
    return found


def _escaped(text: str) -> str:
    from portal.ui.words import escape

    return escape(text)


def _literal_line(line: str) -> str:
    return line[:2] + _escaped(line[2:])
