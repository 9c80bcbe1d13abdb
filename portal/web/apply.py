"""Apply to take part: one plain form with one file, counted and limited before anything is kept."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive

from portal.accounts import rate_limits
from portal.errors import N_, Invalid, InvalidFields, PortalError, TooMany
from portal.files.rules import MAX_BYTES
from portal.i18n import translate
from portal.organisations.commands import apply_for_organisation
from portal.organisations.places import industries, towns
from portal.organisations.rules import clean_application
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
_HERE = {"organisation_name": "name", "name": "contact_name", "email": "contact_email", "phone": "contact_phone"}
"""The form's own names for the fields of organisation and person."""
FORM_OVERHEAD = 64 * 1024
MOST = MAX_BYTES + FORM_OVERHEAD
PATIENCE = 3 * MAX_BYTES


async def apply(request: Request) -> Response:
    """Draw the form, or take an application and say that it is in."""
    language = language_of(request.scope)
    if request.method == "GET":
        return form_page(
            request, "apply.html", **_choices(language), typed=dict.fromkeys(FIELDS, ""), error="", errors=[], wrong=[]
        )
    typed = dict.fromkeys(FIELDS, "")
    try:
        form, proof_name, proof = await _read(request)
        typed |= {name: form.get(name, "") for name in FIELDS}
        check_token(request, form)
        if proof is None:
            raise Invalid(N_("The file is larger than 20 MB."), field="proof")
        await run_in_threadpool(_apply, identity_of(request.scope).address, typed, language, proof_name, proof)
    except PortalError as error:
        refusals = error.refusals if isinstance(error, InvalidFields) else [error]
        errors = [translate(one.message, language, **one.params) for one in refusals]
        wrong = [_HERE.get(one.field, one.field) for one in refusals if isinstance(one, Invalid)]
        return refused(request, "apply.html", error, **_choices(language), typed=typed, errors=errors, wrong=wrong)
    return form_page(request, "applied.html", email=typed["contact_email"])


def _check(typed: dict[str, str], proof: bytes) -> None:
    """All that is wrong at once, in the order of the form. Raises: InvalidFields."""
    faults: list[Invalid] = []
    if typed["kind"] not in {kind.value for kind in OrganisationKind}:
        faults.append(Invalid(N_("Please choose what kind of organisation it is."), field="kind"))
    try:
        clean_application(typed)
    except InvalidFields as refusal:
        faults += refusal.refusals
    if not proof:
        faults.append(Invalid(N_("Please attach a proof, such as the business licence."), field="proof"))
    if faults:
        raise InvalidFields(faults)


def _apply(address: str, typed: dict[str, str], language: str, proof_name: str, proof: bytes) -> None:
    _check(typed, proof)
    kind = OrganisationKind(typed["kind"])
    with writing() as session:
        allowed = rate_limits.count_attempt(session, rate_limits.apply_limits(address))
    if not allowed:
        raise TooMany
    fields = {name: value for name, value in typed.items() if name != "kind"} | {"language": language}
    with writing() as session:
        apply_for_organisation(session, VISITOR, kind=kind, proof_name=proof_name, proof=proof, **fields)


async def _read(request: Request) -> tuple[dict[str, str], str, bytes | None]:
    """Fields, file name and file, None for one that is too large. Raises: FormRefused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FormRefused
    body = _Limited(request.receive)
    try:
        limited = Request(request.scope, body)
        async with limited.form(max_files=1, max_fields=len(FIELDS) + 2, max_part_size=32 * 1024) as form:
            proof = form.get("proof")
            content = await proof.read() if isinstance(proof, UploadFile) else b""
            name = (proof.filename or "") if isinstance(proof, UploadFile) else ""
            fields = {key: value for key, value in form.items() if isinstance(value, str)}
    except (PortalError, ClientDisconnect):
        raise
    except Exception as error:
        raise FormRefused from error
    return fields, name, None if body.is_over else content


class _Limited:
    """Hands on no more than a form with one file may have, whatever Content-Length says.

    What is somewhat longer is read to its end and dropped, since a browser that still sends does not read the answer;
    after that the line is cut.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen = 0

    @property
    def is_over(self) -> bool:
        return self._seen > MOST

    async def __call__(self) -> Message:
        room = MOST - self._seen
        message = first = await self._next()
        while self.is_over and message.get("more_body") and self._seen < PATIENCE:
            message = await self._next()
        if not self.is_over:
            return first
        return {"type": "http.request", "body": first.get("body", b"")[: max(room, 0)], "more_body": False}

    async def _next(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        return message


def _choices(language: str) -> dict[str, Any]:
    def named(places: Any) -> list[tuple[str, str]]:
        return [(place.code, place.name if language == "zh_CN" else place.name_en) for place in places]

    return {
        "kinds": [(kind.value, label(kind, language)) for kind in OrganisationKind],
        "industries": named(industries()),
        "towns": named(towns()),
    }
