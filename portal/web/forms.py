"""Forms on plain pages: read with a limit, guarded by a signed token, sent on to own paths only."""

import re
import secrets
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from portal.errors import N_, PortalError
from portal.web.headers import is_https
from portal.web.hosts import is_own_origin
from portal.web.identity import identity_of
from portal.web.signing import is_signed, sign

CSRF_COOKIE = "portal_csrf"
PAGE = re.compile(r"/[a-z0-9][a-z0-9_-]{0,63}")
PLAIN = frozenset({"apply", "login", "logout", "forgot", "healthz"})
LARGEST_FORM = 256 * 1024
_NONCE = re.compile(r"[A-Za-z0-9_-]{20,40}")
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


class FormRefused(PortalError):
    """Too large, or not a form."""

    message = N_("The form could not be read.")


class FormTooOld(PortalError):
    """The token does not fit the browser's cookie."""

    message = N_("The page was open for too long. Please send the form again.")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form. Raises: FormRefused."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise FormRefused
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise FormRefused
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=40, errors="strict"))
    except ValueError:
        raise FormRefused from None


def check_token(request: Request, form: dict[str, str]) -> None:
    """Raises: FormTooOld unless the form was drawn for this browser and this session."""
    nonce = request.cookies.get(CSRF_COOKIE, "")
    if not _NONCE.fullmatch(nonce) or not is_signed("csrf", _bound(request, nonce), form.get("csrf", "")):
        raise FormTooOld


def new_token(request: Request) -> tuple[str, str]:
    """Nonce for the cookie and token for the form; a second tab keeps the first one's nonce."""
    nonce = request.cookies.get(CSRF_COOKIE, "")
    if not _NONCE.fullmatch(nonce):
        nonce = secrets.token_urlsafe(24)
    return nonce, sign("csrf", _bound(request, nonce))


def keep_nonce(response: Response, nonce: str) -> None:
    response.set_cookie(
        CSRF_COOKIE, nonce, max_age=12 * 3600, path="/", secure=is_https(), httponly=True, samesite="strict"
    )


def own_path(address: str) -> str:
    """The address if it stays in the portal, the home page otherwise."""
    return address if len(address) <= 1000 and _OWN_PATH.fullmatch(address) else "/"


def came_from(request: Request) -> str:
    """The page on which somebody chose to sign in, so that they come back to it."""
    referrer = urlsplit(request.headers.get("referer", ""))
    host = request.headers.get("host", "")
    if not is_own_origin(request.scope, f"{referrer.scheme}://{referrer.netloc}", host) or not is_page(referrer.path):
        return "/"
    return own_path(f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path)


def is_page(path: str) -> bool:
    """Whether the address is a page of Streamlit's rather than a plain one; the table of routes goes first."""
    return path == "/" or bool(PAGE.fullmatch(path) and path.strip("/") not in PLAIN)


def _bound(request: Request, nonce: str) -> str:
    return f"{nonce}|{identity_of(request.scope).session_key or ''}"
