"""Strategies for the tenant under test: its sites, restrictions and reading of ids are known when a test draws."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

from hypothesis import strategies as st

from harness.api import TenantApi
from strategies import customers, restrictions
from strategies.cases import Case
from strategies.customers import BodyOperation

Bodies = st.SearchStrategy[dict[str, Any]]
TENANT: ContextVar[TenantApi] = ContextVar("the tenant under test")
"""Set when preflight has ended; strategies that depend on the tenant are deferred until then."""


def bodies(operation: BodyOperation, **parts: Any) -> Bodies:
    """Valid bodies of an operation; parts are strategies or values of properties, `without` names left out ones."""
    return _deferred(lambda api: _bodies(api, operation, **parts))


create_bodies = partial(bodies, "create")
upsert_bodies = partial(bodies, "upsert")
patch_bodies = partial(bodies, "patch")


def wrong_case_restrictions() -> st.SearchStrategy[Case[str]]:
    """Listed restrictions in another case."""
    return _deferred(lambda api: restrictions.case_variants(api.rules.restrictions or ()))


def edge_case_body(api: TenantApi, operation: BodyOperation, name: str) -> dict[str, Any]:
    """The edge-case body of this name, with sites and restrictions of the tenant."""
    body = customers.edge_case_body(
        operation, name, sites=api.rules.sites, restrictions=api.rules.restrictions or ()
    )
    return permitted(api, body)


def permitted(api: TenantApi, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the company that [safety] permits in the place of its own; without b2b where it permits none.

    Without mixins and their schemas where the tenant accepts only schemas that it knows.
    """
    if not api.rules.free_mixins:
        body = {name: value for name, value in body.items() if name not in ("mixins", "metadata")}
    if api.companies is None or "b2b" not in body:
        return dict(body)
    others = {name: value for name, value in body.items() if name != "b2b"}
    return others | ({"b2b": {"companyRegistrationId": api.companies[0]}} if api.companies else {})


def _deferred(make: Callable[[TenantApi], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: make(TENANT.get()))


def _bodies(api: TenantApi, operation: BodyOperation, **parts: Any) -> Bodies:
    without = tuple(parts.pop("without", ()))
    if operation == "create" and not api.custom_ids and "id" not in parts:
        without = (*without, "id")
    if api.companies == ():
        without = (*without, "b2b")
    if not api.rules.free_mixins:
        without = (*without, "mixins", "metadata")
    listed = api.rules.restrictions or ()
    valid = customers.valid_bodies(
        operation, sites=api.rules.sites, restrictions=listed, without=without, **parts
    )
    valid = valid.map(lambda body: permitted(api, body))
    return valid if operation == "patch" else valid.map(with_names)


def with_names(body: dict[str, Any]) -> dict[str, Any]:
    """The body with the names that a tenant may need beside a registration number, even an empty one."""
    if isinstance((body.get("b2b") or {}).get("companyRegistrationId"), str):
        for name, value in (
            ("firstName", "Ada"),
            ("lastName", "Lovelace"),
            ("company", "Analytical Engines"),
        ):
            body[name] = body.get(name) or value
    return body
