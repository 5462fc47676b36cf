"""Prepares requests with the headers and parameters that every request of a run has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from client.config.settings import Settings
from client.exchange import ABSENT, Absent
from client.transport.body import ACCEPTED_CODINGS
from client.transport.requests.paths import parse, segment
from client.transport.requests.prepared_request import (
    PreparedRequest,
    Retries,
    encoded_query,
    split_path,
    split_url,
    without_notifications,
)

_HEADER_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]+")


@dataclass(frozen=True)
class RequestBuilder:
    """Knows the tenants and the user agent of a run."""

    settings: Settings
    user_agent: str

    def tenant_of(self, identity: str) -> str:
        """The tenant that an identity belongs to."""
        other = self.settings.other_tenant
        return other if identity == "other" and other is not None else self.settings.tenant

    def prepare(
        self,
        method: str,
        path: str,
        query: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        operation: str,
        identity: str,
        authorization: str | Absent | None = ABSENT,
        retries: Retries = "if_idempotent",
    ) -> PreparedRequest:
        """A request below the API URL; `headers` replace the default ones.

        Emporix-Tenant names the tenant of the path, else that of the identity. No e-mail is provoked unless the
        query names the parameter.
        """
        given = {name.lower() for name in headers}
        tenant = parse(path).tenant
        defaults = {
            "User-Agent": self.user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_CODINGS,
            "Emporix-Tenant": (
                tenant if tenant and _HEADER_SAFE.fullmatch(tenant) else self.tenant_of(identity)
            ),
        }
        return PreparedRequest(
            method=method,
            base=self.settings.api_url,
            path=path,
            query=without_notifications(method, path, query),
            headers={**{n: v for n, v in defaults.items() if n.lower() not in given}, **headers},
            body=body,
            operation=operation,
            identity=identity,
            authorization=authorization,
            retries=retries,
        )

    def look(
        self,
        id: str | None = None,
        *,
        method: str = "GET",
        identity: str = "client",
        authorization: str | Absent = ABSENT,
    ) -> PreparedRequest:
        """A read for the suite's own purposes: one customer, or (without an id) a page of one by list or search."""
        path = f"/customer/{self.tenant_of(identity)}/customers"
        if method == "POST":
            path += "/search"
        return self.prepare(
            method,
            path if id is None else f"{path}/{segment(id)}",
            "pageNumber=1&pageSize=1" if id is None else "",
            headers={} if method == "GET" else {"Content-Type": "application/json"},
            body=None if method == "GET" else b"{}",
            operation="look",
            identity=identity,
            authorization=authorization,
        )

    def token(self, form: Mapping[str, str]) -> PreparedRequest:
        """A request to the token URL with these form fields; it may be repeated whatever happened to it."""
        origin, path = split_url(self.settings.token_url)
        target, query = split_path(path or "/")
        return PreparedRequest(
            method="POST",
            base=origin,
            path=target,
            query=query,
            headers={
                "User-Agent": self.user_agent,
                "Accept": "application/json",
                "Accept-Encoding": ACCEPTED_CODINGS,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=encoded_query(form).encode("ascii"),
            operation="token",
            identity="anonymous",
            authorization=None,
            retries="always",
        )
