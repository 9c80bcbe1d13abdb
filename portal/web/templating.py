"""Plain HTML pages from templates, in the reader's language, with everything escaped."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from portal.i18n import LANGUAGES, translate
from portal.settings import settings
from portal.web.identity import give_missing_cookies, identity_of
from portal.web.language import html_lang, keep_language, language_of

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = {
    "portal.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "typing.js": "text/javascript; charset=utf-8",
}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One page; `values` may hold user text, it is shown literally."""
    language = language_of(request.scope)
    other = next(code for code in LANGUAGES if code != language)
    html = _environment.get_template(template).render(
        _=partial(_translated, language),
        lang=html_lang(language),
        other_language=LANGUAGES[other],
        other_address=_other_address(request, other, values.get("next", "")),
        # A form is drawn again at its own address, where the other language is found too; a mere answer is not.
        can_switch=request.method == "GET" or "csrf" in values,
        version=asset_version(),
        is_demo=settings().demo,
        **values,
    )
    response = HTMLResponse(html, status)
    keep_language(request.scope, response)
    give_missing_cookies(request.scope, response, identity_of(request.scope))
    return response


@cache
def asset(name: str) -> bytes:
    return (TEMPLATES / "assets" / name).read_bytes()


@cache
def asset_version() -> str:
    """Part of the assets' addresses, so that they may be kept forever."""
    return hashlib.sha256(b"".join(asset(name) for name in sorted(ASSETS))).hexdigest()[:12]


def _other_address(request: Request, language: str, way_back: str) -> str:
    """This page in the other language; the browser names the page somebody came from only once."""
    asked = {"lang": language} | ({"next": way_back} if way_back.strip("/") else {})
    address = request.url.remove_query_params("next").include_query_params(**asked)
    return str(address.replace(scheme="", netloc=""))


def _translated(language: str, message: str, **params: Any) -> str:
    return translate(message, language, **params)
