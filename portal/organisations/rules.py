"""Pure checks on what an organisation writes about itself."""

from collections.abc import Callable, Mapping
from string import digits
from typing import NamedTuple
from unicodedata import category, normalize

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from db.models import OrganisationKind
from portal.accounts.rules import clean_name as clean_person_name
from portal.accounts.rules import clean_phone, normal_email
from portal.errors import N_, Invalid, InvalidFields
from portal.permissions import Role
from portal.texts import paragraphs

NAME_LONGEST = 200
DIGITS_FIRST = 8
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SUMMARY_LONGEST = 2000

FIRST_ROLE: dict[OrganisationKind, Role] = {
    OrganisationKind.ENTERPRISE: Role.ENTERPRISE_ADMIN,
    OrganisationKind.INSTITUTE: Role.INSTITUTE_ADMIN,
    OrganisationKind.AGENCY: Role.BROKER,
}
"""What the contact of a verified organisation is invited as; other kinds take part without people of their own."""

MEMBER_ROLES: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.ENTERPRISE: (Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_ADMIN),
    OrganisationKind.INSTITUTE: (Role.RESEARCHER, Role.INSTITUTE_ADMIN),
    OrganisationKind.AGENCY: (Role.BROKER,),
}
"""The roles that an organisation's own admin may give."""


class Application(NamedTuple):
    """What an organisation writes when it asks to take part, in its stored form."""

    credit_code: str
    name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    summary: str


def clean_application(written: Mapping[str, str]) -> Application:
    """Every field by its name. Raises: InvalidFields, which holds a refusal for each that cannot be accepted."""
    checks: dict[str, Callable[[str], str]] = {
        "name": clean_name,
        "credit_code": clean_credit_code,
        "summary": clean_summary,
        "contact_name": clean_person_name,
        "contact_email": normal_email,
        "contact_phone": _needed_phone,
    }
    clean: dict[str, str] = {}
    refusals = []
    for name, check in checks.items():
        try:
            clean[name] = check(written.get(name, ""))
        except Invalid as refusal:
            refusals.append(refusal)
    if refusals:
        raise InvalidFields(refusals)
    return Application(**clean)


def _needed_phone(text: str) -> str:
    phone = clean_phone(text)
    if not phone:
        raise Invalid(N_("Please give a phone number for questions about the application."), field="phone")
    return phone


def clean_credit_code(text: str) -> str:
    """A unified social credit code (统一社会信用代码, GB 32100-2015) in its stored form.

    Raises: Invalid, which says whether length, letters or the check digit are wrong.
    """
    plain = normalize("NFKC", text).strip().upper()
    try:
        return str(uscc.validate(plain))
    except InvalidLength:
        message = N_("A credit code has 18 characters; this one has {count}.")
        raise Invalid(message, field="credit_code", count=len(uscc.compact(plain))) from None
    except InvalidChecksum:
        raise Invalid(
            N_("The last character of the credit code does not match the others; please compare it with the licence."),
            field="credit_code",
        ) from None
    except ValidationError:
        place, letter = _misplaced(uscc.compact(plain))
        message = N_(
            "Character {place} of the credit code, “{letter}”, cannot stand there: the first eight are digits, and the "
            "letters I, O, S, V and Z never occur."
        )
        raise Invalid(message, field="credit_code", place=place, letter=letter) from None


def _misplaced(code: str) -> tuple[int, str]:
    """The first character that a credit code cannot hold at its place, counted from 1."""
    wrong = (
        (place, letter)
        for place, letter in enumerate(code, 1)
        if letter not in (digits if place <= DIGITS_FIRST else LETTERS)
    )
    return next(wrong, (len(code), code[-1:]))


def clean_summary(text: str) -> str:
    """What an organisation says of itself, without hidden or direction-changing characters. Raises: Invalid."""
    return paragraphs(text, SUMMARY_LONGEST, field="summary")


def clean_name(text: str) -> str:
    """An organisation's name on one line, without hidden or direction-changing characters. Raises: Invalid."""
    plain = " ".join(normalize("NFC", text).split())
    if any(category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in plain):
        message = N_("The organisation's name holds a character that cannot be seen. Please type it anew.")
        raise Invalid(message, field="organisation_name")
    if not 2 <= len(plain) <= NAME_LONGEST:
        message = N_("An organisation's name has 2 to {count} characters.")
        raise Invalid(message, field="organisation_name", count=NAME_LONGEST)
    return plain
