"""What an upload must be: its name made harmless, its size within the limit."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from portal.errors import N_, Invalid

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 200

_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*]')
# Format characters include those that turn the direction of writing; the joiner builds some emoji.
_JOINER = "\u200d"


def clean_name(name: str) -> str:
    """The name as it is stored and shown: no folders, no control or direction characters, at most 200 letters."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    plain = "".join(letter for letter in plain if _is_harmless(letter))
    last = plain.rstrip("/").rpartition("/")[2]
    path = PurePosixPath(_UNSAFE.sub("_", " ".join(last.split())).strip(". ") or "file")
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    stem = path.name.removesuffix(suffix).strip(". ") or "file"
    if _RESERVED.match(stem.split(".")[0]):
        stem = f"_{stem}"
    return stem[: MAX_NAME - len(suffix)] + suffix


def require_size(content: bytes) -> None:
    """Raises: Invalid for nothing at all and for more than the limit, which itself is accepted."""
    if not content:
        raise Invalid(N_("The file is empty."), field="file")
    if len(content) > MAX_BYTES:
        raise Invalid(
            N_("A file may have at most {limit} MB; please attach a smaller one."),
            field="file",
            limit=MAX_BYTES // 1024**2,
        )


def content_disposition(name: str) -> str:
    """The header that makes a browser save the file under its name, never show it in our pages' origin."""
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%' else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_harmless(letter: str) -> bool:
    return letter == _JOINER or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
