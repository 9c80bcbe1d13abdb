"""Which Host and Origin are ours: the public address, and this machine itself while developing."""

from urllib.parse import urlsplit

from starlette.types import Scope

from portal.settings import settings

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def own_origins(scope: Scope) -> frozenset[str]:
    """Every origin a browser may name, exactly; `scope` tells the port that is really served."""
    public = urlsplit(settings().public_url)
    port = public.port or _DEFAULT_PORTS.get(public.scheme, 80)
    origins = {_origin(public.scheme, public.hostname or "", port)}
    if not settings().is_production:
        server = scope.get("server")
        ports = {port, settings().port} | ({int(server[1])} if server and server[1] else set())
        origins |= {_origin("http", name, number) for name in _LOOPBACK for number in ports}
    return frozenset(origins)


def is_own_host(scope: Scope, host: str) -> bool:
    return any(host.lower() == origin.partition("://")[2] for origin in own_origins(scope))


def is_own_origin(scope: Scope, origin: str, host: str) -> bool:
    """Scheme, name and port are ours and the same that the request was sent to."""
    plain = origin.lower()
    return plain in own_origins(scope) and plain.partition("://")[2] == host.lower()


def _origin(scheme: str, name: str, port: int) -> str:
    shown = "" if _DEFAULT_PORTS.get(scheme) == port else f":{port}"
    return f"{scheme}://{name.lower()}{shown}"
