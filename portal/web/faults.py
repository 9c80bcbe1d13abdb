"""What a person reads when something was refused or broke: a sentence, or a number that the log has."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import streamlit as st
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response

from portal.accounts.links import LinkEnded
from portal.errors import N_, Busy, Forbidden, Invalid, NotFound, NotSignedIn, PortalError, TooMany
from portal.faults import record_fault
from portal.i18n import is_language, translate
from portal.web.forms import FormRefused, FormTooOld
from portal.web.identity import SCOPE_KEY
from portal.web.language import COOKIE, language_of
from portal.web.templating import page

log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]

FAULT = N_(
    "Something went wrong on our side; nothing was saved. Error number: {number}. "
    "Please give it to the duty contact on the help page."
)
NOT_SAVED = N_("The database cannot be reached; nothing was saved. Please try again in a moment.")
STATUS: dict[type[PortalError], int] = {
    NotFound: 404,
    LinkEnded: 404,
    NotSignedIn: 401,
    Forbidden: 403,
    TooMany: 429,
    Busy: 503,
    FormRefused: 400,
    FormTooOld: 403,
    Invalid: 422,
}
NOTICE = N_("Notice")
HEADINGS = {
    401: N_("Please sign in"),
    404: N_("Not found"),
    429: N_("Too many tries"),
    500: N_("Something went wrong"),
    503: N_("Please try again in a moment"),
}


def guarded(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose refusals are sentences and whose bugs are numbers; never a traceback on screen."""

    @functools.wraps(endpoint)
    async def run(request: Request) -> Response:
        try:
            return await endpoint(request)
        except PortalError as error:
            return message_page(request, error.message, status=status_of(error), **error.params)
        except OperationalError as error:
            record_fault(error, request.scope["path"])
            response = message_page(request, NOT_SAVED, status=503)
            response.headers["retry-after"] = "5"
            return response
        except Exception as error:
            number = record_fault(error, request.scope["path"])
            return message_page(request, FAULT, status=500, number=number)

    return run


def message_page(request: Request, message: str, *, status: int, **params: Any) -> Response:
    """A page with one sentence and the way on."""
    sentence = translate(message, language_of(request.scope), **params)
    visitor = SCOPE_KEY in request.scope and request.scope[SCOPE_KEY].is_visitor
    return page(
        request,
        "message.html",
        status=status,
        heading=translate(HEADINGS.get(status, NOTICE), language_of(request.scope)),
        sentence=sentence,
        offer_sign_in=visitor and status in (401, 404),
    )


def status_of(error: PortalError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)


def show_script_error(error: Exception) -> bool:
    """A bug in a page that nothing below caught: its number on screen, its traceback in the log."""
    language = _language_on_screen()
    if isinstance(error, PortalError):
        st.error(translate(error.message, language, **error.params).translate(_PLAIN))
    else:
        st.error(translate(FAULT, language, number=record_fault(error, "page")), icon=":material/bug_report:")
    return True


# A parameter may hold user text: what Markdown would take as markup is dropped, not shown as such.
_PLAIN = str.maketrans(dict.fromkeys("`*_[]<>#$\\|~:"))


def _language_on_screen() -> str:
    chosen = st.context.cookies.get(COOKIE, "")
    return chosen if is_language(chosen) else "zh_CN"
