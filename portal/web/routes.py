"""Every route of our own as data: what is not in this table does not exist, and a test walks it."""

from enum import StrEnum
from typing import NamedTuple

from starlette.routing import Route

from portal.web import (
    apply,
    assets,
    auth,
    calendars,
    check_in,
    exports,
    files,
    health,
    my_data,
    receipts,
    templates_to_fill,
)
from portal.web.faults import Endpoint, guarded


class Who(StrEnum):
    """Who a route answers; the endpoint asks the feature behind it for everything finer."""

    ANYBODY = "anybody"  # nothing in it depends on the reader
    LINK = "link"  # whoever holds a one-time link
    READER = "reader"  # answers what this reader may see, 404 for the rest
    SIGNED_IN = "signed in"
    DEMO = "demo"  # this machine alone, with demonstration data


class WebRoute(NamedTuple):
    path: str
    endpoint: Endpoint
    methods: tuple[str, ...]
    who: Who


ROUTES: tuple[WebRoute, ...] = (
    WebRoute("/healthz", health.healthz, ("GET",), Who.ANYBODY),
    WebRoute("/assets/{name}", assets.serve, ("GET",), Who.ANYBODY),
    WebRoute("/login", auth.login, ("GET", "POST"), Who.ANYBODY),
    WebRoute("/login/demo", auth.login_demo, ("POST",), Who.DEMO),
    WebRoute("/logout", auth.logout, ("GET", "POST"), Who.ANYBODY),
    WebRoute("/apply", apply.apply, ("GET", "POST"), Who.ANYBODY),
    WebRoute("/forgot", auth.forgot, ("GET", "POST"), Who.ANYBODY),
    WebRoute("/invitation/{token}", auth.invitation, ("GET", "POST"), Who.LINK),
    WebRoute("/reset/{token}", auth.reset, ("GET", "POST"), Who.LINK),
    WebRoute("/export/{name}.csv", exports.export, ("GET",), Who.READER),
    WebRoute("/export/{name}.xlsx", exports.export, ("GET",), Who.READER),
    WebRoute("/templates/{name}", templates_to_fill.download, ("GET",), Who.ANYBODY),
    WebRoute("/files/{file_id:uuid}", files.download, ("GET",), Who.READER),
    # visits
    WebRoute("/check-in/{visit_id:uuid}", check_in.check_in, ("GET", "POST"), Who.READER),
    WebRoute("/calendar/visits.ics", calendars.public, ("GET",), Who.ANYBODY),
    WebRoute("/calendar/{token}.ics", calendars.personal, ("GET",), Who.LINK),
    WebRoute("/receipts/{submission_id:uuid}", receipts.receipt, ("GET",), Who.READER),
    WebRoute("/my-data/talent.json", my_data.talent, ("GET",), Who.SIGNED_IN),
)


def starlette_routes() -> list[Route]:
    return [Route(row.path, guarded(row.endpoint), methods=list(row.methods)) for row in ROUTES]
