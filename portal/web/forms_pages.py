"""A plain page with a form: drawn with its token, and drawn again with what was typed when it is refused."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.errors import Invalid, PortalError
from portal.i18n import translate
from portal.web.faults import status_of
from portal.web.forms import keep_nonce, new_token
from portal.web.language import language_of
from portal.web.templating import page


def refused(request: Request, template: str, error: PortalError, **values: Any) -> Response:
    """The same form with what was typed (never the password) and the sentence why not."""
    sentence = translate(error.message, language_of(request.scope), **error.params)
    status = status_of(error)
    field = error.field if isinstance(error, Invalid) else ""
    return form_page(request, template, status=422 if status == 409 else status, error=sentence, field=field, **values)


def form_page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    nonce, token = new_token(request)
    response = page(request, template, status=status, csrf=token, **values)
    keep_nonce(response, nonce)
    return response
