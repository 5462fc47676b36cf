"""The customers that a mock tenant has when it starts, and again after a reset: a JSON array of customers."""

import json
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import TENANT, Grant
from mock_tenant.configuration import ConfigurationError
from mock_tenant.constants import MANAGE_SCOPE, PROPERTIES, RESPONSE_PROPERTIES
from mock_tenant.messages import ApiError, ApiRequest


def read_customers(path: Path) -> list[dict[str, Any]]:
    """The customers in this file, as in a response of list; ConfigurationError if it has another form."""
    try:
        customers = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}); name a readable file."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not JSON ({error}); correct it.") from error
    if not isinstance(customers, list) or not all(isinstance(each, dict) for each in customers):
        raise ConfigurationError(f"{path} must be a JSON array of objects, one for each customer.")
    return customers


def store_customers(behaviour: Behaviour, customers: Sequence[Mapping[str, Any]]) -> None:
    """Stores customers with the ids, addresses and flags that they have; ConfigurationError names an invalid one."""
    for number, customer in enumerate(customers, start=1):
        try:
            _store(behaviour, customer)
        except (ApiError, ValueError) as error:
            detail = "; ".join(f"{each.field}: {each.message}" for each in getattr(error, "details", ()))
            message = str(detail or error).rstrip(".")
            raise ConfigurationError(
                f"Initial customer {number} is invalid ({message}); correct it."
            ) from error


def _store(behaviour: Behaviour, customer: Mapping[str, Any]) -> None:
    if unknown := sorted(customer.keys() - RESPONSE_PROPERTIES):
        raise ValueError(f"{unknown[0]} is no property of a customer")
    request = ApiRequest("upsert", TENANT, "", {}, {}, b"", number=0)
    request.grant = Grant(behaviour.clients["mock-client"], frozenset({MANAGE_SCOPE}), inf)
    request.tenant = behaviour.tenants[TENANT]
    request.body = {name: value for name, value in customer.items() if name in PROPERTIES["upsert"]}
    behaviour.check_body(request)
    customer_id = customer.get("id") or behaviour.generate_id(request)
    if not isinstance(customer_id, str) or behaviour.is_id_taken(request, customer_id):
        raise ValueError(f"the id {customer_id!a} is no text or is that of another customer")
    written = behaviour.written_values(request)
    behaviour.check_email_is_free(request, written, customer_id)
    behaviour.store_customer(request, None, behaviour.new_customer(request, customer_id, written))
