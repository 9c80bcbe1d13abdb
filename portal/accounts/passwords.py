"""Passwords: what may be one, how it is kept, and how it is checked without telling who exists."""

from functools import cache
from pathlib import Path
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import N_, Invalid

SHORTEST, LONGEST = 12, 1000
DISTINCT = 5

# OWASP's first choice for argon2id: 19 MiB, two passes; about 25 ms here.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The commonest of at least twelve characters in published lists; shorter ones fall to the length rule.
COMMON = frozenset((Path(__file__).parent / "data" / "common_passwords.txt").read_text().split())


def normal(password: str) -> str:
    """One form for one password, however the keyboard composed it; nothing is cut off or stripped."""
    return normalize("NFC", password)


def check_password(password: str, email: str, *, field: str = "password") -> str:
    """The password in its normal form, if it may be one. Raises: Invalid."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise Invalid(N_("A password has at least {count} characters."), field=field, count=SHORTEST)
    if len(plain) > LONGEST:
        raise Invalid(N_("A password has at most {count} characters."), field=field, count=LONGEST)
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise Invalid(N_("This password holds a broken character. Please type it anew."), field=field) from None
    folded = plain.casefold()
    if folded in COMMON or len(set(folded)) < DISTINCT:
        raise Invalid(N_("This password is one of the commonest. Please choose another one."), field=field)
    local = email.partition("@")[0].casefold()
    if local and local in folded and len(folded) - len(local) < SHORTEST // 2:
        raise Invalid(N_("Please choose a password that is not made from your e-mail address."), field=field)
    return plain


def hash_password(password: str) -> str:
    return _HASHER.hash(normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without one the same work is done for nothing."""
    if len(password) > LONGEST:
        password, password_hash = password[:LONGEST], None
    try:
        found = _HASHER.verify(password_hash or _dummy_hash(), normal(password).encode(errors="replace"))
    except (VerificationError, InvalidHashError):
        return False
    return found and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("nobody's password, so that an unknown name costs as much")
