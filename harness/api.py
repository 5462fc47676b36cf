"""What tests call: the customer operations of one tenant, with what the run knows about the tenant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import oracle
from client import ABSENT, Client, CustomerApi, Exchange, Settings, permits_companies
from harness.polling import Windows

MIXINS = oracle.MIXINS
"""The value of `expand` that brings the mixins."""
JSON = {"Content-Type": "application/json"}
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
"""The headers of a request whose body is JSON, and of a write whose body is a merge patch (RFC 7396)."""


SHARED, DISPOSABLE, DATASET = "shared", "disposable", "dataset"
"""The names of shared customers: as expected, whose state does not matter, the dataset."""


@dataclass(frozen=True)
class Capabilities:
    """What the first requests of a run have found out about a tenant, for all processes of the run.

    custom_ids: create accepts ids of several characters, so the id pattern is not read literally; shows_metadata:
    get shows metadata.mixins; free_mixins: create or patch accepts mixins whose schema the tenant does not know;
    addresses: the client may add addresses to customers.
    """

    custom_ids: bool = True
    shows_metadata: bool = True
    free_mixins: bool = True
    addresses: bool = True


@dataclass
class KnownCustomers:
    """The customers that the run has created in one tenant.

    confirmed: the last state in which get has shown a customer as expected, with the number of that exchange, for
    the final check; shared: customers that several tests use, by name; secrets: passwords that no response may
    contain.
    """

    ids: set[str] = field(default_factory=set)
    confirmed: dict[str, tuple[oracle.CustomerModel, int]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def forget(self, customer_id: str) -> None:
        """Leave the customer out of the final check, because it is deleted or its state is unknown."""
        self.confirmed.pop(customer_id, None)

    def discard(self, names: Iterable[str], failed: Iterable[str]) -> None:
        """Do not use shared customers again that a failing test has used: it may have changed them.

        The dataset is only read; it is used again unless a read has changed something.
        """
        for name in names:
            if name != DATASET or any(clause_id.endswith("changes-nothing") for clause_id in failed):
                self.shared.pop(name, None)

    def clear(self) -> None:
        """Forget every customer, because all of them are deleted."""
        for each in (self.ids, self.confirmed, self.shared, self.secrets):
            each.clear()


@dataclass(frozen=True, repr=False)
class TenantApi(CustomerApi):
    """The driver that tests call: each method sends one request as one identity and returns one immutable response.

    rules: the configuration that expected values depend on; windows: the consistency windows of the tenant;
    received: called with every response in the thread that sent the request, where the invariants subscribe;
    companies: those that customers of the run may belong to, None is any.
    """

    client: Client
    identity: str = "client"
    rules: oracle.Rules = field(default_factory=oracle.Rules)
    windows: Windows = field(default_factory=Windows)
    capabilities: Capabilities = field(default_factory=Capabilities)
    known: KnownCustomers = field(default_factory=KnownCustomers)
    received: Callable[[Exchange], None] = lambda _: None
    companies: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"<TenantApi {self.tenant} as {self.identity}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """How Hypothesis prints it; of a dataclass without this method, it prints all that the fields refer to."""
        printer.text(repr(self))

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.client.settings

    @property
    def tenant(self) -> str:
        """The name of the tenant."""
        return self.client.tenant_of(self.identity)

    def permits(self, body: Any) -> bool:
        """Whether a body may be sent: [safety] permits the companies that it names."""
        return permits_companies(self.companies, body)

    @property
    def custom_ids(self) -> bool:
        """Whether create accepts ids of several characters."""
        return self.capabilities.custom_ids

    def delete(self, id: str, body: Any = ABSENT, **request: Any) -> Exchange:
        """`DELETE …/customers/{customerNumber}`; takes the customer out of the final check unless it is rejected.

        A 404 is no rejection: another thread may have deleted the customer.
        """
        # Before the request, because a deletion without a response may have been executed.
        confirmed = self.known.confirmed.pop(id, None)
        response = super().delete(id, body, **request)
        if response.status >= 300 and response.status not in (404, 410) and confirmed is not None:
            self.known.confirmed[id] = confirmed
        return response

    def perform(self, operation: oracle.Operation, **request: Any) -> Exchange:
        """An operation of the oracle."""
        match operation:
            case oracle.Get(customer_id, expand):
                return self.get(customer_id, ",".join(sorted(expand)) or None, **request)
            case oracle.Delete(customer_id):
                return self.delete(customer_id, **request)
            case oracle.Create(body=body) | oracle.Upsert(body=body) | oracle.Patch(body=body):
                return self.write(operation.name, getattr(operation, "id", None), dict(body or {}), **request)

    def send(self, method: str, path: str | bytes, *, operation: str, **request: Any) -> Exchange:
        """Any request below the API URL."""
        request.setdefault("identity", self.identity)
        return self._pass_on(self.client.send(method, path, operation=operation, **request))

    def send_case(self, arguments: Mapping[str, Any], operation: str) -> Exchange:
        """The request of a case of Schemathesis."""
        return self._pass_on(self.client.send_case(arguments, operation, identity=self.identity))

    def request_token(self, form: Mapping[str, str]) -> Exchange:
        """`POST` to the token endpoint."""
        return self._pass_on(self.client.request_token(form))

    def _pass_on(self, exchange: Exchange) -> Exchange:
        self.received(exchange)
        return exchange


def customers_with(response: Exchange, ids: Iterable[str]) -> list[dict[str, Any]]:
    """The customers of a result that have one of the ids, in the order of the result."""
    wanted = set(ids)
    return [each for each in response.customers if each.get("id") in wanted]
