"""The seven operations by name, with their parameters as arguments."""

from abc import ABC, abstractmethod
from typing import Any

from client.exchange import ABSENT, Exchange
from client.transport.paths import segment


class Operations(ABC):
    """Typed helpers over `send`; further keywords (identity, params, headers, authorization, ...) go to it.

    `tenant` is the identity's own unless given. A parameter that is None is not sent.
    """

    @abstractmethod
    def home(self, identity: str) -> str:
        """The tenant that an identity belongs to."""

    @abstractmethod
    def send(self, *request: Any, **rest: Any) -> Exchange:
        """Send a request and record the exchange."""

    def path(self, *segments: str, tenant: str) -> str:
        """The path of the collection, or of what lies below it, each segment percent-encoded."""
        return "/".join([f"/customer/{segment(tenant)}/customers", *(segment(part) for part in segments)])

    def create(self, body: Any = ABSENT, *, tenant: str | None = None, **rest: Any) -> Exchange:
        """`POST …/customers`."""
        return self._call("POST", (), "create", tenant, json=body, **rest)

    def get(self, id: str, expand: str | None = None, *, tenant: str | None = None, **rest: Any) -> Exchange:
        """`GET …/customers/{customerNumber}`."""
        return self._call("GET", (id,), "get", tenant, expand=expand, **rest)

    def list(
        self,
        q: str | None = None,
        sort: str | None = None,
        page_number: int | str | None = None,
        page_size: int | str | None = None,
        expand: str | None = None,
        *,
        tenant: str | None = None,
        **rest: Any,
    ) -> Exchange:
        """`GET …/customers`."""
        page = {"pageNumber": page_number, "pageSize": page_size}
        return self._call("GET", (), "list", tenant, q=q, sort=sort, **page, expand=expand, **rest)

    def search(
        self,
        body: Any = ABSENT,
        sort: str | None = None,
        page_number: int | str | None = None,
        page_size: int | str | None = None,
        expand: str | None = None,
        *,
        tenant: str | None = None,
        **rest: Any,
    ) -> Exchange:
        """`POST …/customers/search`."""
        page = {"pageNumber": page_number, "pageSize": page_size}
        return self._call(
            "POST", ("search",), "search", tenant, json=body, sort=sort, **page, expand=expand, **rest
        )

    def upsert(self, id: str, body: Any = ABSENT, *, tenant: str | None = None, **rest: Any) -> Exchange:
        """`PUT …/customers/{customerNumber}`."""
        return self._call("PUT", (id,), "upsert", tenant, json=body, **rest)

    def patch(self, id: str, body: Any = ABSENT, *, tenant: str | None = None, **rest: Any) -> Exchange:
        """`PATCH …/customers/{customerNumber}`."""
        return self._call("PATCH", (id,), "patch", tenant, json=body, **rest)

    def delete(self, id: str, body: Any = ABSENT, *, tenant: str | None = None, **rest: Any) -> Exchange:
        """`DELETE …/customers/{customerNumber}`."""
        return self._call("DELETE", (id,), "delete", tenant, json=body, **rest)

    def _call(
        self,
        method: str,
        segments: tuple[str, ...],
        operation: str,
        tenant: str | None,
        /,
        *,
        params: Any = (),
        **rest: Any,
    ) -> Exchange:
        named = {name: rest.pop(name) for name in _PARAMETERS if name in rest}
        pairs = [(name, value) for name, value in named.items() if value is not None]
        pairs += params.items() if isinstance(params, dict) else params
        address = self.path(*segments, tenant=tenant or self.home(rest.get("identity", "client")))
        return self.send(method, address, operation=rest.pop("operation", operation), params=pairs, **rest)


_PARAMETERS = ("q", "sort", "pageNumber", "pageSize", "expand")
