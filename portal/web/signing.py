"""Values that a browser keeps for us and may not change: signed with the secret file, one key for each purpose."""

import hashlib
import hmac
from functools import cache
from pathlib import Path

from portal.seal import make_key_file
from portal.settings import settings


def sign(purpose: str, value: str) -> str:
    """The signature of a value; a signature made for another purpose does not fit."""
    key = hmac.digest(_secret(settings().effective_secret_file), purpose.encode(), "sha256")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def is_signed(purpose: str, value: str, signature: str) -> bool:
    return hmac.compare_digest(sign(purpose, value).encode(), signature.encode())


def signed_value(purpose: str, value: str) -> str:
    """`value.signature`, for a cookie."""
    return f"{value}.{sign(purpose, value)}"


def open_signed(purpose: str, text: str | None) -> str | None:
    """The value in `value.signature`, or None when it was made up."""
    value, dot, signature = (text or "").rpartition(".")
    return value if dot and len(value) < 200 and is_signed(purpose, value, signature) else None


@cache
def _secret(path: Path) -> bytes:
    make_key_file(path)
    return bytes.fromhex(path.read_text().strip())
