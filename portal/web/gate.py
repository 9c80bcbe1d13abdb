"""The gate: every request passes it before Streamlit or a route of ours sees it."""

import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import N_
from portal.web import uploads
from portal.web.faults import message_page
from portal.web.forms import is_page
from portal.web.hosts import is_own_host, is_own_origin
from portal.web.identity import SCOPE_KEY, Identity, ending, give_missing_cookies, identify
from portal.web.language import index_page, keep_language, language_of
from portal.web.routes import ROUTES, WebRoute
from portal.web.sockets import SocketGate, stripped
from portal.web.templating import asset_version

LONGEST_HEADERS = 32 * 1024
LONGEST_PATH = 2000
# Encoded slashes, dots, NUL and the like never stand in an address of ours.
ODD_RAW = re.compile(rb"%(?:00|0[0-9a-f]|1[0-9a-f]|25|2e|2f|5c|7f)|[\x00-\x20\x7f\\]", re.IGNORECASE)
ODD_PATH = re.compile(r"//|/\.{1,2}(?:/|$)|\.$|[\x00-\x1f\x7f\\]")
READ = ("GET", "HEAD")
SAFE = frozenset(READ)
HOME = "/home"
UNKNOWN = N_("There is no page at this address. Perhaps it was typed wrong or cut off.")


class Place(NamedTuple):
    """One kind of address: which methods it knows, and whether the gate must know who asks."""

    kind: str  # "own", "page", "upload", "private" or "open"
    methods: tuple[str, ...]


STREAMLIT = (
    (re.compile(r"/_stcore/(?:health|host-config)"), Place("open", READ)),
    (re.compile(r"/_stcore/upload_file/[A-Za-z0-9-]+/[A-Za-z0-9-]+"), Place("upload", ("PUT", "DELETE"))),
    (re.compile(r"/media/[A-Za-z0-9]+\.[A-Za-z0-9]+"), Place("private", READ)),
    (re.compile(r"/static/[A-Za-z0-9_./-]+"), Place("open", READ)),
    (re.compile(r"/(?:favicon\.png|manifest\.json)"), Place("open", READ)),
)


class Gate:
    """Host, address, method, origin and identity, in this order; what is not declared does not exist."""

    def __init__(self, app: ASGIApp, routes: Sequence[WebRoute] = ROUTES, pages: Collection[str] | None = None) -> None:
        """`pages` are the addresses of Streamlit's pages; without them every address that could be one is let in."""
        self.app = app
        self.pages = None if pages is None else {"/", *(f"/{page}" for page in pages)}
        self.sockets = SocketGate(app)
        self.quota = uploads.UploadQuota()
        self._own = [(compile_path(route.path)[0], Place("own", methods_of(route))) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = self.place_of(scope["path"])
        refused = _malformed(scope) or _foreign(scope) or _not_declared(scope, place) or _cross_site(scope)
        if refused is None and (place is None or (place.kind == "page" and self._is_unknown(scope["path"]))):
            refused = await _unknown(scope)
        if refused or place is None:
            await (refused or _plain(404))(scope, receive, send)
            return
        scope = {**scope, "headers": stripped(scope["headers"])}
        if place.kind == "open":
            await self.app(scope, receive, send)
            return
        identity = await identify(scope)
        scope[SCOPE_KEY] = identity
        if place.kind == "page":
            why = await ending(scope) if identity.has_dead_session else ""
            response = _ended(scope, identity, why) if why else _page(scope, identity)
            await response(scope, receive, send)
        elif place.kind == "upload":
            await self._upload(scope, receive, send, identity)
        elif place.kind == "private" and identity.key is None:
            await _plain(401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_unknown(self, path: str) -> bool:
        return self.pages is not None and path not in self.pages

    async def _upload(self, scope: Scope, receive: Receive, send: Send, identity: Identity) -> None:
        key = identity.session_key
        if key is None:
            await _plain(403, "Please sign in to upload.")(scope, receive, send)
            return
        if refusal := self.quota.refusal(scope, key):
            await _plain(*refusal)(scope, receive, send)
            return
        with self.quota.receiving(scope, key):
            await self.app(scope, receive, send)

    def place_of(self, path: str) -> Place | None:
        """What kind of address this is, decided on the path that routing sees."""
        for pattern, place in self._own:
            if pattern.match(path):
                return place
        for pattern, place in STREAMLIT:
            if pattern.fullmatch(path):
                return place
        return Place("page", READ) if is_page(path) else None


def methods_of(route: WebRoute) -> tuple[str, ...]:
    """The declared methods; whoever may GET may ask for the head alone."""
    return ("HEAD", *route.methods) if "GET" in route.methods else route.methods


def _malformed(scope: Scope) -> Response | None:
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        return _plain(431)
    if len(raw) > LONGEST_PATH:
        return _plain(414)
    return _plain(400) if ODD_RAW.search(raw) or ODD_PATH.search(scope["path"]) else None


def _foreign(scope: Scope) -> Response | None:
    """Only the health check answers to any name: a proxy or a monitor asks by address."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if scope["path"] == "/healthz" or (len(hosts) == 1 and is_own_host(scope, hosts[0])):
        return None
    return _plain(400, "Unknown host.")


def _not_declared(scope: Scope, place: Place | None) -> Response | None:
    if place is None or scope["method"] in place.methods:
        return None
    return PlainTextResponse("Method not allowed.", 405, {"allow": ", ".join(place.methods)})


def _cross_site(scope: Scope) -> Response | None:
    """A browser names the origin of every request that could change something."""
    headers = Headers(scope=scope)
    if scope["method"] in SAFE:
        return None
    if "origin" in headers:
        ours = is_own_origin(scope, headers["origin"], headers.get("host", ""))
    else:
        ours = headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return None if ours else _plain(403, "This request came from another site.")


def _ended(scope: Scope, identity: Identity, why: str) -> Response:
    """To the sign-in page, which says once that the access was ended; the dead session's cookie goes with it."""
    here = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    response = RedirectResponse("/login?" + urlencode({"done": why, "next": here}), 303)
    give_missing_cookies(scope, response, identity)
    return response


def _page(scope: Scope, identity: Identity) -> Response:
    """Streamlit's page for every page address, and a cookie for somebody who has none."""
    if scope["path"] == HOME:
        # Streamlit knows its first page by the bare address alone.
        return RedirectResponse("/" + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""))
    response = Response(index_page(language_of(scope), asset_version()), media_type="text/html; charset=utf-8")
    keep_language(scope, response)
    give_missing_cookies(scope, response, identity)
    return response


async def _unknown(scope: Scope) -> Response:
    """A sentence for somebody in front of a browser, a bare 404 for everything else that asks."""
    if scope["method"] not in SAFE or "text/html" not in Headers(scope=scope).get("accept", ""):
        return _plain(404)
    scope = {**scope, "headers": stripped(scope["headers"])}
    scope[SCOPE_KEY] = await identify(scope)
    return message_page(Request(scope), UNKNOWN, status=404)


def _plain(status: int, text: str = "") -> Response:
    return PlainTextResponse(text or f"{HTTPStatus(status).phrase}.", status)
