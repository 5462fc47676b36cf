"""Prepares requests with the headers and parameters that every request of a run has."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from client.config.settings import Settings
from client.errors import GuardError
from client.exchange import ABSENT, SET_BY_CLIENT, Absent
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

    def identity_for(self, tenant: str) -> str:
        """The identity that may read and delete in this tenant."""
        return "other" if tenant == self.settings.other_tenant else "client"

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
            "Emporix-Tenant": (tenant if _HEADER_SAFE.fullmatch(tenant) else self.tenant_of(identity)),
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

    def case(self, kwargs: Mapping[str, Any], *, operation: str, identity: str) -> PreparedRequest:
        """The request of these keywords in the manner of requests, which Schemathesis passes to a transport.

        They are method, url, headers, params, json, data, files and cookies. GuardError where the URL is not below the
        API URL.
        """
        url, api_url = str(kwargs["url"]), self.settings.api_url
        if not url.startswith(f"{api_url}/"):
            raise GuardError(f"{url} was not sent: it is not below {api_url}; give the cases that base URL.")
        path, query = split_path(url[len(api_url) :])
        params = {name: value for name, value in (kwargs.get("params") or {}).items() if value is not None}
        body, headers = _case_body(kwargs)
        for name, value in (kwargs.get("headers") or {}).items():
            if name.lower() == "content-type":
                headers.pop("Content-Type", None)
            if name.lower() not in SET_BY_CLIENT | {"authorization"}:
                headers[str(name)] = str(value)
        if cookies := kwargs.get("cookies"):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return self.prepare(
            str(kwargs["method"]),
            path,
            "&".join(part for part in (query, encoded_query(params)) if part),
            headers=headers,
            body=body,
            operation=operation,
            identity=identity,
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


def _case_body(kwargs: Mapping[str, Any]) -> tuple[bytes | None, dict[str, str]]:
    """The body of a case, and the header Content-Type that follows from its form."""
    data, files = kwargs.get("data"), kwargs.get("files")
    if "json" in kwargs:
        return json.dumps(kwargs["json"]).encode("ascii"), {"Content-Type": "application/json"}
    if files:
        request = httpx.Request("POST", "http://localhost", data=data, files=files)
        return request.read(), {"Content-Type": request.headers["Content-Type"]}
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if data is None or isinstance(data, bytes):
        return data, {}
    return encoded_query(data).encode("ascii"), {"Content-Type": "application/x-www-form-urlencoded"}
