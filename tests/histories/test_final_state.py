"""At the end of the run: customers without later writes are as get showed them last, and rejected creates left none."""

from collections.abc import Sequence

import pytest

import oracle
from client import Exchange
from harness import RESULTS, WRITES, TenantApi, clause, customers_with, poll_query
from harness.checks.assertions import assert_holds, assert_no_mismatch, assert_status
from harness.customers import skip_unless_custom_ids
from spec import Kind, Mismatch
from strategies import customers, namespace, queries

CHUNK = 25
"""Customers of one query, whose URL is then shorter than the 2 KB of limits.url-length."""
EMAILS = 40
"""Addresses of one search, which sends them in its body."""
MAX_GETS = 10
"""Customers at most that are compared by get where list or search shows them wrong."""
Confirmed = tuple[oracle.CustomerModel, int]
"""A customer and the number of the exchange that has confirmed it."""


@pytest.mark.covers(
    *(f"{operation}.others.unchanged" for operation in (*WRITES, "delete")),
    *(f"{operation}.agrees-with-get" for operation in RESULTS),
)
def test_customers_without_later_writes_are_unchanged(api: TenantApi) -> None:
    if api.windows.read:
        pytest.skip("Not checked: reads may be stale, so what get has shown may be an earlier state.")
    confirmed = unwritten(api)
    if not confirmed:
        pytest.skip("Not checked: every customer of this run has been written to later.")

    chunks = [confirmed[start : start + CHUNK] for start in range(0, len(confirmed), CHUNK)]
    responses = [check_chunk(api, RESULTS[number % 2], chunk) for number, chunk in enumerate(chunks)]

    for operation in sorted({each.operation for each in writes_since(api, min(at for _, at in confirmed))}):
        with clause(f"{operation}.others.unchanged"):
            for response, chunk in zip(responses, chunks, strict=True):
                assert_no_mismatch(result_mismatch(response, chunk))


@pytest.mark.covers("create.refused.changes-nothing")
def test_rejected_creates_have_created_no_customer(api: TenantApi) -> None:
    """Of all creates of the run without an id; the others are followed by a get of their id.

    A customer with an id of the run may have the address, too: another worker has sent it in an upsert or a patch.
    """
    skip_unless_custom_ids(api)
    api.create(customers.plain(preferredCurrency="EU"))  # so that the test alone has one, too
    emails = rejected_emails(api)
    created = {each.id for each in api.client.ledger.ever_created()}
    api.windows.any_read.sleep_until_closed()

    for start in range(0, len(emails), EMAILS):
        q = queries.any_of("contactEmail", emails[start : start + EMAILS])
        response = api.search({"q": q}, page_number=1, page_size=2 * EMAILS)

        with clause("search.status.ok"):
            assert_status(response, 200)
        with clause("create.refused.changes-nothing"):
            unexpected = [
                {"id": each["id"], "contactEmail": each["contactEmail"]}
                for each in response.customers
                if each.get("contactEmail") in emails
                if each["id"] not in created and not namespace.contains(each["id"])
            ]
            expected = "no customer with the address of a rejected create"
            assert_holds(not unexpected, expected, response=response, actual=unexpected)


def rejected_emails(api: TenantApi) -> list[str]:
    """The addresses of the run in creates without an id that the tenant has rejected.

    An address may be taken because another create with it was executed and its response was lost.
    """
    ledger = api.client.ledger
    lost = {each.email for each in ledger.unresolved()}
    return sorted(
        each.email
        for each in ledger.pending_creates()
        if each.tenant == api.tenant and each.outcome == "refused" and each.id is None
        if each.email is not None and each.email not in lost and namespace.contains(each.email)
    )


def unwritten(api: TenantApi) -> list[Confirmed]:
    """The confirmed customers to whose path nothing was written since."""
    last = api.client.writes.last
    return [each for each in api.known.confirmed.values() if last(api.path(each[0].id)) < each[1]]


def check_chunk(api: TenantApi, operation: str, chunk: Sequence[Confirmed]) -> Exchange:
    """A query for these customers shows each as expected; where it does not, get shows which of them are wrong."""
    ids = [customer.id for customer, _ in chunk]
    response = poll_query(
        api,
        operation,
        f"id:({','.join(ids)})",
        until=lambda found: not differing(found, chunk),
        page_size=2 * CHUNK,  # a tenant may compare ids without case and so find more
    )
    with clause(f"{operation}.status.ok"):
        assert_status(response, 200)
    wrong = differing(response, chunk)
    for customer, confirmed_at in wrong[:MAX_GETS]:
        check_by_get(api, customer, confirmed_at)
    with clause(f"{operation}.agrees-with-get"):
        assert_no_mismatch(result_mismatch(response, chunk))
    return response


def differing(response: Exchange, chunk: Sequence[Confirmed]) -> list[Confirmed]:
    """The customers that the result lacks or shows differently."""
    shown = {each.get("id"): each for each in response.customers}
    return [
        each
        for each in chunk
        if each[0].id not in shown or not each[0].matches(shown[each[0].id], read=response.operation)
    ]


def result_mismatch(response: Exchange, chunk: Sequence[Confirmed]) -> Mismatch | None:
    """What is wrong with the result, given that get shows the customers as expected."""
    wrong = differing(response, chunk)
    if not wrong:
        return None
    shown = customers_with(response, [wrong[0][0].id])
    if shown:
        return oracle.first_mismatch(wrong[0][0], shown[0], read=response.operation)
    absent = [customer.id for customer, _ in wrong if customer.id not in response.ids]
    aspect = "complete" if len(absent) * 2 < len(chunk) else "q.any-of"
    mismatch = Mismatch(Kind.CUSTOMERS, expected=absent, actual=[], exchange=response)
    return mismatch.owned_by(f"{response.operation}.{aspect}")


def check_by_get(api: TenantApi, customer: oracle.CustomerModel, confirmed_at: int) -> None:
    """Get shows the customer as expected; a difference is attributed to the write that most likely caused it."""
    response = api.get(customer.id)
    wrong = next((each for each in oracle.comparisons(customer, response.json) if each.mismatch), None)
    name = wrong.property if wrong and response.status == 200 else ""
    cause = suspected_cause(api, customer, confirmed_at, name, response.object.get(name))
    missing = cause.clause_for("id", None)
    with clause(missing if response.status == 404 else "get.status.ok"):
        assert_status(response, 200)
    found = oracle.first_mismatch(customer, response.json, since=cause)
    with clause(found.clause if found else "get.changes-nothing"):
        assert_no_mismatch(found, response)


def suspected_cause(
    api: TenantApi, customer: oracle.CustomerModel, confirmed_at: int, name: str, value: object
) -> oracle.Cause:
    """The last write that sent the shown value, or a delete where the customer is missing."""
    for exchange in reversed(writes_since(api, confirmed_at)):
        sent = name in exchange.sent and value is not None and oracle.same(exchange.sent[name], value)
        if not (sent if name else exchange.operation == "delete"):
            continue
        if exchange.status < 300:
            return oracle.elsewhere(exchange.operation)
        if exchange.path == api.path(customer.id):
            return oracle.rejected(exchange.operation)
        if exchange.operation == "create" and exchange.status == 409:
            return oracle.duplicated()
    return oracle.elsewhere("patch" if name else "delete")


def writes_since(api: TenantApi, number: int) -> list[Exchange]:
    """The recorded writes after an exchange."""
    return [each for each in api.client.recorder.since(number) if each.operation in (*WRITES, "delete")]
