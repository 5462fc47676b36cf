"""POST /oauth/token: client credentials become a token, and nothing else does."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from harness import Answer, TenantUnderTest, clause, requirements, settled, smoke
from harness.polling import let_close

ATTEMPTS = 3
GRACE = 2.0
"""Seconds after its expiry within which a token must stop working."""


def requested(tenant: TenantUnderTest, **fields: str) -> Answer:
    """A token request with the client's own form fields, some of them changed.

    A 500 is asked about again: that a service which many share fails for a moment breaks no promise of its answers.
    """
    form = tenant.client.tokens.form("client") | fields
    for _ in range(ATTEMPTS):
        answer = tenant.asked(lambda: tenant.client.ask_for_token(form))
        if answer.status != 500:
            break
    return answer


@smoke
@clause(
    "token.request.client-credentials",
    "token.answer.token-type",
    "token.answer.expires-in",
    "token.answer.scope",
    "token.secret.not-echoed",
)
def test_client_credentials_become_a_token(tenant: TenantUnderTest) -> None:
    answer = requested(tenant).must_answer(200, clause="token.request.client-credentials")
    body: dict[str, Any] = answer.json if isinstance(answer.json, dict) else {}

    promised = {
        "token.request.client-credentials": ("access_token, a string", bool(_text(body.get("access_token")))),
        "token.answer.token-type": ("token_type Bearer", _text(body.get("token_type")).lower() == "bearer"),
        "token.answer.expires-in": ("expires_in, a positive integer", _positive(body.get("expires_in"))),
        "token.answer.scope": ("scope, a string", isinstance(body.get("scope"), str)),
        "token.secret.not-echoed": ("no client secret", not holds_secret(tenant, answer)),
    }
    for name, (expected, kept) in promised.items():
        if not kept:
            raise answer.violation(name, expected=expected)
        tenant.trial.credit(name)


@clause("token.secret.checked", "token.secret.not-echoed")
@pytest.mark.parametrize("wrong", ["another", "", "the secret and more"], ids=["another", "empty", "longer"])
def test_a_wrong_secret_yields_no_token(tenant: TenantUnderTest, wrong: str) -> None:
    own = tenant.client.tokens.form("client")["client_secret"]
    answer = requested(tenant, client_secret=own + " more" if "more" in wrong else wrong)

    answer.must_answer(400, 401, clause="token.secret.checked", about=wrong)
    if holds_secret(tenant, answer):
        raise answer.violation("token.secret.not-echoed", expected="no client secret")
    tenant.trial.credit("token.secret.not-echoed")


@clause("token.grant-type.checked")
@pytest.mark.parametrize("grant_type", ["no_such_grant", ""], ids=["unknown", "empty"])
def test_another_grant_type_yields_no_token(tenant: TenantUnderTest, grant_type: str) -> None:
    requested(tenant, grant_type=grant_type).must_answer(
        400, 401, clause="token.grant-type.checked", about=grant_type
    )


@dataclass
class Ageing:
    """A token that lives for seconds only: taken when it is first asked for, and the same from then on."""

    token: str = ""
    expires: float = 0.0

    def taken(self, tenant: TenantUnderTest, owner: str) -> str:
        """The token, as an Authorization header."""
        if not self.token:
            given = tenant.client.ask_for_token(tenant.client.tokens.form(owner)).json
            self.token, self.expires = given["access_token"], time.monotonic() + float(given["expires_in"])
        return f"Bearer {self.token}"


@pytest.fixture(scope="session")
def ageing() -> Ageing:
    return Ageing()


@clause("token.expiry.enforced")
@pytest.mark.parametrize("age", ["fresh", "expired"])
def test_a_token_opens_until_it_expires(
    tenant: TenantUnderTest, other_tenant: TenantUnderTest, ageing: Ageing, age: str
) -> None:
    """Asked of whichever client's tokens live for seconds only; other questions pass the time between the ages."""
    owner = requirements.short_lived(tenant.client)
    asked = other_tenant if owner == "other" else tenant
    authorization = ageing.taken(tenant, owner)
    if age == "fresh":
        asked.list(page_size=1, authorization=authorization).must_answer(200)
        return
    let_close(0.0, since=ageing.expires)

    def refused() -> None:
        for answer in (
            asked.list(page_size=1, authorization=authorization),
            asked.search({}, page_size=1, authorization=authorization),
            asked.get(asked.unknown_id(), authorization=authorization),
        ):
            answer.must_answer(401, clause="token.expiry.enforced", about="a token that has expired")

    settled(GRACE, refused)


def holds_secret(tenant: TenantUnderTest, answer: Answer) -> bool:
    """Whether the answer repeats the client secret."""
    return tenant.client.tokens.form("client")["client_secret"].encode() in answer.exchange.response_body


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _positive(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
