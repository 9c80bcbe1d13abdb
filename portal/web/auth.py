"""Sign-in, sign-out, invitation and password reset as plain pages: quick, and usable without Streamlit."""

from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands, links, queries, rate_limits, sessions
from portal.accounts.queries import DemoAccount
from portal.accounts.rules import normal_email
from portal.accounts.signing_in import SignedIn, sign_in_with_password
from portal.accounts.workflow import OneTimeLinkKind
from portal.errors import N_, Invalid, NotFound, PortalError, TooMany
from portal.i18n import translate
from portal.permissions import VISITOR
from portal.settings import settings
from portal.transactions import reading, writing
from portal.web.forms import came_from, check_token, own_path, read_form
from portal.web.forms_pages import form_page, refused
from portal.web.identity import (
    cookies_of,
    give_device_cookie,
    give_session_cookie,
    identity_of,
    known_device,
    take_session_cookie,
)
from portal.web.language import give_language_cookie, language_of
from portal.web.proxy import is_loopback
from portal.wording import label

DIFFERENT = N_("The two passwords differ. Please type them again.")
PASSWORD_SET = N_("The password is set. Please sign in with it.")
SESSION_ENDED = N_("Your session has ended. Please sign in again; drafts that were saved are kept.")
ACCESS_ENDED = N_(
    "Your access to the portal was ended. If you think this is a mistake, please write to the admin of your "
    "organisation or to the platform admin."
)
NOTICES = {"closed": ACCESS_ENDED, "password": PASSWORD_SET, "ended": SESSION_ENDED}
RESET_SENT = N_("If an account has this address, a mail with a link is on its way. The link is valid for 30 minutes.")


async def login(request: Request) -> Response:
    """Ask for e-mail and password, and send on to where the person wanted to go."""
    form = await read_form(request) if request.method == "POST" else dict(request.query_params)
    target = own_path(form.get("next") or came_from(request))
    if request.method == "GET":
        return await _login_page(request, target, notice=NOTICES.get(form.get("done", ""), ""))
    try:
        check_token(request, form)
        signed_in = await run_in_threadpool(_sign_in, request, form.get("email", ""), form.get("password", ""))
    except PortalError as error:
        return await _login_page(request, target, email=form.get("email", ""), error=error)
    await _end_own_session(request)
    return _welcome(signed_in.token, target, email=signed_in.email, language=signed_in.language)


async def login_demo(request: Request) -> Response:
    """Sign in as a demonstration account by a button; only on this machine, only with demonstration data."""
    if not _demo_allowed(request):
        raise NotFound
    form = await read_form(request)
    check_token(request, form)
    try:
        membership_id = UUID(form.get("membership", ""))
    except ValueError:
        raise NotFound from None
    token = await run_in_threadpool(_sign_in_as_demo, membership_id, language_of(request.scope))
    await _end_own_session(request)
    return _welcome(token, own_path(form.get("next", "/")))


async def logout(request: Request) -> Response:
    """Ask once, then end the session in every tab."""
    if request.method == "GET":
        return form_page(request, "logout.html", is_signed_in=not identity_of(request.scope).is_visitor)
    check_token(request, await read_form(request))
    await _end_own_session(request)
    response = RedirectResponse("/", 303)
    take_session_cookie(response)
    return response


async def invitation(request: Request) -> Response:
    """Choose name and password by a one-time link."""
    token = request.path_params["token"]
    facts = await run_in_threadpool(_peek, request, OneTimeLinkKind.INVITATION, token)
    values: dict[str, Any] = {"email": facts.email, "name": facts.name}
    if request.method == "GET":
        return form_page(request, "invitation.html", **values, error="", field="")
    form = await read_form(request)
    values["name"] = form.get("name", "")
    try:
        check_token(request, form)
        language = language_of(request.scope)
        key = await run_in_threadpool(_accept, token, values["name"], _same_twice(form), language)
    except links.LinkEnded:
        raise
    except PortalError as error:
        return refused(request, "invitation.html", error, **values)
    await _end_own_session(request)
    return _welcome(key, "/", email=facts.email)


