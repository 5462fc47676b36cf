"""The operations of the customer API, with their parameters as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from client.exchange import ABSENT, Exchange
from client.transport.requests.paths import segment


class Sender(Protocol):
    """What sends the requests of a CustomerApi: a `Client`."""

    def tenant_of(self, identity: str) -> str:
        """The tenant that an identity belongs to."""

    def send(self, *request: Any, **options: Any) -> Exchange:
        """Send a request and record the exchange."""


@dataclass(frozen=True)
class CustomerApi:
    """The customer API used as one identity; each method sends one request and returns its exchange.

    Further keywords (params, headers, authorization, operation, ...) go to `Client.send`. `tenant` is the identity's
    own unless given. A parameter that is None is not sent. `defaults` are keywords of every request.
    """

    client: Sender
    identity: str = "client"
    defaults: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def as_(self, identity: str) -> Self:
        """The same API used as "client", "reader", "writer", "restricted", "other" or "anonymous"."""
        return replace(self, identity=identity)

    def path(self, *segments: str, tenant: str | None = None) -> str:
        """The path of the collection, or below it, each segment percent-encoded."""
        tenant = self.client.tenant_of(self.identity) if tenant is None else tenant
        return "/".join([f"/customer/{segment(tenant)}/customers", *(segment(part) for part in segments)])

    def create(self, body: Any = ABSENT, **request: Any) -> Exchange:
        """`POST …/customers`."""
        return self._send("POST", (), "create", json=body, **request)

    def get(self, id: str, expand: str | None = None, **request: Any) -> Exchange:
        """`GET …/customers/{customerNumber}`."""
        return self._send("GET", (id,), "get", {"expand": expand}, **request)

    def list(
        self,
        q: str | None = None,
        sort: str | None = None,
        page_number: int | str | None = None,
        page_size: int | str | None = None,
        expand: str | None = None,
        **request: Any,
    ) -> Exchange:
        """`GET …/customers`."""
        query = {"q": q, "sort": sort, "pageNumber": page_number, "pageSize": page_size, "expand": expand}
        return self._send("GET", (), "list", query, **request)

    def search(
        self,
        body: Any = ABSENT,
        sort: str | None = None,
        page_number: int | str | None = None,
        page_size: int | str | None = None,
        expand: str | None = None,
        **request: Any,
    ) -> Exchange:
        """`POST …/customers/search`; the body is `{"q": …}`."""
        query = {"sort": sort, "pageNumber": page_number, "pageSize": page_size, "expand": expand}
        return self._send("POST", ("search",), "search", query, json=body, **request)

    def query(self, operation: str, q: str | None = None, **request: Any) -> Exchange:
        """The same query by list or by search."""
        if operation == "list":
            return self.list(q, **request)
        return self.search({} if q is None else {"q": q}, **request)

    def upsert(self, id: str, body: Any = ABSENT, **request: Any) -> Exchange:
        """`PUT …/customers/{customerNumber}`."""
        return self._send("PUT", (id,), "upsert", json=body, **request)

    def patch(self, id: str, body: Any = ABSENT, **request: Any) -> Exchange:
        """`PATCH …/customers/{customerNumber}`."""
        return self._send("PATCH", (id,), "patch", json=body, **request)

    def delete(self, id: str, body: Any = ABSENT, **request: Any) -> Exchange:
        """`DELETE …/customers/{customerNumber}`."""
        return self._send("DELETE", (id,), "delete", json=body, **request)

    def list_addresses(self, id: str, **request: Any) -> Exchange:
        """`GET …/customers/{customerNumber}/addresses`."""
        return self._send("GET", (id, "addresses"), "listAddresses", **request)

    def add_address(self, id: str, body: Any = ABSENT, **request: Any) -> Exchange:
        """`POST …/customers/{customerNumber}/addresses`."""
        return self._send("POST", (id, "addresses"), "addAddress", json=body, **request)

    def remove_address(self, id: str, address_id: str, **request: Any) -> Exchange:
        """`DELETE …/customers/{customerNumber}/addresses/{addressId}`."""
        return self._send("DELETE", (id, "addresses", address_id), "removeAddress", **request)

    def write(self, operation: str, id: str | None, body: Any = ABSENT, **request: Any) -> Exchange:
        """The same body by create, upsert or patch; create does not use the id."""
        if operation == "create":
            return self.create(body, **request)
        if id is None:
            raise TypeError(f"{operation} needs the id of a customer")
        return self.upsert(id, body, **request) if operation == "upsert" else self.patch(id, body, **request)

    def send(self, method: str, path: str | bytes, *, operation: str, **request: Any) -> Exchange:
        """Any request at all, below the API URL."""
        return self.client.send(method, path, operation=operation, identity=self.identity, **request)

    def _send(
        self,
        method: str,
        segments: tuple[str, ...],
        name: str,
        query: dict[str, Any] | None = None,
        *,
        params: Any = (),
        **request: Any,
    ) -> Exchange:
        pairs = [(key, value) for key, value in (query or {}).items() if value is not None]
        pairs += params.items() if isinstance(params, dict) else params
        options = {"operation": name, **self.defaults, **request}
        path = self.path(*segments, tenant=options.pop("tenant", None))
        return self.send(method, path, params=pairs, **options)
