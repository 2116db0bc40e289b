"""Under which names the gateway answers, and how a browser calls a page of ours.

A browser that was led here by another name (DNS rebinding) believes itself on somebody else's site, so it gets no
answer; and a page of another origin is nobody that commands come from.
"""

import re
from dataclasses import dataclass, field

from litestar.connection import ASGIConnection

LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Site:
    """Where people find this gateway.

    Args:
        origin: the public one, such as `https://swarm.example.com`; empty for this machine alone.
    """

    origin: str = ""
    scheme: str = field(init=False)
    host: str = field(init=False)

    def __post_init__(self) -> None:
        scheme, _, host = self.origin.lower().rstrip("/").partition("://")
        object.__setattr__(self, "scheme", scheme)
        object.__setattr__(self, "host", host.removesuffix(DEFAULT_PORTS.get(scheme, " ")))

    def answers_to(self, host: str) -> bool:
        """Whether a request under this `Host` is for us."""
        return self._is_public(host) or LOOPBACK.fullmatch(host.lower()) is not None

    def origin_of(self, connection: ASGIConnection) -> str:  # type: ignore[type-arg]
        """What a browser that sent this request calls a page of ours. Whatever ends TLS before us says so by the name."""
        host = connection.headers.get("host", "").lower()
        scheme = connection.scope["scheme"].replace("ws", "http")
        if self._is_public(host):
            scheme, host = self.scheme, self.host
        return f"{scheme}://{host.removesuffix(DEFAULT_PORTS[scheme])}"

    def is_secure(self, connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
        """Whether the browser that sent this request speaks https."""
        return self.origin_of(connection).startswith("https:")

    def _is_public(self, host: str) -> bool:
        return bool(self.host) and host.lower().removesuffix(DEFAULT_PORTS[self.scheme]) == self.host


def site_of(connection: ASGIConnection) -> Site:  # type: ignore[type-arg]
    """The site that the app was made for."""
    site: Site = connection.app.state.site
    return site
