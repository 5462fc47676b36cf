"""Checks of customers: get shows a customer as the model expects it, unchanged, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import oracle
from client import Exchange
from harness.api import MIXINS, TenantApi
from harness.checks.assertions import assert_count, assert_no_mismatch, assert_same_customers, assert_status
from harness.checks.evidence import clause
from harness.polling import poll
from spec import Mismatch
from strategies import namespace

PAGE: Mapping[str, int] = {"page_number": 1, "page_size": 50}
"""Named where the defaults of paging are not the subject of a test."""


def shows(customer: oracle.CustomerModel) -> Callable[[Exchange], bool]:
    """The predicate of a poll: get shows the customer as the model expects it."""
    return lambda response: (
        response.status == 200 and customer.matches(response.json, expand=expanded(response))
    )


def poll_get(
    api: TenantApi, customer: oracle.CustomerModel, *, expand: str | None = MIXINS, **options: Any
) -> Exchange:
    """GET of a customer, repeated until it shows the customer as expected or the window of reads has closed."""
    if customer.ambiguous:  # a stale response could pass for a fresh one
        api.windows.read.sleep_until_closed()
    return poll(
        lambda: api.get(customer.id, expand=expand, **options), until=shows(customer), within=api.windows.read
    )


def poll_until_gone(api: TenantApi, customer_id: str) -> Exchange:
    """GET of a deleted customer, repeated until the status is 404 or the window of deletions has closed."""
    return poll(
        lambda: api.get(customer_id), until=lambda found: found.status == 404, within=api.windows.deletion
    )


def poll_query(
    api: TenantApi,
    operation: str,
    q: str,
    *,
    until: Callable[[Exchange], bool],
    deleted: bool = False,
    **options: Any,
) -> Exchange:
    """A query by list or search, repeated until a condition holds or the window of results has closed."""
    window = api.windows.listed_deletion if deleted else api.windows.index
    return poll(lambda: api.query(operation, q, **{**PAGE, **options}), until=until, within=window)


def expanded(response: Exchange) -> tuple[str, ...]:
    """The values of `expand` in the request."""
    return tuple(filter(None, response.query.get("expand", "").split(",")))


def check_customer(
    api: TenantApi, response: Exchange, customer: oracle.CustomerModel
) -> oracle.CustomerModel:
    """A get shows the customer as the model expects it; the model, confirmed by the response.

    Each property is evidence for the clause that the model names for it.
    """
    found = (
        "create.visible.get" if response.status in (200, 404) and not customer.confirmed else "get.status.ok"
    )
    with clause(found):
        assert_status(response, 200, customers=[customer])
    _check_properties(response, customer)
    return confirm(api, response, customer)


def check_unchanged(
    api: TenantApi, response: Exchange, customer: oracle.CustomerModel, clause_id: str, *, about: str = ""
) -> oracle.CustomerModel:
    """A get shows the customer as it was confirmed: the clause promises that nothing else has changed it."""
    with clause(clause_id if response.status in (200, 404) else "get.status.ok", about):
        assert_status(response, 200, customers=[customer])
        for each in _comparisons(response, customer, since=clause_id):
            if each.clause == clause_id:
                assert_no_mismatch(each.mismatch)
    if response.status != 200:  # a SHOULD clause, whose failure does not end the test
        return customer
    _check_properties(response, customer, since=clause_id)
    return confirm(api, response, customer)


def check_not_found(
    response: Exchange, clause_id: str = "get.unknown.not-found", customer: oracle.CustomerModel | None = None
) -> None:
    """A get does not find a customer: 404."""
    owner = clause_id if response.status in (200, 404) else "get.unknown.not-found"
    with clause(owner):
        assert_status(response, 404, customers=[] if customer is None else [customer])


def check_nothing_written(api: TenantApi, response: Exchange, subject: oracle.CustomerModel | None) -> None:
    """A rejected write has written nothing: the subject is unchanged, or there is no customer of the id in the body.

    Of a write that was accepted, which only another clause can forbid, it checks nothing.
    """
    clause_id, new_id = f"{response.operation}.refused.changes-nothing", response.sent.get("id")
    if response.status < 400:
        return
    if subject is not None:
        check_unchanged(api, poll_get(api, subject), subject, clause_id)
    elif isinstance(new_id, str) and namespace.contains(new_id):
        check_not_found(api.get(new_id), clause_id)


def check_found_alone(
    api: TenantApi,
    customer: oracle.CustomerModel,
    clause_id: str,
    operation: str,
    q: str = "",
    about: str = "",
    **options: Any,
) -> Exchange:
    """A query, by default for the e-mail address, finds this customer and no other within the window of results."""
    q = q or f"contactEmail:{customer.email}"
    response = poll_query(api, operation, q, until=lambda found: found.ids == [customer.id], **options)
    with clause(f"{operation}.status.ok"):
        assert_status(response, 200)
    with clause(clause_id, about):
        assert_same_customers(response, [customer])
    return response


def check_count(response: Exchange, total: int, *, about: str = "") -> None:
    """The header Count, where there is one, is the number of customers on the page or `total`, of all that match."""
    if response.header("Count") is not None:
        with clause(f"{response.operation}.count.header", about):
            assert_count(response, total)


def confirm(api: TenantApi, response: Exchange, customer: oracle.CustomerModel) -> oracle.CustomerModel:
    """The model narrowed to what the response shows; the final check of the run starts from it."""
    confirmed = oracle.confirmed_by(customer, response.json, expand=expanded(response))
    api.known.confirmed[customer.id] = (confirmed, response.number)
    return confirmed


def _check_properties(
    response: Exchange, customer: oracle.CustomerModel, since: oracle.Cause | str | None = None
) -> None:
    """Each property is as expected; one that is not comes first, so that nothing beside it is evidence."""
    comparisons = [each for each in _comparisons(response, customer, since=since) if each.clause != since]
    checked: dict[str, Mismatch | None] = {}
    for each in sorted(comparisons, key=lambda each: each.mismatch is None):
        if each.conclusive:
            checked.setdefault(each.clause, each.mismatch)
    for clause_id, mismatch in checked.items():
        with clause(clause_id):
            assert_no_mismatch(mismatch)


def _comparisons(
    response: Exchange, customer: oracle.CustomerModel, *, since: oracle.Cause | str | None
) -> Sequence[oracle.Comparison]:
    """The comparisons of the response with the model; each mismatch refers to both."""
    found = [*oracle.comparisons(customer, response.json, expand=expanded(response), since=since)]
    for each in found:
        if each.mismatch is not None:
            each.mismatch.exchange, each.mismatch.customers = response, (customer,)
    return found
