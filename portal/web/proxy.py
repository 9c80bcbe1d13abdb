"""Where a request comes from: the address that the last trusted hop saw, never one that a client claims."""

import ipaddress

from starlette.datastructures import Headers
from starlette.types import Scope

from portal.settings import settings


def client_address(scope: Scope) -> str:
    """With n trusted proxies the n-th address from the right of X-Forwarded-For; without, the peer's own."""
    peer = scope.get("client")
    direct = str(peer[0]) if peer else "unknown"
    hops = settings().trusted_proxies
    if not hops:
        return direct
    named = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
    return named[-hops] if len(named) >= hops and _is_address(named[-hops]) else direct


def is_loopback(scope: Scope) -> bool:
    """A browser on this very machine, with nothing in between that forwards for others."""
    headers = Headers(scope=scope)
    if "x-forwarded-for" in headers or "forwarded" in headers or "x-real-ip" in headers:
        return False
    peer = scope.get("client")
    return peer is not None and _is_address(peer[0]) and _mapped(peer[0]).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _mapped(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text)
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address
