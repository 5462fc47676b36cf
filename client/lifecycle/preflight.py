"""Whether a tenant can be assessed at all, found out with a handful of requests."""

from collections.abc import Callable
from typing import Final, NoReturn

from client.client import Client
from client.errors import PreflightError, ServiceUnavailable, TokenError, TransientError
from client.exchange import Exchange
from client.transport.tokens import MANAGE, READ

_NEEDED: Final = (READ, MANAGE)


def preflight(client: Client) -> None:
    """Returns where a run can begin; PreflightError says in one sentence what to do.

    Token and one page of one customer for each tenant, a token for the restricted client: 5 requests at most
    where all is well, and a second opinion for each answer that is not.
    """
    settings = client.settings
    variable = "EMPORIX_ACCESS_TOKEN" if settings.environment.access_token is not None else "EMPORIX_CLIENT"
    _token(client, "client", variable)
    _page(client, "client", settings.tenant, "EMPORIX_TENANT", variable)
    _may_write(client, variable)
    if "other" in client.identities():
        _token(client, "other", "EMPORIX_OTHER_CLIENT")
        _page(client, "other", client.home("other"), "EMPORIX_OTHER_TENANT", "EMPORIX_OTHER_CLIENT")
    if "restricted" in client.identities():
        _token(client, "restricted", "EMPORIX_RESTRICTED_CLIENT")


def _token(client: Client, identity: str, variable: str) -> None:
    url = client.settings.token_url
    try:
        client.tokens.get(identity)
    except TransientError as weather:
        _unreachable(url, "EMPORIX_TOKEN_URL or EMPORIX_API_URL", weather)
    except TokenError as error:
        if error.code == "invalid_scope":
            _fail(
                f"the client of {variable}_ID may not have the scopes {READ} and {MANAGE}; "
                "give them to its API key, or use another"
            )
        if error.status in (400, 401, 403):
            _fail(f"{url} refuses {variable}_ID with {variable}_SECRET ({error.status}); check both values")
        _fail(f"{url} answers {error.status} and gives no token; check EMPORIX_TOKEN_URL or EMPORIX_API_URL")


def _page(client: Client, identity: str, tenant: str, tenant_variable: str, variable: str) -> None:
    exchange = _asked(
        client, lambda: client.list(page_number=1, page_size=1, identity=identity, operation="preflight")
    )
    if exchange.status // 100 == 2:
        return
    # A list that is broken while search works is for the tests to tell, not a reason to give up.
    second = _asked(client, lambda: client.search({}, page_size=1, identity=identity, operation="preflight"))
    if second.status // 100 == 2:
        return
    remedies = {
        400: f"check that {tenant_variable} = {tenant} is the tenant's name",
        401: f"check {variable} and that it belongs to the tenant {tenant}",
        403: f"give the API key of {variable} the scope {READ} for the tenant {tenant}",
        404: f"check {tenant_variable} = {tenant} and EMPORIX_API_URL",
    }
    remedy = remedies.get(exchange.status, "check EMPORIX_API_URL, and whether the tenant works at present")
    _fail(f"the list of customers of {tenant} answers {exchange.status}; {remedy}")


def _may_write(client: Client, variable: str) -> None:
    scope = client.tokens.scope("client")
    if scope is not None and set(_NEEDED) <= set(scope.split()):
        return
    # A patch of a customer that nobody has: 403 says that writing is not granted, anything else that it is.
    nobody = f"{client.run.prefix}preflight"
    exchange = _asked(client, lambda: client.patch(nobody, {}, operation="preflight"))
    if exchange.status not in (401, 403):
        return
    second = _asked(client, lambda: client.delete(nobody, operation="preflight"))
    if second.status in (401, 403):
        _fail(f"the API key of {variable} may not write; give it the scope {MANAGE}")


def _asked(client: Client, ask: Callable[[], Exchange]) -> Exchange:
    try:
        return ask()
    except TransientError as weather:
        if isinstance(weather, ServiceUnavailable) and weather.__cause__ is None:
            _fail(str(weather).rstrip("."))  # it answered, and says what is to be done
        _unreachable(client.settings.api_url, "EMPORIX_API_URL", weather)


def _unreachable(url: str, variables: str, weather: TransientError) -> NoReturn:
    reason = " ".join(str(weather.__cause__ or weather).split()).rstrip(".")
    remedy = f"check {variables} and the network"
    if "certificate" in reason.lower():
        remedy = "name the certificate authority that signed it in SSL_CERT_FILE"
    _fail(f"{url} cannot be reached: {reason}; {remedy}")


def _fail(sentence: str) -> NoReturn:
    raise PreflightError(f"{sentence}.") from None
