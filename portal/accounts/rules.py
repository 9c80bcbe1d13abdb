"""What an e-mail address and a name may look like, so that no two accounts can be mistaken for one another."""

import re
from unicodedata import category, normalize

from portal.errors import N_, Invalid

_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9-]+\.)+[a-z0-9-]{2,}")
EMAIL_LONGEST = 254
NAME_LONGEST = 100
PHONE_LONGEST = 40


def normal_email(text: str) -> str:
    """The form in which an address is stored and compared.

    Raises: Invalid, with a hint for full-width letters and for characters that cannot be seen.
    """
    plain = text.strip().lower()
    if _hidden(plain):
        raise Invalid(
            N_("The e-mail address holds a character that cannot be seen. Please type it anew."), field="email"
        )
    if normalize("NFKC", plain) != plain:
        raise Invalid(
            N_("The e-mail address holds full-width or look-alike characters. Please type it with a plain keyboard."),
            field="email",
        )
    if len(plain) > EMAIL_LONGEST or not _EMAIL.fullmatch(plain):
        raise Invalid(N_("This is not an e-mail address. It looks like name@example.org."), field="email")
    return plain


def clean_name(text: str) -> str:
    """A person's name on one line. Raises: Invalid."""
    plain = " ".join(normalize("NFC", text).split())
    if not plain:
        raise Invalid(N_("Please write the name."), field="name")
    if _hidden(plain):
        raise Invalid(N_("The name holds a character that cannot be seen. Please type it anew."), field="name")
    if len(plain) > NAME_LONGEST:
        raise Invalid(N_("A name has at most {count} characters."), field="name", count=NAME_LONGEST)
    return plain


def clean_phone(text: str) -> str | None:
    """Digits, blanks, +, -, brackets; None when empty. Raises: Invalid."""
    plain = normalize("NFKC", text).strip()
    if not plain:
        return None
    if len(plain) > PHONE_LONGEST or not re.fullmatch(r"\+?[0-9 ()/-]{5,}", plain):
        raise Invalid(N_("This is not a phone number."), field="phone")
    return plain


def _hidden(text: str) -> bool:
    """Control characters, zero-width ones, direction overrides, lone surrogates, private ones."""
    return any(category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in text)
