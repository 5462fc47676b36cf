"""POST /oauth/token: valid client credentials yield a token, and all other requests are rejected."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from client import Exchange
from harness import TenantApi, clause, poll, requirements, shared_customer, smoke
from harness.checks.assertions import assert_holds, assert_rejected, assert_status, assert_status_class_is_not
from harness.polling import ConsistencyWindow
from harness.transient_errors import retry_on_transient_errors
from spec import Kind, Mismatch, Rule
from strategies import customers, namespace

ATTEMPTS = 3
GRACE = ConsistencyWindow(2.0)
"""The time after its expiry within which a token must stop working."""


@smoke
@pytest.mark.covers("token.request.client-credentials", "token.answer.token-type", "token.answer.expires-in")
@pytest.mark.covers("token.answer.scope", "token.answer.refresh", "token.secret.not-echoed")
def test_client_credentials_yield_a_token(api: TenantApi) -> None:
    response = request_token(api)

    body = response.object
    with clause("token.request.client-credentials"):
        assert_status(response, 200)
        is_text = isinstance(body.get("access_token"), str) and body["access_token"] != ""
        assert_holds(is_text, "a non-empty string", response=response, path="$.access_token")
    with clause("token.answer.token-type"):
        is_bearer = str(body.get("token_type")).lower() == "bearer"
        assert_holds(is_bearer, "Bearer, in any case", response=response, path="$.token_type")
    with clause("token.answer.expires-in"):
        is_positive = is_positive_integer(body.get("expires_in"))
        assert_holds(is_positive, "a positive integer", response=response, path="$.expires_in")
    with clause("token.answer.scope"):
        assert_holds(isinstance(body.get("scope"), str), "a string", response=response, path="$.scope")
    with clause("token.answer.refresh"):
        for name in ("refresh_token", "refresh_token_expires_in"):
            assert_holds(not body.get(name), "empty or 0", response=response, path=f"$.{name}")
    with clause("token.secret.not-echoed"):
        assert_no_client_secret(api, response)


@pytest.mark.covers("token.scope.default")
def test_without_a_scope_a_token_has_every_scope(api: TenantApi) -> None:
    response = request_token(api, scope=None)
    with clause("token.scope.default", "issued"):
        assert_status(response, 200)
    authorization = f"Bearer {response.object.get('access_token')}"

    read = api.list(page_size=1, authorization=authorization)
    written = api.patch(shared_customer(api).id, {}, authorization=authorization)

    with clause("token.scope.default", "read"):
        assert_status_class_is_not(read, 4)
    with clause("token.scope.default", "manage"):
        assert_holds(
            written.status not in (401, 403),
            "neither 401 nor 403",
            response=written,
            actual=written.status,
        )


@pytest.mark.covers("token.scope.deprecated")
def test_a_deprecated_scope(api: TenantApi) -> None:
    scope = f"tenant={api.tenant} customer.customer_update"
    response = request_token(api, scope=scope)
    reading = "not issued"
    if response.status == 200 and "customer_update" in str(response.object.get("scope", "customer_update")):
        authorization = f"Bearer {response.object.get('access_token')}"
        written = api.patch(shared_customer(api).id, {}, authorization=authorization)
        reading = "opens nothing" if written.status in (401, 403) else "opens writes"

    with clause("token.scope.deprecated") as scope_of_clause:
        scope_of_clause.observe(reading)


@pytest.mark.covers("token.secret.checked", "token.secret.not-echoed")
@pytest.mark.parametrize("wrong", ["another", "empty", "longer", "in the other case"])
def test_a_wrong_secret_yields_no_token(api: TenantApi, wrong: str) -> None:
    own = api.client.tokens.form("client")["client_secret"]
    secrets = {
        "another": f"{namespace.fresh_name()}-secret",
        "empty": "",
        "longer": f"{own} more",
        "in the other case": own.swapcase() if own.swapcase() != own else f"a{own}",
    }

    response = request_token(api, client_secret=secrets[wrong])

    with clause("token.secret.checked", wrong):
        assert_rejected(response, 400, 401)
    with clause("token.secret.not-echoed", wrong):
        assert_no_client_secret(api, response)


@pytest.mark.covers("token.grant-type.checked", "token.secret.not-echoed")
@pytest.mark.parametrize(
    "grant_type",
    ["no_such_grant", "password", "", None],
    ids=["unknown", "of another grant", "empty", "missing"],
)
def test_another_grant_type_yields_no_token(api: TenantApi, grant_type: str | None) -> None:
    response = request_token(api, grant_type=grant_type)

    with clause("token.grant-type.checked", "missing" if grant_type is None else grant_type or "empty"):
        assert_rejected(response, 400, 401)
    with clause("token.secret.not-echoed", "another grant type"):
        assert_no_client_secret(api, response)


@dataclass(frozen=True)
class ShortLivedToken:
    """A token that expires within seconds: the tenant that it is for, the header, and when it expires (monotonic)."""

    api: TenantApi
    authorization: str
    expires: float


@pytest.fixture(scope="session")
@retry_on_transient_errors
def short_lived(api: TenantApi, other_api: TenantApi) -> ShortLivedToken:
    """A token of the client whose tokens expire within seconds, the same for both ages."""
    owner = requirements.short_lived(api.client)
    response = request_token(api, owner)
    with clause("token.request.client-credentials"):
        assert_status(response, 200)
    token, life = response.object["access_token"], float(response.object["expires_in"])
    return ShortLivedToken(other_api if owner == "other" else api, f"Bearer {token}", time.monotonic() + life)


@pytest.mark.covers("token.expiry.enforced")
@pytest.mark.parametrize("age", ["fresh", "expired"])
def test_a_token_is_accepted_until_it_expires(short_lived: ShortLivedToken, age: str) -> None:
    """The order of the run puts other tests between the two ages, so that little time is spent waiting."""
    api, authorization = short_lived.api, {"authorization": short_lived.authorization}
    if age == "fresh":
        response = api.list(page_size=1, **authorization)
        with clause("list.status.ok"):
            assert_status(response, 200)
        return
    time.sleep(max(short_lived.expires - time.monotonic(), 0.0))

    responses = [
        poll(send, until=lambda found: found.status == 401, within=GRACE)
        for send in (
            lambda: api.list(page_size=1, **authorization),
            lambda: api.search({}, page_size=1, **authorization),
            lambda: api.get(namespace.fresh_id(), **authorization),
            lambda: api.create(customers.plain(firstName="too late"), **authorization),
            lambda: api.upsert(namespace.fresh_id(), customers.plain(firstName="too late"), **authorization),
            lambda: api.patch(namespace.fresh_id(), {"firstName": "too late"}, **authorization),
            lambda: api.delete(namespace.fresh_id(), **authorization),
        )
    ]

    with clause("token.expiry.enforced", "an expired token"):
        for response in responses:
            assert_rejected(response, 401)


def request_token(api: TenantApi, owner: str = "client", **fields: str | None) -> Exchange:
    """A token request with the form fields of an identity, some of them changed; None leaves one out.

    A 500 is repeated: a temporary failure of a service that many clients share violates no clause about its
    responses.
    """
    changed = api.client.tokens.form(owner) | fields
    form = {name: value for name, value in changed.items() if value is not None}
    for _ in range(ATTEMPTS - 1):
        response = api.request_token(form)
        if response.status != 500:
            return response
    return api.request_token(form)


def assert_no_client_secret(api: TenantApi, response: Exchange) -> None:
    """The response does not contain the client secret."""
    if api.client.tokens.form("client")["client_secret"].encode() in response.response_body:
        expected, actual = Rule("no client secret in the response"), Rule("the client secret")
        raise Mismatch(Kind.CONTENT, expected=expected, actual=actual, exchange=response)


def is_positive_integer(value: Any) -> bool:
    """Whether the JSON value is an integer above 0; 3600.0 is one, too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 and value % 1 == 0
