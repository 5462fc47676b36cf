"""The check before a run that the tenant can be assessed, with a handful of requests."""

from typing import Final, NoReturn

from client.client import Client
from client.errors import ContractError, PreflightError, ServiceUnavailable, TokenError, TransientError
from client.exchange import ABSENT, Exchange
from client.transport.authentication import MANAGE, READ

_REMEDIES: Final = {
    400: "check that {tenant_variable} = {tenant} is the tenant's name",
    401: "check {variable} and that it belongs to the tenant {tenant}",
    403: f"give the API key of {{variable}} the scope {READ} for the tenant {{tenant}}",
    404: "check {tenant_variable} = {tenant} and EMPORIX_API_URL",
}


def preflight(client: Client) -> None:
    """Return if a run can start: token and list work for each tenant, and the token permits writing.

    Sends at most 5 requests, and another one for each response that is not as expected. PreflightError, one
    sentence with the remedy, only for the network, the address and the credentials. ContractError for a token
    response without a token. A list that breaks the contract is left to the tests, which report its clauses.
    """
    settings, identities = client.settings, client.identities()
    variable = "EMPORIX_ACCESS_TOKEN" if settings.access_token is not None else "EMPORIX_CLIENT_ID"
    try:
        _check_token(client, "client", variable)
        _check_list(client, "client", "EMPORIX_TENANT", variable)
        _check_write_scope(client, variable)
        if "other" in identities:
            _check_token(client, "other", "EMPORIX_OTHER_CLIENT_ID")
            _check_list(client, "other", "EMPORIX_OTHER_TENANT", "EMPORIX_OTHER_CLIENT_ID")
        if "restricted" in identities:
            _check_token(client, "restricted", "EMPORIX_RESTRICTED_CLIENT_ID")
    except TransientError as error:
        if isinstance(error, ServiceUnavailable) and error.__cause__ is None:
            _fail(str(error).rstrip("."))  # a response was received, and the error names the remedy
        _fail_unreachable(settings.api_url, "EMPORIX_API_URL", error)


def _check_token(client: Client, identity: str, variable: str) -> None:
    url, url_variables = client.settings.token_url, "EMPORIX_TOKEN_URL or EMPORIX_API_URL"
    try:
        client.tokens.get(identity)
    except TransientError as error:
        _fail_unreachable(url, url_variables, error)
    except ContractError as error:
        if _is_web_page(error.exchange):
            _fail(f"{url} returns a web page and no token; check {url_variables}")
        raise
    except TokenError as error:
        if error.code == "invalid_scope":
            _fail(
                f"the client of {variable} may not have the scopes {READ} and {MANAGE}; "
                "give them to its API key, or use another"
            )
        if error.status in (400, 401, 403):
            secret = f"{variable.removesuffix('_ID')}_SECRET"
            _fail(f"{url} rejects {variable} with {secret} ({error.status}); check both values")
        _fail(f"{url} returns {error.status} and no token; check {url_variables}")


def _check_list(client: Client, identity: str, tenant_variable: str, variable: str) -> None:
    api, tenant = client.as_(identity, operation="preflight"), client.tenant_of(identity)
    listed = api.list(page_number=1, page_size=1)
    if _is_web_page(listed):
        _fail(f"{client.settings.api_url} returns a web page and no customers; check EMPORIX_API_URL")
    if listed.status // 100 == 2:
        return
    # If another operation works, list itself is broken: the tests report that.
    if api.search({}, page_size=1).status // 100 == 2:
        return
    if listed.status >= 500 and api.get(_unknown_id(client)).status == 404:
        return
    remedy = _REMEDIES.get(listed.status, "check EMPORIX_API_URL, and whether the tenant works at present")
    remedy = remedy.format(tenant=tenant, tenant_variable=tenant_variable, variable=variable)
    _fail(f"the list of customers of {tenant} returns {listed.status}; {remedy}")


def _check_write_scope(client: Client, variable: str) -> None:
    scope = client.tokens.current("client").scope
    if scope is not None and {READ, MANAGE} <= set(scope.split()):
        return
    # Writing to an unknown customer: only 401 and 403 mean that writing is not permitted.
    unknown, api = _unknown_id(client), client.as_("client", operation="preflight")
    if api.patch(unknown, {}).status not in (401, 403):
        return
    if api.delete(unknown).status in (401, 403):
        _fail(f"the API key of {variable} may not write; give it the scope {MANAGE}")


def _unknown_id(client: Client) -> str:
    return f"{client.run.prefix}preflight"


def _is_web_page(exchange: Exchange) -> bool:
    """Whether a success is an HTML page, which a server at another address returns."""
    is_html = (exchange.header("Content-Type") or "").lower().startswith("text/html")
    return exchange.status // 100 == 2 and is_html and exchange.json is ABSENT


def _fail_unreachable(url: str, variables: str, error: TransientError) -> NoReturn:
    reason = " ".join(str(error.__cause__ or error).split()).rstrip(".")
    remedy = f"check {variables} and the network"
    if "certificate" in reason.lower():
        remedy = "name the certificate authority that signed it in SSL_CERT_FILE"
    _fail(f"{url} cannot be reached: {reason}; {remedy}")


def _fail(sentence: str) -> NoReturn:
    raise PreflightError(f"{sentence}.") from None
