"""Streamlit's script and style bundles, compressed once and kept in memory: Streamlit never compresses them."""

import gzip
import mimetypes
import re
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.language import INDEX

ROOT = INDEX.parent / "static"
TEXT = frozenset({".js", ".css", ".svg", ".json", ".map"})
FOREVER = "public, max-age=31536000, immutable"


class CompressedBundles:
    """ASGI middleware; whatever it does not know it leaves to Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await run_in_threadpool(compressed, scope["path"]) if _is_wanted(scope) else None
        answer = self.app if body is None else _answer(scope["path"], body)
        await answer(scope, receive, send)


def _is_wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return False
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def compressed(path: str) -> bytes | None:
    """The bundle at `/static/…`, gzipped; None for anything else."""
    file = _bundles().get(path)
    return _compress(file) if file else None


def warm_up() -> int:
    """Compress what the first page loads; returns how many bundles that are."""
    first = re.findall(r'(?:src|href)="\./(static/[^"]+)"', INDEX.read_text(encoding="utf-8"))
    return sum(compressed(f"/{path}") is not None for path in first)


@cache
def _bundles() -> dict[str, Path]:
    """Every compressible bundle by its address: a request can name nothing else."""
    files = (path for path in ROOT.rglob("*") if path.suffix in TEXT and path.is_file())
    return {f"/static/{path.relative_to(ROOT).as_posix()}": path for path in files}


@cache
def _compress(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 6, mtime=0)


def _answer(path: str, body: bytes) -> Response:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = {"content-encoding": "gzip", "vary": "Accept-Encoding", "cache-control": FOREVER}
    return Response(body, media_type=kind, headers=headers)
