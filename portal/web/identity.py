"""Who sent a request: a signed-in session, or a visitor with a signed random cookie and no row anywhere."""

import hashlib
import secrets
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from portal.accounts.sessions import VISITOR_PREFIX, ending_of, is_live, is_touch_due, key_of, touch
from portal.settings import settings
from portal.transactions import reading, writing
from portal.web.headers import is_https
from portal.web.proxy import client_address
from portal.web.signing import open_signed, signed_value

SESSION_COOKIE = "portal_session"
VISITOR_COOKIE = "portal_visitor"
DEVICE_COOKIE = "portal_device"
DAY_S = 86400
SCOPE_KEY = "portal.identity"


class Identity(NamedTuple):
    """`key` is what `st.user` will hold; None for somebody who has not even a visitor's cookie."""

    key: str | None
    address: str
    has_dead_session: bool = False

    @property
    def is_visitor(self) -> bool:
        return self.key is None or self.key.startswith(VISITOR_PREFIX)

    @property
    def session_key(self) -> str | None:
        """The key of a signed-in session, None for a visitor."""
        return None if self.is_visitor else self.key


async def identify(scope: Scope) -> Identity:
    """Look the cookies up, in the database if there is a session among them."""
    cookies = cookies_of(scope)
    address = client_address(scope)
    token = cookies.get(SESSION_COOKIE, "")
    key = key_of(token)
    is_signed_in = await run_in_threadpool(still_live, key) if token else False
    if is_signed_in:
        return Identity(key, address)
    return Identity(visitor_key(cookies.get(VISITOR_COOKIE)), address, has_dead_session=bool(token))


async def ending(scope: Scope) -> str:
    """Why the session among the cookies no longer acts, as the sign-in page says it; empty where nobody ended it."""
    return await run_in_threadpool(_ending, key_of(cookies_of(scope).get(SESSION_COOKIE, "")))


def _ending(key: str) -> str:
    with reading() as session:
        return ending_of(session, key)


def cookies_of(scope: Scope) -> dict[str, str]:
    return cookie_parser("; ".join(Headers(scope=scope).getlist("cookie")))


def visitor_key(cookie: str | None) -> str | None:
    nonce = open_signed("visitor", cookie)
    return None if nonce is None else VISITOR_PREFIX + hashlib.sha256(nonce.encode()).hexdigest()


def still_live(key: str, is_activity: bool = True) -> bool:
    """Ask the database, and note the activity when a minute has passed since it was noted last."""
    with reading() as session:
        live = is_live(session, key)
        due = live and is_activity and is_touch_due(session, key)
    if due:
        with writing() as session:
            touch(session, key)
    return live


def identity_of(scope: Scope) -> Identity:
    """Who sent this request, as the gate found it."""
    found: Identity = scope[SCOPE_KEY]
    return found


def give_missing_cookies(scope: Scope, response: Response, identity: Identity) -> None:
    """A visitor's cookie for everybody: when a session ends, its tabs go on as a visitor's."""
    if identity.has_dead_session:
        take_session_cookie(response)
    if visitor_key(cookies_of(scope).get(VISITOR_COOKIE)) is None:
        give_visitor_cookie(response)


def give_visitor_cookie(response: Response) -> None:
    value = signed_value("visitor", secrets.token_urlsafe(24))
    set_cookie(response, VISITOR_COOKIE, value, max_age=30 * DAY_S)


def give_session_cookie(response: Response, token: str) -> None:
    set_cookie(response, SESSION_COOKIE, token, max_age=settings().session_hours * 3600)


def take_session_cookie(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", secure=is_https(), httponly=True, samesite="lax")


def give_device_cookie(response: Response, email: str) -> None:
    """Mark this browser as one on which the person of that address has signed in."""
    device = secrets.token_urlsafe(16)
    set_cookie(response, DEVICE_COOKIE, signed_value(_device_purpose(email), device), max_age=180 * DAY_S)


def known_device(cookies: dict[str, str], email: str) -> str | None:
    """The device's name if that very person signed in on it before."""
    return open_signed(_device_purpose(email), cookies.get(DEVICE_COOKIE))


def set_cookie(response: Response, name: str, value: str, *, max_age: int) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", secure=is_https(), httponly=True, samesite="lax")


def _device_purpose(email: str) -> str:
    return f"device:{email.strip().lower()}"
