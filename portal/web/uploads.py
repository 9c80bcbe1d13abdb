"""What may be uploaded into the process's memory, by whom and how much: Streamlit itself has no quota."""

from collections import defaultdict
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit import config
from streamlit.runtime import Runtime

from portal.settings import settings

PREFIX = "/_stcore/upload_file/"
MEGABYTE = 1024**2


class UploadQuota:
    """Counts the bytes that each signed-in session holds in uploads, whichever tabs they came from."""

    def __init__(self) -> None:
        self._files: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._in_flight: dict[str, int] = defaultdict(int)

    def refusal(self, scope: Scope, key: str) -> tuple[int, str] | None:
        """Status and reason if this upload or removal may not happen."""
        tab, _file = parts_of(scope["path"])
        if owner_of(tab) != key:
            return 403, "This is not your session."
        if scope["method"] != "PUT":
            return None
        size = self._announced(scope)
        if size > _largest() + MEGABYTE // 10:
            return 413, "The file is too large."
        if self._held(key) + self._in_flight[key] + size > settings().upload_mb_per_session * MEGABYTE:
            return 413, "Too many uploads in this session. Please save or remove some first."
        return None

    @contextmanager
    def receiving(self, scope: Scope, key: str) -> Any:
        """Reserve the announced size while the upload is under way, then count the file as held."""
        size = self._announced(scope)
        self._in_flight[key] += size
        try:
            yield
        finally:
            self._in_flight[key] -= size
            if not self._in_flight[key]:
                del self._in_flight[key]
            if scope["method"] == "PUT":
                self._files[key].add(parts_of(scope["path"]))

    def _held(self, key: str) -> int:
        """Bytes still in memory; files that Streamlit dropped with their tab are forgotten here too."""
        stored = _storage()
        sizes = {
            (tab, file): len(stored[tab][file].data)
            for tab, file in self._files[key]
            if tab in stored and file in stored[tab]
        }
        self._files[key] = set(sizes)
        if not sizes:
            del self._files[key]
        return sum(sizes.values())

    @staticmethod
    def _announced(scope: Scope) -> int:
        """A length that is not announced counts as the largest allowed."""
        length = Headers(scope=scope).get("content-length", "")
        if scope["method"] != "PUT":
            return 0
        return int(length) if length.isdigit() and len(length) < 16 else _largest()


def parts_of(path: str) -> tuple[str, str]:
    """Streamlit's session id and file id of an upload's address."""
    tab, _slash, file = path.removeprefix(PREFIX).partition("/")
    return tab, file


def owner_of(tab: str) -> str | None:
    """The session key to which a Streamlit session is bound."""
    if not Runtime.exists():
        return None
    info = Runtime.instance()._session_mgr.get_active_session_info(tab)
    return None if info is None else info.session._user_info.get("session")  # type: ignore[return-value]


def _storage() -> dict[str, dict[str, Any]]:
    manager: Any = Runtime.instance().uploaded_file_mgr
    return dict(manager.file_storage)


def _largest() -> int:
    return int(config.get_option("server.maxUploadSize")) * MEGABYTE
