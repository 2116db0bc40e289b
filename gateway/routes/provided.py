"""Signing in at an identity provider: the browser is led there and back, and whatever goes wrong is told by the page.

The way there is bound to the browser by a cookie that is sent along when somebody else's page leads back here, which
that of a session is not. The session's is first sent by the page itself, when it asks who reads: so an answer that
leads on to the page does.
"""

from typing import Annotated

from litestar import get
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.params import QueryParameter
from litestar.response import Redirect

from contracts.errors import NotFound, ProviderSignInFailed, StoreUnavailable
from gateway.auth import OPEN_TO_ALL
from gateway.backend import Backend, Behind
from gateway.origin import site_of
from gateway.problems import ANSWERS
from gateway.query import Asking, only_known
from gateway.routes.session import address_of, session_cookie
from services.commands.provided import Back, ProviderSignIns, Why
from services.runtime.sign_in_store import WAITING_S

BEGIN, BACK = "/api/session/oidc", "/api/session/oidc/callback"
HOME = "/"
COOKIE = "swarm-oidc"
FOUND = 302
IF_THERE_IS_ONE = {**OPEN_TO_ALL, ANSWERS: (404,)}

Said = Annotated[str, QueryParameter(description="As the provider says it.")]
State = Annotated[str, QueryParameter(name="state", description="As it was sent there.")]


@get(BEGIN, status_code=FOUND, opt=IF_THERE_IS_ONE, guards=[only_known])
async def go_there(request: Asking, backend: Behind) -> Redirect:
    """Go to the identity provider and sign in there; a link leads here, no program needs it.

    Where that cannot be, it leads to the sign-in page, with a code behind `#sign-in-failed=`.
    """
    provided = _provided(backend)
    try:
        sent = await provided.begin(site_of(request).origin_of(request) + BACK)
    except (ProviderSignInFailed, StoreUnavailable) as error:
        return _failed(request, error)
    return Redirect(sent.address, cookies=[_cookie(request, sent.browser, WAITING_S)])


@get(BACK, status_code=FOUND, opt=IF_THERE_IS_ONE)
async def come_back(
    request: Asking,
    backend: Behind,
    sent: State = "",
    code: Said = "",
    error: Said = "",
    iss: Said = "",
) -> Redirect:
    """Come back from the identity provider, which sends browsers here; whoever it knows is signed in, once.

    It leads to the page. Where nobody is signed in, with a code behind `#sign-in-failed=`.
    """
    provided = _provided(backend)
    back = Back(
        browser=request.cookies.get(_cookie_name(request), ""),
        state=sent,
        code=code,
        error=error,
        issuer=iss,
        address=address_of(request),
    )
    try:
        opened = await provided.finish(back)
    except (ProviderSignInFailed, StoreUnavailable) as failure:
        return _failed(request, failure)
    cookies = [session_cookie(request, backend, opened), _cookie(request, "", 0)]
    return Redirect(HOME, cookies=cookies)


def _provided(backend: Backend) -> ProviderSignIns:
    if backend.provided is None:
        raise NotFound("Nobody signs in at an identity provider here.", "Sign in with a password, or by a link.")
    return backend.provided


def _failed(request: Asking, error: ProviderSignInFailed | StoreUnavailable) -> Redirect:
    """To the sign-in page, which has a sentence for each code. Behind the `#` it is sent to no server."""
    away: Why = "away"
    code = error.values["code"] if isinstance(error, ProviderSignInFailed) else away
    return Redirect(f"{HOME}#sign-in-failed={code}", cookies=[_cookie(request, "", 0)])


def _cookie_name(connection: ASGIConnection) -> str:  # type: ignore[type-arg]
    return f"__Host-{COOKIE}" if site_of(connection).is_secure(connection) else COOKIE


def _cookie(request: Asking, value: str, left_s: int) -> Cookie:
    """No script reads it; somebody else's page only sends it by leading a person here."""
    return Cookie(
        key=_cookie_name(request),
        value=value,
        max_age=left_s,
        path="/",
        secure=site_of(request).is_secure(request),
        httponly=True,
        samesite="lax",
    )


ROUTES = (go_there, come_back)
