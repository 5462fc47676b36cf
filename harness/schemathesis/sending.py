"""Generated requests as one tenant accepts them, each about a customer that suits it, and their responses.

Valid values become values that the tenant has, or that are of this run.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from client import ABSENT, Exchange
from harness.api import TenantApi
from harness.customers import create_customer, shared_customer
from harness.data import permitted, with_names
from harness.polling import poll
from harness.schemathesis.document import body_properties, parameters
from harness.schemathesis.expected_rejections import ExpectedRejection, definite, expected_rejections
from harness.schemathesis.internals import GeneratedCase
from harness.schemathesis.request_spec import ITEM_OPERATIONS, RequestSpec, case_of
from oracle import CustomerModel
from strategies import currencies, namespace, queries

SUBJECT = "subject of generated requests"
MAX_PAGE = 60
MAX_TEXT_LENGTH = 2048
NOTIFICATIONS = "sendPasswordResetNotifications"
SUPPORTED: Mapping[str, Sequence[str]] = {
    "sort": ("lastName:desc", "firstName", "company:asc", "metadataCreatedAt:desc", "contactEmail"),
    "expand": (",".join(queries.EXPANDS), *queries.EXPANDS),
    "preferredLanguage": ("en_US", "de_DE", "sv_SE", "en"),
    "preferredCurrency": ("SEK", "EUR", "USD", *currencies.CODES[:4]),
    "type": ("CUSTOMER", "CONTACT"),
    "photoUrl": ("https://example.com/ada.png", "https://example.org/b.jpg?size=2"),
    "contactPhone": ("+46 8 123 456 78", "030 901820"),
}
"""Values that every tenant accepts."""


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
    kwargs = case.as_transport_kwargs(base_url=api.settings.api_url)
    send_once = partial(api.send_case, kwargs, request.operation if request.is_published else "other")
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


def adapted(api: TenantApi, request: RequestSpec, email: str) -> RequestSpec:
    """The request with valid values that the tenant accepts, and with the same expected rejections.

    email: the address of a customer of the tenant.
    """
    adapter = _Adapter(api, request, email, expected_rejections(request))
    return replace(request, query=adapter.query(), body=adapter.body())


@dataclass(frozen=True)
class _Adapter:
    api: TenantApi
    request: RequestSpec
    email: str
    rejections: tuple[ExpectedRejection, ...]

    def query(self) -> dict[str, tuple[str, ...]]:
        query = dict(self.request.query)
        query |= {
            name: (self._value(name, query[name][0]),) for name in ("q", "sort", "expand") if name in query
        }
        if "pageSize" in query and not _concern(self.rejections, "pageSize"):
            query["pageSize"] = (str((int(query["pageSize"][0]) - 1) % MAX_PAGE + 1),)
        if "pageNumber" in query and not _concern(self.rejections, "pageNumber"):
            query["pageNumber"] = ("1",)  # a tenant may reject a page beyond the end
        if "pageNumber" in query:  # without a page size, the contract leaves its meaning open
            query.setdefault("pageSize", ("20",))
        certain = definite(self.rejections)
        if NOTIFICATIONS in parameters(self.request.operation) and not _concern(certain, NOTIFICATIONS):
            query[NOTIFICATIONS] = ("false",)
        return query

    def body(self) -> Any:
        body, operation = self.request.body, self.request.operation
        if not isinstance(body, dict):
            return body
        known = body_properties(operation, self.request.media_type)
        values = {name: self._value(name, value) for name, value in body.items() if name in known}
        values = {name: value for name, value in values.items() if value is not ABSENT}
        if operation in ("create", "upsert") and values:
            values = {"contactEmail": namespace.fresh_email(), "lastName": "Lovelace"} | values
        elif operation == "create":
            values = {"lastName": namespace.fresh_id()}  # by which the clean-up finds the customer
        values = values if self.api.permits(values) else permitted(self.api, values)
        return values if self.rejections or operation == "patch" else with_names(values)

    def _value(self, name: str, value: Any) -> Any:
        if any(each.part == name for each in self.rejections):
            return _invalid_id(value) if name == "id" and isinstance(value, str) and value else value
        match name, value:
            case _, None:
                return None
            case "id", _:
                return _fresh_id(len(value)) if self.api.custom_ids else ABSENT
            case "mixins", _:
                return (
                    {namespace.fresh_name(): {"points": 120}} if value and self.api.rules.free_mixins else {}
                )
            case "metadata", _:
                return {"mixins": {}} if "mixins" in value else {}
            case "b2b", _:
                return {
                    key: _printable(text) for key, text in value.items() if key == "companyRegistrationId"
                }
        if (options := self._options(name)) is not None and value not in options:
            return options[self.request.choice % len(options)] if options else ABSENT
        return _printable(value) if isinstance(value, str) else value

    def _options(self, name: str) -> Sequence[str] | None:
        """The values of a property or parameter that the tenant accepts; None where it accepts every valid one."""
        options: Mapping[str, Callable[[], Sequence[str]]] = {
            "contactEmail": lambda: (namespace.fresh_email(),),
            "password": lambda: (namespace.fresh_password(),),
            "preferredSite": lambda: self.api.rules.sites,
            "restriction": lambda: self.api.rules.restrictions or (),
            "q": lambda: (
                queries.exact("contactEmail", self.email),
                queries.all_of(queries.boolean("active", True), queries.boolean("onHold", False)),
                queries.any_of("preferredCurrency", ("SEK", "EUR")),
                queries.exists("company"),
                queries.null("restriction"),
                queries.regex("lastName", "Love"),
            ),
        }
        return options[name]() if name in options else SUPPORTED.get(name)


def _concern(rejections: Sequence[ExpectedRejection], parameter: str) -> bool:
    return any(each.clause.split(".")[1] == parameter for each in rejections)


def _fresh_id(length: int) -> str:
    fresh = namespace.fresh_id()
    return fresh if length <= len(fresh) else namespace.fresh_id(length=length)


def _invalid_id(value: str) -> str:
    """An id as invalid as this one, of this run: a tenant that accepts it creates a customer of this run."""
    invalid = namespace.fresh_id() + value
    is_too_long = len(value) > namespace.LONGEST_ID and value.isalnum()
    return invalid[: len(value)] if is_too_long else invalid


def _printable(text: str) -> str:
    """The text without characters that a tenant may reject: controls, surrogates and unassigned ones."""
    return "".join(each for each in text if unicodedata.category(each)[0] != "C")[:MAX_TEXT_LENGTH]
