"""Calendar feeds: the public one, and the personal one behind its secret address."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.accounts import rate_limits
from portal.errors import TooMany
from portal.transactions import reading, writing
from portal.visits.feeds import feed_of_token, public_feed
from portal.web.identity import identity_of
from portal.web.language import language_of


async def public(request: Request) -> Response:
    """`/calendar/visits.ics`: every announced visit."""
    return _calendar(await run_in_threadpool(_public, language_of(request.scope)), "private, max-age=300")


async def personal(request: Request) -> Response:
    """`/calendar/<token>.ics`. Raises: NotFound for a guessed token, TooMany for many of them."""
    address, token = identity_of(request.scope).address, request.path_params["token"]
    return _calendar(await run_in_threadpool(_personal, address, token), "private, no-store")


def _calendar(text: str, cache: str) -> Response:
    headers = {"cache-control": cache, "content-disposition": "inline; filename=visits.ics"}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _public(language: str) -> str:
    with reading() as session:
        return public_feed(session, language)


def _personal(address: str, token: str) -> str:
    with writing() as session:
        allowed = rate_limits.count_attempt(session, rate_limits.calendar_limits(address))
    if not allowed:
        raise TooMany
    with reading() as session:
        return feed_of_token(session, token)
