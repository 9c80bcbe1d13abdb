"""Sealing: AES-256-GCM with one key a proposal, wrapped by a key file that lies outside the database.

Whoever holds both the machine and the key file can read everything; the portal itself unwraps a key only for the
team's own read and after the opening.
"""

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.types import Sealed
from portal.settings import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(RuntimeError):
    """The ciphertext was changed, moved to another row, or belongs to another key."""


def make_key_file(path: Path) -> None:
    """Write a fresh random key, readable by its owner alone; an existing file stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


@cache
def _key_file_key(path: Path) -> bytes:
    make_key_file(path)
    return bytes.fromhex(path.read_text().strip())


def _master() -> AESGCM:
    return AESGCM(_key_file_key(settings().effective_seal_key_file))


def new_wrapped_key(owner: str) -> Sealed:
    """A fresh key for one proposal, wrapped; `owner` (its id) binds it to that row."""
    return _seal(_master(), secrets.token_bytes(KEY_BYTES), f"key:{owner}")


class ProposalKey:
    """An unwrapped key; lives only as long as the one read or write that needs it."""

    def __init__(self, wrapped: Sealed, owner: str) -> None:
        key = _open(_master(), wrapped, f"key:{owner}")
        self._cipher = AESGCM(key)
        self._mark = hmac.digest(key, b"fingerprint", hashlib.sha256)

    def __repr__(self) -> str:
        return "ProposalKey(…)"

    def seal(self, content: bytes, place: str) -> Sealed:
        """Encrypt for one place, e.g. `section:<id>`; elsewhere it cannot be opened."""
        return _seal(self._cipher, content, place)

    def open(self, sealed: Sealed, place: str) -> bytes:
        """Raises: SealBroken."""
        return _open(self._cipher, sealed, place)

    def fingerprint(self, content: bytes) -> str:
        """64 hex digits that tell a change; without the key nobody can try out what they stand for."""
        return hmac.new(self._mark, content, hashlib.sha256).hexdigest()


def _seal(cipher: AESGCM, content: bytes, place: str) -> Sealed:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(nonce + cipher.encrypt(nonce, content, place.encode()))


def _open(cipher: AESGCM, sealed: Sealed, place: str) -> bytes:
    try:
        return cipher.decrypt(sealed.token[:NONCE_BYTES], sealed.token[NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        raise SealBroken(place) from error
