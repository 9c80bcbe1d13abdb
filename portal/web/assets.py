"""Style sheet and icon of the plain pages."""

from starlette.requests import Request
from starlette.responses import Response

from portal.errors import NotFound
from portal.web.bundles import FOREVER
from portal.web.templating import ASSETS, asset


async def serve(request: Request) -> Response:
    """Raises: NotFound."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise NotFound
    return Response(asset(name), media_type=ASSETS[name], headers={"cache-control": FOREVER})
