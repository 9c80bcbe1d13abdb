"""The language of a plain page, and Streamlit's one HTML page in that language."""

import re
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import streamlit
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from portal.errors import N_
from portal.i18n import best_language, is_language, translate
from portal.settings import settings

COOKIE = "portal_lang"
INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
TITLE = N_("Yuhang collaboration portal")
NO_SCRIPT = N_("This portal needs JavaScript. Please switch it on in your browser.")

_HTML_LANG = {"zh_CN": "zh-CN", "en": "en"}


def language_of(scope: Scope) -> str:
    """Asked for in the address, chosen before, or the browser's first one that the portal speaks."""
    headers = Headers(scope=scope)
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    kept = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    for code in (asked, kept):
        if is_language(code):
            return code
    return best_language(headers.get("accept-language"))


def keep_language(scope: Scope, response: Response) -> None:
    """Remember a language asked for by `?lang=`."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    if is_language(asked):
        give_language_cookie(response, asked)


def give_language_cookie(response: Response, language: str) -> None:
    secure = settings().public_url.startswith("https://")
    response.set_cookie(COOKIE, language, max_age=365 * 86400, path="/", secure=secure, samesite="lax")


def html_lang(language: str) -> str:
    """The code that HTML uses: `zh-CN`."""
    return _HTML_LANG.get(language, language)


@cache
def index_page(language: str, version: str) -> bytes:
    """Streamlit's page with our language, title, icon and script; without inline script, which our policy forbids."""
    html = INDEX.read_text(encoding="utf-8")
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
    html = re.sub(r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="/assets/icon.svg" />', html)
    html = re.sub(r"<title>.*?</title>", f"<title>{escape(translate(TITLE, language))}</title>", html)
    html = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{escape(translate(NO_SCRIPT, language))}</noscript>", html)
    html = html.replace("</head>", f'<script defer src="/assets/typing.js?v={version}"></script></head>', 1)
    html = html.replace('<html lang="en">', f'<html lang="{html_lang(language)}">')
    return "\n".join(line for line in html.splitlines() if line.strip()).encode()