async def forgot(request: Request) -> Response:
    """Ask for a reset link; a known and an unknown address read the same answer."""
    if request.method == "GET":
        return form_page(request, "forgot.html", email="", error="", field="", notice="")
    form = await read_form(request)
    email = form.get("email", "")
    try:
        check_token(request, form)
        await run_in_threadpool(_request_reset, request, email)
    except PortalError as error:
        return refused(request, "forgot.html", error, email=email, notice="")
    notice = translate(RESET_SENT, language_of(request.scope))
    return form_page(request, "forgot.html", email=email, error="", field="", notice=notice)


async def reset(request: Request) -> Response:
    """Choose a new password by a one-time link."""
    token = request.path_params["token"]
    facts = await run_in_threadpool(_peek, request, OneTimeLinkKind.PASSWORD_RESET, token)
    if request.method == "GET":
        return form_page(request, "reset.html", email=facts.email, error="", field="")
    form = await read_form(request)
    try:
        check_token(request, form)
        await run_in_threadpool(_reset, token, _same_twice(form))
    except links.LinkEnded:
        raise
    except PortalError as error:
        return refused(request, "reset.html", error, email=facts.email)
    response = RedirectResponse("/login?done=password", 303)
    take_session_cookie(response)
    return response


def _sign_in(request: Request, email: str, password: str) -> SignedIn:
    address = identity_of(request.scope).address
    device = known_device(cookies_of(request.scope), email)
    return sign_in_with_password(email=email, password=password, address=address, device=device)


def _sign_in_as_demo(membership_id: UUID, language: str) -> str:
    with writing() as session:
        return commands.sign_in_as_demo(session, VISITOR, membership_id=membership_id, language=language)


def _accept(token: str, name: str, password: str, language: str) -> str:
    with writing() as session:
        return commands.accept_invitation(
            session, VISITOR, token=token, name=name, password=password, language=language
        )


def _reset(token: str, password: str) -> None:
    with writing() as session:
        commands.reset_password(session, VISITOR, token=token, password=password)


def _request_reset(request: Request, email: str) -> None:
    normal = normal_email(email)
    _count(rate_limits.reset_limits(normal, identity_of(request.scope).address))
    with writing() as session:
        commands.request_password_reset(session, VISITOR, email=normal)


def _peek(request: Request, kind: OneTimeLinkKind, token: str) -> links.LinkFacts:
    _count(rate_limits.link_limits(identity_of(request.scope).address))
    with reading() as session:
        return links.peek(session, kind, token)


def _count(limits: list[rate_limits.Limit]) -> None:
    with writing() as session:
        allowed = rate_limits.count_attempt(session, limits)
    if not allowed:
        raise TooMany


def _same_twice(form: dict[str, str]) -> str:
    if form.get("password", "") != form.get("again", ""):
        raise Invalid(DIFFERENT, field="again")
    return form.get("password", "")


async def _end_own_session(request: Request) -> None:
    """The session this browser had before, if any: one cookie, one session."""
    key = identity_of(request.scope).session_key

    def end(key: str) -> None:
        with writing() as session:
            commands.sign_out(session, sessions.actor_of_session(session, key), key=key)

    if key is not None:
        await run_in_threadpool(end, key)


def _welcome(token: str, target: str, *, email: str = "", language: str = "") -> Response:
    response = RedirectResponse(target, 303)
    give_session_cookie(response, token)
    if email:
        give_device_cookie(response, email)
    if language:
        give_language_cookie(response, language)
    return response


async def _login_page(
    request: Request, target: str, *, email: str = "", error: PortalError | None = None, notice: str = ""
) -> Response:
    language = language_of(request.scope)
    values: dict[str, Any] = {
        "next": target,
        "email": email,
        "notice": translate(notice, language) if notice else "",
        "demo_groups": await run_in_threadpool(_demo_groups, language) if _demo_allowed(request) else [],
    }
    if error:
        return refused(request, "login.html", error, **values)
    return form_page(request, "login.html", **values, error="", field="")


def _demo_groups(language: str) -> list[tuple[str, list[DemoAccount]]]:
    """Demonstration accounts by the word for their role."""
    with reading() as session:
        accounts = queries.demo_accounts(session)
    groups: dict[str, list[DemoAccount]] = {}
    for account in accounts:
        groups.setdefault(label(account.role, language), []).append(account)
    return list(groups.items())


def _demo_allowed(request: Request) -> bool:
    return settings().demo and is_loopback(request.scope)
