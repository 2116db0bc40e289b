"""How an identity provider knows us."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Registered:
    """How the provider knows us.

    Args:
        name: what people call the provider.
        issuer: who it is, such as `https://login.example.com/realm`.
        client_secret: empty for a client that has none; it is in no printed form of this.
        scope: what we ask to be told.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
