"""Apply to take part: one plain form with one file, counted and limited before anything is kept."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive

from portal.accounts import rate_limits
from portal.errors import N_, Invalid, PortalError, TooMany
from portal.files.rules import MAX_BYTES
from portal.organisations.commands import apply_for_organisation
from portal.organisations.places import industries, towns
from portal.organisations.workflow import OrganisationKind
from portal.permissions import VISITOR
from portal.transactions import writing
from portal.web.forms import FormRefused, check_token
from portal.web.forms_pages import form_page, refused
from portal.web.identity import identity_of
from portal.web.language import language_of
from portal.wording import label

FIELDS = (
    "name",
    "kind",
    "credit_code",
    "industry_code",
    "town_code",
    "summary",
    "contact_name",
    "contact_email",
    "contact_phone",
)
FORM_OVERHEAD = 64 * 1024


async def apply(request: Request) -> Response:
    """Draw the form, or take an application and say that it is in."""
    language = language_of(request.scope)
    if request.method == "GET":
        return form_page(
            request, "apply.html", **_choices(language), typed=dict.fromkeys(FIELDS, ""), error="", field=""
        )
    typed = dict.fromkeys(FIELDS, "")
    try:
        form, proof_name, proof = await _read(request)
        typed |= {name: form.get(name, "") for name in FIELDS}
        check_token(request, form)
        await run_in_threadpool(_apply, identity_of(request.scope).address, typed, proof_name, proof)
    except PortalError as error:
        return refused(request, "apply.html", error, **_choices(language), typed=typed)
    return form_page(request, "applied.html", email=typed["contact_email"])


def _apply(address: str, typed: dict[str, str], proof_name: str, proof: bytes) -> None:
    try:
        kind = OrganisationKind(typed["kind"])
    except ValueError:
        raise Invalid(N_("Please choose what kind of organisation it is."), field="kind") from None
    if not proof:
        raise Invalid(N_("Please attach a proof, such as the business licence."), field="proof")
    with writing() as session:
        allowed = rate_limits.count_attempt(session, rate_limits.apply_limits(address))
    if not allowed:
        raise TooMany
    fields = {name: value for name, value in typed.items() if name != "kind"}
    with writing() as session:
        apply_for_organisation(session, VISITOR, kind=kind, proof_name=proof_name, proof=proof, **fields)


async def _read(request: Request) -> tuple[dict[str, str], str, bytes]:
    """Fields, file name and file. Raises: FormRefused, Invalid for a file that is too large."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FormRefused
    limited = Request(request.scope, _limited(request.receive))
    try:
        async with limited.form(max_files=1, max_fields=len(FIELDS) + 2, max_part_size=32 * 1024) as form:
            proof = form.get("proof")
            content = await proof.read() if isinstance(proof, UploadFile) else b""
            name = (proof.filename or "") if isinstance(proof, UploadFile) else ""
            return {key: value for key, value in form.items() if isinstance(value, str)}, name, content
    except _TooLarge:
        raise Invalid(N_("The file is larger than 20 MB."), field="proof") from None
    except (PortalError, ClientDisconnect):
        raise
    except Exception as error:
        raise FormRefused from error


class _TooLarge(Exception):
    """More bytes came than a form with one file may have."""


def _limited(receive: Receive) -> Receive:
    """Stop reading where the limit is passed, whatever Content-Length says."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BYTES + FORM_OVERHEAD:
            raise _TooLarge
        return message

    return counted


def _choices(language: str) -> dict[str, Any]:
    def named(places: Any) -> list[tuple[str, str]]:
        return [(place.code, place.name if language == "zh_CN" else place.name_en) for place in places]

    return {
        "kinds": [(kind.value, label(kind, language)) for kind in OrganisationKind],
        "industries": named(industries()),
        "towns": named(towns()),
    }
