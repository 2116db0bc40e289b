"""Every failure the swarm names: what happened, the values, and what the reader can do about it.

The consumer loop, the command line and the gateway decide by class, never by message.
"""

from typing import ClassVar, TypeAlias

Values: TypeAlias = dict[str, str | int | float | None]


class SwarmError(Exception):
    """The root of the tree.

    Args:
        detail: one sentence for a person, without personal data.
        remedy: what to do about it; empty where the sentence already says so.
        values: what a program may want to read beside the sentence.
    """

    slug: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    default_remedy: ClassVar[str] = ""

    def __init__(self, detail: str, remedy: str = "", **values: str | int | float | None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy or self.default_remedy
        self.values: Values = values

    def sentence(self) -> str:
        """Detail and remedy in one line."""
        return f"{self.detail} {self.remedy}".strip()


class BadInput(SwarmError):
    """What a person or a file said cannot be used; the field is named."""

    slug = "bad-input"


class TooLarge(BadInput):
    """More was sent than is taken; what, and how much is, is said."""

    slug = "too-large"


class NotFound(SwarmError):
    """No such lead, e-mail, run or entry in this namespace; one of another namespace answers the same."""

    slug = "not-found"


class Ambiguous(BadInput):
    """A prefix fits more than one id."""

    slug = "ambiguous-id"


class Unauthenticated(SwarmError):
    """Nobody we know, or not with what was shown: none, garbage, expired, revoked, closed. It says no more than that."""

    slug = "unauthenticated"
    default_remedy = "Sign in, or send a valid token as `Authorization: Bearer …`; `swarm token create` makes one."


class ProviderSignInFailed(Unauthenticated):
    """Signing in at an identity provider let nobody in; `code` is one of a few, and the page has a sentence for each."""

    slug = "provider-sign-in-failed"


class Forbidden(SwarmError):
    """We know who asks, and they may not."""

    slug = "forbidden"


class LockedOut(SwarmError):
    """Too many failed attempts to sign in; `values` say after how many seconds the next one is looked at."""

    slug = "locked-out"
    retryable = True


class Misdirected(SwarmError):
    """A request under a name that is not ours: somebody else's page may be behind it."""

    slug = "misdirected"


class PreconditionMissing(BadInput):
    """A decision that does not say which version of what it is about."""

    slug = "precondition-missing"
    default_remedy = "Send `expected_version` in the body, or `If-Match` with the ETag of what was shown."


class DecisionRefused(SwarmError):
    """The state does not allow this command. Nothing was recorded."""

    slug = "refused"


class GuardRefused(DecisionRefused):
    """The text a person wants to let out breaks a rule of the guard."""

    slug = "guard-refused"


class NotSetUp(DecisionRefused):
    """What people set up for real rows is not whole; `values` have the keys that are missing, with a comma between."""

    slug = "not-set-up"


class PersonExcluded(DecisionRefused):
    """The recipient of the draft is to be left alone, or nobody can tell that they are not."""

    slug = "excluded"
    default_remedy = "Reject the draft. If it is a mistake, take them off the list: `swarm exclude remove`."


class Conflict(SwarmError):
    """Somebody else was first."""

    slug = "conflict"


class AlreadyDecided(Conflict):
    """Another answer already stands; `values` name who gave it, when and what."""

    slug = "already-decided"


class ClaimedByAnother(Conflict):
    """Somebody else is looking at this draft; `values` name who and until when."""

    slug = "claimed-by-another"
    default_remedy = "Take another draft, or come back when the claim is over."


class StaleVersion(Conflict):
    """The command speaks of a draft that has a newer version."""

    slug = "stale-version"
    default_remedy = "Look at the current version and decide again."


class SecretShown(Conflict):
    """The token was already made under this command id; its secret was told then and is kept nowhere."""

    slug = "secret-already-shown"


class VersionConflict(Conflict):
    """An aggregate moved on between load and commit, five times in a row."""

    slug = "version-conflict"
    retryable = True
    default_remedy = "Try again."


class KeyReused(BadInput):
    """One idempotency key came with two different commands."""

    slug = "idempotency-key-reused"
    default_remedy = "Use a new key for a new command."


class StoreUnavailable(SwarmError):
    """The log cannot be reached, is full, or does not promise what the swarm needs."""

    slug = "store-unavailable"
    retryable = True


class UnsafeStore(StoreUnavailable):
    """The server may evict or forget what it acknowledged; the swarm does not start on it."""

    slug = "unsafe-store"
    retryable = False


class ProviderUnavailable(SwarmError):
    """A provider gave no answer this time; asking again later may help."""

    slug = "provider-unavailable"
    retryable = True


class ProviderRefused(SwarmError):
    """A provider will not answer however often it is asked: no key, no right, gone."""

    slug = "provider-refused"


class DamagedEntry(SwarmError):
    """An entry of the log does not read as what was written."""

    slug = "damaged-entry"
