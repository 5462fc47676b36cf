"""Sends generated requests to the tenant, each about a customer that suits it."""

from dataclasses import dataclass
from functools import partial

from client import Exchange
from harness.api import TenantApi
from harness.customers import create_customer, shared_customer
from harness.polling import poll
from harness.schemathesis.document import published_method
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.internals import GeneratedCase
from harness.schemathesis.request_spec import ITEM_OPERATIONS, RequestSpec, case_of
from oracle import CustomerModel
from strategies import namespace

SUBJECT = "subject of generated requests"


@dataclass(frozen=True)
class Result:
    """A request as it was sent, the same as a case of Schemathesis, the id in its path, and the response."""

    request: RequestSpec
    case: GeneratedCase
    customer_id: str
    response: Exchange


def send(api: TenantApi, request: RequestSpec, customer_id: str, *, until: int | None = None) -> Result:
    """Send the request; a get is repeated within the window of reads until it has the status `until`."""
    case = case_of(request, request.tenant or api.tenant, customer_id)
    is_published = request.method == published_method(request.operation)
    kwargs = case.as_transport_kwargs(base_url=api.settings.api_url)
    send_once = partial(api.send_case, kwargs, request.operation if is_published else "other")
    if request.operation != "get" or until is None:
        return Result(request, case, customer_id, send_once())
    response = poll(send_once, until=lambda found: found.status == until, within=api.windows.read)
    return Result(request, case, customer_id, response)


def subject(api: TenantApi) -> CustomerModel:
    """The customer that generated requests get and change; no check depends on its state."""
    customer = shared_customer(api, SUBJECT)
    api.known.forget(customer.id)
    api.known.ids.discard(customer.id)
    return customer


def customer_id_for(api: TenantApi, request: RequestSpec) -> str:
    """The id in the path of the request: of the subject, of a customer to be deleted, or a new one."""
    if request.operation not in ITEM_OPERATIONS:
        return ""
    if request.tenant is not None or request.operation == "upsert":
        return namespace.fresh_id()
    if request.operation == "delete" and not definite(expected_rejections(request)):
        return create_customer(api).id
    return subject(api).id
